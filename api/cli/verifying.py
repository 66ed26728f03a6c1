"""`verify`: prove, without our database, that a log is whole, grew only at its end, and keeps every rule.

It reads the files of C2SP tlog-tiles from an address or a folder: checkpoint, every tile, every entry. The root hash is
computed again from the entries, an older checkpoint must be its beginning, and the replayed history must keep every
invariant. Exit status: 0 it holds, 1 it does not, 2 wrong usage, 3 it could not be read, which is no pass.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import click

from api.cli.endings import FAULT, REFUSED, print_json
from api.cli.language import told
from api.cli.options import gather, shared_options
from domain.errors import Refusal
from domain.invariants import violations
from domain.ledger.entry import read_entry
from domain.ledger.faults import BrokenEntry
from domain.requests import read_json
from domain.transparency.bundle import bundles
from domain.transparency.checkpoint import Checkpoint, open_checkpoint
from domain.transparency.errors import Invalid
from domain.transparency.keys import VerifierKey
from domain.transparency.note import Note
from domain.transparency.proof import prove_consistency, verify_growth
from domain.transparency.tiled_tree import TiledTree, verify_tiles
from domain.transparency.tree import leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from domain.decider import Entry
    from domain.transparency.tile import Tile

TIMEOUT_SECONDS: Final = 30


class UnreadableError(Exception):
    """A file of the log could not be had; that is neither a pass nor a failure."""

    def __init__(self, path: str, reason: object) -> None:
        super().__init__(f"{path}: {reason}")


class Source(Protocol):
    """Where the files of a log come from."""

    def read(self, path: str) -> bytes:
        """Return a file by its path within the log."""
        ...


@dataclass(frozen=True, slots=True)
class FolderSource:
    """A folder with the files of a log."""

    folder: Path

    def read(self, path: str) -> bytes:
        try:
            return (self.folder / path).read_bytes()
        except OSError as error:
            raise UnreadableError(path, error.strerror) from error


@dataclass(frozen=True, slots=True)
class WebSource:
    """An address under which a log is served."""

    address: str

    def read(self, path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{self.address.rstrip('/')}/{path}", timeout=TIMEOUT_SECONDS) as answer:  # noqa: S310 - the address is http or https, see `_source`
                body: bytes = answer.read()
                return body
        except (OSError, urllib.error.URLError) as error:
            raise UnreadableError(path, error) from error


@dataclass(frozen=True, slots=True)
class SourceTiles:
    """The tiles of a source, for whoever verifies them."""

    source: Source

    def read_tiles(self, tiles: Sequence[Tile], /) -> list[bytes]:
        return [self.source.read(tile.path) for tile in tiles]


@click.command(
    short_help=told("Sprawdź dziennik przejrzystości.", "Verify a transparency log."),
    help=told(
        "Sprawdź dziennik pod adresem albo w folderze: podpis, wszystkie skróty i wpisy, ciągłość od starszego punktu"
        " kontrolnego i wszystkie niezmienniki odtworzonej historii.",
        "Verify a log at an address or in a folder: signature, every hash and entry, growth from an older checkpoint,"
        " and every invariant of the replayed history.",
    ),
)
@click.argument("log")
@click.option(
    "--vkey", help=told("Klucz dziennika; domyślnie plik vkeys.", "The log's key; the file vkeys if not given.")
)
@click.option(
    "--old",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help=told("Wcześniej zachowany punkt kontrolny.", "A checkpoint that was kept earlier."),
)
@shared_options
@click.pass_context
def verify(context: click.Context, /, log: str, vkey: str | None, old: Path | None, **shared: Any) -> None:  # noqa: ANN401 - click hands the shared options over by name
    """Verify and end with 0, 1 or 3."""
    options = gather(context, **shared)
    try:
        found = verified(_source(log), vkey, old)
    except UnreadableError as error:
        _say({"holds": None, "reason": str(error)}, as_json=options.as_json)
        sys.exit(REFUSED)
    except (Invalid, BrokenEntry, Refusal) as error:
        _say({"holds": False, "reason": str(error)}, as_json=options.as_json)
        sys.exit(FAULT)
    _say({"holds": True, **found}, as_json=options.as_json)


def verified(source: Source, vkey: str | None, old: Path | None) -> dict[str, Any]:
    """Verify everything and return what was verified.

    Raises:
        Invalid: something is not exactly right.
        BrokenEntry: an entry is none, or breaks a rule.
        UnreadableError: a file could not be had.
    """
    note = source.read("checkpoint")
    origin = Checkpoint.parse(Note.parse(note).text).origin
    keys = [VerifierKey.parse(line) for line in (vkey or source.read("vkeys").decode()).split()]
    checkpoint = open_checkpoint(note, origin, keys).checkpoint
    verify_tiles(checkpoint.size, checkpoint.root, SourceTiles(source))
    entries = list(_entries(source, checkpoint.size))
    if old is not None:
        _verify_old(source, old.read_bytes(), checkpoint, keys)
    consortium_id = origin.rsplit("/", 1)[-1]
    broken = next(violations(consortium_id, entries), None)
    if broken is not None:
        place = f"{consortium_id}@{broken.version}"
        raise BrokenEntry(place, f"{broken.rule}: {broken.detail}")
    return {"origin": origin, "size": checkpoint.size, "root": checkpoint.root.hex(), "old_checked": old is not None}


def _entries(source: Source, size: int) -> Iterator[Entry]:
    """Read every entry and check that it hashes to the leaf at its place."""
    for bundle in bundles(size):
        leaves = bundle.tile.split(source.read(bundle.tile.path))
        for number, (entry, leaf) in enumerate(zip(bundle.split(source.read(bundle.path)), leaves, strict=True)):
            place = f"entry {bundle.index * 256 + number}"
            if leaf_hash(entry) != leaf:
                raise BrokenEntry(place, "its bytes are not those of its leaf")
            document = read_json(entry)
            yield read_entry(str(document.get("name")) if isinstance(document, dict) else "", entry)


def _verify_old(source: Source, note: bytes, new: Checkpoint, keys: list[VerifierKey]) -> None:
    """Check that an older checkpoint of the same log is the beginning of the new one."""
    old = open_checkpoint(note, new.origin, keys).checkpoint
    if old.size > new.size:
        told_of = f"size {new.size}"
        raise BrokenEntry(told_of, f"the log was larger before: {old.size}")
    tree = TiledTree(new.size, SourceTiles(source))
    proof = prove_consistency(old.size, new.size, tree) if old.size else ()
    verify_growth(old.size, new.size, old.root, new.root, proof)


def _source(log: str) -> Source:
    return WebSource(log) if log.startswith(("http://", "https://")) else FolderSource(Path(log))


def _say(answer: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(answer)
    elif answer["holds"]:
        size, origin = answer["size"], answer["origin"]
        click.echo(told(f"Zgadza się: {origin}, wpisów {size}.", f"It holds: {origin}, {size} entries."))
    elif answer["holds"] is None:
        click.echo(told(f"Nie można odczytać: {answer['reason']}", f"Could not be read: {answer['reason']}"), err=True)
    else:
        click.echo(told(f"NIE zgadza się: {answer['reason']}", f"It does NOT hold: {answer['reason']}"), err=True)
