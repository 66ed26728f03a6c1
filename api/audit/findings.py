"""What an audit ends in: it holds, it is wrong, or it could not be read, which is neither."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn, Self

from domain.transparency.checkpoint import Checkpoint
from domain.transparency.errors import Invalid
from domain.transparency.note import Note

if TYPE_CHECKING:
    from domain.refusals import Language


class UnreadableError(Exception):
    """A file could not be had, or is not what it was given for; that is neither a pass nor a failure."""

    def __init__(self, place: str, polish: object, english: object = None) -> None:
        """Name the file by its address or path; a reason that is no sentence is the same in both languages."""
        self.place: Final = place
        self.reasons: Final = {"pl": str(polish), "en": str(english or polish)}
        super().__init__(self.say("en"))

    def say(self, language: Language) -> str:
        return f"{self.place}: {self.reasons[language]}"


class MissingError(UnreadableError):
    """The log says that it has no such file."""


class Wrong(Exception):  # noqa: N818 - a verdict on what was shown, not an error of the program
    """What was shown does not hold; both sentences say why."""

    def __init__(self, polish: str, english: str) -> None:
        super().__init__(english)
        self.sentences: Final = {"pl": polish, "en": english}

    def say(self, language: Language) -> str:
        return self.sentences[language]


def refute(polish: str, english: str) -> NoReturn:
    """Say that what was shown does not hold.

    Raises:
        Wrong: always.
    """
    raise Wrong(polish, english)


def read_head(note: bytes) -> Checkpoint:
    """Read what a note says, and believe nothing of it.

    Raises:
        Invalid: it is no checkpoint.
    """
    return Checkpoint.parse(Note.parse(note).text)


def served_head(note: bytes, place: str) -> Checkpoint:
    """Read what the checkpoint of a log says, and believe nothing of it.

    Raises:
        Wrong: it is none; the sentence names its place.
    """
    try:
        return read_head(note)
    except Invalid as error:
        raise Wrong(*no_checkpoint(place, error)) from error


def no_checkpoint(place: str, error: Invalid) -> tuple[str, str]:
    return f"{place}: to nie jest punkt kontrolny ({error.say('pl')})", f"{place}: no checkpoint ({error.say('en')})"


@dataclass(frozen=True, slots=True)
class Named:
    """An entry as people point at it; what cannot be read of it is None."""

    index: int
    """From 0; the version is one more."""
    event_id: str | None = None
    topic: str | None = None
    head: Checkpoint | None = None
    """In the log of logs: the checkpoint that the entry is."""
    versioned: bool = True
    """Whether it belongs to a history, where an entry is a version; the log of logs has none."""

    @classmethod
    def of(cls, index: int, stored: bytes) -> Self:
        """Name an entry by its bytes, whatever they are."""
        try:
            document = json.loads(stored)
        except (ValueError, RecursionError):
            return cls._of_leaf(index, stored)
        found = document if isinstance(document, dict) else {}
        texts = [one if isinstance(one, str) else None for one in (found.get("event_id"), found.get("name"))]
        return cls(index, texts[0], texts[1])

    @classmethod
    def _of_leaf(cls, index: int, stored: bytes) -> Self:
        try:
            return cls(index, head=read_head(stored), versioned=False)
        except Invalid:
            return cls(index)

    @property
    def version(self) -> int:
        return self.index + 1

    @property
    def identity(self) -> object:
        """What tells it from others wherever it stands; None when nothing does."""
        return self.event_id or (self.head and (self.head.origin, self.head.size))

    def document(self) -> dict[str, object]:
        if self.head is not None:
            return {"index": self.index, "origin": self.head.origin, "size": self.head.size}
        return {"index": self.index, "version": self.version, "event_id": self.event_id, "name": self.topic}

    def say(self, language: str) -> str:
        polish = language == "pl"
        event = "zdarzenie" if polish else "event"
        texts = [self.topic, self.event_id and f"{event} {self.event_id}"]
        if self.versioned:
            texts.insert(0, f"{'wersja' if polish else 'version'} {self.version}")
        if self.head is not None:
            texts += [self.head.origin, f"{'rozmiar' if polish else 'size'} {self.head.size}"]
        more = ", ".join(text for text in texts if text)
        return f"{'wpis' if polish else 'entry'} {self.index}" + (f" ({more})" if more else "")
