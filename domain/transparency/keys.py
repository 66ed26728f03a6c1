"""Keys that sign notes, the texts they are passed on in, and how the key of a log comes from the deployment's seed.

    <key name>+hex(32-bit key ID)+base64(signature type || public key)                  a verifier key, or vkey
    PRIVATE+KEY+<key name>+hex(32-bit key ID)+base64(signature type || private key)     a signer key, to be kept secret

Source: C2SP signed-note, "Signatures", "Ed25519 signatures" and "Verifier keys"; C2SP tlog-cosignature. The text of a
signer key is that of the Go module golang.org/x/mod/sumdb/note.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.transparency.encoding import MAX_INTEGER, is_line, parse_base64, write_base64
from domain.transparency.errors import InvalidKey, refuse

KEY_BYTES: Final = 32
"""Of a public key, of a private key, and of the seed from which private keys are derived (RFC 8032, section 5.1.5)."""

KEY_ID_BYTES: Final = 4
TIME_BYTES: Final = 8

VERIFIER_KEY: Final = re.compile(r"([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
SIGNER_KEY: Final = re.compile(r"PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")


class SignatureType(IntEnum):
    """What a key signs. Source: C2SP signed-note, "Signature types"."""

    ED25519 = 0x01
    """A log's own signature over the text of its note."""

    COSIGNATURE = 0x04
    """A witness's signature over the time and the text of a checkpoint."""


