"""Every command with who may give it and what authorises it, and every fact.

The set of rules is a plain list, in the order of the reference. Source: `rules.md` (who may give what) and the
scenario's table of matters.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from domain import corrections, reallocation
from domain.budget import cash
from domain.budget import decisions as budget
from domain.consortium import ROUTES
from domain.meetings import decisions as meetings
from domain.membership import decisions as membership
from domain.oversight import decisions as oversight
from domain.packages import decisions as packages
from domain.participation import decisions as participation
from domain.resolutions import decisions as resolutions
from domain.resolutions import voting
from domain.statute import decisions as statute
from domain.support import decisions as support

if TYPE_CHECKING:
    from collections.abc import Callable

    from domain.decider import Command, Fact


@dataclass(frozen=True, slots=True)
class Rule:
    """How one command is decided."""

    command: type[Command]
    decide: Callable[[Any, Any], tuple[Fact, ...]]
    roles: frozenset[str]
    under: frozenset[str] = frozenset()
    """Matters of a resolution that may authorise it; none means that no resolution belongs there."""
    own: dict[str, str] = field(default_factory=dict)
    """By role: the field that must hold the actor's own id."""
    may: Callable[[Any], bool] | None = None
    """What else the role must do for the command to be its to give."""
    exists: Callable[[Any, Any], None] | None = None
    """What else must exist, or be free, besides the ids that the fields mark."""


def _rule(
    command: type[Command],
    decide: Callable[[Any, Any], tuple[Fact, ...]],
    roles: str,
    under: str = "",
    **more: Any,  # noqa: ANN401 - the rest of a rule by name
) -> Rule:
    """Write a rule in one line: roles and matters apart by spaces, `own` as `role:field`."""
    own = dict(pair.split(":") for pair in more.pop("own", "").split())
    return Rule(command, decide, frozenset(roles.split()), frozenset(under.split()), own, **more)


