"""Every answer has two clocks: the day on which something holds, and the moment at which it was known."""

from __future__ import annotations

from datetime import date, timedelta

from domain.corrections import CorrectClericalError, CorrectVoteRecord
from domain.resolutions.decisions import DeclareResolutionInvalid, RepealResolution
from domain.resolutions.events import Target
from domain.statute.decisions import AmendStatute
from tests.answers.asking import asked, resolution
from tests.decisions.applicants import admission, application
from tests.decisions.given import FOUNDED, did, given, later
from tests.decisions.steps import (
    adopted,
    allocated,
    contract_signed,
    founded,
    meeting_opened,
    proposed,
    task_defined,
    under,
    voted,
)

BOARD = (founded(), meeting_opened())


def test_before_the_founding_there_is_nothing() -> None:
    answer = asked(given(founded()), FOUNDED, FOUNDED - timedelta(days=1))
    assert (answer["consortium"], answer["version"], answer["seats"]) == ("konsorcjum-probne", 0, 0)
    assert (answer["statute_version"], answer["leader"], answer["chair"]) == (None, None, None)
    empty = {name: value for name, value in answer.items() if isinstance(value, list | dict)}
    assert empty.pop("audit") == {"findings": [], "recommendations": {}}
    assert not any(empty.values())


def test_an_answer_says_what_it_was_asked() -> None:
    story = given(founded(members=2), later(2019, 3, 1))
    answer = asked(story, date(2019, 2, 1))
    assert (answer["valid_on"], answer["known_at"]) == ("2019-02-01", "2019-03-01T11:00:00.000000Z")
    assert answer["version"] == 3


def test_an_accession_recorded_late_gives_the_seat_from_its_day_once_known() -> None:
    story = given(
        *BOARD,
        did(application()),
        adopted("DR-1", "accession", application_id="W-1"),
        later(2019, 6, 20),
        did(admission(joined_on=date(2019, 6, 15)), under="DR-1"),
    )
    assert asked(story, date(2019, 6, 15), date(2019, 6, 18))["seats"] == 4
    assert asked(story, date(2019, 6, 15), date(2019, 6, 21))["seats"] == 5
    assert asked(story, date(2019, 6, 14), date(2019, 6, 21))["seats"] == 4


def correct(kind: str, target: str, field: str, recorded: str, right: str) -> CorrectClericalError:
    return CorrectClericalError(
        target=Target.model_validate({"type": kind, "id": target}),
        field=field,
        recorded=recorded,
        correct=right,
        basis="protokół",
        reason="omyłka",
    )


def test_a_wrong_start_of_an_allocation_reads_as_corrected_from_the_correction_on() -> None:
    story = given(
        *BOARD,
        contract_signed(),
        task_defined(),
        allocated("A1", "M2", first=date(2019, 4, 15)),
        later(2019, 5, 20),
        did(correct("allocation", "A1", "valid_from", "2019-04-15", "2019-04-01")),
    )
    performer = [{"member": "M2", "role": "lead", "resolution": "1/2019"}]
    assert asked(story, date(2019, 4, 5), date(2019, 5, 1))["allocations"] == {"T1": []}
    assert asked(story, date(2019, 4, 5), date(2019, 5, 31))["allocations"] == {"T1": performer}
    assert asked(story, date(2019, 4, 15), date(2019, 5, 1))["allocations"] == {"T1": performer}


def test_invalidity_holds_from_the_day_of_the_vote_once_known() -> None:
    story = given(
        *BOARD,
        adopted("DR-1", on=date(2019, 3, 1)),
        later(2019, 10, 1),
        adopted("DR-2", "invalidation", target_draft="DR-1"),
        did(DeclareResolutionInvalid(target="DR-1", effect="ex_tunc"), under="DR-2"),
    )
    before = resolution(asked(story, date(2019, 12, 31), date(2019, 9, 30)), "DR-1")
    assert (before["status"], before["status_from"]) == ("in_force", None)
    for valid_on in (FOUNDED, date(2019, 9, 30), date(2019, 12, 31)):
        after = resolution(asked(story, valid_on, date(2019, 12, 31)), "DR-1")
        assert (after["status"], after["status_from"], after["number"]) == ("invalid", FOUNDED.isoformat(), "1/2019")


