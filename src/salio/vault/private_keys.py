"""The file of private keys: the newest first; the certificate beside it says which of them is in use.

One file can be replaced at once, two cannot. So a renewal puts the new key in front of the old one, which
changes nothing, and then exchanges the certificate, which changes everything. What stands behind the key in
use was in use before it.
"""

import re
from collections.abc import Sequence
from datetime import datetime

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from salio.vault.certificate import parse_private_key

_BLOCK = re.compile(rb"-----BEGIN PRIVATE KEY-----\n.*?-----END PRIVATE KEY-----\n", re.DOTALL)
_REPLACED = re.compile(rb"Replaced-At: (\S+)\n\Z")


class StoredKey(msgspec.Struct, frozen=True):
    """A key of the file, and when it gave way to the one before it."""

    private_key: RSAPrivateKey
    replaced_at: datetime | None = None

    def __repr__(self) -> str:
        return "StoredKey(...)"


def print_keys(keys: Sequence[StoredKey]) -> bytes:
    """The file's content: PEM blocks, with a line before each of the replaced (RFC 7468, 2, allows text)."""
    return b"".join(_replaced_line(each) + private_key_pem(each.private_key) for each in keys)


def parse_keys(content: bytes) -> list[StoredKey]:
    """The keys of such a file, or of one with a single key as others make it; ValueError says what it is."""
    blocks = list(_BLOCK.finditer(content))
    if not blocks:
        return [StoredKey(parse_private_key(content))]
    starts = [0, *(block.end() for block in blocks)]
    return [
        StoredKey(parse_private_key(block[0]), _replaced_at(content[start : block.start()]))
        for start, block in zip(starts, blocks, strict=False)
    ]


def private_key_pem(key: RSAPrivateKey) -> bytes:
    """One key as PEM."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _replaced_line(key: StoredKey) -> bytes:
    return b"" if key.replaced_at is None else f"Replaced-At: {key.replaced_at.isoformat()}\n".encode()


def _replaced_at(text: bytes) -> datetime | None:
    """The moment in the line above a block; ValueError for one that is no moment."""
    line = _REPLACED.search(text)
    return None if line is None else datetime.fromisoformat(line[1].decode("ascii", "replace"))
