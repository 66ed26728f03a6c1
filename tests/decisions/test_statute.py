"""A statute is valid as a whole, or refused with the place of the error."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from domain.refusals import sentence
from domain.statute.decisions import AmendStatute
from domain.statute.events import StatuteAmended
from domain.statute.rules import Statute
from tests.decisions.documents import CIRCULAR, statute
from tests.decisions.given import FOUNDED, given
from tests.decisions.steps import adopted, found, founded, meeting_opened

if TYPE_CHECKING:
    from pydantic import JsonValue

HALF: JsonValue = {"num": 1, "den": 2, "rule": "at_least", "base": "seats", "counts": "returned"}


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"majorities": {"other": "most"}}, "/majorities/other"),
        ({"quorum": {"num": 3}}, "/quorum"),
        ({"quorum": {"num": 2, "rule": "more_than"}}, "/quorum"),
        ({"quorum": {"den": 0}}, "/quorum/den"),
        ({"quorum": {"num": 0}}, "/quorum/num"),
        ({"quorum": {"num": "1"}}, "/quorum/num"),
        ({"quorum": {"num": True}}, "/quorum/num"),
        ({"quorum": {"rule": "about"}}, "/quorum/rule"),
        ({"quorum": {"recused_counts_as_present": "yes"}}, "/quorum/recused_counts_as_present"),
        ({"quorum": {"recused_counts_as_present": 1}}, "/quorum/recused_counts_as_present"),
        ({"majorities": {"weather": "simple"}}, "/majorities/weather"),
        ({"secret_ballot_matters": ["weather"]}, "/secret_ballot_matters/0"),
        ({"tie_break": "coin"}, "/tie_break"),
        ({"casting_vote": {"majorities": ["unanimous"]}}, "/casting_vote/majorities/0"),
        ({"casting_vote": {"ballots": ["secret"]}}, "/casting_vote/ballots/0"),
        ({"circular_vote": {"allowed": True}}, "/circular_vote"),
        ({"circular_vote": {"allowed": True, "min_days": 3}}, "/circular_vote"),
        ({"circular_vote": {"allowed": True, "quorum": HALF}}, "/circular_vote"),
        ({"circular_vote": {"min_days": -1}}, "/circular_vote/min_days"),
        ({"circular_vote": {**CIRCULAR, "quorum": {"counts": "all"}}}, "/circular_vote/quorum/num"),
        ({"recusal": {"matters": ["weather"]}}, "/recusal/matters/0"),
        (
            {"recusal": {"individual_if_subjects_below_half_of_seats": False}},
            "/recusal/individual_if_subjects_below_half_of_seats",
        ),
        ({"numbering": {"pattern": "{n}"}}, "/numbering"),
        ({"numbering": {"pattern": "{year}"}}, "/numbering"),
        ({"numbering": {"pattern": "{n}/{n}/{year}"}}, "/numbering"),
        ({"numbering": {"pattern": "{n}/{year}/{session}"}}, "/numbering"),
        ({"numbering": {"pattern": "{n}/{year"}}, "/numbering"),
        ({"numbering": {"restart": "never"}}, "/numbering/restart"),
        ({"withdrawal": {"notice_months": 25}}, "/withdrawal/notice_months"),
        ({"withdrawal": {"effective": "at_once"}}, "/withdrawal/effective"),
        ({"size": {"small_fte_x100_lt": 9.5}}, "/size/small_fte_x100_lt"),
        ({"size": {"review_month_day": "13-01"}}, "/size/review_month_day"),
        ({"small_pes_share_min_bp": 10_001}, "/small_pes_share_min_bp"),
        ({"rounding": "up"}, "/rounding"),
        ({"transfer": {"line_increase_limit_bp": -1}}, "/transfer/line_increase_limit_bp"),
        ({"seats": "by_size"}, "/seats"),
        ({"colour": "green"}, "/colour"),
        ({"quorum": {"colour": "green"}}, "/quorum/colour"),
        ({"version": 0}, "/version"),
    ],
)
def test_a_statute_is_refused_with_the_place_of_its_error(changes: dict[str, JsonValue], where: str) -> None:
    refused = given().when(found(**changes))
    refused.then_refused("statute-invalid", f"/data/statute{where}", where=where)
    assert refused.refusal is not None
    assert "niedozwolona wartość" not in sentence(refused.refusal, "pl")


@pytest.mark.parametrize("part", sorted(set(statute()) - {"remote_meetings", "casting_vote"}))
def test_a_statute_lacks_no_part(part: str) -> None:
    document = statute()
    del document[part]
    command = found().model_copy(update={"statute": document})
    given().when(command).then_refused("statute-invalid", f"/data/statute/{part}", where=f"/{part}")


@pytest.mark.parametrize("matter", ["rules", "other", "repeal"])
def test_every_matter_has_its_majority(matter: str) -> None:
    document = statute()
    majorities = document["majorities"]
    assert isinstance(majorities, dict)
    del majorities[matter]
    refused = given().when(found().model_copy(update={"statute": document}))
    refused.then_refused("statute-invalid", "/data/statute/majorities")
    assert refused.refusal is not None
    assert sentence(refused.refusal, "en").endswith(f"no majority for: {matter}.")


@pytest.mark.parametrize(
    ("num", "den", "rule", "seats", "required"),
    [
        (1, 2, "at_least", 8, 4),
        (1, 2, "at_least", 9, 5),
        (1, 2, "more_than", 8, 5),
        (1, 2, "more_than", 9, 5),
        (2, 3, "at_least", 9, 6),
        (2, 3, "at_least", 10, 7),
        (2, 3, "more_than", 9, 7),
        (1, 1, "at_least", 9, 9),
        (1, 1000, "at_least", 2, 1),
        (1, 1000, "more_than", 2, 1),
        (999, 1000, "more_than", 2, 2),
        (1, 2, "at_least", 0, 1),
    ],
)
def test_a_quorum_is_the_least_whole_number_of_seats(num: int, den: int, rule: str, seats: int, required: int) -> None:
    quorum = Statute.model_validate(statute(quorum={"num": num, "den": den, "rule": rule})).quorum
    assert quorum.required(seats) == required


def test_a_pattern_may_hold_anything_beside_number_and_year() -> None:
    numbering = Statute.model_validate(statute(numbering={"pattern": "XXI/{n}/{year} RZ"})).numbering
    assert numbering.number(364, 2012) == "XXI/364/2012 RZ"


AMENDED = (founded(), meeting_opened(), adopted("DR-1", "statute_amendment"))


def test_an_amendment_changes_what_it_names_and_keeps_the_rest() -> None:
    amend = AmendStatute(version=2, changes={"tie_break": "chair_casting_vote", "quorum": {"rule": "more_than"}})
    story = given(*AMENDED).when(amend, under="DR-1", on=date(2019, 3, 1)).then(StatuteAmended)
    before, after = (story.consortium.statute_on(day) for day in (date(2019, 2, 28), date(2019, 3, 1)))
    assert (before.version, before.tie_break, before.quorum.rule) == (1, "rejected", "at_least")
    assert (after.version, after.tie_break, after.quorum.rule) == (2, "chair_casting_vote", "more_than")
    assert after.model_copy(update={"version": 1, "tie_break": before.tie_break, "quorum": before.quorum}) == before


def test_the_amended_statute_is_kept_whole() -> None:
    amend = AmendStatute(version=2, changes={"remote_meetings": True})
    story = given(*AMENDED).when(amend, under="DR-1").then(StatuteAmended)
    fact = story.entries[-1].fact
    assert isinstance(fact, StatuteAmended)
    assert Statute.model_validate(fact.statute) == story.consortium.statutes.latest
    assert fact.changes == {"remote_meetings": True}


@pytest.mark.parametrize("version", [1, 3])
def test_versions_follow_on_each_other(version: int) -> None:
    amend = AmendStatute(version=version, changes={})
    given(*AMENDED).when(amend, under="DR-1").then_refused("statute-invalid", "/data/version", where="/version")


def test_the_changes_name_no_other_version_than_the_amendment() -> None:
    amend = AmendStatute(version=2, changes={"version": 7})
    given(*AMENDED).when(amend, under="DR-1").then_refused("statute-invalid", "/data/version", where="/version")
    same = AmendStatute(version=2, changes={"version": 2})
    given(*AMENDED).when(same, under="DR-1").then(StatuteAmended)


def test_a_version_does_not_come_into_force_before_the_one_before_it() -> None:
    second = AmendStatute(version=2, changes={"remote_meetings": True})
    story = given(*AMENDED).when(second, under="DR-1", on=date(2019, 3, 1)).then(StatuteAmended)
    third = AmendStatute(version=3, changes={"remote_meetings": False})
    early = story.when(third, under="DR-1", on=date(2019, 2, 28))
    early.then_refused("statute-invalid", "/effective_on", where="/effective_on")
    story.when(third, under="DR-1", on=date(2019, 3, 1)).then(StatuteAmended)


def test_a_part_that_is_removed_is_missed() -> None:
    amend = AmendStatute(version=2, changes={"rounding": None})
    given(*AMENDED).when(amend, under="DR-1").then_refused(
        "statute-invalid", "/data/changes/rounding", where="/rounding"
    )


def test_an_amendment_that_leaves_no_valid_statute_is_refused_with_the_place() -> None:
    amend = AmendStatute(version=2, changes={"quorum": {"num": 3}})
    given(*AMENDED).when(amend, under="DR-1").then_refused("statute-invalid", "/data/changes/quorum", where="/quorum")


def test_before_the_first_version_comes_into_force_it_is_the_first_that_judges() -> None:
    assert given(founded()).consortium.statute_on(date(2018, 1, 1)).version == 1
    assert given(founded()).consortium.statute_on(FOUNDED).version == 1
