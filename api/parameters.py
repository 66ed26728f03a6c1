"""Reading the parameters of a query strictly: each at most once, written exactly, and none that means nothing here."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pydantic_core import PydanticCustomError

from api.problems import MALFORMED_VALUE, UNKNOWN_PARAMETER, Problem
from domain.values import parse_day, parse_instant

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import date, datetime

    from fastapi import Request

T = TypeVar("T")


def only(request: Request, allowed: Collection[str]) -> None:
    """Refuse a parameter that would be ignored.

    Raises:
        Problem: `unknown-parameter`.
    """
    for name in request.query_params:
        if name not in allowed:
            raise Problem(UNKNOWN_PARAMETER, parameter=name)


def text_in_query(request: Request, name: str) -> str | None:
    """Return a parameter's text; None where it is not given.

    Raises:
        Problem: `malformed-value`: it is given twice.
    """
    given = request.query_params.getlist(name)
    if len(given) > 1:
        raise Problem(MALFORMED_VALUE, parameter=name, form="…")
    return given[0] if given else None


def flag_in_query(request: Request, name: str) -> bool:
    """Return whether a flag is set; not where it is not given.

    Raises:
        Problem: `malformed-value`.
    """
    return bool(_parsed(request, name, "true | false", {"true": True, "false": False}.__getitem__))


def seconds_in_query(request: Request, name: str, most: int) -> int:
    """Return a number of seconds up to `most`; `most` where it is not given.

    Raises:
        Problem: `malformed-value`.
    """
    given = number_in_query(request, name, 0, most)
    return most if given is None else given


def number_in_query(request: Request, name: str, least: int, most: int) -> int | None:
    """Return a whole number in decimal digits.

    Raises:
        Problem: `malformed-value`.
    """

    def parse(text: str) -> int:
        if not text.isascii() or not text.isdigit() or str(int(text[:20])) != text or not least <= int(text) <= most:
            raise ValueError
        return int(text)

    return _parsed(request, name, f"{least}…{most}", parse)


def day_in_query(request: Request, name: str) -> date | None:
    """Return a day in Warsaw.

    Raises:
        Problem: `malformed-value`.
    """
    return _parsed(request, name, "YYYY-MM-DD", parse_day)


def instant_in_query(request: Request, name: str) -> datetime | None:
    """Return an instant in UTC.

    Raises:
        Problem: `malformed-value`.
    """
    return _parsed(request, name, "YYYY-MM-DDThh:mm:ssZ", parse_instant)


def _parsed(request: Request, name: str, form: str, parse: Callable[[str], T]) -> T | None:
    text = text_in_query(request, name)
    if text is None:
        return None
    try:
        return parse(text)
    except (ValueError, KeyError, PydanticCustomError) as error:
        raise Problem(MALFORMED_VALUE, parameter=name, form=form) from error
