"""Deciding any command: the guards in their order, then the rule of the noun.

The order is: role, what exists, the resolution that authorises, then the rule's own guards (membership on the date,
party to the contract, the rules of the noun, money). The first that fails names the refusal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.authority import check_authority, check_under_is_known
from domain.catalogue import COMMANDS
from domain.errors import require
from domain.membership.decisions import reject_application
from domain.references import check_references
from domain.resolutions.events import ResolutionRejected
from domain.statute.decisions import FoundConsortium

if TYPE_CHECKING:
    from domain.catalogue import Rule
    from domain.consortium import Consortium
    from domain.decider import Command, Fact, Given


def decide(consortium: Consortium, given: Given[Command]) -> tuple[Fact, ...]:
    """Decide a command on the consortium as it stands; never changes it.

    Raises:
        Refusal: `role-not-permitted`, `unknown-consortium`, and whatever the command's own rule raises.
    """
    rule = COMMANDS[type(given.command).__name__]
    _check_role(rule, given)
    if not isinstance(given.command, FoundConsortium):
        require(consortium.founded, "unknown-consortium", place="/consortium_id", id=consortium.consortium_id)
        check_references(consortium, given.command)
        if rule.exists is not None:
            rule.exists(consortium, given)
        check_under_is_known(consortium, given.under)
    check_authority(consortium, given, rule.under)
    facts = rule.decide(consortium, given)
    followed = (reject_application(consortium, fact) for fact in facts if isinstance(fact, ResolutionRejected))
    return (*facts, *(fact for follows in followed for fact in follows))


def _check_role(rule: Rule, given: Given[Command]) -> None:
    name, role = rule.command.__name__, given.actor.role
    require(role in rule.roles, "role-not-permitted", place="/actor/role", role=role, command=name)
    own = rule.own.get(role)
    owns = own is None or getattr(given.command, own) == given.actor.id
    allowed = owns and (rule.may is None or rule.may(given))
    require(allowed, "role-not-permitted", place="/actor/id", role=role, command=name)
