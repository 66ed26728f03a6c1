"""Cosignatures: each must be its witness's over the very checkpoint that it stands beside, and none may be missing.

They are numbered without a gap, and the signer's folder remembers how many there were, and which.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from domain.transparency.errors import Invalid
from domain.transparency.keys import SignatureType, VerifierKey
from domain.transparency.note import Note, Signature
from projections.transparency.audit.finding import Finding, Key, Report
from projections.transparency.cosigned import Cosigned

if TYPE_CHECKING:
    from psycopg import Connection

COSIGNATURES: Final = "transparency.cosignatures"


def audit_cosignatures(connection: Connection, log_id: str, remembered: Cosigned, report: Report) -> None:
    """Verify every cosignature of a log, and that those that are remembered are there."""
    rows = _Rows(log_id, remembered, report)
    with connection.cursor(name="audited_cosignatures") as cursor:
        cursor.execute(
            "SELECT said.number, said.size, said.witness, said.line, published.note"
            " FROM transparency.cosignatures AS said"
            " LEFT JOIN transparency.checkpoints AS published USING (consortium_id, size)"
            " WHERE consortium_id = %s ORDER BY said.number",
            [log_id],
        )
        for number, size, witness, line, note in cursor:
            rows.take(number, size, witness, line, bytes(note or b""))
    rows.finish()


@dataclass(slots=True)
class _Rows:
    """Takes the rows of one log in the order of their numbers."""

    log_id: str
    remembered: Cosigned
    report: Report
    _last: int = 0
    _taken: Cosigned = field(default_factory=Cosigned)
    _agrees: bool = True
    """Whether the rows up to the one in hand are fit to be compared with what is remembered."""

    def take(self, number: int, size: int, witness: str, line: str, note: bytes) -> None:
        if number <= self._last:
            polish, english = f"numeru {number} nie może mieć", f"it cannot have the number {number}"
            self._say({"size": size, "witness": witness}, polish, english)
        self._miss(self._last + 1, number - 1)
        self._last = max(number, self._last)
        fault = _fault(witness, line, note)
        if fault is not None:
            polish, english = fault
            self._say({"size": size, "witness": witness}, f"to nie jest podpis tego świadka: {polish}", english)
        self._taken = self._taken.and_then(size, witness, line)
        if self._taken.count == self.remembered.count:
            self._compare()

    def finish(self) -> None:
        self._miss(self._last + 1, self.remembered.count)

    def _compare(self) -> None:
        """Where each is sound and none is missing, another may still have taken the place of one of them."""
        if self._agrees and self._taken != self.remembered:
            polish = "to nie te poświadczenia, które zapisano, albo nie w tej kolejności"
            english = "these are not the cosignatures that were stored, or not in their order"
            self._say({"first_number": 1, "last_number": self._last}, polish, english)

    def _miss(self, first: int, last: int) -> None:
        if first <= last:
            key = {"first_number": first, "last_number": last}
            self._say(key, "brak tych poświadczeń", "these cosignatures are missing")

    def _say(self, key: Key, polish: str, english: str) -> None:
        self._agrees = False
        self.report(Finding(COSIGNATURES, {"consortium_id": self.log_id, **key}, polish, english))


def _fault(witness: str, line: str, note: bytes) -> tuple[str, str] | None:
    """Say in Polish and English why a line is not what it is stored for; None when it is."""
    try:
        key, signature, text = VerifierKey.parse(witness), Signature.parse(line), Note.parse(note).text
    except Invalid as error:
        return error.say("pl"), error.say("en")
    named = (key.name, key.key_id) == (signature.name, signature.key_id)
    if named and key.kind is SignatureType.COSIGNATURE and key.verifies(text.encode(), signature.signature):
        return None
    return (
        f"tym wierszem {key.name} nie poświadcza zapisanego punktu kontrolnego",
        f"this line is not {key.name}'s over the checkpoint that is stored",
    )
