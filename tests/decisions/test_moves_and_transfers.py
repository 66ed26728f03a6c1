"""Shares move between members, money between lines of one source, within the contract's limit or by an annex."""

from __future__ import annotations

from datetime import date

import pytest

from domain.budget.decisions import MoveSplit, TransferBetweenLines
from domain.budget.events import FundsTransferred, ShareMoved
from domain.errors import Refusal
from domain.packages.decisions import AmendContractParties
from domain.requests import read_command
from tests.decisions.given import Story, did, given
from tests.decisions.steps import (
    BEGINS,
    adopted,
    allocated,
    budget_adopted,
    contract_signed,
    founded,
    founder,
    line,
    meeting_opened,
    performed,
    split,
    task_defined,
    under,
)

JULY, AUGUST = date(2019, 7, 1), date(2019, 8, 1)
TWO_LINES = (
    founded(),
    meeting_opened(),
    contract_signed(project_funds_gr=10_000),
    task_defined("T1"),
    task_defined("T2"),
    performed("M1", "M2"),
    performed("M2", "M3", task_id="T2"),
    budget_adopted(
        line("L1", 60_000), line("L2", 40_000, task_id="T2"), line("L3", 10_000, task_id="T2", source="project_funds")
    ),
    adopted("DR-1", "budget_transfer"),
)
DIVIDED = (*TWO_LINES, split("L1", M1=1, M2=1), split("L2", M2=1, M3=3))
"""L1 of 600,00 zł: M1 and M2 half each. L2 of 400,00 zł: M2 100,00 and M3 300,00."""


def move(amount_gr: int, from_member: str = "M1", to_member: str = "M2", line_id: str = "L1") -> MoveSplit:
    return MoveSplit(line_id=line_id, from_member=from_member, to_member=to_member, amount_gr=amount_gr)


def amounts(story: Story, line_id: str, day: date) -> tuple[int, dict[str, int]]:
    found = story.consortium.budgets.lines[line_id]
    return found.amount_on(day), found.shares_on(day)


def test_part_of_a_share_moves_from_a_day() -> None:
    story = given(*DIVIDED).when(move(11_735), under="DR-budget_split", on=JULY).then(ShareMoved.of(move(11_735)))
    assert amounts(story, "L1", date(2019, 6, 30)) == (60_000, {"M1": 30_000, "M2": 30_000})
    assert amounts(story, "L1", JULY) == (60_000, {"M1": 18_265, "M2": 41_735})


def test_a_share_moves_under_a_reallocation_too() -> None:
    given(*DIVIDED, adopted("DR-2", "reallocation")).when(move(1), under="DR-2", on=JULY).then(ShareMoved)


def test_nobody_gives_more_than_its_least_share_from_the_day_on() -> None:
    whole = given(*DIVIDED).when(move(30_001), under="DR-budget_split", on=JULY)
    whole.then_refused("share-exceeded", "/data/amount_gr", member_id="M1", share=30_000, amount=30_001)
    leaving_later = did(move(20_000), under="DR-budget_split", on=AUGUST)
    story = given(*DIVIDED, leaving_later)
    refused = story.when(move(10_001), under="DR-budget_split", on=JULY)
    refused.then_refused("share-exceeded", "/data/amount_gr", share=10_000)
    story.when(move(10_000), under="DR-budget_split", on=JULY).then(ShareMoved)


def test_a_share_moves_to_one_who_performs_the_task_from_that_day() -> None:
    outsider = given(*DIVIDED).when(move(1, to_member="M4"), under="DR-budget_split", on=JULY)
    outsider.then_refused("not-allocated-to-task", "/data/to_member", member_id="M4", task_id="T1")
    story = given(*DIVIDED, allocated("A9", "M4", "partner", first=AUGUST))
    early = story.when(move(1, to_member="M4"), under="DR-budget_split", on=JULY)
    early.then_refused("not-allocated-to-task", "/data/to_member")
    story.when(move(1, to_member="M4"), under="DR-budget_split", on=AUGUST).then(ShareMoved)


def test_a_share_moves_to_a_member_of_the_day_who_is_bound() -> None:
    joins = did(founder("M5", joined_on=AUGUST))
    removed = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=(), remove=("M2",))
    story = given(*DIVIDED[:1], joins, meeting_opened("M1", "M2", "M3"), *DIVIDED[2:])
    early = story.when(move(1, to_member="M5"), under="DR-budget_split", on=JULY)
    early.then_refused("not-a-member-on-date", "/data/to_member", member_id="M5", day=JULY)
    unbound = given(*DIVIDED, under("reallocation", removed, on=JULY)).when(move(1), under="DR-budget_split", on=JULY)
    unbound.then_refused("not-a-contract-party", "/data/to_member", member_id="M2", first=JULY, last=JULY)


