"""Putting the record right by adding to it: clerical errors, and votes written down wrongly.

It stands apart from the nouns because a correction runs the guards of the noun whose record it corrects.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from domain.decider import Command, Fact, Given
from domain.errors import refuse, require
from domain.packages.decisions import check_leads, check_performer, check_task_period
from domain.reasons import malformed
from domain.references import check_known
from domain.resolutions.decisions import recorded_vote
from domain.resolutions.events import (
    ClericalErrorCorrected,
    ClericalFields,
    VoteCorrectionFields,
    VoteRecordCorrected,
)
from domain.resolutions.tally import Question, count, decide_outcome
from domain.resolutions.voting import casting_vote
from domain.values import parse_day

if TYPE_CHECKING:
    from domain.consortium import Consortium
    from domain.resolutions.state import Draft, Vote
    from domain.values import Choice


class CorrectClericalError(Command, ClericalFields):
    """Put right an obvious error in what was written down."""


class CorrectVoteRecord(Command, VoteCorrectionFields):
    """Put right one vote of an open ballot that was written down wrongly."""


NOUN_OF = {
    "contract": "package",
    "meeting": "forum",
    "circular_vote": "forum",
    "budget_line": "line",
    "mentoring_pair": "pair",
}
"""The noun whose ids a target's type names, where the word differs."""

CLERICAL = {
    ("resolution", "title"),
    ("resolution", "legal_basis"),
    ("allocation", "valid_from"),
    ("allocation", "valid_to"),
    ("member", "name"),
    ("member", "registry_ref"),
    ("contract", "title"),
    ("contract", "contract_no"),
    ("meeting", "minutes_ref"),
    ("circular_vote", "minutes_ref"),
    ("task", "name"),
}
"""What can be an error of writing. Source: `rules.md` 20."""


def correct_clerical_error(consortium: Consortium, given: Given[CorrectClericalError]) -> tuple[Fact, ...]:
    """Correct a field; a day of an allocation runs the allocation's guards again.

    Raises:
        Refusal: for a day: `malformed`, `not-a-member-on-date`,
            `not-a-contract-party`, `second-lead`, `task-without-lead` or `outside-task-period`;
            `substantive-change-needs-resolution` for any other field; `recorded-value-differs`.
    """
    command = given.command
    target = command.target
    require(
        (target.type, command.field) in CLERICAL,
        "substantive-change-needs-resolution",
        place="/data/field",
        type=target.type,
        field=command.field,
    )
    recorded = _recorded(consortium, target.type, target.id, command.field)
    require(
        command.recorded == recorded,
        "recorded-value-differs",
        place="/data/recorded",
        given=command.recorded,
        recorded=recorded,
    )
    if not isinstance(command.correct, str):
        malformed("/data/correct", "text_required")
    if target.type == "allocation":
        _check_corrected_allocation(consortium, command)
    return (ClericalErrorCorrected.of(command),)


def target_exists(consortium: Consortium, given: Given[CorrectClericalError]) -> None:
    """Check that there is a target of that type.

    Raises:
        Refusal: `unknown-<noun>`.
    """
    target = given.command.target
    check_known(consortium, NOUN_OF.get(target.type, target.type), target.id, "/data/target/id")
    if target.type == "meeting":
        require(target.id in consortium.meetings.meetings, "unknown-forum", place="/data/target/id", id=target.id)
    elif target.type == "circular_vote":
        known = target.id in consortium.meetings.circular_votes
        require(known, "unknown-forum", place="/data/target/id", id=target.id)


def _recorded(consortium: Consortium, kind: str, target: str, field: str) -> str:
    """Return what stands in the record, as text; empty where nothing does."""
    if kind == "contract":
        contract = consortium.packages.packages[target].contract
        value = getattr(contract, field) if contract else None
    elif kind in {"meeting", "circular_vote"}:
        value = consortium.meetings.forum(target).minutes_ref
    else:
        value = getattr(_record(consortium, kind, target), field)
    return "" if value is None else str(value)


def _record(consortium: Consortium, kind: str, target: str) -> object:
    match kind:
        case "resolution":
            return consortium.resolutions.drafts[target]
        case "member":
            return consortium.membership.members[target]
        case "task":
            return consortium.packages.tasks[target]
        case _:
            return consortium.packages.allocations[target]


def _check_corrected_allocation(consortium: Consortium, command: CorrectClericalError) -> None:
    try:
        day = parse_day(command.correct)
    except PydanticCustomError as error:
        malformed("/data/correct", error.type, **(error.context or {}))
    allocation = consortium.packages.allocations[command.target.id]
    first = day if command.field == "valid_from" else allocation.valid_from
    last = day if command.field == "valid_to" else allocation.valid_to
    if last < first:
        malformed("/data/correct", "out_of_order")
    corrected = replace(allocation, valid_from=first, valid_to=last)
    check_performer(consortium, corrected, "/data/correct")
    check_leads(consortium, corrected.task_id, [corrected], "/data/correct")
    check_task_period(consortium, corrected, "/data/correct")


def correct_vote_record(consortium: Consortium, given: Given[CorrectVoteRecord]) -> tuple[Fact, ...]:
    """Correct one vote; the counts are recomputed by the seats and statute of the vote, the outcome must stand.

    Raises:
        Refusal: `vote-missing` for a draft without a vote; `ballot-kind-mismatch` for a secret ballot;
            `recorded-value-differs`; `outcome-would-change`.
    """
    command = given.command
    draft = consortium.resolutions.drafts[command.draft_id]
    if draft.vote is None or draft.decided is None:
        refuse("vote-missing", place="/data/draft_id", delegates=command.draft_id)
    recorded = recorded_vote(draft.vote, command.delegate_id)
    require(
        recorded == command.recorded,
        "recorded-value-differs",
        place="/data/recorded",
        given=command.recorded,
        recorded=recorded,
    )
    votes = {**(draft.vote.votes or {}), command.delegate_id: command.correct}
    outcome, tie_break_used = _recount(consortium, draft, draft.vote, votes)
    require(
        outcome == draft.decided.outcome,
        "outcome-would-change",
        place="/data/correct",
        recorded=draft.decided.outcome,
        computed=outcome,
    )
    return (VoteRecordCorrected.of(command, counts=count(votes.values()), tie_break_used=tie_break_used),)


def _recount(consortium: Consortium, draft: Draft, vote: Vote, votes: dict[str, Choice]) -> tuple[str, bool]:
    """Judge the corrected votes by the statute, majority and seats that the outcome recorded."""
    assert draft.decided is not None  # noqa: S101 - the caller has looked
    version = draft.decided.statute_version
    statute = next(one.statute for one in consortium.statutes.versions if one.statute.version == version)
    able = frozenset(vote.present) - frozenset(vote.recused)
    question = Question(statute.majorities[draft.submitted.matter], vote.ballot, draft.decided.seats)
    breaks_tie = casting_vote((vote.chair, vote.deputy), votes, able)
    return decide_outcome(statute, question, count(votes.values()), breaks_tie)
