"""Who may give which command, and under which resolution."""

from collections.abc import Iterator

from .book import Book, Line, day, effective_day
from .money import is_received
from .resolutions import is_adopted

COMMANDS_OF_ROLE = {
    "board_secretary": (
        "FoundConsortium AdmitFoundingMember AdmitMember EndMembership AppointDelegate AppointLeader AppointChair "
        "AmendStatute OpenMeeting ChangeAttendance CloseMeeting OpenCircularVote CloseCircularVote ProposeResolution "
        "WithdrawDraft DeclareConflict RecordVote OpenVoting CastVote CloseVoting CorrectClericalError "
        "CorrectVoteRecord RepealResolution DeclareResolutionInvalid ResolveObjection ApplyForMembership "
        "PublishDocument"
    ),
    "board_chair": "ProposeResolution WithdrawDraft DeclareConflict OpenVoting CloseVoting ResolveObjection",
    "leader": (
        "ProposeResolution WithdrawDraft SubmitJointOffer SignContract SignAnnex ReceiveTranche DistributeTranche "
        "SettleBetweenMembers ReturnUnspentGrant SubmitReport ReportIndicator"
    ),
    "administration": (
        "DefineTask AllocateTask EndAllocation ReallocateTask AdoptBudget SplitLine ResplitLine MoveSplit "
        "TransferBetweenLines RecordExecution ReclassifyMember RegisterResource LendResource ReturnResource "
        "StartMentoring LogMentoringHours OpenPlebiscite ClosePlebiscite OpenConsultation CloseConsultation "
        "ReportIndicator SubmitReport ApplyForMembership PublishDocument CloseRecommendation"
    ),
    "member": (
        "ProposeResolution WithdrawDraft DeclareConflict CastVote FileWithdrawal LodgeObjection RecordExecution"
    ),
    "applicant": "ApplyForMembership",
    "city": "SignContract SignAnnex AmendContractParties ChangeContractTerm ReceiveTranche",
    "city_auditor": "RecordAuditFinding RecordConflictDiscovered RecordRecommendation CloseRecommendation",
}
COMMANDS = {command for commands in COMMANDS_OF_ROLE.values() for command in commands.split()}

MATTERS_OF_COMMAND = {
    "AppointLeader": ("leader_election",),
    "AppointChair": ("chair_election",),
    "AmendStatute": ("statute_amendment",),
    "AdmitMember": ("accession",),
    "EndMembership": ("exclusion", "withdrawal_ack"),
    "SubmitJointOffer": ("joint_offer",),
    "AdoptBudget": ("budget",),
    "SplitLine": ("budget", "budget_split", "own_contribution"),
    "ResplitLine": ("budget_split",),
    "MoveSplit": ("budget_split", "reallocation"),
    "SignAnnex": ("budget",),
    "TransferBetweenLines": ("budget_transfer",),
    "SettleBetweenMembers": ("budget_transfer",),
    "AllocateTask": ("task_allocation", "reallocation"),
    "EndAllocation": ("reallocation",),
    "ReallocateTask": ("reallocation",),
    "AmendContractParties": ("reallocation",),
    "StartMentoring": ("mentoring",),
    "RegisterResource": ("resource_rules",),
    "ReclassifyMember": ("classification",),
    "SubmitReport": ("report",),
    "RepealResolution": ("repeal",),
    "DeclareResolutionInvalid": ("invalidation",),
}


def role_permits(line: Line) -> bool:
    """A member acts only for itself, an applicant only on its own application; the secretary votes only for another."""
    role, command, data = line["actor"]["role"], line["command"], line["data"]
    if command not in COMMANDS_OF_ROLE.get(role, "").split():
        return False
    me = line["actor"]["id"]
    if role == "applicant":
        return bool(data["application_id"] == me)
    if command == "CastVote" and role == "board_secretary":
        return data.get("on_behalf_of") is not None and data.get("source_sha256") is not None
    if command == "CastVote":
        return data.get("on_behalf_of") is None
    if role == "member":
        own = [data["member_id"]] if "member_id" in data else [entry["member_id"] for entry in data.get("unspent", [])]
        return all(member == me for member in own)
    return True


def own_faults(book: Book, line: Line) -> Iterator[str]:
    """Whose vote and whose draft it is can only be told of those that are there."""
    role, command, data = line["actor"]["role"], line["command"], line["data"]
    if command == "CastVote" and role == "member":
        of_member = [fact["member"] for fact in book.delegates if fact["delegate"] == data["delegate_id"]]
        if line["actor"]["id"] not in [*of_member, data["delegate_id"]]:
            yield "role-not-permitted"
    own_drafts_only = command == "WithdrawDraft" and role in ("leader", "member")
    if own_drafts_only and book.drafts[data["draft_id"]]["proposer"] != line["actor"]:
        yield "role-not-permitted"


def resolution_faults(book: Book, line: Line) -> Iterator[str]:
    matters = MATTERS_OF_COMMAND.get(line["command"])
    if matters is None:
        if line["under"] is not None:
            yield "resolution-not-expected"
        return
    if line["under"] is None:
        yield "resolution-required"
    draft = book.drafts[line["under"]]
    if not is_adopted(draft):
        yield "resolution-not-adopted"
    repealed = draft["repealed_from"] is not None and draft["repealed_from"] <= effective_day(line)
    if draft["invalid"] or repealed:
        yield "resolution-not-in-force"
    if draft["matter"] not in matters or not draft_fits(book, line):
        yield "matter-does-not-fit"
    if line["command"] == "AdmitMember" and day(line["data"]["joined_on"]) < draft["vote"]["voted_on"]:
        yield "resolution-not-in-force"


def draft_fits(book: Book, line: Line) -> bool:
    """Beyond its matter, a resolution authorises what it names: this applicant, this member, this other resolution."""
    draft, command, data = book.drafts[line["under"]], line["command"], line["data"]
    if command == "AdmitMember":
        return bool(draft["application"] == data["application_id"])
    if command == "EndMembership":
        kind = {"exclusion": "exclusion", "withdrawal_ack": "withdrawal"}.get(draft["matter"])
        return kind == data["kind"] and (not draft["subjects"] or data["member_id"] in draft["subjects"])
    if command == "AppointLeader":
        return not draft["subjects"] or data["member_id"] in draft["subjects"]
    if command == "ResplitLine":
        return data.get("amends") in (None, draft["target"])
    if command == "SplitLine":
        return draft["matter"] != "own_contribution" or not is_received(book, data["line_id"])
    return True
