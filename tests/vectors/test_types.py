"""What has the canonical form and yet lies outside the profile is no entry: its types refuse it, at every place.

The replay of a log rests on this: it looks at the form of bytes, and leaves names, fractions and depth to the types.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from api.audit.replay import OF_FREE_FORM, broken_rule
from domain.catalogue import FACTS
from domain.ledger.canonical import MAX_DEPTH, has_canonical_form, is_canonical
from domain.ledger.entry import read_entry
from domain.ledger.faults import BrokenEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

ENTRIES = Path(__file__).parent / "entries"
VECTORS = sorted(ENTRIES.glob("*.json"))
DEEP: list[Any] = []
for _ in range(MAX_DEPTH):
    DEEP = [DEEP]
STRANGE = ["Nazwa zupełnie inna", "", "_", "ż", " name"]


def spoiled(value: object) -> Iterator[Any]:
    """Make copies with one place put outside the profile."""
    if isinstance(value, dict):
        yield from ({**value, name: item} for name in STRANGE for item in (1, "for", None))
        yield from ({**value, name: worse} for name, item in value.items() for worse in spoiled(item))
    elif isinstance(value, list):
        yield from ([*value[:at], worse, *value[at + 1 :]] for at, item in enumerate(value) for worse in spoiled(item))
        yield from ([*value, worse] for worse in (0.5, DEEP))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from (value + 0.5, float(value))
    yield from (0.5, 1.0, DEEP, {"a": DEEP})


TYPED = [vector for vector in VECTORS if FACTS[vector.stem] not in OF_FREE_FORM]


@pytest.mark.parametrize("vector", TYPED, ids=lambda vector: vector.stem)
def test_types_refuse_what_the_form_alone_lets_pass(vector: Path) -> None:
    for worse in spoiled(orjson.loads(vector.read_bytes())):
        written = orjson.dumps(worse, option=orjson.OPT_SORT_KEYS)
        assert has_canonical_form(written)
        assert not is_canonical(written)
        with pytest.raises(BrokenEntry):
            read_entry(vector.stem, written)


@pytest.mark.parametrize("name", [fact.topic for fact in OF_FREE_FORM])
def test_a_document_of_free_form_is_judged_by_itself(name: str) -> None:
    entry = orjson.loads((ENTRIES / f"{name}.json").read_bytes())
    for worse in spoiled(entry["data"]["statute"]):
        written = orjson.dumps({**entry, "data": {**entry["data"], "statute": worse}}, option=orjson.OPT_SORT_KEYS)
        broken = broken_rule("ledger.example/tlog/x", [(0, [written])])
        assert any(reason in str(broken) for reason in ("not canonical", "is no fact"))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("recorded_at", "2019-01-14T15:05:00Z"),
        ("recorded_at", "2019-01-14T15:05:00.000000+00:00"),
        ("recorded_at", "2019-01-14T16:05:00.000000+01:00"),
        ("recorded_at", "2019-01-14 15:05:00.000000Z"),
        ("recorded_at", 1547478300),
        ("effective_on", "20190114"),
        ("effective_on", "2019-01-14T00:00:00Z"),
        ("effective_on", 1547424000),
        ("version", "1"),
        ("version", True),
    ],
)
def test_what_could_be_read_two_ways_is_no_entry(name: str, value: object) -> None:
    entry = orjson.loads((ENTRIES / "resolution.adopted.v1.json").read_bytes())
    with pytest.raises(BrokenEntry):
        read_entry("resolution.adopted.v1", orjson.dumps({**entry, name: value}, option=orjson.OPT_SORT_KEYS))


@pytest.mark.parametrize("value", [1, 0, "true", "yes"])
def test_a_flag_is_true_or_false(value: object) -> None:
    entry = orjson.loads((ENTRIES / "resolution.adopted.v1.json").read_bytes())
    spoiled = {**entry, "data": {**entry["data"], "tie_break_used": value}}
    with pytest.raises(BrokenEntry):
        read_entry("resolution.adopted.v1", orjson.dumps(spoiled, option=orjson.OPT_SORT_KEYS))
