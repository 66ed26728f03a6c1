"""Deciding a submission on a state: all steps or none, each known by its id and content, time never backwards."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace
from datetime import date, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import pytest
import rfc8785

from domain.consortium import Consortium, replay
from domain.decider import Actor
from domain.ledger.canonical import MAX_BYTES, canonical
from domain.ledger.submission import Decision, StepRefused, Submission, decide_submission
from domain.meetings.decisions import OpenMeeting
from domain.participation.decisions import OpenPlebiscite
from domain.reasons import Reason
from domain.statute.decisions import AmendStatute
from domain.values import MAX_TEXT
from tests.ledger.scenario import HAJNOWKA, NOW, documents, history, stored_bytes, submission, submissions

if TYPE_CHECKING:
    from domain.ledger.submission import Step

OTHER = "bielsk-razem"


def after(commands: int) -> Consortium:
    """Play the first commands of the scenario."""
    given = {each.steps[0].command_id for each in submissions()[:commands]}
    return replay(HAJNOWKA, [entry for entry in history() if entry.command_id in given])


def together(first: int, last: int) -> Submission:
    """Put commands of the scenario, counted from 1, into one submission."""
    parts = submissions()[first - 1 : last]
    return Submission(HAJNOWKA, tuple(step for part in parts for step in part.steps), at=parts[0].at)


def step(number: int, **changes: Any) -> Step:  # noqa: ANN401 - of whatever type the field is
    return replace(submissions()[number - 1].steps[0], **changes)


def alone(only: Step) -> Submission:
    return Submission(HAJNOWKA, (only,))


def refused(consortium: Consortium, given: Submission) -> StepRefused:
    with pytest.raises(StepRefused) as refusal:
        decide_submission(consortium, given, NOW)
    return refusal.value


def test_steps_are_decided_each_on_what_the_one_before_left() -> None:
    decision = decide_submission(Consortium(HAJNOWKA), together(1, 12), NOW)
    assert decision.consortium == replay(HAJNOWKA, decision.entries)
    versions = [
        version for outcome in decision.outcomes for version in range(outcome.first_version, outcome.last_version + 1)
    ]
    assert versions == [row.originator_version for row in decision.rows] == list(range(1, 14))


def test_a_step_that_is_refused_says_which_it_was() -> None:
    given = together(1, 5)
    given = replace(given, steps=(*given.steps, step(2, command_id=step(9).command_id)))
    refusal = refused(Consortium(HAJNOWKA), given)
    assert (refusal.code, refusal.step) == ("id-already-used", 5)


def test_nothing_asked_for_is_nothing_done() -> None:
    consortium = after(3)
    assert decide_submission(consortium, Submission(HAJNOWKA, ()), NOW) == Decision(consortium, (), (), ())


def test_an_entrys_id_follows_from_the_command_and_its_place() -> None:
    made = [entry for entry in history() if len(entries_of(entry.command_id)) > 1]
    assert made
    for entry in made:
        siblings = entries_of(entry.command_id)
        assert len({sibling.event_id for sibling in siblings}) == len(siblings)
        assert UUID(entry.event_id).version == 5


def entries_of(command_id: str) -> list[Any]:
    return [entry for entry in history() if entry.command_id == command_id]


def test_the_derivation_of_ids_never_changes() -> None:
    """Or else a command given again after an upgrade would not be recognised."""
    document = documents()[2]
    content = {
        "actor": document["actor"],
        "command": document["command"],
        "consortium_id": HAJNOWKA,
        "data": {field: value for field, value in document["data"].items() if field != "operates_units"},
        "effective_on": document["effective_on"],
        "under": document["under"],
    }
    digest = sha256(rfc8785.dumps(content)).hexdigest()
    assert history()[2].event_id == str(uuid5(UUID(step(3).command_id), f"{digest}/0"))


def test_given_again_a_command_is_recognised_and_makes_nothing() -> None:
    consortium = after(20)
    for number in range(1, 21):
        decision = decide_submission(consortium, submissions()[number - 1], NOW)
        assert (decision.entries, decision.consortium) == ((), consortium)
        assert decision.outcomes[0].replayed


def test_given_again_with_fields_left_at_their_defaults_it_is_the_same_command() -> None:
    document = next(each for each in documents() if each["command"] == "ProposeResolution")
    spelt_out = {**document, "data": {**document["data"], "application_id": None, "target_draft": None}}
    decision = decide_submission(after(document["seq"]), submission(spelt_out), NOW)
    assert decision.outcomes[0].replayed


@pytest.mark.parametrize(
    "changes",
    [
        {"actor": Actor(role="board_secretary", id="sek-2")},
        {"actor": Actor(role="administration", id="sek-1")},
        {"effective_on": date(2019, 1, 15)},
        {"under": "DR-01"},
        {"command": step(4).command},
        {"command": step(1).command},
    ],
)
def test_the_same_id_with_other_content_is_refused(changes: dict[str, object]) -> None:
    consortium = after(3)
    refusal = refused(consortium, alone(step(3, **changes)))
    assert (refusal.code, refusal.place) == ("idempotency-key-reused", "/command_id")
    assert refusal.fields == {"command_id": step(3).command_id}


def test_the_same_id_twice_in_one_submission_is_one_command() -> None:
    decision = decide_submission(after(2), Submission(HAJNOWKA, (step(3), step(3))), NOW)
    assert [outcome.replayed for outcome in decision.outcomes] == [False, True]
    assert len(decision.entries) == 1
    assert refused(after(2), Submission(HAJNOWKA, (step(3), step(4, command_id=step(3).command_id)))).step == 1


def test_an_id_counts_within_its_consortium() -> None:
    """The same id for a command to another consortium is another command, with entries of other ids."""
    first = submission(documents()[0], OTHER)
    borrowed = replace(first, steps=(replace(first.steps[0], command_id=step(1).command_id),))
    decision = decide_submission(Consortium(OTHER), borrowed, NOW)
    assert decision.entries[0].event_id != history()[0].event_id


@pytest.mark.parametrize("command_id", ["", "1", step(1).command_id.upper(), f"{{{step(1).command_id}}}"])
def test_a_command_id_is_a_uuid_in_its_usual_form(command_id: str) -> None:
    refusal = refused(Consortium(HAJNOWKA), alone(step(1, command_id=command_id)))
    assert (refusal.code, refusal.place) == ("malformed", "/command_id")


def test_a_founding_names_the_consortium_that_it_is_given_to() -> None:
    refusal = refused(Consortium(OTHER), replace(submissions()[0], consortium_id=OTHER))
    assert (refusal.code, refusal.place) == ("malformed", "/data/consortium_id")


@pytest.mark.parametrize(
    ("command", "under", "place"),
    [
        (AmendStatute(version=2, changes={"quorum": {"num": 0.5}}), None, "/data/changes/quorum/num"),
        (AmendStatute(version=2, changes={"town": "\ud800"}), None, "/data/changes/town"),
        (AmendStatute(version=2, changes={}), "DR-\x00", "/under"),
        (AmendStatute(version=2, changes={"town": "x" * MAX_BYTES}), None, ""),
    ],
)
def test_what_no_entry_could_hold_is_malformed(command: AmendStatute, under: str | None, place: str) -> None:
    refusal = refused(after(3), alone(step(3, command=command, under=under)))
    assert (refusal.code, refusal.place, refusal.step) == ("malformed", place, 0)


def test_a_command_whose_entry_would_be_too_large_is_malformed() -> None:
    """The entry says more than the command, so there are commands that fit although their entries do not."""
    consortium, opening = after(87), step(88)
    assert isinstance(opening.command, OpenPlebiscite)

    def asking(letters: int) -> Submission:
        options = tuple(f"{number:02}" * (MAX_TEXT // 2) for number in range(29))
        return alone(step(88, command=opening.command.model_copy(update={"options": (*options, "z" * letters)})))

    def too_large(letters: int) -> bool:
        try:
            decide_submission(consortium, asking(letters), NOW)
        except StepRefused:
            return True
        return False

    least = bisect_left(range(1, MAX_TEXT), 1, key=too_large) + 1
    assert len(canonical(asking(least).steps[0].command.model_dump(mode="json"))) < MAX_BYTES - 250
    assert len(decide_submission(consortium, asking(least - 1), NOW).rows[0].state) == MAX_BYTES
    refusal = refused(consortium, asking(least))
    assert (refusal.code, refusal.place) == ("malformed", "")
    assert refusal.fields["reason"] == Reason("entry_too_large", {"limit": MAX_BYTES})


def test_a_version_that_is_not_the_current_is_stale() -> None:
    for expected in (2, 4):
        refusal = refused(after(3), replace(alone(step(4)), expected_version=expected))
        assert (refusal.code, refusal.fields) == ("stale-version", {"expected": expected, "version": 3})
    decided = decide_submission(after(3), replace(together(4, 6), expected_version=3), NOW)
    assert decided.consortium.version == 6


def test_who_gives_a_command_again_need_not_know_the_version_by_now() -> None:
    decided = decide_submission(after(6), replace(together(4, 6), expected_version=3), NOW)
    assert [outcome.replayed for outcome in decided.outcomes] == [True, True, True]
    assert refused(after(6), replace(together(4, 7), expected_version=3)).step == 3


def test_time_never_goes_backwards_although_the_clock_does() -> None:
    consortium = after(3)
    assert consortium.recorded_at is not None
    early = replace(alone(step(4)), at=consortium.recorded_at - timedelta(days=1))
    assert decide_submission(consortium, early, NOW).entries[0].recorded_at == consortium.recorded_at


def test_without_an_instant_of_its_own_a_submission_is_recorded_now() -> None:
    assert decide_submission(after(3), alone(step(4)), NOW).entries[0].recorded_at == NOW


def test_an_instant_is_kept_in_utc() -> None:
    at = submissions()[3].at
    assert at is not None
    elsewhere = replace(submissions()[3], at=at.astimezone())
    assert decide_submission(after(3), elsewhere, NOW).rows[0].state == stored_bytes()[3]


def test_a_command_to_nobody_is_refused_by_its_own_guards() -> None:
    meeting = next(each for each in submissions() if isinstance(each.steps[0].command, OpenMeeting))
    assert refused(Consortium(HAJNOWKA), meeting).code == "unknown-consortium"
