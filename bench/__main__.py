"""`python -m bench NAME…`: run benchmarks and end with 1 when a stated bound is not met."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, Final

import click

from bench import catch_up, cold, integration, proofs, queries, size, verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.measuring import Measured

BENCHES: Final[dict[str, Callable[[int, int], Measured]]] = {
    "verification": verification.measure,
    "integration": integration.measure,
    "proofs": proofs.measure,
    "size": size.measure,
    "queries": queries.measure,
    "cold": cold.measure,
    "catch_up": catch_up.measure,
}
ENTRIES: Final = {"queries": 100_000, "cold": 100_000, "catch_up": 100_000}
"""Where not the 200,000 of the others."""


@click.command()
@click.argument("names", nargs=-1, required=True, type=click.Choice([*BENCHES, "all"]))
@click.option("--entries", default=None, show_default="200000; 100000 for the read models", type=click.IntRange(2_000))
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(min=1))
@click.option("--explain", is_flag=True, help="Print how `queries` finds each answer.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def main(names: tuple[str, ...], entries: int | None, rounds: int, *, explain: bool, as_json: bool) -> None:
    """Measure and compare with the bounds."""
    chosen = BENCHES if "all" in names else dict.fromkeys(names)
    holds = True
    for name in chosen:
        measure = partial(queries.measure, explain=explain) if name == "queries" else BENCHES[name]
        measured = measure(entries or ENTRIES.get(name, 200_000), rounds)
        measured.show(as_json=as_json)
        holds &= measured.holds
    sys.exit(0 if holds else 1)


main(prog_name="python -m bench")
