"""Given a history, when somebody gives a command, then these facts follow, or it is refused.

A history is never written down as a state: it is made of real commands, decided one after another and folded. The
clock and the actor are handed in. It reads like this::

    given(founded(members=5), meeting_opened()).when(ProposeResolution(...)).then(DraftSubmitted)
    given(founded(members=5)).when(OpenMeeting(...)).then_refused("no-seat-on-date", place="/data/presiding")

A command that nobody is named for is given by whoever usually gives it, effective on the day of the clock.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, TypeVar

from domain.catalogue import COMMANDS
from domain.consortium import Consortium, evolve, replay
from domain.decide import decide
from domain.decider import Actor, Entry, Fact, Given
from domain.errors import Refusal
from domain.refusals import sentence
from domain.requests import read_command
from domain.values import WARSAW, day_of

if TYPE_CHECKING:
    from domain.decider import Command

F = TypeVar("F", bound=Fact)

CONSORTIUM = "konsorcjum-probne"
FOUNDED = date(2019, 1, 14)
SECRETARY = Actor(role="board_secretary", id="sek-1")
CHAIR = Actor(role="board_chair", id="prz-1")
OFFICE = Actor(role="administration", id="adm-1")
LEADER = Actor(role="leader", id="M1")
CITY = Actor(role="city", id="um-1")
AUDITOR = Actor(role="city_auditor", id="ka-1")
USUAL = (SECRETARY, OFFICE, LEADER, CITY, AUDITOR)
"""Whoever of these may give a command first gives it, unless a test names another."""


def member(member_id: str) -> Actor:
    return Actor(role="member", id=member_id)


def noon(day: date) -> datetime:
    return datetime.combine(day, time(12), WARSAW).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Story:
    """A history, the consortium that it made, and the moment at which it goes on."""

    consortium: Consortium
    clock: datetime
    entries: tuple[Entry, ...] = ()

    @property
    def today(self) -> date:
        return day_of(self.clock)

    def when(
        self, command: Command, *, by: Actor | None = None, under: str | None = None, on: date | None = None
    ) -> Decision:
        """Give a command a minute later; `on` is the day from which it holds."""
        later = replace(self, clock=self.clock + timedelta(minutes=1))
        asked = Given(as_read(command), by or usual_actor(command), on or later.today, later.clock, under)
        try:
            facts = decide(self.consortium, asked)
        except Refusal as refusal:
            return Decision(asked, later, (), refusal)
        return Decision(asked, later.after(asked, facts), facts, None)

    def after(self, asked: Given[Command], facts: tuple[Fact, ...]) -> Story:
        """Go on from the facts as they come back from the store, which must lead where the decided ones lead."""
        consortium, entries = self.consortium, self.entries
        for fact in facts:
            entry = Entry(
                consortium_id=CONSORTIUM,
                version=consortium.version + 1,
                event_id=f"event-{consortium.version + 1}",
                command_id=f"command-{self.clock.isoformat()}",
                recorded_at=self.clock,
                effective_on=asked.effective_on,
                actor=asked.actor,
                under=asked.under,
                fact=as_stored(fact),
            )
            decided = evolve(consortium, replace(entry, fact=fact))
            consortium, entries = evolve(consortium, entry), (*entries, entry)
            assert consortium == decided
        return replace(self, consortium=consortium, entries=entries)

    def go_on(self, *steps: Step) -> Story:
        story = self
        for step in steps:
            story = step(story)
        return story

    def as_known_at(self, moment: datetime) -> Consortium:
        return replay(CONSORTIUM, (entry for entry in self.entries if entry.recorded_at <= moment))


Step = Callable[[Story], Story]


@dataclass(frozen=True, slots=True)
class Decision:
    """What became of a command."""

    asked: Given[Command]
    story: Story
    facts: tuple[Fact, ...]
    refusal: Refusal | None

    def then(self, *expected: Fact | type[Fact]) -> Story:
        """Expect exactly these facts in this order; a kind stands for any fact of it."""
        assert self.refusal is None, f"refused: {self.refusal}"
        shown = [
            type(fact) if isinstance(want, type) else fact for fact, want in zip(self.facts, expected, strict=False)
        ]
        assert (shown, len(self.facts)) == ([*expected], len(expected)), self.facts
        return self.story

    def then_fact(self, kind: type[F], **fields: object) -> Story:
        """Expect a fact of this kind that says so."""
        assert self.refusal is None, f"refused: {self.refusal}"
        fact = next(fact for fact in self.facts if isinstance(fact, kind))
        assert {name: getattr(fact, name) for name in fields} == fields
        return self.story

    def then_refused(self, code: str, place: str | None = None, **fields: object) -> Story:
        """Expect this refusal, at this place of the request; its sentence must render in both languages."""
        refusal = self.refusal
        assert refusal is not None, f"accepted: {self.facts}"
        assert (refusal.code, refusal.place) == (code, place), str(refusal)
        assert {name: refusal.fields.get(name) for name in fields} == fields
        assert place is None or leads_somewhere(place, self.asked), f"no such place: {place}"
        for said in (sentence(refusal, "pl"), sentence(refusal, "en")):
            assert said.endswith(".")
        return self.story


def as_stored(fact: Fact) -> Fact:
    """Send a fact through JSON with its keys in order, as it comes back from the store."""
    written = json.dumps(fact.model_dump(mode="json"), sort_keys=True)
    return type(fact).model_validate(json.loads(written))


def leads_somewhere(place: str, asked: Given[Command]) -> bool:
    """Tell whether a JSON pointer stays inside the request; its last step may name what is missing."""
    document: object = {"actor": asked.actor.model_dump(), "data": asked.command.model_dump(mode="json")}
    for step in place.split("/")[1:-1]:
        if isinstance(document, list):
            document = document[int(step)] if step.isdigit() and int(step) < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return isinstance(document, dict | list)


def as_read(command: Command) -> Command:
    """Send a command through the reading of requests: what a test can say, a request can say too."""
    read = read_command(type(command).__name__, command.model_dump(mode="json"))
    assert read == command
    return read


def usual_actor(command: Command) -> Actor:
    rule = COMMANDS[type(command).__name__]
    usual = next((actor for actor in USUAL if actor.role in rule.roles), None)
    return usual or member(str(getattr(command, rule.own["member"])))


def given(*steps: Step) -> Story:
    return Story(Consortium(CONSORTIUM), noon(FOUNDED)).go_on(*steps)


def did(command: Command, *, by: Actor | None = None, under: str | None = None, on: date | None = None) -> Step:
    """Make an accepted command part of the history."""

    def step(story: Story) -> Story:
        decision = story.when(command, by=by, under=under, on=on)
        assert decision.refusal is None, f"refused: {decision.refusal}"
        return decision.story

    return step


def later(year: int, month: int, day: int) -> Step:
    """Let time pass until noon of a day."""

    def step(story: Story) -> Story:
        moment = noon(date(year, month, day))
        assert moment > story.clock
        return replace(story, clock=moment)

    return step
