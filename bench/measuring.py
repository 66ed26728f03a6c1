"""Ratios within one run: what is compared is done in turn, several times, and the best of each counts.

Whatever else the machine does makes some turns slower and none faster than it is, so the best are the fairest.
"""

from __future__ import annotations

import gc
import json
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Literal

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Ratio:
    """One ratio and what it must be."""

    what: str
    measured: float
    must_be: Literal["at most", "at least"]
    bound: float

    @property
    def holds(self) -> bool:
        return self.measured <= self.bound if self.must_be == "at most" else self.measured >= self.bound

    def say(self) -> str:
        verdict = "holds" if self.holds else "MISSED"
        return f"{self.what:<58}{self.measured:>9.3f}   {self.must_be} {self.bound:g}: {verdict}"


@dataclass(frozen=True, slots=True)
class Measured:
    """What one benchmark found."""

    bench: str
    entries: int
    figures: Mapping[str, float]
    """Seconds, or bytes, by what they are of."""
    ratios: tuple[Ratio, ...]

    @property
    def holds(self) -> bool:
        return all(ratio.holds for ratio in self.ratios)

    def show(self, *, as_json: bool) -> None:
        if as_json:
            click.echo(json.dumps({**asdict(self), "holds": self.holds}, ensure_ascii=False))
            return
        click.echo(f"{self.bench}, {self.entries:,} entries")
        for what, figure in self.figures.items():
            click.echo(f"  {what:<56}{figure:>12,.4f}" if figure % 1 else f"  {what:<56}{figure:>12,.0f}")
        for ratio in self.ratios:
            click.echo(f"  {ratio.say()}")


def best_of(
    rounds: int, works: Mapping[str, Callable[[], object]], clock: Callable[[], float] = perf_counter
) -> dict[str, float]:
    """Do each work in turn, round after round; return the least seconds of each.

    Work that is all this process's own is best timed by `process_time`, which does not run while others have the
    processor; where a server does a part of it only the wall clock tells.
    """
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, work in works.items():
            # So that none pays for what another left behind.
            gc.collect()
            begun = clock()
            work()
            took = clock() - begun
            best[name] = min(best.get(name, took), took)
    return best
