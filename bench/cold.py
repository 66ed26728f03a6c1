"""A cold process at a consortium of a long history: its first decision, and those that follow.

*Cold* is a connection and a writer that have just been made: the stream is read from PostgreSQL and folded, a command
is decided and its entry stored. *Plain* decodes and folds the same bytes, which lie in memory already.

What follows is measured without the database, whose commit takes the same whatever the history: every command of one
and the same season is decided, written down and folded, on what the long history left and on what a short one did.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from itertools import count
from time import process_time
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from bench.histories import load, rows
from bench.measuring import Measured, Ratio, best_of
from bench.places import database
from bench.seasons import BEGINNING, DAYS, GUEST_EVERY, Season
from bench.verification import CONSORTIUM
from domain.consortium import replay
from domain.decider import Actor
from domain.ledger.entry import read_entry
from domain.ledger.ledger import Ledger
from domain.ledger.submission import Step, Submission, decide_submission
from domain.ledger.writer import Writer
from domain.requests import read_command

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsourcing.persistence import StoredEvent

    from bench.seasons import Who
    from domain.consortium import Consortium

FIRST_BOUND: Final = 2.0
NEXT_BOUND: Final = 1.5
SHORT: Final = 1_000
TURNS: Final = 4
"""Seasons for each round asked for."""


def measure(entries: int, rounds: int) -> Measured:
    stored = list(rows(CONSORTIUM, entries))
    plain, cold = "plain decode and fold", "cold process, first decision"
    with database() as conninfo:
        load(conninfo, stored)
        found = best_of(rounds, {plain: lambda: fold(stored), cold: lambda: decide_cold(conninfo, entries)})
    first = Ratio(
        "first decision of a cold process / plain decode and fold", found[cold] / found[plain], "at most", FIRST_BOUND
    )
    short, long = fold(stored[:SHORT]), fold(stored)
    taken = [(_season(long, entries), _season(short, entries)) for _ in range(rounds * TURNS)]
    kinds = taken[0][0].keys()
    best = {kind: [min(turn[place][kind] for turn in taken) for place in range(2)] for kind in kinds}
    sums = [sum(of_kind[place] for of_kind in best.values()) for place in range(2)]
    worst = max(kinds, key=lambda kind: best[kind][0] / best[kind][1])
    later = Ratio(f"next decisions at {entries:,} / at {SHORT:,}", sums[0] / sums[1], "at most", NEXT_BOUND)
    figures = {f"seconds: {name}": seconds for name, seconds in found.items()}
    # One of a kind alone is too short to be judged.
    figures |= {f"of them the worst ratio: {worst}": best[worst][0] / best[worst][1]}
    return Measured("cold", entries, figures, (first, later))


def fold(stored: Sequence[StoredEvent]) -> Consortium:
    return replay(CONSORTIUM, (read_entry(row.topic, row.state) for row in stored))


def decide_cold(conninfo: str, entries: int) -> None:
    """Give one command to a writer that knows nothing yet: an application, which another one does not stand against."""
    at = _begins(_number(entries))
    application = {"application_id": f"APP-{uuid4()}", "name": "Fundacja „Jodła”", "legal_form": "foundation"}
    size = {"employment_fte_x100": 300, "annual_revenue_gr": 24_000_000}
    command = read_command("ApplyForMembership", application | size)
    actor = Actor(role="applicant", id=application["application_id"])
    step = Step(str(uuid4()), command, actor, at.date(), None)
    with Ledger.connect(conninfo) as ledger, Writer(ledger, lambda: at) as writer:
        (receipt,) = writer.submit(Submission(CONSORTIUM, (step,))).result()
    if receipt.first_version <= entries:
        sys.exit("the history was not read to its end")


def _number(entries: int) -> int:
    """Choose a season that begins after any history of that size, without a guest who comes or goes."""
    return (entries // 100 // GUEST_EVERY + 2) * GUEST_EVERY + 1


def _begins(number: int) -> datetime:
    return datetime.combine(BEGINNING + timedelta(days=DAYS * number), datetime.min.time(), UTC)


def _season(consortium: Consortium, entries: int) -> dict[str, float]:
    """Return the processor's seconds that the commands of each kind take in a season."""
    life = _TimedLife(consortium)
    Season(life, _number(entries)).live()
    return life.seconds


class _TimedLife:
    """A consortium that is told one command after another, a minute apart."""

    def __init__(self, consortium: Consortium) -> None:
        self.consortium = consortium
        self.seconds: dict[str, float] = defaultdict(float)
        self._now = datetime.min.replace(tzinfo=UTC)
        self._ids = count(1)

    def pass_until(self, moment: datetime) -> None:
        self._now = max(moment, self._now)

    def give(self, who: Who, command: str, data: dict[str, Any], *, under: str | None = None) -> None:
        self._now += timedelta(minutes=1)
        role, identity = who
        actor = Actor.model_validate({"role": role, "id": identity})
        command_id = f"00000000-0000-0000-0000-{next(self._ids):012}"
        step = Step(command_id, read_command(command, data), actor, self._now.date(), under)
        submission = Submission(self.consortium.consortium_id, (step,), at=self._now)
        begun = process_time()
        decision = decide_submission(self.consortium, submission, self._now)
        self.seconds[command] += process_time() - begun
        self.consortium = decision.consortium
