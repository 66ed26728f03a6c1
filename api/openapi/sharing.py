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
    """Return the paths with references, and the components that they refer to: parameters and responses."""
    counts = Counter(_key(one) for _, one in _all(paths))
    components: Json = {"parameters": {}, "responses": {}}
    names: dict[str, str] = {}

    def shared(kind: str, base: str, one: Json) -> Json:
        key = _key(one)
        if counts[key] < OFTEN:
            return one
        if key not in names:
            taken = sum(name.rpartition(".")[0] == base or name == base for name in components[kind])
            names[key] = f"{base}.{taken + 1}" if taken else base
            components[kind][names[key]] = one
        return {"$ref": f"#/components/{kind}/{names[key]}"}

    return {
        path: {method: _with(operation, shared) for method, operation in of.items()} for path, of in paths.items()
    }, components


def _with(operation: Json, shared: Any) -> Json:  # noqa: ANN401 - the function above
    made = dict(operation)
    if "parameters" in operation:
        made["parameters"] = [shared("parameters", one["name"], one) for one in operation["parameters"]]
    made["responses"] = {
        status: shared("responses", f"answer{status}", one) for status, one in operation["responses"].items()
    }
    return made


def _all(paths: Mapping[str, Json]) -> Iterator[tuple[str, Json]]:
    for operations in paths.values():
        for operation in operations.values():
            yield from (("parameters", one) for one in operation.get("parameters", []))
            yield from (("responses", one) for one in operation["responses"].values())


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
