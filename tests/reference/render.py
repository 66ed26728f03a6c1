"""Renders the reference and the description of HTTP from the code; `make docs` writes them, tests compare."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from api import openapi
from api.openapi.document import FILE, written
from domain.catalogue import FACTS, RULES
from domain.refusals import REFUSALS
from domain.values import Known, New
from projections.bitemporal.definition import TYPES
from projections.bitemporal.reports import views
from projections.bitemporal.table import Kind
from projections.questions import QUESTIONS
from tests.reference.of_http import addresses, problems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from domain.catalogue import Rule
    from projections.bitemporal.table import Table

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
FEW_WORDS = 12
"""More are told elsewhere."""

PLACEHOLDER = re.compile(r"\{(\w+)\}")


def commands() -> str:
    """Render every command: who, under what, its fields, and what is refused."""
    lines = [
        "# Commands",
        "",
        "Every command in the order of `domain.catalogue.RULES`: who may give it, the matter of the resolution",
        "that may authorise it, its fields, and the refusals of its own rule in order of precedence. Before these come",
        "those that all commands share: `malformed`, `idempotency-key-reused`, `stale-version`, `role-not-permitted`,",
        "`unknown-<noun>`, `id-already-used`, `resolution-required`, `resolution-not-expected`,",
        "`resolution-not-adopted`, `resolution-not-in-force`, `matter-does-not-fit`; see [refusals](refusals.md).",
        "",
        "Units by name: `*_gr` whole grosze, `*_bp` basis points, `*_x100` hundredths, `*_on`, `*_from`, `*_to` days",
        "in Warsaw, `*_days`, `*_months` whole numbers.",
    ]
    for rule in RULES:
        lines += ["", f"## {rule.command.__name__}", "", *_command(rule)]
    return "\n".join(lines) + "\n"


def _command(rule: Rule) -> Iterator[str]:
    yield _sentence(rule.command)
    yield ""
    own = {role: f" (its own: `{field}`)" for role, field in rule.own.items()}
    yield "- Roles: " + ", ".join(f"`{role}`{own.get(role, '')}" for role in sorted(rule.roles))
    yield "- Under a resolution on: " + (", ".join(f"`{matter}`" for matter in sorted(rule.under)) or "none")
    yield ""
    yield from fields(rule.command)
    body = _docstring(rule.decide)
    if body:
        yield ""
        yield from body


def facts() -> str:
    """Render every fact by its name on disk, with its fields."""
    lines = [
        "# Facts",
        "",
        "Every fact by its name on disk, which never changes; the bytes of one of each are kept in `tests/vectors/`.",
        "An entry is one fact at its place:",
        "",
        "| key | meaning |",
        "|---|---|",
        "| `consortium_id`, `version` | the history it belongs to and its place there, from 1 without a gap |",
        "| `event_id`, `command_id` | its own id, and that of the command that caused it |",
        "| `name` | the fact's name on disk |",
        "| `recorded_at` | when the ledger learned it: UTC, microseconds |",
        "| `effective_on` | from which day it holds in the world (Warsaw) |",
        "| `actor` | `{role, id}`: who gave the command |",
        "| `under` | the draft of the resolution that authorised it, or null |",
        "| `data` | the fact's own fields, below |",
    ]
    for topic in sorted(FACTS):
        fact = FACTS[topic]
        lines += ["", f"## {topic}", "", f"`{fact.__name__}`. {_sentence(fact)}", "", *fields(fact)]
    return "\n".join(lines) + "\n"


def refusals() -> str:
    """Render every refusal in order of precedence, in both languages."""
    lines = [
        "# Refusals",
        "",
        "Every code in order of precedence: within one command the first that applies is the answer. A refused command",
        "leaves no trace in the history. `status` is that of the HTTP answer.",
    ]
    for kind in REFUSALS.values():
        names = sorted(set(PLACEHOLDER.findall(kind.pl)) - {"place"})
        lines += [
            "",
            f"## {kind.code}",
            "",
            f"- Polski: {kind.pl}",
            f"- English: {kind.en}",
            f"- status: {kind.status}",
        ]
        lines += ["- fields: " + ", ".join(f"`{name}`" for name in names)] if names else []
    return "\n".join(lines) + "\n"


def fields(model: type[BaseModel]) -> Iterator[str]:
    """Render a model's fields as a table, nested models in rows of their own."""
    if not model.model_fields:
        yield "No fields."
        return
    yield "| field | type | |"
    yield "|---|---|---|"
    yield from _rows(model, "")


