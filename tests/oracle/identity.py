"""Which ids a command names: those that must be known, and those that must be new."""

from collections.abc import Callable, Iterator

from .book import Book, Line, known_ids
from .corrections import NOUN_OF_TARGET

Ids = list[tuple[str, str]]


def _of(noun: str, key: str) -> Callable[[Line], Ids]:
    return lambda data: [(noun, data[key])]


def _each(noun: str, key: str) -> Callable[[Line], Ids]:
    """Every id of a list, or every key of a map; nothing when it is absent or null."""
    return lambda data: [(noun, name) for name in (data.get(key) or [])]


def _maybe(noun: str, key: str) -> Callable[[Line], Ids]:
    return lambda data: [(noun, data[key])] if data.get(key) is not None else []


def _shares(data: Line) -> Ids:
    return [("member", share["member_id"]) for share in data["shares"]]


def _budget(data: Line) -> Ids:
    return [pair for at in data["lines"] for pair in (("new line", at["line_id"]), ("task", at["task_id"]))]


def _unspent(data: Line) -> Ids:
    return [pair for at in data["unspent"] for pair in (("line", at["line_id"]), ("member", at["member_id"]))]


def _reallocation(data: Line) -> Ids:
    ends = [("allocation", at["allocation_id"]) for at in data["end"]]
    new = [p for at in data["allocate"] for p in (("new allocation", at["allocation_id"]), ("member", at["member_id"]))]
    moved = [
        pair
        for at in data.get("moves", ())
        for pair in (("line", at["line_id"]), ("member", at["from_member"]), ("member", at["to_member"]))
    ]
    return ends + new + moved


def _target(data: Line) -> Ids:
    return [(NOUN_OF_TARGET.get(data["target"]["type"], data["target"]["type"]), data["target"]["id"])]


