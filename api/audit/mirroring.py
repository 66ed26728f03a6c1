"""A mirror: a folder that grows with a log, never beyond what was verified, and never back.

    <folder>/checkpoint          the last that was verified; written last, so that what it covers is there
    <folder>/checkpoint.d/<size> every one that the log has published, by its size
    <folder>/checkpoints         their sizes, a line each
    <folder>/vkeys               the keys that signed
    <folder>/tile/…              tiles and entry bundles, as C2SP tlog-tiles places them
    <folder>/conflicts/<root>/   what was served and is no extension of the above: evidence, kept whole
    <folder>/.incoming/          what is being verified
    <folder>/.beginning          while the first of it is put in its place

Any file server that serves the folder serves the log. Source: C2SP tlog-tiles, "APIs".
"""

from __future__ import annotations

import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final, NoReturn

from api.audit.differences import compare
from api.audit.findings import MissingError, UnreadableError, Wrong, read_head, refute, served_head
from api.audit.key_chain import KeyChain
from api.audit.replay import entry_of, is_log_of_logs
from api.audit.sources import KEPT, FolderSource
from api.audit.verification import NOT_THE_ROOT
from api.audit.walk import Walk
from api.audit.wording import entries
from domain.transparency.bundle import bundles, new_bundles
from domain.transparency.errors import Invalid, InvalidTile, require
from domain.transparency.keys import VerifierKey
from domain.transparency.tile import WIDTH, level_tiles, new_tiles, tiles
from domain.transparency.tiled_tree import TiledTree
from domain.transparency.tree import Frontier, perfect_subtrees

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from api.audit.findings import Named
    from api.audit.sources import Source
    from api.audit.trust import Trust
    from domain.transparency.bundle import Bundle
    from domain.transparency.checkpoint import Checkpoint
    from domain.transparency.tile import Tile

