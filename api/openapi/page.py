"""The description as a page, made here and whole: no script, nothing fetched from anywhere else."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING, Any, Final

from api.openapi.sharing import resolved

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

STYLE: Final = """
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;margin:0 auto;padding:1rem}
summary{cursor:pointer;padding:.3rem 0}code,pre{font-family:ui-monospace,monospace;font-size:.9em}
pre{overflow:auto;padding:.6rem;border:1px solid #8886;border-radius:.3rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .6rem .2rem 0}
.method{display:inline-block;min-width:3.5rem;font-weight:600}details details{margin-left:1rem}
nav a{margin-right:.8rem}
"""


def page(document: Mapping[str, Any]) -> str:
    """Write the page."""
    by_tag: dict[str, list[str]] = {}
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            by_tag.setdefault(operation["tags"][0], []).append(_operation(document, path, method, operation))
    nav = "".join(f'<a href="#{escape(tag)}">{escape(tag)}</a>' for tag in by_tag)
    sections = "".join(f'<h2 id="{escape(tag)}">{escape(tag)}</h2>{"".join(found)}' for tag, found in by_tag.items())
    about = "".join(f"<p>{escape(part)}</p>" for part in document["info"]["description"].split("\n\n"))
    title = escape(document["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><h1>{title}</h1>'
        f'{about}<p><a href="/openapi.json">openapi.json</a></p><nav>{nav}</nav>{sections}</body></html>'
    )


def _operation(document: Mapping[str, Any], path: str, method: str, operation: Mapping[str, Any]) -> str:
    parts = "".join(_parts(document, operation))
    summary = f'<span class="method">{method.upper()}</span> <code>{escape(path)}</code> {escape(operation["summary"])}'
    return f'<details id="{escape(operation["operationId"])}"><summary>{summary}</summary>{parts}</details>'


def _parts(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Iterator[str]:
    for paragraph in operation.get("description", "").split("\n\n"):
        yield f"<p>{escape(paragraph)}</p>"
    rows = "".join(_parameter(resolved(document, one)) for one in operation.get("parameters", []))
    if rows:
        yield f"<table>{rows}</table>"
    for media_type, body in operation.get("requestBody", {}).get("content", {}).items():
        yield f"<details><summary>{escape(media_type)}</summary>{_json(body['schema'])}</details>"
        for example in body.get("examples", {}).values():
            yield _json(example["value"])
    answers = "".join(
        f"<tr><th>{status}</th><td>{escape(resolved(document, answer)['description'])}</td></tr>"
        for status, answer in operation["responses"].items()
    )
    yield f"<table>{answers}</table>"


def _parameter(one: Mapping[str, Any]) -> str:
    needed = " *" if one.get("required") else ""
    name = f"<th><code>{escape(one['name'])}</code>{needed}</th>"
    return f"<tr>{name}<td>{escape(one['in'])}</td><td>{escape(one.get('description', ''))}</td></tr>"


def _json(value: object) -> str:
    return f"<pre>{escape(json.dumps(value, ensure_ascii=False, indent=2))}</pre>"
