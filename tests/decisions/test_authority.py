"""Who may give what, and under which resolution: the two tables of the rules, written out once more."""

from __future__ import annotations

from datetime import date
from typing import get_args

import pytest

from domain.catalogue import COMMANDS
from domain.decider import Actor
from domain.resolutions.decisions import RepealResolution
from domain.values import Matter, Role
from tests.decisions.examples import PAYLOADS, example
from tests.decisions.given import Story, did, given
from tests.decisions.steps import adopted, founded, meeting_opened, proposed, voted
from tests.decisions.whole_life import LIFE, lived

BY_ROLE = {
    "board_secretary": """
        FoundConsortium AdmitFoundingMember AdmitMember EndMembership AppointDelegate AppointLeader AppointChair
        AmendStatute OpenMeeting ChangeAttendance CloseMeeting OpenCircularVote CloseCircularVote ProposeResolution
        WithdrawDraft DeclareConflict RecordVote OpenVoting CastVote CloseVoting CorrectClericalError CorrectVoteRecord
        RepealResolution DeclareResolutionInvalid ResolveObjection ApplyForMembership PublishDocument""",
    "board_chair": "ProposeResolution WithdrawDraft DeclareConflict OpenVoting CloseVoting ResolveObjection",
    "leader": """
        ProposeResolution WithdrawDraft SubmitJointOffer SignContract SignAnnex ReceiveTranche DistributeTranche
        SettleBetweenMembers ReturnUnspentGrant SubmitReport ReportIndicator""",
    "administration": """
        DefineTask AllocateTask EndAllocation ReallocateTask AdoptBudget SplitLine ResplitLine MoveSplit
        TransferBetweenLines RecordExecution ReclassifyMember RegisterResource LendResource ReturnResource
        StartMentoring LogMentoringHours OpenPlebiscite ClosePlebiscite OpenConsultation CloseConsultation
        ReportIndicator SubmitReport ApplyForMembership PublishDocument CloseRecommendation""",
    "member": """
        ProposeResolution WithdrawDraft DeclareConflict CastVote FileWithdrawal LodgeObjection RecordExecution""",
    "applicant": "ApplyForMembership",
    "city": "SignContract SignAnnex AmendContractParties ChangeContractTerm ReceiveTranche",
    "city_auditor": "RecordAuditFinding RecordConflictDiscovered RecordRecommendation CloseRecommendation",
    "operator": "",
}
UNDER = {
    "AppointLeader": "leader_election",
    "AppointChair": "chair_election",
    "AmendStatute": "statute_amendment",
    "AdmitMember": "accession",
    "EndMembership": "exclusion withdrawal_ack",
    "SubmitJointOffer": "joint_offer",
    "AdoptBudget": "budget",
    "SplitLine": "own_contribution budget budget_split",
    "SignAnnex": "budget",
    "ResplitLine": "budget_split",
    "MoveSplit": "budget_split reallocation",
    "TransferBetweenLines": "budget_transfer",
    "SettleBetweenMembers": "budget_transfer",
    "AllocateTask": "task_allocation reallocation",
    "EndAllocation": "reallocation",
    "ReallocateTask": "reallocation",
    "AmendContractParties": "reallocation",
    "StartMentoring": "mentoring",
    "RegisterResource": "resource_rules",
    "ReclassifyMember": "classification",
    "SubmitReport": "report",
    "RepealResolution": "repeal",
    "DeclareResolutionInvalid": "invalidation",
}


def test_there_is_an_example_of_every_command() -> None:
    assert PAYLOADS.keys() == COMMANDS.keys()


def test_every_role_and_every_command_stands_in_the_table() -> None:
    assert BY_ROLE.keys() == set(get_args(Role))
    assert {name for names in BY_ROLE.values() for name in names.split()} == COMMANDS.keys()


@pytest.mark.parametrize("role", get_args(Role))
def test_a_role_gives_the_commands_of_its_row_and_no_others(role: Role) -> None:
    actor, story = Actor(role=role, id="M-x"), given()
    given_by = set(BY_ROLE[role].split())
    for name in PAYLOADS.keys() - given_by:
        story.when(example(name), by=actor).then_refused("role-not-permitted", "/actor/role", role=role, command=name)
    for name in given_by:
        refusal = story.when(example(name), by=actor).refusal
        assert refusal is None or refusal.place != "/actor/role"


@pytest.mark.parametrize("name", ["DeclareConflict", "FileWithdrawal", "LodgeObjection"])
def test_a_member_speaks_for_itself_alone(name: str) -> None:
    refused = given(founded()).when(example(name), by=Actor(role="member", id="M1"))
    refused.then_refused("role-not-permitted", "/actor/id", role="member", command=name)


