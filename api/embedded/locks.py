"""Locks that the kernel drops with their last holder, however it ends (`flock(2)`)."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def exclusive(descriptor: int) -> Iterator[None]:
    """Wait for the lock, however long it takes, and let go of it at the end."""
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


def taken(descriptor: int) -> bool:
    """Take the lock, alone, unless somebody else holds it, and say whether that was so.

    It is held until the descriptor is closed by us and by every process that inherited it.
    """
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def share(descriptor: int) -> None:
    """Hold the lock together with others until the descriptor is closed."""
    fcntl.flock(descriptor, fcntl.LOCK_SH)


@contextmanager
def closing(descriptor: int) -> Iterator[int]:
    try:
        yield descriptor
    finally:
        os.close(descriptor)
