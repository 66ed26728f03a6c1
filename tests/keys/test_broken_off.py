"""A rotation that is killed anywhere is finished by the same command, and nothing is recorded twice."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from domain.invariants import violations
from projections.transparency.signing import LOG_OF_LOGS
from tests.keys.broken_off import ONE_HOUR, rotate_until
from tests.keys.deployment import FIRST, SECOND, Deployment

if TYPE_CHECKING:
    from pathlib import Path

ENOUGH = 40
"""Lines that are watched, at the least; a watched name that is no more would leave none."""


def test_killed_before_any_other_line_it_is_finished_by_the_same_command(
    database: str, deployment: Deployment, tmp_path: Path
) -> None:
    ended, line = None, 1
    while ended is None:
        deployment.now += timedelta(days=1)
        ended = rotate_until(database, tmp_path / "signer", deployment.now, line)
        deployment.rotate(ONE_HOUR)
        newest = deployment.signing.generations()[-1]
        assert deployment.signing.generations() == list(range(1, newest + 1))
        for consortium_id in (FIRST, SECOND):
            vkeys = [deployment.signing.signer(consortium_id, one).verifier.write() for one in range(1, newest + 1)]
            changes = [(one.old_vkey, one.new_vkey) for one in deployment.history(consortium_id)]
            assert changes == list(pairwise(vkeys))
            assert deployment.vkeys(consortium_id) == vkeys
        for log_id in (FIRST, SECOND, LOG_OF_LOGS):
            assert deployment.last_signed_by(log_id)[-2:] == [newest - 1, newest]
        line += 2
    assert (ended, line > ENOUGH) == (0, True)
    for consortium_id in (FIRST, SECOND):
        assert list(violations(consortium_id, deployment.ledger.entries(consortium_id))) == []
