"""The whole description, and its file."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Final

from api.openapi.commands import command_paths, command_schemas
from api.openapi.others import other_paths
from api.openapi.parts import SCHEMAS, Json
from api.openapi.program import program_paths
from api.openapi.queries import query_paths, table_schemas
from api.openapi.sharing import share
from api.openapi.tags import TAGS
from projections.questions import QUESTIONS

FILE: Final = "openapi.json"

ABOUT: Final = """
Rejestr tego, co konsorcjum postanawia. Każda decyzja jest wpisem, którego nikt nie zmieni; pytać można na dwa zegary:
co obowiązuje w dniu (`valid_on`), jak było wiadomo w chwili (`known_at`).

A ledger of what a consortium decides. Every decision is an entry that is never changed; questions can be asked for two
clocks: what holds on a day (`valid_on`), as known at an instant (`known_at`).

A command needs an `Idempotency-Key`; given again, the first answer comes back. Errors are problems (RFC 9457) in Polish
or English. Amounts are whole grosze in commands and entries (`*_gr`), and decimal złoty in answers meant for people.
The transparency logs below `/tlog/` follow C2SP tlog-tiles and need no account.
""".strip()


def document() -> Json:
    """Make the description."""
    paths = {**query_paths(), **other_paths(), **program_paths()}
    for path, operations in command_paths().items():
        paths[path] = {**paths.get(path, {}), **operations}
    shared, components = share(dict(sorted(paths.items())))
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "consortium-ledger",
            "version": "1",
            "description": ABOUT,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": "/", "description": "The one that serves this description."}],
        "tags": [{"name": name, "description": TAGS.get(name, name)} for name in _tags(paths)],
        "paths": shared,
        "components": {"schemas": {**SCHEMAS, **command_schemas(), **table_schemas()}, **components},
    }


def _tags(paths: Json) -> list[str]:
    """Return the tags in use: questions first, then commands by their nouns, then the rest in order of addresses."""
    used = [operation["tags"][0] for of_path in paths.values() for operation in of_path.values()]
    return list(dict.fromkeys([*QUESTIONS, *sorted(set(used) - TAGS.keys()), *(tag for tag in TAGS if tag in used)]))


def written() -> str:
    """Write the description down."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def stored() -> bytes:
    """Return the description as it is served."""
    return (files(__package__ or "") / FILE).read_bytes()
