"""Why a log is not signed any more."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from domain.ledger.faults import BrokenEntry
from domain.transparency.errors import Invalid
from projections.transparency.memory import BrokenMemoryError
from projections.transparency.signing import BrokenFileError, BrokenSeedError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Alarm(Exception):  # noqa: N818 - it names what is to be done
    """Signing would deny what was signed before; nothing is signed until a person has looked."""

    def __init__(self, consortium_id: str, polish: str, english: str) -> None:
        super().__init__(f"{consortium_id}: {english}")
        self.consortium_id = consortium_id
        self.sentences = {"pl": polish, "en": english}


class MissingEntries(Alarm):
    """The database holds less than was signed."""

    def __init__(self, log_id: str, signed: int, stored: int) -> None:
        super().__init__(
            log_id,
            f"podpisano już {signed} wpisów, a w bazie jest {stored}: to starsza kopia zapasowa albo wpisy usunięto",
            f"{signed} entries were signed, the database has {stored}: an older backup was restored, or entries are"
            " gone",
        )


@contextmanager
def told_as_alarms(log_id: str) -> Iterator[None]:
    """Tell what is wrong with the history, the memory or the seeds of one log as its alarm.

    Raises:
        Alarm: in place of each of them.
    """
    try:
        yield
    except Invalid as error:
        raise _no_extension(log_id, error.say("pl"), error.say("en")) from error
    except BrokenEntry as error:
        raise _no_extension(log_id, str(error), str(error)) from error
    except BrokenMemoryError as error:
        polish, english = "pamięć podpisującego jest uszkodzona", "the signer's memory is broken"
        raise _of_file(log_id, polish, english, error) from error
    except BrokenSeedError as error:
        raise _of_file(log_id, "ziarno jest uszkodzone", "a seed is broken", error) from error


def _of_file(log_id: str, polish: str, english: str, error: BrokenFileError) -> Alarm:
    return Alarm(log_id, f"{polish}: {error.sentences['pl']}", f"{english}: {error.sentences['en']}")


def _no_extension(log_id: str, polish: str, english: str) -> Alarm:
    return Alarm(
        log_id,
        f"historia nie jest przedłużeniem podpisanej: {polish}",
        f"the history is not an extension of what was signed: {english}",
    )
