"""Shares and the postings that make them: who has how much of a line, since when, under which resolution."""

from __future__ import annotations

from collections import Counter
from datetime import date

from domain.answers.money import budget
from domain.budget.decisions import MoveSplit, ResplitLine, TransferBetweenLines
from domain.budget.events import FundsTransferred
from domain.packages.decisions import SignAnnex
from domain.packages.events import AnnexSigned
from domain.resolutions.decisions import DeclareResolutionInvalid
from projections.budget_book.postings import POSTINGS
from projections.budget_book.shares import SHARES
from tests.decisions.given import FOUNDED, Story, did, given
from tests.decisions.steps import BEGINS, adopted, shares, under
from tests.projections.budget_book.planned import PLANNED
from tests.projections.stories import points, rows_on
from tests.projections.tables import Told, register

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)
MOVED = MoveSplit(line_id="L1", from_member="M2", to_member="M1", amount_gr=20_000)


def held(story: Story, day: date, line_id: str = "L1") -> dict[str, int]:
    return {row["member_id"]: row["share_gr"] for row in rows_on(SHARES, story, day) if row["line_id"] == line_id}


def posted(story: Story, day: date) -> list[tuple[int, str, int, str]]:
    rows = [row for row in rows_on(POSTINGS, story, day) if row["line_id"] == "L1"]
    return [(row["posting_no"], row["member_id"], row["amount_gr"], row["kind"]) for row in rows]


def test_a_share_that_is_moved_away_whole_ends_on_the_day_of_the_move() -> None:
    story = given(*PLANNED, under("budget_split", MOVED, on=JULY))
    assert held(story, date(2019, 6, 30)) == {"M1": 40_000, "M2": 20_000}
    assert held(story, JULY) == {"M1": 60_000}


def test_a_posting_is_never_changed_but_followed_by_another_with_the_next_number() -> None:
    again = ResplitLine(line_id="L1", shares=shares(M1=1, M2=1))
    story = given(*PLANNED, under("budget_split", again, on=JULY), under("budget_split", MOVED, on=AUGUST))
    split = [(1, "M1", 40_000, "split"), (2, "M2", 20_000, "split")]
    assert posted(story, BEGINS) == split
    resplit = [(3, "M1", -10_000, "resplit"), (4, "M2", 10_000, "resplit")]
    assert posted(story, JULY) == split + resplit
    assert posted(story, AUGUST) == split + resplit + [(5, "M1", 20_000, "move"), (6, "M2", -20_000, "move")]


def test_a_posting_names_its_resolution_its_annex_and_the_entry_that_made_it() -> None:
    annex = SignAnnex(
        package_id="P1", annex_no=1, signed_on=FOUNDED, line_id="L2", grant_change_gr=500, to_members={"M3": 500}
    )
    shift = TransferBetweenLines(
        package_id="P1",
        from_line="L1",
        to_line="L2",
        amount_gr=700,
        from_members={"M1": 700},
        to_members={"M2": 700},
        annex_no=1,
    )
    story = given(*PLANNED, under("budget", annex, on=JULY), under("budget_transfer", shift, on=JULY))
    rows = [row for row in rows_on(POSTINGS, story, JULY) if row["annex_no"]]
    assert [(row["line_id"], row["kind"], row["member_id"], row["amount_gr"]) for row in rows] == [
        ("L1", "transfer", "M1", -700),
        ("L2", "annex", "M3", 500),
        ("L2", "transfer", "M2", 700),
    ]
    made = {type(entry.fact): entry.version for entry in story.entries}
    assert [(row["draft_id"], row["version"]) for row in rows] == [
        ("DR-budget_transfer", made[FundsTransferred]),
        ("DR-budget", made[AnnexSigned]),
        ("DR-budget_transfer", made[FundsTransferred]),
    ]


def test_a_share_that_changed_under_an_invalid_resolution_names_it_from_the_day_of_the_change() -> None:
    void = DeclareResolutionInvalid(target="DR-9", effect="ex_tunc")
    story = given(*PLANNED, adopted("DR-9", "budget_split"), did(MOVED, under="DR-9", on=JULY))
    before = story.consortium.version
    story = story.go_on(adopted("DR-void", "invalidation", target_draft="DR-9"), did(void, under="DR-void"))
    asked = [(JULY, before), (date(2019, 6, 30), None), (JULY, None)]
    told = [rows_on(SHARES, story, day, known=known) for day, known in asked]
    flags = [{row["member_id"]: row["orphaned_by"] for row in rows if row["line_id"] == "L1"} for rows in told]
    assert flags == [{"M1": ()}, {"M1": (), "M2": ()}, {"M1": ("DR-9",)}]


def test_the_shares_of_every_day_as_known_at_every_version_are_the_answer() -> None:
    told = Told(SHARES, register())
    for version, state, day in points(told):
        answer = {
            (line_id, member_id): share
            for package in budget(state, day).values()
            for line_id, line in package["lines"].items()
            for member_id, share in line["by_member_gr"].items()
        }
        assert {(row["line_id"], row["member_id"]): row["share_gr"] for row in told.on(day, version)} == answer


def test_the_postings_of_every_day_add_up_to_the_shares() -> None:
    postings, shared = Told(POSTINGS, register()), Told(SHARES, register())
    for version, _, day in points(shared):
        sums: Counter[tuple[str, str]] = Counter()
        for row in postings.on(day, version):
            sums[row["line_id"], row["member_id"]] += row["amount_gr"]
        shares_gr = {(row["line_id"], row["member_id"]): row["share_gr"] for row in shared.on(day, version)}
        assert {place: amount for place, amount in sums.items() if amount} == shares_gr


def test_thirds_and_an_odd_grosz_at_an_exit_are_told_to_the_grosz() -> None:
    told = Told(SHARES, register())
    last = len(told.states) - 1
    thirds = [row["share_gr"] for row in told.on(date(2020, 6, 30), last) if row["task_id"] == "T12"]
    assert sorted(thirds) == [3_211_666, 3_211_667, 3_211_667]
    before, after = (
        {row["member_id"]: row["share_gr"] for row in told.on(day, last) if row["task_id"] == "T16"}
        for day in (date(2020, 9, 30), date(2020, 10, 1))
    )
    assert (before["M04"], after["M04"]) == (2_347_143, 1_173_571)
