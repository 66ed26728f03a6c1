"""Trust policies: which logs are believed, and how many of which witnesses must have seen the same.

    log example.com/log+b6655c98+Ad59nIj14BLYx6y8qW2ejPEGFipmz7ziZszxtKZB0p48

    witness city    city.example+834bb5fa+BDtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop
    witness member  member.example+f16c8887+BIqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c
    group   both    all city member
    quorum  both

A group counts as one witness when enough of its members do: `all`, `any`, or a number. `quorum none` asks for no
witness at all.

Source: C2SP tlog-policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NoReturn

from domain.transparency.checkpoint import Checkpoint, open_checkpoint
from domain.transparency.encoding import parse_decimal
from domain.transparency.errors import InvalidCheckpoint, InvalidKey, InvalidPolicy, QuorumMissed, refuse, require
from domain.transparency.keys import SignatureType, VerifierKey
from domain.transparency.note import Note

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from domain.transparency.checkpoint import OpenCheckpoint

NONE: Final = "none"
"""The quorum that no witness is needed for; no witness and no group has this name."""

# Source: C2SP tlog-policy, "Character set", in bytes: all but the control characters of ASCII.
WORD: Final = re.compile(rb"[\x21-\x7e\x80-\xff]+")
FORBIDDEN: Final = re.compile(rb"[^\t\n\x20-\x7e\x80-\xff]")


@dataclass(frozen=True, slots=True)
class Log:
    """A log that is believed: its checkpoints have the name of the key as their origin."""

    key: VerifierKey
    url: str = ""
    """Where it is found, of no weight here; empty when it is not said."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A witness that is believed; `name` has a meaning in this policy alone."""

    name: str
    key: VerifierKey
    url: str = ""
    """Where checkpoints are submitted to it, of no weight here; empty when it is not said."""


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups, of which at least `threshold` must have seen a checkpoint for the group to have seen it."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """What makes a checkpoint valid: a signature of one of the logs, and cosignatures as the quorum asks.

    Names that are not UTF-8 hold their bytes as `os.fsdecode` has them. Groups stand behind what they are made of.

    Raises:
        InvalidPolicy: for a log or witness that is there twice or whose key is of another type; a name that is no word,
            taken, or `none`; a group whose members are not defined before it, stand in another group, or are fewer than
            its threshold; a quorum that is not defined.
    """

    logs: tuple[Log, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    groups: tuple[Group, ...] = ()
    quorum: str = NONE

    def __post_init__(self) -> None:
        _require_keys([log.key for log in self.logs], SignatureType.ED25519, "dziennika", "log")
        _require_keys([witness.key for witness in self.witnesses], SignatureType.COSIGNATURE, "świadka", "witness")
        places: tuple[Log | Witness, ...] = (*self.logs, *self.witnesses)
        for place in places:
            require(
                not place.url or _is_word(place.url),
                InvalidPolicy,
                f"{place.url[:100]!r} nie może być adresem.",
                f"{place.url[:100]!r} cannot be an address.",
            )
        defined: set[str] = set()
        free: set[str] = set()
        names: tuple[Witness | Group, ...] = (*self.witnesses, *self.groups)
        for named in names:
            usable = _is_word(named.name) and named.name != NONE and named.name not in defined
            require(
                usable,
                InvalidPolicy,
                f"Nazwa {named.name[:100]!r} jest niedozwolona albo użyta dwa razy.",
                f"The name {named.name[:100]!r} cannot be used, or is used twice.",
            )
            if isinstance(named, Group):
                _require_members(named, free)
                free -= set(named.members)
            defined.add(named.name)
            free.add(named.name)
        require(
            self.quorum == NONE or self.quorum in defined,
            InvalidPolicy,
            f"Kworum {self.quorum[:100]!r} nie jest ani świadkiem, ani grupą.",
            f"The quorum {self.quorum[:100]!r} is neither a witness nor a group.",
        )

    def write(self) -> bytes:
        lines = [
            *(f"log {log.key.write()} {log.url}".rstrip(" ") for log in self.logs),
            *(f"witness {one.name} {one.key.write()} {one.url}".rstrip(" ") for one in self.witnesses),
            *(f"group {group.name} {group.threshold} {' '.join(group.members)}" for group in self.groups),
            f"quorum {self.quorum}",
        ]
        return "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")

    @classmethod
    def parse(cls, data: bytes) -> Policy:
        """Read a policy file.

        Raises:
            InvalidPolicy: unless every line is what the specification has, and refers to lines before it.
        """
        require(
            not FORBIDDEN.search(data),
            InvalidPolicy,
            "Zasady zaufania zawierają znak sterujący.",
            "The policy holds a control character.",
        )
        require(
            data.endswith(b"\n"),
            InvalidPolicy,
            "Zasady zaufania nie kończą się znakiem nowego wiersza.",
            "The policy does not end in a newline.",
        )
        lines = _Lines()
        for number, line in enumerate(data.split(b"\n"), 1):
            # Of all that splits words here, only space and tab are left.
            words = [word.decode("utf-8", "surrogateescape") for word in line.split()]
            if words and not words[0].startswith("#"):
                try:
                    lines.take(words)
                except (InvalidKey, InvalidPolicy) as error:
                    polish, english = f"Wiersz {number}: {error.say('pl')}", f"Line {number}: {error.say('en')}"
                    raise InvalidPolicy(polish, english) from error
        if lines.quorum is None:
            refuse(
                InvalidPolicy,
                "Zasady zaufania nie mówią o kworum; `quorum none` nie wymaga żadnego świadka.",
                "The policy says nothing of a quorum; `quorum none` asks for no witness.",
            )
        return cls(tuple(lines.logs), tuple(lines.witnesses), tuple(lines.groups), lines.quorum)

    def satisfied_by(self, keys: Collection[VerifierKey]) -> bool:
        """Tell whether cosignatures of these keys make the quorum."""
        return self.quorum == NONE or self.quorum in self._seen_by(keys)

    def _seen_by(self, keys: Collection[VerifierKey]) -> set[str]:
        """Name the witnesses with these keys, and the groups of which enough members are among them."""
        seen = {witness.name for witness in self.witnesses if witness.key in keys}
        # A group stands behind all that it is made of, so one walk is enough.
        for group in self.groups:
            if sum(member in seen for member in group.members) >= group.threshold:
                seen.add(group.name)
        return seen

    def open(self, data: bytes) -> OpenCheckpoint:
        """Read a checkpoint of any of the logs, and hold it to the quorum.

        Source: C2SP tlog-proof, "Verifying a tlog proof", steps 2 and 3.

        Raises:
            InvalidNote: when the bytes are no note.
            NotSigned: when the log has not signed, or a signature of a known key is not over this text.
            InvalidCheckpoint: when the note is no checkpoint, or none of the logs has its origin.
            QuorumMissed: when too few of the witnesses cosigned.
            InvalidKey: when two different keys of the policy have both the name and the key ID in common.
        """
        origin = Checkpoint.parse(Note.parse(data).text).origin
        keys = [log.key for log in self.logs if log.key.name == origin]
        require(
            keys,
            InvalidCheckpoint,
            f"Zasady zaufania nie znają dziennika {origin!r}.",
            f"The policy knows no log {origin!r}.",
        )
        opened = open_checkpoint(data, origin, keys, [witness.key for witness in self.witnesses])
        seen = [signed.key for signed in opened.signed]
        if not self.satisfied_by(seen):
            self._refuse_for_want_of_witnesses(seen)
        return opened

    def _refuse_for_want_of_witnesses(self, keys: Collection[VerifierKey]) -> NoReturn:
        seen = self._seen_by(keys)
        by = _printable(witness.name for witness in self.witnesses if witness.key in keys)
        groups = {group.name: group for group in self.groups}
        quorum = groups.get(self.quorum, Group(self.quorum, 1, (self.quorum,)))
        needed, all_of, has = quorum.threshold, len(quorum.members), len(seen.intersection(quorum.members))
        missing = _printable([self._missing(seen).get(self.quorum, self.quorum)])
        refuse(
            QuorumMissed,
            f"Brak kworum {self.quorum!r}: potrzeba {needed} z {all_of}, jest {has};"
            f" poświadczenia: {by or 'brak'}; brakuje: {missing}.",
            f"The quorum {self.quorum!r} is missed: it needs {needed} of {all_of} and has {has};"
            f" cosigned by {by or 'no witness'}; missing: {missing}.",
        )

    def _missing(self, seen: Collection[str]) -> dict[str, str]:
        """Say of each group which members it lacks, and behind a group that it lacks, whom that one lacks."""
        missing: dict[str, str] = {}
        for group in self.groups:
            lacked = (member for member in group.members if member not in seen)
            missing[group.name] = ", ".join(f"{one} ({missing[one]})" if one in missing else one for one in lacked)
        return missing


def k_of_n(k: int, log_keys: Sequence[VerifierKey], witness_keys: Sequence[VerifierKey]) -> Policy:
    """Make the policy that any `k` of these witnesses must have cosigned; 0 asks for none.

    Raises:
        InvalidPolicy: when there are fewer witnesses, or a key is of the wrong type, or there twice.
    """
    witnesses = tuple(Witness(key.name, key) for key in witness_keys)
    groups = (Group("quorum", k, tuple(witness.name for witness in witnesses)),) if k else ()
    return Policy(tuple(map(Log, log_keys)), witnesses, groups, "quorum" if k else NONE)


@dataclass(slots=True)
class _Lines:
    """What the lines of a policy file have said so far."""

    logs: list[Log] = field(default_factory=list)
    witnesses: list[Witness] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    quorum: str | None = None

    def take(self, words: list[str]) -> None:
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self.logs.append(Log(VerifierKey.parse(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self.witnesses.append(Witness(name, VerifierKey.parse(vkey), *url))
            case ["group", name, threshold, *members]:
                self._require_defined(members)
                self.groups.append(Group(name, _threshold(threshold, len(members)), tuple(members)))
            case ["quorum", name]:
                require(self.quorum is None, InvalidPolicy, "Kworum jest już podane.", "There is a quorum already.")
                self._require_defined([] if name == NONE else [name])
                self.quorum = name
            case _:
                line = " ".join(words)[:100]
                refuse(
                    InvalidPolicy,
                    f"{line!r} nie jest wierszem zasad zaufania.",
                    f"{line!r} is no line of a policy.",
                )

    def _require_defined(self, names: list[str]) -> None:
        defined = {witness.name for witness in self.witnesses} | {group.name for group in self.groups}
        for name in names:
            require(
                name in defined,
                InvalidPolicy,
                f"{name[:100]!r} nie zdefiniowano w żadnym wcześniejszym wierszu.",
                f"{name[:100]!r} is not defined on a line before.",
            )


def _threshold(text: str, members: int) -> int:
    number = {"any": 1, "all": members}.get(text, parse_decimal(text))
    if number is None:
        refuse(
            InvalidPolicy,
            f"{text[:100]!r} to ani liczba, ani `any`, ani `all`.",
            f"{text[:100]!r} is neither a number nor `any` nor `all`.",
        )
    return number


def _printable(names: Iterable[str]) -> str:
    """List names; of those that are not UTF-8, show the bytes."""
    return ", ".join(names).encode("utf-8", "backslashreplace").decode()


def _is_word(text: str) -> bool:
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return False
    # Bytes that make up a character after all would be read back as that character.
    return bool(WORD.fullmatch(data)) and data.decode("utf-8", "surrogateescape") == text


def _require_keys(keys: list[VerifierKey], kind: SignatureType, polish: str, english: str) -> None:
    for key in keys:
        require(
            key.kind is kind and _is_word(key.name),
            InvalidPolicy,
            f"Klucz {key.name} nie może być kluczem {polish}.",
            f"The key of {key.name} cannot be that of a {english}.",
        )
    # Source: C2SP tlog-policy, "Public key representation": the same public key under two names is the same key.
    require(
        len({key.public for key in keys}) == len(keys),
        InvalidPolicy,
        f"Dwa wiersze podają ten sam klucz publiczny {polish}.",
        f"Two lines have a {english} with the same public key.",
    )


def _require_members(group: Group, free: set[str]) -> None:
    polish, english = f"Grupa {group.name[:100]!r}", f"The group {group.name[:100]!r}"
    require(
        1 <= group.threshold <= len(group.members),
        InvalidPolicy,
        f"{polish} nie może wymagać {group.threshold} z {len(group.members)}.",
        f"{english} cannot ask for {group.threshold} of {len(group.members)}.",
    )
    require(
        len(set(group.members)) == len(group.members) and set(group.members) <= free,
        InvalidPolicy,
        f"{polish} ma element, którego przed nią nie zdefiniowano albo który liczyłby się dwa razy.",
        f"{english} has a member that is not defined before it, or that is counted twice.",
    )