def test_own_contribution_moves_between_members_whether_they_perform_or_not() -> None:
    story = given(
        founded(),
        meeting_opened(),
        contract_signed(grant_gr=0, own_contribution_gr=100),
        task_defined(),
        budget_adopted(line("L1", 100, source="own_personal")),
        split("L1", M1=1),
    )
    story.when(move(40, to_member="M4"), under="DR-budget_split", on=JULY).then(ShareMoved)


def transfer(
    amount_gr: int, from_line: str = "L1", to_line: str = "L2", annex_no: int | None = None, **sides: dict[str, int]
) -> TransferBetweenLines:
    """Write a transfer from M1 to M3, unless `from_members` or `to_members` say otherwise."""
    return TransferBetweenLines(
        package_id="P1",
        from_line=from_line,
        to_line=to_line,
        amount_gr=amount_gr,
        from_members=sides.get("from_members", {"M1": amount_gr}),
        to_members=sides.get("to_members", {"M3": amount_gr}),
        annex_no=annex_no,
    )


def test_money_passes_from_line_to_line_with_the_shares_on_both_sides() -> None:
    command = transfer(4_000, from_members={"M1": 1_000, "M2": 3_000}, to_members={"M2": 500, "M3": 3_500})
    story = given(*DIVIDED).when(command, under="DR-1", on=JULY).then(FundsTransferred.of(command))
    assert amounts(story, "L1", JULY) == (56_000, {"M1": 29_000, "M2": 27_000})
    assert amounts(story, "L2", JULY) == (44_000, {"M2": 10_500, "M3": 33_500})
    assert amounts(story, "L2", date(2019, 6, 30)) == (40_000, {"M2": 10_000, "M3": 30_000})


def test_a_line_grows_by_no_more_than_the_contracts_limit() -> None:
    given(*DIVIDED).when(transfer(4_000), under="DR-1", on=JULY).then(FundsTransferred)
    refused = given(*DIVIDED).when(transfer(4_001), under="DR-1", on=JULY)
    refused.then_refused("transfer-limit-exceeded", "/data/amount_gr", growth=4_001, adopted=40_000, limit_bp=1000)


def test_the_limit_is_of_all_transfers_together_against_the_line_at_adoption() -> None:
    story = given(*DIVIDED, did(transfer(3_000), under="DR-1", on=JULY))
    story.when(transfer(1_001), under="DR-1", on=AUGUST).then_refused(
        "transfer-limit-exceeded", "/data/amount_gr", growth=4_001
    )
    story.when(transfer(1_000), under="DR-1", on=AUGUST).then(FundsTransferred)


def test_what_goes_back_does_not_make_room_again() -> None:
    back = transfer(3_000, "L2", "L1", from_members={"M3": 3_000}, to_members={"M1": 3_000})
    story = given(*DIVIDED, did(transfer(4_000), under="DR-1", on=JULY), did(back, under="DR-1", on=JULY))
    story.when(transfer(1), under="DR-1", on=AUGUST).then_refused(
        "transfer-limit-exceeded", "/data/amount_gr", growth=4_001
    )


def test_a_transfer_by_annex_is_neither_limited_nor_counted() -> None:
    annexed = transfer(20_000, annex_no=1)
    story = given(*DIVIDED).when(annexed, under="DR-1", on=JULY).then(FundsTransferred.of(annexed))
    story.when(transfer(4_001), under="DR-1", on=JULY).then_refused(
        "transfer-limit-exceeded", "/data/amount_gr", growth=4_001, adopted=40_000
    )
    story.when(transfer(4_000), under="DR-1", on=JULY).then(FundsTransferred)


def test_the_annex_of_a_transfer_is_one_that_was_signed_or_the_next() -> None:
    given(*DIVIDED).when(transfer(20_000, annex_no=2), under="DR-1", on=JULY).then_refused(
        "annex-out-of-sequence", "/data/annex_no", given=2, expected=1
    )


def test_money_of_one_source_does_not_pay_for_another() -> None:
    refused = given(*DIVIDED).when(transfer(100, to_line="L3"), under="DR-1", on=JULY)
    refused.then_refused("source-mismatch", "/data/to_line", source="project_funds", expected="city_grant")


def test_both_lines_are_of_the_package() -> None:
    other = (contract_signed("P2", grant_gr=500), task_defined("T9", "P2"), adopted("DR-9", "budget"))
    story = given(*DIVIDED, *other, budget_adopted(line("L9", 500, task_id="T9"), package_id="P2"))
    to_other = story.when(transfer(100, to_line="L9"), under="DR-1", on=JULY)
    to_other.then_refused("unknown-line", "/data/to_line", id="L9")
    from_other = story.when(transfer(100, from_line="L9"), under="DR-1", on=JULY)
    from_other.then_refused("unknown-line", "/data/from_line", id="L9")


