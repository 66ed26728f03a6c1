"""What Hypothesis makes: texts of C2SP as they must be, and bytes that are nearly so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import settings
from hypothesis import strategies as st

from domain.transparency.encoding import MAX_INTEGER
from domain.transparency.keys import SignatureType, SignerKey

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

PATIENT = settings(deadline=None)
"""A busy machine is no reason to fail."""

hashes = st.binary(min_size=32, max_size=32)
integers = st.integers(0, MAX_INTEGER)
characters = st.characters(codec="utf-8", exclude_characters=[chr(code) for code in range(0x20)])
lines = st.text(characters, min_size=1, max_size=20)
texts = st.lists(st.text(characters, max_size=20), min_size=1, max_size=4).map(lambda some: "\n".join(some) + "\n")
key_names = st.text(characters.filter(lambda one: not one.isspace() and one != "+"), min_size=1, max_size=20)
signers = st.builds(SignerKey, key_names, st.just(SignatureType.ED25519), hashes)
witnesses = st.builds(SignerKey, key_names, st.just(SignatureType.COSIGNATURE), hashes)


@st.composite
def damaged(draw: DrawFn, whole: SearchStrategy[bytes]) -> bytes:
    """Bytes of a document with some of them gone, changed, doubled or added."""
    data = draw(whole)
    for _ in range(draw(st.integers(1, 3))):
        begin = draw(st.integers(0, len(data)))
        end = draw(st.integers(begin, min(len(data), begin + 4)))
        inserted = draw(
            st.sampled_from([b"", b"\n", b" ", b"0", b"=", b"+", b"/", data[begin:end] * 2]) | st.binary(max_size=2)
        )
        data = data[:begin] + inserted + data[end:]
    return data
