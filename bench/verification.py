"""Full verification against plain reading, hashing and decoding of the same bytes.

*Full* is what `consortium-ledger verify DIR` does, its progress bar included: signature, every bundle and tile, the
root, the canonical form of every entry, the replay and every invariant.

*Plain* reads the same bundles, takes them apart, hashes each entry as a leaf, and decodes it into the product's own
typed entry (`read_entry`), which is thrown away. Both are timed by the processor's clock. To see what a reader without
our types would do, `json.loads` in its place is measured as well; no bound is set on that.
"""

from __future__ import annotations

import json
import sys
from time import process_time
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.progress import Progress

from api.audit.sources import FolderSource
from api.audit.trust import Trust
from api.audit.verification import verify_log
from bench.histories import rows
from bench.measuring import Measured, Ratio, best_of
from bench.places import folder, write_log
from domain.ledger.entry import read_entry, topic_of
from domain.transparency.bundle import bundles
from domain.transparency.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from domain.transparency.keys import SignerKey

CONSORTIUM: Final = "hajnowka-odnowa"
BOUND: Final = 3.0
PASSES: Final = 3
"""So that both take about as long: of a machine whose speed wanders short work meets better moments than long work."""


def measure(entries: int, rounds: int) -> Measured:
    with folder() as root:
        signer = write_log(root, CONSORTIUM, [row.state for row in rows(CONSORTIUM, entries)])
        plain, untyped = f"read, hash, decode, {PASSES} times", "read, hash, json.loads"
        full = "full verification with replay"
        found = best_of(
            rounds,
            {
                plain: lambda: decode(root, entries, lambda entry: read_entry(topic_of(entry), entry), PASSES),
                full: lambda: verify(root, signer),
                untyped: lambda: decode(root, entries, json.loads),
            },
            process_time,
        )
    once = found[plain] / PASSES
    ratio = Ratio("full verification / plain reading, hashing, decoding", found[full] / once, "at most", BOUND)
    figures = {f"processor seconds: {name}": seconds for name, seconds in found.items()}
    return Measured("verification", entries, {**figures, "full / json.loads": found[full] / found[untyped]}, (ratio,))


def decode(root: Path, size: int, decoded: Callable[[bytes], object], times: int = 1) -> None:
    for _ in range(times):
        for entry in _entries(root, size):
            leaf_hash(entry)
            decoded(entry)


def _entries(root: Path, size: int) -> Iterator[bytes]:
    for bundle in bundles(size):
        yield from bundle.split((root / bundle.path).read_bytes())


def verify(root: Path, signer: SignerKey) -> None:
    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task("entries", total=None)

        def advance(done: int, size: int) -> None:
            if done % 256 == 0 or done == size:
                progress.update(task, completed=done, total=size)

        verified, faults = verify_log(FolderSource(root), Trust.given([signer.verifier], None), {}, advance)
    if verified is None:
        sys.exit(f"the history does not hold: {faults[0]}")
