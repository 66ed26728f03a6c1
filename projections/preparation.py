"""Bringing a database up to date, all of it, and knowing one that is: tables of the ledger, read models, and rights."""

from __future__ import annotations

from importlib.resources import files
from typing import LiteralString

from domain import ledger
from domain.ledger import roles as logins
from domain.ledger.roles import Roles
from domain.ledger.schema import LEDGER
from projections.schema import READ_MODELS


def prepare(conninfo: str, roles: Roles | None = None, *, make_roles: bool = True) -> None:
    """Make and change tables as the owner, and give the logins their rights; any number of processes may call it.

    With `make_roles` false rights are given only where the logins are there already.

    Raises:
        WrongSchema: the database is newer than this program.
        UnfitRole: a login is missing and cannot be made, or nothing can be refused to it.
        LedgerUnavailable: the database does not answer.
    """
    roles = roles or Roles()
    LEDGER.migrate(conninfo)
    READ_MODELS.migrate(conninfo)
    if make_roles or logins.exist(conninfo, roles):
        logins.grant(conninfo, roles, _grants(ledger.__name__), _grants(__package__ or ""))


def require_prepared(conninfo: str) -> None:
    """Make sure that the tables are those of this program, changing nothing.

    Raises:
        WrongSchema: some of them are older or newer.
        LedgerUnavailable: the database does not answer.
    """
    LEDGER.require(conninfo)
    READ_MODELS.require(conninfo)


def _grants(package: str) -> LiteralString:
    text: LiteralString = (files(package) / "grants.sql").read_text(encoding="utf-8")
    return text
