"""Ids of a payload are looked up in its order: those that must exist, and those that must be new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.catalogue import COMMANDS
from domain.decider import Actor
from domain.references import references
from domain.values import Known
from tests.decisions.examples import PAYLOADS, example
from tests.decisions.given import given
from tests.decisions.steps import founded, meeting_opened

if TYPE_CHECKING:
    from pydantic import JsonValue

    from domain.decider import Command

ORDER = {
    "ApplyForMembership": "+application:/application_id",
    "AdmitMember": "+member:/member_id application:/application_id",
    "OpenMeeting": "+forum:/meeting_id delegate:/presiding delegate:/present/0 delegate:/present/1",
    "OpenCircularVote": "+forum:/circular_id resolution:/drafts/0",
    "ProposeResolution": """
        +resolution:/draft_id member:/subject_members/0 application:/application_id resolution:/target_draft""",
    "DeclareConflict": "resolution:/draft_id delegate:/delegate_id member:/member_id",
    "RecordVote": """
        resolution:/draft_id forum:/forum delegate:/votes/del-x delegate:/took_part/0""",
    "AppointChair": "delegate:/delegate_id delegate:/deputy_delegate_id",
    "SignAnnex": "package:/package_id line:/line_id member:/to_members/M-x",
    "AllocateTask": "+allocation:/allocation_id task:/task_id member:/member_id",
    "ReallocateTask": """
        task:/task_id allocation:/end/0/allocation_id +allocation:/allocate/0/allocation_id member:/allocate/0/member_id
        line:/moves/0/line_id member:/moves/0/from_member member:/moves/0/to_member""",
    "AdoptBudget": "package:/package_id +line:/lines/0/line_id task:/lines/0/task_id",
    "ResplitLine": "line:/line_id member:/shares/0/member_id resolution:/amends",
    "TransferBetweenLines": """
        package:/package_id line:/from_line line:/to_line member:/from_members/M-x member:/to_members/M-x""",
    "DistributeTranche": "package:/package_id member:/amounts_gr/M-x",
    "RecordExecution": "package:/package_id line:/unspent/0/line_id member:/unspent/0/member_id",
    "StartMentoring": "+pair:/pair_id member:/mentor member:/mentee",
    "LogMentoringHours": "pair:/pair_id",
    "OpenConsultation": "+consultation:/consultation_id",
    "CloseConsultation": "consultation:/consultation_id",
    "RecordRecommendation": "+recommendation:/recommendation_id finding:/finding_id",
    "RecordConflictDiscovered": """
        resolution:/draft_id member:/member_id delegate:/delegate_id finding:/finding_id""",
    "DeclareResolutionInvalid": "resolution:/target finding:/finding_id",
    "SignContract": "+contract:/package_id member:/parties/0",
    "SubmitJointOffer": "+offer:/package_id member:/parties/0 member:/represented_by",
    "CorrectClericalError": "",
    "FoundConsortium": "",
}
"""In a command's order: an id of a noun at a place; a plus marks one that must be new."""
FULLER: dict[str, dict[str, JsonValue]] = {
    "OpenMeeting": {"present": ["del-x", "del-y"]},
    "ProposeResolution": {"application_id": "W-x", "target_draft": "DR-x"},
    "RecordVote": {"took_part": ["del-x"]},
    "CastVote": {"on_behalf_of": "del-x", "source_sha256": "0" * 64},
    "AppointChair": {"deputy_delegate_id": "del-y"},
    "ReallocateTask": {
        "allocate": [
            {
                "allocation_id": "A-y",
                "member_id": "M-x",
                "role": "lead",
                "valid_from": "2019-06-01",
                "valid_to": "2019-06-01",
            }
        ],
        "moves": [{"line_id": "L-x", "from_member": "M-x", "to_member": "M-y", "amount_gr": 1}],
    },
    "ResplitLine": {"amends": "DR-x"},
    "RecordConflictDiscovered": {"finding_id": "F-x"},
    "DeclareResolutionInvalid": {"finding_id": "F-x"},
}


def fuller(name: str) -> Command:
    return example(name, **FULLER.get(name, {}))


def speaks_of(name: str) -> list[tuple[str, str]]:
    """Return the nouns and places of the ids in an example that must exist already."""
    return [(marker.noun, place) for marker, _, place in references(fuller(name)) if isinstance(marker, Known)]


@pytest.mark.parametrize("name", sorted(ORDER))
def test_ids_are_looked_up_in_the_order_of_the_payload(name: str) -> None:
    command = example(name, **FULLER.get(name, {}))
    walked = [
        f"{'' if isinstance(marker, Known) else '+'}{marker.noun}:{place.removeprefix('/data')}"
        for marker, _, place in references(command)
    ]
    assert walked == ORDER[name].split()


@pytest.mark.parametrize("name", [name for name in sorted(PAYLOADS) if speaks_of(name)])
def test_the_first_id_that_should_exist_and_does_not_is_named(name: str) -> None:
    """In a consortium of two with nothing in it, whatever the example speaks of is unknown."""
    decision = given(founded(members=2)).when(fuller(name), by=some_actor(name))
    noun, place = speaks_of(name)[0]
    decision.then_refused(f"unknown-{noun}", place)


def some_actor(name: str) -> Actor:
    rule = COMMANDS[name]
    role = min(rule.roles)
    own = getattr(example(name), rule.own[role]) if role in rule.own else "x-1"
    return Actor.model_validate({"role": role, "id": own})


def test_an_id_is_unknown_before_a_later_one_is_already_used() -> None:
    story = given(founded(members=2), meeting_opened())
    taken = example("OpenMeeting", meeting_id="RZ-1", presiding="del-9")
    story.when(taken).then_refused("id-already-used", "/data/meeting_id", id="RZ-1")
    unknown = example("OpenMeeting", meeting_id="RZ-2", presiding="del-9", present=["del-8"])
    story.when(unknown).then_refused("unknown-delegate", "/data/presiding", id="del-9")
    listed = example("OpenMeeting", meeting_id="RZ-2", presiding="del-M1", present=["del-M1", "del-8"])
    story.when(listed).then_refused("unknown-delegate", "/data/present/1", id="del-8")


def test_a_pointer_escapes_what_stands_in_a_key() -> None:
    command = example("SignAnnex", to_members={"M/1": 1})
    assert [place for _, _, place in references(command)][-1] == "/data/to_members/M~11"