RULES: tuple[Rule, ...] = (
    _rule(statute.FoundConsortium, statute.found_consortium, "board_secretary"),
    _rule(statute.AmendStatute, statute.amend_statute, "board_secretary", "statute_amendment"),
    _rule(
        membership.AdmitFoundingMember,
        membership.admit_founding_member,
        "board_secretary",
        exists=membership.delegate_is_free,
    ),
    _rule(
        membership.ApplyForMembership,
        membership.apply_for_membership,
        "applicant board_secretary administration",
        own="applicant:application_id",
    ),
    _rule(
        membership.AdmitMember,
        membership.admit_member,
        "board_secretary",
        "accession",
        exists=membership.delegate_is_free,
    ),
    _rule(
        membership.AppointDelegate, membership.appoint_delegate, "board_secretary", exists=membership.delegate_is_free
    ),
    _rule(membership.ReclassifyMember, membership.reclassify_member, "administration", "classification"),
    _rule(membership.FileWithdrawal, membership.file_withdrawal, "member", own="member:member_id"),
    _rule(membership.EndMembership, membership.end_membership, "board_secretary", "exclusion withdrawal_ack"),
    _rule(membership.AppointLeader, membership.appoint_leader, "board_secretary", "leader_election"),
    _rule(membership.AppointChair, membership.appoint_chair, "board_secretary", "chair_election"),
    _rule(meetings.OpenMeeting, meetings.open_meeting, "board_secretary"),
    _rule(meetings.ChangeAttendance, meetings.change_attendance, "board_secretary", exists=meetings.forum_is_of_kind),
    _rule(meetings.CloseMeeting, meetings.close_meeting, "board_secretary", exists=meetings.forum_is_of_kind),
    _rule(meetings.OpenCircularVote, meetings.open_circular_vote, "board_secretary"),
    _rule(
        meetings.CloseCircularVote, meetings.close_circular_vote, "board_secretary", exists=meetings.forum_is_of_kind
    ),
    _rule(resolutions.ProposeResolution, resolutions.propose_resolution, "board_secretary board_chair leader member"),
    _rule(
        resolutions.WithdrawDraft,
        resolutions.withdraw_draft,
        "board_secretary board_chair leader member",
        exists=resolutions.withdraws_its_own,
    ),
    _rule(
        resolutions.DeclareConflict,
        resolutions.declare_conflict,
        "board_secretary board_chair member",
        own="member:member_id",
    ),
    _rule(voting.RecordVote, voting.record_vote, "board_secretary"),
    _rule(voting.OpenVoting, voting.open_voting, "board_secretary board_chair"),
    _rule(
        voting.CastVote, voting.cast_vote, "board_secretary member", may=voting.may_cast, exists=voting.casts_its_own
    ),
    _rule(voting.CloseVoting, voting.close_voting, "board_secretary board_chair"),
    _rule(resolutions.RepealResolution, resolutions.repeal_resolution, "board_secretary", "repeal"),
    _rule(
        resolutions.DeclareResolutionInvalid, resolutions.declare_resolution_invalid, "board_secretary", "invalidation"
    ),
    _rule(
        corrections.CorrectClericalError,
        corrections.correct_clerical_error,
        "board_secretary",
        exists=corrections.target_exists,
    ),
    _rule(corrections.CorrectVoteRecord, corrections.correct_vote_record, "board_secretary"),
    _rule(resolutions.LodgeObjection, resolutions.lodge_objection, "member", own="member:member_id"),
    _rule(resolutions.ResolveObjection, resolutions.resolve_objection, "board_secretary board_chair"),
    _rule(resolutions.RecordConflictDiscovered, resolutions.record_conflict_discovered, "city_auditor"),
    _rule(packages.SubmitJointOffer, packages.submit_joint_offer, "leader", "joint_offer"),
    _rule(packages.SignContract, packages.sign_contract, "leader city"),
    _rule(packages.AmendContractParties, packages.amend_contract_parties, "city", "reallocation"),
    _rule(packages.ChangeContractTerm, packages.change_contract_term, "city"),
    _rule(packages.SignAnnex, packages.sign_annex, "leader city", "budget", exists=packages.line_of_package),
    _rule(packages.DefineTask, packages.define_task, "administration"),
    _rule(packages.AllocateTask, packages.allocate_task, "administration", "task_allocation reallocation"),
    _rule(packages.EndAllocation, packages.end_allocation, "administration", "reallocation"),
    _rule(
        reallocation.ReallocateTask,
        reallocation.reallocate_task,
        "administration",
        "reallocation",
        exists=reallocation.all_of_task,
    ),
    _rule(budget.AdoptBudget, budget.adopt_budget, "administration", "budget", exists=budget.tasks_of_package),
    _rule(budget.SplitLine, budget.split_line, "administration", "own_contribution budget budget_split"),
    _rule(budget.ResplitLine, budget.resplit_line, "administration", "budget_split"),
    _rule(budget.MoveSplit, budget.move_split, "administration", "budget_split reallocation"),
    _rule(
        budget.TransferBetweenLines,
        budget.transfer_between_lines,
        "administration",
        "budget_transfer",
        exists=budget.lines_of_package,
    ),
    _rule(cash.ReceiveTranche, cash.receive_tranche, "leader city"),
    _rule(cash.DistributeTranche, cash.distribute_tranche, "leader"),
    _rule(cash.SettleBetweenMembers, cash.settle_between_members, "leader", "budget_transfer"),
    _rule(
        cash.RecordExecution,
        cash.record_execution,
        "administration member",
        may=cash.reports_its_own,
        exists=cash.lines_of_package,
    ),
    _rule(cash.ReturnUnspentGrant, cash.return_unspent_grant, "leader"),
    _rule(support.StartMentoring, support.start_mentoring, "administration", "mentoring"),
    _rule(support.LogMentoringHours, support.log_mentoring_hours, "administration"),
    _rule(support.RegisterResource, support.register_resource, "administration", "resource_rules"),
    _rule(support.LendResource, support.lend_resource, "administration"),
    _rule(support.ReturnResource, support.return_resource, "administration"),
    _rule(participation.OpenPlebiscite, participation.open_plebiscite, "administration"),
    _rule(participation.ClosePlebiscite, participation.close_plebiscite, "administration"),
    _rule(participation.OpenConsultation, participation.open_consultation, "administration"),
    _rule(participation.CloseConsultation, participation.close_consultation, "administration"),
    _rule(
        oversight.ReportIndicator, oversight.report_indicator, "leader administration", exists=oversight.task_of_package
    ),
    _rule(oversight.SubmitReport, oversight.submit_report, "leader administration", "report"),
    _rule(oversight.RecordAuditFinding, oversight.record_audit_finding, "city_auditor"),
    _rule(oversight.RecordRecommendation, oversight.record_recommendation, "city_auditor"),
    _rule(oversight.CloseRecommendation, oversight.close_recommendation, "administration city_auditor"),
    _rule(oversight.PublishDocument, oversight.publish_document, "board_secretary administration"),
)

COMMANDS: dict[str, Rule] = {rule.command.__name__: rule for rule in RULES}
"""Each command by its name in a request."""

FACTS: dict[str, type[Fact]] = {fact.topic: fact for fact in ROUTES}
"""Each fact by its name on disk."""
