"""The chain of mandate: from a resolution to all it caused, and from an allocation or an amount back to the votes.

GET /consortia/{consortium_id}/resolutions/{draft_id}/mandate
GET /consortia/{consortium_id}/mandate?allocation_id=…
GET /consortia/{consortium_id}/mandate?line_id=…&member_id=…
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from api.parameters import only, text_in_query
from api.problems import PARAMETER_MISSING, PARAMETERS_CLASH, TOO_MANY_ROWS, Problem
from api.queries.points import point_asked
from api.queries.tables import CLOCKS, clocks, filter_value, require_values
from api.refused import Refused
from api.slashes import in_path
from api.written import written
from domain.errors import Refusal
from projections.bitemporal.asking import Asked
from projections.mandate_chain.mandates import MANDATES
from projections.mandate_chain.walking import MOST_ROWS, Sought, TooManyRowsError, Walk, walk_back, walk_forth
from projections.resolution_register.resolutions import RESOLUTIONS
from projections.voting_record.recusals import RECUSALS
from projections.voting_record.votes import VOTES
from projections.voting_record.votings import VOTINGS

if TYPE_CHECKING:
    from fastapi import Request
    from psycopg import Connection

    from api.queries.points import Point
    from projections.mandate_chain.walking import Mandate

SOUGHT: Final = ("allocation_id", "line_id", "member_id")


def mandate_of_resolution(request: Request, connection: Connection) -> dict[str, Any]:
    """Say on whose votes a resolution stands and everything that it caused.

    Raises:
        Problem: a parameter that cannot be read, a point that cannot be asked about; `unknown-resolution` where no such
            draft was known at the point; `too-many-rows`.
    """
    only(request, {*CLOCKS, "at_least"})
    point, draft_id = point_asked(request, connection), in_path(request, "draft_id")
    try:
        mandate = walk_forth(_walk(connection, point), draft_id)
    except TooManyRowsError as error:
        raise Problem(TOO_MANY_ROWS, limit=MOST_ROWS) from error
    if mandate.resolution is None:
        raise Refused(Refusal("unknown-resolution", place="/data/draft_id", id=draft_id), {"draft_id"})
    return {**clocks(point), "mandate": _told(mandate)}


def mandate_behind(request: Request, connection: Connection) -> dict[str, Any]:
    """Say on which resolutions and votes an allocation rests, or the amount of a line or of a member's share in it.

    Raises:
        Problem: a parameter that cannot be read, a point that cannot be asked about; `parameter-missing`,
            `parameters-clash`, `unknown-value`, `too-many-rows`.
    """
    only(request, {*CLOCKS, *SOUGHT, "at_least"})
    point = point_asked(request, connection)
    sought = _sought(request)
    try:
        mandates = walk_back(_walk(connection, point), Sought(**sought))
    except TooManyRowsError as error:
        raise Problem(TOO_MANY_ROWS, limit=MOST_ROWS) from error
    if not mandates:
        require_values(
            connection, MANDATES, Asked(point.consortium_id, point.valid_on, point.moment.version, filters=sought)
        )
    return {**clocks(point), "mandates": [_told(mandate) for mandate in mandates]}


def _sought(request: Request) -> dict[str, str]:
    given = {name: text for name in SOUGHT if (text := text_in_query(request, name)) is not None}
    sought = {name: filter_value(name, MANDATES.by[name], text) for name, text in given.items()}
    if "allocation_id" not in sought and "line_id" not in sought:
        raise Problem(PARAMETER_MISSING, parameters="allocation_id | line_id")
    for other in ("line_id", "member_id"):
        if "allocation_id" in sought and other in sought:
            raise Problem(PARAMETERS_CLASH, parameter="allocation_id", other=other)
    return sought


def _walk(connection: Connection, point: Point) -> Walk:
    return Walk(connection, point.consortium_id, point.valid_on, point.moment.version)


def _told(mandate: Mandate) -> dict[str, Any]:
    return {
        "resolution": written(RESOLUTIONS, mandate.resolution) if mandate.resolution else None,
        "voting": written(VOTINGS, mandate.voting) if mandate.voting else None,
        "votes": [written(VOTES, one) for one in mandate.votes],
        "recusals": [written(RECUSALS, one) for one in mandate.recusals],
        "effects": [written(MANDATES, one) for one in mandate.effects],
    }
