"""Where each command is given: `POST /consortia/{consortium_id}/…`, under the noun it changes.

What stands in braces are fields of the command; in the body they may be left out.
"""

from __future__ import annotations

import re
from typing import Final

ROOT: Final = "/consortia"
OF_ONE: Final = "/consortia/{consortium_id}"

ADDRESSES: Final[dict[str, str]] = {
    "FoundConsortium": "",
    "AmendStatute": "/statutes",
    "AdmitFoundingMember": "/members",
    "ApplyForMembership": "/applications",
    "AdmitMember": "/applications/{application_id}/admission",
    "AppointDelegate": "/members/{member_id}/delegate",
    "ReclassifyMember": "/members/{member_id}/size",
    "FileWithdrawal": "/members/{member_id}/withdrawal",
    "EndMembership": "/members/{member_id}/end",
    "AppointLeader": "/offices/leader",
    "AppointChair": "/offices/chair",
    "OpenMeeting": "/meetings",
    "ChangeAttendance": "/meetings/{meeting_id}/attendance",
    "CloseMeeting": "/meetings/{meeting_id}/closing",
    "OpenCircularVote": "/circular-votes",
    "CloseCircularVote": "/circular-votes/{circular_id}/closing",
    "ProposeResolution": "/resolutions",
    "WithdrawDraft": "/resolutions/{draft_id}/withdrawal",
    "DeclareConflict": "/resolutions/{draft_id}/conflicts",
    "RecordVote": "/resolutions/{draft_id}/vote",
    "OpenVoting": "/resolutions/{draft_id}/voting",
    "CastVote": "/resolutions/{draft_id}/voting/votes",
    "CloseVoting": "/resolutions/{draft_id}/voting/closing",
    "RepealResolution": "/resolutions/{target}/repeal",
    "DeclareResolutionInvalid": "/resolutions/{target}/invalidity",
    "CorrectClericalError": "/corrections",
    "CorrectVoteRecord": "/resolutions/{draft_id}/vote/corrections",
    "LodgeObjection": "/resolutions/{draft_id}/objections",
    "ResolveObjection": "/resolutions/{draft_id}/objections/{member_id}/outcome",
    "RecordConflictDiscovered": "/resolutions/{draft_id}/discovered-conflicts",
    "SubmitJointOffer": "/packages/{package_id}/offer",
    "SignContract": "/packages/{package_id}/contract",
    "AmendContractParties": "/packages/{package_id}/contract/parties",
    "ChangeContractTerm": "/packages/{package_id}/contract/term",
    "SignAnnex": "/packages/{package_id}/contract/annexes",
    "DefineTask": "/tasks",
    "AllocateTask": "/tasks/{task_id}/allocations",
    "EndAllocation": "/allocations/{allocation_id}/end",
    "ReallocateTask": "/tasks/{task_id}/reallocation",
    "AdoptBudget": "/packages/{package_id}/budget",
    "SplitLine": "/lines/{line_id}/split",
    "ResplitLine": "/lines/{line_id}/resplit",
    "MoveSplit": "/lines/{line_id}/moves",
    "TransferBetweenLines": "/packages/{package_id}/transfers",
    "ReceiveTranche": "/packages/{package_id}/tranches",
    "DistributeTranche": "/packages/{package_id}/tranches/{source}/{tranche_no}/distribution",
    "SettleBetweenMembers": "/packages/{package_id}/settlements",
    "RecordExecution": "/packages/{package_id}/execution",
    "ReturnUnspentGrant": "/packages/{package_id}/returns",
    "StartMentoring": "/pairs",
    "LogMentoringHours": "/pairs/{pair_id}/hours",
    "RegisterResource": "/resources",
    "LendResource": "/resources/{resource_id}/loans",
    "ReturnResource": "/resources/{resource_id}/loans/{member_id}/return",
    "OpenPlebiscite": "/plebiscites",
    "ClosePlebiscite": "/plebiscites/{plebiscite_id}/closing",
    "OpenConsultation": "/consultations",
    "CloseConsultation": "/consultations/{consultation_id}/closing",
    "ReportIndicator": "/packages/{package_id}/indicators",
    "SubmitReport": "/packages/{package_id}/reports",
    "RecordAuditFinding": "/findings",
    "RecordRecommendation": "/findings/{finding_id}/recommendations",
    "CloseRecommendation": "/recommendations/{recommendation_id}/closing",
    "PublishDocument": "/publications",
}
"""By command; founding a consortium is the one that is given at `/consortia` itself."""

NUMBERS: Final = frozenset({"tranche_no"})
"""Fields in an address that are numbers."""

FIELD: Final = re.compile(r"\{([a-z_]+)\}")


def address(command: str) -> str:
    """Return the whole path of a command."""
    rest = ADDRESSES[command]
    return OF_ONE + rest if rest else ROOT


def fields(command: str) -> tuple[str, ...]:
    """Return the command's fields that stand in its path."""
    return tuple(FIELD.findall(ADDRESSES[command]))
