"""Who performs which task on a day, and where the money is: planned, paid, spent."""

from __future__ import annotations

from datetime import date

from domain.budget.cash import (
    DistributeTranche,
    ReceiveTranche,
    RecordExecution,
    ReturnUnspentGrant,
    SettleBetweenMembers,
)
from domain.budget.decisions import MoveSplit, ResplitLine
from domain.budget.events import Unspent
from domain.membership.decisions import ReclassifyMember
from domain.statute.decisions import AmendStatute
from tests.answers.asking import asked
from tests.decisions.given import Story, did, given, later
from tests.decisions.steps import (
    BEGINS,
    adopted,
    allocated,
    budget_adopted,
    contract_signed,
    founded,
    line,
    meeting_opened,
    performed,
    shares,
    split,
    task_defined,
    under,
)

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)
TASKS = (founded(), meeting_opened(), contract_signed(), task_defined(), task_defined("T2", last=date(2019, 6, 30)))


def test_a_running_task_has_its_lead_first_and_then_its_partners_by_id() -> None:
    story = given(
        *TASKS,
        allocated("A1", "M2", "partner"),
        allocated("A2", "M1", "partner"),
        allocated("A3", "M3", "lead", last=date(2019, 6, 30)),
        allocated("A4", "M4", first=JULY),
    )
    partners = [{"member": who, "role": "partner", "resolution": "1/2019"} for who in ("M1", "M2")]
    assert asked(story, date(2019, 3, 31))["allocations"] == {}
    first_half = {"T1": [{"member": "M3", "role": "lead", "resolution": "1/2019"}, *partners], "T2": []}
    assert asked(story, date(2019, 6, 30))["allocations"] == first_half
    assert asked(story, JULY)["allocations"] == {
        "T1": [{"member": "M4", "role": "lead", "resolution": "1/2019"}, *partners]
    }


PLANNED = (
    founded(),
    meeting_opened(),
    contract_signed(grant_gr=100_000, project_funds_gr=10_000, own_contribution_gr=1_000),
    task_defined("T1"),
    task_defined("T2"),
    performed("M1", "M2"),
    performed("M3", task_id="T2"),
    budget_adopted(
        line("L1", 60_000),
        line("L2", 40_000, task_id="T2"),
        line("L3", 10_000, source="project_funds"),
        line("L4", 1_000, source="own_financial"),
    ),
    split("L1", M1=2, M2=1),
    split("L2", M3=1),
    split("L3", M2=1),
    split("L4", M4=1),
)


def test_a_budget_is_told_by_line_task_source_and_member() -> None:
    story = given(*PLANNED)
    assert asked(story, date(2019, 3, 31))["budget"] == {}
    assert asked(story, BEGINS)["budget"] == {
        "P1": {
            "lines": {
                "L1": {
                    "task": "T1",
                    "source": "city_grant",
                    "amount_gr": 60_000,
                    "by_member_gr": {"M1": 40_000, "M2": 20_000},
                },
                "L2": {"task": "T2", "source": "city_grant", "amount_gr": 40_000, "by_member_gr": {"M3": 40_000}},
                "L3": {"task": "T1", "source": "project_funds", "amount_gr": 10_000, "by_member_gr": {"M2": 10_000}},
                "L4": {"task": "T1", "source": "own_financial", "amount_gr": 1_000, "by_member_gr": {"M4": 1_000}},
            },
            "by_task_gr": {"T1": 71_000, "T2": 40_000},
            "by_source_gr": {"city_grant": 100_000, "project_funds": 10_000, "own_financial": 1_000},
            "total_gr": 111_000,
            "by_member_gr": {
                "M1": {"city_grant": 40_000},
                "M2": {"city_grant": 20_000, "project_funds": 10_000},
                "M3": {"city_grant": 40_000},
                "M4": {"own_financial": 1_000},
            },
        }
    }


def test_a_share_that_was_moved_away_whole_is_not_told() -> None:
    gone = MoveSplit(line_id="L1", from_member="M2", to_member="M1", amount_gr=20_000)
    story = given(*PLANNED, under("budget_split", gone, on=JULY))
    lines = asked(story, JULY)["budget"]["P1"]["lines"]
    assert lines["L1"]["by_member_gr"] == {"M1": 60_000}
    assert asked(story, date(2019, 6, 30))["budget"]["P1"]["lines"]["L1"]["by_member_gr"] == {
        "M1": 40_000,
        "M2": 20_000,
    }


def tranche(no: int, amount_gr: int) -> ReceiveTranche:
    return ReceiveTranche(package_id="P1", tranche_no=no, source="city_grant", amount_gr=amount_gr, payer="Miasto")


def passed_on(no: int, **amounts: int) -> DistributeTranche:
    return DistributeTranche(package_id="P1", tranche_no=no, source="city_grant", amounts_gr=amounts)


