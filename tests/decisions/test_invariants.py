"""A history that was tampered with shows what does not hold; one that was decided shows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain.budget.cash import DistributeTranche, ReceiveTranche
from domain.budget.events import LineSplit, TrancheDistributed, TrancheReceived
from domain.invariants import ENTRY_RULES, WHOLE_RULES, violations
from domain.packages.decisions import SubmitJointOffer
from domain.packages.events import ContractSigned, TaskAllocated
from domain.resolutions.decisions import DeclareConflict
from domain.resolutions.events import (
    Counts,
    ResolutionAdopted,
    VoteRecordCorrected,
    VoteRecorded,
)
from domain.resolutions.voting import CastVote, CloseVoting, OpenVoting
from tests.decisions.given import CONSORTIUM, did, given, member
from tests.decisions.steps import (
    adopted,
    allocated,
    budget_adopted,
    contract_signed,
    delegates,
    founded,
    led_by,
    line,
    meeting_opened,
    open_vote,
    performed,
    proposed,
    split,
    task_defined,
    under,
    voted,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.decider import Entry, Fact
    from tests.decisions.given import Story

VOTED = given(founded(), meeting_opened(), proposed("DR-1"), voted("DR-1", for_=3, against=1))
TRANCHE = ReceiveTranche(package_id="P1", tranche_no=1, source="city_grant", amount_gr=100, payer="Miasto")
PASSED_ON = DistributeTranche(package_id="P1", tranche_no=1, source="city_grant", amounts_gr={"M1": 100})
PAID_STEPS = (
    contract_signed(grant_gr=100),
    task_defined(),
    performed("M1", "M2"),
    budget_adopted(line("L1", 100)),
    split("L1", M1=1),
    did(TRANCHE, on=date(2019, 4, 1)),
    did(PASSED_ON, on=date(2019, 4, 1)),
)
PAID = given(founded(), meeting_opened(), *PAID_STEPS)


def tampered(story: Story, kind: type[Fact], **changes: object) -> tuple[Entry, ...]:
    """Tell a history with one fact of a kind told otherwise."""
    return tuple(
        replace(entry, fact=entry.fact.model_copy(update=changes)) if isinstance(entry.fact, kind) else entry
        for entry in story.entries
    )


def moved(story: Story, change: Callable[[Entry], Entry]) -> tuple[Entry, ...]:
    """Tell a history with its last entry changed."""
    return (*story.entries[:-1], change(story.entries[-1]))


def broken(entries: tuple[Entry, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for violation in violations(CONSORTIUM, entries):
        found.setdefault(violation.rule, []).append(violation.detail)
    return found


def test_what_was_decided_breaks_nothing() -> None:
    assert broken(VOTED.entries) == broken(PAID.entries) == {}
    assert len(ENTRY_RULES) + len(WHOLE_RULES) >= 11


def test_versions_follow_on_each_other_and_are_of_one_consortium() -> None:
    gap = moved(VOTED, lambda entry: replace(entry, version=entry.version + 1))
    assert broken(gap) == {"versions-without-gap": ["version 10 follows 8"]}
    other = moved(VOTED, lambda entry: replace(entry, consortium_id="inne"))
    assert broken(other) == {"versions-without-gap": ["an entry of inne"]}


def test_the_clock_never_goes_back() -> None:
    early = moved(VOTED, lambda entry: replace(entry, recorded_at=entry.recorded_at - timedelta(days=1)))
    assert list(broken(early)) == ["clock-never-goes-back"]


def test_nobody_votes_without_a_seat_or_while_recused() -> None:
    stranger = dict.fromkeys(delegates("M1", "M2", "M3", "M9"), "for")
    entries = tampered(
        VOTED, VoteRecorded, votes=stranger, took_part=tuple(stranger), counts=Counts(for_=4, against=0, abstain=0)
    )
    assert broken(entries) == {"voters-may-vote": ["del-M9 voted on DR-1 without a seat"]}
    conflict = DeclareConflict(draft_id="DR-1", delegate_id="del-M4", member_id="M4", reason="")
    recused = given(founded(), meeting_opened(), proposed("DR-1"), did(conflict), voted("DR-1", for_=3))
    four = dict.fromkeys(delegates("M1", "M2", "M3", "M4"), "for")
    entries = tampered(
        recused, VoteRecorded, votes=four, took_part=tuple(four), counts=Counts(for_=4, against=0, abstain=0)
    )
    assert broken(entries)["voters-may-vote"] == ["del-M4 voted on DR-1 while recused"]


def test_voters_of_a_live_vote_are_looked_at_too() -> None:
    casts = (
        did(CastVote(draft_id="DR-1", delegate_id=f"del-{who}", vote="for"), by=member(who)) for who in ("M1", "M2")
    )
    live = given(founded(members=2), meeting_opened(), proposed("DR-1"), did(OpenVoting(draft_id="DR-1", forum="RZ-1")))
    live = live.go_on(*casts, did(CloseVoting(draft_id="DR-1")))
    assert broken(live.entries) == {}
    closed = live.entries[-2].fact
    entries = tampered(live, type(closed), votes={"del-M1": "for", "del-M9": "for"})
    assert broken(entries) == {"voters-may-vote": ["del-M9 voted on DR-1 without a seat"]}


def test_what_is_done_rests_on_a_resolution_in_force() -> None:
    nothing = moved(VOTED, lambda entry: replace(entry, under="DR-9"))
    assert broken(nothing) == {"resolution-in-force": ["DR-9 is not in force on 2019-01-14"]}
    undecided = moved(VOTED, lambda entry: replace(entry, under="DR-1"))
    assert list(broken(undecided)) == ["resolution-in-force"]


def test_counts_are_those_of_the_votes_or_of_the_participants() -> None:
    counts = Counts(for_=4, against=0, abstain=0)
    assert broken(tampered(VOTED, VoteRecorded, counts=counts)) == {
        "counts-are-of-the-votes": ["DR-1: the counts are not those of the votes"]
    }
    secret = given(founded(), meeting_opened(), adopted("DR-1", "exclusion"))
    assert broken(secret.entries) == {}
    entries = tampered(secret, VoteRecorded, counts=Counts(for_=5, against=0, abstain=0))
    assert broken(entries) == {"counts-are-of-the-votes": ["DR-1: 5 votes from 4 participants"]}


def test_the_outcome_is_the_one_that_follows_from_the_votes() -> None:
    against = dict.fromkeys(delegates("M1", "M2", "M3", "M4"), "against")
    entries = tampered(VOTED, VoteRecorded, votes=against, counts=Counts(for_=0, against=4, abstain=0))
    assert broken(entries) == {"outcome-follows-from-votes": ["DR-1: adopted does not follow from the votes"]}
    chair = tampered(VOTED, ResolutionAdopted, tie_break_used=True)
    assert list(broken(chair)) == ["outcome-follows-from-votes"]


def test_an_outcome_has_a_vote_before_it() -> None:
    adopted_fact = VOTED.entries[-1]
    entries = (*VOTED.entries[:-2], replace(adopted_fact, version=adopted_fact.version - 1))
    assert broken(entries)["outcome-follows-from-votes"] == ["DR-1: an outcome without a vote"]


def test_a_correction_leaves_an_outcome_that_follows() -> None:
    lost = Counts(for_=1, against=3, abstain=0)
    correction = VoteRecordCorrected(
        draft_id="DR-1",
        delegate_id="del-M1",
        recorded="for",
        correct="against",
        basis="protokół",
        reason="omyłka",
        counts=lost,
        tie_break_used=False,
    )
    last = VOTED.entries[-1]
    found = broken((*VOTED.entries, replace(last, version=last.version + 1, fact=correction)))
    assert found["outcome-follows-from-votes"] == ["DR-1: adopted does not follow from the votes"]


def test_numbers_of_a_year_have_no_gap() -> None:
    entries = tampered(VOTED, ResolutionAdopted, n=2, number="2/2019")
    assert broken(entries) == {"numbers-are-gapless": ["2019: 1 numbers given, the last is 1/2019"]}
    twice = given(founded(), meeting_opened(), adopted("DR-1"), adopted("DR-2"))
    assert list(broken(tampered(twice, ResolutionAdopted, number="1/2019"))) == ["numbers-are-gapless"]


def test_a_task_has_one_lead_a_day() -> None:
    story = given(founded(), meeting_opened(), contract_signed(), task_defined(), performed("M1", "M2"))
    assert broken(tampered(story, TaskAllocated, role="lead")) == {
        "one-lead-a-task-a-day": ["T1: two leads on 2019-04-01"]
    }
    relay = given(
        founded(),
        meeting_opened(),
        contract_signed(),
        task_defined(),
        allocated("A1", "M1", last=date(2019, 6, 30)),
        allocated("A2", "M2", first=date(2019, 7, 1)),
    )
    assert broken(relay.entries) == {}


def test_shares_make_up_their_line_and_nothing_lies_below_nought() -> None:
    short = tampered(PAID, LineSplit, amounts_gr={"M1": 99})
    assert broken(short)["shares-make-up-lines"] == ["L1: shares of 99 gr on a line of 100 gr on 2019-04-01"]
    below = tampered(PAID, LineSplit, amounts_gr={"M1": 110, "M2": -10})
    assert broken(below)["shares-make-up-lines"] == ["L1: below zero on 2019-04-01"]


def test_lines_make_up_their_contract() -> None:
    entries = tampered(PAID, ContractSigned, grant_gr=101)
    assert broken(entries) == {"lines-make-up-contracts": ["P1: 100 gr of city_grant planned, 101 gr agreed"]}


def test_a_budget_and_its_money_have_a_contract() -> None:
    offer = SubmitJointOffer(
        package_id="P1", parties=("M1",), represented_by="M1", requested_grant_gr=100, own_contribution_gr=0
    )
    story = given(founded(), meeting_opened(), led_by("M1"), under("joint_offer", offer))
    story = story.go_on(*PAID_STEPS)
    unsigned = [entry for entry in story.entries if not isinstance(entry.fact, ContractSigned)]
    found = broken(tuple(replace(entry, version=version) for version, entry in enumerate(unsigned, 1)))
    assert found == {
        "lines-make-up-contracts": ["P1: a budget without a contract"],
        "payments-make-up-tranches": ["P1: more city_grant received than agreed"],
    }


def test_payments_make_up_their_tranches_and_tranches_their_grant() -> None:
    assert list(broken(tampered(PAID, TrancheDistributed, amounts_gr={"M1": 99}))) == ["payments-make-up-tranches"]
    more = tampered(PAID, TrancheReceived, amount_gr=101)
    assert broken(more)["payments-make-up-tranches"] == [
        "P1: more city_grant received than agreed",
        "P1: 100 gr of city_grant paid, 101 gr distributed",
    ]


def test_a_violation_says_at_which_version_it_shows() -> None:
    entries = moved(VOTED, lambda entry: replace(entry, under="DR-9"))
    assert [violation.version for violation in violations(CONSORTIUM, entries)] == [9]
    assert VOTED.when(open_vote("DR-1", for_=4)).refusal is not None
