"""Plebiscites and the votes for their options, against the answer for both clocks."""

from __future__ import annotations

from datetime import date

from domain.answers.support import plebiscites
from domain.participation.decisions import ClosePlebiscite, OpenPlebiscite
from domain.participation.events import OptionVotes
from projections.participation.plebiscites import PLEBISCITE_OPTIONS, PLEBISCITES
from tests.decisions.given import did, given
from tests.decisions.steps import founded, meeting_opened
from tests.projections.tables import Told, check, days, register

MAY, JUNE = date(2019, 5, 1), date(2019, 6, 1)
OPENED = OpenPlebiscite(plebiscite_id="PLB-1", question="Który?", options=("a", "b", "c"), from_=MAY, to=JUNE)
COUNTED = ClosePlebiscite(
    plebiscite_id="PLB-1",
    counts=tuple(OptionVotes(option=option, votes=votes) for option, votes in (("b", 3), ("a", 1), ("c", 0))),
    invalid=2,
)
STORY = given(founded(), meeting_opened(), did(OPENED, on=MAY), did(COUNTED, on=JUNE))


def test_plebiscites_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    told = Told(PLEBISCITES, register(), batch=50)
    for version in range(0, len(told.states), 10):
        for day in days(told):
            assert {
                row["plebiscite_id"]: {name: row[name] for name in ("winner", "valid_votes", "invalid")}
                for row in told.on(day, version)
            } == plebiscites(told.states[version], day)


def test_an_option_has_votes_from_the_day_they_were_counted() -> None:
    told = Told(PLEBISCITE_OPTIONS, STORY.entries)
    check(told)
    head = STORY.consortium.version
    counted = [(row["option_no"], row["option"], row["votes"], row["won"]) for row in told.on(JUNE, head)]
    assert counted == [(1, "a", 1, False), (2, "b", 3, True), (3, "c", 0, False)]
    for day, version in ((date(2019, 5, 31), head), (JUNE, head - 1)):
        assert [(row["votes"], row["won"]) for row in told.on(day, version)] == [(None, None)] * 3


def test_a_plebiscite_counted_before_it_was_announced_is_counted_at_once() -> None:
    story = given(founded(), meeting_opened(), did(OPENED, on=JUNE), did(COUNTED, on=MAY))
    for table in (PLEBISCITES, PLEBISCITE_OPTIONS):
        told = Told(table, story.entries)
        check(told)
        assert told.on(MAY, story.consortium.version) == []
        assert told.on(JUNE, story.consortium.version)
