"""Random lives: by default a few, always the same; as many new ones as CONSORTIUM_LEDGER_TEST_LIVES says."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.machine import invariants, questions
from tests.machine.board_rules import BoardRules
from tests.machine.cash_rules import CashRules
from tests.machine.chance import Chance
from tests.machine.membership_rules import MembershipRules
from tests.machine.money_rules import MoneyRules
from tests.machine.register_rules import RegisterRules
from tests.machine.steps import Steps
from tests.machine.support_rules import SupportRules
from tests.machine.task_rules import TaskRules

if TYPE_CHECKING:
    from hypothesis.strategies import DataObject

LIVES = int(os.environ.get("CONSORTIUM_LEDGER_TEST_LIVES", "0"))
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much, HealthCheck.large_base_example]
PROFILE = settings(
    max_examples=LIVES or 25,
    stateful_step_count=120 if LIVES else 50,
    derandomize=not LIVES,
    database=None,
    deadline=None,
    suppress_health_check=SLOW,
    phases=[Phase.generate, Phase.shrink],
    print_blob=False,
)


class Told(Steps):
    """A life that is checked after every step."""

    @rule(data=st.data())
    def somebody_asks(self, data: DataObject) -> None:
        self.step(data)
        for _ in range(3):
            questions.ask(self, *questions.draw(self, self.chance))

    @rule(data=st.data())
    def a_command_is_given_again(self, data: DataObject) -> None:
        self.step(data)
        self.tell(self.chance.one(self.oracle.accepted[-30:]))

    @invariant()
    def everything_adds_up(self) -> None:
        invariants.check(self)

    def teardown(self) -> None:
        if self.product.history:
            invariants.check_history(self)
            questions.ask_at_the_end(self)
        FIGURES.update(self.given)
        FACTS.update(self.product.facts)
        for code in {key.split()[-1] for key in self.given}:
            event(code)


FIGURES: Counter[str] = Counter()
"""What became of the commands: how many were accepted, and how many refused with which code."""
FACTS: Counter[str] = Counter()
"""How many of which kind were recorded."""


class AtWork(Told, MembershipRules, BoardRules, RegisterRules, TaskRules, MoneyRules, CashRules, SupportRules):
    """Everything that a consortium with a contract does."""

    @initialize(data=st.data())
    def founded_and_put_to_work(self, data: DataObject) -> None:
        self.chance = Chance(data)
        self.found()
        self.admit_founders(3, 6)
        self.elect()
        self.put_to_work()


class Deciding(Told, MembershipRules, BoardRules, RegisterRules):
    """A board without a contract."""

    @initialize(data=st.data())
    def founded(self, data: DataObject) -> None:
        self.chance = Chance(data)
        self.found()
        self.admit_founders(*(self.chance.one(((3, 7), (4, 6), (3, 7), (1, 2)))))
        if self.chance.once_in(2):
            self.elect()


class Paying(Told, TaskRules, MoneyRules, CashRules):
    """A contract, its performers and its money."""

    @initialize(data=st.data())
    def founded_and_put_to_work(self, data: DataObject) -> None:
        self.chance = Chance(data)
        self.found()
        self.admit_founders(3, 5)
        self.elect()
        self.put_to_work()


def live(machine: type[RuleBasedStateMachine], kinds_of_facts: int) -> None:
    """Live the lives; they must have been worth it: most commands accepted, and many kinds of facts recorded."""
    FIGURES.clear()
    FACTS.clear()
    run_state_machine_as_test(machine, settings=PROFILE)
    told = sum(number for code, number in FIGURES.items() if " " not in code)
    assert FIGURES["accepted"] > told / 2
    assert len(FACTS) >= kinds_of_facts


def test_a_consortium_at_work_answers_as_the_rules_say() -> None:
    live(AtWork, kinds_of_facts=50)


def test_a_board_decides_as_the_rules_say() -> None:
    live(Deciding, kinds_of_facts=25)


def test_money_is_shared_out_as_the_rules_say() -> None:
    live(Paying, kinds_of_facts=20)
