"""Every exception from a rule says why, on its own line."""

from __future__ import annotations

import re
import tokenize

from tests.house.tree import TOP, files

EXCEPTION = re.compile(r"\b(noqa|type:\s*ignore|pragma:\s*no\s+(cover|branch))\b", re.IGNORECASE)
WITH_REASON = re.compile(
    r"""
    (noqa:\s[A-Z]+[0-9]+(,\s?[A-Z]+[0-9]+)* | type:\signore\[[a-z, -]+\] | pragma:\sno\s(cover|branch))
    \s+[-#:]\s+\S+\s+\S+   # at least two words
    """,
    re.VERBOSE,
)
TURNED_OFF = re.compile(r"\bpytest\.(mark\.)?(skip|skipif|xfail|importorskip)\b")


def comments() -> list[tuple[str, str]]:
    found = []
    for path in files(".py"):
        with path.open("rb") as source:
            found += [
                (f"{path.relative_to(TOP)}:{token.start[0]}", token.string)
                for token in tokenize.tokenize(source.readline)
                if token.type == tokenize.COMMENT
            ]
    return found


def test_every_exception_from_a_rule_says_why_on_its_own_line() -> None:
    exceptions = [(place, comment) for place, comment in comments() if EXCEPTION.search(comment)]
    assert [place for place, comment in exceptions if not WITH_REASON.search(comment)] == []


def test_no_test_is_turned_off() -> None:
    tests = files(".py", under="tests")
    assert [path.name for path in tests if TURNED_OFF.search(path.read_text(encoding="utf-8"))] == []
