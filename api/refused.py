"""A refusal of the domain as a problem: the same code, the same sentence, and the place in what was sent."""

from __future__ import annotations

from datetime import date
from http import HTTPStatus
from typing import TYPE_CHECKING

from api.problems import Problem, ProblemKind
from domain.ledger.submission import StepRefused
from domain.reasons import Reason
from domain.refusals import REFUSALS, sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from domain.errors import Refusal
    from domain.refusals import Language


class Refused(Problem):
    """Ends a request with a refusal."""

    def __init__(self, refusal: Refusal, in_path: Collection[str] = ()) -> None:
        """Take the refusal, and the names of the fields that stand in the path: what they name is missing itself."""
        kind = REFUSALS[refusal.code]
        missing = refusal.code.startswith("unknown-") and (refusal.place or "").removeprefix("/data/") in in_path
        status = HTTPStatus.NOT_FOUND if missing or refusal.code == "unknown-consortium" else HTTPStatus(kind.status)
        super().__init__(ProblemKind(kind.code, status, kind.pl, kind.en))
        self._refusal = refusal

    def detail(self, language: Language) -> str:
        return sentence(self._refusal, language)

    def members(self, language: Language) -> Mapping[str, object]:
        fields = {name: _written(value, language) for name, value in self._refusal.fields.items()}
        place = self._refusal.place
        # The command's id stands in a header, to which no pointer leads.
        pointed = place is not None and not place.endswith("/command_id")
        errors = {"errors": [{"pointer": place, "detail": self.detail(language)}]} if pointed else {}
        step = {"step": self._refusal.step} if isinstance(self._refusal, StepRefused) else {}
        return {"fields": fields, **errors, **step}


def _written(value: object, language: Language) -> object:
    if isinstance(value, Reason):
        return value.say(language)
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool) else str(value)