def test_a_repeal_holds_from_its_own_day() -> None:
    new_year = date(2020, 1, 1)
    story = given(
        *BOARD,
        adopted("DR-1"),
        later(2019, 10, 1),
        adopted("DR-2", "repeal", target_draft="DR-1"),
        did(RepealResolution(target="DR-1"), under="DR-2", on=new_year),
    )
    last_day = resolution(asked(story, date(2019, 12, 31)), "DR-1")
    assert (last_day["status"], last_day["status_from"]) == ("in_force", None)
    first_day = resolution(asked(story, new_year), "DR-1")
    assert (first_day["status"], first_day["status_from"]) == ("repealed", "2020-01-01")
    assert resolution(asked(story, new_year, date(2019, 9, 30)), "DR-1")["status"] == "in_force"


def test_a_misrecorded_vote_reads_as_corrected_from_the_correction_on() -> None:
    recount = CorrectVoteRecord(
        draft_id="DR-1", delegate_id="del-M4", recorded="against", correct="for", basis="protokół", reason="omyłka"
    )
    story = given(*BOARD, proposed("DR-1"), voted("DR-1", for_=3, against=1), later(2019, 4, 3), did(recount))
    first, last = {"for": 3, "against": 1, "abstain": 0}, {"for": 4, "against": 0, "abstain": 0}
    before = resolution(asked(story, FOUNDED, date(2019, 4, 2)), "DR-1")
    assert (before["counts"], before["counts_as_first_recorded"]) == (first, first)
    after = resolution(asked(story, FOUNDED, date(2019, 4, 4)), "DR-1")
    assert (after["counts"], after["counts_as_first_recorded"]) == (last, first)


def test_a_corrected_title_reads_so_on_every_day_once_known() -> None:
    story = given(
        *BOARD,
        adopted("DR-1"),
        later(2019, 6, 5),
        did(correct("resolution", "DR-1", "title", "w sprawie DR-1", "w sprawie pierwszej")),
    )
    assert resolution(asked(story, FOUNDED, date(2019, 6, 4)), "DR-1")["title"] == "w sprawie DR-1"
    assert resolution(asked(story, FOUNDED, date(2019, 6, 6)), "DR-1")["title"] == "w sprawie pierwszej"


def test_a_statute_recorded_before_it_holds_holds_from_its_day() -> None:
    chair_decides = AmendStatute(version=2, changes={"tie_break": "chair_casting_vote"})
    story = given(*BOARD, under("statute_amendment", chair_decides, on=date(2019, 3, 1)))
    first = {"effective_on": "2019-01-14", "version": 1, "tie_break": "rejected", "circular_allowed": False}
    second = {
        "effective_on": "2019-03-01",
        "version": 2,
        "tie_break": "chair_casting_vote",
        "circular_allowed": False,
    }
    assert asked(story, date(2019, 1, 13))["statute_version"] is None
    assert asked(story, date(2019, 2, 28))["statute_version"] == first
    assert asked(story, date(2019, 3, 1))["statute_version"] == second


def test_a_vote_taken_after_the_day_asked_about_has_not_been_taken() -> None:
    story = given(*BOARD, proposed("DR-1"), later(2019, 2, 1), voted("DR-1", for_=4))
    draft = resolution(asked(story, date(2019, 1, 31)), "DR-1")
    assert (draft["status"], draft["number"], draft["outcome"], draft["counts"]) == ("draft", None, None, None)
    assert resolution(asked(story, date(2019, 2, 1)), "DR-1")["status"] == "in_force"
    assert asked(story, date(2019, 1, 13))["resolutions"] == []
