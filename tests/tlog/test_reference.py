"""The reference of the log's addresses tells all of them, and every problem that they may answer with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api import problems
from api.problems import ProblemKind
from tests.house.tree import TOP
from tests.tlog.site import LOG

if TYPE_CHECKING:
    from tests.tlog.logs import MadeLog
    from tests.tlog.site import Site

PAGE = (TOP / "docs" / "reference" / "tlog.md").read_text(encoding="utf-8")
EXAMPLES = {"<L>": "0", "<N>": "000", "[.p/<W>]": ".p/2", "<size>": "2", "<index>": "1", "<event id>": "event-1"}
QUERIES = {"size=": "size=2", "wait=": "wait=1", "index=": "index=1", "old=": "old=1", "new=": "new=2"}


def test_every_path_in_the_reference_is_served(site: Site, made: MadeLog) -> None:
    made.grow_to(2)
    paths = re.findall(r"^\| `([a-z]+(?:[-/][^`]*)?)` \|", PAGE, re.MULTILINE)
    assert len(paths) == 13
    for path in paths:
        asked = path
        for placeholder, example in (EXAMPLES | QUERIES).items():
            asked = asked.replace(placeholder, example)
        assert site.ask(f"{LOG}/{asked}").status == 200, path


def test_every_problem_in_the_reference_has_its_status_and_fields() -> None:
    kinds = {kind.code: kind for kind in vars(problems).values() if isinstance(kind, ProblemKind)}
    told = re.findall(r"^\| ([0-9]{3}) \| `([a-z-]+)` \| .* \| (.*) ?\|$", PAGE, re.MULTILINE)
    assert len(told) == 10
    for status, code, fields in told:
        kind = kinds[code]
        assert kind.status == int(status)
        for sentence in (kind.pl, kind.en):
            assert set(re.findall(r"{(\w+)}", sentence)) == set(re.findall(r"`(\w+)`", fields))
