"""The description as a page, made here and whole: no script, nothing fetched from anywhere else."""

from __future__ import annotations

import json
from functools import cache
from html import escape
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from api.openapi.sharing import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Description = dict[str, Any]


def frame(title: str, body: str) -> str:
    """Put a page around a body."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><style>{_style()}</style>'
        f"</head><body><h1>{escape(title)}</h1>{body}</body></html>\n"
    )


@cache
def _style() -> str:
    return (files(__package__ or "") / "page.css").read_text(encoding="utf-8")


def page(document: Mapping[str, Any]) -> str:
    """Write the page."""
    by_tag: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        if path.endswith((".csv", ".xlsx")):
            # The same table as a file: said once, above.
            continue
        for method, operation in operations.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(document, path, method, operation))
    described = {tag["name"]: tag.get("description", "") for tag in document["tags"]}
    tags = [tag for tag in described if tag in by_tag]
    nav = "".join(f'<a href="#{tag}">{escape(tag)} <small>{escape(described[tag])}</small></a>' for tag in tags)
    sections = "".join(_section(tag, described[tag], by_tag[tag]) for tag in tags)
    about = "".join(f"<p>{_text(part)}</p>" for part in document["info"]["description"].split("\n\n"))
    files_too = "<p>Każdą tabelę podaje też <code>.csv</code> i <code>.xlsx</code> / every table as a file too.</p>"
    more = '<p><a href="/openapi.json">openapi.json</a> · <a href="/problems">problemy / problems</a></p>'
    return frame(document["info"]["title"], f"{about}{files_too}{more}<nav>{nav}</nav>{sections}")


def _section(tag: str, described: str, operations: list[str]) -> str:
    heading = f"<h2>{escape(tag)} <small>{escape(described)}</small></h2>"
    return f'<section id="{escape(tag)}">{heading}{"".join(operations)}</section>'


def _operation(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> str:
    summary = (
        f'<span class="method {method}">{method.upper()}</span> <code>{escape(path)}</code>'
        f" <span>{escape(operation['summary'])}</span>"
    )
    parts = "".join(_parts(document, operation))
    return f'<details id="{escape(operation["operationId"])}"><summary>{summary}</summary><div>{parts}</div></details>'


def _parts(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    for paragraph in filter(None, operation.get("description", "").split("\n\n")):
        yield f"<p>{_text(paragraph)}</p>"
    rows = "".join(_parameter(resolved(document, one)) for one in operation.get("parameters", []))
    if rows:
        yield f"<h3>Parametry / Parameters</h3><table>{rows}</table>"
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<h3>Treść / Body: {escape(media_type)}</h3>"
        for example in body.get("examples", {}).values():
            yield _json(example["value"])
        yield f"<details><summary>schemat / schema</summary>{_json(body['schema'])}</details>"
    yield "<h3>Odpowiedzi / Answers</h3>"
    answers = {status: resolved(document, answer) for status, answer in operation["responses"].items()}
    rows = "".join(f"<tr><th>{status}</th><td>{_codes(answer)}</td></tr>" for status, answer in answers.items())
    yield f"<table>{rows}</table>"
    for media_type, body in answers.get("201", answers.get("200", {})).get("content", {}).items():
        if "example" in body:
            told = _json(body["example"])
            yield f"<details><summary>przykład / example: {escape(media_type)}</summary>{told}</details>"


def _codes(answer: Mapping[str, Any]) -> str:
    if "application/problem+json" not in answer.get("content", {}):
        return _text(answer["description"])
    codes = answer["description"].replace("`", "").split(", ")
    return ", ".join(f'<a href="/problems/{code}"><code>{code}</code></a>' for code in codes)


def _parameter(one: Mapping[str, Any]) -> str:
    needed = ' <b title="required">*</b>' if one.get("required") else ""
    values = one["schema"].get("enum", [])
    told = _text(one.get("description", "")) + (
        f" <small>{escape(' · '.join(map(str, values)))}</small>" if values else ""
    )
    return f"<tr><th><code>{escape(one['name'])}</code>{needed}</th><td>{escape(one['in'])}</td><td>{told}</td></tr>"


def _text(text: str) -> str:
    """Escape a text; what stands between backticks is code."""
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(escape(text).split("`")))


def _json(value: object) -> str:
    return f"<pre>{escape(json.dumps(value, ensure_ascii=False, indent=2))}</pre>"
