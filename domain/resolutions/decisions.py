"""Drafts, conflicts, repeal, invalidity, objections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.authority import does_not_authorise
from domain.decider import Command, Fact, Given
from domain.errors import refuse, require
from domain.guards import require_member_on, require_seat_on
from domain.resolutions.events import (
    ConflictDeclared,
    ConflictDiscovered,
    ConflictFields,
    DiscoveredFields,
    DraftFields,
    DraftSubmitted,
    DraftWithdrawn,
    InvalidityFields,
    ObjectionFields,
    ObjectionLodged,
    ObjectionResolved,
    RepealFields,
    ResolutionInvalidated,
    ResolutionRepealed,
    ResolvedObjectionFields,
    WithdrawnFields,
)

if TYPE_CHECKING:
    from domain.consortium import Consortium
    from domain.resolutions.state import Draft, Vote
    from domain.values import Majority

STRICTNESS: dict[Majority, int] = {
    "simple": 0,
    "absolute": 1,
    "two_thirds_cast": 2,
    "three_quarters_seats": 3,
    "unanimous": 4,
}
"""Majorities from lax to strict. Source: `domain.md` 2.6, change of mind."""


class ProposeResolution(Command, DraftFields):
    """Put a draft before the board; `effective_on` is the day on which it would bind."""


class WithdrawDraft(Command, WithdrawnFields):
    """Take a draft back before the vote."""


class DeclareConflict(Command, ConflictFields):
    """Recuse a delegate from the vote on a draft."""


class RepealResolution(Command, RepealFields):
    """End a resolution's force from `effective_on`."""


class DeclareResolutionInvalid(Command, InvalidityFields):
    """Record that a resolution never had force."""


class LodgeObjection(Command, ObjectionFields):
    """Dispute a resolution."""


class ResolveObjection(Command, ResolvedObjectionFields):
    """Answer an objection."""


class RecordConflictDiscovered(Command, DiscoveredFields):
    """Record that an interested delegate had voted."""


def propose_resolution(consortium: Consortium, given: Given[ProposeResolution]) -> tuple[Fact, ...]:
    """Submit a draft; what amends a resolution needs a majority at least as strict.

    Raises:
        Refusal: `matter-does-not-fit` for an amendment by a laxer majority than its target's; `already-decided` for
            an application that was.
    """
    command = given.command
    if command.target_draft is not None and command.matter not in {"repeal", "invalidation"}:
        majorities = consortium.statute_on(given.day).majorities
        target = consortium.resolutions.drafts[command.target_draft]
        own, asked = majorities[command.matter], majorities[target.submitted.matter]
        require(
            STRICTNESS[own] >= STRICTNESS[asked],
            "matter-does-not-fit",
            place="/data/target_draft",
            draft_id=command.target_draft,
            matter=command.matter,
        )
    if command.application_id is not None:
        status = consortium.membership.applications[command.application_id].status
        require(status == "open", "already-decided", place="/data/application_id", id=command.application_id)
    return (DraftSubmitted.of(command),)


def withdraw_draft(consortium: Consortium, given: Given[WithdrawDraft]) -> tuple[Fact, ...]:
    """Take back a draft.

    Raises:
        Refusal: `already-decided`; `voting-already-open`.
    """
    draft = consortium.resolutions.drafts[given.command.draft_id]
    require_undecided(draft)
    require(draft.live is None, "voting-already-open", place="/data/draft_id", draft_id=draft.draft_id)
    return (DraftWithdrawn.of(given.command),)


def withdraws_its_own(consortium: Consortium, given: Given[WithdrawDraft]) -> None:
    """Check that a leader or a member takes back its own draft.

    Raises:
        Refusal: `role-not-permitted`.
    """
    proposer = consortium.resolutions.drafts[given.command.draft_id].proposer
    if given.actor.role in {"leader", "member"} and proposer != given.actor:
        refuse("role-not-permitted", place="/actor/id", role=given.actor.role, command="WithdrawDraft")


def declare_conflict(consortium: Consortium, given: Given[DeclareConflict]) -> tuple[Fact, ...]:
    """Recuse a delegate; one may be recused without having to be.

    Raises:
        Refusal: `not-a-member-on-date`; `no-seat-on-date` unless the delegate votes for that member;
            `already-decided`, also for one recused before.
    """
    command = given.command
    require_member_on(consortium, command.member_id, given.day, "/data/member_id")
    require_seat_on(consortium, command.delegate_id, given.day, "/data/delegate_id")
    _require_delegate_of(consortium, command.delegate_id, command.member_id, given)
    draft = consortium.resolutions.drafts[command.draft_id]
    require_undecided(draft)
    require(
        command.delegate_id not in draft.recused,
        "already-decided",
        place="/data/delegate_id",
        id=command.delegate_id,
    )
    return (ConflictDeclared.of(command),)


def repeal_resolution(consortium: Consortium, given: Given[RepealResolution]) -> tuple[Fact, ...]:
    """Repeal a resolution for the future.

    Raises:
        Refusal: `resolution-not-adopted`, `resolution-already-invalid` or `resolution-already-repealed` of the target;
            `matter-does-not-fit` when the repealing resolution names another target.
    """
    target = _target(consortium, given.command.target)
    _require_not_repealed(target)
    _require_names_target(consortium, given, given.command.target)
    return (ResolutionRepealed.of(given.command),)


