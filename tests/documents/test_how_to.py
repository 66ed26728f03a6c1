"""The auditor's walk-throughs, run as they are written against a log that is really served."""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from typing import TYPE_CHECKING

import pytest

from projections.transparency.signing import Signing
from tests.audit.logs import CONSORTIUM, log_folder, served
from tests.command_line.test_processes import serving
from tests.documents.pages import DOCS, run_page, tools_of_machine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SIZE = 358
TOLD, MADE_UP = b'"annual_revenue_gr":241000000', b'"annual_revenue_gr":251000000'


def fetched(address: str) -> bytes:
    with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - our own address on loopback
        body: bytes = answer.read()
        return body


def published(log: str) -> None:
    """Ask until the checkpoint over the whole scenario is out; the keeper works while the program serves already."""
    for _ in range(6000):
        try:
            if b"\n%d\n" % SIZE in fetched(f"{log}/checkpoint"):
                return
        except urllib.error.HTTPError:
            continue
    pytest.fail("no checkpoint was published")


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The demonstration as it is served, and beside it the same history rewritten and signed with the same key."""
    home = tmp_path_factory.mktemp("demo")
    with serving(home / "data", "demo") as url:
        log = f"{url}/tlog/{CONSORTIUM}"
        published(log)
        entries = [fetched(f"{log}/entry/{index}") for index in range(SIZE)]
        assert sum(entry.count(TOLD) for entry in entries) == 1
        signer = Signing(home / "data" / "signer", "localhost").signer(CONSORTIUM)
        rewritten = [entry.replace(TOLD, MADE_UP) for entry in entries]
        forged = log_folder(home / "forged", rewritten, origin=signer.name, keys=(signer,))
        with served(forged.folder) as other:
            yield {"LOG": log, "REWRITTEN": other}


def test_the_auditors_walk_through_is_as_it_is_written(logs: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "auditor"
    folder.mkdir()
    run_page(DOCS / "how-to" / "verify-the-record.md", folder, tools_of_machine(tmp_path / "tools"), logs)


@pytest.mark.parametrize("without", [(), ("xxd", "curl", "openssl")], ids=["all tools", "stand-ins"])
def test_the_check_by_hand_is_as_it_is_written(logs: dict[str, str], tmp_path: Path, without: tuple[str, ...]) -> None:
    folder = tmp_path / "auditor"
    folder.mkdir()
    tools = tools_of_machine(tmp_path / "tools", without=without)
    (tools / "consortium-ledger").unlink()
    run_page(DOCS / "how-to" / "verify-by-hand.md", folder, tools, logs)


@pytest.mark.parametrize("page", sorted((DOCS / "how-to").glob("*.md")), ids=lambda page: page.stem)
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []
