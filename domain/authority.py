"""The guard "the resolution that authorises": adopted, in force, of a fitting matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.errors import refuse, require
from domain.references import check_known

if TYPE_CHECKING:
    from domain.consortium import Consortium
    from domain.decider import Command, Given


def check_authority(consortium: Consortium, given: Given[Command], matters: frozenset[str]) -> None:
    """Check the resolution under which a command is given; no `matters` means that none belongs there.

    Whether the resolution already binds is not asked.

    Raises:
        Refusal: `resolution-required`, `resolution-not-expected`, `resolution-not-adopted`,
            `resolution-not-in-force` or `matter-does-not-fit`.

    Source: `rules.md` 5.
    """
    if given.under is None:
        require(not matters, "resolution-required", place="/under", matters=", ".join(sorted(matters)))
        return
    require(matters, "resolution-not-expected", place="/under", draft_id=given.under)
    draft = consortium.resolutions.drafts[given.under]
    named: dict[str, object] = {"draft_id": given.under, "effective_on": given.effective_on, "matter": draft.matter}
    require(draft.adopted, "resolution-not-adopted", place="/under", **named)
    require(draft.in_force_on(given.effective_on), "resolution-not-in-force", place="/under", **named)
    require(draft.matter in matters, "matter-does-not-fit", place="/under", **named)


def check_under_is_known(consortium: Consortium, under: str | None) -> None:
    """Check that the resolution named by a command exists.

    Raises:
        Refusal: `unknown-resolution`.
    """
    if under is not None:
        check_known(consortium, "resolution", under, "/under")


def does_not_authorise(given: Given[Command], **fields: object) -> None:
    """Refuse a command that goes beyond what its resolution decided.

    Raises:
        Refusal: `matter-does-not-fit`, always.
    """
    refuse("matter-does-not-fit", place="/under", draft_id=given.under, **fields)
