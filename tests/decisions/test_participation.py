"""Residents are asked, their votes counted and their comments summed up; nobody of them is ever recorded."""

from __future__ import annotations

from datetime import date

import pytest

from domain.errors import Refusal
from domain.participation.decisions import CloseConsultation, ClosePlebiscite, OpenConsultation, OpenPlebiscite
from domain.participation.events import (
    ConsultationClosed,
    ConsultationOpened,
    OptionVotes,
    PlebisciteClosed,
    PlebisciteOpened,
)
from domain.requests import read_command
from tests.decisions.given import did, given
from tests.decisions.malformed import expect, refusal
from tests.decisions.steps import founded

ASKED = OpenPlebiscite(
    plebiscite_id="PLB-1",
    question="Który motyw?",
    options=("żubr", "świerk", "haft"),
    from_=date(2019, 5, 1),
    to=date(2019, 5, 31),
)


CONSULTED = OpenConsultation(
    consultation_id="KON-1",
    subject="Usługi dla seniorów",
    target_groups=("seniors", "families"),
    from_=date(2019, 5, 1),
    to=date(2019, 5, 31),
)


def summed_up(comments: int = 9, accepted: int = 5, rejected: int = 3) -> CloseConsultation:
    return CloseConsultation(
        consultation_id="KON-1",
        participants=40,
        comments=comments,
        accepted=accepted,
        rejected=rejected,
        conclusions_ref="wnioski, 3 czerwca 2019",
    )


def count(invalid: int = 0, **votes: int) -> ClosePlebiscite:
    counts = tuple(OptionVotes(option=option, votes=number) for option, number in votes.items())
    return ClosePlebiscite(plebiscite_id="PLB-1", counts=counts, invalid=invalid)


def test_residents_are_asked_a_question_with_options() -> None:
    given(founded()).when(ASKED).then(PlebisciteOpened.of(ASKED))
    given(founded(), did(ASKED)).when(ASKED).then_refused("id-already-used", "/data/plebiscite_id", id="PLB-1")


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"options": ["żubr"]}, "/data/options"),
        ({"options": ["żubr", "żubr"]}, "/data/options"),
        ({"to": "2019-04-30"}, "/data"),
        ({"question": ""}, "/data/question"),
    ],
)
def test_a_question_has_two_options_and_a_period(change: dict[str, object], place: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_command("OpenPlebiscite", ASKED.model_dump(mode="json") | change)
    assert (refused.value.code, refused.value.place) == ("malformed", place)


@pytest.mark.parametrize(
    ("votes", "winner"),
    [
        ({"żubr": 3, "świerk": 2, "haft": 1}, "żubr"),
        ({"haft": 7, "żubr": 0, "świerk": 6}, "haft"),
        ({"żubr": 3, "świerk": 3, "haft": 1}, None),
        ({"żubr": 2, "świerk": 2, "haft": 2}, None),
        ({"żubr": 0, "świerk": 0, "haft": 0}, None),
    ],
)
def test_the_option_with_most_votes_wins_and_a_tie_is_left_to_the_board(
    votes: dict[str, int], winner: str | None
) -> None:
    closed = count(6, **votes)
    fact = PlebisciteClosed.of(closed, winner=winner, valid_votes=sum(votes.values()))
    given(founded(), did(ASKED)).when(closed).then(fact)


@pytest.mark.parametrize(
    "votes",
    [{"żubr": 3, "świerk": 2}, {"żubr": 3, "świerk": 2, "haft": 1, "len": 1}, {"żubr": 3, "świerk": 2, "len": 1}, {}],
)
def test_exactly_the_options_asked_are_counted(votes: dict[str, int]) -> None:
    refused = given(founded(), did(ASKED)).when(count(**votes))
    refused.then_refused("counts-differ", "/data/counts", counted=len(votes), took_part=3)


def test_an_option_is_counted_once() -> None:
    twice = (
        OptionVotes(option="żubr", votes=1),
        OptionVotes(option="żubr", votes=2),
        OptionVotes(option="haft", votes=0),
    )
    refused = given(founded(), did(ASKED)).when(ClosePlebiscite(plebiscite_id="PLB-1", counts=twice, invalid=0))
    refused.then_refused("counts-differ", "/data/counts")


def test_a_plebiscite_is_counted_once() -> None:
    closed = count(żubr=3, świerk=2, haft=1)
    story = given(founded(), did(ASKED), did(closed))
    story.when(closed).then_refused("already-decided", "/data/plebiscite_id", id="PLB-1")
    given(founded()).when(closed).then_refused("unknown-plebiscite", "/data/plebiscite_id", id="PLB-1")


def test_votes_for_all_options_together_may_be_more_than_one_count() -> None:
    most = 10**9
    given(founded(), did(ASKED)).when(count(żubr=most, świerk=1, haft=0)).then_fact(
        PlebisciteClosed, winner="żubr", valid_votes=most + 1
    )


def test_comments_are_asked_for_from_those_concerned() -> None:
    given(founded()).when(CONSULTED).then(ConsultationOpened.of(CONSULTED))
    given(founded(), did(CONSULTED)).when(CONSULTED).then_refused(
        "id-already-used", "/data/consultation_id", id="KON-1"
    )


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"target_groups": []}, "/data/target_groups"),
        ({"target_groups": ["seniors", "seniors"]}, "/data/target_groups"),
        ({"target_groups": ["osoby starsze"]}, "/data/target_groups/0"),
        ({"to": "2019-04-30"}, "/data"),
        ({"subject": ""}, "/data/subject"),
    ],
)
def test_a_consultation_has_a_subject_somebody_concerned_and_a_period(change: dict[str, object], place: str) -> None:
    wrong = refusal(read_command, "OpenConsultation", CONSULTED.model_dump(mode="json") | change)
    assert wrong.place == place


@pytest.mark.parametrize(("comments", "accepted", "rejected"), [(9, 5, 3), (8, 5, 3), (0, 0, 0), (4, 0, 4)])
def test_comments_are_accepted_rejected_or_left(comments: int, accepted: int, rejected: int) -> None:
    closed = summed_up(comments, accepted, rejected)
    given(founded(), did(CONSULTED)).when(closed).then(ConsultationClosed.of(closed))


@pytest.mark.parametrize(("accepted", "rejected"), [(7, 3), (10, 0), (0, 10)])
def test_no_more_comments_are_decided_than_were_made(accepted: int, rejected: int) -> None:
    numbers = {"accepted": accepted, "rejected": rejected}
    wrong = refusal(read_command, "CloseConsultation", summed_up().model_dump(mode="json") | numbers)
    polish, english = "rozstrzygnięto więcej uwag, niż zgłoszono", "more comments are decided than were made"
    expect(wrong, "/data", polish, english)


def test_a_consultation_is_closed_once() -> None:
    story = given(founded(), did(CONSULTED), did(summed_up()))
    story.when(summed_up(0, 0, 0)).then_refused("already-decided", "/data/consultation_id", id="KON-1")
    nothing = given(founded(), did(ASKED)).when(summed_up())
    nothing.then_refused("unknown-consultation", "/data/consultation_id", id="KON-1")
