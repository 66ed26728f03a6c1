"""Founding, statute, members, delegates, leader and chair."""

import re
from collections.abc import Iterator

from .book import (
    Apply,
    Book,
    Check,
    Line,
    day,
    effective_day,
    is_member,
    known_ids,
    roll,
    rules_on,
)
from .statute import AGREEMENT_PARTS, add_months, faults, is_quarter_end, merge_patch, size_class


def check_found(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    if any(not data["agreement"].get(part, "").strip() for part in AGREEMENT_PARTS):
        yield "malformed"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", data["consortium_id"]):
        yield "malformed"
    if book.consortium is not None:
        yield "id-already-used"
    if data["statute"].get("version") != 1 or any(faults(data["statute"])):
        yield "statute-invalid"


def found(book: Book, line: Line) -> None:
    book.consortium = line["data"]["consortium_id"]
    book.statutes.append({"from": effective_day(line), "version": 1, "rules": line["data"]["statute"]})


def check_amend_statute(book: Book, line: Line) -> Iterator[str]:
    """The next version, not in force before the one it follows, and whole."""
    data, before = line["data"], book.statutes[-1]
    version = before["version"] + 1
    in_order = data["version"] == data["changes"].get("version", version) == version
    if not in_order or effective_day(line) < before["from"]:
        yield "statute-invalid"
    if any(faults(merge_patch(before["rules"], data["changes"]))):
        yield "statute-invalid"


def amend_statute(book: Book, line: Line) -> None:
    amended = merge_patch(book.statutes[-1]["rules"], line["data"]["changes"])
    book.statutes.append({"from": effective_day(line), "version": line["data"]["version"], "rules": amended})


def check_founding_member(book: Book, _line: Line) -> Iterator[str]:
    if any(forum["kind"] == "meeting" for forum in book.forums.values()):
        yield "founding-closed"


def check_admit(book: Book, line: Line) -> Iterator[str]:
    if book.applications[line["data"]["application_id"]]["status"] != "open":
        yield "already-decided"


def admit(book: Book, line: Line) -> None:
    data = line["data"]
    joined_on = day(data["joined_on"])
    size = size_class(rules_on(book, joined_on), data["employment_fte_x100"], data["annual_revenue_gr"])
    book.members[data["member_id"]] = {
        "name": data["name"],
        "registry_ref": data.get("registry_ref"),
        "joined_on": joined_on,
        "last_day": None,
        "sizes": [{"from": joined_on, "size": size}],
    }
    book.delegates.append({"member": data["member_id"], "delegate": data["delegate_id"], "from": joined_on})
    if "application_id" in data:
        book.applications[data["application_id"]]["status"] = "admitted"


def check_apply(book: Book, line: Line) -> Iterator[str]:
    """One open application for each entity, told by its register numbers."""
    numbers = register_numbers(line["data"])
    if any(fact["status"] == "open" and numbers & fact["numbers"] for fact in book.applications.values()):
        yield "id-already-used"


def register_numbers(data: Line) -> set[tuple[str, str]]:
    names = ("registry_ref", "nip", "regon", "krs")
    return {(name, data[name]) for name in names if data.get(name) is not None}


def apply_for_membership(book: Book, line: Line) -> None:
    data = line["data"]
    book.applications[data["application_id"]] = {"status": "open", "numbers": register_numbers(data)}


def check_reclassify(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], effective_day(line)
    if not is_member(book, data["member_id"], on):
        yield "not-a-member-on-date"
    if data["size"] != size_class(rules_on(book, on), data["employment_fte_x100"], data["annual_revenue_gr"]):
        yield "size-differs-from-thresholds"


def reclassify(book: Book, line: Line) -> None:
    data = line["data"]
    book.members[data["member_id"]]["sizes"].append({"from": effective_day(line), "size": data["size"]})


def check_file_withdrawal(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    filed_on, last_day = day(data["filed_on"]), day(data["effective_last_day"])
    if not is_member(book, data["member_id"], filed_on):
        yield "not-a-member-on-date"
    given_notice = any(fact["member"] == data["member_id"] for fact in book.withdrawals)
    if given_notice or book.members[data["member_id"]]["last_day"] is not None:
        yield "already-decided"
    earliest = add_months(filed_on, rules_on(book, filed_on)["withdrawal"]["notice_months"])
    if last_day < earliest or not is_quarter_end(last_day):
        yield "notice-too-short"


def file_withdrawal(book: Book, line: Line) -> None:
    data = line["data"]
    book.withdrawals.append({"member": data["member_id"], "last_day": day(data["effective_last_day"])})


def check_end_membership(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    member, last_day = data["member_id"], day(data["last_day"])
    if not is_member(book, member, last_day):
        yield "not-a-member-on-date"
    if book.members[member]["last_day"] is not None:
        yield "already-decided"
    noticed = [fact["last_day"] for fact in book.withdrawals if fact["member"] == member]
    if data["kind"] == "withdrawal" and (not noticed or last_day < min(noticed)):
        yield "notice-too-short"


def end_membership(book: Book, line: Line) -> None:
    book.members[line["data"]["member_id"]]["last_day"] = day(line["data"]["last_day"])


def check_appoint_delegate(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    if not is_member(book, data["member_id"], day(data["from_on"])):
        yield "not-a-member-on-date"


def appoint_delegate(book: Book, line: Line) -> None:
    data = line["data"]
    book.delegates.append({"member": data["member_id"], "delegate": data["delegate_id"], "from": day(data["from_on"])})


def check_appoint_leader(book: Book, line: Line) -> Iterator[str]:
    if not is_member(book, line["data"]["member_id"], effective_day(line)):
        yield "not-a-member-on-date"


def appoint_leader(book: Book, line: Line) -> None:
    book.leaders.append({"from": effective_day(line), "member": line["data"]["member_id"]})


def check_appoint_chair(book: Book, line: Line) -> Iterator[str]:
    seated = roll(book, effective_day(line))
    named = (line["data"]["delegate_id"], line["data"].get("deputy_delegate_id"))
    if any(delegate is not None and delegate not in seated for delegate in named):
        yield "no-seat-on-date"


def appoint_chair(book: Book, line: Line) -> None:
    data = line["data"]
    book.chairs.append(
        {"from": effective_day(line), "delegate": data["delegate_id"], "deputy": data.get("deputy_delegate_id")}
    )


def founders(book: Book) -> int:
    return len(known_ids(book, "member"))


CHECKS: dict[str, Check] = {
    "FoundConsortium": check_found,
    "AmendStatute": check_amend_statute,
    "AdmitFoundingMember": check_founding_member,
    "ApplyForMembership": check_apply,
    "AdmitMember": check_admit,
    "ReclassifyMember": check_reclassify,
    "FileWithdrawal": check_file_withdrawal,
    "EndMembership": check_end_membership,
    "AppointDelegate": check_appoint_delegate,
    "AppointLeader": check_appoint_leader,
    "AppointChair": check_appoint_chair,
}
APPLY: dict[str, Apply] = {
    "FoundConsortium": found,
    "AmendStatute": amend_statute,
    "AdmitFoundingMember": admit,
    "AdmitMember": admit,
    "ApplyForMembership": apply_for_membership,
    "ReclassifyMember": reclassify,
    "FileWithdrawal": file_withdrawal,
    "EndMembership": end_membership,
    "AppointDelegate": appoint_delegate,
    "AppointLeader": appoint_leader,
    "AppointChair": appoint_chair,
}
