"""What a division of lines would make of the fairness of a package, before a resolution adopts it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from domain.answers.fairness import Fairness, fairness_on, guarantee_on
from domain.budget.decisions import divide
from domain.errors import require
from domain.references import check_known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from domain.budget.events import SplitFields
    from domain.budget.state import Line
    from domain.consortium import Consortium


@dataclass(frozen=True, slots=True)
class Preview:
    """The fairness of a package without and with the lines divided as asked, on the same day."""

    package_id: str
    on: date
    """The first day on which every one of the lines would be so divided."""
    before: Fairness | None
    """None while nothing of the grant is divided."""
    after: Fairness | None
    amounts_gr: Mapping[str, Mapping[str, int]]
    """Line to member to what it would get, to the grosz."""


def fairness_of_split(
    consortium: Consortium, splits: Sequence[SplitFields], *, voted_on: date, effective_on: date
) -> Preview:
    """Divide lines of one package, at least one, as a resolution voted on a day would from another on.

    Weights are divided by the statute's rule of rounding; amounts that make up the line are weights as well. A line
    divided before is divided anew, so only the differences count with the class of `voted_on`. Whether the members
    perform the task, and everything else that a command is checked for, is not asked here.

    Raises:
        Refusal: `unknown-line`, also for one of another package or named twice; `unknown-member`; `line-not-split` for
            a day before the first division; `weights-invalid`; `leader-has-no-share` where the leader takes the
            remainder.
    """
    package_id = _package_of(consortium, splits)
    divided = [_divided(consortium, split, effective_on, f"/splits/{index}") for index, split in enumerate(splits)]
    on = max(one.holds_from for one in divided)
    before = fairness_on(consortium, package_id, on)
    after = _after(consortium, before, divided, voted_on, guarantee_on(consortium, on))
    return Preview(package_id, on, before, after, {one.line.line_id: one.amounts_gr for one in divided})


class _Divided(NamedTuple):
    line: Line
    holds_from: date
    amounts_gr: Mapping[str, int]


def _package_of(consortium: Consortium, splits: Sequence[SplitFields]) -> str:
    """Check what the splits name, and return the package that all of them are of."""
    seen: dict[str, str] = {}
    for index, split in enumerate(splits):
        line = consortium.budgets.lines.get(split.line_id)
        fits = line is not None and split.line_id not in seen and {line.package_id} >= {*seen.values()}
        require(fits, "unknown-line", place=f"/splits/{index}/line_id", id=split.line_id)
        seen[split.line_id] = consortium.budgets.lines[split.line_id].package_id
        for number, share in enumerate(split.shares):
            check_known(consortium, "member", share.member_id, f"/splits/{index}/shares/{number}/member_id")
    return next(iter(seen.values()))


def _divided(consortium: Consortium, split: SplitFields, effective_on: date, place: str) -> _Divided:
    """Divide a line from `effective_on`; one never divided before, not before its last change."""
    line = consortium.budgets.lines[split.line_id]
    begun = line.split_on is None or line.split_by(effective_on)
    require(begun, "line-not-split", place=f"{place}/line_id", line_id=line.line_id)
    changed_on = (change.on for change in line.changes)
    holds_from = effective_on if line.split_on else max(effective_on, *changed_on)
    _, amounts_gr = divide(consortium, split, line.amount_on(holds_from), effective_on, place)
    return _Divided(line, holds_from, amounts_gr)


def _after(
    consortium: Consortium, before: Fairness | None, divided: list[_Divided], voted_on: date, guarantee_bp: int
) -> Fairness | None:
    small_gr = before.small_gr if before else 0
    shares_gr = dict(before.shares_gr) if before else {}
    for line, holds_from, amounts_gr in divided:
        if line.source != "city_grant":
            continue
        held = line.shares_on(holds_from)
        for member_id in {**held, **amounts_gr}:
            change = amounts_gr.get(member_id, 0) - held.get(member_id, 0)
            shares_gr[member_id] = shares_gr.get(member_id, 0) + change
            if consortium.membership.members[member_id].size_on(voted_on) == "small":
                small_gr += change
    shares_gr = {member_id: share for member_id, share in shares_gr.items() if share}
    return Fairness(small_gr, shares_gr, guarantee_bp) if shares_gr else None
