"""Money in hand: tranches received and distributed, settlements between members, execution, return to the city."""

from collections.abc import Iterator
from datetime import date

from .book import RECEIVED_SOURCES, Apply, Book, Check, Fact, Line, effective_day
from .shares import balance, least_share, turning_days


def received(book: Book, package: str, source: str) -> int:
    return sum(t["amount"] for t in book.tranches if (t["package"], t["source"]) == (package, source))


def paid(book: Book, package: str, source: str, member: str) -> int:
    """Net of settlements between members."""
    return sum(
        p["amount"] for p in book.payments if (p["package"], p["source"], p["member"]) == (package, source, member)
    )


def tranche_of(book: Book, data: Line) -> Fact | None:
    key = (data["package_id"], data["source"], data["tranche_no"])
    return next((t for t in book.tranches if (t["package"], t["source"], t["no"]) == key), None)


def check_receive(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    package, source = data["package_id"], data["source"]
    if source not in RECEIVED_SOURCES:
        yield "source-mismatch"
        return
    if any((t["package"], t["source"], t["no"]) == (package, source, data["tranche_no"]) for t in book.tranches):
        yield "id-already-used"
    if received(book, package, source) + data["amount_gr"] > book.packages[package][source]:
        yield "tranche-exceeds-contract"


def receive(book: Book, line: Line) -> None:
    data = line["data"]
    book.tranches.append(
        {
            "on": effective_day(line),
            "package": data["package_id"],
            "source": data["source"],
            "no": data["tranche_no"],
            "amount": data["amount_gr"],
            "distributed": False,
        }
    )


def overpays(book: Book, data: Line, member: str, amount: int, on: date) -> bool:
    package, source = data["package_id"], data["source"]
    if amount <= 0:
        return False
    return paid(book, package, source, member) + amount > least_share(book, package, source, member, on)


def check_distribute(book: Book, line: Line) -> Iterator[str]:
    data, tranche = line["data"], tranche_of(book, line["data"])
    if data["source"] not in RECEIVED_SOURCES:
        yield "source-mismatch"
    if tranche is None or tranche["distributed"] or sum(data["amounts_gr"].values()) != tranche["amount"]:
        yield "distribution-not-balanced"
    if any(overpays(book, data, m, amount, effective_day(line)) for m, amount in data["amounts_gr"].items()):
        yield "overpayment"


def pay(book: Book, line: Line, member: str, amount: int) -> None:
    data = line["data"]
    book.payments.append(
        {
            "on": effective_day(line),
            "package": data["package_id"],
            "source": data["source"],
            "no": data.get("tranche_no"),
            "member": member,
            "amount": amount,
        }
    )


def distribute(book: Book, line: Line) -> None:
    tranche = tranche_of(book, line["data"])
    if tranche is not None:
        tranche["distributed"] = True
    for member, amount in line["data"]["amounts_gr"].items():
        pay(book, line, member, amount)


def check_settle(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    if data["source"] not in RECEIVED_SOURCES:
        yield "source-mismatch"
    if overpays(book, data, data["to_member"], data["amount_gr"], effective_day(line)):
        yield "overpayment"
    if paid(book, data["package_id"], data["source"], data["from_member"]) < data["amount_gr"]:
        yield "share-exceeded"


def settle(book: Book, line: Line) -> None:
    data = line["data"]
    pay(book, line, data["from_member"], -data["amount_gr"])
    pay(book, line, data["to_member"], data["amount_gr"])


def unspent_on(book: Book, package: str, on: date = date.max) -> list[Fact]:
    """What members reported as unspent city grant by the day; a later report on the same share replaces the earlier."""
    reports = sorted((u for u in book.unspent if u["package"] == package and u["on"] <= on), key=lambda u: u["on"])
    stands = {(u["line"], u["member"]): u for u in reports}
    return [u for u in stands.values() if u["grant"]]


def unspent_by(book: Book, package: str, member: str) -> int:
    """Unspent city grant of the member, in grosze, less what it has returned."""
    left = sum(u["amount"] for u in unspent_on(book, package) if u["member"] == member)
    returned = sum(r["amount"] for r in book.returns if (r["package"], r["member"]) == (package, member))
    return int(left - returned)


def check_execution(book: Book, line: Line) -> Iterator[str]:
    """Nobody leaves more unspent than the least of its share from that day on, as known."""
    since = turning_days(book.postings, effective_day(line))
    for entry in line["data"]["unspent"]:
        if entry["amount_gr"] > min(balance(book.postings, entry["line_id"], entry["member_id"], on) for on in since):
            yield "share-exceeded"


def record_execution(book: Book, line: Line) -> None:
    book.executions.append({"on": effective_day(line), "package": line["data"]["package_id"]})
    for entry in line["data"]["unspent"]:
        book.unspent.append(
            {
                "on": effective_day(line),
                "package": line["data"]["package_id"],
                "line": entry["line_id"],
                "member": entry["member_id"],
                "amount": entry["amount_gr"],
                "grant": book.lines[entry["line_id"]]["source"] == "city_grant",
            }
        )


def check_return(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    if data["amount_gr"] > unspent_by(book, data["package_id"], data["from_member"]):
        yield "share-exceeded"


def return_unspent(book: Book, line: Line) -> None:
    data = line["data"]
    book.returns.append(
        {
            "on": effective_day(line),
            "package": data["package_id"],
            "member": data["from_member"],
            "amount": data["amount_gr"],
        }
    )


CHECKS: dict[str, Check] = {
    "ReceiveTranche": check_receive,
    "DistributeTranche": check_distribute,
    "SettleBetweenMembers": check_settle,
    "RecordExecution": check_execution,
    "ReturnUnspentGrant": check_return,
}
APPLY: dict[str, Apply] = {
    "ReceiveTranche": receive,
    "DistributeTranche": distribute,
    "SettleBetweenMembers": settle,
    "RecordExecution": record_execution,
    "ReturnUnspentGrant": return_unspent,
}
