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
from tests.decisions.given import did, given, usual_actor
from tests.decisions.steps import adopted, founded, meeting_opened, proposed, voted

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
        StartMentoring OpenPlebiscite ClosePlebiscite ReportIndicator SubmitReport ApplyForMembership PublishDocument
        CloseRecommendation""",
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
NOBODY_NEEDS = sorted(PAYLOADS.keys() - UNDER.keys())


def test_there_is_an_example_of_every_command() -> None:
    assert PAYLOADS.keys() == COMMANDS.keys()


def test_every_role_and_every_command_stands_in_the_table() -> None:
    assert BY_ROLE.keys() == set(get_args(Role))
    assert {name for names in BY_ROLE.values() for name in names.split()} == COMMANDS.keys()


@pytest.mark.parametrize("role", get_args(Role))
def test_a_role_gives_the_commands_of_its_row_and_no_others(role: Role) -> None:
    actor, story = Actor(role=role, id="M-x"), given()
    allowed = set()
    for name in PAYLOADS:
        decision = story.when(example(name), by=actor)
        if decision.refusal is None or (decision.refusal.code, decision.refusal.place) != (
            "role-not-permitted",
            "/actor/role",
        ):
            allowed.add(name)
        else:
            decision.then_refused("role-not-permitted", "/actor/role", role=role, command=name)
    assert allowed == set(BY_ROLE[role].split())


@pytest.mark.parametrize("name", ["DeclareConflict", "FileWithdrawal", "LodgeObjection"])
def test_a_member_speaks_for_itself_alone(name: str) -> None:
    refused = given(founded()).when(example(name), by=Actor(role="member", id="M1"))
    refused.then_refused("role-not-permitted", "/actor/id", role="member", command=name)


MATTERS = given(founded(members=2), meeting_opened(), *(adopted(f"DR-{matter}", matter) for matter in get_args(Matter)))
KNOWN = {"M-x": "M1", "M-y": "M2", "del-x": "del-M1", "DR-x": "DR-other", "RZ-x": "RZ-1"}


@pytest.mark.parametrize("name", sorted(UNDER))
def test_a_command_is_authorised_by_a_resolution_on_its_matter_alone(name: str) -> None:
    """Whatever the example lacks is missed before or after; what stands in between is the fitting matter."""
    rule = COMMANDS[name]
    assert rule.under == frozenset(UNDER[name].split())


ABOUT: dict[str, dict[str, object]] = {
    "AppointLeader": {"member_id": "M1"},
    "AppointChair": {"delegate_id": "del-M1"},
    "AmendStatute": {},
    "EndMembership": {"member_id": "M1"},
    "SubmitJointOffer": {"parties": ["M1"], "represented_by": "M1"},
    "StartMentoring": {"mentor": "M1", "mentee": "M2"},
    "RegisterResource": {"owner": "M1"},
    "ReclassifyMember": {"member_id": "M1"},
    "RepealResolution": {"target": "DR-other"},
    "DeclareResolutionInvalid": {"target": "DR-other"},
}
"""Examples about what exists, for as many commands as a consortium without a contract can give."""


@pytest.mark.parametrize("name", sorted(ABOUT))
def test_every_other_matter_does_not_fit(name: str) -> None:
    command, fitting = example(name, **ABOUT[name]), set(UNDER[name].split())
    for matter in set(get_args(Matter)) - fitting:
        decision = MATTERS.when(command, under=f"DR-{matter}")
        decision.then_refused("matter-does-not-fit", "/under", draft_id=f"DR-{matter}", matter=matter)


@pytest.mark.parametrize("name", sorted(ABOUT))
def test_a_command_that_rests_on_a_resolution_names_one(name: str) -> None:
    refused = MATTERS.when(example(name, **ABOUT[name]))
    refused.then_refused("resolution-required", "/under", matters=", ".join(sorted(UNDER[name].split())))


UNAUTHORISED: dict[str, dict[str, object]] = {
    "AppointDelegate": {"member_id": "M1"},
    "ApplyForMembership": {},
    "AdmitFoundingMember": {},
    "FileWithdrawal": {"member_id": "M1"},
    "OpenMeeting": {"presiding": "del-M1"},
    "ChangeAttendance": {"meeting_id": "RZ-1", "delegate_id": "del-M1"},
    "CloseMeeting": {"meeting_id": "RZ-1"},
    "ProposeResolution": {"subject_members": []},
    "SignContract": {"parties": ["M1"]},
    "OpenPlebiscite": {},
    "RecordAuditFinding": {},
    "PublishDocument": {"meeting_id": None},
}


@pytest.mark.parametrize("name", sorted(UNAUTHORISED))
def test_a_command_that_rests_on_no_resolution_names_none(name: str) -> None:
    assert COMMANDS[name].under == frozenset()
    refused = MATTERS.when(example(name, **UNAUTHORISED[name]), under="DR-other")
    refused.then_refused("resolution-not-expected", "/under", draft_id="DR-other")


@pytest.mark.parametrize("name", NOBODY_NEEDS)
def test_no_resolution_belongs_to_what_the_table_does_not_name(name: str) -> None:
    assert COMMANDS[name].under == frozenset()


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


def test_somebody_usual_gives_every_command_of_the_tests() -> None:
    assert {usual_actor(example(name)).role for name in PAYLOADS} <= set(get_args(Role))
