"""What goes wrong over HTTP, as `application/problem+json`, in the language that was asked for.

Every problem has a stable `code`, which also ends its `type`; `detail` is for people and may change. Polish is told
unless `Accept-Language` prefers English. A problem is never stored by a cache: what is missing now may be there soon.

Source: RFC 9457; RFC 9110, section 12.5.4.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final

from fastapi.responses import Response
from psycopg.errors import QueryCanceled
from starlette.exceptions import HTTPException
from starlette.routing import Match

from api.logs import request_id
from api.snapshots import QUERY_SECONDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI, Request

    from domain.refusals import Language

MEDIA_TYPE: Final = "application/problem+json"
METHODS: Final = ("GET", "HEAD", "POST")
"""Every method that some address has."""

RETRY_SECONDS: Final = 2
"""After which a client may ask again for what was not available."""

_RANGE: Final = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)\s*)?"
)


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A code, its status, and what it says; braces name the fields that a problem of this kind carries."""

    code: str
    status: HTTPStatus
    pl: str
    en: str
    headers: Mapping[str, str] = field(default_factory=dict)


_SOON: Final = {"Retry-After": str(RETRY_SECONDS)}

NOT_FOUND: Final = ProblemKind(
    "not-found", HTTPStatus.NOT_FOUND, "Pod tym adresem nic nie ma.", "There is nothing at this address."
)
METHOD_NOT_ALLOWED: Final = ProblemKind(
    "method-not-allowed",
    HTTPStatus.METHOD_NOT_ALLOWED,
    "Pod tym adresem nie wolno użyć metody {method}.",
    "The method {method} may not be used at this address.",
)
MALFORMED_PARAMETER: Final = ProblemKind(
    "malformed-parameter",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Parametr „{parameter}” musi być podany raz, jako liczba całkowita od {least} do {most}.",
    "The parameter “{parameter}” must be given once, as a whole number from {least} to {most}.",
)
MALFORMED_VALUE: Final = ProblemKind(
    "malformed-value",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Parametr „{parameter}” musi być podany najwyżej raz, i mieć postać: {form}.",
    "The parameter “{parameter}” must be given once at most, and written as: {form}.",
)
UNKNOWN_PARAMETER: Final = ProblemKind(
    "unknown-parameter",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Tu nie ma parametru „{parameter}”.",
    "There is no parameter “{parameter}” here.",
)
NOT_YET: Final = ProblemKind(
    "not-yet",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Chwila w parametrze „{parameter}” jeszcze nie nastąpiła, więc nie wiadomo, co będzie wtedy wiadome.",
    "The instant of the parameter “{parameter}” is still to come, so nobody knows what will be known then.",
)
NOT_KNOWN_YET: Final = ProblemKind(
    "not-known-yet",
    HTTPStatus.NOT_FOUND,
    "Wtedy nic jeszcze nie było wiadome; zapisano wersje od 1 do {head}.",
    "Nothing was known then; the versions recorded are 1 to {head}.",
)
UNKNOWN_VALUE: Final = ProblemKind(
    "unknown-value",
    HTTPStatus.NOT_FOUND,
    "Nigdy nie było tu „{value}” w kolumnie „{parameter}”.",
    "There never was “{value}” in the column “{parameter}” here.",
)
TOO_DIFFERENT: Final = ProblemKind(
    "too-different",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "W tabeli „{table}” różni się więcej niż {limit} wierszy; wskaż bliższe punkty.",
    "More than {limit} rows of the table “{table}” differ; name points that are closer.",
)
TOO_MANY_ROWS: Final = ProblemKind(
    "too-many-rows",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Odpowiedź ma więcej niż {limit} wierszy naraz; zawęź pytanie albo pytaj stronami (limit, cursor).",
    "The answer has more than {limit} rows at once; narrow the question, or ask by pages (limit, cursor).",
)
PARAMETER_MISSING: Final = ProblemKind(
    "parameter-missing",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Brakuje parametru: {parameters}.",
    "A parameter is missing: {parameters}.",
)
NOT_CAUGHT_UP: Final = ProblemKind(
    "not-caught-up",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Odpowiedzi obejmują na razie wersję {head}, a zażądano {at_least}; zapytaj ponownie.",
    "Answers cover version {head} so far, and {at_least} was asked for; ask again.",
    _SOON,
)
PARAMETERS_CLASH: Final = ProblemKind(
    "parameters-clash",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Parametrów „{parameter}” i „{other}” nie można podać razem.",
    "The parameters “{parameter}” and “{other}” may not be given together.",
)
BEYOND_PUBLISHED: Final = ProblemKind(
    "beyond-published",
    HTTPStatus.NOT_FOUND,
    "Dziennik opublikował {published} wpisów; o tym, co dalej, nic jeszcze nie mówi.",
    "The log has published {published} entries and says nothing yet of what comes after.",
)
MALFORMED_HEADER: Final = ProblemKind(
    "malformed-header",
    HTTPStatus.UNPROCESSABLE_ENTITY,
    "Nagłówek {header} ma postać na przykład: {form}.",
    "The header {header} is written for example: {form}.",
)
KEY_MISSING: Final = ProblemKind(
    "idempotency-key-missing",
    HTTPStatus.BAD_REQUEST,
    "Polecenie wymaga nagłówka Idempotency-Key: identyfikatora, pod którym można je bezpiecznie powtórzyć.",
    "A command needs the header Idempotency-Key: the id under which it can safely be given again.",
)
KEY_MALFORMED: Final = ProblemKind(
    "idempotency-key-malformed",
    HTTPStatus.BAD_REQUEST,
    "Idempotency-Key to od 1 do 255 widocznych znaków ASCII, najlepiej UUID.",
    "An Idempotency-Key is 1 to 255 visible ASCII characters, best a UUID.",
)
KEY_IN_PROGRESS: Final = ProblemKind(
    "idempotency-key-in-progress",
    HTTPStatus.CONFLICT,
    "Polecenie o tym kluczu jest właśnie wykonywane; zapytaj ponownie.",
    "The command of this key is being carried out; ask again.",
    _SOON,
)
VERSION_REQUIRED: Final = ProblemKind(
    "precondition-required",
    HTTPStatus.PRECONDITION_REQUIRED,
    "Tu polecenie wymaga nagłówka If-Match z wersją, na podstawie której je wydano.",
    "Here a command needs the header If-Match with the version on which it was made up.",
)
WRITES_NEED_ACCOUNTS: Final = ProblemKind(
    "writes-need-accounts",
    HTTPStatus.FORBIDDEN,
    "Ten serwer nie przyjmuje poleceń: kont jeszcze nie ma, a trybu programisty nie włączono.",
    "This server takes no commands: there are no accounts yet, and the development mode is off.",
)
ACTOR_MISSING: Final = ProblemKind(
    "actor-missing",
    HTTPStatus.UNAUTHORIZED,
    "W trybie programisty polecenie mówi, kto je wydaje: nagłówki Ledger-Actor-Role i Ledger-Actor-Id.",
    "In development mode a command says who gives it: the headers Ledger-Actor-Role and Ledger-Actor-Id.",
    {"WWW-Authenticate": "Ledger-Actor"},
)
BODY_TOO_LARGE: Final = ProblemKind(
    "body-too-large",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "Treść może mieć najwyżej {limit} bajtów.",
    "The body may have {limit} bytes at most.",
)
TOO_MANY_COMMANDS: Final = ProblemKind(
    "too-many-commands",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "Naraz można wydać najwyżej {limit} poleceń.",
    "At most {limit} commands can be given at once.",
)
TOO_BUSY: Final = ProblemKind(
    "too-busy",
    HTTPStatus.TOO_MANY_REQUESTS,
    "Zbyt wiele poleceń czeka na zapisanie; zapytaj ponownie.",
    "Too many commands wait to be recorded; ask again.",
    _SOON,
)
RECEIPT_LATE: Final = ProblemKind(
    "receipt-late",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Wpis jest zapisany, ale jeszcze nie obejmuje go opublikowany punkt kontrolny; zapytaj ponownie.",
    "The entry is stored and no published checkpoint covers it yet; ask again.",
    _SOON,
)
UNAVAILABLE: Final = ProblemKind(
    "unavailable",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Baza danych teraz nie odpowiada; zapytaj ponownie.",
    "The database does not answer now; ask again.",
    _SOON,
)
ENTRIES_MISSING: Final = ProblemKind(
    "entries-missing",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "W bazie danych brakuje wpisów, które podpisano; nic nie zostanie zapisane w ich miejsce, dopóki nie wrócą.",
    "The database lacks entries that were signed; nothing is recorded in their place until they are back.",
)
TOOK_TOO_LONG: Final = ProblemKind(
    "took-too-long",
    HTTPStatus.SERVICE_UNAVAILABLE,
    "Odpowiedź trwałaby dłużej niż {seconds} s; zapytaj o mniej naraz.",
    "The answer would take longer than {seconds} s; ask for less at once.",
)
RECORD_DAMAGED: Final = ProblemKind(
    "record-damaged",
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "To, co leży w bazie danych, nie jest tym, co opublikowano; trzeba ją sprawdzić.",
    "What lies in the database is not what was published; it has to be checked.",
)
INTERNAL: Final = ProblemKind("internal", HTTPStatus.INTERNAL_SERVER_ERROR, "Błąd programu.", "A fault of the program.")


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """Ends a request with a problem."""

    def __init__(self, kind: ProblemKind, **fields: object) -> None:
        super().__init__(kind.code)
        self.kind: Final = kind
        self.fields: Final = fields

    def detail(self, language: Language) -> str:
        """Say it in one sentence."""
        template = self.kind.pl if language == "pl" else self.kind.en
        return template.format_map(self.fields)

    def members(self, language: Language) -> Mapping[str, object]:  # noqa: ARG002 - what is told in words depends on it
        """Return what the document holds besides the members that every problem has."""
        return self.fields


