"""What must be true of any stored history, whoever wrote it: rules as small functions, the set of rules as a list.

They are recomputed from the entries, not taken from what a decision once thought, so that `check` and an auditor can
run them over bytes from anywhere.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from domain.consortium import Consortium, evolve
from domain.log_keys import fault_of
from domain.resolutions.events import (
    ResolutionAdopted,
    ResolutionRejected,
    VoteRecordCorrected,
    VoteRecorded,
    VotingClosed,
)
from domain.resolutions.state import evolve as evolve_resolutions
from domain.resolutions.tally import Question, count, decide_outcome
from domain.resolutions.voting import casting_vote
from domain.statute.events import LogKeyRotated
from domain.values import OWN_SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from domain.decider import Entry, Fact
    from domain.membership.state import Membership
    from domain.packages.state import Contract


@dataclass(frozen=True, slots=True)
class Violation:
    """A rule that does not hold, and where."""

    rule: str
    version: int
    """Of the entry, or of the last one where it is the whole that does not hold."""
    detail: str


def violations(consortium_id: str, entries: Iterable[Entry]) -> Iterator[Violation]:
    """Walk a history from its beginning and report every rule that does not hold, in order."""
    consortium = Consortium(consortium_id)
    for entry in entries:
        for rule, check_entry in _rules_for(type(entry.fact)):
            for detail in check_entry(consortium, entry):
                yield Violation(rule, entry.version, detail)
        consortium = evolve(consortium, entry)
    for rule, check_whole in WHOLE_RULES.items():
        yield from (Violation(rule, consortium.version, detail) for detail in check_whole(consortium))


@cache
def _rules_for(kind: type[Fact]) -> tuple[tuple[str, Callable[[Consortium, Entry], Iterator[str]]], ...]:
    """Leave out the rules that have nothing to say of such a fact."""
    return tuple((rule, check) for rule, check in ENTRY_RULES.items() if issubclass(kind, SAYING.get(rule, kind)))


def _version_follows(before: Consortium, entry: Entry) -> Iterator[str]:
    if entry.version != before.version + 1:
        yield f"version {entry.version} follows {before.version}"
    if entry.consortium_id != before.consortium_id:
        yield f"an entry of {entry.consortium_id}"


def _clock_never_goes_back(before: Consortium, entry: Entry) -> Iterator[str]:
    if before.recorded_at is not None and entry.recorded_at < before.recorded_at:
        yield f"recorded at {entry.recorded_at}, after {before.recorded_at}"


def _keys_follow(before: Consortium, entry: Entry) -> Iterator[str]:
    """Hold each change of the log's key to the one before it; the first takes up the key that an auditor knows."""
    if isinstance(entry.fact, LogKeyRotated):
        fault = fault_of(entry.fact, entry.consortium_id, before.statutes.log_key)
        if fault is not None:
            yield fault


def _voters_may_vote(before: Consortium, entry: Entry) -> Iterator[str]:
    """Judge a vote by the seats as known when it was recorded."""
    fact = entry.fact
    if not isinstance(fact, VoteRecorded | VotingClosed):
        return
    took_part = fact.took_part if isinstance(fact, VoteRecorded) else tuple(fact.votes)
    recused = before.resolutions.drafts[fact.draft_id].recused
    for delegate_id in took_part:
        if not _has_seat(before.membership, delegate_id, fact.judged_on):
            yield f"{delegate_id} voted on {fact.draft_id} without a seat"
        if delegate_id in recused:
            yield f"{delegate_id} voted on {fact.draft_id} while recused"


def _has_seat(membership: Membership, delegate_id: str, day: date) -> bool:
    """Look at the one member for whom the delegate votes; only when it has no seat there, at everybody of the day."""
    member_id = membership.delegates.get(delegate_id)
    seated = member_id is not None and membership.members[member_id].delegate_on(day) == delegate_id
    return seated or delegate_id in membership.seats_on(day)


def _under_authorises(before: Consortium, entry: Entry) -> Iterator[str]:
    if entry.under is None:
        return
    draft = before.resolutions.drafts.get(entry.under)
    if draft is None or not draft.in_force_on(entry.effective_on):
        yield f"{entry.under} is not in force on {entry.effective_on}"


def _counts_are_of_the_votes(consortium: Consortium) -> Iterator[str]:
    for draft_id, draft in consortium.resolutions.drafts.items():
        vote = draft.vote
        if vote is not None and vote.votes is not None and count(vote.votes.values()) != vote.counts:
            yield f"{draft_id}: the counts are not those of the votes"
        if vote is not None and vote.votes is None and vote.counts.cast != len(vote.took_part):
            yield f"{draft_id}: {vote.counts.cast} votes from {len(vote.took_part)} participants"


def _outcome_follows(before: Consortium, entry: Entry) -> Iterator[str]:
    """Recompute an outcome from its votes, seats and statute version, on what was known then."""
    fact = entry.fact
    if not isinstance(fact, ResolutionAdopted | ResolutionRejected | VoteRecordCorrected):
        return
    # Nothing but the draft follows these facts, so the whole consortium need not be evolved for them.
    draft = evolve_resolutions(before.resolutions, fact, entry).drafts[fact.draft_id]
    vote, decided = draft.vote, draft.decided
    if vote is None or decided is None:
        yield f"{fact.draft_id}: an outcome without a vote"
        return
    statute = next(one.statute for one in before.statutes.versions if one.statute.version == decided.statute_version)
    question = Question(statute.majorities[draft.submitted.matter], vote.ballot, decided.seats)
    able = frozenset(vote.present) - frozenset(vote.recused)
    breaks_tie = casting_vote((vote.chair, vote.deputy), vote.votes, able)
    if decide_outcome(statute, question, vote.counts, breaks_tie) != (decided.outcome, decided.tie_break_used):
        yield f"{fact.draft_id}: {decided.outcome} does not follow from the votes"


