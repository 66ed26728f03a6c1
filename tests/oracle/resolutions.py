"""Drafts and what becomes of them: conflicts, objections, repeal, invalidity, and votes put right in the record."""

from collections.abc import Iterator

from .book import (
    Apply,
    Book,
    Check,
    Fact,
    Line,
    delegate_of,
    effective_day,
    is_member,
    recorded_day,
    rules_on,
)
from .statute import MAJORITIES
from .votes import is_settled, outcome


def is_adopted(draft: Fact) -> bool:
    return draft["vote"] is not None and outcome(draft["vote"])[0] == "adopted"


def check_propose(book: Book, line: Line) -> Iterator[str]:
    """What changes an earlier resolution needs a majority at least as strict as that one's matter."""
    data = line["data"]
    application, target = data.get("application_id"), data.get("target_draft")
    if application is not None and book.applications[application]["status"] != "open":
        yield "already-decided"
    if target is not None and data["matter"] not in ("repeal", "invalidation"):
        majorities = rules_on(book, recorded_day(line))["majorities"]
        own, asked = majorities[data["matter"]], majorities[book.drafts[target]["matter"]]
        if MAJORITIES.index(own) < MAJORITIES.index(asked):
            yield "matter-does-not-fit"


def propose(book: Book, line: Line) -> None:
    data = line["data"]
    book.drafts[data["draft_id"]] = {
        "proposed_on": recorded_day(line),
        "proposer": line["actor"],
        "matter": data["matter"],
        "title": data["title"],
        "legal_basis": data["legal_basis"],
        "subjects": list(data["subject_members"]),
        "application": data.get("application_id"),
        "target": data.get("target_draft"),
        "conflicts": {},
        "live": None,
        "vote": None,
        "number": None,
        "withdrawn_on": None,
        "repealed_from": None,
        "invalid": False,
    }


def check_withdraw_draft(book: Book, line: Line) -> Iterator[str]:
    draft = book.drafts[line["data"]["draft_id"]]
    if is_settled(draft):
        yield "already-decided"
    if draft["live"] is not None:
        yield "voting-already-open"


def withdraw_draft(book: Book, line: Line) -> None:
    book.drafts[line["data"]["draft_id"]]["withdrawn_on"] = recorded_day(line)


def check_declare_conflict(book: Book, line: Line) -> Iterator[str]:
    data, draft = line["data"], book.drafts[line["data"]["draft_id"]]
    if not is_member(book, data["member_id"], recorded_day(line)):
        yield "not-a-member-on-date"
    if delegate_of(book, data["member_id"], recorded_day(line)) != data["delegate_id"]:
        yield "no-seat-on-date"
    if is_settled(draft) or data["delegate_id"] in draft["conflicts"]:
        yield "already-decided"


def declare_conflict(book: Book, line: Line) -> None:
    """While a vote is open it also takes back what the delegate has cast."""
    draft, delegate = book.drafts[line["data"]["draft_id"]], line["data"]["delegate_id"]
    draft["conflicts"][delegate] = recorded_day(line)
    if draft["live"] is not None:
        draft["live"]["case"]["recused"] = sorted(draft["conflicts"])
        draft["live"]["votes"].pop(delegate, None)


def check_lodge_objection(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    if not is_member(book, data["member_id"], recorded_day(line)):
        yield "not-a-member-on-date"
        return
    if book.drafts[data["draft_id"]]["vote"] is None:
        yield "resolution-not-adopted"
    if any(o["outcome"] is None for o in objections_of(book, data)):
        yield "id-already-used"


def objections_of(book: Book, data: Line) -> list[Fact]:
    return [o for o in book.objections if (o["draft"], o["member"]) == (data["draft_id"], data["member_id"])]


def lodge_objection(book: Book, line: Line) -> None:
    data = line["data"]
    book.objections.append({"draft": data["draft_id"], "member": data["member_id"], "outcome": None})


def check_resolve_objection(book: Book, line: Line) -> Iterator[str]:
    lodged = objections_of(book, line["data"])
    if lodged and all(objection["outcome"] is not None for objection in lodged):
        yield "already-decided"
    if not lodged:
        yield "unknown-objection"


def resolve_objection(book: Book, line: Line) -> None:
    for objection in objections_of(book, line["data"]):
        if objection["outcome"] is None:
            objection["outcome"] = line["data"]["outcome"]


def check_undo(book: Book, line: Line) -> Iterator[str]:
    """How the target stands comes first; then whether the resolution behind the command names it."""
    target = book.drafts[line["data"]["target"]]
    if not is_adopted(target):
        yield "resolution-not-adopted"
    elif target["invalid"]:
        yield "resolution-already-invalid"
    elif line["command"] == "RepealResolution" and target["repealed_from"] is not None:
        yield "resolution-already-repealed"
    elif book.drafts[line["under"]]["target"] != line["data"]["target"]:
        yield "matter-does-not-fit"


def repeal(book: Book, line: Line) -> None:
    book.drafts[line["data"]["target"]]["repealed_from"] = effective_day(line)


def declare_invalid(book: Book, line: Line) -> None:
    book.drafts[line["data"]["target"]]["invalid"] = True


def check_correct_vote_record(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    vote = book.drafts[data["draft_id"]]["vote"]
    if vote is None:
        yield "vote-missing"
        return
    if vote["ballot"] == "secret":
        yield "ballot-kind-mismatch"
    if vote["votes"].get(data["delegate_id"]) != data["recorded"]:
        yield "recorded-value-differs"
    corrected = {**vote, "votes": {**vote["votes"], data["delegate_id"]: data["correct"]}}
    if outcome(corrected)[0] != outcome(vote)[0]:
        yield "outcome-would-change"


def correct_vote_record(book: Book, line: Line) -> None:
    data = line["data"]
    book.drafts[data["draft_id"]]["vote"]["votes"][data["delegate_id"]] = data["correct"]


def check_conflict_discovered(book: Book, line: Line) -> Iterator[str]:
    """Found after the vote. Of a secret ballot nobody may say how anyone voted."""
    data = line["data"]
    vote = book.drafts[data["draft_id"]]["vote"]
    if vote is None:
        yield "vote-missing"
        return
    if vote["case"]["roll"].get(data["delegate_id"]) != data["member_id"]:
        yield "no-seat-on-date"
    if vote["ballot"] == "secret":
        yield "secret-ballot-names-voters"
    if vote["votes"].get(data["delegate_id"]) != data["voted"]:
        yield "recorded-value-differs"


CHECKS: dict[str, Check] = {
    "ProposeResolution": check_propose,
    "WithdrawDraft": check_withdraw_draft,
    "DeclareConflict": check_declare_conflict,
    "LodgeObjection": check_lodge_objection,
    "ResolveObjection": check_resolve_objection,
    "RepealResolution": check_undo,
    "DeclareResolutionInvalid": check_undo,
    "CorrectVoteRecord": check_correct_vote_record,
    "RecordConflictDiscovered": check_conflict_discovered,
}
APPLY: dict[str, Apply] = {
    "ProposeResolution": propose,
    "WithdrawDraft": withdraw_draft,
    "DeclareConflict": declare_conflict,
    "LodgeObjection": lodge_objection,
    "ResolveObjection": resolve_objection,
    "RepealResolution": repeal,
    "DeclareResolutionInvalid": declare_invalid,
    "CorrectVoteRecord": correct_vote_record,
}
