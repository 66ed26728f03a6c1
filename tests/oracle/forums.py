"""Meetings and circular votes: opened, attended, closed."""

from collections.abc import Iterator

from .book import Apply, Book, Check, Line, day, recorded_day, roll, rules_on
from .membership import founders
from .statute import quorum_required

LEAST_FOUNDERS = 2


def check_open_meeting(book: Book, line: Line) -> Iterator[str]:
    data, on = line["data"], recorded_day(line)
    seated = roll(book, on)
    if any(delegate not in seated for delegate in [data["presiding"], *data["present"]]):
        yield "no-seat-on-date"
    if founders(book) < LEAST_FOUNDERS:
        yield "too-few-founders"
    if data["mode"] == "remote" and not rules_on(book, on).get("remote_meetings", False):
        yield "remote-meeting-not-allowed"


def open_meeting(book: Book, line: Line) -> None:
    data, on = line["data"], recorded_day(line)
    seats = len(roll(book, on))
    book.forums[data["meeting_id"]] = {
        "kind": "meeting",
        "opened_on": on,
        "mode": data["mode"],
        "present": list(data["present"]),
        "attendance": [(on, list(data["present"]))],
        "seats": seats,
        "quorum_required": quorum_required(rules_on(book, on)["quorum"], seats),
        "closed_on": None,
        "reason": None,
        "minutes_ref": None,
    }


def check_change_attendance(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    if data["delegate_id"] not in roll(book, recorded_day(line)):
        yield "no-seat-on-date"
    if book.forums[data["meeting_id"]]["closed_on"] is not None:
        yield "forum-closed"


def change_attendance(book: Book, line: Line) -> None:
    data = line["data"]
    forum = book.forums[data["meeting_id"]]
    others = [delegate for delegate in forum["present"] if delegate != data["delegate_id"]]
    forum["present"] = [*others, data["delegate_id"]] if data["present"] else others
    forum["attendance"].append((recorded_day(line), list(forum["present"])))


def voting_open_in(book: Book, forum_id: str) -> bool:
    return any(draft["live"] is not None and draft["live"]["forum"] == forum_id for draft in book.drafts.values())


def check_close_meeting(book: Book, line: Line) -> Iterator[str]:
    """A meeting is closed for want of a quorum if, and only if, it has none."""
    data = line["data"]
    forum = book.forums[data["meeting_id"]]
    quorate = len(forum["present"]) >= forum["quorum_required"]
    if data["reason"] == "completed" and not quorate:
        yield "no-quorum"
    if forum["closed_on"] is not None:
        yield "forum-closed"
    if voting_open_in(book, data["meeting_id"]):
        yield "voting-already-open"
    if data["reason"] == "no_quorum" and quorate:
        yield "quorum-present"


def close_meeting(book: Book, line: Line) -> None:
    data = line["data"]
    book.forums[data["meeting_id"]] |= {
        "closed_on": recorded_day(line),
        "reason": data["reason"],
        "minutes_ref": data["minutes_ref"],
    }


def check_open_circular_vote(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    opens_on, closes_on = day(data["opens_on"]), day(data["closes_on"])
    circular = rules_on(book, opens_on)["circular_vote"]
    drafts = [book.drafts[draft_id] for draft_id in data["drafts"]]
    if any(draft["vote"] is not None or draft["withdrawn_on"] is not None for draft in drafts):
        yield "already-decided"
    if not circular["allowed"]:
        yield "circular-vote-not-allowed"
    if (closes_on - opens_on).days < circular.get("min_days", 0):
        yield "circular-vote-too-short"
    if founders(book) < LEAST_FOUNDERS:
        yield "too-few-founders"


def open_circular_vote(book: Book, line: Line) -> None:
    data = line["data"]
    book.forums[data["circular_id"]] = {
        "kind": "circular",
        "opened_on": recorded_day(line),
        "opens_on": day(data["opens_on"]),
        "drafts": list(data["drafts"]),
        "closed_on": None,
        "minutes_ref": None,
    }


def check_close_circular_vote(book: Book, line: Line) -> Iterator[str]:
    data = line["data"]
    forum = book.forums[data["circular_id"]]
    if forum["closed_on"] is not None:
        yield "forum-closed"
    if voting_open_in(book, data["circular_id"]):
        yield "voting-already-open"
    silent = without_reply(book, data["circular_id"])
    if silent is not None and set(data["no_reply"]) != silent:
        yield "counts-differ"


def without_reply(book: Book, circular_id: str) -> set[str] | None:
    """Seats less all who voted on any draft or were recused on any; not known before a vote was taken in it."""
    forum = book.forums[circular_id]
    drafts = [book.drafts[draft_id] for draft_id in forum["drafts"]]
    votes = [draft["vote"] for draft in drafts if draft["vote"] and draft["vote"]["forum"] == circular_id]
    if not votes:
        return None
    replied = {delegate for draft in drafts for delegate in draft["conflicts"]}
    replied |= {delegate for vote in votes for delegate in [*vote["votes"], *vote["took_part"]]}
    return set(roll(book, forum["opens_on"])) - replied


def close_circular_vote(book: Book, line: Line) -> None:
    data = line["data"]
    book.forums[data["circular_id"]] |= {"closed_on": recorded_day(line), "minutes_ref": data["minutes_ref"]}


CHECKS: dict[str, Check] = {
    "OpenMeeting": check_open_meeting,
    "ChangeAttendance": check_change_attendance,
    "CloseMeeting": check_close_meeting,
    "OpenCircularVote": check_open_circular_vote,
    "CloseCircularVote": check_close_circular_vote,
}
APPLY: dict[str, Apply] = {
    "OpenMeeting": open_meeting,
    "ChangeAttendance": change_attendance,
    "CloseMeeting": close_meeting,
    "OpenCircularVote": open_circular_vote,
    "CloseCircularVote": close_circular_vote,
}
