"""The board of the whole life: founding, offices, applications, drafts and votes."""

from __future__ import annotations

from typing import Any

from tests.decisions.acts import NEW_YEAR, SUMMER, Act, act
from tests.decisions.documents import CIRCULAR, statute
from tests.decisions.given import CONSORTIUM, member
from tests.decisions.steps import adopted, proposed, voted


def founder(number: int) -> Act:
    ids: dict[str, Any] = {"member_id": f"M{number}", "delegate_id": f"del-M{number}", "joined_on": "2019-01-14"}
    return act("AdmitFoundingMember", "membership.founding-member-admitted.v1", **ids)


VOTED = "resolution.vote-recorded.v1 resolution.adopted.v1"
THE_BOARD = (
    act("FoundConsortium", "consortium.founded.v1", consortium_id=CONSORTIUM, statute=statute(circular_vote=CIRCULAR)),
    *map(founder, range(1, 5)),
    act(
        "OpenMeeting",
        "meeting.opened.v1",
        meeting_id="RZ-1",
        presiding="del-M1",
        present=["del-M1", "del-M2", "del-M3"],
    ),
    act("ChangeAttendance", "meeting.attendance-changed.v1", meeting_id="RZ-1", delegate_id="del-M4"),
    act("ProposeResolution", "resolution.draft-submitted.v1", draft_id="DR-1", subject_members=["M1"]),
    act("DeclareConflict", "resolution.conflict-declared.v1", draft_id="DR-1", delegate_id="del-M1", member_id="M1"),
    act(
        "RecordVote",
        VOTED,
        draft_id="DR-1",
        forum="RZ-1",
        votes={"del-M2": "for", "del-M3": "for", "del-M4": "against"},
    ),
    act(
        "CorrectVoteRecord",
        "correction.vote-record-corrected.v1",
        draft_id="DR-1",
        delegate_id="del-M4",
        recorded="against",
        correct="abstain",
    ),
    act(
        "CorrectClericalError",
        "correction.clerical-error-corrected.v1",
        target={"type": "resolution", "id": "DR-1"},
        field="title",
        recorded="w sprawie",
        correct="w sprawie pierwszej",
    ),
    act("LodgeObjection", "resolution.objection-lodged.v1", draft_id="DR-1", member_id="M4"),
    act("ResolveObjection", "resolution.objection-resolved.v1", draft_id="DR-1", member_id="M4"),
    act(
        "RecordConflictDiscovered",
        "resolution.conflict-discovered.v1",
        draft_id="DR-1",
        member_id="M2",
        delegate_id="del-M2",
    ),
    act("WithdrawDraft", "resolution.draft-withdrawn.v1", proposed("DR-2"), draft_id="DR-2"),
    act("OpenVoting", "resolution.voting-opened.v1", proposed("DR-3"), draft_id="DR-3", forum="RZ-1"),
    act("CastVote", "resolution.vote-cast.v1", by=member("M1"), draft_id="DR-3", delegate_id="del-M1"),
    act("CloseVoting", "resolution.voting-closed.v1 resolution.adopted.v1", draft_id="DR-3"),
    act(
        "AppointLeader",
        "membership.leader-appointed.v1",
        adopted("DR-4", "leader_election"),
        under="DR-4",
        member_id="M1",
    ),
    act(
        "AppointChair",
        "membership.chair-appointed.v1",
        adopted("DR-5", "chair_election"),
        under="DR-5",
        delegate_id="del-M2",
    ),
    act("AmendStatute", "statute.amended.v1", adopted("DR-6", "statute_amendment"), under="DR-6", on=NEW_YEAR),
    act("ApplyForMembership", "membership.applied.v1", application_id="W-1"),
    act("ApplyForMembership", "membership.applied.v1", application_id="W-2", name="Cyprys"),
    act(
        "RecordVote",
        "resolution.vote-recorded.v1 resolution.rejected.v1 membership.application-rejected.v1",
        proposed("DR-7", "accession", application_id="W-2"),
        draft_id="DR-7",
        forum="RZ-1",
        votes=dict.fromkeys(["del-M1", "del-M2", "del-M3", "del-M4"], "against"),
    ),
    act(
        "AdmitMember",
        "membership.member-admitted.v1",
        adopted("DR-8", "accession", application_id="W-1"),
        under="DR-8",
        member_id="M5",
        delegate_id="del-M5",
        application_id="W-1",
        joined_on="2019-03-01",
    ),
    act(
        "AppointDelegate",
        "membership.delegate-appointed.v1",
        member_id="M4",
        delegate_id="del-new",
        from_on="2019-09-01",
    ),
    act(
        "ReclassifyMember",
        "membership.size-classified.v1",
        adopted("DR-9", "classification"),
        under="DR-9",
        on=SUMMER,
        member_id="M1",
        employment_fte_x100=1200,
        size="large",
    ),
    act(
        "OpenCircularVote",
        "circular-vote.opened.v1",
        proposed("DR-10"),
        circular_id="OB-1",
        drafts=["DR-10"],
        opens_on="2019-01-14",
        closes_on="2019-01-17",
    ),
    act(
        "CloseCircularVote",
        "circular-vote.closed.v1",
        voted("DR-10", for_=3, forum="OB-1"),
        circular_id="OB-1",
        no_reply=["del-M4"],
    ),
)
