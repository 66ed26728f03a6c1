"""Whole numbers in paths and queries, written the one way that C2SP writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api.problems import MALFORMED_PARAMETER, NOT_FOUND, Problem
from domain.transparency.encoding import MAX_INTEGER, parse_decimal

if TYPE_CHECKING:
    from fastapi import Request


def number_in_path(request: Request, name: str) -> int:
    """Read a number that is part of the path.

    Raises:
        Problem: `not-found`, for there is nothing at an address that is written otherwise.
    """
    number = parse_decimal(request.path_params[name])
    if number is None:
        raise Problem(NOT_FOUND)
    return number


def number_in_query(request: Request, name: str, *, least: int = 0, most: int = MAX_INTEGER) -> int:
    """Read a number that must be given.

    Raises:
        Problem: `malformed-parameter` unless it is given once, without sign or extra zeros, and within these.
    """
    given = request.query_params.getlist(name)
    number = parse_decimal(given[0]) if len(given) == 1 else None
    if number is None or not least <= number <= most:
        raise Problem(MALFORMED_PARAMETER, parameter=name, least=least, most=most)
    return number


def optional_number(request: Request, name: str, *, least: int = 0, most: int = MAX_INTEGER) -> int | None:
    """Read a number that may be left out.

    Raises:
        Problem: the same as `number_in_query`, when it is given.
    """
    return number_in_query(request, name, least=least, most=most) if name in request.query_params else None
