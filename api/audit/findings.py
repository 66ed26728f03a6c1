"""What an audit ends in: it holds, it is wrong, or it could not be read, which is neither."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final, NoReturn, Self


class UnreadableError(Exception):
    """A file of the log could not be had; that is neither a pass nor a failure."""

    def __init__(self, path: str, reason: object) -> None:
        super().__init__(f"{path}: {reason}")


class MissingError(UnreadableError):
    """The log says that it has no such file."""


class Wrong(Exception):  # noqa: N818 - a verdict on what was shown, not an error of the program
    """What was shown does not hold; both sentences say why."""

    def __init__(self, polish: str, english: str) -> None:
        super().__init__(english)
        self.sentences: Final = {"pl": polish, "en": english}


def refute(polish: str, english: str) -> NoReturn:
    """Say that what was shown does not hold.

    Raises:
        Wrong: always.
    """
    raise Wrong(polish, english)


@dataclass(frozen=True, slots=True)
class Named:
    """An entry as people point at it; what cannot be read of it is None."""

    index: int
    """From 0; the version is one more."""
    event_id: str | None
    topic: str | None

    @classmethod
    def of(cls, index: int, stored: bytes) -> Self:
        """Name an entry by its bytes, whatever they are."""
        try:
            document = json.loads(stored)
        except (ValueError, RecursionError):
            document = None
        found = document if isinstance(document, dict) else {}
        texts = [one if isinstance(one, str) else None for one in (found.get("event_id"), found.get("name"))]
        return cls(index, texts[0], texts[1])

    @property
    def version(self) -> int:
        return self.index + 1

    def document(self) -> dict[str, object]:
        return {"index": self.index, "version": self.version, "event_id": self.event_id, "name": self.topic}

    def say(self, language: str) -> str:
        entry, version, event = ("wpis", "wersja", "zdarzenie") if language == "pl" else ("entry", "version", "event")
        more = "".join(f", {text}" for text in (self.topic, self.event_id and f"{event} {self.event_id}") if text)
        return f"{entry} {self.index} ({version} {self.version}{more})"
