"""Trust policies: the files, and what they ask of a checkpoint."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.transparency.checkpoint import Checkpoint, cosign_checkpoint, sign_checkpoint
from domain.transparency.errors import InvalidCheckpoint, InvalidNote, InvalidPolicy, NotSigned, QuorumMissed
from domain.transparency.keys import SignatureType, SignerKey, derive_signer
from domain.transparency.policy import Group, Log, Policy, Witness, k_of_n
from tests.transparency.strategies import PATIENT, damaged

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn

    from domain.transparency.note import Note

ORIGIN = "ledger.example/tlog/hajnowka"
LOG, NEXT = derive_signer(bytes(32), ORIGIN), derive_signer(bytes(31) + b"\x01", ORIGIN)
OTHER_LOG = derive_signer(bytes(32), "other.example")
WITNESSES = [
    SignerKey(f"witness.example/{number}", SignatureType.COSIGNATURE, bytes([number] * 32)) for number in range(6)
]
LOG_VKEY, OTHER_VKEY = LOG.verifier.write(), OTHER_LOG.verifier.write()
VKEYS = [witness.verifier.write() for witness in WITNESSES]
NOTE = sign_checkpoint(Checkpoint(ORIGIN, 5, bytes(range(32))), LOG)

# The example of the specification, with keys in place of its ellipses.
EXAMPLE = f"""\
log {LOG_VKEY}

witness X1 {VKEYS[0]}
witness X2 {VKEYS[1]}
witness X3 {VKEYS[2]}
group X-witnesses 2 X1 X2 X3

witness Y1 {VKEYS[3]}
witness Y2 {VKEYS[4]}
witness Y3 {VKEYS[5]}
group Y-witnesses any Y1 Y2 Y3