def declare_resolution_invalid(consortium: Consortium, given: Given[DeclareResolutionInvalid]) -> tuple[Fact, ...]:
    """Record invalidity from the beginning; what was done under the resolution stays, flagged.

    Raises:
        Refusal: `resolution-not-adopted` or `resolution-already-invalid` of the target; `matter-does-not-fit` when
            the invalidating resolution names another target.
    """
    _target(consortium, given.command.target)
    _require_names_target(consortium, given, given.command.target)
    return (ResolutionInvalidated.of(given.command),)


def lodge_objection(consortium: Consortium, given: Given[LodgeObjection]) -> tuple[Fact, ...]:
    """Record a member's objection to a decided draft.

    Raises:
        Refusal: `not-a-member-on-date`; `resolution-not-adopted`; `id-already-used` while its objection is open.
    """
    command = given.command
    require_member_on(consortium, command.member_id, given.day, "/data/member_id")
    draft = consortium.resolutions.drafts[command.draft_id]
    voted = draft.decided is not None
    require(voted, "resolution-not-adopted", place="/data/draft_id", draft_id=command.draft_id)
    require(
        not _has_open_objection(draft, command.member_id),
        "id-already-used",
        place="/data/member_id",
        id=command.member_id,
    )
    return (ObjectionLodged.of(command),)


def resolve_objection(consortium: Consortium, given: Given[ResolveObjection]) -> tuple[Fact, ...]:
    """Answer a member's open objection.

    Raises:
        Refusal: `unknown-objection`; `already-decided` for one answered before.
    """
    command = given.command
    draft = consortium.resolutions.drafts[command.draft_id]
    lodged = any(one.member_id == command.member_id for one in draft.objections)
    require(lodged, "unknown-objection", place="/data/member_id", id=command.member_id)
    require(
        _has_open_objection(draft, command.member_id),
        "already-decided",
        place="/data/member_id",
        id=command.member_id,
    )
    return (ObjectionResolved.of(command),)


def record_conflict_discovered(consortium: Consortium, given: Given[RecordConflictDiscovered]) -> tuple[Fact, ...]:
    """Flag a resolution on which an interested delegate had voted.

    Raises:
        Refusal: `vote-missing` before a vote; `no-seat-on-date` unless the delegate held that member's seat;
            `secret-ballot-names-voters`; `recorded-value-differs` when the vote on record is another.
    """
    command = given.command
    vote = consortium.resolutions.drafts[command.draft_id].vote
    if vote is None:
        refuse("vote-missing", place="/data/draft_id", delegates=command.draft_id)
    holds = vote.seats.get(command.delegate_id) == command.member_id
    require(holds, "no-seat-on-date", place="/data/delegate_id", delegate_id=command.delegate_id, day=vote.judged_on)
    require(vote.votes is not None, "secret-ballot-names-voters", place="/data/voted")
    recorded = recorded_vote(vote, command.delegate_id)
    require(
        recorded == command.voted, "recorded-value-differs", place="/data/voted", given=command.voted, recorded=recorded
    )
    return (ConflictDiscovered.of(command),)


def recorded_vote(vote: Vote, delegate_id: str) -> str | None:
    """Return how a delegate voted; None when not at all.

    Raises:
        Refusal: `ballot-kind-mismatch` for a secret ballot, which nobody can tell.
    """
    if vote.votes is None:
        refuse("ballot-kind-mismatch", place="/data/draft_id", ballot="secret", expected="open")
    return vote.votes.get(delegate_id)


def require_undecided(draft: Draft) -> None:
    """Check that a draft is still open.

    Raises:
        Refusal: `already-decided` after a vote or a withdrawal.
    """
    require(not draft.settled, "already-decided", place="/data/draft_id", id=draft.draft_id)


def _require_delegate_of(
    consortium: Consortium, delegate_id: str, member_id: str, given: Given[DeclareConflict]
) -> None:
    speaks_for = consortium.membership.seats_on(given.day).get(delegate_id)
    require(
        speaks_for == member_id, "no-seat-on-date", place="/data/delegate_id", delegate_id=delegate_id, day=given.day
    )


def _target(consortium: Consortium, draft_id: str) -> Draft:
    target = consortium.resolutions.drafts[draft_id]
    require(target.adopted, "resolution-not-adopted", place="/data/target", draft_id=draft_id)
    require(not target.invalid, "resolution-already-invalid", place="/data/target", draft_id=draft_id)
    return target


def _require_not_repealed(target: Draft) -> None:
    require(target.repeal is None, "resolution-already-repealed", place="/data/target", draft_id=target.draft_id)


def _require_names_target(
    consortium: Consortium, given: Given[RepealResolution] | Given[DeclareResolutionInvalid], target: str
) -> None:
    assert given.under is not None  # noqa: S101 - checked by the authority
    draft = consortium.resolutions.drafts[given.under]
    if draft.submitted.target_draft != target:
        does_not_authorise(given, matter=draft.matter, target=target)


def _has_open_objection(draft: Draft, member_id: str) -> bool:
    return any(one.member_id == member_id and one.outcome is None for one in draft.objections)
