"""Offers, city contracts, their parties and terms; tasks, and who performs them from when to when."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date

from .book import (
    ONE_DAY,
    Apply,
    Book,
    Check,
    Fact,
    Line,
    day,
    days,
    effective_day,
    is_member,
    is_member_throughout,
    is_party,
    leader_on,
)


def check_submit_offer(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], effective_day(line)
    if any(not is_member(book, member, on) for member in data["parties"]):
        yield "not-a-member-on-date"
    if data["represented_by"] != leader_on(book, effective_day(line)):
        yield "not-the-leader"


def submit_offer(book: Book, line: Line) -> None:
    book.offers[line["data"]["package_id"]] = {"offered_on": effective_day(line)}


def check_sign_contract(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    if any(not is_member(book, member, day(data["signed_on"])) for member in data["parties"]):
        yield "not-a-member-on-date"


def sign_contract(book: Book, line: Line) -> None:
    data = line["data"]
    bound_from = min(day(data["signed_on"]), day(data["period_from"]), effective_day(line))
    book.packages[data["package_id"]] = {
        "from": effective_day(line),
        "title": data["title"],
        "contract_no": data["contract_no"],
        "period_from": day(data["period_from"]),
        "period_to": day(data["period_to"]),
        "terms": [{"from": effective_day(line), "period_to": day(data["period_to"])}],
        "city_grant": data["grant_gr"],
        "project_funds": data["project_funds_gr"],
        "own": data["own_contribution_gr"],
        "parties": {member: [{"from": bound_from, "until": None}] for member in data["parties"]},
        "limit_bp": data["line_increase_limit_bp"],
        "report_due_days": data["report_due_days"],
        "return_due_days": data["return_due_days"],
        "annexes": 0,
    }


def annex_in_sequence(book: Book, data: Line) -> bool:
    return bool(data["annex_no"] == book.packages[data["package_id"]]["annexes"] + 1)


def check_amend_parties(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], effective_day(line)
    if any(not is_member(book, member, on) for member in data["add"]):
        yield "not-a-member-on-date"
    if any(not is_party(book, data["package_id"], member, on) for member in data["remove"]):
        yield "not-a-contract-party"
    if any(is_party(book, data["package_id"], member, on) for member in data["add"]):
        yield "id-already-used"
    if not annex_in_sequence(book, data):
        yield "annex-out-of-sequence"


def amend_parties(book: Book, line: Line) -> None:
    data, on = line["data"], effective_day(line)
    package = book.packages[data["package_id"]]
    package["annexes"] = data["annex_no"]
    for member in data["add"]:
        package["parties"].setdefault(member, []).append({"from": on, "until": None})
    for member in data["remove"]:
        for period in package["parties"][member]:
            period["until"] = min(period["until"] or date.max, on - ONE_DAY)


def check_change_term(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    if not annex_in_sequence(book, data):
        yield "annex-out-of-sequence"
    if day(data["period_to"]) < book.packages[data["package_id"]]["period_from"]:
        yield "outside-contract-period"


def change_term(book: Book, line: Line) -> None:
    package = book.packages[line["data"]["package_id"]]
    package["annexes"] = line["data"]["annex_no"]
    package["period_to"] = day(line["data"]["period_to"])
    package["terms"].append({"from": effective_day(line), "period_to": package["period_to"]})


def check_define_task(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    package = book.packages[data["package_id"]]
    if day(data["period_from"]) < package["period_from"] or package["period_to"] < day(data["period_to"]):
        yield "outside-contract-period"


def define_task(book: Book, line: Line) -> None:
    data = line["data"]
    book.tasks[data["task_id"]] = {
        "package": data["package_id"],
        "name": data["name"],
        "period_from": day(data["period_from"]),
        "period_to": day(data["period_to"]),
    }


def allocation_fact(data: Line, task: str, under: str) -> Fact:
    return {
        "task": task,
        "member": data["member_id"],
        "role": data["role"],
        "valid_from": day(data["valid_from"]),
        "valid_to": day(data["valid_to"]),
        "under": under,
    }


def people_faults(book: Book, facts: list[Fact]) -> Iterator[str]:
    for fact in facts:
        if not is_member_throughout(book, fact["member"], fact["valid_from"], fact["valid_to"]):
            yield "not-a-member-on-date"
    for fact in facts:
        package = book.tasks[fact["task"]]["package"]
        period = days(fact["valid_from"], fact["valid_to"])
        if any(not is_party(book, package, fact["member"], on) for on in period):
            yield "not-a-contract-party"


def lead_days(allocations: Iterable[Fact], task: str) -> Counter[date]:
    """How many leads the task has, for each day on which it has any."""
    led = [fact for fact in allocations if fact["task"] == task and fact["role"] == "lead"]
    return Counter(on for fact in led for on in days(fact["valid_from"], fact["valid_to"]))


def lead_faults(book: Book, after: dict[str, Fact], task: str) -> Iterator[str]:
    """`after` is how the allocations would stand: one lead a day at most, and no day that had one loses it.

    Only the first lead may come later than it did.
    """
    period, before, then = book.tasks[task], lead_days(book.allocations.values(), task), lead_days(after.values(), task)
    if any(leads > 1 for leads in then.values()):
        yield "second-lead"
    first = max(min(then, default=date.min), period["period_from"])
    if any(first <= on <= period["period_to"] and on not in then for on in before):
        yield "task-without-lead"


def period_faults(book: Book, fact: Fact) -> Iterator[str]:
    period = book.tasks[fact["task"]]
    if fact["valid_from"] < period["period_from"] or period["period_to"] < fact["valid_to"]:
        yield "outside-task-period"


def check_allocate(book: Book, line: Line) -> Iterator[str]:
    fact = allocation_fact(line["data"], line["data"]["task_id"], line["under"])
    yield from people_faults(book, [fact])
    yield from lead_faults(book, {**book.allocations, line["data"]["allocation_id"]: fact}, fact["task"])
    yield from period_faults(book, fact)


def allocate(book: Book, line: Line) -> None:
    fact = allocation_fact(line["data"], line["data"]["task_id"], line["under"])
    book.allocations[line["data"]["allocation_id"]] = fact


def ended(book: Book, ends: list[Line]) -> dict[str, Fact]:
    shorter = {e["allocation_id"]: {"valid_to": day(e["last_day"])} for e in ends}
    return {key: {**fact, **shorter.get(key, {})} for key, fact in book.allocations.items()}


def end_faults(book: Book, ends: list[Line]) -> Iterator[str]:
    for end in ends:
        fact = book.allocations[end["allocation_id"]]
        if not fact["valid_from"] <= day(end["last_day"]) <= fact["valid_to"]:
            yield "outside-task-period"


def check_end_allocation(book: Book, line: Line) -> Iterator[str]:
    ends = [line["data"]]
    task = book.allocations[line["data"]["allocation_id"]]["task"]
    yield from lead_faults(book, ended(book, ends), task)
    yield from end_faults(book, ends)


def end_allocation(book: Book, line: Line) -> None:
    book.allocations = ended(book, [line["data"]])


CHECKS: dict[str, Check] = {
    "SubmitJointOffer": check_submit_offer,
    "SignContract": check_sign_contract,
    "AmendContractParties": check_amend_parties,
    "ChangeContractTerm": check_change_term,
    "DefineTask": check_define_task,
    "AllocateTask": check_allocate,
    "EndAllocation": check_end_allocation,
}
APPLY: dict[str, Apply] = {
    "SubmitJointOffer": submit_offer,
    "SignContract": sign_contract,
    "AmendContractParties": amend_parties,
    "ChangeContractTerm": change_term,
    "DefineTask": define_task,
    "AllocateTask": allocate,
    "EndAllocation": end_allocation,
}
