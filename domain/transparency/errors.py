"""Why something of the transparency log is not to be believed.

    Invalid                 not exactly what its specification says; `say()`, and `str()` in English, name what is wrong
      InvalidTree           sizes and hashes that belong to no tree
      InvalidProof          a proof that does not prove what it was shown for
      InvalidTile           a tile, or the path of one, that no tree has
      InvalidBundle         an entry bundle, or the path of one, that no log has
      InvalidKey            a verifier key or a signer key that nobody can use
      InvalidNote           bytes that are no signed note
        NotSigned           a well-formed note that no known key signed, or that a known key signed wrongly
      InvalidCheckpoint     a note's text that is no tree head, or the tree head of another log
        QuorumMissed        a checkpoint that its log signed, and too few witnesses
      InvalidProofFile      bytes that are no `.tlog-proof`
      InvalidPolicy         a trust policy that cannot be followed
      InvalidSubmission     what is sent to a witness, or comes from one, and is not as it should be

Whoever reads foreign bytes catches `Invalid` and nothing else: no parser here raises anything but these.
"""

from __future__ import annotations

from typing import Final, Literal, NoReturn


class Invalid(Exception):  # noqa: N818 - what is said of the bytes, not of the program
    """The evidence shown is not exactly right, so nothing follows from it; both sentences say why."""

    def __init__(self, polish: str, english: str) -> None:
        # Both are arguments of the exception, so that it can be copied and pickled.
        super().__init__(polish, english)
        self.sentences: Final = {"pl": polish, "en": english}

    def __str__(self) -> str:
        return self.sentences["en"]

    def say(self, language: Literal["pl", "en"]) -> str:
        """Say it."""
        return self.sentences[language]


class InvalidTree(Invalid):
    """These hashes are not the right edge of a tree of this size."""


class InvalidProof(Invalid):
    """The proof does not lead to the root hash."""


class InvalidTile(Invalid):
    """The tile is not one of this tree, or its path is not written as the specification writes it."""


class InvalidBundle(Invalid):
    """The bytes are not the entries of a bundle, or its path is not written as the specification writes it."""


class InvalidKey(Invalid):
    """The text or the bytes are no key, or the key does not make this kind of signature."""


class InvalidNote(Invalid):
    """The bytes are no signed note."""


class NotSigned(InvalidNote):
    """None of the known keys signed the note, or one of them is shown with a signature that is not its own."""


class InvalidCheckpoint(Invalid):
    """The text is no checkpoint, or not one of the log it is shown for."""


class QuorumMissed(InvalidCheckpoint):
    """The log signed the checkpoint, but not as many witnesses cosigned it as the policy asks for."""


class InvalidProofFile(Invalid):
    """The bytes are no proof file."""


class InvalidPolicy(Invalid):
    """The bytes are no trust policy."""


class InvalidSubmission(Invalid):
    """The bytes are no request to a witness, or no answer of one."""


def refuse(kind: type[Invalid], polish: str, english: str) -> NoReturn:
    """Refuse what was shown.

    Raises:
        Invalid: of this kind, always.
    """
    raise kind(polish, english)


def require(condition: object, kind: type[Invalid], polish: str, english: str) -> None:
    """Refuse what was shown unless `condition` holds.

    Both sentences are put together even when it does. Where that is felt, `if not …: refuse(…)` stands instead.

    Raises:
        Invalid: of this kind, when it does not.
    """
    if not condition:
        raise kind(polish, english)
