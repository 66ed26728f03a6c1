"""Rules that the scenario never meets, in a consortium of four: live votes, casting votes, rounding, reallocation."""

import copy
from typing import Any

from .model import Oracle
from .shares import apportion
from .test_scenario import END, EVER, SCENARIO, read_lines

MEMBERS = ("M01", "M02", "M03", "M04")
SECRETARY = {"role": "board_secretary", "id": "sek-1"}
LEADER = {"role": "leader", "id": "M01"}
OFFICE = {"role": "administration", "id": "adm-1"}
CITY = {"role": "city", "id": "um-1"}


class World:
    """An oracle and a clock that goes on a minute with each command."""

    def __init__(self, **statute: Any) -> None:  # noqa: ANN401 - any key of the statute
        self.oracle, self.minute = Oracle(), 0
        founding = copy.deepcopy(read_lines(SCENARIO / "commands.jsonl")[:5])
        founding[0]["data"]["statute"] |= statute
        for line in founding:
            assert self.oracle.give(line) is None
        present = [f"del-{member}" for member in MEMBERS]
        self.accept("OpenMeeting", meeting_id="RZ-1", mode="on_site", presiding="del-M02", present=present)

    def give(self, command: str, under: str | None = None, by: dict[str, str] = SECRETARY, **data: Any) -> str | None:  # noqa: ANN401 - any payload
        self.minute += 1
        recorded_at = f"2019-01-15T{9 + self.minute // 60:02d}:{self.minute % 60:02d}:00+01:00"
        on = {"recorded_at": recorded_at, "effective_on": data.pop("on", "2019-01-15")}
        return self.oracle.give({**on, "actor": by, "command": command, "under": under, "data": data})

    def accept(self, command: str, under: str | None = None, by: dict[str, str] = SECRETARY, **data: Any) -> None:  # noqa: ANN401 - any payload
        assert self.give(command, under, by, **data) is None, (command, data)

    def propose(self, draft_id: str, matter: str, *subjects: str) -> None:
        text = {"title": "w sprawie", "legal_basis": "umowa"}
        self.accept(
            "ProposeResolution", by=LEADER, draft_id=draft_id, matter=matter, subject_members=list(subjects), **text
        )

    def vote(self, draft_id: str, *choices: str) -> None:
        votes = {f"del-{member}": choice for member, choice in zip(MEMBERS, choices, strict=True) if choice}
        self.accept("RecordVote", draft_id=draft_id, forum="RZ-1", ballot="open", votes=votes)

    def adopt(self, draft_id: str, matter: str) -> None:
        self.propose(draft_id, matter)
        if matter.endswith("_election"):
            took_part = [f"del-{member}" for member in MEMBERS]
            counts = {"for": 4, "against": 0, "abstain": 0}
            self.accept(
                "RecordVote", draft_id=draft_id, forum="RZ-1", ballot="secret", took_part=took_part, counts=counts
            )
        else:
            self.vote(draft_id, "for", "for", "for", "for")

    def elect(self) -> None:
        self.adopt("D-lead", "leader_election")
        self.accept("AppointLeader", "D-lead", member_id="M01")
        self.adopt("D-chair", "chair_election")
        self.accept("AppointChair", "D-chair", delegate_id="del-M02", deputy_delegate_id="del-M03")

    def contract(self) -> None:
        period = {"period_from": "2019-02-01", "period_to": "2019-12-31"}
        money: dict[str, Any] = {"grant_gr": 100, "project_funds_gr": 0, "own_contribution_gr": 0}
        limits: dict[str, Any] = {"line_increase_limit_bp": 1000, "report_due_days": 30, "return_due_days": 15}
        names = {"title": "Pakiet", "contract_no": "1", "mode": "opp_entrusting", "signed_on": "2019-01-15"}
        self.accept(
            "SignContract", by=CITY, package_id="P1", parties=list(MEMBERS), **names, **period, **money, **limits
        )
        self.accept("DefineTask", by=OFFICE, task_id="T1", package_id="P1", name="Zadanie", **period)
        self.adopt("D-budget", "budget")
        lines = [{"line_id": "L1", "task_id": "T1", "source": "city_grant", "amount_gr": 100}]
        self.accept("AdoptBudget", "D-budget", OFFICE, package_id="P1", lines=lines, on="2019-02-01")
        self.adopt("D-tasks", "task_allocation")
        for number, member in enumerate(MEMBERS[:3]):
            role = "partner" if number else "lead"
            days = {"valid_from": "2019-02-01", "valid_to": "2019-12-31"}
            self.accept(
                "AllocateTask",
                "D-tasks",
                OFFICE,
                allocation_id=f"A{number}",
                task_id="T1",
                member_id=member,
                role=role,
                **days,
            )

    def state(self) -> dict[str, Any]:
        return self.oracle.state(END, EVER)

    def resolution(self, draft_id: str) -> dict[str, Any]:
        found: dict[str, Any] = next(r for r in self.state()["resolutions"] if r["draft_id"] == draft_id)
        return found


def chair_decides(**statute: Any) -> World:  # noqa: ANN401 - any key of the statute
    world = World(
        tie_break="chair_casting_vote", casting_vote={"majorities": ["simple"], "ballots": ["open"]}, **statute
    )
    world.elect()
    return world


def test_the_chair_wins_a_tie_with_its_own_vote() -> None:
    world = chair_decides()
    world.propose("D1", "other")
    world.vote("D1", "against", "for", "for", "against")
    assert (world.resolution("D1")["outcome"], world.resolution("D1")["tie_break_used"]) == ("adopted", True)


