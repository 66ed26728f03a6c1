"""What every text of C2SP is made of: lines, ASCII decimals and canonical base64.

Source: C2SP tlog-checkpoint, "Conventions used in this document".
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from typing import Final

MAX_INTEGER: Final = 2**63 - 1
"""The largest tree size, index or time: what fits a signed 64-bit integer, so that every implementation can read it."""

DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}")
FORBIDDEN: Final = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff]")


def parse_decimal(text: str) -> int | None:
    """Read an ASCII decimal without sign or extra zeros, at most `MAX_INTEGER`; None for anything else."""
    if not DECIMAL.fullmatch(text):
        return None
    number = int(text)
    return number if number <= MAX_INTEGER else None


def write_base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def parse_base64(text: str) -> bytes | None:
    """Read base64 of the standard alphabet, padded and with no stray bits; None for anything else.

    Source: RFC 4648, sections 3.5 and 4.
    """
    try:
        data = b64decode(text, validate=True)
    except ValueError:
        return None
    # The decoder overlooks bits behind the last byte; written again, they are gone.
    return data if write_base64(data) == text else None


def is_text(text: str) -> bool:
    """Tell whether `text` can stand in a note: Unicode without lone surrogates, and no ASCII control but newline.

    Source: C2SP signed-note, "Format".
    """
    return not FORBIDDEN.search(text)


def is_line(text: str) -> bool:
    """Tell whether `text` can be one line of a note that is not the empty one."""
    return text != "" and "\n" not in text and is_text(text)
