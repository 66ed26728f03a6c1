"""The small words everything else is made of: ids, texts, grosze, days and instants.

Each type refuses what the canonical entry could not hold (see `domain.ledger.canonical`), so that a command which
parses can always be written down.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Annotated, Final, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError
from stdnum.exceptions import ValidationError as NumberError
from stdnum.pl import nip, regon

if TYPE_CHECKING:
    from collections.abc import Callable

D = TypeVar("D", bound=date)
T = TypeVar("T")

WARSAW: Final = ZoneInfo("Europe/Warsaw")
"""Days of the consortium are days of this zone; instants are UTC."""

MAX_INTEGER: Final = 2**53 - 1
"""The largest integer that RFC 8785 can carry exactly."""

MAX_GROSZE: Final = 10**13
"""One amount: a hundred thousand million zloty. Sums of hundreds of them still fit in `MAX_INTEGER`."""

MAX_TEXT: Final = 2000
FIRST_DAY: Final = date(1900, 1, 1)
LAST_DAY: Final = date(2199, 12, 31)
FOREVER: Final = date(9999, 12, 31)
"""The end of a period that has no end yet; never stored."""

DAY_PATTERN: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
INSTANT_PATTERN: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})", re.ASCII)

RECORDED_PATTERN: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{6}Z", re.ASCII)


def plain_text(text: str) -> str:
    """Return `text` when it is in NFC and free of control characters other than newline and tab.

    Raises:
        PydanticCustomError: of a kind in `domain.reasons`, for the caller to name the field.
    """
    if text.isascii() and text.isprintable():
        return text
    if any(unicodedata.category(character) in {"Cc", "Cs"} and character not in "\n\t" for character in text):
        raise PydanticCustomError("control_characters", "control characters or lone surrogates")
    if not unicodedata.is_normalized("NFC", text):
        raise PydanticCustomError("not_nfc", "not in Unicode normalisation form C")
    return text


def parse_day(value: object) -> date:
    """Read an ISO date `YYYY-MM-DD` between `FIRST_DAY` and `LAST_DAY`."""
    day = value if type(value) is date else _from_iso(date, value, DAY_PATTERN)
    if day is None:
        raise PydanticCustomError("date_format", "a date is written YYYY-MM-DD")
    _require_in_range(day)
    return day


def parse_instant(value: object) -> datetime:
    """Read an RFC 3339 instant with its offset; return it in UTC."""
    instant = value if isinstance(value, datetime) else _from_iso(datetime, value, INSTANT_PATTERN)
    if instant is None or instant.tzinfo is None:
        raise PydanticCustomError("instant_format", "an instant is written YYYY-MM-DDThh:mm:ss+hh:mm")
    _require_in_range(instant.date())
    return instant.astimezone(UTC)


def parse_recorded_instant(value: object) -> datetime:
    """Read an instant in the one form that entries hold, `write_instant`'s, so that none has two readings."""
    if isinstance(value, str) and not RECORDED_PATTERN.fullmatch(value):
        raise PydanticCustomError("instant_format", "an entry holds instants as YYYY-MM-DDThh:mm:ss.ffffffZ")
    return parse_instant(value)


def _from_iso(kind: type[D], value: object, pattern: re.Pattern[str]) -> D | None:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        return None
    try:
        return kind.fromisoformat(value)
    except ValueError:
        return None


def _require_in_range(day: date) -> None:
    if not FIRST_DAY <= day <= LAST_DAY:
        context = {"first": str(FIRST_DAY), "last": str(LAST_DAY)}
        raise PydanticCustomError("date_range", "the date is outside {first}-{last}", context)