INCOMING: Final = ".incoming"
CONFLICTS: Final = "conflicts"
BEGINNING: Final = ".beginning"
OF_MIRROR: Final = frozenset({"tile", KEPT, "checkpoints", "vkeys", CONFLICTS})
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

    def __init__(self, cause: Wrong | Invalid, evidence: Path, named: Named | None) -> None:
        polish, english = cause.say("pl").removesuffix("."), cause.say("en").removesuffix(".")
        if named is not None:
            polish += f"; pierwsza różnica: {named.say('pl')}"
            english += f"; first difference: {named.say('en')}"
        super().__init__(
            f"{polish}. Kopia zostaje, jak była; dowód jest w {evidence}",
            f"{english}. The mirror stays as it was; the evidence is in {evidence}",
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
        """Hold the folder, making it where there is none; one that is still empty at the end is removed again.

        Raises:
            UnreadableError: another process holds it, it holds something else, or it is a mirror without its
                checkpoint; nothing is written.
            OSError: it cannot be made.
        """
        made = [folder for folder in (self._folder, *self._folder.parents) if not folder.exists()]
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            self._lock(lock)
            self._undo_beginning()
            self._require_own()
            with self._staging():
                yield
        finally:
            for folder in made:
                with suppress(OSError):
                    folder.rmdir()
            os.close(lock)

    @contextmanager
    def _staging(self) -> Iterator[None]:
        # Left by one that was killed.
        shutil.rmtree(self._incoming, ignore_errors=True)
        try:
            yield
        finally:
            shutil.rmtree(self._incoming, ignore_errors=True)

    def _lock(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            polish = "pracuje w nim inny proces"
            raise UnreadableError(str(self._folder), polish, "another process is at work in it") from error

    def _undo_beginning(self) -> None:
        """Remove what a run that was killed put here before its first checkpoint, which holds the log to nothing."""
        if not (self._folder / BEGINNING).exists():
            return
        if not (self._folder / "checkpoint").exists():
            for name in ("tile", KEPT):
                shutil.rmtree(self._folder / name, ignore_errors=True)
            for name in ("checkpoints", "vkeys"):
                (self._folder / name).unlink(missing_ok=True)
        (self._folder / BEGINNING).unlink()

    def _require_own(self) -> None:
        """Require that nothing is here, or a mirror with its checkpoint: without it nothing holds the log to the rest.

        Raises:
            UnreadableError: it is neither.
        """
        names = {path.name for path in self._folder.iterdir()} - {INCOMING}
        if not names or "checkpoint" in names:
            return
        if names.isdisjoint(OF_MIRROR):
            raise UnreadableError(
                str(self._folder),
                "w folderze jest coś innego niż kopia dziennika; wskaż pusty albo nowy",
                "the folder holds something else than a mirror; name an empty or a new one",
            )
        self._refuse_damaged(
            "brak pliku checkpoint; przywróć ostatni z checkpoint.d albo zacznij w nowym folderze",
            "its file checkpoint is missing; put back the last of checkpoint.d, or begin in a new folder",
        )

    def _refuse_damaged(self, polish: str, english: str) -> NoReturn:
        told = f"kopia jest uszkodzona: {polish}", f"the mirror is damaged: {english}"
        raise UnreadableError(str(self._folder), *told)

    def update(
        self, source: Source, trust: Trust, advance: Callable[[int, int], None] = lambda _done, _size: None
    ) -> Mirrored:
        """Take in what the log has more, once all of it is verified.

        Raises:
            Conflict: it is no extension of what is here; what was served is kept beside it.
            Wrong: the log is not sound, and nothing was here before.
            Invalid: a file of the log is none, and nothing was here before.
            UnreadableError: a file could not be had, or the mirror is damaged; nothing has changed.
        """
        old = self._head()
        note = source.read("checkpoint")
        # What was believed the last time is what the log is held to.
        trust = trust.or_of_log(source) if old is None else self._believed_last(trust, old)
        try:
            return self._extend(source, note, old, trust, advance)
        except (Wrong, Invalid) as error:
            if old is None:
                raise
            raise self._conflict(source, note, error) from error

    def _extend(
        self, source: Source, note: bytes, old: Checkpoint | None, trust: Trust, advance: Callable[[int, int], None]
    ) -> Mirrored:
        head, before = served_head(note, source.at("checkpoint")), old.size if old else 0
        if old is not None:
            self._require_forward(old, head)
        trust.require_knows(head.origin)
        walk, keys = self._walk(source, old, head), KeyChain(source)
        published = [size for size in source.sizes() if before < size <= head.size]
        walk.wanted.update({before, *published})
        for index, stored in walk.entries(self._stage):
            advance(index + 1, head.size)
            if ROTATION in stored and not is_log_of_logs(head.origin):
                keys.see([entry_of(index, stored)], walk.wanted)
        root = walk.end(head.root, self._stage)
        if before and (root != head.root or walk.roots.get(before) != (old and old.root)):
            refute(
                f"to nie jest przedłużenie tego, co jest w kopii ({entries(before, 'pl')})",
                f"this does not extend the {entries(before, 'en')} of the mirror",
            )
        if root != head.root:
            refute(*NOT_THE_ROOT)
        trust, _ = keys.opened(trust, note, walk.roots)
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

    def _believed_last(self, trust: Trust, old: Checkpoint) -> Trust:
        """Hold the log to the key that signed the last time, unless another was given.

        Raises:
            Wrong: the keys given are of other logs.
            UnreadableError: the mirror's own list of keys is damaged.
        """
        if trust.keys:
            trust.require_knows(old.origin)
            return trust
        try:
            trust = trust.with_keys(VerifierKey.parse(vkey) for vkey in self._vkeys()[-1:])
        except Invalid as error:
            self._refuse_damaged(f"vkeys ({error.say('pl')})", f"vkeys ({error.say('en')})")
        if not trust.of(old.origin):
            self._refuse_damaged("w pliku vkeys nie ma klucza dziennika", "its file vkeys holds no key of the log")
        return trust

    def _require_forward(self, old: Checkpoint, head: Checkpoint) -> None:
        if head.origin != old.origin:
            refute(
                f"to dziennik {head.origin}, a w kopii {old.origin}",
                f"a log {head.origin}; the mirror is of {old.origin}",
            )
        if head.size < old.size:
            refute(
                f"podano {entries(head.size, 'pl')}, a w kopii jest już {old.size}",
                f"{entries(head.size, 'en')} {'is' if head.size == 1 else 'are'} served, and the mirror has {old.size}"
                " already",
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
            require(
                tree.root() == old.root,
                InvalidTile,
                "jej kafle nie dają jej punktu kontrolnego",
                "its tiles do not lead to its checkpoint",
            )
            frontier = Frontier(full, tree.read_nodes(perfect_subtrees(0, full)))
            below = [one for tile in level_tiles(1, 0, full) for one in tile.split(self._kept.place(tile))]
        except (Invalid, MissingError) as error:
            self._refuse_damaged(error.say("pl"), error.say("en"))
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
        beginning = self._folder / BEGINNING
        if not (self._folder / "checkpoint").exists():
            self._write(beginning, b"")
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
        beginning.unlink(missing_ok=True)
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
            return Conflict(error, evidence, None)
        with suppress(UnreadableError, Invalid):
            self._write(evidence / "vkeys", source.read("vkeys"))
            served: Iterator[Tile | Bundle] = chain(bundles(head.size), tiles(head.size))
            for place in served:
                self._write(evidence / place.path, source.place(place))
        with suppress(UnreadableError, Wrong, Invalid):
            found = compare(self._kept, FolderSource(evidence))
            # What was added at the end only differs from nothing.
            beyond = None if found.grown_only else found.first_beyond
            return Conflict(error, evidence, found.first_change.old if found.first_change else beyond)
        return Conflict(error, evidence, None)

    def _head(self) -> Checkpoint | None:
        try:
            return read_head(self._kept.read("checkpoint"))
        except MissingError:
            return None
        except Invalid as error:
            self._refuse_damaged(f"checkpoint ({error.say('pl')})", f"checkpoint ({error.say('en')})")

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
