"""A mirror: a folder that grows with a log, never beyond what was verified, and never back.

    <folder>/checkpoint          the last that was verified; written last, so that what it covers is there
    <folder>/checkpoint.d/<size> every one that the log has published, by its size
    <folder>/checkpoints         their sizes, a line each
    <folder>/vkeys               the keys that signed
    <folder>/tile/…              tiles and entry bundles, as C2SP tlog-tiles places them
    <folder>/conflicts/<root>/   what was served and is no extension of the above: evidence, kept whole
    <folder>/.incoming/          what is being verified

Any file server that serves the folder serves the log. Source: C2SP tlog-tiles, "APIs".
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from api.audit.differences import compare
from api.audit.findings import MissingError, UnreadableError, Wrong, refute
from api.audit.replay import entry_of, is_log_of_logs
from api.audit.sources import KEPT, FolderSource
from api.audit.verification import NOT_THE_ROOT, KeyChain, read_head
from api.audit.walk import Walk
from domain.transparency.bundle import bundles, new_bundles
from domain.transparency.errors import Invalid, InvalidTile, require
from domain.transparency.keys import VerifierKey
from domain.transparency.tile import WIDTH, level_tiles, new_tiles, tiles
from domain.transparency.tiled_tree import TiledTree
from domain.transparency.tree import Frontier, perfect_subtrees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.audit.sources import Source
    from api.audit.trust import Trust
    from domain.transparency.bundle import Bundle
    from domain.transparency.checkpoint import Checkpoint
    from domain.transparency.tile import Tile

INCOMING: Final = ".incoming"
CONFLICTS: Final = "conflicts"
ROTATION: Final = b'"name":"log.key-rotated.v1"'


@dataclass(frozen=True, slots=True)
class Mirrored:
    """What a mirror has now, and had before."""

    origin: str
    old_size: int
    size: int
    vkeys: tuple[str, ...]
    keys_from_log: bool


class Conflict(Wrong):
    """What is served is no extension of the mirror; both are kept."""

    def __init__(self, cause: Wrong | Invalid, evidence: Path, named: str | None, nazwany: str | None) -> None:
        polish = cause.sentences["pl"] if isinstance(cause, Wrong) else str(cause)
        where, gdzie = (
            f"; first difference: {named}" if named else "",
            f"; pierwsza różnica: {nazwany}" if nazwany else "",
        )
        super().__init__(
            f"{polish}{gdzie}. Kopia zostaje, jak była; dowód jest w {evidence}",
            f"{cause}{where}. The mirror stays as it was; the evidence is in {evidence}",
        )
        self.evidence: Final = evidence


class Mirror:
    """One log in a folder, used by one process at a time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept = FolderSource(folder)
        self._incoming = folder / INCOMING

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the folder, making it where there is none.

        Raises:
            UnreadableError: another process holds it.
            OSError: it cannot be made.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._lock(lock)
            # Left by one that was killed.
            shutil.rmtree(self._incoming, ignore_errors=True)
            try:
                yield
            finally:
                shutil.rmtree(self._incoming, ignore_errors=True)
        finally:
            os.close(lock)

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UnreadableError(str(self._folder), "another process is at work in it") from error

    def update(
        self, source: Source, trust: Trust, advance: Callable[[int, int], None] = lambda _done, _size: None
    ) -> Mirrored:
        """Take in what the log has more, once all of it is verified.

        Raises:
            Conflict: it is no extension of what is here; what was served is kept beside it.
            Wrong: the log is not sound, and nothing was here before.
            Invalid: a file of the log is none, and nothing was here before.
            UnreadableError: a file could not be had; nothing has changed.
        """
        note = source.read("checkpoint")
        old = self._head()
        # What was believed the last time is what the log is held to.
        trust = trust.or_of_log(source) if old is None else self._believed_last(trust)
        try:
            return self._extend(source, note, old, trust, advance)
        except (Wrong, Invalid) as error:
            if old is None:
                raise
            raise self._conflict(source, note, error) from error

    def _extend(
        self, source: Source, note: bytes, old: Checkpoint | None, trust: Trust, advance: Callable[[int, int], None]
    ) -> Mirrored:
        head, before = read_head(note), old.size if old else 0
        if old is not None:
            self._require_forward(old, head)
        walk, keys = self._walk(source, old, head), KeyChain(source)
        published = [size for size in source.sizes() if before < size <= head.size]
        walk.wanted.update({before, *published})
        for index, stored in walk.entries(self._stage):
            advance(index + 1, head.size)
            if ROTATION in stored and not is_log_of_logs(head.origin):
                keys.see([entry_of(index, stored)], walk.wanted)
        root = walk.end(self._stage)
        if before and (root != head.root or walk.roots.get(before) != (old and old.root)):
            refute(
                f"to nie jest przedłużenie {before} wpisów, które są w kopii",
                f"this does not extend the {before} entries of the mirror",
            )
        if root != head.root:
            refute(*NOT_THE_ROOT)
        trust = keys.followed(trust, walk.roots)
        keys.require_latest(trust.open(note))
        trust = keys.of_all_times(trust)
        self._take_checkpoints(source, published, trust, head.origin, walk)
        vkeys = tuple(dict.fromkeys((*self._vkeys(), *(key.write() for key in trust.of(head.origin)))))
        self._commit(note, head, before, vkeys)
        return Mirrored(head.origin, before, head.size, vkeys, trust.from_log)

    def _vkeys(self) -> list[str]:
        """Return the keys that signed so far, the present one last."""
        try:
            return self._kept.read("vkeys").decode("utf-8", "replace").split()
        except MissingError:
            return []

    def _believed_last(self, trust: Trust) -> Trust:
        """Hold the log to the key that signed the last time, unless another was given."""
        return trust if trust.keys else trust.with_keys(VerifierKey.parse(vkey) for vkey in self._vkeys()[-1:])

    def _require_forward(self, old: Checkpoint, head: Checkpoint) -> None:
        if head.origin != old.origin:
            refute(
                f"to dziennik {head.origin}, a w kopii {old.origin}",
                f"a log {head.origin}; the mirror is of {old.origin}",
            )
        if head.size < old.size:
            refute(
                f"podano {head.size} wpisów, a w kopii jest już {old.size}",
                f"{head.size} entries are served, and the mirror has {old.size} already",
            )

    def _walk(self, source: Source, old: Checkpoint | None, head: Checkpoint) -> Walk:
        """Begin at the last full bundle that is here, with the tree as it is here.

        Raises:
            UnreadableError: the files here are not those that were verified once.
        """
        if old is None:
            return Walk(source, head.size)
        full = old.size // WIDTH * WIDTH
        tree = TiledTree(old.size, self._kept)
        try:
            require(tree.root() == old.root, InvalidTile, "its tiles do not lead to its checkpoint")
            frontier = Frontier(full, tree.read_nodes(perfect_subtrees(0, full)))
            below = [one for tile in level_tiles(1, 0, full) for one in tile.split(self._kept.place(tile))]
        except (Invalid, MissingError) as error:
            raise UnreadableError(str(self._folder), f"the mirror is damaged: {error}") from error
        return Walk(source, head.size, frontier, below)

    def _take_checkpoints(self, source: Source, sizes: list[int], trust: Trust, origin: str, walk: Walk) -> None:
        """Stage every checkpoint published since, each of which must be a beginning of the log."""
        for size, note in zip(sizes, source.map(source.checkpoint, sizes), strict=True):
            found = trust.open_old(note, origin).checkpoint
            if (found.size, found.root) != (size, walk.roots.get(size)):
                refute(
                    f"checkpoint/{size} nie jest początkiem dziennika",
                    f"checkpoint/{size} is not a beginning of the log",
                )
            self._write(self._incoming / KEPT / str(size), note)

    def _stage(self, place: Tile | Bundle, data: bytes) -> None:
        self._write(self._incoming / place.path, data)

    def _commit(self, note: bytes, head: Checkpoint, before: int, vkeys: tuple[str, ...]) -> None:
        """Put what was verified in its place, the checkpoint last."""
        if not any((folder / KEPT / str(head.size)).exists() for folder in (self._incoming, self._folder)):
            self._write(self._incoming / KEPT / str(head.size), note)
        for file in sorted(path for path in self._incoming.rglob("*") if path.is_file()):
            place = self._folder / file.relative_to(self._incoming)
            place.parent.mkdir(parents=True, exist_ok=True)
            file.replace(place)
        sizes = sorted(int(path.name) for path in (self._folder / KEPT).iterdir() if path.name.isdecimal())
        self._replace("checkpoints", "".join(f"{size}\n" for size in sizes).encode())
        self._replace("vkeys", "".join(f"{vkey}\n" for vkey in vkeys).encode())
        self._replace("checkpoint", note)
        self._tidy(before, head.size)

    def _tidy(self, before: int, size: int) -> None:
        """Remove partial files whose full ones are here now. Source: C2SP tlog-tiles, "Partial Tiles"."""
        places: tuple[Tile | Bundle, ...] = (*new_tiles(before, size), *new_bundles(before, size))
        for place in places:
            if place.width == WIDTH:
                shutil.rmtree(self._folder / f"{place.path}.p", ignore_errors=True)

    def _conflict(self, source: Source, note: bytes, error: Wrong | Invalid) -> Conflict:
        """Keep all of what was served, as far as it can be had, and name the first entry that differs."""
        try:
            head: Checkpoint | None = read_head(note)
        except Invalid:
            head = None
        evidence = self._folder / CONFLICTS / (head.root.hex()[:16] if head else "no-checkpoint")
        self._write(evidence / "checkpoint", note)
        if head is None:
            return Conflict(error, evidence, None, None)
        with suppress(UnreadableError, Invalid):
            self._write(evidence / "vkeys", source.read("vkeys"))
            served: Iterator[Tile | Bundle] = chain(bundles(head.size), tiles(head.size))
            for place in served:
                self._write(evidence / place.path, source.place(place))
        with suppress(UnreadableError, Invalid):
            found = compare(self._kept, FolderSource(evidence))
            named = found.first_change.old if found.first_change else found.first_beyond
            if named is not None:
                return Conflict(error, evidence, named.say("en"), named.say("pl"))
        return Conflict(error, evidence, None, None)

    def _head(self) -> Checkpoint | None:
        try:
            return read_head(self._kept.read("checkpoint"))
        except MissingError:
            return None

    def _replace(self, name: str, data: bytes) -> None:
        new = self._incoming / name
        self._write(new, data)
        new.replace(self._folder / name)

    def _write(self, file: Path, data: bytes) -> None:
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
