"""Pieces of history in the words of the agreement; what a piece rests on is decided on the way."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from domain.budget.decisions import AdoptBudget, SplitLine
from domain.budget.events import BudgetLine, Share
from domain.meetings.decisions import CloseMeeting, OpenCircularVote, OpenMeeting
from domain.membership.decisions import AdmitFoundingMember, AppointChair, AppointLeader
from domain.packages.decisions import AllocateTask, DefineTask, SignContract
from domain.resolutions.decisions import ProposeResolution
from domain.resolutions.events import Counts
from domain.resolutions.voting import RecordVote
from domain.statute.decisions import FoundConsortium
from tests.decisions.documents import AGREEMENT, statute
from tests.decisions.given import CONSORTIUM, FOUNDED, Story, did

if TYPE_CHECKING:
    from pydantic import JsonValue

    from domain.decider import Command
    from domain.packages.events import Mode
    from domain.values import Choice, Matter, PerformerRole, Source
    from tests.decisions.given import Step

BEGINS = date(2019, 4, 1)
ENDS = date(2019, 12, 31)
"""The contract of `contract_signed`, and the tasks in it."""


def found(**changes: JsonValue) -> FoundConsortium:
    return FoundConsortium(
        consortium_id=CONSORTIUM,
        name="Konsorcjum próbne",
        town="Hajnówka",
        teryt="2005011",
        legal_basis="umowa konsorcjum",
        agreement_date=FOUNDED,
        agreement=AGREEMENT,
        statute=statute(**changes),
    )


def founder(member_id: str, *, fte_x100: int = 500, joined_on: date = FOUNDED) -> AdmitFoundingMember:
    """Write an admission; under ten full-time equivalents a member is small."""
    return AdmitFoundingMember(
        member_id=member_id,
        name=f"Członek {member_id}",
        legal_form="association",
        employment_fte_x100=fte_x100,
        annual_revenue_gr=1_000_000,
        joined_on=joined_on,
        delegate_id=f"del-{member_id}",
    )


def founded(members: int = 4, **changes: JsonValue) -> Step:
    """Found a consortium of members M1, M2, …, all small; `changes` lie over the statute."""

    def step(story: Story) -> Story:
        founders = [did(founder(f"M{number}")) for number in range(1, members + 1)]
        return story.go_on(did(found(**changes)), *founders)

    return step


def delegates(*member_ids: str) -> tuple[str, ...]:
    return tuple(f"del-{member_id}" for member_id in member_ids)


def meeting_opened(*present: str, meeting_id: str = "RZ-1") -> Step:
    """Open a meeting with the delegates of these members, or of all."""

    def step(story: Story) -> Story:
        there = delegates(*present) or tuple(story.consortium.membership.seats_on(story.today))
        return story.go_on(did(OpenMeeting(meeting_id=meeting_id, mode="on_site", presiding=there[0], present=there)))

    return step


def sent_round(*draft_ids: str, circular_id: str = "OB-1") -> Step:
    """Send drafts round for three days from today; the statute must allow it."""

    def step(story: Story) -> Story:
        sent = OpenCircularVote(
            circular_id=circular_id,
            drafts=draft_ids,
            opens_on=story.today,
            closes_on=story.today + timedelta(days=3),
            channel="poczta elektroniczna",
        )
        return story.go_on(did(sent))

    return step


def meeting_closed(meeting_id: str = "RZ-1") -> Step:
    return did(CloseMeeting(meeting_id=meeting_id, minutes_ref="protokół", reason="completed"))


def draft(draft_id: str, matter: Matter = "other", **fields: object) -> ProposeResolution:
    asked: dict[str, object] = {"subject_members": (), "title": f"w sprawie {draft_id}", "legal_basis": "umowa"}
    return ProposeResolution.model_validate({"draft_id": draft_id, "matter": matter, **asked, **fields})


def proposed(draft_id: str, matter: Matter = "other", **fields: object) -> Step:
    return did(draft(draft_id, matter, **fields))


def votes(for_: int = 0, against: int = 0, abstain: int = 0) -> dict[str, Choice]:
    """Give the delegates of M1, M2, … these votes in turn."""
    choices: list[Choice] = [*["for"] * for_, *["against"] * against, *["abstain"] * abstain]  # type: ignore[list-item]  # each is a choice
    return {f"del-M{number}": choice for number, choice in enumerate(choices, 1)}


def open_vote(draft_id: str, *, for_: int = 0, against: int = 0, abstain: int = 0, forum: str = "RZ-1") -> RecordVote:
    return RecordVote(draft_id=draft_id, forum=forum, ballot="open", votes=votes(for_, against, abstain))


def secret_vote(draft_id: str, took_part: tuple[str, ...], counts: Counts, forum: str = "RZ-1") -> RecordVote:
    return RecordVote(draft_id=draft_id, forum=forum, ballot="secret", took_part=took_part, counts=counts)


def voted(draft_id: str, *, for_: int = 0, against: int = 0, abstain: int = 0, forum: str = "RZ-1") -> Step:
    return did(open_vote(draft_id, for_=for_, against=against, abstain=abstain, forum=forum))


def adopted(draft_id: str, matter: Matter = "other", *, on: date | None = None, **fields: object) -> Step:
    """Propose a draft and let everybody who is there vote for it."""

    def step(story: Story) -> Story:
        return story.go_on(did(draft(draft_id, matter, **fields), on=on), carried(draft_id))

    return step


def carried(draft_id: str) -> Step:
    """Let everybody who is at the last meeting vote for a draft, but for who is recused."""

    def step(story: Story) -> Story:
        consortium = story.consortium
        forum = consortium.meetings.meetings[consortium.meetings.order[-1]]
        seats = consortium.membership.seats_on(story.today)
        asked = consortium.resolutions.drafts[draft_id]
        there = tuple(sorted((forum.present & frozenset(seats)) - asked.recused))
        if consortium.statute_on(story.today).ballot(asked.matter) == "secret":
            counts = Counts(for_=len(there), against=0, abstain=0)
            return story.go_on(did(secret_vote(draft_id, there, counts, forum.meeting_id)))
        vote = RecordVote(draft_id=draft_id, forum=forum.meeting_id, ballot="open", votes=dict.fromkeys(there, "for"))
        return story.go_on(did(vote))

    return step


def under(matter: Matter, command: Command, *, on: date | None = None) -> Step:
    """Give a command under the resolution `DR-<matter>`, adopted now unless it was before."""

    def step(story: Story) -> Story:
        draft_id = f"DR-{matter}"
        if draft_id not in story.consortium.resolutions.drafts:
            story = story.go_on(adopted(draft_id, matter))
        return story.go_on(did(command, under=draft_id, on=on))

    return step


def led_by(member_id: str) -> Step:
    return under("leader_election", AppointLeader(member_id=member_id))


def chaired_by(member_id: str, deputy: str | None = None) -> Step:
    deputy_delegate_id = f"del-{deputy}" if deputy else None
    return under("chair_election", AppointChair(delegate_id=f"del-{member_id}", deputy_delegate_id=deputy_delegate_id))


def contract(package_id: str, parties: tuple[str, ...], **fields: object) -> SignContract:
    """Write a contract of nine months, of 1000,00 zł from the city and nothing else."""
    mode: Mode = "opp_entrusting"
    usual: dict[str, object] = {
        "title": f"Pakiet {package_id}",
        "mode": mode,
        "contract_no": "1/2019",
        "signed_on": FOUNDED,
        "period_from": BEGINS,
        "period_to": ENDS,
        "grant_gr": 100_000,
        "project_funds_gr": 0,
        "own_contribution_gr": 0,
        "line_increase_limit_bp": 1000,
        "report_due_days": 30,
        "return_due_days": 15,
    }
    return SignContract.model_validate({"package_id": package_id, "parties": parties, **usual, **fields})


def contract_signed(package_id: str = "P1", *, parties: tuple[str, ...] | None = None, **fields: object) -> Step:
    """Bind these members, or everybody of the day."""

    def step(story: Story) -> Story:
        everybody = tuple(one.member_id for one in story.consortium.membership.on(story.today))
        return story.go_on(did(contract(package_id, everybody if parties is None else parties, **fields)))

    return step


def task_defined(task_id: str = "T1", package_id: str = "P1", first: date = BEGINS, last: date = ENDS) -> Step:
    task = DefineTask(
        task_id=task_id, package_id=package_id, name=f"Zadanie {task_id}", period_from=first, period_to=last
    )
    return did(task)


def allocation(  # noqa: PLR0913 - an allocation is who, what, how, from when and to when
    allocation_id: str,
    member_id: str,
    role: PerformerRole = "lead",
    *,
    task_id: str = "T1",
    first: date = BEGINS,
    last: date = ENDS,
) -> AllocateTask:
    return AllocateTask(
        allocation_id=allocation_id, task_id=task_id, member_id=member_id, role=role, valid_from=first, valid_to=last
    )


def allocated(  # noqa: PLR0913 - as many parts as the allocation it gives
    allocation_id: str,
    member_id: str,
    role: PerformerRole = "lead",
    *,
    task_id: str = "T1",
    first: date = BEGINS,
    last: date = ENDS,
) -> Step:
    return under("task_allocation", allocation(allocation_id, member_id, role, task_id=task_id, first=first, last=last))


def line(line_id: str, amount_gr: int, *, task_id: str = "T1", source: Source = "city_grant") -> BudgetLine:
    return BudgetLine(line_id=line_id, task_id=task_id, source=source, amount_gr=amount_gr)


def budget_adopted(*lines: BudgetLine, package_id: str = "P1") -> Step:
    return under("budget", AdoptBudget(package_id=package_id, lines=lines), on=BEGINS)


def shares(**weights: int) -> tuple[Share, ...]:
    return tuple(Share(member_id=member_id, weight=weight) for member_id, weight in weights.items())


def split(line_id: str, *, on: date = BEGINS, **weights: int) -> Step:
    return under("budget_split", SplitLine(line_id=line_id, shares=shares(**weights)), on=on)


def performed(*member_ids: str, task_id: str = "T1") -> Step:
    """Allocate a task to members, the first of them the lead, for all of it."""

    def step(story: Story) -> Story:
        roles: list[PerformerRole] = ["lead", *["partner" for _ in member_ids[1:]]]  # type: ignore[list-item]  # each is a role
        each = zip(member_ids, roles, strict=True)
        return story.go_on(*(allocated(f"A-{task_id}-{who}", who, role, task_id=task_id) for who, role in each))

    return step