def test_payments_are_told_net_of_settlements_between_members() -> None:
    settle = SettleBetweenMembers(
        package_id="P1", source="city_grant", from_member="M1", to_member="M2", amount_gr=5_000
    )
    move = MoveSplit(line_id="L1", from_member="M1", to_member="M2", amount_gr=5_000)
    story = given(
        *PLANNED,
        did(tranche(1, 50_000), on=date(2019, 4, 10)),
        did(passed_on(1, M1=40_000, M3=10_000), on=date(2019, 4, 12)),
        under("budget_split", move, on=JULY),
        under("budget_transfer", settle, on=AUGUST),
    )
    assert asked(story, date(2019, 4, 9))["payments"] == {}
    received = {"received_gr": 50_000, "paid_to_members_gr": {}}
    assert asked(story, date(2019, 4, 10))["payments"] == {"P1": {"city_grant": received}}
    paid = {"received_gr": 50_000, "paid_to_members_gr": {"M1": 40_000, "M3": 10_000}}
    assert asked(story, date(2019, 7, 31))["payments"] == {"P1": {"city_grant": paid}}
    settled = {"received_gr": 50_000, "paid_to_members_gr": {"M1": 35_000, "M2": 5_000, "M3": 10_000}}
    assert asked(story, AUGUST)["payments"] == {"P1": {"city_grant": settled}}


def grown(member_id: str) -> ReclassifyMember:
    return ReclassifyMember(member_id=member_id, employment_fte_x100=1000, annual_revenue_gr=0, size="large")


def share(story: Story, day: date) -> dict[str, object]:
    answer: dict[str, object] = asked(story, day)["small_pes_share"]["P1"]
    return answer


def test_the_share_of_small_entities_is_of_the_divided_city_grant() -> None:
    story = given(*PLANNED[:2], under("classification", grown("M1")), *PLANNED[2:])
    told = {"small_gr": 60_000, "total_gr": 100_000, "share_bp_floor": 6_000, "meets_statute_min_2500_bp": True}
    assert share(story, BEGINS) == told
    assert asked(story, date(2019, 3, 31))["small_pes_share"] == {}


def test_a_posting_counts_with_the_class_on_the_day_of_the_vote_behind_it() -> None:
    story = given(*PLANNED, later(2019, 5, 1), under("classification", grown("M3"), on=date(2019, 5, 1)))
    assert share(story, AUGUST)["small_gr"] == 100_000
    again = ResplitLine(line_id="L2", shares=shares(M3=1))
    move = MoveSplit(line_id="L1", from_member="M2", to_member="M1", amount_gr=1)
    story = story.go_on(under("classification", grown("M1"), on=date(2019, 5, 1)), later(2019, 6, 1))
    story = story.go_on(
        adopted("DR-9", "budget_split"), did(move, under="DR-9", on=JULY), did(again, under="DR-9", on=JULY)
    )
    assert share(story, JULY)["small_gr"] == 99_999
    assert share(story, date(2019, 6, 30))["small_gr"] == 100_000


def test_the_guarantee_is_that_of_the_statute_of_the_day() -> None:
    stricter = AmendStatute(version=2, changes={"small_pes_share_min_bp": 6_001})
    story = given(*PLANNED[:2], under("classification", grown("M1")), *PLANNED[2:])
    story = story.go_on(under("statute_amendment", stricter, on=JULY))
    assert share(story, date(2019, 6, 30))["meets_statute_min_2500_bp"] is True
    assert share(story, JULY)["meets_statute_min_6001_bp"] is False


def unspent(amount_gr: int, line_id: str = "L1", member_id: str = "M2") -> RecordExecution:
    return RecordExecution(
        package_id="P1", unspent=(Unspent(line_id=line_id, member_id=member_id, amount_gr=amount_gr),)
    )


def test_what_was_spent_is_the_grant_less_what_was_reported_unspent() -> None:
    returned = ReturnUnspentGrant(
        package_id="P1", amount_gr=500, from_member="M2", to="Miasto", due_on=date(2020, 1, 15)
    )
    story = given(*PLANNED, did(unspent(500), on=AUGUST), did(returned, on=date(2019, 9, 1)))
    assert asked(story, date(2019, 7, 31))["execution"] == {}
    told = {
        "grant_gr": 100_000,
        "unspent_gr": 500,
        "spent_gr": 99_500,
        "returned_on": None,
        "by": None,
    }
    assert asked(story, AUGUST)["execution"] == {"P1": told}
    assert asked(story, date(2019, 9, 1))["execution"] == {"P1": told | {"returned_on": "2019-09-01", "by": "M2"}}


def test_money_of_other_sources_is_no_part_of_the_grant_that_was_spent() -> None:
    story = given(*PLANNED, did(unspent(50, "L3"), on=AUGUST), did(unspent(40, "L4", "M4"), on=AUGUST))
    told = asked(story, AUGUST)["execution"]["P1"]
    assert (told["unspent_gr"], told["spent_gr"]) == (0, 100_000)


def test_a_later_report_holds_from_its_own_day_and_the_earlier_until_then() -> None:
    story = given(*PLANNED, did(unspent(500), on=AUGUST), did(unspent(100), on=date(2019, 9, 1)))
    assert asked(story, date(2019, 8, 15))["execution"]["P1"]["unspent_gr"] == 500
    assert asked(story, date(2019, 9, 1))["execution"]["P1"]["unspent_gr"] == 100
