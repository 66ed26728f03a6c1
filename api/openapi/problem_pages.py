"""What every `type` of a problem leads to: a page that says what its code means, in both languages.

GET /problems             all codes
GET /problems/{code}      one of them
"""

from __future__ import annotations

from html import escape
from http import HTTPStatus
from typing import Final, NamedTuple

from fastapi import Request  # noqa: TC002 - the framework looks at the annotation
from fastapi.responses import HTMLResponse

from api.openapi.page import frame
from api.openapi.parts import KINDS
from api.problems import NOT_FOUND, Problem
from api.tlog.answers import FRESH
from domain.refusals import REFUSALS

MISSING: Final = (
    "Gdy to, czego brakuje, stoi w adresie: 404.",
    "Where what is missing stands in the address: 404.",
)
AGAIN: Final = ("Można zapytać ponownie (Retry-After).", "It can be asked again (Retry-After).")


class Meaning(NamedTuple):
    """What a code says."""

    status: int
    polish: str
    english: str
    refusal: bool


def meanings() -> dict[str, Meaning]:
    """Return every code: problems of the interface, then refusals of commands in order of precedence."""
    problems = {code: Meaning(kind.status.value, kind.pl, kind.en, refusal=False) for code, kind in KINDS.items()}
    refusals = {code: Meaning(kind.status, kind.pl, kind.en, refusal=True) for code, kind in REFUSALS.items()}
    return problems | refusals


def problem_list() -> HTMLResponse:
    """List every code."""
    return _answer("Problemy / Problems", f"<table>{''.join(map(_row, meanings()))}</table>")


def problem_page(request: Request) -> HTMLResponse:
    """Say what one code means.

    Raises:
        Problem: `not-found`.
    """
    code = request.path_params["code"]
    meaning = meanings().get(code)
    if meaning is None:
        raise Problem(NOT_FOUND)
    kind = ("odmowa polecenia", "refusal of a command") if meaning.refusal else ("problem zapytania", "problem")
    body = (
        f"<p><b>{meaning.status}</b> {escape(HTTPStatus(meaning.status).phrase)} · {kind[0]} / {kind[1]}</p>"
        f'<p lang="pl">{escape(meaning.polish)}</p><p lang="en">{escape(meaning.english)}</p>{_notes(code, meaning)}'
        '<p><a href="/problems">wszystkie / all</a> · <a href="/docs">API</a></p>'
    )
    return _answer(code, body)


def _notes(code: str, meaning: Meaning) -> str:
    notes = [MISSING] if meaning.refusal and code.startswith("unknown-") else []
    notes += [AGAIN] if code in KINDS and "Retry-After" in KINDS[code].headers else []
    return "".join(f'<p lang="pl">{polish}</p><p lang="en">{english}</p>' for polish, english in notes)


def _row(code: str) -> str:
    meaning = meanings()[code]
    told = f'<span lang="pl">{escape(meaning.polish)}</span><br><span lang="en">{escape(meaning.english)}</span>'
    return f'<tr><td>{meaning.status}</td><th><a href="/problems/{code}">{code}</a></th><td>{told}</td></tr>'


def _answer(title: str, body: str) -> HTMLResponse:
    return HTMLResponse(frame(title, body), headers={"Cache-Control": FRESH})
