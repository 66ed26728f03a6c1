"""The description says all that the program serves and nothing else, and what it shows as examples is so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from fastapi.routing import iter_route_contexts

from api.commands.addresses import ADDRESSES, address
from api.http import create_app
from api.openapi.document import stored
from api.openapi.sharing import resolved
from domain.refusals import REFUSALS
from tests.house.tree import TOP

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Served

DOCUMENT: dict[str, Any] = json.loads(stored())
REFUSED = [
    json.loads(line)
    for name in ("scenario/hajnowka/refusals.jsonl", "oracle/more_refusals.jsonl")
    for line in (TOP / "tests" / name).read_text(encoding="utf-8").splitlines()
]


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, of_path in DOCUMENT["paths"].items():
        for method, operation in of_path.items():
            yield path, method.upper(), operation


def test_every_route_is_described_and_nothing_else(site: Served) -> None:
    served = {
        (str(context.path).replace(":path}", "}"), method)
        for context in iter_route_contexts(create_app(site.works).routes)
        for method in context.methods or ()
    }
    described = {(path, method) for path, method, _ in operations()}
    # Whatever can be fetched can be asked for its headers alone.
    assert served == described | {(path, "HEAD") for path, method in described if method == "GET"}


def test_no_two_operations_have_one_id() -> None:
    ids = [operation["operationId"] for _, _, operation in operations()]
    assert sorted(set(ids)) == sorted(ids)


def test_every_group_is_said_in_both_languages() -> None:
    told = {tag["name"]: tag["description"] for tag in DOCUMENT["tags"]}
    assert {operation["tags"][0] for _, _, operation in operations()} == told.keys()
    assert [name for name, text in told.items() if " / " not in text] == []


def test_links_lead_to_operations_with_their_parameters() -> None:
    by_id = {operation["operationId"]: operation for _, _, operation in operations()}
    for _, _, operation in operations():
        for answer in operation["responses"].values():
            for link in resolved(DOCUMENT, answer).get("links", {}).values():
                one = resolved(DOCUMENT, link)
                there = by_id[one["operationId"]].get("parameters", [])
                assert one["parameters"].keys() <= {resolved(DOCUMENT, each)["name"] for each in there}


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: refused["id"])
def test_every_refusal_that_is_known_of_is_listed_where_it_is_met(refused: dict[str, Any]) -> None:
    answers = DOCUMENT["paths"][address(refused["command"])]["post"]["responses"]
    code = refused["refusal"]
    statuses = {str(REFUSALS[code].status), *(["404"] if code.startswith("unknown-") else [])}
    assert any(
        f"`{code}`" in resolved(DOCUMENT, answers.get(status, {"description": ""}))["description"]
        for status in statuses
    )


@pytest.mark.parametrize("command", ADDRESSES)
def test_the_example_of_a_command_fits_its_schema(command: str) -> None:
    body = DOCUMENT["paths"][address(command)]["post"]["requestBody"]["content"]["application/json"]
    whole = {**body["schema"], "components": DOCUMENT["components"]}
    for example in body["examples"].values():
        assert [str(error) for error in jsonschema_rs.Draft202012Validator(whole).iter_errors(example["value"])] == []


def examples_of_answers() -> Iterator[tuple[str, dict[str, Any], object]]:
    for _, _, operation in operations():
        for answer in operation["responses"].values():
            for body in resolved(DOCUMENT, answer).get("content", {}).values():
                if "example" in body:
                    yield operation["operationId"], body["schema"], body["example"]


def test_the_examples_of_answers_fit_their_schemas() -> None:
    wrong = [
        (name, str(error))
        for name, schema, example in examples_of_answers()
        for error in jsonschema_rs.Draft202012Validator({**schema, "components": DOCUMENT["components"]}).iter_errors(
            example
        )
    ]
    assert wrong == []
