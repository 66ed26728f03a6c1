"""What is still to be done on a day, by deadline; what has no deadline comes last."""

from __future__ import annotations

from datetime import date

from domain.budget.cash import DistributeTranche, ReceiveTranche, RecordExecution, ReturnUnspentGrant
from domain.budget.decisions import MoveSplit
from domain.budget.events import Unspent
from domain.membership.decisions import EndMembership, FileWithdrawal
from domain.oversight.decisions import CloseRecommendation, RecordAuditFinding, RecordRecommendation, SubmitReport
from domain.packages.decisions import AmendContractParties, ChangeContractTerm, EndAllocation
from domain.resolutions.decisions import DeclareResolutionInvalid, LodgeObjection, ResolveObjection
from domain.support.decisions import LendResource, RegisterResource, ReturnResource
from tests.answers.asking import owed
from tests.decisions.given import FOUNDED, did, given, later
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
    split,
    task_defined,
    under,
)

JUNE_30, JULY, AUGUST, SEPTEMBER = date(2019, 6, 30), date(2019, 7, 1), date(2019, 8, 1), date(2019, 9, 1)
FINAL = ("sprawozdanie końcowe P1", "2020-01-30")
BOARD = (founded(), meeting_opened())
TASK = (*BOARD, contract_signed(), task_defined(), performed("M1", "M2"))
DIVIDED = (*TASK, budget_adopted(line("L1", 100_000)), split("L1", M1=1, M2=1))


def report(kind: str, due_on: date, package_id: str = "P1") -> SubmitReport:
    fields = {"package_id": package_id, "kind": kind, "due_on": due_on, "submitted_on": due_on}
    return SubmitReport.model_validate(fields)


def test_a_consortium_without_a_contract_owes_nothing() -> None:
    assert owed(given(*BOARD), FOUNDED) == []


def test_a_final_report_is_owed_from_the_contract_on_until_it_is_submitted() -> None:
    story = given(*BOARD, contract_signed(), under("report", report("final", date(2020, 1, 30)), on=date(2020, 1, 20)))
    assert owed(story, date(2019, 1, 13)) == []
    assert owed(story, FOUNDED) == [FINAL]
    assert owed(story, date(2020, 1, 19)) == [FINAL]
    assert owed(story, date(2020, 1, 20)) == []


def test_the_final_report_follows_the_end_of_the_contract_as_agreed_by_the_day() -> None:
    longer = did(
        ChangeContractTerm(package_id="P1", period_to=date(2020, 6, 30), annex_no=1, signed_on=BEGINS), on=JULY
    )
    story = given(*BOARD, contract_signed(), longer)
    assert owed(story, JUNE_30) == [FINAL]
    partial = ("sprawozdanie częściowe P1 za rok 2019", "2020-01-30")
    assert owed(story, JULY) == [partial, ("sprawozdanie końcowe P1", "2020-07-30")]


def test_a_partial_report_is_owed_for_each_budget_year_that_ends_inside() -> None:
    signed = contract_signed(period_to=date(2021, 6, 30))
    first, second = date(2020, 1, 30), date(2021, 1, 30)
    story = given(*BOARD, signed, under("report", report("partial", first), on=first))
    final = ("sprawozdanie końcowe P1", "2021-07-30")
    years = [
        ("sprawozdanie częściowe P1 za rok 2019", "2020-01-30"),
        ("sprawozdanie częściowe P1 za rok 2020", "2021-01-30"),
    ]
    assert owed(story, date(2020, 1, 29)) == [*years, final]
    assert owed(story, first) == [years[1], final]
    story = story.go_on(under("report", report("partial", second), on=second))
    assert owed(story, second) == [final]