def test_the_rules_name_the_matters_of_the_table() -> None:
    matters = {name: " ".join(sorted(rule.under)) for name, rule in COMMANDS.items() if rule.under}
    assert matters == {name: " ".join(sorted(named.split())) for name, named in UNDER.items()}


def acts(*, authorised: bool) -> dict[str, int]:
    """Return where in the whole life each command first stands that rests on a resolution, or on none."""
    names = [type(each.command).__name__ for each in LIFE]
    return {name: names.index(name) for name in sorted(set(names)) if (name in UNDER) == authorised}


def just_before(place: int) -> Story:
    return (lived()[place - 1].story if place else given()).go_on(*LIFE[place].before)


@pytest.mark.parametrize(("name", "place"), acts(authorised=True).items())
def test_every_other_matter_does_not_fit(name: str, place: int) -> None:
    act, others = LIFE[place], sorted(set(get_args(Matter)) - set(UNDER[name].split()))
    story = just_before(place).go_on(*(adopted(f"DR-on-{matter}", matter) for matter in others))
    for matter in others:
        decision = story.when(act.command, by=act.by, under=f"DR-on-{matter}", on=act.on)
        decision.then_refused("matter-does-not-fit", "/under", draft_id=f"DR-on-{matter}", matter=matter)


@pytest.mark.parametrize(("name", "place"), acts(authorised=True).items())
def test_a_command_that_rests_on_a_resolution_names_one(name: str, place: int) -> None:
    refused = just_before(place).when(LIFE[place].command, by=LIFE[place].by, on=LIFE[place].on)
    refused.then_refused("resolution-required", "/under", matters=", ".join(sorted(UNDER[name].split())))


@pytest.mark.parametrize(("name", "place"), acts(authorised=False).items())
def test_a_command_that_rests_on_no_resolution_names_none(name: str, place: int) -> None:
    story = just_before(place)
    story = story if name == "FoundConsortium" else story.go_on(proposed("DR-0"))
    refused = story.when(LIFE[place].command, by=LIFE[place].by, under="DR-0", on=LIFE[place].on)
    refused.then_refused("resolution-not-expected", "/under", draft_id="DR-0")


LEAD = example("AppointLeader", member_id="M1")
BOARD = (founded(), meeting_opened())


def test_what_is_not_adopted_authorises_nothing() -> None:
    story = given(*BOARD, proposed("DR-1", "leader_election"))
    story.when(LEAD, under="DR-1").then_refused("resolution-not-adopted", "/under", draft_id="DR-1")
    rejected = given(founded(secret_ballot_matters=[]), meeting_opened(), proposed("DR-1", "leader_election"))
    rejected = rejected.go_on(voted("DR-1", against=4))
    rejected.when(LEAD, under="DR-1").then_refused("resolution-not-adopted", "/under")


def test_what_was_repealed_authorises_nothing_from_that_day_on() -> None:
    new_year = date(2020, 1, 1)
    story = given(
        *BOARD,
        adopted("DR-1", "leader_election"),
        adopted("DR-2", "repeal", target_draft="DR-1"),
        did(RepealResolution(target="DR-1"), under="DR-2", on=new_year),
    )
    assert story.when(LEAD, under="DR-1", on=date(2019, 12, 31)).refusal is None
    late = story.when(LEAD, under="DR-1", on=new_year)
    late.then_refused("resolution-not-in-force", "/under", draft_id="DR-1", effective_on=new_year)


def test_what_is_invalid_authorises_nothing_on_any_day() -> None:
    invalid = example("DeclareResolutionInvalid", target="DR-1")
    story = given(
        *BOARD,
        adopted("DR-1", "leader_election"),
        adopted("DR-2", "invalidation", target_draft="DR-1"),
        did(invalid, under="DR-2"),
    )
    story.when(LEAD, under="DR-1").then_refused("resolution-not-in-force", "/under", draft_id="DR-1")


def test_a_resolution_authorises_before_it_binds() -> None:
    story = given(*BOARD, adopted("DR-1", "leader_election", on=date(2019, 6, 1)))
    assert story.when(LEAD, under="DR-1").refusal is None


def test_an_unknown_resolution_is_unknown_even_where_none_belongs() -> None:
    story = given(*BOARD)
    story.when(LEAD, under="DR-9").then_refused("unknown-resolution", "/under", id="DR-9")
    story.when(example("OpenPlebiscite"), under="DR-9").then_refused("unknown-resolution", "/under", id="DR-9")
