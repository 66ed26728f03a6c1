"""What people send is read strictly: wholly valid, or refused with the place of the error in two languages."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.refusals import sentence
from domain.requests import read_command, read_history_line, read_request
from tests.decisions.examples import PAYLOADS
from tests.decisions.malformed import expect, refusal

HEAD: dict[str, object] = {
    "effective_on": "2019-06-01",
    "actor": {"role": "board_secretary", "id": "sek-1"},
    "command": "AppointLeader",
    "under": "DR-1",
    "data": {"member_id": "M1"},
}


def test_a_request_is_read_whole() -> None:
    request = read_request(HEAD)
    assert (request.effective_on, request.under, request.actor.role) == (date(2019, 6, 1), "DR-1", "board_secretary")
    assert request.command == read_command("AppointLeader", {"member_id": "M1"})
    assert read_request({**HEAD, "under": None}).under is None
    assert read_request({key: value for key, value in HEAD.items() if key != "under"}).under is None


DATE = ("datę zapisuje się RRRR-MM-DD, i musi istnieć", "a date is written YYYY-MM-DD, and must exist")
RANGE = ("data poza zakresem 1900-01-01–2199-12-31", "the date is outside 1900-01-01–2199-12-31")
MISSING = ("brak wymaganego pola", "a required field is missing")
EXTRA = ("nieznane pole", "unknown field")
NO_OBJECT = ("oczekiwano obiektu JSON", "a JSON object is expected")
NO_TEXT = ("oczekiwano tekstu", "a text is expected")
FORM = ("niedozwolona postać tekstu", "the text is not of the allowed form")
UNKNOWN = ("nieznane polecenie", "unknown command")


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        ({"effective_on": "2019-02-30"}, "/effective_on", DATE),
        ({"effective_on": "2019-13-01"}, "/effective_on", DATE),
        ({"effective_on": "2019-2-3"}, "/effective_on", DATE),
        ({"effective_on": "20190203"}, "/effective_on", DATE),
        ({"effective_on": "2019-02-03T00:00:00"}, "/effective_on", DATE),
        ({"effective_on": "٢٠١٩-٠٢-٠٣"}, "/effective_on", DATE),
        ({"effective_on": 1_550_000_000}, "/effective_on", DATE),
        ({"effective_on": None}, "/effective_on", DATE),
        ({"effective_on": "1899-12-31"}, "/effective_on", RANGE),
        ({"effective_on": "2200-01-01"}, "/effective_on", RANGE),
        ({"command": "SellEverything"}, "/command", UNKNOWN),
        ({"command": "appointLeader"}, "/command", UNKNOWN),
        ({"command": 7}, "/command", NO_TEXT),
        ({"under": 7}, "/under", NO_TEXT),
        ({"under": ""}, "/under", FORM),
        ({"under": "DR 1"}, "/under", FORM),
        ({"actor": "sek-1"}, "/actor", ("oczekiwano obiektu", "an object is expected")),
        ({"actor": {"role": "board_secretary"}}, "/actor/id", MISSING),
        ({"actor": {"role": "board_secretary", "id": "Jan Kowalski"}}, "/actor/id", FORM),
        ({"actor": {"role": "board_secretary", "id": "x" * 65}}, "/actor/id", FORM),
        ({"actor": {"role": "board_secretary", "id": "a\n"}}, "/actor/id", FORM),
        ({"actor": {"role": "board_secretary", "id": "a", "name": "b"}}, "/actor/name", EXTRA),
        ({"data": []}, "/data", ("oczekiwano obiektu", "an object is expected")),
        ({"data": {}}, "/data/member_id", MISSING),
        ({"data": {"member_id": "M1", "weight": 2}}, "/data/weight", EXTRA),
        ({"data": {"member_id": 1}}, "/data/member_id", NO_TEXT),
        ({"data": {"member_id": None}}, "/data/member_id", NO_TEXT),
        ({"recorded_at": "2019-06-01T10:00:00Z"}, "/recorded_at", EXTRA),
    ],
)
def test_a_request_is_refused_at_the_place_of_its_error(
    change: dict[str, object], place: str, reason: tuple[str, str]
) -> None:
    expect(refusal(read_request, {**HEAD, **change}), place, *reason)


@pytest.mark.parametrize("key", ["effective_on", "actor", "command", "data"])
def test_a_request_lacks_nothing(key: str) -> None:
    document = {name: value for name, value in HEAD.items() if name != key}
    expect(refusal(read_request, document), f"/{key}", *MISSING)


def test_a_role_that_nobody_has_is_answered_with_those_there_are() -> None:
    refused = refusal(read_request, {**HEAD, "actor": {"role": "mayor", "id": "x"}})
    assert refused.place == "/actor/role"
    assert "board_secretary, board_chair" in sentence(refused, "pl")


@pytest.mark.parametrize("document", [None, [], "tekst", 7, True])
def test_a_request_and_a_payload_are_objects(document: object) -> None:
    expect(refusal(read_request, document), "", *NO_OBJECT)
    expect(refusal(read_command, "AppointLeader", document), "/data", *NO_OBJECT)


LINE: dict[str, object] = {"seq": 1, "recorded_at": "2019-06-01T10:00:00+02:00", **HEAD}


def test_a_line_of_a_register_carries_its_number_and_its_clock_in_utc() -> None:
    line = read_history_line(LINE)
    assert (line.seq, line.recorded_at) == (1, datetime(2019, 6, 1, 8, tzinfo=UTC))
    fine = read_history_line({**LINE, "recorded_at": "2019-06-01T08:00:00.123456Z"})
    assert fine.recorded_at == datetime(2019, 6, 1, 8, 0, 0, 123_456, tzinfo=UTC)


INSTANT = ("chwilę zapisuje się RRRR-MM-DDTgg:mm:ss+gg:mm", "an instant is written YYYY-MM-DDThh:mm:ss+hh:mm")
WHOLE_NUMBER = ("oczekiwano liczby całkowitej", "a whole number is expected")


@pytest.mark.parametrize(
    ("change", "place", "reason"),
    [
        ({"recorded_at": "2019-06-01T10:00:00"}, "/recorded_at", INSTANT),
        ({"recorded_at": "2019-06-01 10:00:00Z"}, "/recorded_at", INSTANT),
        ({"recorded_at": "2019-06-01"}, "/recorded_at", INSTANT),
        ({"recorded_at": "2019-06-01T10:00Z"}, "/recorded_at", INSTANT),
        ({"recorded_at": "2019-06-01T25:00:00Z"}, "/recorded_at", INSTANT),
        ({"recorded_at": "2019-02-29T10:00:00Z"}, "/recorded_at", INSTANT),
        ({"recorded_at": "2019-06-01T10:00:00.1234567Z"}, "/recorded_at", INSTANT),
        ({"recorded_at": "2019-06-01T10:00:00+25:00"}, "/recorded_at", INSTANT),
        ({"recorded_at": 1_559_376_000}, "/recorded_at", INSTANT),
        ({"recorded_at": "1899-12-31T10:00:00Z"}, "/recorded_at", RANGE),
        ({"seq": "1"}, "/seq", WHOLE_NUMBER),
        ({"seq": True}, "/seq", WHOLE_NUMBER),
        ({"seq": 0}, "/seq", ("najmniejsza dozwolona wartość to 1", "the least allowed value is 1")),
        ({"colour": "green"}, "/colour", EXTRA),
    ],
)
def test_a_line_is_refused_at_the_place_of_its_error(
    change: dict[str, object], place: str, reason: tuple[str, str]
) -> None:
    expect(refusal(read_history_line, {**LINE, **change}), place, *reason)


CONTROL = (
    "tekst zawiera znaki sterujące albo niepoprawne",
    "the text holds control characters or lone surrogates",
)
NOT_NFC = ("tekst nie jest w postaci NFC", "the text is not in Unicode normalisation form C")


@pytest.mark.parametrize(
    ("name", "change", "place", "reason"),
    [
        ("LodgeObjection", {"grounds": "a\x00b"}, "/data/grounds", CONTROL),
        ("LodgeObjection", {"grounds": "a\rb"}, "/data/grounds", CONTROL),
        ("LodgeObjection", {"grounds": "a\x7fb"}, "/data/grounds", CONTROL),
        ("LodgeObjection", {"grounds": "a\x85b"}, "/data/grounds", CONTROL),
        ("LodgeObjection", {"grounds": "o\u0301"}, "/data/grounds", NOT_NFC),
        ("LodgeObjection", {"grounds": "\u212b"}, "/data/grounds", NOT_NFC),
        (
            "LodgeObjection",
            {"grounds": ""},
            "/data/grounds",
            ("tekst nie może być pusty", "the text must not be empty"),
        ),
        (
            "LodgeObjection",
            {"grounds": "x" * 2001},
            "/data/grounds",
            ("tekst dłuższy niż 2000 znaków", "the text is longer than 2000 characters"),
        ),
        ("WithdrawDraft", {"reason": "o\u0301"}, "/data/reason", NOT_NFC),
        ("OpenMeeting", {"present": "del-M1"}, "/data/present", ("oczekiwano listy", "a list is expected")),
        ("OpenMeeting", {"present": [1]}, "/data/present/0", NO_TEXT),
        (
            "OpenMeeting",
            {"present": ["del-M1", "del-M1"]},
            "/data/present",
            ("lista wymienia coś dwa razy", "the list names something twice"),
        ),
        ("OpenMeeting", {"mode": "hybrid"}, "/data/mode", ("dozwolone: on_site, remote", "allowed: on_site, remote")),
        ("OpenCircularVote", {"drafts": []}, "/data/drafts", ("za mało pozycji", "too few items")),
        (
            "ChangeAttendance",
            {"present": "yes"},
            "/data/present",
            ("oczekiwano true albo false", "true or false is expected"),
        ),
        (
            "ChangeAttendance",
            {"present": 1},
            "/data/present",
            ("oczekiwano true albo false", "true or false is expected"),
        ),
        ("RecordVote", {"votes": {"del-x": "maybe"}}, "/data/votes/del-x", None),
        ("RecordVote", {"votes": {"del x": "for"}}, "/data/votes/del x", FORM),
        ("RecordVote", {"counts": {"for": 1, "against": 0}}, "/data/counts/abstain", MISSING),
        ("RecordVote", {"counts": {"for": -1, "against": 0, "abstain": 0}}, "/data/counts/for", None),
        ("ReceiveTranche", {"amount_gr": "1"}, "/data/amount_gr", WHOLE_NUMBER),
        ("ReceiveTranche", {"amount_gr": True}, "/data/amount_gr", WHOLE_NUMBER),
        ("ReceiveTranche", {"amount_gr": 0}, "/data/amount_gr", None),
        (
            "ReceiveTranche",
            {"amount_gr": 10**13 + 1},
            "/data/amount_gr",
            ("największa dozwolona wartość to 10000000000000", "the greatest allowed value is 10000000000000"),
        ),
        ("SplitLine", {"shares": [{"member_id": "M1"}]}, "/data/shares/0/weight", MISSING),
        ("SplitLine", {"shares": []}, "/data/shares", ("za mało pozycji", "too few items")),
        ("DistributeTranche", {"amounts_gr": {"M1": "1"}}, "/data/amounts_gr/M1", WHOLE_NUMBER),
        (
            "DefineTask",
            {"period_to": "2019-05-31"},
            "/data",
            ("koniec przed początkiem", "the end lies before the beginning"),
        ),
        (
            "AllocateTask",
            {"valid_to": "2019-05-31"},
            "/data",
            ("koniec przed początkiem", "the end lies before the beginning"),
        ),
        ("FoundConsortium", {"consortium_id": "Hajnówka"}, "/data/consortium_id", FORM),
        ("FoundConsortium", {"consortium_id": "a--b"}, "/data/consortium_id", FORM),
        ("FoundConsortium", {"consortium_id": "ab"}, "/data/consortium_id", None),
        ("FoundConsortium", {"consortium_id": "a" * 41}, "/data/consortium_id", None),
        ("FoundConsortium", {"teryt": "200501"}, "/data/teryt", FORM),
        ("FoundConsortium", {"statute": []}, "/data/statute", ("oczekiwano obiektu", "an object is expected")),
        ("AmendStatute", {"version": 0}, "/data/version", None),
        ("CastVote", {"source_sha256": "abc"}, "/data/source_sha256", FORM),
        ("PublishDocument", {"channel": "BIP"}, "/data/channel", FORM),
    ],
)
def test_a_field_is_refused_at_its_place(
    name: str, change: dict[str, object], place: str, reason: tuple[str, str] | None
) -> None:
    refused = refusal(read_command, name, PAYLOADS[name] | change)
    assert refused.place == place
    if reason:
        expect(refused, place, *reason)


@pytest.mark.parametrize("name", sorted(PAYLOADS))
def test_no_payload_takes_a_field_that_nobody_knows(name: str) -> None:
    expect(refusal(read_command, name, PAYLOADS[name] | {"colour": "green"}), "/data/colour", *EXTRA)


OPTIONAL = {"votes", "meeting_id", "allocate", "moves"}


@pytest.mark.parametrize(("name", "field"), [(name, field) for name in sorted(PAYLOADS) for field in PAYLOADS[name]])
def test_no_payload_lacks_a_field(name: str, field: str) -> None:
    left = {key: value for key, value in PAYLOADS[name].items() if key != field}
    if name in {"RecordVote", "PublishDocument"} and field in OPTIONAL:
        assert read_command(name, left) is not None
    else:
        expect(refusal(read_command, name, left), f"/data/{field}", *MISSING)