@pytest.mark.parametrize(
    ("side", "members"),
    [("from_members", {"M1": 99}), ("from_members", {}), ("to_members", {"M3": 101}), ("to_members", {})],
)
def test_the_parts_of_a_divided_line_make_up_the_amount(side: str, members: dict[str, int]) -> None:
    command = transfer(100).model_copy(update={side: members})
    refused = given(*DIVIDED).when(command, under="DR-1", on=JULY)
    refused.then_refused("transfer-not-balanced", f"/data/{side}", amount=100, members=sum(members.values()))


def test_an_undivided_line_gives_and_takes_without_naming_members() -> None:
    story = given(*TWO_LINES, split("L1", M1=1, M2=1))
    named = story.when(transfer(100), under="DR-1", on=JULY)
    named.then_refused("line-not-split", "/data/to_members", line_id="L2")
    story.when(transfer(100, to_members={}), under="DR-1", on=JULY).then(FundsTransferred)
    back = transfer(100, "L2", "L1", from_members={}, to_members={"M1": 100})
    story.when(back, under="DR-1", on=JULY).then(FundsTransferred)


def test_a_part_goes_to_one_who_performs_the_task() -> None:
    refused = given(*DIVIDED).when(transfer(100, to_members={"M4": 100}), under="DR-1", on=JULY)
    refused.then_refused("not-allocated-to-task", "/data/to_members/M4", member_id="M4", task_id="T2")


def test_neither_a_share_nor_a_line_goes_below_nought() -> None:
    shared = given(*DIVIDED).when(transfer(30_001, annex_no=1), under="DR-1", on=JULY)
    shared.then_refused("share-exceeded", "/data/from_members/M1", member_id="M1", share=30_000, amount=30_001)
    undivided = given(*TWO_LINES)
    more = transfer(60_001, annex_no=1, from_members={}, to_members={})
    refused = undivided.when(more, under="DR-1", on=JULY)
    refused.then_refused("share-exceeded", "/data/amount_gr", member_id="L1", share=60_000, amount=60_001)


def test_a_line_that_is_to_shrink_later_gives_less_today() -> None:
    later = did(transfer(50_000, annex_no=1, from_members={}, to_members={}), under="DR-1", on=AUGUST)
    refused = given(*TWO_LINES, later).when(
        transfer(10_001, annex_no=1, from_members={}, to_members={}), under="DR-1", on=JULY
    )
    refused.then_refused("share-exceeded", "/data/amount_gr", share=10_000)


def test_a_line_gives_from_the_day_of_its_adoption_on_at_the_earliest() -> None:
    early = transfer(10, from_members={}, to_members={})
    refused = given(*TWO_LINES).when(early, under="DR-1", on=date(2019, 3, 31))
    refused.then_refused("share-exceeded", "/data/amount_gr", member_id="L1")


def test_shares_change_from_the_day_of_the_division_on_at_the_earliest() -> None:
    story = given(*TWO_LINES, split("L2", on=JULY, M3=1))
    early = story.when(transfer(10, from_members={}), under="DR-1", on=date(2019, 5, 1))
    early.then_refused("line-not-split", "/data/to_members", line_id="L2")
    story.when(transfer(10, from_members={}), under="DR-1", on=JULY).then(FundsTransferred)


def test_a_line_gives_what_an_earlier_transfer_brought() -> None:
    there = transfer(20_000, "L2", "L1", 1, from_members={}, to_members={})
    back = transfer(70_000, "L1", "L2", 1, from_members={}, to_members={})
    story = given(*TWO_LINES, did(there, under="DR-1", on=JULY))
    story.when(back, under="DR-1", on=AUGUST).then(FundsTransferred)


@pytest.mark.parametrize(
    ("command", "fields"),
    [
        ("MoveSplit", {"line_id": "L1", "from_member": "M1", "to_member": "M1", "amount_gr": 1}),
        (
            "TransferBetweenLines",
            {
                "package_id": "P1",
                "from_line": "L1",
                "to_line": "L1",
                "amount_gr": 1,
                "from_members": {},
                "to_members": {},
            },
        ),
        (
            "SettleBetweenMembers",
            {"package_id": "P1", "source": "city_grant", "from_member": "M1", "to_member": "M1", "amount_gr": 1},
        ),
    ],
)
def test_nothing_moves_from_a_thing_to_itself(command: str, fields: dict[str, object]) -> None:
    with pytest.raises(Refusal) as refused:
        read_command(command, fields)
    assert (refused.value.code, refused.value.place) == ("malformed", "/data")
