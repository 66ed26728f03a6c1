"""Every kind of fact as a sentence, and what may follow it: the resolution on which the entry rests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from projections.audit_trail.sentences_board import BOARD
from projections.audit_trail.sentences_support import SUPPORT
from projections.audit_trail.sentences_votes import VOTES
from projections.audit_trail.sentences_work import WORK
from projections.audit_trail.wording import Reader, Sentence, filled

if TYPE_CHECKING:
    from domain.consortium import Consortium
    from domain.decider import Entry, Fact
    from projections.audit_trail.wording import Language

SENTENCES: Final[dict[type[Fact], Sentence]] = BOARD | VOTES | WORK | SUPPORT
RESTING: Final = Sentence(" Na podstawie uchwały {under:resolution}.", " Under resolution {under:resolution}.")


def sentence(entry: Entry, after: Consortium, language: Language) -> str:
    """Say what an entry says, given the consortium after it."""
    reader = Reader(after, language)
    said = filled(SENTENCES[type(entry.fact)], entry, reader)
    return said + filled(RESTING, entry, reader) if entry.under else said
