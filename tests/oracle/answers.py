"""What holds on a day: the questions of `state`, answered from a book that holds what was known."""

from datetime import date
from typing import Any

from .book import Book, Fact, is_member, latest, leader_on, roll, rules_on, size_of, statute_on
from .budget_answers import budget, payments, small_share
from .obligations import obligations
from .payments import unspent_on
from .shares import balance
from .votes import counts_of, outcome

Answer = dict[str, Any]


def iso(on: date | None) -> str | None:
    return on.isoformat() if on is not None else None


def members(book: Book, on: date) -> Answer:
    return {
        member: {"name": fact["name"], "size": size_of(book, member, on), "joined_on": iso(fact["joined_on"])}
        for member, fact in book.members.items()
        if is_member(book, member, on)
    }


def members_left(book: Book, on: date) -> Answer:
    return {
        member: {"last_day": iso(fact["last_day"])}
        for member, fact in book.members.items()
        if fact["last_day"] is not None and fact["last_day"] < on
    }


def chair(book: Book, on: date) -> Answer | None:
    fact = latest(book.chairs, on)
    return {"delegate": fact["delegate"], "deputy": fact["deputy"]} if fact else None


def statute_version(book: Book, on: date) -> Answer | None:
    fact = statute_on(book, on)
    if fact is None:
        return None
    return {
        "effective_on": iso(fact["from"]),
        "version": fact["version"],
        "tie_break": fact["rules"]["tie_break"],
        "circular_allowed": fact["rules"]["circular_vote"]["allowed"],
    }


def status(draft: Fact, on: date) -> tuple[str, date | None]:
    """An invalid resolution never held, so its status counts from its vote day; a repealed one ends on a day."""
    if draft["withdrawn_on"] is not None and draft["withdrawn_on"] <= on:
        return "withdrawn", draft["withdrawn_on"]
    if draft["vote"] is None or draft["vote"]["voted_on"] > on:
        return "draft", None
    if outcome(draft["vote"])[0] == "rejected":
        return "rejected", None
    if draft["invalid"]:
        return "invalid", draft["vote"]["voted_on"]
    if draft["repealed_from"] is not None and draft["repealed_from"] <= on:
        return "repealed", draft["repealed_from"]
    return "in_force", None


NOT_VOTED = (
    *("number", "majority", "ballot", "forum", "voted_on", "seats", "present"),
    *("counts", "counts_as_first_recorded", "cast", "tie_break_used", "outcome"),
)


def resolution(draft_id: str, draft: Fact, on: date) -> Answer:
    said = {"draft_id": draft_id, "matter": draft["matter"], "title": draft["title"]}
    vote, (held, held_from) = draft["vote"], status(draft, on)
    if vote is None or vote["voted_on"] > on:
        recused = sorted(delegate for delegate, declared_on in draft["conflicts"].items() if declared_on <= on)
        return {**said, **dict.fromkeys(NOT_VOTED), "recused": recused, "status": held, "status_from": iso(held_from)}
    counts, (decided, tie_break_used) = counts_of(vote), outcome(vote)
    return {
        **said,
        "number": draft["number"],
        "majority": vote["majority"],
        "ballot": vote["ballot"],
        "forum": vote["forum"],
        "voted_on": iso(vote["voted_on"]),
        "seats": vote["seats"],
        "present": vote["present"],
        "recused": vote["recused"],
        "counts": counts,
        "counts_as_first_recorded": vote["first_counts"],
        "cast": sum(counts.values()),
        "tie_break_used": tie_break_used,
        "outcome": decided,
        "status": held,
        "status_from": iso(held_from),
    }


def meetings(book: Book, on: date) -> list[Answer]:
    answers = []
    for meeting_id, forum in book.forums.items():
        if forum["kind"] != "meeting" or forum["opened_on"] > on:
            continue
        present = [there for since, there in forum["attendance"] if since <= on][-1]
        closed = forum["closed_on"] is not None and forum["closed_on"] <= on
        answers.append(
            {
                "meeting_id": meeting_id,
                "date": iso(forum["opened_on"]),
                "mode": forum["mode"],
                "seats": forum["seats"],
                "present": len(present),
                "quorum_required": forum["quorum_required"],
                "quorum": len(present) >= forum["quorum_required"],
                "minutes": forum["minutes_ref"] if closed else None,
                "closed": forum["reason"] if closed else None,
            }
        )
    return answers


def allocations(book: Book, on: date) -> Answer:
    """Tasks of the day; the lead first, then by member."""
    answers = {}
    for task_id, task in book.tasks.items():
        if task["period_from"] <= on <= task["period_to"]:
            held = [a for a in book.allocations.values() if a["task"] == task_id]
            held = [a for a in held if a["valid_from"] <= on <= a["valid_to"]]
            held.sort(key=lambda a: (a["role"] != "lead", a["member"]))
            answers[task_id] = [
                {"member": a["member"], "role": a["role"], "resolution": book.drafts[a["under"]]["number"]}
                for a in held
            ]
    return answers


