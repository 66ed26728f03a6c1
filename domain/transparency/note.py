"""Signed notes: a text, an empty line, and a line for each signature.

    If you think cryptography is the answer to your problem,
    then you don't know what your problem is.

    — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=

The text ends in a newline and may have empty lines; the last one parts it from the signatures. A signature line is an
em dash, the key name, and base64 of the 4-byte key ID before the signature, which is over the text with its final
newline. Believe nothing of a note that `open_note` did not return.

Source: C2SP signed-note.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.encoding import is_text, parse_base64, write_base64
from domain.transparency.errors import InvalidKey, InvalidNote, NotSigned, refuse, require
from domain.transparency.keys import KEY_ID_BYTES, TIME_BYTES, SignatureType, is_key_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from domain.transparency.keys import SignerKey, VerifierKey

DASH: Final = "\N{EM DASH} "

MAX_SIGNATURES: Final = 100
"""Source: C2SP signed-note, "Format": verifiers should set a limit, of 16 or more."""

MAX_NOTE_BYTES: Final = 1_000_000
"""Room for a hundred signatures of 5,000 bytes, the largest that are foreseen."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What one line of a note says, not yet verified; `signature` is what follows the key ID.

    Raises:
        InvalidNote: for a name that no key may have, a key ID that is not 4 bytes long, or a signature of no bytes.
    """

    name: str
    key_id: bytes
    signature: bytes

    def __post_init__(self) -> None:
        if not is_key_name(self.name):
            told = self.name[:100]
            refuse(InvalidNote, f"{told!r} nie może być nazwą klucza.", f"{told!r} cannot name a key.")
        if len(self.key_id) != KEY_ID_BYTES or not self.signature:
            refuse(
                InvalidNote,
                f"Podpis {self.name} to nie 4 bajty key ID i podpis.",
                f"The signature of {self.name} is not a key ID of 4 bytes and a signature.",
            )

    def write(self) -> str:
        """Write the line, without its newline."""
        return f"{DASH}{self.name} {write_base64(self.key_id + self.signature)}"

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read a line, without its newline.

        Raises:
            InvalidNote: unless it is written exactly as `write` writes it.
        """
        name, space, text = line.removeprefix(DASH).partition(" ")
        signed = parse_base64(text)
        if not line.startswith(DASH) or not space or signed is None:
            refuse(
                InvalidNote,
                f"{line[:100]!r} nie jest wierszem podpisu: pauza, nazwa i base64, a między nimi spacje.",
                f"{line[:100]!r} is no signature line: an em dash, a name and base64, spaces between.",
            )
        return cls(name, signed[:KEY_ID_BYTES], signed[KEY_ID_BYTES:])


@dataclass(frozen=True, slots=True)
class Note:
    """A text with signatures, none of them verified.

    Raises:
        InvalidNote: for a text that does not end in a newline or holds what no note may hold, without signatures or
            with more than 100, with two of one key, or when all together is longer than 1,000,000 bytes.
    """

    text: str
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        _require_text(self.text)
        require(self.signatures, InvalidNote, "Nota nie ma podpisu.", "The note has no signature.")
        if len(self.signatures) > MAX_SIGNATURES:
            refuse(
                InvalidNote,
                f"Nota ma za dużo podpisów: {len(self.signatures)}, najwyżej {MAX_SIGNATURES}.",
                f"The note has {len(self.signatures)} signatures, more than {MAX_SIGNATURES}.",
            )
        # C2SP tlog-checkpoint, "Signatures": no two lines with both the same key name and the same key ID.
        keys = {(signature.name, signature.key_id) for signature in self.signatures}
        require(
            len(keys) == len(self.signatures),
            InvalidNote,
            "Nota ma dwa podpisy tego samego klucza.",
            "The note has two signatures of the same key.",
        )
        _require_size(len(self.write()))

    def write(self) -> bytes:
        lines = "".join(f"{signature.write()}\n" for signature in self.signatures)
        return f"{self.text}\n{lines}".encode()

    @classmethod
    def parse(cls, data: bytes) -> Note:
        """Read a note and verify nothing of it.

        Raises:
            InvalidNote: unless it is written exactly as `write` writes it.
        """
        _require_size(len(data))
        try:
            whole = data.decode()
        except UnicodeDecodeError:
            refuse(InvalidNote, "Nota nie jest tekstem UTF-8.", "The note is not UTF-8.")
        # Found from the right, so that a text may itself end in empty lines.
        text, parted, lines = whole.rpartition("\n\n")
        require(
            parted,
            InvalidNote,
            "Nota nie ma pustego wiersza między tekstem a podpisami.",
            "The note has no empty line between its text and its signatures.",
        )
        return cls(f"{text}\n", parse_signatures(lines))

    def with_signatures(self, added: Iterable[Signature]) -> Note:
        """Add signatures behind those that are there.

        Raises:
            InvalidNote: when one is of a key that signed already, or there are too many.
        """
        return Note(self.text, (*self.signatures, *added))


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature that was verified, and the key that made it."""

    key: VerifierKey
    signature: Signature

    @property
    def at_seconds(self) -> int | None:
        """When a witness cosigned, by its own clock, in seconds since 1970-01-01 UTC; a log's signature has no time."""
        if self.key.kind is SignatureType.ED25519:
            return None
        return int.from_bytes(self.signature.signature[:TIME_BYTES], "big")


