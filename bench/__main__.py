"""`python -m bench NAME…`: run benchmarks and end with 1 when a stated bound is not met."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

import click

from bench import integration, proofs, size, verification

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.measuring import Measured

BENCHES: Final[dict[str, Callable[[int, int], Measured]]] = {
    "verification": verification.measure,
    "integration": integration.measure,
    "proofs": proofs.measure,
    "size": size.measure,
}


@click.command()
@click.argument("names", nargs=-1, required=True, type=click.Choice([*BENCHES, "all"]))
@click.option("--entries", default=200_000, show_default=True, type=click.IntRange(min=2_000))
@click.option("--rounds", default=3, show_default=True, type=click.IntRange(min=1))
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
def main(names: tuple[str, ...], entries: int, rounds: int, *, as_json: bool) -> None:
    """Measure and compare with the bounds."""
    chosen = BENCHES if "all" in names else dict.fromkeys(names)
    holds = True
    for name in chosen:
        measured = BENCHES[name](entries, rounds)
        measured.show(as_json=as_json)
        holds &= measured.holds
    sys.exit(0 if holds else 1)


main(prog_name="python -m bench")
