"""Moving a task to other members as one step: ends, allocations and moves of shares together.

It stands apart from the nouns because it decides for two of them at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from domain.budget.decisions import check_move
from domain.budget.events import MoveFields, ShareMoved
from domain.consortium import evolve
from domain.decider import Command, Entry, Fact, Fields, Given
from domain.errors import require
from domain.packages.decisions import (
    allocated,
    as_allocation,
    as_ended,
    check_leads,
    check_performer,
    check_task_period,
    require_inside_allocation,
)
from domain.packages.events import AllocationEnded, AllocationEndFields, AllocationFields
from domain.values import Day, Id, KnownMember, KnownTask, New, PerformerRole

if TYPE_CHECKING:
    from domain.consortium import Consortium


class Successor(Fields):
    """Who takes over, in which role, from when to when."""

    allocation_id: Annotated[Id, New("allocation")]
    member_id: KnownMember
    role: PerformerRole
    valid_from: Day
    valid_to: Day

    @model_validator(mode="after")
    def _in_order(self) -> Successor:
        if self.valid_to < self.valid_from:
            raise PydanticCustomError("out_of_order", "valid_to lies before valid_from")
        return self


class ReallocateTask(Command):
    """Move all or part of a task to other members in one step."""

    task_id: KnownTask
    end: tuple[AllocationEndFields, ...]
    allocate: tuple[Successor, ...]
    moves: tuple[MoveFields, ...] = ()

    @model_validator(mode="after")
    def _does_something(self) -> ReallocateTask:
        if not (self.end or self.allocate or self.moves):
            raise PydanticCustomError("nothing_to_do", "nothing to end, allocate or move")
        return self


def reallocate_task(consortium: Consortium, given: Given[ReallocateTask]) -> tuple[Fact, ...]:
    """End, allocate and move together: the leads are checked as they are after the whole step.

    Raises:
        Refusal: those of `AllocateTask`, `EndAllocation` and `MoveSplit`.

    Source: `rules.md`, commands the scenario lacks.
    """
    command = given.command
    new = [AllocationFields(task_id=command.task_id, **one.model_dump()) for one in command.allocate]
    allocations = [as_allocation(one, given.under) for one in new]
    for index, allocation in enumerate(allocations):
        check_performer(consortium, allocation, f"/data/allocate/{index}/member_id")
    ended = [as_ended(consortium, one) for one in command.end]
    check_leads(consortium, command.task_id, [*ended, *allocations], "/data")
    for index, allocation in enumerate(allocations):
        check_task_period(consortium, allocation, f"/data/allocate/{index}/valid_from")
    for index, end in enumerate(command.end):
        require_inside_allocation(consortium, end, f"/data/end/{index}/last_day")
    facts: list[Fact] = [AllocationEnded.of(one) for one in command.end]
    facts += [allocated(consortium, one) for one in new]
    return (*facts, *_moves(consortium, given, facts))


def _moves(consortium: Consortium, given: Given[ReallocateTask], facts: list[Fact]) -> list[Fact]:
    """Check each move on the consortium that the step's earlier facts leave."""
    moves: list[Fact] = []
    for fact in facts:
        consortium = _then(consortium, given, fact)
    for index, move in enumerate(given.command.moves):
        check_move(consortium, move, given.effective_on, f"/data/moves/{index}")
        moves.append(ShareMoved.of(move))
        consortium = _then(consortium, given, moves[-1])
    return moves


def _then(consortium: Consortium, given: Given[ReallocateTask], fact: Fact) -> Consortium:
    entry = Entry(
        consortium_id=consortium.consortium_id,
        version=consortium.version + 1,
        event_id="",
        command_id="",
        recorded_at=given.recorded_at,
        effective_on=given.effective_on,
        actor=given.actor,
        under=given.under,
        fact=fact,
    )
    return evolve(consortium, entry)


def all_of_task(consortium: Consortium, given: Given[ReallocateTask]) -> None:
    """Check that the allocations ended and the lines moved between are the task's.

    Raises:
        Refusal: `unknown-allocation` or `unknown-line`.
    """
    task_id = given.command.task_id
    for index, end in enumerate(given.command.end):
        same = consortium.packages.allocations[end.allocation_id].task_id == task_id
        require(same, "unknown-allocation", place=f"/data/end/{index}/allocation_id", id=end.allocation_id)
    for index, move in enumerate(given.command.moves):
        same = consortium.budgets.lines[move.line_id].task_id == task_id
        require(same, "unknown-line", place=f"/data/moves/{index}/line_id", id=move.line_id)
