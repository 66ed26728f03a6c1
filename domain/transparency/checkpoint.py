"""Checkpoints: what a log signs of itself at one size.

    example.com/behind-the-sofa
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

The lines are the origin, which names the log for ever, the number of leaves, and the root hash. More lines may follow;
nothing here gives them a meaning.

Source: C2SP tlog-checkpoint, "Note text".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.encoding import MAX_INTEGER, is_line, parse_base64, parse_decimal, write_base64
from domain.transparency.errors import InvalidCheckpoint, NotSigned, refuse, require
from domain.transparency.note import Note, cosign, open_note, sign
from domain.transparency.tree import EMPTY_ROOT, HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Collection

    from domain.transparency.keys import SignerKey, VerifierKey
    from domain.transparency.note import OpenNote, Signature, Signed

MAX_ORIGIN_BYTES: Final = 255
"""Source: C2SP tlog-cosignature, "ML-DSA-44 signed message": opaque log_origin<1..2^8-1>."""

LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A tree head: the log's origin, its number of leaves, and the root hash over them.

    Raises:
        InvalidCheckpoint: for an origin that is no line or longer than 255 bytes, a size beyond 2**63 - 1, a root that
            is not 32 bytes long or, without leaves, not that of the empty tree, and for an extension that is no line.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not is_line(self.origin) or len(self.origin.encode()) > MAX_ORIGIN_BYTES:
            told = self.origin[:100]
            refuse(
                InvalidCheckpoint,
                f"{told!r} nie może być nazwą dziennika (origin).",
                f"{told!r} cannot be the origin of a log.",
            )
        if not 0 <= self.size <= MAX_INTEGER:
            refuse(InvalidCheckpoint, f"{self.size} nie jest liczbą liści.", f"{self.size} is no number of leaves.")
        require(
            len(self.root) == HASH_BYTES,
            InvalidCheckpoint,
            "Skrót drzewa nie ma 32 bajtów.",
            "The root hash is not 32 bytes long.",
        )
        # RFC 6962, section 2.1: there is but one tree without leaves.
        require(
            self.size or self.root == EMPTY_ROOT,
            InvalidCheckpoint,
            "Skrót drzewa nie jest skrótem drzewa bez liści.",
            "The root hash is not that of no leaves.",
        )
        require(
            all(is_line(extension) for extension in self.extensions),
            InvalidCheckpoint,
            "Rozszerzenie jest puste, dłuższe niż wiersz albo zawiera znak sterujący.",
            "An extension is empty, more than a line, or holds a control character.",
        )

    def write(self) -> str:
        lines = (self.origin, str(self.size), write_base64(self.root), *self.extensions)
        return "".join(f"{line}\n" for line in lines)

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note, which must have been verified, as a tree head.

        Raises:
            InvalidCheckpoint: unless it is written exactly as `write` writes it.
        """
        require(
            text.endswith("\n"),
            InvalidCheckpoint,
            "Punkt kontrolny nie kończy się znakiem nowego wiersza.",
            "The checkpoint does not end in a newline.",
        )
        lines = text[:-1].split("\n")
        if len(lines) < LINES:
            refuse(
                InvalidCheckpoint,
                f"Punkt kontrolny ma co najmniej trzy wiersze, a nie {len(lines)}.",
                f"A checkpoint has three lines or more, and not {len(lines)}.",
            )
        size, root = parse_decimal(lines[1]), parse_base64(lines[2])
        if size is None:
            refuse(
                InvalidCheckpoint,
                f"{lines[1][:100]!r} nie jest liczbą liści.",
                f"{lines[1][:100]!r} is no number of leaves.",
            )
        if root is None:
            refuse(
                InvalidCheckpoint,
                f"{lines[2][:100]!r} nie jest skrótem drzewa w base64.",
                f"{lines[2][:100]!r} is no root hash in base64.",
            )
        return cls(lines[0], size, root, tuple(lines[LINES:]))


@dataclass(frozen=True, slots=True)
class OpenCheckpoint:
    """A checkpoint that its log has signed, with everything that was verified of its note."""

    checkpoint: Checkpoint
    opened: OpenNote

    @property
    def signed(self) -> tuple[Signed, ...]:
        return self.opened.signed


def sign_checkpoint(checkpoint: Checkpoint, *signers: SignerKey) -> Note:
    """Sign a checkpoint with each of the log's keys: while one is replaced by another, with both.

    A log signs no checkpoint that contradicts one it signed before. Whoever calls this has made sure of it.

    Raises:
        InvalidKey: when a key is that of a witness.
        InvalidNote: without keys, or with one of them twice.
    """
    text = checkpoint.write()
    return Note(text, tuple(sign(text, signer) for signer in signers))


def cosign_checkpoint(note: Note, signer: SignerKey, at_seconds: int) -> Signature:
    """Cosign a checkpoint as a witness, at a time in seconds since 1970-01-01 UTC.

    A witness verifies the log's signature and the growth since the last checkpoint first. Whoever calls this has.

    Raises:
        InvalidCheckpoint: when the note is no checkpoint.
        InvalidKey: when the key is that of a log, or the time lies before 1970.
    """
    return cosign(Checkpoint.parse(note.text).write(), signer, at_seconds)


def open_checkpoint(
    data: bytes, origin: str, log_keys: Collection[VerifierKey], witness_keys: Collection[VerifierKey] = ()
) -> OpenCheckpoint:
    """Read a checkpoint of one log, signed by one of the log's keys at least.

    Cosignatures of the witnesses are verified where they are there; how many must be is a matter of `Policy`.

    Raises:
        InvalidNote: when the bytes are no note.
        NotSigned: when none of the log's keys has signed, or a signature of a known key is not over this text.
        InvalidCheckpoint: when the note is no checkpoint, or one of another log.
        InvalidKey: when two different known keys have both the name and the key ID in common.
    """
    opened = open_note(data, (*log_keys, *witness_keys))
    checkpoint = Checkpoint.parse(opened.text)
    if checkpoint.origin != origin:
        refuse(
            InvalidCheckpoint,
            f"To punkt kontrolny dziennika {checkpoint.origin[:100]!r}, a nie {origin!r}.",
            f"This is a checkpoint of {checkpoint.origin[:100]!r}, not of {origin!r}.",
        )
    if not any(signed.key in log_keys for signed in opened.signed):
        refuse(
            NotSigned,
            f"Punkt kontrolny podpisali świadkowie, a sam dziennik {origin} nie.",
            f"Witnesses signed the checkpoint, and {origin} itself did not.",
        )
    return OpenCheckpoint(checkpoint, opened)
