"""The pages that people read: whole, served from here, and of use without scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from api.openapi.parts import KINDS
from domain.refusals import REFUSALS

if TYPE_CHECKING:
    from tests.http.serving import Served


@pytest.mark.parametrize("path", ["/docs", "/problems", "/problems/no-quorum"])
def test_a_page_fetches_nothing_and_runs_nothing(site: Served, path: str) -> None:
    answer = site.client.ask(path)
    text = answer.body.decode()
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert re.findall(r"<script|<img|<iframe|@import|url\(|\son\w+=", text) == []
    assert re.findall(r'(?:src|href)="(?!/|#|data:,)[^"]*', text) == []


def test_every_type_of_problem_leads_to_its_page(site: Served) -> None:
    listed = re.findall(r'href="/problems/([a-z-]+)"', site.client.ask("/problems").body.decode())
    assert listed == [*KINDS, *REFUSALS]
    assert {site.client.ask(f"/problems/{code}").status for code in listed} == {200}


def test_a_code_that_nobody_uses_has_no_page(site: Served) -> None:
    assert site.client.ask("/problems/nothing-of-the-kind").code == "not-found"


def test_an_address_says_all_that_may_be_done_there(site: Served) -> None:
    answer = site.client.ask("/consortia/hajnowka-odnowa/members", "DELETE")
    assert (answer.code, answer.headers["allow"]) == ("method-not-allowed", "GET, HEAD, POST")


def test_whatever_can_be_fetched_can_be_asked_for_its_headers_alone(site: Served) -> None:
    path = "/consortia/hajnowka-odnowa/members?valid_on=2019-06-30&version=100"
    whole, headers = site.client.ask(path), site.client.ask(path, "HEAD")
    assert (headers.status, headers.body, headers.headers["etag"]) == (200, b"", whole.headers["etag"])


def test_a_version_that_is_not_recorded_is_not_waited_for(site: Served) -> None:
    assert site.client.ask("/consortia/hajnowka-odnowa/members?at_least=900000").code == "not-known-yet"
