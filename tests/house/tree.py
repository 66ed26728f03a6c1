"""The files of the project as the house rules see them: what lies in the tree and is not ignored by git."""

from __future__ import annotations

from fnmatch import fnmatch
from functools import cache
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
PACKAGES = ("domain", "projections", "api")


@cache
def files(*suffixes: str, under: str = ".") -> tuple[Path, ...]:
    ignored = [".git", *(line.rstrip("/") for line in (TOP / ".gitignore").read_text().splitlines())]
    return tuple(path for path in walk(TOP / under, ignored) if not suffixes or path.suffix in suffixes)


def walk(folder: Path, ignored: list[str]) -> list[Path]:
    found: list[Path] = []
    for path in sorted(folder.iterdir()):
        if any(fnmatch(path.name, pattern) for pattern in ignored):
            continue
        found += walk(path, ignored) if path.is_dir() else [path]
    return found


def lines(path: Path) -> list[tuple[str, str]]:
    """Each line with the place to look for it at."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return [(f"{path.relative_to(TOP)}:{number}", line) for number, line in enumerate(text.splitlines(), 1)]
