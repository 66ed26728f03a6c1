"""Proof files, `.tlog-proof`: that an entry is in a log, for whoever has the log's key, without asking anybody.

    c2sp.org/tlog-proof@v1
    index 1
    0Nc2CrefWKseHj/mStd+LqC8B+NrX0btIiPt2SmN+ek=

    example.com/log
    2
    T1X2GdkhUjV3iyufF9b0kVsWFxIU0VI4EpNml2Teci4=

    — example.com/log tmVcmF5XUFPZOV+Isfq3MEXAkCbxaKToqrL57URaBpoixfPeCetvBqAIkyOrwfh+jyeBdNifUZsZNCQiLf13Ev/lcAk=

A line `extra` with base64 may stand before the index; nobody vouches for it. The checkpoint is the
log's own bytes.

Source: C2SP tlog-proof, "Format" and "Verifying a tlog proof".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.checkpoint import Checkpoint
from domain.transparency.encoding import MAX_INTEGER, parse_base64, parse_decimal, write_base64
from domain.transparency.errors import InvalidCheckpoint, InvalidNote, InvalidProofFile, refuse, require
from domain.transparency.note import Note
from domain.transparency.proof import verify_inclusion
from domain.transparency.tree import HASH_BYTES, leaf_hash

if TYPE_CHECKING:
    from domain.transparency.checkpoint import OpenCheckpoint
    from domain.transparency.policy import Policy

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_HASHES: Final = 63
"""A tree of at most 2**63 - 1 leaves is 63 high."""


@dataclass(frozen=True, slots=True)
class ProofFile:
    """What a proof file says, none of it verified.

    Raises:
        InvalidProofFile: for an index beyond 2**63 - 1, more than 63 hashes, a hash that is not 32 bytes long, extra
            data of no bytes, and a note that is no checkpoint.
    """

    index: int
    hashes: tuple[bytes, ...]
    note: Note
    extra: bytes | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.index <= MAX_INTEGER:
            refuse(InvalidProofFile, f"{self.index} nie jest numerem wpisu.", f"{self.index} is no index of an entry.")
        if len(self.hashes) > MAX_HASHES:
            refuse(
                InvalidProofFile,
                f"Dowód ma za dużo skrótów: {len(self.hashes)}, najwyżej {MAX_HASHES}.",
                f"The proof has {len(self.hashes)} hashes, more than {MAX_HASHES}.",
            )
        require(
            all(len(one) == HASH_BYTES for one in self.hashes),
            InvalidProofFile,
            "Skrót w dowodzie nie ma 32 bajtów.",
            "A hash of the proof is not 32 bytes long.",
        )
        require(
            self.extra != b"",
            InvalidProofFile,
            "Jest wiersz na dodatkowe dane, a danych w nim nie ma.",
            "There is a line for extra data, and no extra data.",
        )
        try:
            Checkpoint.parse(self.note.text)
        except InvalidCheckpoint as error:
            raise InvalidProofFile(error.say("pl"), error.say("en")) from error

    def write(self) -> bytes:
        extra = [] if self.extra is None else [f"extra {write_base64(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(write_base64, self.hashes), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.note.write()

    @classmethod
    def parse(cls, data: bytes) -> ProofFile:
        """Read a proof file and verify nothing of it.

        Raises:
            InvalidProofFile: unless it is written exactly as `write` writes it.
        """
        head, parted, signed = data.partition(b"\n\n")
        require(
            parted,
            InvalidProofFile,
            "Plik nie ma pustego wiersza przed punktem kontrolnym.",
            "The file has no empty line before its checkpoint.",
        )
        try:
            lines = head.decode("ascii").split("\n")
        except UnicodeDecodeError:
            refuse(
                InvalidProofFile,
                "To, co stoi przed punktem kontrolnym, nie jest w ASCII.",
                "What stands before the checkpoint is not ASCII.",
            )
        require(
            lines.pop(0) == HEADER,
            InvalidProofFile,
            f"Plik nie zaczyna się wierszem {HEADER}.",
            f"The file does not begin with the line {HEADER}.",
        )
        extra = _parse_extra(lines.pop(0)) if lines and lines[0].startswith("extra") else None
        index = _parse_index(lines.pop(0) if lines else "")
        try:
            note = Note.parse(signed)
        except InvalidNote as error:
            raise InvalidProofFile(error.say("pl"), error.say("en")) from error
        return cls(index, tuple(map(_parse_hash, lines)), note, extra)

    def verify(self, entry: bytes, policy: Policy) -> OpenCheckpoint:
        """Verify that `entry` is in a log that the policy believes, under a checkpoint that satisfies it.

        Source: C2SP tlog-proof, "Verifying a tlog proof".

        Raises:
            NotSigned: when the log has not signed, or a signature of a known key is not over this checkpoint.
            InvalidCheckpoint: when none of the policy's logs has this origin.
            QuorumMissed: when too few of the policy's witnesses cosigned.
            InvalidProof: when the entry is not the one at this index of the tree.
        """
        opened = policy.open(self.note.write())
        checkpoint = opened.checkpoint
        verify_inclusion(self.index, checkpoint.size, leaf_hash(entry), self.hashes, checkpoint.root)
        return opened


def _parse_extra(line: str) -> bytes:
    extra = parse_base64(line.removeprefix("extra "))
    if extra is None or not line.startswith("extra "):
        refuse(
            InvalidProofFile,
            f"{line[:100]!r} nie jest wierszem dodatkowych danych.",
            f"{line[:100]!r} is no line of extra data.",
        )
    return extra


def _parse_index(line: str) -> int:
    index = parse_decimal(line.removeprefix("index "))
    if index is None or not line.startswith("index "):
        refuse(
            InvalidProofFile,
            f"{line[:100]!r} nie jest wierszem z numerem wpisu.",
            f"{line[:100]!r} is no line with the index of an entry.",
        )
    return index


def _parse_hash(line: str) -> bytes:
    found = parse_base64(line)
    if found is None:
        refuse(
            InvalidProofFile,
            f"{line[:100]!r} nie jest skrótem w base64.",
            f"{line[:100]!r} is no hash in base64.",
        )
    return found
