"""Shared resources, mentoring, plebiscite, consultations, reports, indicators, findings and recommendations."""

from collections.abc import Iterator

from .book import Apply, Book, Check, Fact, Line, day, effective_day, is_member, recorded_day


def check_register_resource(book: Book, line: Line) -> Iterator[str]:
    if not is_member(book, line["data"]["owner"], effective_day(line)):
        yield "not-a-member-on-date"


def register_resource(book: Book, line: Line) -> None:
    book.resources[line["data"]["resource_id"]] = {"quantity": line["data"]["quantity"]}


def check_lend(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], effective_day(line)
    if not is_member(book, data["member_id"], on):
        yield "not-a-member-on-date"
    out = [
        loan
        for loan in book.loans
        if loan["resource"] == data["resource_id"] and (loan["returned_on"] is None or on < loan["returned_on"])
    ]
    if len(out) >= book.resources[data["resource_id"]]["quantity"]:
        yield "resource-already-lent"
    if day(data["due_on"]) < on:
        yield "period-out-of-order"


def lend(book: Book, line: Line) -> None:
    data = line["data"]
    book.loans.append(
        {
            "resource": data["resource_id"],
            "member": data["member_id"],
            "lent_on": effective_day(line),
            "due_on": day(data["due_on"]),
            "returned_on": None,
        }
    )


def lent_to(book: Book, data: Line) -> list[Fact]:
    """Loans of the resource that the member has not given back, the earliest recorded first."""
    wanted = (data["resource_id"], data["member_id"])
    return [loan for loan in book.loans if (loan["resource"], loan["member"], loan["returned_on"]) == (*wanted, None)]


def check_give_back(book: Book, line: Line) -> Iterator[str]:
    lent = lent_to(book, line["data"])
    if not lent:
        yield "resource-not-lent"
    elif effective_day(line) < lent[0]["lent_on"]:
        yield "period-out-of-order"


def give_back(book: Book, line: Line) -> None:
    lent_to(book, line["data"])[0]["returned_on"] = effective_day(line)


def check_start_mentoring(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], effective_day(line)
    if not (is_member(book, data["mentor"], on) and is_member(book, data["mentee"], on)):
        yield "not-a-member-on-date"
    if day(data["until"]) < on:
        yield "period-out-of-order"


def start_mentoring(book: Book, line: Line) -> None:
    data = line["data"]
    book.pairs[data["pair_id"]] = {
        "mentor": data["mentor"],
        "mentee": data["mentee"],
        "started_on": effective_day(line),
        "until": day(data["until"]),
        "hours_planned": data["hours_planned"],
    }


def check_log_mentoring_hours(book: Book, line: Line) -> Iterator[str]:
    pair, held_on = book.pairs[line["data"]["pair_id"]], day(line["data"]["held_on"])
    if not pair["started_on"] <= held_on <= pair["until"]:
        yield "period-out-of-order"


def open_plebiscite(book: Book, line: Line) -> None:
    data = line["data"]
    book.plebiscites[data["plebiscite_id"]] = {
        "from": effective_day(line),
        "options": list(data["options"]),
        "closed_on": None,
    }


def check_close_plebiscite(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    plebiscite = book.plebiscites[data["plebiscite_id"]]
    if plebiscite["closed_on"] is not None:
        yield "already-decided"
    if sorted(count["option"] for count in data["counts"]) != sorted(plebiscite["options"]):
        yield "counts-differ"


def close_plebiscite(book: Book, line: Line) -> None:
    data = line["data"]
    book.plebiscites[data["plebiscite_id"]] |= {
        "closed_on": effective_day(line),
        "counts": {count["option"]: count["votes"] for count in data["counts"]},
        "invalid": data["invalid"],
    }


def open_consultation(book: Book, line: Line) -> None:
    book.consultations[line["data"]["consultation_id"]] = {"closed_on": None}


def check_close_consultation(book: Book, line: Line) -> Iterator[str]:
    if book.consultations[line["data"]["consultation_id"]]["closed_on"] is not None:
        yield "already-decided"


def close_consultation(book: Book, line: Line) -> None:
    book.consultations[line["data"]["consultation_id"]]["closed_on"] = effective_day(line)


def submit_report(book: Book, line: Line) -> None:
    data = line["data"]
    book.reports.append(
        {
            "from": effective_day(line),
            "package": data["package_id"],
            "kind": data["kind"],
            "due_on": day(data["due_on"]),
            "submitted_on": day(data["submitted_on"]),
        }
    )


def report_indicator(book: Book, line: Line) -> None:
    data = line["data"]
    book.indicators.append(
        {
            "package": data["package_id"],
            "task": data["task_id"],
            "target": data["target"],
            "achieved": data["achieved"],
        }
    )


def record_finding(book: Book, line: Line) -> None:
    book.findings[line["data"]["finding_id"]] = {"recorded_on": recorded_day(line)}


def record_recommendation(book: Book, line: Line) -> None:
    data = line["data"]
    book.recommendations[data["recommendation_id"]] = {
        "from": effective_day(line),
        "due_on": day(data["due_on"]),
        "closed_on": None,
    }


def check_close_recommendation(book: Book, line: Line) -> Iterator[str]:
    if book.recommendations[line["data"]["recommendation_id"]]["closed_on"] is not None:
        yield "already-decided"


def close_recommendation(book: Book, line: Line) -> None:
    book.recommendations[line["data"]["recommendation_id"]]["closed_on"] = effective_day(line)


CHECKS: dict[str, Check] = {
    "RegisterResource": check_register_resource,
    "LendResource": check_lend,
    "ReturnResource": check_give_back,
    "StartMentoring": check_start_mentoring,
    "LogMentoringHours": check_log_mentoring_hours,
    "ClosePlebiscite": check_close_plebiscite,
    "CloseConsultation": check_close_consultation,
    "CloseRecommendation": check_close_recommendation,
}
APPLY: dict[str, Apply] = {
    "RegisterResource": register_resource,
    "LendResource": lend,
    "ReturnResource": give_back,
    "StartMentoring": start_mentoring,
    "OpenPlebiscite": open_plebiscite,
    "ClosePlebiscite": close_plebiscite,
    "OpenConsultation": open_consultation,
    "CloseConsultation": close_consultation,
    "SubmitReport": submit_report,
    "ReportIndicator": report_indicator,
    "RecordAuditFinding": record_finding,
    "RecordRecommendation": record_recommendation,
    "CloseRecommendation": close_recommendation,
}
