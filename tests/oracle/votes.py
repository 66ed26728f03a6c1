"""A ballot judged by the seats, statute and roll of its day: quorum, recusal, majority, casting vote, number."""

from collections.abc import Iterator
from datetime import date

from .book import Apply, Book, Check, Fact, Line, delegate_of, latest, recorded_day, roll, rules_on
from .statute import carries, quorum_required


def ballot_case(book: Book, draft: Fact, forum: Fact, on: date) -> Fact:
    """Everything of the vote's day that the outcome rests on; kept with the vote, never looked up again."""
    chair, seated = latest(book.chairs, on), roll(book, on)
    return {
        "roll": seated,
        "rules": rules_on(book, on),
        "circular": forum["kind"] == "circular",
        "attending": [delegate for delegate in forum.get("present", []) if delegate in seated],
        "recused": sorted(draft["conflicts"]),
        "subject_delegates": [delegate_of(book, member, on) for member in draft["subjects"]],
        "matter": draft["matter"],
        "chair": chair["delegate"] if chair else None,
        "deputy": chair["deputy"] if chair else None,
    }


def roll_day(forum: Fact, line: Line) -> date:
    return forum["opens_on"] if forum["kind"] == "circular" else recorded_day(line)


def case_now(book: Book, line: Line) -> Fact:
    draft, forum = book.drafts[line["data"]["draft_id"]], book.forums[line["data"]["forum"]]
    return ballot_case(book, draft, forum, roll_day(forum, line))


def there(case: Fact, returned: list[str]) -> set[str]:
    """Those on the attendance list; in a circular vote those who returned a vote and those recused."""
    if case["circular"]:
        return set(returned) | (set(case["recused"]) & set(case["roll"]))
    return set(case["attending"])


def has_quorum(case: Fact, returned: list[str]) -> bool:
    rules = case["rules"]
    if case["circular"]:
        quorum = rules["circular_vote"].get("quorum")
        if quorum is None:
            return True
        counted = there(case, returned) if quorum["counts"] == "returned_and_recused" else set(returned)
    else:
        quorum = rules["quorum"]
        counted = there(case, returned)
        if not quorum["recused_counts_as_present"]:
            counted -= set(case["recused"])
    return len(counted) >= quorum_required(quorum, len(case["roll"]))


def must_be_recused(case: Fact, voters: list[str]) -> list[str]:
    """Delegates of the subjects of an individual matter, of those who are there (a circular vote: who replied)."""
    recusal = case["rules"]["recusal"]
    individual = 2 * len(case["subject_delegates"]) < len(case["roll"])
    if case["matter"] not in recusal["matters"] or not individual:
        return []
    able = voters if case["circular"] else case["attending"]
    return [delegate for delegate in case["subject_delegates"] if delegate in able]


def is_settled(draft: Fact) -> bool:
    return draft["vote"] is not None or draft["withdrawn_on"] is not None


def voters_of(data: Line) -> list[str]:
    return list(data["votes"] if data.get("votes") is not None else data.get("took_part") or [])


def ballot_faults(case: Fact, draft: Fact, data: Line) -> Iterator[str]:
    """The rules of a vote in their order; `data` has ballot and either votes, or took_part and counts."""
    named, voters = data.get("votes") is not None, voters_of(data)
    if not has_quorum(case, voters):
        yield "no-quorum"
    if is_settled(draft):
        yield "already-decided"
    secret = draft["matter"] in case["rules"]["secret_ballot_matters"]
    counts_only = data["ballot"] == "open" and not named and data.get("took_part") is not None
    if (data["ballot"] == "secret") != secret or counts_only:
        yield "ballot-kind-mismatch"
    if data["ballot"] == "secret" and named:
        yield "secret-ballot-names-voters"
    if any(delegate not in case["recused"] for delegate in must_be_recused(case, voters)):
        yield "recusal-required"
    if any(delegate in case["recused"] for delegate in voters):
        yield "recused-delegate-voted"


