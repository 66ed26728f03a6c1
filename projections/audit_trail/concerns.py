"""What an entry is about: the things that it names, and those to which they belong, each as `noun:id`.

A delegate stands for its member. The seats by which a vote was judged are not what it is about, only who took part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.corrections import NOUN_OF
from domain.oversight.events import AuditFindingRecorded
from domain.references import references
from domain.resolutions.events import ClericalErrorCorrected, VoteRecorded, VotingClosed, VotingOpened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from domain.consortium import Consortium
    from domain.decider import Entry

Thing = tuple[str, str]
"""A noun and an id."""

PARTS: Final = {"offer": "package", "contract": "package"}
"""Nouns that share their ids with another."""


def concerns(entry: Entry, after: Consortium) -> tuple[str, ...]:
    """Return everything that an entry concerns, what it names first."""
    named = dict.fromkeys(_named(entry, after))
    whole = dict.fromkeys(owner for thing in named for owner in _owners(thing, after))
    return tuple(f"{noun}:{thing_id}" for noun, thing_id in named | whole)


def _named(entry: Entry, after: Consortium) -> Iterator[Thing]:
    fact = entry.fact
    for noun, thing_id in _mentioned(entry):
        if noun != "delegate":
            yield PARTS.get(noun, noun), thing_id
        elif thing_id in after.membership.delegates:
            yield "member", after.membership.delegates[thing_id]
    if isinstance(fact, AuditFindingRecorded):
        yield from ((noun, fact.subject) for noun, knows in _SUBJECTS.items() if knows(after, fact.subject))
    if entry.under:
        yield "resolution", entry.under


def _mentioned(entry: Entry) -> Iterator[Thing]:
    match entry.fact:
        case VoteRecorded() as vote:
            yield from _voting(vote, *vote.took_part, *vote.recused)
        case VotingClosed() as vote:
            yield from _voting(vote, *vote.votes, *vote.recused)
        case VotingOpened() as vote:
            yield from _voting(vote)
        case ClericalErrorCorrected() as correction:
            target = correction.target
            yield NOUN_OF.get(target.type, target.type), target.id
        case fact:
            yield from ((marker.noun, thing_id) for marker, thing_id, _ in references(fact))


def _voting(vote: VoteRecorded | VotingClosed | VotingOpened, *delegates: str) -> Iterator[Thing]:
    yield "resolution", vote.draft_id
    yield "forum", vote.forum
    yield from (("delegate", delegate_id) for delegate_id in delegates)


def _owners(thing: Thing, after: Consortium) -> Iterator[Thing]:
    """Walk what a thing belongs to."""
    noun, thing_id = thing
    match noun:
        case "allocation":
            allocation = after.packages.allocations[thing_id]
            yield "member", allocation.member_id
            yield from _task(allocation.task_id, after)
        case "task":
            yield from _task(thing_id, after)
        case "line":
            yield from _task(after.budgets.lines[thing_id].task_id, after)
        case "recommendation":
            yield "finding", after.oversight.recommendations[thing_id].issued.finding_id
        case "resource":
            yield "member", after.support.resources[thing_id][1].owner
        case _:
            pass


def _task(task_id: str, after: Consortium) -> Iterator[Thing]:
    yield "task", task_id
    yield "package", after.packages.tasks[task_id].package_id


_SUBJECTS: Final[dict[str, Callable[[Consortium, str], bool]]] = {
    "resolution": lambda consortium, subject: subject in consortium.resolutions.drafts,
    "package": lambda consortium, subject: subject in consortium.packages.packages,
    "task": lambda consortium, subject: subject in consortium.packages.tasks,
    "allocation": lambda consortium, subject: subject in consortium.packages.allocations,
    "line": lambda consortium, subject: subject in consortium.budgets.lines,
    "member": lambda consortium, subject: subject in consortium.membership.members,
    "forum": lambda consortium, subject: (
        subject in consortium.meetings.meetings or subject in consortium.meetings.circular_votes
    ),
}
"""What the subject of a finding may be: the auditor gives an id without saying of what."""
