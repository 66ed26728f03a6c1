"""Roll, seats, rule and chair of a live vote are those of its opening, whatever is recorded while it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.meetings.decisions import ChangeAttendance
from domain.membership.decisions import AppointChair
from domain.resolutions.decisions import DeclareConflict
from domain.resolutions.events import ResolutionAdopted, VoteCast, VotingClosed
from domain.resolutions.voting import CastVote, CloseVoting, OpenVoting
from domain.statute.decisions import AmendStatute
from tests.decisions.applicants import admission, application
from tests.decisions.documents import CASTING
from tests.decisions.given import FOUNDED, did, given, member
from tests.decisions.steps import (
    adopted,
    chaired_by,
    delegates,
    founded,
    meeting_opened,
    proposed,
    under,
)

if TYPE_CHECKING:
    from domain.values import Choice
    from tests.decisions.given import Step

CLOSE = CloseVoting(draft_id="DR-1")
OPENED = did(OpenVoting(draft_id="DR-1", forum="RZ-1"))
FIVE = (founded(members=5), meeting_opened())


def ballot(member_id: str, vote: Choice = "for") -> CastVote:
    return CastVote(draft_id="DR-1", delegate_id=f"del-{member_id}", vote=vote)


def cast(**votes: Choice) -> tuple[Step, ...]:
    return tuple(did(ballot(who, vote), by=member(who)) for who, vote in votes.items())


def arrives(member_id: str, *, present: bool = True) -> Step:
    return did(ChangeAttendance(meeting_id="RZ-1", delegate_id=f"del-{member_id}", present=present))


def recused(member_id: str) -> Step:
    return did(DeclareConflict(draft_id="DR-1", delegate_id=f"del-{member_id}", member_id=member_id, reason=""))


def test_a_statute_amended_while_the_vote_runs_does_not_judge_it() -> None:
    stricter = under("statute_amendment", AmendStatute(version=2, changes={"majorities": {"other": "unanimous"}}))
    votes = cast(M1="for", M2="for", M3="for", M4="against", M5="abstain")
    story = given(*FIVE, proposed("DR-1"), OPENED, stricter, *votes)
    story.when(CLOSE).then_fact(ResolutionAdopted, majority="simple", statute_version=1)


def test_an_accession_recorded_while_the_vote_runs_changes_no_seats() -> None:
    joins = (
        did(application()),
        adopted("DR-2", "accession", application_id="W-1"),
        proposed("DR-1"),
        OPENED,
        did(admission(joined_on=FOUNDED), under="DR-2"),
    )
    story = given(*FIVE, *joins)
    late = story.when(CastVote(draft_id="DR-1", delegate_id="del-M9", vote="for"), by=member("M9"))
    late.then_refused("no-seat-on-date", "/data/delegate_id", delegate_id="del-M9", day=FOUNDED)
    votes = cast(M1="for", M2="for", M3="for", M4="for", M5="for")
    story.go_on(*votes).when(CLOSE).then_fact(ResolutionAdopted, seats=5, present=5)


def test_a_chair_appointed_while_the_vote_runs_breaks_no_tie() -> None:
    members = founded(tie_break="chair_casting_vote", casting_vote=CASTING)
    changed = did(AppointChair(delegate_id="del-M3"), under="DR-chair_election")
    story = given(members, meeting_opened(), chaired_by("M1"), proposed("DR-1"), OPENED, changed)
    story = story.go_on(*cast(M1="for", M2="for", M3="against", M4="against"))
    story.when(CLOSE).then_fact(ResolutionAdopted, tie_break_used=True)


SUBJECT_AWAY = (
    founded(members=5),
    meeting_opened("M2", "M3", "M4", "M5"),
    proposed("DR-1", "task_allocation", subject_members=("M1",)),
    OPENED,
    arrives("M1"),
)


def test_a_subject_that_comes_in_late_stops_nobody_but_itself() -> None:
    story = given(*SUBJECT_AWAY)
    own = story.when(ballot("M1"), by=member("M1"))
    own.then_refused("recusal-required", "/data/delegate_id", delegate_id="del-M1", member_id="M1")
    story.when(ballot("M2"), by=member("M2")).then(VoteCast)
    story = story.go_on(*cast(M2="for", M3="for", M4="against"))
    story.when(CLOSE).then_fact(ResolutionAdopted, present=4, cast=3)


def test_who_was_recused_and_left_makes_no_quorum_where_the_recused_do_not_count() -> None:
    uncounted = founded(quorum={"recused_counts_as_present": False})
    story = given(uncounted, meeting_opened("M1", "M2"), proposed("DR-1"), OPENED, recused("M2"))
    story = story.go_on(arrives("M2", present=False), *cast(M1="for"))
    story.when(CLOSE).then_refused("no-quorum", "/data/forum", present=1, seats=4, required=2)


def test_who_was_there_at_the_opening_makes_the_quorum_of_the_closing() -> None:
    gone = (arrives(who, present=False) for who in ("M1", "M2"))
    story = given(founded(), meeting_opened("M1", "M2"), proposed("DR-1"), OPENED, *cast(M1="for"), *gone)
    story.when(CLOSE).then_fact(VotingClosed, present=delegates("M1", "M2"))
