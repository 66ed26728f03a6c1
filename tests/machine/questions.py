"""The same question to both: what holds on a day, as known at an instant."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.machine.chance import Chance
    from tests.machine.life import Life

Answer = dict[str, Any]
Due = tuple[str, tuple[str, ...], str | None]

SHARED_KINDS = {
    "sprawozdanie końcowe": 1,
    "sprawozdanie częściowe": 1,
    "zalecenie": 1,
    "zwrot zasobu": 1,
    "zwrot": 1,
    "rozliczenie": 2,
}
"""Obligations that both name, each in a sentence of its own: how it begins, and how many ids both have in it."""
ID = re.compile(r"\b(?:P|M|R-|RES-)\d+\b")


def ask(life: Life, valid_on: date, known_at: datetime) -> None:
    expected, answer = life.oracle.state(valid_on, known_at), life.product.state(valid_on, known_at)
    due, expected_due = (shared_obligations(each.pop("obligations")) for each in (answer, expected))
    for package_id, said in expected["execution"].items():
        execution = answer["execution"][package_id]
        answer["execution"][package_id] = {key: execution[key] for key in said}
    when = f"on {valid_on}, as known at {known_at}"
    for question, said in expected.items():
        assert answer[question] == said, f"{question} {when}: {answer[question]} is not {said}"
    assert due == expected_due, f"obligations {when}: {due} is not {expected_due}"


def draw(life: Life, chance: Chance) -> tuple[date, datetime]:
    """Draw a day near those on which something changed, and an instant: now, some earlier one, or before all."""
    days = [life.today, *(posting["on"] for posting in life.book.postings[-6:])]
    days += [fact["valid_to"] for fact in list(life.book.allocations.values())[-3:]]
    days += [fact["joined_on"] for fact in life.book.members.values()]
    instants = [recorded_at for recorded_at, _ in life.product.history]
    before, after = instants[0] - timedelta(seconds=1), instants[-1] + timedelta(days=1)
    return chance.day_near(*days), chance.one((instants[-1], chance.one(instants), chance.one(instants), after, before))


def ask_at_the_end(life: Life) -> None:
    """Ask about every day on which money, tasks or members changed, as it was known at the end."""
    days = {life.today, *(posting["on"] for posting in life.book.postings)}
    days |= {fact["valid_to"] for fact in life.book.allocations.values()}
    days |= {fact["joined_on"] for fact in life.book.members.values()}
    for valid_on in sorted(days)[-LAST_DAYS:]:
        ask(life, valid_on, life.product.history[-1][0])


LAST_DAYS = 12


def shared_obligations(obligations: list[Answer]) -> set[Due]:
    found = set()
    for one in obligations:
        kind = next((kind for kind in SHARED_KINDS if one["what"].startswith(kind)), None)
        if kind is not None:
            found.add((kind, tuple(ID.findall(one["what"])[: SHARED_KINDS[kind]]), one["due_on"]))
    return found