def test_a_tie_on_which_the_chair_abstains_is_rejected() -> None:
    world = chair_decides()
    world.propose("D1", "other")
    world.vote("D1", "against", "abstain", "for", "abstain")
    assert (world.resolution("D1")["outcome"], world.resolution("D1")["tie_break_used"]) == ("rejected", False)


def test_the_deputy_decides_only_when_the_chair_is_away_or_recused() -> None:
    world = chair_decides()
    world.propose("D1", "purchase", "M02")
    world.accept("DeclareConflict", draft_id="D1", delegate_id="del-M02", member_id="M02", reason="strona")
    world.vote("D1", "against", "", "for", "abstain")
    assert world.resolution("D1")["outcome"] == "adopted"
    world.accept("ChangeAttendance", meeting_id="RZ-1", delegate_id="del-M02", present=False)
    world.propose("D2", "other")
    world.vote("D2", "for", "", "against", "abstain")
    assert (world.resolution("D2")["outcome"], world.resolution("D2")["tie_break_used"]) == ("rejected", True)


def test_a_live_vote_may_be_changed_until_it_closes() -> None:
    world = World()
    world.propose("D1", "other")
    world.accept("OpenVoting", draft_id="D1", forum="RZ-1")
    for member in MEMBERS:
        me = {"role": "member", "id": member}
        world.accept("CastVote", by=me, draft_id="D1", delegate_id=f"del-{member}", vote="against")
        world.accept("CastVote", by=me, draft_id="D1", delegate_id=f"del-{member}", vote="for")
    assert world.resolution("D1")["status"] == "draft"
    world.accept("CloseVoting", draft_id="D1")
    assert world.resolution("D1")["number"] == "1/2019"
    assert world.resolution("D1")["counts"] == {"for": 4, "against": 0, "abstain": 0}


def test_what_an_open_live_vote_forbids() -> None:
    world = World()
    world.propose("D1", "other")
    world.accept("OpenVoting", draft_id="D1", forum="RZ-1")
    assert world.give("OpenVoting", draft_id="D1", forum="RZ-1") == "voting-already-open"
    votes = {f"del-{member}": "for" for member in MEMBERS}
    assert world.give("RecordVote", draft_id="D1", forum="RZ-1", ballot="open", votes=votes) == "voting-already-open"
    assert world.give("WithdrawDraft", draft_id="D1", reason="x") == "voting-already-open"
    me = {"role": "member", "id": "M01"}
    other: dict[str, Any] = {"draft_id": "D1", "delegate_id": "del-M02", "vote": "for"}
    assert world.give("CastVote", by=me, **other) == "role-not-permitted"
    assert world.give("CastVote", **other) == "role-not-permitted"
    world.accept("CastVote", **other, on_behalf_of="M02", source_sha256="0" * 64)


def test_the_leader_takes_the_remainder_and_must_have_a_share() -> None:
    world = World(rounding="leader_takes_remainder")
    world.elect()
    world.contract()
    world.adopt("D-split", "budget_split")
    others = [{"member_id": member, "weight": 1} for member in ("M02", "M03")]
    assert world.give("SplitLine", "D-split", OFFICE, line_id="L1", shares=others) == "leader-has-no-share"
    shares = [*others, {"member_id": "M01", "weight": 1}]
    world.accept("SplitLine", "D-split", OFFICE, line_id="L1", shares=shares, on="2019-02-01")
    assert world.state()["budget"]["P1"]["lines"]["L1"]["by_member_gr"] == {"M01": 34, "M02": 33, "M03": 33}


def test_a_task_changes_hands_in_one_step() -> None:
    world = World()
    world.elect()
    world.contract()
    world.adopt("D-split", "budget_split")
    shares = [{"member_id": member, "weight": 1} for member in MEMBERS[:3]]
    world.accept("SplitLine", "D-split", OFFICE, line_id="L1", shares=shares, on="2019-02-01")
    world.adopt("D-move", "reallocation")
    end = [{"allocation_id": "A0", "last_day": "2019-06-30"}]
    days = {"valid_from": "2019-07-01", "valid_to": "2019-12-31"}
    allocate = [{"allocation_id": "A9", "member_id": "M04", "role": "lead", **days}]
    moves = [{"line_id": "L1", "from_member": "M01", "to_member": "M04", "amount_gr": 34}]
    step: dict[str, Any] = {"task_id": "T1", "end": end, "allocate": allocate, "on": "2019-07-01"}
    assert (
        world.give("ReallocateTask", "D-move", OFFICE, **step, moves=[{**moves[0], "amount_gr": 35}])
        == "share-exceeded"
    )
    world.accept("ReallocateTask", "D-move", OFFICE, **step, moves=moves)
    assert [a["member"] for a in world.state()["allocations"].get("T1", [])] == []
    held = world.oracle.state(END.replace(year=2019, month=7, day=1), EVER)
    assert [a["member"] for a in held["allocations"]["T1"]] == ["M04", "M02", "M03"]
    assert held["budget"]["P1"]["lines"]["L1"]["by_member_gr"] == {"M02": 33, "M03": 33, "M04": 34}


def test_largest_remainder_breaks_ties_for_the_earlier_listed() -> None:
    sevenths = [{"member_id": m, "weight": w} for m, w in (("M06", 3), ("M03", 2), ("M04", 2))]
    assert apportion(8_215_000, sevenths) == {"M06": 3_520_714, "M03": 2_347_143, "M04": 2_347_143}
    assert apportion(4_100_000, sevenths) == {"M06": 1_757_143, "M03": 1_171_429, "M04": 1_171_428}
    assert apportion(1, [{"member_id": "A", "weight": 0}, {"member_id": "B", "weight": 5}]) == {"A": 0, "B": 1}