def plebiscites(book: Book, on: date) -> Answer:
    """Two options with the most votes: no winner, the board decides."""
    answers: Answer = {}
    for name, fact in book.plebiscites.items():
        if fact["from"] > on:
            continue
        if fact["closed_on"] is None or fact["closed_on"] > on:
            answers[name] = {"winner": None, "valid_votes": None, "invalid": None}
            continue
        most = max(fact["counts"].values())
        first = [option for option, votes in fact["counts"].items() if votes == most]
        answers[name] = {
            "winner": first[0] if len(first) == 1 else None,
            "valid_votes": sum(fact["counts"].values()),
            "invalid": fact["invalid"],
        }
    return answers


def loans(book: Book, on: date) -> list[Answer]:
    answers = []
    for loan in book.loans:
        if loan["lent_on"] <= on:
            back = loan["returned_on"] if loan["returned_on"] is not None and loan["returned_on"] <= on else None
            answers.append(
                {
                    "resource": loan["resource"],
                    "member": loan["member"],
                    "lent_on": iso(loan["lent_on"]),
                    "due_on": iso(loan["due_on"]),
                    "returned_on": iso(back),
                    "days_late": max(0, ((back or on) - loan["due_on"]).days),
                }
            )
    return answers


def audit(book: Book, on: date) -> Answer:
    recommendations: Answer = {}
    for name, fact in book.recommendations.items():
        if fact["from"] <= on:
            closed = fact["closed_on"] if fact["closed_on"] is not None and fact["closed_on"] <= on else None
            recommendations[name] = {
                "due_on": iso(fact["due_on"]),
                "closed_on": iso(closed),
                "on_time": closed <= fact["due_on"] if closed else (None if on <= fact["due_on"] else False),
            }
    findings = sorted(name for name, fact in book.findings.items() if fact["recorded_on"] <= on)
    return {"findings": findings, "recommendations": recommendations}


def reports(book: Book, on: date) -> list[Answer]:
    return [
        {
            "package": fact["package"],
            "kind": fact["kind"],
            "due_on": iso(fact["due_on"]),
            "submitted_on": iso(fact["submitted_on"]),
            "on_time": fact["submitted_on"] <= fact["due_on"],
        }
        for fact in book.reports
        if fact["from"] <= on
    ]


def mentoring(book: Book, on: date) -> Answer:
    return {
        name: {**fact, "started_on": iso(fact["started_on"]), "until": iso(fact["until"])}
        for name, fact in book.pairs.items()
        if fact["started_on"] <= on
    }


def execution(book: Book, package: str, on: date = date.max) -> Answer:
    """How the city grant of the package was spent by the day, as known."""
    unspent = sum(u["amount"] for u in unspent_on(book, package, on))
    returned = [r for r in book.returns if r["package"] == package and r["on"] <= on]
    lines = [name for name, at in book.lines.items() if (at["package"], at["source"]) == (package, "city_grant")]
    grant = sum(balance(book.postings, name, None, on) for name in lines)
    return {
        "grant_gr": grant,
        "unspent_gr": unspent,
        "spent_gr": grant - unspent,
        "returned_on": iso(returned[-1]["on"]) if returned else None,
        "by": returned[-1]["member"] if returned else None,
    }


def executions(book: Book, on: date) -> Answer:
    """Of every package whose execution was reported by the day."""
    reported = {fact["package"] for fact in book.executions if fact["on"] <= on}
    return {package: execution(book, package, on) for package in book.packages if package in reported}


def indicators(book: Book, package: str) -> list[Answer]:
    return [
        {"task": i["task"], "target": i["target"], "achieved": i["achieved"], "met": i["achieved"] >= i["target"]}
        for i in book.indicators
        if i["package"] == package
    ]


def state(book: Book, on: date) -> Answer:
    minimum_bp = rules_on(book, on)["small_pes_share_min_bp"] if book.statutes else 0
    return {
        "members": members(book, on),
        "members_left": members_left(book, on),
        "seats": len(roll(book, on)),
        "leader": leader_on(book, on),
        "chair": chair(book, on),
        "statute_version": statute_version(book, on),
        "resolutions": [resolution(i, d, on) for i, d in book.drafts.items() if d["proposed_on"] <= on],
        "meetings": meetings(book, on),
        "allocations": allocations(book, on),
        "budget": budget(book, on),
        "payments": payments(book, on),
        "small_pes_share": small_share(book, on, minimum_bp),
        "execution": executions(book, on),
        "plebiscites": plebiscites(book, on),
        "loans": loans(book, on),
        "audit": audit(book, on),
        "reports": reports(book, on),
        "mentoring": mentoring(book, on),
        "obligations": obligations(book, on),
    }
