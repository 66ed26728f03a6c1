"""What a log and a witness say to each other, as bytes.

    old 20852014                                            the size that the witness cosigned last
    PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=            the consistency proof from there, a hash a line

    example.com/behind-the-sofa                             an empty line, and the checkpoint
    20852163
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE…

The answer is signature lines, or else, with status 409, the size that the witness has cosigned.

Source: C2SP tlog-witness, "add-checkpoint".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from domain.transparency.checkpoint import Checkpoint
from domain.transparency.encoding import MAX_INTEGER, parse_base64, parse_decimal, write_base64
from domain.transparency.errors import InvalidCheckpoint, InvalidNote, InvalidSubmission, NotSigned, refuse, require
from domain.transparency.note import Note, Signed, parse_signatures
from domain.transparency.tree import HASH_BYTES

if TYPE_CHECKING:
    from collections.abc import Collection

    from domain.transparency.keys import VerifierKey

PATH: Final = "add-checkpoint"
SIZE_TYPE: Final = "text/x.tlog.size"
"""Content type of the answer that says which size was cosigned last."""

MAX_HASHES: Final = 63


@dataclass(frozen=True, slots=True)
class AddCheckpoint:
    """A request to cosign, none of it verified.

    Raises:
        InvalidSubmission: for an old size beyond 2**63 - 1, more than 63 hashes, a hash that is not 32 bytes long, and
            a note that is no checkpoint.
    """

    old_size: int
    proof: tuple[bytes, ...]
    note: Note

    def __post_init__(self) -> None:
        if not 0 <= self.old_size <= MAX_INTEGER:
            refuse(
                InvalidSubmission,
                f"{self.old_size} nie jest liczbą liści.",
                f"{self.old_size} is no number of leaves.",
            )
        if len(self.proof) > MAX_HASHES:
            refuse(
                InvalidSubmission,
                f"Dowód ma za dużo skrótów: {len(self.proof)}, najwyżej {MAX_HASHES}.",
                f"The proof has {len(self.proof)} hashes, more than {MAX_HASHES}.",
            )
        require(
            all(len(one) == HASH_BYTES for one in self.proof),
            InvalidSubmission,
            "Skrót w dowodzie nie ma 32 bajtów.",
            "A hash of the proof is not 32 bytes long.",
        )
        try:
            Checkpoint.parse(self.note.text)
        except InvalidCheckpoint as error:
            raise InvalidSubmission(error.say("pl"), error.say("en")) from error

    @property
    def checkpoint(self) -> Checkpoint:
        return Checkpoint.parse(self.note.text)

    def write(self) -> bytes:
        lines = [f"old {self.old_size}", *map(write_base64, self.proof), ""]
        return "".join(f"{line}\n" for line in lines).encode() + self.note.write()

    @classmethod
    def parse(cls, data: bytes) -> AddCheckpoint:
        """Read the body of a request.

        Raises:
            InvalidSubmission: unless it is written exactly as `write` writes it.
        """
        head, parted, signed = data.partition(b"\n\n")
        require(
            parted,
            InvalidSubmission,
            "Zapytanie nie ma pustego wiersza przed punktem kontrolnym.",
            "The request has no empty line before its checkpoint.",
        )
        try:
            old, *hashes = head.decode("ascii").split("\n")
            note = Note.parse(signed)
        except UnicodeDecodeError:
            refuse(
                InvalidSubmission,
                "To, co stoi przed punktem kontrolnym, nie jest w ASCII.",
                "What stands before the checkpoint is not ASCII.",
            )
        except InvalidNote as error:
            raise InvalidSubmission(error.say("pl"), error.say("en")) from error
        size = parse_decimal(old.removeprefix("old "))
        if size is None or not old.startswith("old "):
            refuse(
                InvalidSubmission,
                f"{old[:100]!r} nie jest wierszem z dawnym rozmiarem.",
                f"{old[:100]!r} is no line with the old size.",
            )
        return cls(size, tuple(map(_parse_hash, hashes)), note)


def _parse_hash(line: str) -> bytes:
    found = parse_base64(line)
    if found is None:
        refuse(
            InvalidSubmission,
            f"{line[:100]!r} nie jest skrótem w base64.",
            f"{line[:100]!r} is no hash in base64.",
        )
    return found


def write_size(size: int) -> bytes:
    """Write the answer of a witness that has cosigned another size than the request takes for the old one."""
    return f"{size}\n".encode()


def parse_size(body: bytes) -> int:
    """Read that answer.

    Raises:
        InvalidSubmission: unless it is written exactly so.
    """
    text = body[:100].decode("ascii", "replace")
    size = parse_decimal(text.removesuffix("\n"))
    if size is None or not text.endswith("\n"):
        refuse(
            InvalidSubmission,
            f"{text!r} nie jest rozmiarem, który poświadczono.",
            f"{text!r} is no size that was cosigned.",
        )
    return size


def open_cosignatures(body: bytes, note: Note, witness_keys: Collection[VerifierKey]) -> tuple[Signed, ...]:
    """Read the signature lines of an answer, and verify those of the keys that are known; others are passed over.

    Source: C2SP tlog-witness, "add-checkpoint": the client must ignore cosignatures from unknown keys.

    Raises:
        InvalidNote: when they are no signature lines.
        NotSigned: when none is of a known key, or one is and is not over this checkpoint.
    """
    try:
        lines = body.decode()
    except UnicodeDecodeError:
        refuse(InvalidNote, "Podpisy nie są tekstem UTF-8.", "The signatures are not UTF-8.")
    known = {(key.name, key.key_id): key for key in witness_keys}
    signed = []
    for signature in parse_signatures(lines):
        key = known.get((signature.name, signature.key_id))
        if key is not None:
            if not key.verifies(note.text.encode(), signature.signature):
                refuse(
                    NotSigned,
                    f"Poświadczenie {key.name} nie dotyczy tego punktu kontrolnego.",
                    f"The cosignature of {key.name} is not over this checkpoint.",
                )
            signed.append(Signed(key, signature))
    require(
        signed,
        NotSigned,
        "Punktu kontrolnego nie poświadczył żaden znany tu świadek.",
        "No witness that is known here has cosigned the checkpoint.",
    )
    return tuple(signed)