IDS_OF_COMMAND: dict[str, list[Callable[[Line], Ids]]] = {
    "AdmitFoundingMember": [_of("new member", "member_id"), _of("new delegate", "delegate_id")],
    "ApplyForMembership": [_of("new application", "application_id")],
    "AdmitMember": [
        _of("application", "application_id"),
        _of("new member", "member_id"),
        _of("new delegate", "delegate_id"),
    ],
    "EndMembership": [_of("member", "member_id")],
    "ReclassifyMember": [_of("member", "member_id")],
    "FileWithdrawal": [_of("member", "member_id")],
    "AppointDelegate": [_of("member", "member_id"), _of("new voter", "delegate_id")],
    "AppointLeader": [_of("member", "member_id")],
    "AppointChair": [_of("delegate", "delegate_id"), _maybe("delegate", "deputy_delegate_id")],
    "OpenMeeting": [_of("new forum", "meeting_id"), _of("delegate", "presiding"), _each("delegate", "present")],
    "ChangeAttendance": [_of("meeting", "meeting_id"), _of("delegate", "delegate_id")],
    "CloseMeeting": [_of("meeting", "meeting_id")],
    "OpenCircularVote": [_of("new forum", "circular_id"), _each("resolution", "drafts")],
    "CloseCircularVote": [_of("circular", "circular_id"), _each("delegate", "no_reply")],
    "ProposeResolution": [
        _of("new resolution", "draft_id"),
        _each("member", "subject_members"),
        _maybe("application", "application_id"),
        _maybe("resolution", "target_draft"),
    ],
    "WithdrawDraft": [_of("resolution", "draft_id")],
    "DeclareConflict": [
        _of("resolution", "draft_id"),
        _of("delegate", "delegate_id"),
        _of("member", "member_id"),
    ],
    "RecordVote": [
        _of("resolution", "draft_id"),
        _of("forum", "forum"),
        _each("delegate", "votes"),
        _each("delegate", "took_part"),
    ],
    "OpenVoting": [_of("resolution", "draft_id"), _of("forum", "forum")],
    "CastVote": [_of("resolution", "draft_id"), _of("delegate", "delegate_id")],
    "CloseVoting": [_of("resolution", "draft_id")],
    "CorrectVoteRecord": [_of("resolution", "draft_id"), _of("delegate", "delegate_id")],
    "CorrectClericalError": [_target],
    "RecordConflictDiscovered": [
        _of("resolution", "draft_id"),
        _of("member", "member_id"),
        _of("delegate", "delegate_id"),
        _maybe("finding", "finding_id"),
    ],
    "LodgeObjection": [_of("resolution", "draft_id"), _of("member", "member_id")],
    "ResolveObjection": [_of("resolution", "draft_id"), _of("member", "member_id")],
    "RepealResolution": [_of("resolution", "target")],
    "DeclareResolutionInvalid": [_of("resolution", "target"), _maybe("finding", "finding_id")],
    "SubmitJointOffer": [_of("new offer", "package_id"), _each("member", "parties"), _of("member", "represented_by")],
    "SignContract": [_of("new package", "package_id"), _each("member", "parties")],
    "SignAnnex": [_of("package", "package_id"), _of("line", "line_id"), _each("member", "to_members")],
    "AmendContractParties": [_of("package", "package_id"), _each("member", "add"), _each("member", "remove")],
    "ChangeContractTerm": [_of("package", "package_id")],
    "DefineTask": [_of("new task", "task_id"), _of("package", "package_id")],
    "AllocateTask": [
        _of("new allocation", "allocation_id"),
        _of("task", "task_id"),
        _of("member", "member_id"),
    ],
    "EndAllocation": [_of("allocation", "allocation_id")],
    "ReallocateTask": [_of("task", "task_id"), _reallocation],
    "AdoptBudget": [_of("package", "package_id"), _budget],
    "SplitLine": [_of("line", "line_id"), _shares],
    "ResplitLine": [_of("line", "line_id"), _shares, _maybe("resolution", "amends")],
    "MoveSplit": [_of("line", "line_id"), _of("member", "from_member"), _of("member", "to_member")],
    "TransferBetweenLines": [
        _of("package", "package_id"),
        _of("line", "from_line"),
        _of("line", "to_line"),
        _each("member", "from_members"),
        _each("member", "to_members"),
    ],
    "ReceiveTranche": [_of("package", "package_id")],
    "DistributeTranche": [_of("package", "package_id"), _each("member", "amounts_gr")],
    "SettleBetweenMembers": [
        _of("package", "package_id"),
        _of("member", "from_member"),
        _of("member", "to_member"),
    ],
    "RecordExecution": [_of("package", "package_id"), _unspent],
    "ReturnUnspentGrant": [_of("package", "package_id"), _of("member", "from_member")],
    "RegisterResource": [_of("new resource", "resource_id"), _of("member", "owner")],
    "LendResource": [_of("resource", "resource_id"), _of("member", "member_id")],
    "ReturnResource": [_of("resource", "resource_id"), _of("member", "member_id")],
    "StartMentoring": [_of("new pair", "pair_id"), _of("member", "mentor"), _of("member", "mentee")],
    "LogMentoringHours": [_of("pair", "pair_id")],
    "OpenPlebiscite": [_of("new plebiscite", "plebiscite_id")],
    "ClosePlebiscite": [_of("plebiscite", "plebiscite_id")],
    "OpenConsultation": [_of("new consultation", "consultation_id")],
    "CloseConsultation": [_of("consultation", "consultation_id")],
    "SubmitReport": [_of("package", "package_id")],
    "ReportIndicator": [_of("package", "package_id"), _of("task", "task_id")],
    "PublishDocument": [_maybe("forum", "meeting_id")],
    "RecordAuditFinding": [_of("new finding", "finding_id")],
    "RecordRecommendation": [_of("new recommendation", "recommendation_id"), _of("finding", "finding_id")],
    "CloseRecommendation": [_of("recommendation", "recommendation_id")],
}


def is_known(book: Book, noun: str, name: str, data: Line) -> bool:
    """A task or line of another package, or what belongs to another task, is as unknown as one never defined."""
    if noun in ("meeting", "circular"):
        return name in book.forums and book.forums[name]["kind"] == noun
    if name not in known_ids(book, noun):
        return False
    if noun == "task":
        return data.get("package_id") in (None, book.tasks[name]["package"])
    if noun == "line":
        line = book.lines[name]
        return data.get("package_id") in (None, line["package"]) and data.get("task_id") in (None, line["task"])
    if noun == "allocation":
        return data.get("task_id") in (None, book.allocations[name]["task"])
    return True


def is_taken(book: Book, noun: str, name: str, data: Line) -> bool:
    """A delegate votes for one member only, ever."""
    if noun == "voter":
        return any(at["delegate"] == name and at["member"] != data["member_id"] for at in book.delegates)
    return name in known_ids(book, noun)


def id_faults(book: Book, line: Line) -> Iterator[str]:
    data, new = line["data"], set()
    for names in IDS_OF_COMMAND.get(line["command"], []):
        for noun, name in names(data):
            if noun.startswith("new "):
                if (noun, name) in new or is_taken(book, noun.removeprefix("new "), name, data):
                    yield "id-already-used"
                new.add((noun, name))
            elif not is_known(book, noun, name, data):
                yield "unknown-forum" if noun in ("meeting", "circular") else f"unknown-{noun}"


def under_faults(book: Book, line: Line) -> Iterator[str]:
    if line["under"] is not None and line["under"] not in book.drafts:
        yield "unknown-resolution"
