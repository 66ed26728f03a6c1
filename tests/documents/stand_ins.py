"""What stands in for `curl` and `openssl` on machines that have not got them, as far as the pages use them."""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from itertools import pairwise
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)


def curl(*words: str) -> int:
    """`curl -fsS URL [-o FILE]`."""
    options, address, *rest = words
    assert options == "-fsS"
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:  # noqa: S310 - a page's own address on loopback
            body = answer.read()
    except urllib.error.HTTPError:
        return 22
    if rest:
        assert rest[0] == "-o"
        Path(rest[1]).write_bytes(body)
    else:
        sys.stdout.buffer.write(body)
    return 0


def openssl(command: str, *words: str) -> int:
    """`openssl pkey -pubin -inform DER -out FILE` and `openssl pkeyutl -verify -rawin -pubin …`."""
    files = dict(pairwise(words))
    if command == "pkey":
        read = load_der_public_key(sys.stdin.buffer.read())
        Path(files["-out"]).write_bytes(read.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
        return 0
    assert command == "pkeyutl"
    key = load_pem_public_key(Path(files["-inkey"]).read_bytes())
    assert isinstance(key, Ed25519PublicKey)
    try:
        key.verify(Path(files["-sigfile"]).read_bytes(), Path(files["-in"]).read_bytes())
    except InvalidSignature:
        return 1
    sys.stdout.write("Signature Verified Successfully\n")
    return 0


if __name__ == "__main__":
    sys.exit(curl(*sys.argv[2:]) if sys.argv[1] == "curl" else openssl(*sys.argv[2:]))
