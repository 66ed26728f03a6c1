"""What a consortium does in a fortnight: two sittings, a vote by correspondence, a package of services and its money.

Everything is given as requests, as people would send them, and decided by the rules, so what comes out is a history
that they allow. The same number gives the same season. Nine members and a guest vote; members and packages come and go.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Protocol

from domain.values import WARSAW

if TYPE_CHECKING:
    from domain.consortium import Consortium

DAYS: Final = 14
TERM: Final = timedelta(days=180)
"""How long a package's contract lasts."""
BEGINNING: Final = date(2021, 7, 1)
TASKS: Final = 6
GUEST_EVERY: Final = 16
"""Seasons between two members that come; each leaves again half of that later."""
GUEST: Final = "M-"
"""Begins the ids of those."""

SECRETARY: Final = ("board_secretary", "sek-1")
OFFICE: Final = ("administration", "adm-1")
LEADER: Final = ("leader", "M01")
CITY: Final = ("city", "um-1")
AUDITOR: Final = ("city_auditor", "aud-1")

Who = tuple[str, str]


class Life(Protocol):
    """The consortium that lives through the season."""

    @property
    def consortium(self) -> Consortium:
        """As it stands."""
        ...

    def pass_until(self, moment: datetime) -> None:
        """Let time pass, never back."""
        ...

    def give(self, who: Who, command: str, data: dict[str, Any], *, under: str | None = None) -> None:
        """Give a command that holds from the day on which it is given."""
        ...


