"""Random lives as histories, for tables to be told: by default a few, always the same.

CONSORTIUM_LEDGER_TEST_LIVES says how many new ones are lived instead.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test

from domain.ledger.entry import read_entry
from tests.machine.board_rules import BoardRules
from tests.machine.cash_rules import CashRules
from tests.machine.chance import Chance
from tests.machine.membership_rules import MembershipRules
from tests.machine.money_rules import MoneyRules
from tests.machine.register_rules import RegisterRules
from tests.machine.support_rules import SupportRules
from tests.machine.task_rules import TaskRules

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

    from domain.decider import Entry

MORE = int(os.environ.get("CONSORTIUM_LEDGER_TEST_LIVES", "0"))
LIVES = MORE or 6
STEPS = 120 if MORE else 60
LIVED_AS = b"zycie-konsorcjum"


class Stored(NamedTuple):
    """A history as it is stored: topics and bytes, by version from 1."""

    consortium_id: str
    rows: tuple[tuple[str, bytes], ...]

    def entries(self) -> tuple[Entry, ...]:
        return tuple(read_entry(topic, state) for topic, state in self.rows)

    def under(self, consortium_id: str) -> Stored:
        """Tell the same of a consortium of another name."""
        name = consortium_id.encode()
        return Stored(consortium_id, tuple((topic, state.replace(LIVED_AS, name)) for topic, state in self.rows))


class Lived(MembershipRules, BoardRules, RegisterRules, TaskRules, MoneyRules, CashRules, SupportRules):
    """A life of which nothing is asked but its history."""

    ended: list[Stored] = []  # noqa: RUF012 - the lives of one run, which Hypothesis makes from the class

    @initialize(data=st.data())
    def founded_and_put_to_work(self, data: DataObject) -> None:
        self.chance = Chance(data)
        self.found()
        self.admit_founders(3, 6)
        self.elect()
        self.put_to_work()

    def teardown(self) -> None:
        if self.product.stored:
            self.ended.append(Stored(LIVED_AS.decode(), tuple(self.product.stored)))


@cache
def lives() -> tuple[Stored, ...]:
    """Live them, and return the longest."""
    profile = settings(
        max_examples=2 * LIVES,
        stateful_step_count=STEPS,
        derandomize=not MORE,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    Lived.ended.clear()
    run_state_machine_as_test(Lived, settings=profile)
    return tuple(sorted(Lived.ended, key=lambda stored: -len(stored.rows))[:LIVES])
