"""Putting what many operations repeat into the components, so that the description stays readable."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from api.openapi.parts import Json

OFTEN: Final = 4
"""What stands in fewer places is left there."""


def share(paths: Json) -> tuple[Json, Json]:
    """Return the paths with references, and the components that they refer to."""
    kept = _Kept(Counter((kind, _key(one)) for kind, one in _all(paths)))
    return {
        path: {method: _with(operation, kept) for method, operation in of.items()} for path, of in paths.items()
    }, kept.components


class _Kept:
    """What is put into the components, each thing under one name."""

    def __init__(self, counts: Counter[tuple[str, str]]) -> None:
        self.components: Json = {"parameters": {}, "responses": {}, "headers": {}, "links": {}}
        self._counts = counts
        self._names: dict[tuple[str, str], str] = {}

    def shared(self, kind: str, base: str, one: Json, inner: Json | None = None) -> Json:
        """Return a reference to what stands in many places, `inner` being how it is written there; else that itself."""
        key = (kind, _key(one))
        made = one if inner is None else inner
        if self._counts[key] < OFTEN:
            return made
        if key not in self._names:
            of_kind = self.components[kind]
            taken = sum(name.rpartition(".")[0] == base or name == base for name in of_kind)
            self._names[key] = f"{base}.{taken + 1}" if taken else base
            of_kind[self._names[key]] = made
        return {"$ref": f"#/components/{kind}/{self._names[key]}"}


def _with(operation: Json, kept: _Kept) -> Json:
    made = dict(operation)
    if "parameters" in operation:
        made["parameters"] = [kept.shared("parameters", one["name"], one) for one in operation["parameters"]]
    made["responses"] = {
        status: kept.shared("responses", f"answer{status}", one, _inner(one, kept))
        for status, one in operation["responses"].items()
    }
    return made


def _inner(response: Json, kept: _Kept) -> Json:
    parts: Json = {
        kind: {name: kept.shared(kind, name, one) for name, one in response[kind].items()}
        for kind in ("headers", "links")
        if kind in response
    }
    return {**response, **parts}


def _all(paths: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for operations in paths.values():
        for operation in operations.values():
            yield from (("parameters", one) for one in operation.get("parameters", []))
            for response in operation["responses"].values():
                yield "responses", response
                for kind in ("headers", "links"):
                    yield from ((kind, one) for one in response.get(kind, {}).values())


def _key(one: Json) -> str:
    return json.dumps(one, sort_keys=True, ensure_ascii=False)


def resolved(document: Mapping[str, Any], one: Json) -> Json:
    """Follow a reference into the components."""
    if "$ref" not in one:
        return one
    found: Any = document
    for step in one["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    answer: Json = found
    return answer
