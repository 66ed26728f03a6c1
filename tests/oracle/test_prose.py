"""What the domain page says in prose of the sample, typed here by hand and asked of the oracle."""

from datetime import date, datetime
from typing import Any

from .test_scenario import at, played


def number(on: str, official: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in at(on)["resolutions"] if r["number"] == official)
    return found


def draft(draft_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(r for r in at("2021-06-30")["resolutions"] if r["draft_id"] == draft_id)
    return found


def counts(draft_id: str) -> tuple[int, int, int]:
    counted = draft(draft_id)["counts"]
    return counted["for"], counted["against"], counted["abstain"]


def lines(on: str, package: str = "P2") -> dict[str, Any]:
    found: dict[str, Any] = at(on)["budget"][package]["lines"]
    return found


def performers(on: str, task: str) -> list[str]:
    return [held["member"] for held in at(on)["allocations"][task]]


def test_two_thirds_three_quarters_and_secret_ballots() -> None:
    assert (counts("DR-13"), draft("DR-13")["outcome"]) == ((3, 2, 1), "rejected")
    assert (counts("DR-23"), draft("DR-23")["seats"], draft("DR-23")["outcome"]) == ((7, 0, 1), 9, "adopted")
    assert (counts("DR-37"), draft("DR-37")["seats"], draft("DR-37")["outcome"]) == ((5, 2, 0), 9, "rejected")
    assert (counts("DR-30"), draft("DR-30")["ballot"], draft("DR-30")["cast"]) == ((5, 3, 1), "secret", 9)


def test_a_tie_is_lost_under_version_one_and_won_under_version_two() -> None:
    assert (draft("DR-18")["outcome"], draft("DR-18")["tie_break_used"]) == ("rejected", False)
    assert (draft("DR-27")["outcome"], draft("DR-27")["tie_break_used"]) == ("adopted", True)
    assert draft("DR-27")["number"] == "6/2020"


def test_the_circular_vote_returns_five_votes_and_four_recusals_of_ten() -> None:
    assert (draft("DR-26")["forum"], draft("DR-26")["voted_on"]) == ("OB-1/2020", "2020-04-09")
    assert (draft("DR-26")["cast"], len(draft("DR-26")["recused"]), draft("DR-26")["seats"]) == (5, 4, 10)


def test_forty_drafts_end_as_the_sample_says() -> None:
    register = at("2021-06-30")["resolutions"]
    assert [r["draft_id"] for r in register if r["outcome"] == "rejected"] == [
        "DR-09",
        "DR-13",
        "DR-18",
        "DR-30",
        "DR-37",
    ]
    for year, last in (("2019", 18), ("2020", 13), ("2021", 4)):
        numbers = [r["number"] for r in register if r["number"] and r["number"].endswith(year)]
        assert numbers == [f"{n}/{year}" for n in range(1, last + 1)]


def test_repeal_and_invalidity_count_from_different_days() -> None:
    assert number("2020-12-31", "6/2020")["status"] == "in_force"
    assert number("2021-01-01", "6/2020")["status"] == "repealed"
    for known_at, status in (("2020-10-01T12:00:00+02:00", "in_force"), ("2020-12-31T12:00:00+01:00", "invalid")):
        register = played().state(date(2020, 10, 1), datetime.fromisoformat(known_at))["resolutions"]
        assert next(r for r in register if r["number"] == "9/2020")["status"] == status
    assert (draft("DR-35")["number"], draft("DR-35")["matter"]) == ("13/2020", "purchase")


def test_who_performs_what_and_when() -> None:
    def tasks_of(member: str, on: str) -> dict[str, str]:
        held = at(on)["allocations"].items()
        return {task: a["resolution"] for task, team in held for a in team if a["member"] == member}

    assert tasks_of("M03", "2019-05-31") == {"T1": "7/2019", "T6": "9/2019"}
    assert tasks_of("M03", "2020-06-30") == {"T11": "17/2019", "T16": "17/2019"}
    assert performers("2020-09-30", "T12") == ["M05", "M02", "M04"]
    assert performers("2020-10-01", "T12") == ["M05", "M02", "M10"]


def test_the_exit_of_m04_to_the_grosz() -> None:
    before = lines("2020-06-30")
    assert (before["P2-T12"]["by_member_gr"]["M04"], before["P2-T16"]["by_member_gr"]["M04"]) == (3_211_666, 2_347_143)
    after = lines("2020-10-01")
    assert after["P2-T16"]["by_member_gr"]["M04"] == 1_173_571
    assert after["P2-T16"]["by_member_gr"]["M06"] - before["P2-T16"]["by_member_gr"]["M06"] == 1_173_572
    assert at("2021-06-30")["budget"]["P2"]["by_member_gr"]["M04"]["city_grant"] == 2_779_404
    paid = at("2020-07-13")["payments"]["P2"]["city_grant"]["paid_to_members_gr"]
    assert paid["M04"] == 2_779_404
    assert at("2021-06-30")["payments"]["P2"]["city_grant"]["paid_to_members_gr"]["M04"] == 2_779_404


def test_package_totals_and_budget_years() -> None:
    assert at("2020-06-30")["budget"]["P2"]["total_gr"] == 78_545_000
    assert at("2021-06-30")["budget"]["P2"]["total_gr"] == 79_345_000
    assert at("2021-06-30")["budget"]["P2"]["by_source_gr"] == {"city_grant": 73_945_000, "project_funds": 5_400_000}
    assert at("2020-12-31")["payments"]["P2"]["city_grant"]["received_gr"] == 48_763_334
    assert at("2021-06-30")["payments"]["P2"]["city_grant"]["received_gr"] - 48_763_334 == 25_181_666
    for package in ("P1", "P2"):
        grant = at("2021-06-30")["payments"][package]["city_grant"]
        assert grant["received_gr"] == sum(grant["paid_to_members_gr"].values())


def test_small_entities_have_their_guaranteed_share() -> None:
    shares = at("2021-06-30")["small_pes_share"]
    assert [shares[package]["share_bp_floor"] for package in ("P1", "P2")] == [3228, 3029]


def test_m01_is_overpaid_for_two_days() -> None:
    def overpaid(on: str) -> int:
        answer = at(on)
        paid = answer["payments"]["P2"]["city_grant"]["paid_to_members_gr"]["M01"]
        return int(paid - answer["budget"]["P2"]["by_member_gr"]["M01"]["city_grant"])

    assert [overpaid(f"2021-05-{day}") for day in (17, 18, 19, 20)] == [0, 250_000, 250_000, 0]


def test_thirds_and_sevenths_of_both_packages() -> None:
    assert list(lines("2019-04-01", "P1")["P1-T2"]["by_member_gr"].values()) == [1_616_667, 1_616_666, 1_616_667]
    assert sorted(lines("2020-01-01")["P2-T12"]["by_member_gr"].values()) == [3_411_666, 3_411_667, 3_411_667]
    assert lines("2019-04-01", "P1")["P1-T6"]["by_member_gr"] == {"M03": 1_171_429, "M04": 1_171_428, "M06": 1_757_143}
    assert lines("2020-01-01")["P2-T16"]["by_member_gr"] == {"M03": 2_347_143, "M04": 2_347_143, "M06": 3_520_714}
    assert lines("2019-04-01", "P1")["P1-OWF"]["by_member_gr"] == {"M01": 333_334, "M02": 333_333, "M06": 333_333}


def test_deadlines_loans_and_the_plebiscite() -> None:
    due = [o["due_on"] for o in at("2021-06-30")["obligations"]]
    assert due == ["2021-07-30"]
    assert at("2021-06-30")["loans"][1]["days_late"] == 92
    assert at("2021-06-30")["audit"]["recommendations"]["R-2"]["closed_on"] == "2021-01-29"
    assert at("2019-05-31")["plebiscites"]["PLB-1"] == {"winner": None, "valid_votes": None, "invalid": None}