def _rows(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        written = prefix + (field.alias or name)
        required = field.default is PydanticUndefined and field.default_factory is None
        notes = [] if required else ["optional"]
        notes += [_note(marker) for marker in field.metadata if isinstance(marker, Known | New)]
        yield f"| `{written}` | {_type(field.annotation)} | {'; '.join(notes)} |"
        nested, many = _nested(field.annotation)
        if nested is not None:
            yield from _rows(nested, f"{written}{'[]' if many else ''}.")


def _note(marker: Known | New) -> str:
    return f"a known {marker.noun}" if isinstance(marker, Known) else f"a new {marker.noun}"


def _nested(annotation: Any) -> tuple[type[BaseModel] | None, bool]:  # noqa: ANN401 - any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    for argument in get_args(annotation):
        found, _ = _nested(argument)
        if found is not None:
            return found, get_origin(annotation) is tuple
    return None, False


def _type(annotation: Any) -> str:  # noqa: ANN401 - any annotation
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _type(arguments[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin in {Union, UnionType}:
        return " or ".join("null" if one is NoneType else _type(one) for one in arguments)
    if origin is tuple:
        return f"list of {_type(arguments[0])}"
    if origin is dict:
        return f"map of {_type(arguments[0])} to {_type(arguments[1])}"
    names = {"str": "text", "int": "integer", "bool": "boolean", "date": "day", "datetime": "instant"}
    name = getattr(annotation, "__name__", "JSON")
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return "object" if is_model else names.get(name, "JSON")


def _sentence(thing: type) -> str:
    documented = inspect.getdoc(thing) or ""
    return documented.split("\n\n")[0].replace("\n", " ")


def _docstring(decide: Callable[..., Any]) -> list[str]:
    """Render a decision's docstring: its text, then its refusals."""
    text = inspect.getdoc(decide) or ""
    text = re.sub(r"\nRaises:\n\s+Refusal: ", "\n**Refused:** ", text)
    return [re.sub(r"^\s{4,}", "", line) for line in text.splitlines()]


def reports() -> str:
    """Render every view for spreadsheets, with its columns and their headings."""
    lines = [
        "# Reports",
        "",
        "Views in the schema `reports`, for spreadsheets and reporting tools. The login `consortium_ledger_reader`",
        "may read them and nothing else; how it is made: [the database](../how-to/operate-the-database.md).",
        "",
        "- `reports.<table>` is what holds today in Warsaw, as known now: what the table answers over HTTP when no",
        "  date is given.",
        "- `reports.<table>_history` is all that was ever said: each row with the days on which it holds",
        "  (`holds_from`, and `holds_until`, the first day on which it does not any more) and the versions of the",
        "  consortium as of which it was known (`known_from_version`, and `known_until_version`, the first as of which",
        "  it was not). Columns marked *today* follow from the day asked about and are in the view of today alone.",
        "- Every amount is there twice: in whole grosze (`*_gr`) and in złoty (`*_pln`, `numeric(20, 2)`). Basis",
        "  points (`*_bp`) are hundredths of a percent. Days are Warsaw's, instants carry their zone.",
        "- Headings in both languages stand as comments on the columns, where tools find them.",
        "",
        "`rebuild`, and a new version of the program, make the views anew. Views of your own that read these are",
        "dropped with them; keep such queries in the tool that asks. End your transactions: a tool that keeps one open",
        "keeps `rebuild` waiting, and after a minute it gives up.",
    ]
    for question, tables in QUESTIONS.items():
        lines += ["", f"## {question}"]
        for table in tables:
            lines += ["", f"### {table.name}", "", f"{table.polish} / {table.english}.", "", *_columns(table)]
    return "\n".join(lines) + "\n"


def _columns(table: Table) -> Iterator[str]:
    yield "| column | type | po polsku | in English | |"
    yield "|---|---|---|---|---|"
    for column in views(table)[table.name]:
        in_zloty = column.kind is Kind.GROSZE and column.name.endswith("_pln")
        kind = "numeric(20, 2)" if in_zloty else TYPES[column.kind].as_string()
        words = ", ".join(f"`{word}`" for word in column.words) if len(column.words) <= FEW_WORDS else ""
        notes = ["*today*"] if column.name in table.by and table.by[column.name].sql is not None else []
        notes += ["key"] if column.name in table.key else []
        told = "; ".join([*notes, words] if words else notes)
        yield f"| `{column.name}` | {kind} | {column.polish} | {column.english} | {told} |"


DOCUMENTS = {
    "commands.md": commands,
    "facts.md": facts,
    "refusals.md": refusals,
    "addresses.md": addresses,
    "problems.md": problems,
    "reports.md": reports,
}
DESCRIPTION = Path(openapi.__file__).with_name(FILE)

if __name__ == "__main__":
    for name, render in DOCUMENTS.items():
        (FOLDER / name).write_text(render(), encoding="utf-8")
    DESCRIPTION.write_text(written(), encoding="utf-8")
