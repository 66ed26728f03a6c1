"""What a request wants besides the usual answer: to try only, all or none of a batch, a receipt."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from api.parameters import flag_in_query, only, seconds_in_query
from api.problems import PARAMETER_MISSING, PARAMETERS_CLASH, Problem
from api.receipts import MOST_SECONDS

if TYPE_CHECKING:
    from fastapi import Request


class Wanted(NamedTuple):
    """What is wanted; `wait` is in seconds."""

    together: bool
    """All commands or none."""
    dry_run: bool
    receipt: bool
    wait: int


def wanted_of_one(request: Request) -> Wanted:
    """Return what is wanted of a single command, before anything is recorded.

    Raises:
        Problem: `unknown-parameter`, `malformed-value`, `parameters-clash`, `parameter-missing`.
    """
    only(request, {"dry_run", "receipt", "wait"})
    return _wanted(request, together=True)


def wanted_of_many(request: Request) -> Wanted:
    """Return what is wanted of a batch, before anything is recorded; what is tried only is tried together.

    Raises:
        Problem: those of a single command; a receipt is one proof, so what is recorded one by one has none.
    """
    only(request, {"atomic", "dry_run", "receipt", "wait"})
    atomic, dry_run = flag_in_query(request, "atomic"), flag_in_query(request, "dry_run")
    return _wanted(request, together=atomic or dry_run)


def _wanted(request: Request, *, together: bool) -> Wanted:
    dry_run, receipt = flag_in_query(request, "dry_run"), flag_in_query(request, "receipt")
    wait = seconds_in_query(request, "wait", MOST_SECONDS)
    if dry_run and receipt:
        raise Problem(PARAMETERS_CLASH, parameter="dry_run", other="receipt")
    if "wait" in request.query_params and not receipt:
        raise Problem(PARAMETER_MISSING, parameters="receipt=true")
    if receipt and not together:
        raise Problem(PARAMETER_MISSING, parameters="atomic=true")
    return Wanted(together, dry_run, receipt, wait)
