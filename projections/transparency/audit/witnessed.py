"""Cosignatures: each must be its witness's over the very checkpoint that it stands beside.

One that was removed leaves no trace here, for it was somebody else's word. Whoever asks for a quorum (`verify
--policy`) misses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from domain.transparency.errors import Invalid
from domain.transparency.keys import SignatureType, VerifierKey
from domain.transparency.note import Note, Signature
from projections.transparency.audit.finding import Finding, Report

if TYPE_CHECKING:
    from psycopg import Connection

COSIGNATURES: Final = "transparency.cosignatures"


def audit_cosignatures(connection: Connection, log_id: str, report: Report) -> None:
    """Verify every cosignature of a log."""
    with connection.cursor(name="audited_cosignatures") as cursor:
        cursor.execute(
            "SELECT said.size, said.witness, said.line, published.note FROM transparency.cosignatures AS said"
            " LEFT JOIN transparency.checkpoints AS published USING (consortium_id, size)"
            " WHERE consortium_id = %s ORDER BY said.size, said.witness",
            [log_id],
        )
        for size, witness, line, note in cursor:
            fault = _fault(witness, line, bytes(note or b""))
            if fault is not None:
                key = {"consortium_id": log_id, "size": size, "witness": witness}
                report(Finding(COSIGNATURES, key, f"to nie jest podpis tego świadka: {fault}", fault))


def _fault(witness: str, line: str, note: bytes) -> str | None:
    try:
        key, signature, text = VerifierKey.parse(witness), Signature.parse(line), Note.parse(note).text
    except Invalid as error:
        return str(error)
    named = (key.name, key.key_id) == (signature.name, signature.key_id)
    if named and key.kind is SignatureType.COSIGNATURE and key.verifies(text.encode(), signature.signature):
        return None
    return f"this line is not {key.name}'s over the checkpoint that is stored"
