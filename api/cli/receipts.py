"""Waiting on the command line for the proof that what was just stored is in the published log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from api.cli.endings import Ending
from api.cli.opening import signing_of
from api.commands.asked import Writes
from api.receipts import ReceiptLate
from api.works import at_work

if TYPE_CHECKING:
    from api.cli.options import Options
    from domain.ledger.ledger import Ledger

WAIT_SECONDS: Final = 60
"""A history of a hundred thousand entries is integrated and signed in less."""


def awaited_receipt(ledger: Ledger, conninfo: str, options: Options, public_host: str, consortium_id: str) -> bytes:
    """Publish, if nobody else does, and return the proof file of the consortium's last entry.

    Raises:
        Ending: no checkpoint covers it in time, or the log is not signed any more.
    """
    version, signing = ledger.last_version(consortium_id), signing_of(options, public_host, conninfo)
    with at_work(ledger, conninfo, signing, Writes(), lambda _: None) as works:
        try:
            return works.receipts.receipt(consortium_id, version, WAIT_SECONDS)
        except ReceiptLate as late:
            alarm = works.keeper.alarms.get(consortium_id)
            why = {"pl": "", "en": ""} if alarm is None else alarm.sentences
            polish = f"Zapisano, ale punktu kontrolnego jeszcze nie ma; podaj to samo polecenie ponownie. {why['pl']}"
            english = f"Stored, but there is no checkpoint of it yet; give the same command again. {why['en']}"
            raise Ending(polish.rstrip(), english.rstrip()) from late
