"""The same question to both: what holds on a day, as known at an instant."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.machine.life import Life

Answer = dict[str, Any]

SHARED_KINDS = ("sprawozdanie końcowe", "sprawozdanie częściowe", "zalecenie", "zwrot zasobu")
"""Obligations that both name, each by a sentence of its own that begins so."""


def ask(life: Life) -> None:
    """Ask about a day near those on which something changed, as known now or after some earlier command."""
    days = [life.today, *(posting["on"] for posting in life.book.postings[-6:])]
    days += [fact["valid_to"] for fact in list(life.book.allocations.values())[-3:]]
    days += [fact["joined_on"] for fact in life.book.members.values()]
    valid_on = life.chance.day_near(*days)
    instants = [recorded_at for recorded_at, _ in life.product.history]
    known_at = life.chance.one((instants[-1], life.chance.one(instants), instants[-1] + timedelta(days=1)))
    expected, answer = life.oracle.state(valid_on, known_at), life.product.state(valid_on, known_at)
    due, expected_due = (shared_obligations(each.pop("obligations")) for each in (answer, expected))
    for package_id, said in expected["execution"].items():
        execution = answer["execution"][package_id]
        answer["execution"][package_id] = {key: execution[key] for key in said}
    for question, said in expected.items():
        assert answer[question] == said, (
            f"{question}: {answer[question]} is not {said} on {valid_on}, as known at {known_at}"
        )
    assert due == expected_due, f"{due} is not {expected_due} on {valid_on}, as known at {known_at}"


def shared_obligations(obligations: list[Answer]) -> Counter[tuple[str, str]]:
    kinds = ((next((kind for kind in SHARED_KINDS if one["what"].startswith(kind)), None), one) for one in obligations)
    return Counter((kind, one["due_on"]) for kind, one in kinds if kind is not None)
