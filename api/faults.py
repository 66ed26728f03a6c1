"""What goes wrong while the published record is read, told as problems."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg

from api.problems import RECORD_DAMAGED, Problem, unanswered
from domain.transparency.errors import Invalid
from projections.transparency.published import LostError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def told_as_problems(**fields: object) -> Iterator[None]:
    """Tell that the database does not answer, or that it holds something else than was published.

    `fields` go with a damaged record, for who needs to know more than that.

    Raises:
        Problem: `unavailable`, `took-too-long`, `record-damaged`.
    """
    try:
        yield
    except psycopg.Error as error:
        raise unanswered(error) from error
    except (Invalid, LostError) as error:
        raise Problem(RECORD_DAMAGED, **fields) from error