def _numbers_are_gapless(consortium: Consortium) -> Iterator[str]:
    numbers: dict[int, list[str]] = defaultdict(list)
    for draft in consortium.resolutions.drafts.values():
        if draft.vote is not None and draft.decided is not None and draft.decided.number is not None:
            numbers[draft.vote.voted_on.year].append(draft.decided.number)
    for year, given in numbers.items():
        pattern = consortium.statutes.latest.numbering
        if len(set(given)) != len(given) or len(given) != consortium.resolutions.numbered.get(year, 0):
            yield f"{year}: {len(given)} numbers given, the last is {pattern.number(len(given), year)}"


def _one_lead_a_day(consortium: Consortium) -> Iterator[str]:
    for task_id in consortium.packages.tasks:
        leads = sorted(
            (one.valid_from, one.valid_to) for one in consortium.packages.of_task(task_id) if one.role == "lead"
        )
        for (_, end), (start, _) in pairwise(leads):
            if start <= end:
                yield f"{task_id}: two leads on {start}"


def _shares_make_up_lines(consortium: Consortium) -> Iterator[str]:
    for line_id, line in consortium.budgets.lines.items():
        for day in sorted({change.on for change in line.changes} | {posting.on for posting in line.postings}):
            amount, shares = line.amount_on(day), line.shares_on(day)
            if amount < 0 or any(share < 0 for share in shares.values()):
                yield f"{line_id}: below zero on {day}"
            if line.split_by(day) and sum(shares.values()) != amount:
                yield f"{line_id}: shares of {sum(shares.values())} gr on a line of {amount} gr on {day}"


def _lines_make_up_contracts(consortium: Consortium) -> Iterator[str]:
    for package_id in consortium.budgets.of_package:
        contract = consortium.packages.packages[package_id].contract
        if contract is None:
            yield f"{package_id}: a budget without a contract"
            continue
        planned: dict[str, int] = defaultdict(int)
        for line in consortium.budgets.lines_of(package_id):
            planned["own_contribution" if line.source in OWN_SOURCES else line.source] += sum(
                change.amount_gr for change in line.changes
            )
        for source, agreed in _agreed(contract).items():
            if planned[source] != agreed:
                yield f"{package_id}: {planned[source]} gr of {source} planned, {agreed} gr agreed"


def _agreed(contract: Contract) -> dict[str, int]:
    return {
        "city_grant": contract.grant_gr,
        "project_funds": contract.signed.project_funds_gr,
        "own_contribution": contract.signed.own_contribution_gr,
    }


def _payments_make_up_tranches(consortium: Consortium) -> Iterator[str]:
    distributed: dict[tuple[str, str], int] = defaultdict(int)
    received: dict[tuple[str, str], int] = defaultdict(int)
    for tranche in consortium.budgets.tranches.values():
        fund = (tranche.package_id, tranche.source)
        received[fund] += tranche.amount_gr
        distributed[fund] += tranche.amount_gr if tranche.distributed else 0
    for (package_id, source), total in received.items():
        contract = consortium.packages.packages[package_id].contract
        if contract is None or total > _agreed(contract)[source]:
            yield f"{package_id}: more {source} received than agreed"
        paid = sum(amount for _, _, amount in consortium.budgets.payments.get((package_id, source), ()))
        if paid != distributed[package_id, source]:
            yield f"{package_id}: {paid} gr of {source} paid, {distributed[package_id, source]} gr distributed"


ENTRY_RULES: Final[dict[str, Callable[[Consortium, Entry], Iterator[str]]]] = {
    "versions-without-gap": _version_follows,
    "clock-never-goes-back": _clock_never_goes_back,
    "log-keys-follow": _keys_follow,
    "voters-may-vote": _voters_may_vote,
    "resolution-in-force": _under_authorises,
    "outcome-follows-from-votes": _outcome_follows,
}
"""Judged at each entry, on what was known before it."""

SAYING: Final[dict[str, tuple[type[Fact], ...]]] = {
    "log-keys-follow": (LogKeyRotated,),
    "voters-may-vote": (VoteRecorded, VotingClosed),
    "outcome-follows-from-votes": (ResolutionAdopted, ResolutionRejected, VoteRecordCorrected),
}
"""The facts of which a rule has something to say; a rule that is not named here judges every fact."""

WHOLE_RULES: Final[dict[str, Callable[[Consortium], Iterator[str]]]] = {
    "counts-are-of-the-votes": _counts_are_of_the_votes,
    "numbers-are-gapless": _numbers_are_gapless,
    "one-lead-a-task-a-day": _one_lead_a_day,
    "shares-make-up-lines": _shares_make_up_lines,
    "lines-make-up-contracts": _lines_make_up_contracts,
    "payments-make-up-tranches": _payments_make_up_tranches,
}
"""Judged on the whole, as known at the end."""
