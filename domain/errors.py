"""Why a command is refused.

    Refusal            a rule forbids the command; nothing is recorded
      code             stable, kebab-case, listed with its sentence in `domain.refusals`
      place            JSON pointer into the command (RFC 6901), or None
      fields           what the sentence speaks of

An outcome that the rules foresee (a draft that misses its majority) is a fact, not a refusal. A bug or a broken world
is a fault: it is never a `Refusal` and never caught in the domain.
"""

from __future__ import annotations

from typing import Final, NoReturn


class Refusal(Exception):  # noqa: N818 - the field's word; an outcome of the rules, not an error of the program
    """A command that the rules forbid.

    `code` is one of `domain.refusals.REFUSALS`, or `unknown-<noun>`; `fields` fill that refusal's sentence.
    """

    def __init__(self, code: str, *, place: str | None = None, **fields: object) -> None:
        super().__init__(code)
        self.code: Final = code
        self.place: Final = place
        self.fields: Final = fields

    def __str__(self) -> str:
        """Name the code, the place and the fields, for logs and failed tests."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.fields.items())
        return f"{self.code} at {self.place or '/'} ({told})"


def refuse(code: str, *, place: str | None = None, **fields: object) -> NoReturn:
    """Refuse the command.

    Raises:
        Refusal: always.
    """
    raise Refusal(code, place=place, **fields)


def require(condition: object, code: str, *, place: str | None = None, **fields: object) -> None:
    """Refuse the command unless `condition` holds.

    Raises:
        Refusal: with `code`, when it does not.
    """
    if not condition:
        raise Refusal(code, place=place, **fields)