group X-and-Y all X-witnesses Y-witnesses
quorum X-and-Y
"""


def cosigned(note: Note, numbers: Sequence[int]) -> bytes:
    return note.with_signatures(cosign_checkpoint(note, WITNESSES[number], 7) for number in numbers).write()


def parse(*lines: str) -> Policy:
    return Policy.parse("".join(f"{line}\n" for line in lines).encode())


@pytest.mark.parametrize("numbers", [some for count in range(7) for some in combinations(range(6), count)])
def test_the_example_of_the_specification_asks_for_two_of_three_and_one_of_three(numbers: tuple[int, ...]) -> None:
    policy = Policy.parse(EXAMPLE.encode())
    enough = len({0, 1, 2} & set(numbers)) >= 2 and len({3, 4, 5} & set(numbers)) >= 1
    assert policy.satisfied_by([WITNESSES[number].verifier for number in numbers]) == enough
    data = cosigned(NOTE, numbers)
    if enough:
        assert policy.open(data).checkpoint.size == 5
    else:
        with pytest.raises(QuorumMissed, match="X-and-Y"):
            policy.open(data)


def test_a_policy_reads_as_what_it_says() -> None:
    assert Policy.parse(EXAMPLE.encode()) == Policy(
        (Log(LOG.verifier),),
        tuple(
            Witness(name, witness.verifier)
            for name, witness in zip(["X1", "X2", "X3", "Y1", "Y2", "Y3"], WITNESSES, strict=True)
        ),
        (
            Group("X-witnesses", 2, ("X1", "X2", "X3")),
            Group("Y-witnesses", 1, ("Y1", "Y2", "Y3")),
            Group("X-and-Y", 2, ("X-witnesses", "Y-witnesses")),
        ),
        "X-and-Y",
    )


@pytest.mark.parametrize("k", range(4))
def test_k_of_n_asks_for_k_of_n(k: int) -> None:
    policy = k_of_n(k, [LOG.verifier], [witness.verifier for witness in WITNESSES[:3]])
    for count in range(4):
        for numbers in combinations(range(3), count):
            if count >= k:
                policy.open(cosigned(NOTE, numbers))
            else:
                with pytest.raises(QuorumMissed):
                    policy.open(cosigned(NOTE, numbers))


@pytest.mark.parametrize("k", [-1, 4])
def test_no_more_witnesses_are_asked_for_than_there_are(k: int) -> None:
    with pytest.raises(InvalidPolicy, match="cannot ask for"):
        k_of_n(k, [LOG.verifier], [witness.verifier for witness in WITNESSES[:3]])


def test_witnesses_that_the_policy_does_not_know_do_not_count() -> None:
    policy = k_of_n(1, [LOG.verifier], [WITNESSES[0].verifier])
    with pytest.raises(QuorumMissed, match="no witness"):
        policy.open(cosigned(NOTE, [1, 2]))


def test_a_single_witness_may_be_the_quorum() -> None:
    policy = parse(f"log {LOG_VKEY}", f"witness city {VKEYS[0]}", f"witness town {VKEYS[1]}", "quorum city")
    policy.open(cosigned(NOTE, [0]))
    with pytest.raises(QuorumMissed, match="cosigned by town"):
        policy.open(cosigned(NOTE, [1]))


def test_a_missed_quorum_says_how_many_are_needed_and_who_is_missing() -> None:
    policy = Policy.parse(EXAMPLE.encode())
    with pytest.raises(QuorumMissed) as caught:
        policy.open(cosigned(NOTE, [0, 3]))
    assert caught.value.say("pl") == (
        "Brak kworum 'X-and-Y': potrzeba 2 z 2, jest 1; poświadczenia: X1, Y1; brakuje: X-witnesses (X2, X3)."
    )
    assert caught.value.say("en") == (
        "The quorum 'X-and-Y' is missed: it needs 2 of 2 and has 1; cosigned by X1, Y1; missing: X-witnesses (X2, X3)."
    )


def test_a_missed_quorum_of_one_witness_names_it() -> None:
    policy = parse(f"log {LOG_VKEY}", f"witness city {VKEYS[0]}", "quorum city")
    with pytest.raises(QuorumMissed) as caught:
        policy.open(NOTE.write())
    assert caught.value.say("pl") == "Brak kworum 'city': potrzeba 1 z 1, jest 0; poświadczenia: brak; brakuje: city."
    assert str(caught.value).endswith("it needs 1 of 1 and has 0; cosigned by no witness; missing: city.")


def test_a_missed_quorum_shows_the_bytes_of_a_name_that_is_not_utf_8() -> None:
    data = f"log {LOG_VKEY}\nwitness Krak".encode() + b"\xf3" + f"w {VKEYS[0]}\nquorum Krak".encode() + b"\xf3w\n"
    with pytest.raises(QuorumMissed) as caught:
        Policy.parse(data).open(NOTE.write())
    assert r"brakuje: Krak\udcf3w." in caught.value.say("pl")


def test_any_of_the_logs_may_have_signed_for_its_own_origin() -> None:
    policy = parse(f"log {LOG_VKEY}", f"log {OTHER_VKEY} https://other.example/", "quorum none")
    assert policy.open(NOTE.write()).checkpoint.origin == ORIGIN
    # The key of one log is no key for the origin of another.
    with pytest.raises(NotSigned):
        policy.open(sign_checkpoint(Checkpoint(ORIGIN, 5, bytes(32)), OTHER_LOG).write())
    with pytest.raises(InvalidCheckpoint, match="knows no log"):
        policy.open(sign_checkpoint(Checkpoint("third.example", 5, bytes(32)), LOG).write())


def test_a_log_may_have_two_keys_while_one_is_replaced() -> None:
    policy = k_of_n(0, [LOG.verifier, NEXT.verifier], [])
    for signers in ([LOG], [NEXT], [LOG, NEXT]):
        policy.open(sign_checkpoint(Checkpoint(ORIGIN, 5, bytes(32)), *signers).write())


def test_a_policy_without_logs_believes_none() -> None:
    policy = parse(f"witness city {VKEYS[0]}", "quorum city")
    with pytest.raises(InvalidCheckpoint, match="knows no log"):
        policy.open(cosigned(NOTE, [0]))
    replace(policy, logs=(Log(LOG.verifier),)).open(cosigned(NOTE, [0]))


def test_what_is_no_signed_checkpoint_is_refused_before_the_quorum() -> None:
    policy = Policy.parse(EXAMPLE.encode())
    with pytest.raises(InvalidNote):
        policy.open(b"")
    with pytest.raises(NotSigned):
        policy.open(NOTE.write().replace(b"\n5\n", b"\n6\n"))


def test_space_comments_and_empty_lines_say_nothing() -> None:
    text = f"# why\n\n \t\n\tlog\t {LOG_VKEY} \n  # quorum nobody\nquorum  none\t\n"
    assert Policy.parse(text.encode()) == Policy((Log(LOG.verifier),))


def test_names_and_addresses_are_bytes_of_any_kind() -> None:
    data = b"witness \xff\xe2\x84\xaa " + VKEYS[0].encode() + b" https://\xc5\xbc.example\nquorum \xff\xe2\x84\xaa\n"
    policy = Policy.parse(data)
    assert policy.write() == data
    assert policy.witnesses[0].url == "https://ż.example"
    # A Kelvin sign is no K.
    with pytest.raises(InvalidPolicy, match="not defined"):
        parse(f"witness K {VKEYS[0]}", "quorum \N{KELVIN SIGN}")


@pytest.mark.parametrize(
    ("lines", "refused"),
    [
        ([], "end in a newline"),
        (["# nothing"], "nothing of a quorum"),
        ([f"log {LOG_VKEY}"], "nothing of a quorum"),
        (["quorum none", "quorum none"], "Line 2: There is a quorum already"),
        (["quorum"], "no line of a policy"),
        (["quorum none none"], "no line of a policy"),
        (["quorum city"], "not defined"),
        (["quorum city", f"witness city {VKEYS[0]}"], "Line 1: 'city' is not defined"),
        (["log", "quorum none"], "no line of a policy"),
        (["log nonsense", "quorum none"], "Line 1: This is no verifier key"),
        ([f"log {LOG_VKEY} url more", "quorum none"], "no line of a policy"),
        ([f"log {VKEYS[0]}", "quorum none"], "cannot be that of a log"),
        ([f"log {LOG_VKEY}", f"log {LOG_VKEY}", "quorum none"], "same public key"),
        ([f"witness city {LOG_VKEY}", "quorum none"], "cannot be that of a witness"),
        ([f"witness {VKEYS[0]}", "quorum none"], "no line of a policy"),
        ([f"witness a {VKEYS[0]} url more", "quorum none"], "no line of a policy"),
        ([f"witness a {VKEYS[0]}", f"witness b {VKEYS[0]}", "quorum none"], "same public key"),
        ([f"witness a {VKEYS[0]}", f"witness a {VKEYS[1]}", "quorum none"], "used twice"),
        ([f"witness none {VKEYS[0]}", "quorum none"], "cannot be used"),
        ([f"witness a {VKEYS[0]}", "group a all a", "quorum a"], "used twice"),
        ([f"witness a {VKEYS[0]}", "group none all a", "quorum none"], "cannot be used"),
        ([f"witness a {VKEYS[0]}", "group g all a none", "quorum g"], "'none' is not defined"),
        ([f"witness a {VKEYS[0]}", "group g all g", "quorum g"], "'g' is not defined"),
        ([f"witness a {VKEYS[0]}", "group g all b", "quorum g"], "'b' is not defined"),
        (["group g all a", f"witness a {VKEYS[0]}", "quorum g"], "Line 1: 'a' is not defined"),
        (["group g all", "quorum g"], "cannot ask for 0 of 0"),
        (["group g any", "quorum g"], "cannot ask for 1 of 0"),
        (["group g", "quorum none"], "no line of a policy"),
        ([f"witness a {VKEYS[0]}", "group g 0 a", "quorum g"], "cannot ask for 0 of 1"),
        ([f"witness a {VKEYS[0]}", "group g 2 a", "quorum g"], "cannot ask for 2 of 1"),
        ([f"witness a {VKEYS[0]}", "group g 01 a", "quorum g"], "neither a number"),
        ([f"witness a {VKEYS[0]}", "group g some a", "quorum g"], "neither a number"),
        ([f"witness a {VKEYS[0]}", "group g all a a", "quorum g"], "counted twice"),
        ([f"witness a {VKEYS[0]}", "group g all a", "group h all a", "quorum h"], "counted twice"),
        (["Quorum none"], "no line of a policy"),
        (["quorum none # at all"], "no line of a policy"),
        (["quorum none\r"], "control character"),
        (["quorum\x0bnone"], "control character"),
        (["quorum none", "#\x7f"], "control character"),
        (["quorum none\x00"], "control character"),
    ],
)
def test_a_policy_that_cannot_be_followed_is_refused(lines: list[str], refused: str) -> None:
    with pytest.raises(InvalidPolicy, match=refused):
        parse(*lines)


def test_a_policy_ends_in_a_newline() -> None:
    with pytest.raises(InvalidPolicy, match="end in a newline"):
        Policy.parse(b"quorum none")


@pytest.mark.parametrize("name", ["", " ", "a b", "a\tb", "a\n", "\x7f", "\x85\x00", "\ud800", "\udcc5\udcbc"])
def test_a_name_that_could_not_be_read_back_is_refused(name: str) -> None:
    witness = WITNESSES[0].verifier
    with pytest.raises(InvalidPolicy, match="cannot be used"):
        Policy(witnesses=(Witness(name, witness),))
    with pytest.raises(InvalidPolicy):
        Policy(witnesses=(Witness("a", witness),), quorum=name)
    if name:
        with pytest.raises(InvalidPolicy, match="cannot be an address"):
            Policy(witnesses=(Witness("a", witness, name),))


def test_a_key_whose_name_could_not_be_read_back_is_refused() -> None:
    with pytest.raises(InvalidPolicy, match="cannot be that of a log"):
        Policy((Log(derive_signer(bytes(32), "a\x7fb").verifier),))


@st.composite
def policies(draw: DrawFn) -> Policy:
    names = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1, max_size=4)
    named = draw(st.lists(names.filter(lambda name: name != "none"), max_size=6, unique=True))
    keys = iter(witness.verifier for witness in WITNESSES)
    groups: list[Group] = []
    witnesses = [Witness(name, next(keys), draw(st.sampled_from(["", "https://a.example"]))) for name in named[:4]]
    free = [witness.name for witness in witnesses]
    for name in named[4:]:
        members = draw(st.lists(st.sampled_from(free), unique=True, min_size=1)) if free else []
        groups.append(Group(name, draw(st.integers(1, len(members))), tuple(members)))
        free = [*(one for one in free if one not in members), name]
    logs = draw(st.lists(st.sampled_from([LOG, NEXT, OTHER_LOG]), unique=True))
    quorum = draw(st.sampled_from(["none", *named]))
    return Policy(tuple(Log(log.verifier) for log in logs), tuple(witnesses), tuple(groups), quorum)


@PATIENT
@given(policies())
def test_a_policy_reads_back(policy: Policy) -> None:
    assert Policy.parse(policy.write()) == policy


@PATIENT
@given(damaged(st.just(EXAMPLE.encode()) | policies().map(Policy.write)) | st.binary())
def test_whatever_bytes_are_shown_they_are_a_policy_or_refused(data: bytes) -> None:
    try:
        policy = Policy.parse(data)
    except InvalidPolicy:
        return
    assert Policy.parse(policy.write()) == policy


def test_32_logs_32_witnesses_and_32_groups_are_understood() -> None:
    logs = tuple(Log(derive_signer(bytes([number] * 32), "a").verifier) for number in range(32))
    keys = [SignerKey("w", SignatureType.COSIGNATURE, bytes([number] * 32)).verifier for number in range(32)]
    witnesses = tuple(Witness(f"w{number}", key) for number, key in enumerate(keys))
    groups = [Group("g0", 1, ("w0",))]
    groups += [Group(f"g{number}", 2, (f"g{number - 1}", f"w{number}")) for number in range(1, 32)]
    policy = Policy(logs, witnesses, tuple(groups), "g31")
    assert Policy.parse(policy.write()) == policy
    assert policy.satisfied_by(keys)
    assert not policy.satisfied_by(keys[1:])
    assert not policy.satisfied_by(keys[:-1])