def document(problem: Problem, language: Language) -> dict[str, Any]:
    """Return the members of a problem."""
    return {
        "type": f"/problems/{problem.kind.code}",
        "title": problem.kind.status.phrase,
        "status": problem.kind.status.value,
        "code": problem.kind.code,
        "detail": problem.detail(language),
        **problem.members(language),
    }


def answer(
    problem: Problem, language: Language, headers: Mapping[str, str] | None = None, request_id: str | None = None
) -> Response:
    """Write a problem down; `instance` tells this one from all others of its kind."""
    kind = problem.kind
    told = {"Content-Language": language, "Vary": "Accept-Language", "Cache-Control": "no-store"}
    named = {"instance": f"/requests/{request_id}", "request_id": request_id} if request_id else {}
    body = json.dumps({**document(problem, language), **named}, ensure_ascii=False).encode()
    return Response(body, kind.status.value, {**told, **kind.headers, **(headers or {})}, MEDIA_TYPE)


def language_of(request: Request) -> Language:
    """Choose between Polish and English by `Accept-Language`; a header that cannot be read asks for nothing."""
    weights: dict[str, float] = {}
    for part in ",".join(request.headers.getlist("accept-language")).split(","):
        found = _RANGE.fullmatch(part)
        if found:
            name = found[1].lower()
            weights[name] = max(weights.get(name, 0.0), float(found[2] or 1))
    anything = weights.get("*", 0.0)
    return "en" if weights.get("en", anything) > weights.get("pl", anything) else "pl"