def is_key_name(name: str) -> bool:
    """Tell whether `name` may name a key: not empty, and no spaces of Unicode and no plus in it.

    Source: C2SP signed-note, "Format".
    """
    return is_line(name) and not any(character.isspace() or character == "+" for character in name)


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """What it takes to know the signatures of one key; `public` is encoded by RFC 8032, section 5.1.2.

    Raises:
        InvalidKey: for a name that no key may have, or a public key that is not 32 bytes long.
    """

    name: str
    kind: SignatureType
    public: bytes

    def __post_init__(self) -> None:
        _require_key(self.name, self.public)

    @property
    def key_id(self) -> bytes:
        """The four bytes that tell keys of one name apart.

        Source: C2SP signed-note, "Signatures": SHA-256(key name || 0x0A || signature type || public key)[:4].
        """
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:KEY_ID_BYTES]

    def write(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{write_base64(bytes([self.kind]) + self.public)}"

    @classmethod
    def parse(cls, vkey: str) -> VerifierKey:
        """Read a vkey.

        Raises:
            InvalidKey: unless it is written exactly as `write` writes it; also for a type that is not known here.
        """
        name, kind, public, identity = _parse_key(VERIFIER_KEY, vkey, "klucz weryfikujący", "verifier key")
        key = cls(name, kind, public)
        if key.key_id != identity:
            refuse(
                InvalidKey,
                f"Klucz weryfikujący {name} nie zgadza się ze swoim key ID.",
                f"The verifier key of {name} does not match its key ID.",
            )
        return key

    def verifies(self, text: bytes, signature: bytes) -> bool:
        """Tell whether `signature`, what follows the key ID in its line, is this key's over the text of a note."""
        if self.kind is SignatureType.ED25519:
            return self._verifies(text, signature)
        seconds = int.from_bytes(signature[:TIME_BYTES], "big")
        return seconds <= MAX_INTEGER and self._verifies(cosigned_message(seconds, text), signature[TIME_BYTES:])

    def _verifies(self, message: bytes, signature: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class SignerKey:
    """A private key under a name; `private` is the 32 bytes of RFC 8032, section 5.1.5, and never shown by `repr`.

    Raises:
        InvalidKey: for a name that no key may have, or a private key that is not 32 bytes long.
    """

    name: str
    kind: SignatureType
    private: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _require_key(self.name, self.private)

    @property
    def verifier(self) -> VerifierKey:
        public = Ed25519PrivateKey.from_private_bytes(self.private).public_key().public_bytes_raw()
        return VerifierKey(self.name, self.kind, public)

    def write(self) -> str:
        secret = write_base64(bytes([self.kind]) + self.private)
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{secret}"

    @classmethod
    def parse(cls, skey: str) -> SignerKey:
        """Read the text of a signer key.

        Raises:
            InvalidKey: unless it is written exactly as `write` writes it; also for a type that is not known here.
        """
        name, kind, private, identity = _parse_key(SIGNER_KEY, skey, "klucz podpisujący", "signer key")
        key = cls(name, kind, private)
        if key.verifier.key_id != identity:
            refuse(
                InvalidKey,
                f"Klucz podpisujący {name} nie zgadza się ze swoim key ID.",
                f"The signer key of {name} does not match its key ID.",
            )
        return key

    def sign(self, text: bytes) -> bytes:
        """Sign the text of a note. Source: C2SP signed-note, "Ed25519 signatures".

        Raises:
            InvalidKey: when this is the key of a witness, which signs with a time.
        """
        if self.kind is not SignatureType.ED25519:
            refuse(
                InvalidKey,
                f"Klucz {self.name} służy tylko do poświadczeń.",
                f"The key of {self.name} makes cosignatures only.",
            )
        return self._sign(text)

    def cosign(self, text: bytes, at_seconds: int) -> bytes:
        """Sign the text of a checkpoint at a time, in whole seconds since 1970-01-01 UTC.

        Source: C2SP tlog-cosignature, "Format": the time as a big-endian u64, then the signature.

        Raises:
            InvalidKey: when this is the key of a log, which signs without a time; also for a time before 1970.
        """
        if self.kind is not SignatureType.COSIGNATURE:
            refuse(
                InvalidKey,
                f"Klucz {self.name} nie służy do poświadczeń.",
                f"The key of {self.name} makes no cosignatures.",
            )
        if not 0 <= at_seconds <= MAX_INTEGER:
            refuse(
                InvalidKey, f"{at_seconds} nie jest chwilą poświadczenia.", f"{at_seconds} is no time of a cosignature."
            )
        return at_seconds.to_bytes(TIME_BYTES, "big") + self._sign(cosigned_message(at_seconds, text))

    def _sign(self, message: bytes) -> bytes:
        return Ed25519PrivateKey.from_private_bytes(self.private).sign(message)


def cosigned_message(at_seconds: int, text: bytes) -> bytes:
    """Write what a witness signs. Source: C2SP tlog-cosignature, "Ed25519 signed message"."""
    return f"cosignature/v1\ntime {at_seconds}\n".encode() + text


def derive_signer(seed: bytes, origin: str) -> SignerKey:
    """Derive the key of one log from the 32 bytes of the deployment's seed; its name is the log's origin.

    HKDF-SHA256 without salt, with the origin as info: logs of one seed have keys that tell nothing of one another.
    Source: RFC 5869, sections 2 and 3.2.

    Raises:
        InvalidKey: for an origin that cannot name a key, or a seed that is not 32 bytes long.
    """
    _require_key(origin, seed)
    derivation = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=origin.encode())
    return SignerKey(origin, SignatureType.ED25519, derivation.derive(seed))


def _require_key(name: str, key: bytes) -> None:
    if not is_key_name(name):
        refuse(InvalidKey, f"{name[:100]!r} nie może być nazwą klucza.", f"{name[:100]!r} cannot name a key.")
    if len(key) != KEY_BYTES:
        refuse(
            InvalidKey,
            f"Długość klucza {name} w bajtach: {len(key)}, a nie 32.",
            f"The key of {name} is {len(key)} bytes long, not 32.",
        )


def _parse_key(form: re.Pattern[str], text: str, polish: str, english: str) -> tuple[str, SignatureType, bytes, bytes]:
    """Read name, type, key and key ID, and tell nothing of a secret when they are refused."""
    found = form.fullmatch(text)
    key = parse_base64(found[3]) if found else None
    if not found or not key:
        refuse(
            InvalidKey,
            f"To nie jest {polish}: nazwa, osiem cyfr szesnastkowych i base64, a między nimi plusy.",
            f"This is no {english}: a name, eight hexadecimal digits and base64, with a plus between them.",
        )
    if key[0] not in set(SignatureType):
        refuse(
            InvalidKey,
            f"{polish.capitalize()} {found[1][:100]!r} jest nieznanego tu rodzaju: {key[0]:#04x}.",
            f"The {english} of {found[1][:100]!r} is of a type that is not known here: {key[0]:#04x}.",
        )
    return found[1], SignatureType(key[0]), key[1:], bytes.fromhex(found[2])
