"""Who joins, leaves, is measured, votes for whom, leads and presides; and how the statute changes."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.machine.founding import CIRCULAR, CIRCULAR_QUORUM
from tests.machine.life import OFFICE, SECRETARY, member
from tests.machine.steps import Steps
from tests.oracle.statute import MAJORITIES, MATTERS, add_months, is_quarter_end, size_class

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

Line = dict[str, Any]

EARLY = 60
"""Commands after which nobody tries to join as a founder any more."""

LEAST_BOARD = 2
"""Where no more are left, nobody leaves: a board of none decides nothing worth checking."""

AMENDMENTS: tuple[Line, ...] = (
    {"tie_break": "chair_casting_vote"},
    {"tie_break": "rejected"},
    {"rounding": "leader_takes_remainder"},
    {"rounding": "largest_remainder"},
    {"circular_vote": CIRCULAR},
    {"circular_vote": {**CIRCULAR, "quorum": {**CIRCULAR_QUORUM, "rule": "more_than", "counts": "returned"}}},
    {"circular_vote": {"allowed": False}},
    {"remote_meetings": True},
    {"quorum": {"num": 2, "den": 3}},
    {"quorum": {"num": 1, "den": 3, "rule": "more_than", "recused_counts_as_present": False}},
    {"numbering": {"pattern": "U-{n}/{year}", "rejected_get_number": True}},
    {"withdrawal": {"notice_months": 6}},
    {"size": {"small_fte_x100_lt": 501, "small_revenue_gr_lt": 5_000_001}},
    {"small_pes_share_min_bp": 5000},
    {"casting_vote": {"majorities": ["absolute"], "ballots": ["open"]}},
    {"casting_vote": None, "remote_meetings": None},
)
UNFIT: tuple[Line, ...] = (
    {"tie_break": None},
    {"quorum": {"num": 3, "den": 2}},
    {"majorities": {"budget": None}},
    {"majorities": {"budget": "most"}},
    {"casting_vote": {"majorities": ["unanimous"]}},
    {"circular_vote": {"allowed": True, "min_days": None, "quorum": None}},
    {"numbering": {"pattern": "{n}"}},
    {"small_pes_share_min_bp": 10_001},
    {"secret_ballot_matters": ["everything"]},
)


class MembershipRules(Steps):
    """Membership, offices and the statute."""

    @rule(data=st.data())
    def an_entity_asks_to_join(self, data: DataObject) -> None:
        self.step(data)
        application_id = self.new_id("APP-")
        by = self.chance.one((SECRETARY, OFFICE, {"role": "applicant", "id": application_id}))
        entity = self.draw_entity(application_id if not self.chance.once_in(5) else "APP-01")
        self.give("ApplyForMembership", by, {"application_id": application_id, **entity})

    @rule(data=st.data())
    def an_applicant_is_voted_on_and_admitted(self, data: DataObject) -> None:
        self.step(data)
        waiting = [name for name, at in self.book.applications.items() if at["status"] == "open"]
        if not waiting:
            application = self.new_id("APP-")
            self.give("ApplyForMembership", OFFICE, {"application_id": application, **self.draw_entity(application)})
            waiting = [application]
        application = self.chance.one(waiting if not self.chance.once_in(8) else (*waiting, *self.book.applications))
        under = self.ground(("accession",), application_id=application)
        joined_on = self.today + timedelta(days=self.chance.one((0, 5, 40, -1)))
        if self.chance.once_in(3):
            # The declaration reaches the secretary after the day from which it holds.
            self.now += timedelta(days=9)
        signed = {"application_id": application, "declaration_signed_on": self.today.isoformat()}
        self.give("AdmitMember", SECRETARY, {**self.draw_admission(joined_on), **signed}, under, joined_on)

    @precondition(lambda self: self.seq < EARLY)
    @rule(data=st.data())
    def a_founder_comes_late(self, data: DataObject) -> None:
        self.step(data)
        self.give("AdmitFoundingMember", SECRETARY, {**self.draw_admission(self.today), "operates_units": []})

    @rule(data=st.data())
    def a_member_is_reclassified(self, data: DataObject) -> None:
        self.step(data)
        on = self.chance.day_near(self.today, self.today + timedelta(days=20))
        named = self.any_member()
        figures = self.draw_entity(named)
        fte, revenue = figures["employment_fte_x100"], figures["annual_revenue_gr"]
        size = size_class(self.statute, fte, revenue)
        payload = {"member_id": named, "employment_fte_x100": fte, "annual_revenue_gr": revenue, "size": size}
        self.give("ReclassifyMember", OFFICE, payload, self.ground(("classification",)), on)

    @precondition(lambda self: len(self.members()) > LEAST_BOARD)
    @rule(data=st.data())
    def a_member_gives_notice(self, data: DataObject) -> None:
        self.step(data)
        named, months = self.any_member(), self.statute["withdrawal"]["notice_months"]
        last_day = add_months(self.today, months)
        while not is_quarter_end(last_day):
            last_day += timedelta(days=1)
        last_day += timedelta(days=self.chance.one((0, 0, 0, 1, -92)))
        payload = {"member_id": named, "filed_on": self.today.isoformat(), "reason": "zmiana profilu"}
        self.give("FileWithdrawal", member(named), {**payload, "effective_last_day": last_day.isoformat()})

    @precondition(lambda self: len(self.members()) > LEAST_BOARD)
    @rule(data=st.data())
    def a_membership_ends(self, data: DataObject) -> None:
        self.step(data)
        notices = {fact["member"]: fact["last_day"] for fact in self.book.withdrawals}
        kind = self.chance.one(("withdrawal", "withdrawal", "exclusion")) if notices else "exclusion"
        named = self.chance.one(list(notices)) if kind == "withdrawal" else self.any_member()
        last_day = notices[named] if kind == "withdrawal" else self.chance.day_near(self.today)
        matter = {"withdrawal": "withdrawal_ack", "exclusion": "exclusion"}[kind]
        under = self.ground((matter,), [named]) if self.chance.once_in(4) else self.resolve(matter, [named])
        payload = {"member_id": named, "kind": kind, "last_day": last_day.isoformat()}
        self.give("EndMembership", SECRETARY, payload, under, last_day)

    @rule(data=st.data())
    def a_member_sends_another_delegate(self, data: DataObject) -> None:
        self.step(data)
        named = self.any_member()
        number = self.chance.one(("", "1", "2"))
        from_on = self.chance.day_near(self.today)
        payload = {"member_id": named, "delegate_id": f"del-{named}{number}", "from_on": from_on.isoformat()}
        self.give("AppointDelegate", SECRETARY, payload, on=from_on)

    @rule(data=st.data())
    def a_leader_is_elected(self, data: DataObject) -> None:
        self.step(data)
        named = self.any_member()
        under = self.resolve("leader_election", self.chance.one(([], [named], ["M01"])))
        self.give("AppointLeader", SECRETARY, {"member_id": named}, under, self.chance.day_near(self.today))

    @rule(data=st.data())
    def a_chair_is_elected(self, data: DataObject) -> None:
        self.step(data)
        payload = {"delegate_id": self.any_delegate(), "deputy_delegate_id": self.any_delegate()}
        self.give(
            "AppointChair", SECRETARY, payload, self.ground(("chair_election",)), self.chance.day_near(self.today)
        )

    @rule(data=st.data())
    def the_statute_is_amended(self, data: DataObject) -> None:
        self.step(data)
        changes = self.chance.one(UNFIT if self.chance.once_in(4) else (*AMENDMENTS, self._other_majority()))
        version = len(self.book.statutes) + (1 if not self.chance.once_in(12) else self.chance.one((0, 2)))
        last: date = self.book.statutes[-1]["from"]
        on = self.chance.day_near(self.today, self.today, last, self.today + timedelta(days=12))
        payload = {"version": version, "changes": changes}
        self.give("AmendStatute", SECRETARY, payload, self.ground(("statute_amendment",)), on)

    def _other_majority(self) -> Line:
        return {"majorities": {self.chance.one(MATTERS): self.chance.one(MAJORITIES)}}