def install(app: FastAPI) -> None:
    """Answer every error of the application with a problem."""
    app.add_exception_handler(Problem, _told)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(Exception, _unforeseen)


def _told(request: Request, error: Exception) -> Response:
    problem = error if isinstance(error, Problem) else Problem(INTERNAL)
    return answer(problem, language_of(request), request_id=request_id(request))


def _of_the_framework(request: Request, error: Exception) -> Response:
    """Put into our words that no route has this path, or none this method."""
    if isinstance(error, HTTPException) and error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        problem = Problem(METHOD_NOT_ALLOWED, method=request.method)
        return answer(problem, language_of(request), {"Allow": ", ".join(_methods(request))}, request_id(request))
    return answer(Problem(NOT_FOUND), language_of(request), request_id=request_id(request))


def _methods(request: Request) -> list[str]:
    """Name what may be done at an address; the framework would name the methods of one of its routes alone."""
    routes = request.app.router.routes
    scopes = ({**request.scope, "method": method} for method in METHODS)
    return [scope["method"] for scope in scopes if any(route.matches(scope)[0] is Match.FULL for route in routes)]


def _unforeseen(request: Request, _error: Exception) -> Response:
    return answer(Problem(INTERNAL), language_of(request), request_id=request_id(request))


def unanswered(fault: Exception) -> Problem:
    """Tell why the database gave no answer: it was given up on, or it is not there."""
    gave_up = isinstance(fault, QueryCanceled)
    return Problem(TOOK_TOO_LONG, seconds=QUERY_SECONDS) if gave_up else Problem(UNAVAILABLE)