def test_unspent_grant_is_owed_until_it_is_returned() -> None:
    unspent = RecordExecution(package_id="P1", unspent=(Unspent(line_id="L1", member_id="M2", amount_gr=500),))
    back = [
        ReturnUnspentGrant(package_id="P1", amount_gr=gr, from_member="M2", to="Miasto", due_on=date(2020, 1, 15))
        for gr in (300, 200)
    ]
    story = given(*DIVIDED, did(unspent, on=JULY), did(back[0], on=AUGUST), did(back[1], on=SEPTEMBER))
    owing = "zwrot niewykorzystanej dotacji P1 przez M2: {} gr"
    assert owed(story, JUNE_30) == [FINAL]
    assert owed(story, JULY) == [(owing.format(500), "2020-01-15"), FINAL]
    assert owed(story, AUGUST) == [(owing.format(200), "2020-01-15"), FINAL]
    assert owed(story, SEPTEMBER) == [FINAL]


def test_own_contribution_that_was_not_spent_is_owed_to_nobody() -> None:
    unspent = RecordExecution(package_id="P1", unspent=(Unspent(line_id="L1", member_id="M2", amount_gr=40),))
    own = (
        contract_signed(grant_gr=0, own_contribution_gr=100),
        task_defined(),
        budget_adopted(line("L1", 100, source="own_personal")),
        split("L1", M2=1),
    )
    assert owed(given(*BOARD, *own, did(unspent, on=JULY)), JULY) == [FINAL]


def test_a_recommendation_is_owed_until_it_is_closed() -> None:
    finding = RecordAuditFinding(finding_id="F-1", subject="P1", severity="remark", text="uwaga")
    advice = RecordRecommendation(recommendation_id="R-1", finding_id="F-1", text="poprawić", due_on=AUGUST)
    met = CloseRecommendation(recommendation_id="R-1", evidence="dowód")
    story = given(*BOARD, later(2019, 6, 1), did(finding), did(advice), did(met, on=SEPTEMBER))
    assert owed(story, date(2019, 5, 31)) == []
    assert owed(story, date(2019, 6, 1)) == [("zalecenie R-1", "2019-08-01")]
    assert owed(story, date(2019, 8, 31)) == [("zalecenie R-1", "2019-08-01")]
    assert owed(story, SEPTEMBER) == []


def test_what_was_lent_is_owed_until_it_comes_back() -> None:
    tent = RegisterResource(resource_id="RES-1", name="namiot", owner="M1", quantity=1)
    lent = LendResource(resource_id="RES-1", member_id="M2", due_on=AUGUST, fee_gr=0)
    back = ReturnResource(resource_id="RES-1", member_id="M2", condition="dobry")
    story = given(*BOARD, under("resource_rules", tent), did(lent, on=JULY), did(back, on=SEPTEMBER))
    assert owed(story, JUNE_30) == []
    assert owed(story, JULY) == owed(story, date(2019, 8, 31)) == [("zwrot zasobu RES-1 przez M2", "2019-08-01")]
    assert owed(story, SEPTEMBER) == []


def test_who_was_paid_more_than_its_share_is_to_settle() -> None:
    tranche = ReceiveTranche(package_id="P1", tranche_no=1, source="city_grant", amount_gr=100_000, payer="Miasto")
    passed_on = DistributeTranche(
        package_id="P1", tranche_no=1, source="city_grant", amounts_gr={"M1": 50_000, "M2": 50_000}
    )
    move = MoveSplit(line_id="L1", from_member="M2", to_member="M1", amount_gr=2_500)
    story = given(*DIVIDED, did(tranche), did(passed_on, on=BEGINS), under("budget_split", move, on=JULY))
    assert owed(story, JUNE_30) == [FINAL]
    assert owed(story, JULY) == [FINAL, ("rozliczenie nadpłaty P1 city_grant przez M2: 2500 gr", None)]


def test_what_was_done_under_an_invalid_resolution_awaits_a_decision() -> None:
    void = DeclareResolutionInvalid(target="DR-task_allocation", effect="ex_tunc")
    story = given(*TASK, adopted("DR-9", "invalidation", target_draft="DR-task_allocation"), did(void, under="DR-9"))
    orphaned = "przydział A-T1-{} osierocony po nieważności DR-task_allocation"
    assert owed(story, BEGINS) == [FINAL, (orphaned.format("M1"), None), (orphaned.format("M2"), None)]
    assert owed(story, date(2019, 3, 31)) == [FINAL]