class Season:
    """One fortnight, by its number from 0."""

    def __init__(self, life: Life, number: int) -> None:
        self.life = life
        self.number = number
        self.begins = BEGINNING + timedelta(days=DAYS * number)
        self.today = self.begins
        self.package = f"P-{number}"

    def live(self) -> None:
        self.morning_of(0)
        self.first_sitting()
        self.morning_of(1)
        self.contract()
        self.divide()
        self.morning_of(2)
        self.pay(1, 3)
        self.report_indicators(achieved=0)
        self.control()
        self.morning_of(3)
        self.send_round()
        self.morning_of(6)
        self.close_round()
        self.pay(2, 3)
        self.morning_of(8)
        self.second_sitting()
        self.morning_of(9)
        self.move_money()
        self.lend()
        self.morning_of(11)
        self.pay(3, 3)
        self.report_indicators(achieved=90 + self.number % 20)
        self.settle_accounts()
        self.publish()
        if self.number % GUEST_EVERY == GUEST_EVERY // 2:
            self.see_guest_off()

    def morning_of(self, day: int) -> None:
        self.today = self.begins + timedelta(days=day)
        self.life.pass_until(datetime.combine(self.today, time(8), WARSAW))

    def day(self, ahead: int = 0) -> str:
        return (self.today + timedelta(days=ahead)).isoformat()

    def draft(self, name: str) -> str:
        return f"DR-{self.number}-{name}"

    def seats(self) -> dict[str, str]:
        return self.life.consortium.membership.seats_on(self.today)

    def lasting(self) -> list[str]:
        """Name the members that nobody sees off."""
        return sorted(member_id for member_id in self.seats().values() if not member_id.startswith(GUEST))

    def performers(self, task: int) -> tuple[str, str]:
        """Name two members that perform a task together, never the guest."""
        lasting = self.lasting()
        first = (self.number + task) % len(lasting)
        return lasting[first], lasting[(first + 1 + task % 3) % len(lasting)]

    def task(self, task: int) -> str:
        return f"{self.package}/T{task}"

    def give(self, who: Who, command: str, under: str | None = None, **data: object) -> None:
        self.life.give(who, command, data, under=self.draft(under) if under else None)

    # The board

    def first_sitting(self) -> None:
        sitting = self.open_sitting("a")
        guest = self.number % GUEST_EVERY == 0
        if guest:
            self.apply()
        for name, matter in (
            ("offer", "joint_offer"),
            ("own", "own_contribution"),
            ("budget", "budget"),
            ("rules", "resource_rules"),
            ("lost", "other"),
        ):
            self.propose(name, matter)
            self.vote(name, sitting, "against" if name == "lost" else "for")
        self.propose("tasks", "task_allocation", subjects=self.performers(0))
        self.vote("tasks", sitting)
        self.propose("split", "budget_split", subjects=self.performers(1))
        self.vote("split", sitting)
        if guest:
            self.propose("guest", "accession", application_id=f"APP-{self.number}")
            self.vote("guest", sitting)
        self.propose("live", "other")
        self.vote_live("live", sitting)
        self.close_sitting(sitting)
        if guest:
            self.admit()

    def second_sitting(self) -> None:
        sitting = self.open_sitting("b")
        late = max(self.seats())
        for present in (False, True):
            self.give(SECRETARY, "ChangeAttendance", meeting_id=sitting, delegate_id=late, present=present)
        self.propose("passing", "reallocation", subjects=self.performers(2))
        self.vote("passing", sitting)
        self.propose("resplit", "budget_split", target_draft=self.draft("split"))
        self.vote("resplit", sitting)
        self.propose("report", "report")
        self.vote("report", sitting)
        self.propose("repeal", "repeal", target_draft=self.draft("live"))
        self.vote("repeal", sitting)
        self.give(SECRETARY, "RepealResolution", under="repeal", target=self.draft("live"))
        self.propose("taken-back", "other")
        self.give(LEADER, "WithdrawDraft", draft_id=self.draft("taken-back"), reason="do uzupełnienia")
        self.propose("live-again", "continuation")
        self.vote_live("live-again", sitting)
        self.dispute()
        self.close_sitting(sitting)

    def open_sitting(self, which: str) -> str:
        sitting = f"RZ-{self.number}{which}/{self.today.year}"
        present = sorted(self.seats())
        self.give(SECRETARY, "OpenMeeting", meeting_id=sitting, mode="on_site", presiding="del-M02", present=present)
        return sitting

    def close_sitting(self, sitting: str) -> None:
        minutes = f"Protokół z posiedzenia {sitting}"
        self.give(SECRETARY, "CloseMeeting", meeting_id=sitting, minutes_ref=minutes, reason="completed")

    def propose(self, name: str, matter: str, subjects: tuple[str, ...] = (), **more: str) -> None:
        title = f"w sprawie {matter} – pakiet {self.package}, świadczenie usług społecznych w okresie od {self.begins}"
        self.give(
            LEADER,
            "ProposeResolution",
            draft_id=self.draft(name),
            matter=matter,
            title=title,
            subject_members=list(subjects),
            legal_basis="§ 7 ust. 2 umowy konsorcjum",
            **more,
        )
        for delegate, member_id in self.seats().items():
            if member_id in subjects:
                reason = "członek, którego dotyczy uchwała"
                conflict = {"delegate_id": delegate, "member_id": member_id, "reason": reason}
                self.give(SECRETARY, "DeclareConflict", draft_id=self.draft(name), **conflict)

    def ballots(self, name: str, mostly: str, seats: dict[str, str]) -> dict[str, str]:
        """Let everybody vote who may: most alike, one in seven otherwise."""
        recused = self.life.consortium.resolutions.drafts[self.draft(name)].recused
        voters = [delegate for delegate in sorted(seats) if delegate not in recused]
        odd = {"for": "abstain", "against": "for"}[mostly]
        return {who: odd if (place + self.number) % 7 == 0 else mostly for place, who in enumerate(voters)}

    def vote(self, name: str, forum: str, mostly: str = "for", seats: dict[str, str] | None = None) -> None:
        ballots = self.ballots(name, mostly, seats or self.seats())
        self.give(SECRETARY, "RecordVote", draft_id=self.draft(name), forum=forum, ballot="open", votes=ballots)

    def vote_live(self, name: str, forum: str) -> None:
        self.give(SECRETARY, "OpenVoting", draft_id=self.draft(name), forum=forum)
        for delegate, choice in self.ballots(name, "for", self.seats()).items():
            member = ("member", self.seats()[delegate])
            self.give(member, "CastVote", draft_id=self.draft(name), delegate_id=delegate, vote=choice)
        self.give(SECRETARY, "CloseVoting", draft_id=self.draft(name))

    def send_round(self) -> None:
        one, other = self.performers(3)
        self.propose("transfer", "budget_transfer", subjects=(one, other))
        self.give(
            SECRETARY,
            "OpenCircularVote",
            circular_id=f"OB-{self.number}",
            drafts=[self.draft("transfer")],
            opens_on=self.day(),
            closes_on=self.day(3),
            channel="poczta elektroniczna",
        )

    def close_round(self) -> None:
        circular = f"OB-{self.number}"
        # Whoever had a seat when it was sent round votes, though it may have lost the seat since.
        opened = self.life.consortium.meetings.circular_votes[circular].opened.opens_on
        self.vote("transfer", circular, seats=self.life.consortium.membership.seats_on(opened))
        minutes = f"Protokół głosowania obiegowego {circular}"
        self.give(SECRETARY, "CloseCircularVote", circular_id=circular, no_reply=[], minutes_ref=minutes)

    def dispute(self) -> None:
        lost, member_id = self.draft("lost"), self.performers(4)[0]
        objection = {"draft_id": lost, "member_id": member_id}
        grounds = "uzasadnienie nie odnosi się do zgłoszonych uwag"
        self.give(("member", member_id), "LodgeObjection", **objection, grounds=grounds)
        answer = "uzasadnienie uzupełniono w protokole"
        self.give(SECRETARY, "ResolveObjection", **objection, outcome="dismissed", note=answer)
        title = self.life.consortium.resolutions.drafts[lost].title
        self.give(
            SECRETARY,
            "CorrectClericalError",
            target={"type": "resolution", "id": lost},
            field="title",
            recorded=title,
            correct=title.replace("świadczenie", "świadczenia"),
            basis="Protokół, pkt 5",
            reason="oczywista omyłka pisarska",
        )

    # Members

    def apply(self) -> None:
        applicant = ("applicant", f"APP-{self.number}")
        self.give(applicant, "ApplyForMembership", application_id=applicant[1], **self.guest())

    def guest(self) -> dict[str, Any]:
        size = {"employment_fte_x100": 300, "annual_revenue_gr": 24_000_000}
        return {"name": f"Fundacja „Jodła {self.number}”", "legal_form": "foundation", **size}

    def admit(self) -> None:
        self.give(
            SECRETARY,
            "AdmitMember",
            under="guest",
            application_id=f"APP-{self.number}",
            member_id=f"{GUEST}{self.number}",
            joined_on=self.day(),
            delegate_id=f"del-{GUEST}{self.number}",
            declaration_signed_on=self.day(),
            **self.guest(),
        )

    def see_guest_off(self) -> None:
        came = self.number - GUEST_EVERY // 2
        member_id = f"{GUEST}{came}"
        last_day = date(self.today.year + 1, 6, 30).isoformat()
        notice = {"member_id": member_id, "filed_on": self.day(), "effective_last_day": last_day}
        self.give(("member", member_id), "FileWithdrawal", **notice, reason="zmiana siedziby")
        sitting = self.open_sitting("c")
        self.propose("leaving", "withdrawal_ack", subjects=(member_id,))
        self.vote("leaving", sitting)
        self.close_sitting(sitting)
        self.give(
            SECRETARY, "EndMembership", under="leaving", member_id=member_id, kind="withdrawal", last_day=last_day
        )

    # The package

    def grant_gr(self, task: int) -> int:
        return 1_200_000 + 137 * task + self.number % 1000

    def contract(self) -> None:
        parties = self.lasting()
        grant = sum(map(self.grant_gr, range(TASKS)))
        offer: dict[str, Any] = {"represented_by": "M01", "requested_grant_gr": grant, "own_contribution_gr": 300_000}
        self.give(LEADER, "SubmitJointOffer", under="offer", package_id=self.package, parties=parties, **offer)
        self.give(
            CITY,
            "SignContract",
            package_id=self.package,
            title=f"Pakiet usług społecznych nr {self.number}",
            mode="opp_entrusting",
            contract_no=f"{self.number}/{self.today.year}",
            signed_on=self.day(),
            period_from=self.day(),
            period_to=(self.today + TERM).isoformat(),
            grant_gr=grant,
            project_funds_gr=600_000,
            own_contribution_gr=300_000,
            parties=parties,
            line_increase_limit_bp=1000,
            report_due_days=30,
            return_due_days=15,
        )
        for task in range(TASKS):
            self.allocate(task)

    def allocate(self, task: int) -> None:
        period = {"period_from": self.day(), "period_to": (self.today + TERM).isoformat()}
        name = f"Usługi opiekuńcze i dowóz posiłków, rejon {task + 1}"
        self.give(OFFICE, "DefineTask", task_id=self.task(task), package_id=self.package, name=name, **period)
        for role, member_id in zip(("lead", "partner"), self.performers(task), strict=True):
            self.give(
                OFFICE,
                "AllocateTask",
                under="tasks",
                allocation_id=f"{self.task(task)}/{role}",
                task_id=self.task(task),
                member_id=member_id,
                role=role,
                valid_from=period["period_from"],
                valid_to=period["period_to"],
            )

    def line(self, line: int) -> dict[str, object]:
        """Describe a line: one of the grant for each task, then one of the project and one of the members' own."""
        source, task, amount = {
            TASKS: ("project_funds", 0, 600_000),
            TASKS + 1: ("own_financial", 1, 300_000),
        }.get(line, ("city_grant", line, self.grant_gr(line)))
        line_id = f"{self.package}/L{line}"
        return {"line_id": line_id, "task_id": self.task(task), "source": source, "amount_gr": amount}

    def divide(self) -> None:
        lines = [self.line(line) for line in range(TASKS + 2)]
        self.give(OFFICE, "AdoptBudget", under="budget", package_id=self.package, lines=lines)
        for line in range(TASKS + 2):
            lead, partner = self.performers({TASKS: 0, TASKS + 1: 1}.get(line, line))
            shares = [{"member_id": lead, "weight": 3}, {"member_id": partner, "weight": 2}]
            under = "own" if line == TASKS + 1 else "split"
            self.give(OFFICE, "SplitLine", under=under, line_id=f"{self.package}/L{line}", shares=shares)

    def due(self, source: str) -> dict[str, int]:
        """Return what each member has a share in and was not paid yet."""
        budgets = self.life.consortium.budgets
        due: dict[str, int] = {}
        for line in budgets.lines_of(self.package):
            for member_id, amount in line.shares_on(self.today).items() if line.source == source else ():
                due[member_id] = due.get(member_id, 0) + amount
        return {one: amount - budgets.paid_gr(self.package, source, one) for one, amount in due.items()}

    def pay(self, number: int, of: int) -> None:
        """Pass on the instalment of this number: an even part of what is still due; the last is the rest."""
        for source, payer in (("city_grant", "Gmina Miejska Hajnówka"), ("project_funds", "projekt OdNowa")):
            amounts = {one: due // (of - number + 1) for one, due in self.due(source).items()}
            tranche: dict[str, Any] = {"package_id": self.package, "tranche_no": number, "source": source}
            self.give(LEADER, "ReceiveTranche", **tranche, amount_gr=sum(amounts.values()), payer=payer)
            self.give(LEADER, "DistributeTranche", **tranche, amounts_gr=amounts)

    def move_money(self) -> None:
        package = {"package_id": self.package}
        (one, _), (other, _) = self.performers(3), self.performers(4)
        lines = {"from_line": f"{self.package}/L3", "to_line": f"{self.package}/L4"}
        parts: dict[str, Any] = {"amount_gr": 5_000, "from_members": {one: 5_000}, "to_members": {other: 5_000}}
        self.give(OFFICE, "TransferBetweenLines", under="transfer", **package, **lines, **parts)
        lead, partner = self.performers(2)
        moved: dict[str, Any] = {
            "line_id": f"{self.package}/L2",
            "from_member": lead,
            "to_member": partner,
            "amount_gr": 1_000,
        }
        self.give(OFFICE, "ReallocateTask", under="passing", **self.handover(partner), moves=[moved])
        lead, partner = self.performers(5)
        shares = [{"member_id": lead, "weight": 29}, {"member_id": partner, "weight": 21}]
        amends: dict[str, Any] = {"amends": self.draft("split")}
        self.give(OFFICE, "ResplitLine", under="resplit", line_id=f"{self.package}/L5", shares=shares, **amends)
        hands: dict[str, Any] = {"from_member": one, "to_member": other, "source": "city_grant", "amount_gr": 500}
        self.give(LEADER, "SettleBetweenMembers", under="transfer", **package, **hands)

    def handover(self, successor: str) -> dict[str, Any]:
        ends = (self.begins + timedelta(days=1) + TERM).isoformat()
        takes_over = {"valid_from": self.day(31), "valid_to": ends, "member_id": successor, "role": "lead"}
        return {
            "task_id": self.task(2),
            "end": [{"allocation_id": f"{self.task(2)}/lead", "last_day": self.day(30)}],
            "allocate": [{"allocation_id": f"{self.task(2)}/successor", **takes_over}],
        }

    def report_indicators(self, achieved: int) -> None:
        for task in range(TASKS):
            self.give(
                OFFICE,
                "ReportIndicator",
                package_id=self.package,
                task_id=self.task(task),
                indicator="osoby objęte wsparciem",
                unit="osoba",
                target=100,
                achieved=achieved,
            )

    def settle_accounts(self) -> None:
        lead, _ = self.performers(1)
        unspent = {"line_id": f"{self.package}/L1", "member_id": lead, "amount_gr": 1_234}
        self.give(OFFICE, "RecordExecution", package_id=self.package, unspent=[unspent], note="rozliczenie częściowe")
        returned: dict[str, Any] = {
            "amount_gr": 1_234,
            "from_member": lead,
            "to": "Gmina Miejska Hajnówka",
            "due_on": self.day(15),
        }
        self.give(LEADER, "ReturnUnspentGrant", package_id=self.package, **returned)
        report = {"kind": "partial", "due_on": self.day(10), "submitted_on": self.day()}
        self.give(OFFICE, "SubmitReport", under="report", package_id=self.package, **report)

    # Around it

    def lend(self) -> None:
        resource, (owner, borrower) = f"RES-{self.number}-0", self.performers(5)
        thing: dict[str, Any] = {"name": "Projektor multimedialny z ekranem", "owner": owner, "quantity": 1}
        self.give(OFFICE, "RegisterResource", under="rules", resource_id=resource, **thing)
        loan = {"resource_id": resource, "member_id": borrower}
        self.give(OFFICE, "LendResource", **loan, due_on=self.day(30), fee_gr=0)
        self.give(OFFICE, "ReturnResource", **loan, condition="bez uszkodzeń")

    def control(self) -> None:
        finding, asked = f"F-{self.number}-0", f"R-{self.number}-0"
        sitting = f"RZ-{self.number}a/{self.begins.year}"
        text = "protokół opublikowano po terminie 14 dni"
        found = {"finding_id": finding, "subject": sitting, "severity": "irregularity", "text": text}
        self.give(AUDITOR, "RecordAuditFinding", **found)
        asks = {"text": "wprowadzić termin publikacji protokołów", "due_on": self.day(30)}
        self.give(AUDITOR, "RecordRecommendation", recommendation_id=asked, finding_id=finding, **asks)
        question: dict[str, Any] = {
            "question": "Lokalny motyw przewodni",
            "options": ["szyszka świerka", "liść dębu", "wełna"],
        }
        days = {"from": self.day(), "to": self.day(7)}
        self.give(OFFICE, "OpenPlebiscite", plebiscite_id=f"PLB-{self.number}-0", **question, **days)

    def publish(self) -> None:
        sitting = f"RZ-{self.number}b/{(self.begins + timedelta(days=8)).year}"
        where = {"channel": "bip", "published_on": self.day(), "meeting_id": sitting}
        self.give(SECRETARY, "PublishDocument", document=f"Protokół z posiedzenia {sitting}", **where)
        evidence = "zarządzenie administracji"
        self.give(OFFICE, "CloseRecommendation", recommendation_id=f"R-{self.number}-0", evidence=evidence)
        votes = {"szyszka świerka": 214, "liść dębu": 187 + self.number % 20, "wełna": 95}
        counts = [{"option": option, "votes": number} for option, number in votes.items()]
        self.give(OFFICE, "ClosePlebiscite", plebiscite_id=f"PLB-{self.number}-0", counts=counts, invalid=6)
