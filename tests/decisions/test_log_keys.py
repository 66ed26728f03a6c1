"""Another key signs the record: who kept the first one can follow, and nothing else of the consortium changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from domain.answers.state import state_on
from domain.decider import Actor, Command, Fact, Given
from domain.invariants import violations
from domain.log_keys import key_history, rotations_from
from domain.statute.events import LogKeyRotated
from domain.transparency.errors import InvalidKey
from domain.transparency.keys import SignatureType, SignerKey, derive_signer
from tests.decisions.given import CONSORTIUM, Story, given
from tests.decisions.steps import founded, meeting_opened

ORIGIN = f"example.com/tlog/{CONSORTIUM}"
LIFE = given(founded(), meeting_opened())


def vkey(number: int, origin: str = ORIGIN) -> str:
    return derive_signer(bytes([number]) * 32, origin).verifier.write()


def change(old: str, new: str, *, lost: bool = False) -> LogKeyRotated:
    until = LIFE.clock + timedelta(days=90)
    return LogKeyRotated(old_vkey=old, new_vkey=new, both_until=until, old_key_lost=lost)


def told(*facts: Fact) -> Story:
    """Go on with facts that no command yields, a minute apart."""
    story, nobody = LIFE, Actor(role="operator", id="op-1")
    for fact in facts:
        later = replace(story, clock=story.clock + timedelta(minutes=1))
        story = later.after(Given(Command(), nobody, later.today, later.clock, None), (fact,))
    return story


CHAIN = told(change(vkey(1), vkey(2)), change(vkey(2), vkey(3)), change(vkey(3), vkey(4), lost=True))


def test_the_changes_are_gathered_in_order() -> None:
    history = key_history(CHAIN.entries)
    assert [(one.old_vkey, one.new_vkey) for one in history] == [(vkey(n), vkey(n + 1)) for n in (1, 2, 3)]
    last = CHAIN.entries[-1]
    assert [one.version for one in history] == [last.version - 2, last.version - 1, last.version]
    assert history[2].recorded_at == last.recorded_at
    assert [one.old_key_lost for one in history] == [False, False, True]
    assert key_history(LIFE.entries) == ()


@pytest.mark.parametrize(("kept", "changes"), [(1, 3), (2, 2), (3, 1), (4, 0)])
def test_who_kept_a_key_is_led_to_the_present_one(kept: int, changes: int) -> None:
    followed = rotations_from(vkey(kept), key_history(CHAIN.entries))
    assert len(followed) == changes
    assert [one.old_vkey for one in followed[:1]] == [vkey(kept)][:changes]


def test_a_key_that_the_history_does_not_know_leads_nowhere() -> None:
    with pytest.raises(InvalidKey, match="does not know"):
        rotations_from(vkey(9), key_history(CHAIN.entries))
    assert rotations_from(vkey(9), ()) == ()


def test_a_change_alters_nothing_that_is_answered() -> None:
    now, day = CHAIN.clock, CHAIN.today
    before, after = (state_on(story.consortium, day, now) for story in (LIFE, CHAIN))
    assert {**after, "version": None} == {**before, "version": None}
    assert (LIFE.consortium.statutes.log_key, CHAIN.consortium.statutes.log_key) == (None, vkey(4))


def test_changes_that_follow_on_each_other_break_no_rule() -> None:
    assert list(violations(CONSORTIUM, CHAIN.entries)) == []


WITNESS = SignerKey(ORIGIN, SignatureType.COSIGNATURE, bytes(32)).verifier.write()
OTHER = ORIGIN + "-inne"


@pytest.mark.parametrize(
    ("changes", "detail"),
    [
        ([(vkey(1), vkey(2)), (vkey(1), vkey(3))], "but .* signed before"),
        ([(vkey(1), vkey(1))], "to itself"),
        ([(vkey(1), vkey(2)[:-2] + "AA")], "key ID"),
        ([(vkey(1), WITNESS)], "that of a witness"),
        ([(vkey(1), vkey(2, OTHER))], f"changes to that of {OTHER}"),
        ([(vkey(1, OTHER), vkey(2, OTHER))], f"the key of {OTHER}"),
    ],
)
def test_a_change_that_does_not_follow_is_a_violation_and_no_history(
    changes: list[tuple[str, str]], detail: str
) -> None:
    broken = told(*(change(*one) for one in changes)).entries
    (violation,) = violations(CONSORTIUM, broken)
    assert (violation.rule, violation.version) == ("log-keys-follow", broken[-1].version)
    with pytest.raises(InvalidKey, match=detail):
        key_history(broken)


def test_the_first_change_must_take_up_the_key_that_is_known() -> None:
    assert key_history(CHAIN.entries, before=vkey(1))
    with pytest.raises(InvalidKey, match="signed before"):
        key_history(CHAIN.entries, before=vkey(5))
