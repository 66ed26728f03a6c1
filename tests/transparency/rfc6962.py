"""RFC 6962, section 2.1, written down as it stands: the definitions that everything else is held to."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from domain.transparency.tree import Node


def k_of(n: int) -> int:
    """The largest power of two smaller than n."""
    k = 1
    while 2 * k < n:
        k *= 2
    return k


def mth(d: Sequence[bytes]) -> bytes:
    if len(d) == 0:
        return sha256().digest()
    if len(d) == 1:
        return sha256(b"\x00" + d[0]).digest()
    k = k_of(len(d))
    return sha256(b"\x01" + mth(d[:k]) + mth(d[k:])).digest()


def path(m: int, d: Sequence[bytes]) -> list[bytes]:
    if len(d) == 1:
        return []
    k = k_of(len(d))
    return [*path(m, d[:k]), mth(d[k:])] if m < k else [*path(m - k, d[k:]), mth(d[:k])]


def proof(m: int, d: Sequence[bytes]) -> list[bytes]:
    return subproof(m, d, complete=True)


def subproof(m: int, d: Sequence[bytes], *, complete: bool) -> list[bytes]:
    if m == len(d):
        return [] if complete else [mth(d)]
    k = k_of(len(d))
    if m <= k:
        return [*subproof(m, d[:k], complete=complete), mth(d[k:])]
    return [*subproof(m - k, d[k:], complete=False), mth(d[:k])]


def entries(size: int) -> list[bytes]:
    return [f"entry {index}".encode() for index in range(size)]


class Entries:
    """A `NodeReader` and a `TileReader` that computes everything from the entries."""

    def __init__(self, size: int) -> None:
        self.all = entries(size)

    def read_nodes(self, nodes: Sequence[Node], /) -> list[bytes]:
        return [mth(self.all[node.index << node.level : (node.index + 1) << node.level]) for node in nodes]
