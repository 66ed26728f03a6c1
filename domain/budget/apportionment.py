"""Dividing an amount in proportion to weights, to the grosz."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def largest_remainder(amount_gr: int, weights: Sequence[int]) -> list[int]:
    """Divide `amount_gr` by the method of largest remainder; ties go to the earlier listed.

    Everyone gets the floor of the exact share; the grosze left over, fewer than there are weights, go one each to the
    largest remainders. So the sum is exact, nobody is a whole grosz away from the exact share, and zero weighs nothing.
    `weights` are whole numbers, none below zero and not all zero; `amount_gr` may be negative (a decrease).

    Source: Hamilton's method; see M. Balinski, H. P. Young, *Fair Representation* (1982), chapter 3.
    """
    total = sum(weights)
    sign = -1 if amount_gr < 0 else 1
    parts = [divmod(abs(amount_gr) * weight, total) for weight in weights]
    left_over = abs(amount_gr) - sum(floor for floor, _ in parts)
    by_remainder = sorted(range(len(weights)), key=lambda place: -parts[place][1])
    lucky = set(by_remainder[:left_over])
    return [sign * (floor + (place in lucky)) for place, (floor, _) in enumerate(parts)]


def leader_takes_remainder(amount_gr: int, weights: Sequence[int], leader: int) -> list[int]:
    """Divide `amount_gr` by floors; the grosze left over go to the one at place `leader`."""
    total = sum(weights)
    shares = [amount_gr * weight // total for weight in weights]
    shares[leader] += amount_gr - sum(shares)
    return shares
