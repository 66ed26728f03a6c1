"""Whatever the tests here have refused is told in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from domain.transparency.errors import Invalid

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module", autouse=True)
def both_languages() -> Iterator[None]:
    """Fail where something is refused without two sentences that differ."""
    init = Invalid.__init__

    def judged(self: Invalid, polish: str, english: str) -> None:
        assert polish != english
        assert polish.endswith(".")
        assert english.endswith(".")
        init(self, polish, english)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Invalid, "__init__", judged)
        yield