def write_instant(instant: datetime) -> str:
    """Write an instant the one way entries hold it: UTC, microseconds, `Z`."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def day_of(instant: datetime) -> date:
    """Return the day in Warsaw on which `instant` falls."""
    return instant.astimezone(WARSAW).date()


def latest_on(dated: tuple[tuple[date, T], ...], day: date) -> T | None:
    """Return what holds on `day`: the latest start not after it, the later recorded where two start together."""
    latest, found = date.min, None
    for start, value in dated:
        if latest <= start <= day:
            latest, found = start, value
    return found


def _nip(number: str) -> str:
    return _checked(number, nip.validate, "NIP")


def _regon(number: str) -> str:
    return _checked(number, regon.validate, "REGON")


def _checked(number: str, validate: Callable[[str], str], kind: str) -> str:
    try:
        validate(number)
    except NumberError as error:
        raise PydanticCustomError("number_checksum", "not a valid {kind} number", {"kind": kind}) from error
    return number


def _unique(items: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(items)) != len(items):
        raise PydanticCustomError("named_twice", "the list names something twice")
    return items


@dataclass(frozen=True, slots=True)
class Known:
    """Marks an id that must exist already: otherwise `unknown-<noun>`."""

    noun: str


@dataclass(frozen=True, slots=True)
class New:
    """Marks an id that must not be in use: otherwise `id-already-used`."""

    noun: str


Id = Annotated[str, StringConstraints(strict=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$")]
ConsortiumId = Annotated[
    str, StringConstraints(strict=True, min_length=3, max_length=40, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
]
Text = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=MAX_TEXT), AfterValidator(plain_text)]
Note = Annotated[str, StringConstraints(strict=True, max_length=MAX_TEXT), AfterValidator(plain_text)]
Sha256 = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9a-f]{64}$")]
Nip = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{10}$"), AfterValidator(_nip)]
Regon = Annotated[str, StringConstraints(strict=True, pattern=r"^([0-9]{9}|[0-9]{14})$"), AfterValidator(_regon)]
Krs = Annotated[str, StringConstraints(strict=True, pattern=r"^[0-9]{10}$")]
Vkey = Annotated[
    str,
    StringConstraints(strict=True, max_length=400, pattern=r"^[^+\s]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$"),
    AfterValidator(plain_text),
]
"""A verifier key of C2SP signed-note: name, key ID in hexadecimal, and base64 of a type byte and 32 bytes."""

Count = Annotated[int, Field(strict=True, ge=0, le=10**9)]
Ordinal = Annotated[int, Field(strict=True, ge=1, le=10**6)]
Grosze = Annotated[int, Field(strict=True, ge=0, le=MAX_GROSZE)]
PositiveGrosze = Annotated[int, Field(strict=True, ge=1, le=MAX_GROSZE)]
SummedGrosze = Annotated[int, Field(strict=True, ge=-MAX_INTEGER, le=MAX_INTEGER)]
"""What was computed from several amounts."""
SummedCount = Annotated[int, Field(strict=True, ge=0, le=MAX_INTEGER)]
GroszeChange = Annotated[int, Field(strict=True, ge=-MAX_GROSZE, le=MAX_GROSZE)]
BasisPoints = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Fte = Annotated[int, Field(strict=True, ge=0, le=10**9)]
Weight = Annotated[int, Field(strict=True, ge=-MAX_INTEGER, le=MAX_INTEGER)]
Flag = Annotated[bool, Field(strict=True)]
Day = Annotated[date, BeforeValidator(parse_day)]
Instant = Annotated[datetime, BeforeValidator(parse_instant)]
RecordedInstant = Annotated[datetime, BeforeValidator(parse_recorded_instant)]

KnownMember = Annotated[Id, Known("member")]
KnownDelegate = Annotated[Id, Known("delegate")]
KnownApplication = Annotated[Id, Known("application")]
KnownDraft = Annotated[Id, Known("resolution")]
KnownForum = Annotated[Id, Known("forum")]
KnownPackage = Annotated[Id, Known("package")]
KnownTask = Annotated[Id, Known("task")]
KnownAllocation = Annotated[Id, Known("allocation")]
KnownLine = Annotated[Id, Known("line")]
KnownPlebiscite = Annotated[Id, Known("plebiscite")]
KnownConsultation = Annotated[Id, Known("consultation")]
KnownResource = Annotated[Id, Known("resource")]
KnownPair = Annotated[Id, Known("pair")]
KnownFinding = Annotated[Id, Known("finding")]
KnownRecommendation = Annotated[Id, Known("recommendation")]

Members = Annotated[tuple[KnownMember, ...], AfterValidator(_unique)]
Delegates = Annotated[tuple[KnownDelegate, ...], AfterValidator(_unique)]
Drafts = Annotated[tuple[KnownDraft, ...], Field(min_length=1), AfterValidator(_unique)]
Options = Annotated[tuple[Text, ...], Field(min_length=2), AfterValidator(_unique)]
MemberGrosze = dict[KnownMember, Grosze]
MemberGroszeChange = dict[KnownMember, GroszeChange]

Role = Literal[
    "board_secretary", "board_chair", "leader", "administration", "member", "applicant", "city", "city_auditor",
    "operator",
]  # fmt: skip
Size = Literal["small", "large"]
Ballot = Literal["open", "secret"]
Choice = Literal["for", "against", "abstain"]
Source = Literal["city_grant", "project_funds", "own_financial", "own_personal"]
OWN_SOURCES: Final = frozenset({"own_financial", "own_personal"})
"""What a member brings, not what it receives."""
PerformerRole = Literal["lead", "partner"]
Matter = Literal[
    "rules", "statute_amendment", "leader_election", "chair_election", "accession", "exclusion", "withdrawal_ack",
    "joint_offer", "own_contribution", "budget", "budget_split", "budget_transfer", "task_allocation", "reallocation",
    "report", "classification", "mentoring", "resource_rules", "purchase", "repeal", "invalidation", "continuation",
    "other",
]  # fmt: skip
Majority = Literal["simple", "absolute", "two_thirds_cast", "three_quarters_seats", "unanimous"]
Code = Annotated[str, StringConstraints(strict=True, pattern=r"^[a-z][a-z0-9_]{0,63}$")]
"""A word of a list that others keep: legal forms, channels of publication, topics, target groups."""
TargetGroups = Annotated[tuple[Code, ...], Field(min_length=1), AfterValidator(_unique)]
