"""Whatever is sent to any address, the answer is one that the description foresees, and never a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import requests

from tests.openapi.asking import asked, operations, schema, send

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.http.serving import Served


@pytest.fixture(scope="session")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.trust_env = False
        yield session


@pytest.mark.parametrize(("path", "method"), operations())
def test_every_answer_is_as_described(path: str, method: str, site: Served, session: requests.Session) -> None:
    cases = list(asked(schema()[path][method]))
    assert cases
    for number, case in enumerate(cases):
        send(case, number, f"http://127.0.0.1:{site.client.port}", session)
