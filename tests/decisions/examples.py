"""One command of each kind, well formed and about nothing: for the guards that come before any rule of a noun."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.requests import read_command
from tests.decisions.documents import AGREEMENT, statute

if TYPE_CHECKING:
    from domain.decider import Command

DAY = "2019-06-01"
PERIOD = {"period_from": DAY, "period_to": DAY}
ENTITY = {"name": "Fundacja", "legal_form": "foundation", "employment_fte_x100": 0, "annual_revenue_gr": 0}
ADMISSION = {**ENTITY, "member_id": "M-x", "joined_on": DAY, "delegate_id": "del-x"}
FUND = {"package_id": "P-x", "source": "city_grant"}

PAYLOADS: dict[str, dict[str, object]] = {
    "FoundConsortium": {
        "consortium_id": "inne-konsorcjum",
        "name": "Inne",
        "town": "Hajnówka",
        "teryt": "2005011",
        "legal_basis": "umowa",
        "agreement_date": DAY,
        "agreement": AGREEMENT.model_dump(),
        "statute": statute(),
    },
    "AmendStatute": {"version": 2, "changes": {}},
    "AdmitFoundingMember": ADMISSION,
    "ApplyForMembership": {**ENTITY, "application_id": "W-x"},
    "AdmitMember": {**ADMISSION, "application_id": "W-x", "declaration_signed_on": DAY},
    "AppointDelegate": {"member_id": "M-x", "delegate_id": "del-x", "from_on": DAY},
    "ReclassifyMember": {"member_id": "M-x", "employment_fte_x100": 0, "annual_revenue_gr": 0, "size": "small"},
    "FileWithdrawal": {"member_id": "M-x", "filed_on": DAY, "effective_last_day": DAY, "reason": ""},
    "EndMembership": {"member_id": "M-x", "kind": "exclusion", "last_day": DAY},
    "AppointLeader": {"member_id": "M-x"},
    "AppointChair": {"delegate_id": "del-x"},
    "OpenMeeting": {"meeting_id": "RZ-x", "mode": "on_site", "presiding": "del-x", "present": []},
    "ChangeAttendance": {"meeting_id": "RZ-x", "delegate_id": "del-x", "present": True},
    "CloseMeeting": {"meeting_id": "RZ-x", "minutes_ref": "protokół", "reason": "completed"},
    "OpenCircularVote": {
        "circular_id": "OB-x",
        "drafts": ["DR-x"],
        "opens_on": DAY,
        "closes_on": DAY,
        "channel": "poczta",
    },
    "CloseCircularVote": {"circular_id": "OB-x", "no_reply": [], "minutes_ref": ""},
    "ProposeResolution": {
        "draft_id": "DR-new",
        "matter": "other",
        "title": "w sprawie",
        "subject_members": ["M-x"],
        "legal_basis": "umowa",
    },
    "WithdrawDraft": {"draft_id": "DR-x", "reason": ""},
    "DeclareConflict": {"draft_id": "DR-x", "delegate_id": "del-x", "member_id": "M-x", "reason": ""},
    "RecordVote": {"draft_id": "DR-x", "forum": "RZ-x", "ballot": "open", "votes": {"del-x": "for"}},
    "OpenVoting": {"draft_id": "DR-x", "forum": "RZ-x"},
    "CastVote": {"draft_id": "DR-x", "delegate_id": "del-x", "vote": "for"},
    "CloseVoting": {"draft_id": "DR-x"},
    "RepealResolution": {"target": "DR-x"},
    "DeclareResolutionInvalid": {"target": "DR-x", "effect": "ex_tunc"},
    "CorrectClericalError": {
        "target": {"type": "member", "id": "M-x"},
        "field": "name",
        "recorded": "a",
        "correct": "b",
        "basis": "protokół",
        "reason": "omyłka",
    },
    "CorrectVoteRecord": {
        "draft_id": "DR-x",
        "delegate_id": "del-x",
        "recorded": "for",
        "correct": "against",
        "basis": "protokół",
        "reason": "omyłka",
    },
    "LodgeObjection": {"draft_id": "DR-x", "member_id": "M-x", "grounds": "kworum"},
    "ResolveObjection": {"draft_id": "DR-x", "member_id": "M-x", "outcome": "upheld", "note": ""},
    "RecordConflictDiscovered": {"draft_id": "DR-x", "member_id": "M-x", "delegate_id": "del-x", "voted": "for"},
    "SubmitJointOffer": {
        "package_id": "P-x",
        "parties": ["M-x"],
        "represented_by": "M-x",
        "requested_grant_gr": 1,
        "own_contribution_gr": 0,
    },
    "SignContract": {
        **PERIOD,
        "package_id": "P-x",
        "title": "Pakiet",
        "mode": "opp_entrusting",
        "contract_no": "1",
        "signed_on": DAY,
        "grant_gr": 1,
        "project_funds_gr": 0,
        "own_contribution_gr": 0,
        "parties": ["M-x"],
        "line_increase_limit_bp": 0,
        "report_due_days": 30,
        "return_due_days": 15,
    },
    "AmendContractParties": {"package_id": "P-x", "annex_no": 1, "signed_on": DAY, "add": ["M-x"], "remove": []},
    "ChangeContractTerm": {"package_id": "P-x", "period_to": DAY, "annex_no": 1, "signed_on": DAY},
    "SignAnnex": {
        "package_id": "P-x",
        "annex_no": 1,
        "signed_on": DAY,
        "line_id": "L-x",
        "grant_change_gr": 1,
        "to_members": {"M-x": 1},
    },
    "DefineTask": {**PERIOD, "task_id": "T-x", "package_id": "P-x", "name": "Klub"},
    "AllocateTask": {
        "allocation_id": "A-x",
        "task_id": "T-x",
        "member_id": "M-x",
        "role": "lead",
        "valid_from": DAY,
        "valid_to": DAY,
    },
    "EndAllocation": {"allocation_id": "A-x", "last_day": DAY},
    "ReallocateTask": {"task_id": "T-x", "end": [{"allocation_id": "A-x", "last_day": DAY}], "allocate": []},
    "AdoptBudget": {
        "package_id": "P-x",
        "lines": [{"line_id": "L-x", "task_id": "T-x", "source": "city_grant", "amount_gr": 1}],
    },
    "SplitLine": {"line_id": "L-x", "shares": [{"member_id": "M-x", "weight": 1}]},
    "ResplitLine": {"line_id": "L-x", "shares": [{"member_id": "M-x", "weight": 1}]},
    "MoveSplit": {"line_id": "L-x", "from_member": "M-x", "to_member": "M-y", "amount_gr": 1},
    "TransferBetweenLines": {
        "package_id": "P-x",
        "from_line": "L-x",
        "to_line": "L-y",
        "amount_gr": 1,
        "from_members": {"M-x": 1},
        "to_members": {"M-x": 1},
    },
    "ReceiveTranche": {**FUND, "tranche_no": 1, "amount_gr": 1, "payer": "Miasto"},
    "DistributeTranche": {**FUND, "tranche_no": 1, "amounts_gr": {"M-x": 1}},
    "SettleBetweenMembers": {**FUND, "from_member": "M-x", "to_member": "M-y", "amount_gr": 1},
    "RecordExecution": {"package_id": "P-x", "unspent": [{"line_id": "L-x", "member_id": "M-x", "amount_gr": 1}]},
    "ReturnUnspentGrant": {
        "package_id": "P-x",
        "amount_gr": 1,
        "from_member": "M-x",
        "to": "Miasto",
        "due_on": DAY,
    },
    "StartMentoring": {"pair_id": "PM-x", "mentor": "M-x", "mentee": "M-y", "until": DAY, "hours_planned": 1},
    "LogMentoringHours": {"pair_id": "PM-x", "held_on": DAY, "hours_x100": 150, "topic_code": "accounting"},
    "RegisterResource": {"resource_id": "RES-new", "name": "namiot", "owner": "M-x", "quantity": 1},
    "LendResource": {"resource_id": "RES-x", "member_id": "M-x", "due_on": DAY, "fee_gr": 0},
    "ReturnResource": {"resource_id": "RES-x", "member_id": "M-x", "condition": ""},
    "OpenPlebiscite": {
        "plebiscite_id": "PLB-new",
        "question": "Który?",
        "options": ["a", "b"],
        "from": DAY,
        "to": DAY,
    },
    "ClosePlebiscite": {"plebiscite_id": "PLB-x", "counts": [{"option": "a", "votes": 1}], "invalid": 0},
    "OpenConsultation": {
        "consultation_id": "KON-new",
        "subject": "Usługi dla seniorów",
        "target_groups": ["seniors"],
        "from": DAY,
        "to": DAY,
    },
    "CloseConsultation": {
        "consultation_id": "KON-x",
        "participants": 3,
        "comments": 2,
        "accepted": 1,
        "rejected": 1,
        "conclusions_ref": "wnioski",
    },
    "ReportIndicator": {
        "package_id": "P-x",
        "task_id": "T-x",
        "indicator": "uczestnicy",
        "unit": "osoby",
        "target": 1,
        "achieved": 1,
    },
    "SubmitReport": {"package_id": "P-x", "kind": "final", "due_on": DAY, "submitted_on": DAY},
    "RecordAuditFinding": {"finding_id": "F-new", "subject": "DR-x", "severity": "remark", "text": "uwaga"},
    "RecordRecommendation": {"recommendation_id": "R-new", "finding_id": "F-x", "text": "zalecenie", "due_on": DAY},
    "CloseRecommendation": {"recommendation_id": "R-x", "evidence": "dowód"},
    "PublishDocument": {"document": "protokół", "channel": "bip", "published_on": DAY, "meeting_id": "RZ-x"},
}


def example(name: str, **changes: object) -> Command:
    return read_command(name, PAYLOADS[name] | changes)
