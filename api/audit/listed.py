"""The logs that a log of logs holds: whether each is still served, and no smaller than it was."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from api.audit.findings import MissingError, Wrong, refute, served_head
from api.audit.replay import LOG_OF_LOGS
from api.audit.wording import entries
from api.web import is_address
from domain.transparency.checkpoint import open_checkpoint
from domain.transparency.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from api.audit.sources import Source
    from domain.transparency.checkpoint import Checkpoint
    from domain.transparency.keys import VerifierKey


def deployment(log: str) -> str | None:
    """Return the address below which a deployment serves the logs of its log of logs; None for any other place."""
    address = log.rstrip("/")
    return address.removesuffix(LOG_OF_LOGS) if is_address(log) and address.endswith(LOG_OF_LOGS) else None


def served_sizes(
    source: Source, heads: Sequence[Checkpoint], keys: Collection[VerifierKey] = ()
) -> tuple[dict[str, int], list[Wrong]]:
    """Ask for the checkpoint of each log; return the sizes by their origins, and what is wrong with the others.

    One of `keys` must have signed the checkpoints of the logs that they belong to.

    Raises:
        UnreadableError: a checkpoint could not be had, though nobody says that there is none.
    """
    sizes, faults = {}, []
    for head, found in zip(heads, source.map(lambda head: _found(source, head, keys), heads), strict=True):
        if isinstance(found, Wrong):
            faults.append(found)
        else:
            sizes[head.origin] = found
    return sizes, faults


def _found(source: Source, head: Checkpoint, keys: Collection[VerifierKey]) -> int | Wrong:
    try:
        return _served_size(source, head, keys)
    except Wrong as wrong:
        return wrong


def _served_size(source: Source, head: Checkpoint, keys: Collection[VerifierKey]) -> int:
    # The log of logs was verified: each origin is `<host>/tlog/<consortium>`.
    path = f"tlog/{quote(head.origin.rpartition('/tlog/')[2], safe='')}/checkpoint"
    try:
        note = source.read(path)
    except MissingError as missing:
        listed = entries(head.size, "pl"), entries(head.size, "en")
        refute(
            f"{head.origin} nie jest już podawany, choć zapisano go tu ({listed[0]}): {missing.say('pl')}",
            f"{head.origin} is served no more, though it is listed here ({listed[1]}): {missing.say('en')}",
        )
    served = served_head(note, source.at(path))
    _require_extension(served, head, source.at(path))
    _require_signed(note, head.origin, [key for key in keys if key.name == head.origin])
    return served.size


def _require_extension(served: Checkpoint, head: Checkpoint, place: str) -> None:
    if served.origin != head.origin:
        refute(
            f"{place}: podawany jest {served.origin} zamiast {head.origin}",
            f"{place}: {served.origin} is served instead of {head.origin}",
        )
    if served.size < head.size:
        refute(
            f"{head.origin} zmalał: zapisano tu {entries(head.size, 'pl')}, a podawane jest {served.size}",
            f"{head.origin} shrank: {entries(head.size, 'en')} listed here, {served.size} served",
        )
    if served.size == head.size and served.root != head.root:
        refute(
            f"{head.origin}: podawane drzewo o rozmiarze {head.size} jest inne niż zapisane tu",
            f"{head.origin}: the tree that is served at size {head.size} is not the one listed here",
        )


def _require_signed(note: bytes, origin: str, keys: Collection[VerifierKey]) -> None:
    if not keys:
        return
    try:
        open_checkpoint(note, origin, keys)
    except Invalid as error:
        refute(
            f"podawanego punktu kontrolnego {origin} nie podpisano żadnym z podanych kluczy ({error.say('pl')})",
            f"the checkpoint of {origin} that is served is signed by none of the keys given ({error.say('en')})",
        )