@dataclass(frozen=True, slots=True)
class OpenNote:
    """A note that at least one known key has signed, and what of it is verified."""

    note: Note
    signed: tuple[Signed, ...]
    unknown: tuple[Signature, ...]
    """Signatures of other keys: kept to be passed on, and of no weight."""

    @property
    def text(self) -> str:
        return self.note.text


def parse_signatures(lines: str) -> tuple[Signature, ...]:
    """Read signature lines as they end a note, or as a witness returns them, each with its newline.

    Raises:
        InvalidNote: when a line is no signature line, the last one lacks its newline, or there are more than 100.
    """
    require(
        lines.endswith("\n"),
        InvalidNote,
        "Podpisy nie kończą się znakiem nowego wiersza.",
        "The signatures do not end in a newline.",
    )
    if lines.count("\n") > MAX_SIGNATURES:
        refuse(
            InvalidNote,
            f"Podpisów jest więcej niż {MAX_SIGNATURES}.",
            f"There are more than {MAX_SIGNATURES} signatures.",
        )
    return tuple(Signature.parse(line) for line in lines[:-1].split("\n"))


def open_note(data: bytes, known: Iterable[VerifierKey]) -> OpenNote:
    """Read a note and verify each signature of a known key.

    A key is known by its name and its key ID together; signatures of all other keys are kept and ignored. One bad
    signature of a known key refuses the whole note, for then somebody is at work.
    Source: C2SP signed-note, "Signatures".

    Raises:
        InvalidNote: when the bytes are no note.
        NotSigned: when no known key has signed, or the signature of one is not over this text.
        InvalidKey: when two different known keys have both the name and the key ID in common.
    """
    note, keys = Note.parse(data), _by_name(known)
    text = note.text.encode()
    signed, unknown = [], []
    for signature in note.signatures:
        key = keys.get((signature.name, signature.key_id))
        if key is None:
            unknown.append(signature)
            continue
        if not key.verifies(text, signature.signature):
            refuse(
                NotSigned,
                f"Podpis {key.name}, key ID {key.key_id.hex()}, nie jest podpisem tego tekstu.",
                f"The signature of {key.name}, key ID {key.key_id.hex()}, is not over this text.",
            )
        signed.append(Signed(key, signature))
    require(
        signed,
        NotSigned,
        "Noty nie podpisał żaden znany tu klucz.",
        "No key that is known here has signed the note.",
    )
    return OpenNote(note, tuple(signed), tuple(unknown))


def sign(text: str, signer: SignerKey) -> Signature:
    """Sign the text of a note with the key of a log.

    Raises:
        InvalidNote: when the text does not end in a newline or holds what no note may hold.
        InvalidKey: when the key is that of a witness.
    """
    _require_text(text)
    return Signature(signer.name, signer.verifier.key_id, signer.sign(text.encode()))


def cosign(text: str, signer: SignerKey, at_seconds: int) -> Signature:
    """Cosign the text of a checkpoint with the key of a witness, at a time in seconds since 1970-01-01 UTC.

    Raises:
        InvalidNote: when the text does not end in a newline or holds what no note may hold.
        InvalidKey: when the key is that of a log, or the time lies before 1970.
    """
    _require_text(text)
    return Signature(signer.name, signer.verifier.key_id, signer.cosign(text.encode(), at_seconds))


def _by_name(known: Iterable[VerifierKey]) -> dict[tuple[str, bytes], VerifierKey]:
    keys: dict[tuple[str, bytes], VerifierKey] = {}
    for key in known:
        if keys.setdefault((key.name, key.key_id), key) != key:
            refuse(
                InvalidKey,
                f"Dwa różne klucze {key.name} mają key ID {key.key_id.hex()}.",
                f"Two different keys of {key.name} have the key ID {key.key_id.hex()}.",
            )
    return keys


def _require_text(text: str) -> None:
    require(
        text.endswith("\n"),
        InvalidNote,
        "Tekst noty kończy się znakiem nowego wiersza, a ten nie.",
        "The text of a note ends in a newline, and this one does not.",
    )
    require(
        is_text(text),
        InvalidNote,
        "Tekst zawiera znak sterujący albo połowę pary zastępczej.",
        "The text holds a control character, or half of a surrogate pair.",
    )


def _require_size(size: int) -> None:
    if size > MAX_NOTE_BYTES:
        refuse(
            InvalidNote,
            f"Nota jest dłuższa niż {MAX_NOTE_BYTES} bajtów: ma ich {size}.",
            f"A note of {size} bytes is longer than {MAX_NOTE_BYTES}.",
        )