def forum_faults(draft: Fact, forum: Fact, line: Line, case: Fact) -> Iterator[str]:
    if case["circular"] and not case["rules"]["circular_vote"]["allowed"]:
        yield "circular-vote-not-allowed"
    if forum["closed_on"] is not None:
        yield "forum-closed"
    if case["circular"] and (recorded_day(line) < forum["opens_on"] or line["data"]["draft_id"] not in forum["drafts"]):
        yield "voting-not-open"
    if draft["live"] is not None:
        yield "voting-already-open"


def attendance_faults(case: Fact, data: Line) -> Iterator[str]:
    voters = voters_of(data)
    if not case["circular"]:
        if any(delegate not in case["attending"] for delegate in voters):
            yield "voter-not-present"
        expected = set(case["attending"]) - set(case["recused"])
        if data["ballot"] == "open" and expected - set(voters):
            yield "vote-missing"
    if data.get("votes" if data["ballot"] == "open" else "counts") is None:
        yield "vote-missing"


def counts_faults(data: Line) -> Iterator[str]:
    """Counts given must be those of the votes, and as many as took part."""
    counts = data.get("counts")
    if data["ballot"] == "open" and data.get("votes") is not None:
        took_part = data.get("took_part")
        if counts not in (None, tally(data["votes"])) or (took_part and set(took_part) != set(data["votes"])):
            yield "counts-differ"
    if data["ballot"] == "secret" and counts is not None and sum(counts.values()) != len(voters_of(data)):
        yield "counts-differ"


def check_record_vote(book: Book, line: Line) -> Iterator[str]:
    data, case = line["data"], case_now(book, line)
    draft, forum = book.drafts[data["draft_id"]], book.forums[data["forum"]]
    if any(delegate not in case["roll"] for delegate in voters_of(data)):
        yield "no-seat-on-date"
    yield from ballot_faults(case, draft, data)
    yield from forum_faults(draft, forum, line, case)
    yield from attendance_faults(case, data)
    yield from counts_faults(data)


def tally(votes: dict[str, str]) -> dict[str, int]:
    return {kind: sum(vote == kind for vote in votes.values()) for kind in ("for", "against", "abstain")}


def counts_of(vote: Fact) -> dict[str, int]:
    return tally(vote["votes"]) if vote["ballot"] == "open" else dict(vote["counts"])


def casting_vote(vote: Fact) -> str | None:
    """How a tie is decided: the chair's own vote, or the deputy's when the chair is absent or recused."""
    rules, case = vote["rules"], vote["case"]
    casting = rules.get("casting_vote", {"majorities": ["simple"], "ballots": ["open"]})
    if rules["tie_break"] != "chair_casting_vote" or vote["ballot"] not in casting["ballots"]:
        return None
    if vote["ballot"] == "secret" or vote["majority"] not in casting["majorities"]:
        return None
    able = there(case, list(vote["votes"])) - set(vote["recused"])
    decided = vote["votes"].get(case["chair"] if case["chair"] in able else case["deputy"])
    return decided if decided in ("for", "against") else None


def is_tie(majority: str, counts: dict[str, int]) -> bool:
    """Exactly half are for: of all votes cast where the majority is absolute, else of those for and against."""
    others = counts["against"] + (counts["abstain"] if majority == "absolute" else 0)
    return counts["for"] == others > 0


def outcome(vote: Fact) -> tuple[str, bool]:
    """Adopted or rejected, and whether a casting vote decided it."""
    counts = counts_of(vote)
    if carries(vote["majority"], counts["for"], counts["against"], counts["abstain"], vote["seats"]):
        return "adopted", False
    decided = casting_vote(vote) if is_tie(vote["majority"], counts) else None
    return ("adopted" if decided == "for" else "rejected"), decided is not None


