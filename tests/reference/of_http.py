"""Renders what the reference of the HTTP interface says of addresses, problems and limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api import feed, receipts, snapshots
from api.commands import bodies, carrying_out
from api.commands.addresses import ADDRESSES, OF_ONE
from api.openapi.parts import KINDS
from api.queries import compare, routes, tables
from api.queries.routes import table_address
from projections.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.bitemporal.table import Table

LIMITS = (
    ("a command's body", f"{bodies.BODY_BYTES:,} bytes", "413 `body-too-large`"),
    ("the body of many commands", f"{bodies.BATCH_BYTES:,} bytes", "413 `body-too-large`"),
    ("commands at once", f"{bodies.MOST_COMMANDS:,}", "413 `too-many-commands`"),
    ("commands that wait for the writer", f"{carrying_out.MOST_WAITING:,}", "429 `too-busy`"),
    ("a command's answer", f"{carrying_out.ANSWER_SECONDS} s", "503 `unavailable`; give it again under its key"),
    ("`wait` for a receipt", f"{receipts.MOST_SECONDS} s", "503 `receipt-late`"),
    ("who may wait for a receipt", f"{receipts.MOST_WAITING:,}", "503 `receipt-late`"),
    ("rows of a page", f"{tables.PAGE:,}, at most {tables.MOST_ROWS:,}", "422 `malformed-value`"),
    ("rows of a file", f"{tables.MOST_EXPORTED:,}", "422 `too-many-rows`"),
    ("rows of one table that differ", f"{compare.MOST_DIFFERENCES:,}", "422 `too-different`"),
    ("entries of one answer of the feed", f"{feed.PAGE:,}, at most {feed.MOST_ENTRIES:,}", "422 `malformed-value`"),
    ("a stream without an entry", f"{feed.BEAT_SECONDS} s", "then a comment is sent"),
    ("`at_least`", f"{routes.REACH_SECONDS} s", "503 `not-caught-up`"),
    ("questions that read at once", f"{snapshots.POOL_SIZE}", "others wait"),
    ("waiting for a connection", f"{snapshots.WAIT_SECONDS} s", "503 `unavailable`"),
    ("one query of the database", f"{snapshots.QUERY_SECONDS} s", "503 `took-too-long`"),
)


def addresses() -> str:
    """Render every address: commands, then questions with what they can be filtered by."""
    lines = [
        "# Addresses",
        "",
        "Every command and table of the [HTTP interface](http.md), below `/consortia/{consortium_id}`; a consortium is",
        "founded by `POST /consortia`. All tables are answered as JSON, and as files under `.csv` and `.xlsx`.",
        "",
        "## Commands",
        "",
        "| `POST` | command |",
        "|---|---|",
        *(f"| `{rest or '/consortia'}` | [{name}](commands.md#{name.lower()}) |" for name, rest in ADDRESSES.items()),
        "| `/commands` | many at once |",
    ]
    for question, of_question in QUESTIONS.items():
        lines += ["", f"## {question}", "", "| `GET` | what it says | filters |", "|---|---|---|"]
        lines += map(_table, of_question)
    return "\n".join(lines) + "\n"


def _table(table: Table) -> str:
    filters = ", ".join(f"`{name}`" for name in table.filters)
    return f"| `{table_address(table).removeprefix(OF_ONE)}` | {table.polish} / {table.english} | {filters} |"


def problems() -> str:
    """Render every problem that is no refusal of a command, and the limits."""
    lines = [
        "# Problems and limits",
        "",
        "What the [HTTP interface](http.md) answers besides the [refusals](refusals.md) of commands. Refusals have the",
        "status that stands with them there; `unknown-<noun>` is 404 where what is missing stands in the address.",
        "",
        "| status | code | po polsku | in English |",
        "|---|---|---|---|",
        *_kinds(),
        "",
        "## Limits",
        "",
        "| what | limit | beyond it |",
        "|---|---|---|",
        *(f"| {what} | {limit} | {beyond} |" for what, limit, beyond in LIMITS),
    ]
    return "\n".join(lines) + "\n"


def _kinds() -> Iterator[str]:
    for code, kind in sorted(KINDS.items(), key=lambda named: (named[1].status.value, named[0])):
        yield f"| {kind.status.value} | `{code}` | {kind.pl} | {kind.en} |"
