"""The budget: adopted lines, splits, moves, transfers and annex money, as signed postings in grosze."""

from collections.abc import Iterator
from datetime import date

from .book import (
    OWN_SOURCES,
    RECEIVED_SOURCES,
    Apply,
    Book,
    Check,
    Fact,
    Line,
    effective_day,
    is_member,
    is_party,
    leader_on,
    performs,
    performs_some_day,
    rules_on,
)
from .packages import annex_in_sequence
from .shares import balance, divide, is_split, overdrawn


def post(line: Line, kind: str, place: tuple[str, str | None], amount: int) -> Fact:
    return {
        "on": effective_day(line),
        "line": place[0],
        "member": place[1],
        "amount": amount,
        "under": line["under"],
        "kind": kind,
    }


def contract_amount(book: Book, package: str, source: str) -> int:
    return int(book.packages[package][source if source in RECEIVED_SOURCES else "own"])


def check_adopt_budget(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    package = data["package_id"]
    adopted = [(name, fact["source"]) for name, fact in book.lines.items() if fact["package"] == package]
    for sources in (["city_grant"], ["project_funds"], list(OWN_SOURCES)):
        planned = sum(fact["amount_gr"] for fact in data["lines"] if fact["source"] in sources)
        planned += sum(balance(book.postings, name, None, date.max) for name, source in adopted if source in sources)
        if planned != contract_amount(book, package, sources[0]):
            yield "budget-differs-from-contract"


def adopt_budget(book: Book, line: Line) -> None:
    data = line["data"]
    for planned in data["lines"]:
        book.lines[planned["line_id"]] = {
            "package": data["package_id"],
            "task": planned["task_id"],
            "source": planned["source"],
            "amount_gr": planned["amount_gr"],
            "raised_gr": 0,
        }
        book.postings.append(post(line, "line", (planned["line_id"], None), planned["amount_gr"]))


def is_received(book: Book, line_id: str) -> bool:
    return book.lines[line_id]["source"] in RECEIVED_SOURCES


def sharer_faults(book: Book, line_id: str, members: list[str], on: date) -> Iterator[str]:
    """Shares of received money go to those who perform the task some day; own contribution comes from members."""
    if not is_received(book, line_id):
        if any(not is_member(book, member, on) for member in members):
            yield "not-a-member-on-date"
    elif any(not performs_some_day(book, book.lines[line_id]["task"], member) for member in members):
        yield "not-allocated-to-task"


def weights_faults(line: Line) -> Iterator[str]:
    shares = line["data"]["shares"]
    named = [share["member_id"] for share in shares]
    weights = [share["weight"] for share in shares]
    if len(set(named)) != len(named) or any(weight < 0 for weight in weights) or sum(weights) <= 0:
        yield "weights-invalid"


def leader_faults(book: Book, line: Line) -> Iterator[str]:
    if rules_on(book, effective_day(line))["rounding"] == "leader_takes_remainder":
        sharing = [share["member_id"] for share in line["data"]["shares"] if share["weight"]]
        if leader_on(book, effective_day(line)) not in sharing:
            yield "leader-has-no-share"


def check_split(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    yield from sharer_faults(book, data["line_id"], [s["member_id"] for s in data["shares"]], effective_day(line))
    yield from weights_faults(line)
    if is_split(book, data["line_id"]):
        yield "line-already-split"
    yield from leader_faults(book, line)


def divided(book: Book, line: Line, amount: int) -> dict[str, int]:
    rounding = rules_on(book, effective_day(line))["rounding"]
    return divide(rounding, amount, line["data"]["shares"], leader_on(book, effective_day(line)))


def split(book: Book, line: Line) -> None:
    """Everything the line holds, from the day on which it holds all of it."""
    line_id = line["data"]["line_id"]
    changed = [p["on"] for p in book.postings if p["line"] == line_id and p["member"] is None]
    held = balance(book.postings, line_id, None, date.max)
    for member, amount in divided(book, line, held).items():
        shared = post(line, "split", (line_id, member), amount)
        book.postings.append({**shared, "on": max(effective_day(line), *changed)})


def resplit_postings(book: Book, line: Line) -> list[Fact]:
    """The difference between the shares as they stand on the day and the line of that day divided anew."""
    line_id, on = line["data"]["line_id"], effective_day(line)
    wanted = divided(book, line, balance(book.postings, line_id, None, on))
    holders = {p["member"] for p in book.postings if p["line"] == line_id and p["member"] is not None}
    changes = {m: wanted.get(m, 0) - balance(book.postings, line_id, m, on) for m in sorted(holders | set(wanted))}
    return [post(line, "resplit", (line_id, member), amount) for member, amount in changes.items()]


def check_resplit(book: Book, line: Line) -> Iterator[str]:
    faults = list(before_resplit(book, line))
    yield from faults
    on, lines = effective_day(line), [line["data"]["line_id"]]
    if not faults and overdrawn([*book.postings, *resplit_postings(book, line)], on, lines):
        yield "share-exceeded"


def before_resplit(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], effective_day(line)
    sharers = list(sharer_faults(book, data["line_id"], [s["member_id"] for s in data["shares"]], on))
    yield from (code for code in sharers if code == "not-a-member-on-date")
    if not is_split(book, data["line_id"], on):
        yield "line-not-split"
    yield from sharers
    yield from weights_faults(line)
    yield from leader_faults(book, line)


def resplit(book: Book, line: Line) -> None:
    book.postings.extend(resplit_postings(book, line))


def move_postings(line: Line, move: Line) -> list[Fact]:
    return [
        post(line, "move", (move["line_id"], move["from_member"]), -move["amount_gr"]),
        post(line, "move", (move["line_id"], move["to_member"]), move["amount_gr"]),
    ]


def receiver_faults(book: Book, move: Line, on: date) -> Iterator[str]:
    if not is_member(book, move["to_member"], on):
        yield "not-a-member-on-date"


def party_faults(book: Book, line_id: str, member: str, on: date) -> Iterator[str]:
    if is_received(book, line_id) and not is_party(book, book.lines[line_id]["package"], member, on):
        yield "not-a-contract-party"


def check_move(book: Book, line: Line) -> Iterator[str]:
    move, on = line["data"], effective_day(line)
    yield from receiver_faults(book, move, on)
    yield from party_faults(book, move["line_id"], move["to_member"], on)
    yield from move_faults(book, line, move)


def move_faults(book: Book, line: Line, move: Line) -> Iterator[str]:
    line_id, on = move["line_id"], effective_day(line)
    if is_received(book, line_id) and not performs(book, book.lines[line_id]["task"], move["to_member"], on):
        yield "not-allocated-to-task"
    if not is_split(book, line_id, on):
        yield "line-not-split"
    if overdrawn([*book.postings, *move_postings(line, move)], on, [line_id]):
        yield "share-exceeded"


def move_split(book: Book, line: Line) -> None:
    book.postings.extend(move_postings(line, line["data"]))


def transfer_postings(line: Line) -> list[Fact]:
    data = line["data"]
    return [
        post(line, "transfer", (data["from_line"], None), -data["amount_gr"]),
        post(line, "transfer", (data["to_line"], None), data["amount_gr"]),
        *(post(line, "transfer", (data["from_line"], m), -gr) for m, gr in data["from_members"].items()),
        *(post(line, "transfer", (data["to_line"], m), gr) for m, gr in data["to_members"].items()),
    ]


def check_transfer(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], effective_day(line)
    source, target = book.lines[data["from_line"]], book.lines[data["to_line"]]
    package, annex_no = book.packages[data["package_id"]], data.get("annex_no")
    if source["source"] != target["source"]:
        yield "source-mismatch"
    raised = target["raised_gr"] + data["amount_gr"]
    if annex_no is None and 10_000 * raised > package["limit_bp"] * target["amount_gr"]:
        yield "transfer-limit-exceeded"
    if annex_no is not None and annex_no > package["annexes"] + 1:
        yield "annex-out-of-sequence"
    yield from parts_faults(book, data["from_line"], data["from_members"], data["amount_gr"], on)
    yield from parts_faults(book, data["to_line"], data["to_members"], data["amount_gr"], on)
    yield from sharer_faults(book, data["to_line"], list(data["to_members"]), on)
    if overdrawn([*book.postings, *transfer_postings(line)], on, [data["from_line"], data["to_line"]]):
        yield "share-exceeded"


def parts_faults(book: Book, line_id: str, members: dict[str, int], amount: int, on: date) -> Iterator[str]:
    """The members' parts make up the amount of a line that is split by the day; one never split has no parts."""
    if not is_split(book, line_id, on) and (members or is_split(book, line_id)):
        yield "line-not-split"
    if is_split(book, line_id) and sum(members.values()) != amount:
        yield "transfer-not-balanced"


def transfer(book: Book, line: Line) -> None:
    book.postings.extend(transfer_postings(line))
    if line["data"].get("annex_no") is None:
        book.lines[line["data"]["to_line"]]["raised_gr"] += line["data"]["amount_gr"]


def annex_postings(line: Line) -> list[Fact]:
    data = line["data"]
    return [
        post(line, "annex", (data["line_id"], None), data["grant_change_gr"]),
        *(post(line, "annex", (data["line_id"], m), gr) for m, gr in data["to_members"].items()),
    ]


def check_sign_annex(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], effective_day(line)
    if book.lines[data["line_id"]]["source"] != "city_grant":
        yield "source-mismatch"
    if not annex_in_sequence(book, data):
        yield "annex-out-of-sequence"
    yield from sharer_faults(book, data["line_id"], list(data["to_members"]), on)
    yield from parts_faults(book, data["line_id"], data["to_members"], data["grant_change_gr"], on)
    if overdrawn([*book.postings, *annex_postings(line)], on, [data["line_id"]]):
        yield "share-exceeded"
    come = sum(t["amount"] for t in book.tranches if (t["package"], t["source"]) == (data["package_id"], "city_grant"))
    if come > book.packages[data["package_id"]]["city_grant"] + data["grant_change_gr"]:
        yield "tranche-exceeds-contract"


def sign_annex(book: Book, line: Line) -> None:
    package = book.packages[line["data"]["package_id"]]
    package["annexes"] = line["data"]["annex_no"]
    package["city_grant"] += line["data"]["grant_change_gr"]
    book.postings.extend(annex_postings(line))


CHECKS: dict[str, Check] = {
    "AdoptBudget": check_adopt_budget,
    "SplitLine": check_split,
    "ResplitLine": check_resplit,
    "MoveSplit": check_move,
    "TransferBetweenLines": check_transfer,
    "SignAnnex": check_sign_annex,
}
APPLY: dict[str, Apply] = {
    "AdoptBudget": adopt_budget,
    "SplitLine": split,
    "ResplitLine": resplit,
    "MoveSplit": move_split,
    "TransferBetweenLines": transfer,
    "SignAnnex": sign_annex,
}
