"""Who belongs and who holds which office on a day, and what the board decided by then."""

from __future__ import annotations

from datetime import date

from domain.meetings.decisions import ChangeAttendance, CloseMeeting
from domain.membership.decisions import AppointLeader, EndMembership, FileWithdrawal, ReclassifyMember
from domain.resolutions.decisions import DeclareConflict, WithdrawDraft
from domain.resolutions.events import Counts
from tests.answers.asking import asked, resolution
from tests.decisions.documents import CIRCULAR
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import (
    adopted,
    chaired_by,
    delegates,
    founded,
    led_by,
    meeting_opened,
    proposed,
    secret_vote,
    sent_round,
    under,
    voted,
)

BOARD = (founded(members=2), meeting_opened())


def test_members_of_a_day_with_their_size() -> None:
    large = ReclassifyMember(member_id="M1", employment_fte_x100=1000, annual_revenue_gr=0, size="large")
    story = given(*BOARD, under("classification", large, on=date(2019, 7, 1)))
    one = {"name": "Członek M1", "size": "small", "joined_on": "2019-01-14"}
    assert asked(story, date(2019, 6, 30))["members"]["M1"] == one
    assert asked(story, date(2019, 7, 1))["members"]["M1"] == one | {"size": "large"}
    assert list(asked(story, FOUNDED)["members"]) == ["M1", "M2"]
    assert asked(story, date(2019, 1, 13))["members"] == {}


def test_a_member_has_left_from_the_day_after_its_last() -> None:
    filed = FileWithdrawal(member_id="M2", filed_on=date(2019, 3, 31), effective_last_day=date(2019, 6, 30), reason="")
    ended = EndMembership(member_id="M2", kind="withdrawal", last_day=date(2019, 6, 30))
    story = given(*BOARD, led_by("M2"), did(filed), under("withdrawal_ack", ended))
    last, after = asked(story, date(2019, 6, 30)), asked(story, date(2019, 7, 1))
    assert (list(last["members"]), last["members_left"], last["seats"], last["leader"]) == (["M1", "M2"], {}, 2, "M2")
    assert (list(after["members"]), after["seats"], after["leader"]) == (["M1"], 1, None)
    assert after["members_left"] == {"M2": {"last_day": "2019-06-30"}}


def test_leader_and_chair_of_a_day() -> None:
    later_leader = under("leader_election", AppointLeader(member_id="M2"), on=date(2019, 5, 1))
    story = given(*BOARD, led_by("M1"), chaired_by("M1", deputy="M2"), later_leader)
    assert [asked(story, day)["leader"] for day in (FOUNDED, date(2019, 4, 30), date(2019, 5, 1))] == ["M1", "M1", "M2"]
    assert asked(story, FOUNDED)["chair"] == {"delegate": "del-M1", "deputy": "del-M2"}
    assert asked(given(*BOARD), FOUNDED)["chair"] is None


def test_a_resolution_tells_its_vote_and_its_outcome() -> None:
    conflict = DeclareConflict(draft_id="DR-1", delegate_id="del-M4", member_id="M4", reason="")
    story = given(founded(), meeting_opened(), proposed("DR-1"), did(conflict), voted("DR-1", for_=2, abstain=1))
    counts = {"for": 2, "against": 0, "abstain": 1}
    assert asked(story, FOUNDED)["resolutions"] == [
        {
            "draft_id": "DR-1",
            "number": "1/2019",
            "matter": "other",
            "title": "w sprawie DR-1",
            "majority": "simple",
            "ballot": "open",
            "forum": "RZ-1",
            "voted_on": "2019-01-14",
            "seats": 4,
            "present": 4,
            "recused": ["del-M4"],
            "counts": counts,
            "counts_as_first_recorded": counts,
            "cast": 3,
            "tie_break_used": False,
            "outcome": "adopted",
            "status": "in_force",
            "status_from": None,
        }
    ]


def test_a_draft_before_its_vote_tells_only_what_it_is() -> None:
    answer = resolution(asked(given(*BOARD, proposed("DR-1")), FOUNDED), "DR-1")
    told = {name: value for name, value in answer.items() if value is not None}
    assert told == {"draft_id": "DR-1", "matter": "other", "title": "w sprawie DR-1", "recused": [], "status": "draft"}


def test_a_secret_vote_tells_counts_and_nobodys_choice() -> None:
    vote = secret_vote("DR-1", delegates("M1", "M2"), Counts(for_=1, against=1, abstain=0))
    answer = resolution(asked(given(*BOARD, proposed("DR-1", "exclusion"), did(vote)), FOUNDED), "DR-1")
    assert (answer["ballot"], answer["counts"], answer["outcome"]) == (
        "secret",
        {"for": 1, "against": 1, "abstain": 0},
        "rejected",
    )
    assert (answer["status"], answer["number"], answer["status_from"]) == ("rejected", None, None)


def test_a_draft_that_was_taken_back_is_withdrawn_from_that_day() -> None:
    taken_back = did(WithdrawDraft(draft_id="DR-1", reason=""))
    story = given(*BOARD, proposed("DR-1"), later(2019, 2, 1), taken_back)
    assert resolution(asked(story, date(2019, 1, 31)), "DR-1")["status"] == "draft"
    withdrawn = resolution(asked(story, date(2019, 2, 1)), "DR-1")
    assert (withdrawn["status"], withdrawn["status_from"]) == ("withdrawn", "2019-02-01")


def test_a_circular_vote_counts_returned_and_recused_as_present() -> None:
    conflict = DeclareConflict(draft_id="DR-1", delegate_id="del-M4", member_id="M4", reason="")
    story = given(
        founded(circular_vote=CIRCULAR),
        proposed("DR-1"),
        sent_round("DR-1"),
        did(conflict),
        later(2019, 1, 16),
        voted("DR-1", for_=2, forum="OB-1"),
    )
    answer = resolution(asked(story, date(2019, 1, 16)), "DR-1")
    assert (answer["present"], answer["cast"], answer["voted_on"]) == (3, 2, "2019-01-16")
    assert asked(story, date(2019, 1, 16))["meetings"] == []


def test_a_meeting_tells_who_came_and_how_it_ended() -> None:
    came = did(ChangeAttendance(meeting_id="RZ-1", delegate_id="del-M2", present=True))
    closed = did(CloseMeeting(meeting_id="RZ-1", minutes_ref="protokół 1", reason="completed"))
    story = given(founded(), meeting_opened("M1"), later(2019, 1, 15), came, later(2019, 1, 16), closed)
    opened = {
        "meeting_id": "RZ-1",
        "date": "2019-01-14",
        "mode": "on_site",
        "seats": 4,
        "present": 1,
        "quorum_required": 2,
        "quorum": False,
        "minutes": None,
        "closed": None,
    }
    assert asked(story, date(2019, 1, 13))["meetings"] == []
    assert asked(story, FOUNDED)["meetings"] == [opened]
    assert asked(story, date(2019, 1, 15))["meetings"] == [opened | {"present": 2, "quorum": True}]
    ended = opened | {"present": 2, "quorum": True, "minutes": "protokół 1", "closed": "completed"}
    assert asked(story, date(2019, 1, 16))["meetings"] == [ended]


def test_drafts_stand_in_the_order_in_which_they_came() -> None:
    story = given(*BOARD, proposed("DR-2"), proposed("DR-1"), adopted("DR-3"))
    assert [one["draft_id"] for one in asked(story, FOUNDED)["resolutions"]] == ["DR-2", "DR-1", "DR-3"]