def decide(book: Book, draft: Fact, case: Fact, data: Line, voted_on: date) -> None:
    voters = voters_of(data)
    vote: Fact = {
        "voted_on": voted_on,
        "forum": data["forum"],
        "ballot": data["ballot"],
        "votes": dict(data.get("votes") or {}),
        "took_part": list(data.get("took_part") or []),
        "counts": data.get("counts"),
        "majority": case["rules"]["majorities"][draft["matter"]],
        "seats": len(case["roll"]),
        "present": len(there(case, voters)),
        "recused": case["recused"],
        "rules": case["rules"],
        "case": case,
    }
    vote["first_counts"] = counts_of(vote)
    draft["vote"], draft["live"] = vote, None
    numbering = case["rules"]["numbering"]
    if outcome(vote)[0] == "adopted" or numbering.get("rejected_get_number"):
        taken = [other["vote"]["voted_on"].year for other in book.drafts.values() if other["number"] is not None]
        same = [year for year in taken if year == voted_on.year or numbering["restart"] != "yearly"]
        draft["number"] = numbering["pattern"].format(n=len(same) + 1, year=voted_on.year)
    application = book.applications.get(draft["application"]) if draft["matter"] == "accession" else None
    if application is not None and application["status"] == "open" and outcome(vote)[0] == "rejected":
        application["status"] = "rejected"


def record_vote(book: Book, line: Line) -> None:
    decide(book, book.drafts[line["data"]["draft_id"]], case_now(book, line), line["data"], recorded_day(line))


def check_open_voting(book: Book, line: Line) -> Iterator[str]:
    """A meeting must have its quorum and its recusals when voting opens, for the roll stands from then."""
    case = case_now(book, line)
    draft, forum = book.drafts[line["data"]["draft_id"]], book.forums[line["data"]["forum"]]
    for code in ballot_faults(case, draft, {"ballot": "open", "votes": {}}):
        if not (case["circular"] and code == "no-quorum"):
            yield code
    yield from forum_faults(draft, forum, line, case)


def open_voting(book: Book, line: Line) -> None:
    live = {"forum": line["data"]["forum"], "case": case_now(book, line), "votes": {}}
    book.drafts[line["data"]["draft_id"]]["live"] = live


def check_cast_vote(book: Book, line: Line) -> Iterator[str]:
    data, draft = line["data"], book.drafts[line["data"]["draft_id"]]
    delegate, live = data["delegate_id"], draft["live"]
    seated = live["case"]["roll"] if live else roll(book, recorded_day(line))
    if delegate not in seated:
        yield "no-seat-on-date"
    if data.get("on_behalf_of") not in (None, delegate, seated.get(delegate)):
        yield "no-seat-on-date"
    if is_settled(draft):
        yield "already-decided"
    if delegate in draft["conflicts"]:
        yield "recused-delegate-voted"
    if live is None:
        yield "voting-not-open"
        return
    if delegate not in draft["conflicts"] and delegate in must_be_recused(live["case"], [delegate]):
        yield "recusal-required"
    if not live["case"]["circular"] and delegate not in live["case"]["attending"]:
        yield "voter-not-present"


def cast_vote(book: Book, line: Line) -> None:
    book.drafts[line["data"]["draft_id"]]["live"]["votes"][line["data"]["delegate_id"]] = line["data"]["vote"]


def check_close_voting(book: Book, line: Line) -> Iterator[str]:
    """On the roll and by the rules of the opening; who was there and cast nothing did not vote."""
    draft = book.drafts[line["data"]["draft_id"]]
    if is_settled(draft):
        yield "already-decided"
    if draft["live"] is None:
        yield "voting-not-open"
        return
    yield from ballot_faults(draft["live"]["case"], draft, {"ballot": "open", "votes": draft["live"]["votes"]})


def close_voting(book: Book, line: Line) -> None:
    draft = book.drafts[line["data"]["draft_id"]]
    live = draft["live"]
    cast = {"ballot": "open", "votes": live["votes"], "forum": live["forum"]}
    decide(book, draft, live["case"], cast, recorded_day(line))


CHECKS: dict[str, Check] = {
    "RecordVote": check_record_vote,
    "OpenVoting": check_open_voting,
    "CastVote": check_cast_vote,
    "CloseVoting": check_close_voting,
}
APPLY: dict[str, Apply] = {
    "RecordVote": record_vote,
    "OpenVoting": open_voting,
    "CastVote": cast_vote,
    "CloseVoting": close_voting,
}
