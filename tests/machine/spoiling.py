"""One thing made wrong in a command: a role, an id, a day too late, a grosz too much."""

from __future__ import annotations

import copy
import re
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tests.oracle.book import known_ids

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.machine.chance import Chance
    from tests.oracle.book import Book

Line = dict[str, Any]
Place = tuple[Any, ...]

ROLES = ("board_secretary", "board_chair", "leader", "administration", "member", "applicant", "city", "city_auditor")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
NOUN_OF_PREFIX = {
    "M": "member",
    "del-M": "delegate",
    "APP-": "application",
    "DR-": "resolution",
    "RZ-": "forum",
    "OB-": "forum",
    "P": "package",
    "T": "task",
    "A": "allocation",
    "L": "line",
    "PLB-": "plebiscite",
    "KON-": "consultation",
    "RES-": "resource",
    "MEN-": "pair",
    "F-": "finding",
    "R-": "recommendation",
}
ID = re.compile(rf"({'|'.join(NOUN_OF_PREFIX)})\d+")
WORDS = (
    ("for", "against", "abstain"),
    ("open", "secret"),
    ("lead", "partner"),
    ("small", "large"),
    ("city_grant", "project_funds", "own_financial", "own_personal"),
    ("completed", "no_quorum", "adjourned"),
    ("withdrawal", "exclusion"),
    ("on_site", "remote"),
    ("valid_from", "valid_to"),
    ("title", "legal_basis", "number"),
)


def spoiled(line: Line, chance: Chance, book: Book) -> Line:
    """Change one thing; rarely two."""
    for _ in range(2 if chance.once_in(6) else 1):
        line = chance.one(SPOILERS)(line, chance, book)
    return line


def _other_role(line: Line, chance: Chance, book: Book) -> Line:
    role = chance.one(ROLES)
    ids = [line["actor"]["id"], *(known_ids(book, "member") if role == "member" else ())]
    return {**line, "actor": {"role": role, "id": chance.one(sorted(ids))}}


def _other_ground(line: Line, chance: Chance, book: Book) -> Line:
    return {**line, "under": chance.one((None, "DR-99", *sorted(book.drafts)))}


def _other_day(line: Line, chance: Chance, _book: Book) -> Line:
    return {**line, "effective_on": _shifted(line["effective_on"], chance)}


def _shifted(day: str, chance: Chance) -> str:
    return (date.fromisoformat(day) + timedelta(days=chance.one((1, -1, 31, -31, 400, -400)))).isoformat()


def _other_leaf(line: Line, chance: Chance, book: Book) -> Line:
    places = list(_leaves(line["data"]))
    if not places:
        return line
    *way, last = chance.one(places)
    data = copy.deepcopy(line["data"])
    at: Any = data
    for step in way:
        at = at[step]
    if isinstance(last, str) and last.startswith("key:"):
        key = last.removeprefix("key:")
        at[_other_value(key, chance, book)] = at.pop(key)
    else:
        at[last] = _other_value(at[last], chance, book)
    return {**line, "data": data}


def _leaves(value: Any, way: Place = ()) -> Iterator[Place]:  # noqa: ANN401 - any JSON value
    """Walk the places of all values that are no containers, and of ids that are keys."""
    if isinstance(value, dict):
        for key, item in value.items():
            if ID.fullmatch(key):
                yield (*way, f"key:{key}")
            yield from _leaves(item, (*way, key))
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from _leaves(item, (*way, place))
    else:
        yield way


def _other_value(value: Any, chance: Chance, book: Book) -> Any:  # noqa: ANN401 - a JSON value of any kind, each with its own answer
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return chance.one((value + 1, value - 1, value * 2, 0))
    if not isinstance(value, str):
        return value
    if DAY.fullmatch(value):
        return _shifted(value, chance)
    if ID.fullmatch(value):
        prefix = value.rstrip("0123456789")
        return chance.one((f"{prefix}99", *sorted(known_ids(book, NOUN_OF_PREFIX[prefix]))))
    words = next((words for words in WORDS if value in words), (value,))
    return chance.one(words)


def _missing(line: Line, chance: Chance, _book: Book) -> Line:
    """Leave a field out, or say that it is nothing; some may be."""
    if not line["data"]:
        return line
    name = chance.one(line["data"])
    rest = {key: value for key, value in line["data"].items() if key != name}
    return {**line, "data": rest if chance.once_in(2) else {**rest, name: None}}


def _too_much(line: Line, chance: Chance, _book: Book) -> Line:
    """Say what another kind of ballot would say, or something that no command has."""
    votes = line["data"].get("votes") or {"del-M01": "for"}
    more = ({"took_part": list(votes)}, {"counts": {"for": len(votes), "against": 0, "abstain": 0}}, {"colour": "red"})
    return {**line, "data": {**line["data"], **chance.one(more)}}


SPOILERS = (
    *(_other_leaf, _other_leaf, _other_leaf, _other_leaf, _other_role, _other_ground, _other_day),
    *(_missing, _too_much),
)
