"""Where the vectors of others lie, and how they are read."""

from __future__ import annotations

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

THIRD_PARTY = Path(__file__).parents[1] / "vectors" / "third_party"
TILES_OF_15 = THIRD_PARTY / "tiles-of-15"
TILES_OF_300 = THIRD_PARTY / "tiles-of-300"
PROOF_FILES = THIRD_PARTY / "proof-files"

TESSERA_VKEY = "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"


def load(path: str) -> Any:  # noqa: ANN401 - what a JSON file holds
    return json.loads((THIRD_PARTY / path).read_text(encoding="utf-8"))


def base64(text: str | None) -> bytes:
    return b64decode(text or "")


def proof_cases(kind: str) -> list[Path]:
    return sorted((THIRD_PARTY / "rfc6962-proofs" / kind).rglob("*.json"))


def case_name(path: Path) -> str:
    return str(path.relative_to(THIRD_PARTY / "rfc6962-proofs").with_suffix(""))
