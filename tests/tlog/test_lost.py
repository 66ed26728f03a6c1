"""What was published and is not in the database any more is told as damage, never as if it had not been there."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from domain.transparency.prooffile import ProofFile
from projections.transparency.log_of_logs import log_checkpoints
from projections.transparency.publisher import Publisher
from projections.transparency.signing import LOG_OF_LOGS
from tests.tlog.logs import policy_of, stored_bytes
from tests.tlog.site import CONSORTIUM, LOG

if TYPE_CHECKING:
    from domain.ledger.ledger import Ledger
    from tests.tlog.logs import MadeLog
    from tests.tlog.site import Site

SIZE = 520
NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def served(site: Site, made: MadeLog) -> Site:
    """A log of 520 published entries, and five more that are integrated already."""
    made.grow_to(300, SIZE)
    made.append(5)
    made.integrate()
    return site


def lose(made: MadeLog, table: str, condition: str) -> None:
    made.connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
    lost = made.connection.execute(f"DELETE FROM {table} WHERE {condition}")  # noqa: S608 - the tests' own words
    assert lost.rowcount > 0


def lose_entries(made: MadeLog, first_version: int, last_version: int) -> None:
    lose(made, "public.ledger_events", f"originator_version BETWEEN {first_version} AND {last_version}")


def told(site: Site, *paths: str, log: str = LOG) -> dict[str, tuple[int, str | None]]:
    """Ask for each path, and return its status and the code of its problem."""
    answers = {path: site.ask(f"{log}/{path}") for path in paths}
    return {path: (one.status, None if one.status == 200 else one.json()["code"]) for path, one in answers.items()}


DAMAGED = (500, "record-damaged")
NOWHERE = (404, "not-found")
WHOLE = (200, None)


def test_one_entry_that_is_lost_is_damage_wherever_it_would_be_shown(served: Site, made: MadeLog) -> None:
    lose_entries(made, 100, 100)
    paths = ("entry/99", "tile/entries/000", "tile/entries/000.p/120", "tile/entries/000.p/100", "by-event/event-99")
    assert set(told(served, *paths, "proof/inclusion?index=99").values()) == {DAMAGED}
    around = ("entry/98", "entry/100", "tile/entries/000.p/99", "tile/entries/001", "by-event/event-98")
    assert set(told(served, *around).values()) == {WHOLE}


def test_a_published_end_that_is_lost_is_damage_and_what_was_never_published_is_nowhere(
    served: Site, made: MadeLog
) -> None:
    lose_entries(made, SIZE - 3, SIZE + 5)
    lost = ("entry/516", "entry/519", "tile/entries/002.p/5", "tile/entries/002.p/8", "by-event/event-519")
    assert set(told(served, *lost).values()) == {DAMAGED}
    never = ("entry/520", "tile/entries/002.p/9", "tile/entries/002", "by-event/event-520", "by-event/event-9999")
    assert set(told(served, *never).values()) == {NOWHERE}
    assert set(told(served, "tile/entries/002.p/4", "checkpoint").values()) == {WHOLE}


def test_every_entry_of_a_log_may_be_lost(served: Site, made: MadeLog) -> None:
    lose_entries(made, 1, SIZE + 5)
    paths = ("entry/0", "tile/entries/000", "tile/entries/000.p/1", "by-event/event-0", "proof/inclusion?index=0")
    assert set(told(served, *paths).values()) == {DAMAGED}


def test_the_proof_of_an_entry_that_is_lost_still_convinces_whoever_kept_it(served: Site, made: MadeLog) -> None:
    lose_entries(made, 100, 100)
    for path in ("proof/99.tlog-proof", "proof/99.tlog-proof?size=300", "proof/99.tlog-proof?wait=0"):
        ProofFile.parse(served.fetched(path)).verify(stored_bytes(99), policy_of(served))


def test_keys_that_are_lost_are_damage(served: Site, made: MadeLog) -> None:
    lose(made, "transparency.log_keys", f"consortium_id = '{CONSORTIUM}'")
    assert told(served, "vkeys") == {"vkeys": DAMAGED}


def test_the_same_holds_for_the_log_of_logs(site: Site, made: MadeLog, ledger: Ledger) -> None:
    for hours, size in ((0, 2), (2, 5), (4, 7)):
        made.grow_to(size)
        log_checkpoints(made.connection, NOON + timedelta(hours=hours))
        Publisher(ledger, made.connection, made.signing).publish(LOG_OF_LOGS)
    lose(made, "transparency.log_of_logs", "leaf_index = 1")
    log = "/log-of-logs"
    assert set(told(site, "entry/1", "tile/entries/000.p/2", "tile/entries/000.p/3", log=log).values()) == {DAMAGED}
    assert set(told(site, "entry/0", "entry/2", "tile/entries/000.p/1", log=log).values()) == {WHOLE}
    assert set(told(site, "entry/3", "tile/entries/000.p/4", log=log).values()) == {NOWHERE}
