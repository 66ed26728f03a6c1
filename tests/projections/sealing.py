"""Seals what every table says of two histories, by its revision: `python -m tests.projections.sealing`.

Whoever changes what a table says of the same history raises its `revision`, or tables made before would stay as they
are; a seal is only ever put in the place of one of an earlier revision.
"""

from __future__ import annotations

import json
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from projections.questions import TABLES
from tests.decisions.whole_life import lived
from tests.projections.tables import Told, register

if TYPE_CHECKING:
    from projections.bitemporal.table import Table

FILE = Path(__file__).with_name("sealed.json")

Seal = dict[str, Any]
"""A revision, and the digest of what is said at it."""


def seal(table: Table) -> Seal:
    """Digest every row of the scenario and of a life of every command, with the versions at which it was known."""
    digest = sha256()
    for entries in (register(), lived()[-1].story.entries):
        for line in sorted(map(repr, Told(table, entries, batch=50).rows)):
            digest.update(f"{line}\n".encode())
    return {"revision": table.revision, "digest": digest.hexdigest()}


def sealed() -> dict[str, Seal]:
    """Return the seals that are kept."""
    seals: dict[str, Seal] = json.loads(FILE.read_text(encoding="utf-8"))
    return seals


def renewed(kept: dict[str, Seal]) -> dict[str, Seal]:
    """Return the seals that may take the place of those kept: of new tables, and of later revisions."""
    made = {table.name: seal(table) for table in TABLES}
    return {
        name: one if name not in kept or one["revision"] > kept[name]["revision"] else kept[name]
        for name, one in made.items()
    }


if __name__ == "__main__":
    # The first time, and while nothing was released, all of them: `python -m tests.projections.sealing all`.
    before = sealed() if sys.argv[1:] != ["all"] else {}
    FILE.write_text(json.dumps(renewed(before), indent=1) + "\n", encoding="utf-8")