def test_shares_divided_under_an_invalid_resolution_await_a_decision() -> None:
    void = DeclareResolutionInvalid(target="DR-budget_split", effect="ex_tunc")
    story = given(*DIVIDED, adopted("DR-9", "invalidation", target_draft="DR-budget_split"), did(void, under="DR-9"))
    assert owed(story, BEGINS) == [FINAL, ("udziały w linii L1 osierocone po nieważności DR-budget_split", None)]
    assert owed(story, date(2019, 3, 31)) == [FINAL]


NOTICE = did(FileWithdrawal(member_id="M2", filed_on=date(2019, 3, 31), effective_last_day=JUNE_30, reason=""))


def test_an_allocation_that_outlives_its_member_is_to_be_decided_by_the_last_day() -> None:
    outlives = ("przydział A-T1-M2 trwa po odejściu M2", "2019-06-30")
    story = given(*TASK, NOTICE)
    assert owed(story, BEGINS) == [outlives, FINAL]
    ended = EndMembership(member_id="M2", kind="withdrawal", last_day=JUNE_30)
    story = story.go_on(under("withdrawal_ack", ended))
    assert owed(story, SEPTEMBER) == [outlives, FINAL]
    cleared = EndAllocation(allocation_id="A-T1-M2", last_day=JUNE_30)
    assert owed(story.go_on(under("reallocation", cleared)), SEPTEMBER) == [FINAL]


def test_a_share_that_a_leaving_member_was_not_paid_is_to_be_decided_too() -> None:
    cleared = EndAllocation(allocation_id="A-T1-M2", last_day=JUNE_30)
    story = given(*DIVIDED, NOTICE, under("reallocation", cleared))
    left = ("udział M2 w P1 (city_grant) do wypłaty albo ponownego podziału: 50000 gr", "2019-06-30")
    assert owed(story, BEGINS) == [left, FINAL]
    away = MoveSplit(line_id="L1", from_member="M2", to_member="M1", amount_gr=50_000)
    assert owed(story.go_on(under("budget_split", away, on=JULY)), BEGINS) == [FINAL]


def test_an_allocation_that_outlives_the_contract_of_its_party_is_flagged() -> None:
    removed = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=(), remove=("M2",))
    story = given(*TASK, under("reallocation", removed, on=JULY))
    assert owed(story, BEGINS) == [FINAL, ("przydział A-T1-M2 trwa bez umowy z M2", None)]
    assert owed(story, date(2020, 1, 1)) == [FINAL]


def test_an_allocation_that_ended_with_the_bond_is_not_flagged() -> None:
    removed = AmendContractParties(package_id="P1", annex_no=1, signed_on=BEGINS, add=(), remove=("M3",))
    story = given(*TASK, allocated("A3", "M3", "partner", last=JUNE_30), under("reallocation", removed, on=JULY))
    assert owed(story, BEGINS) == [FINAL]


def test_an_objection_awaits_its_answer() -> None:
    objection = LodgeObjection(draft_id="DR-1", member_id="M2", grounds="kworum")
    answer = ResolveObjection(draft_id="DR-1", member_id="M2", outcome="dismissed", note="")
    story = given(*BOARD, adopted("DR-1"), later(2019, 2, 1), did(objection), later(2019, 3, 1), did(answer))
    assert owed(story, date(2019, 1, 31)) == []
    assert owed(story, date(2019, 2, 1)) == owed(story, date(2019, 2, 28)) == [("sprzeciw M2 wobec DR-1", None)]
    assert owed(story, date(2019, 3, 1)) == []


def test_obligations_stand_by_deadline_and_those_without_one_last() -> None:
    objection = did(LodgeObjection(draft_id="DR-1", member_id="M2", grounds="kworum"))
    tent = RegisterResource(resource_id="RES-1", name="namiot", owner="M1", quantity=1)
    lent = LendResource(resource_id="RES-1", member_id="M2", due_on=AUGUST, fee_gr=0)
    story = given(*BOARD, adopted("DR-1"), objection, contract_signed(), under("resource_rules", tent), did(lent))
    assert [due_on for _, due_on in owed(story, FOUNDED)] == ["2019-08-01", "2020-01-30", None]
