"""The self-test at start: does this cryptography library hide what was wrong with a ciphertext?

A version number does not tell: distributions back-ported implicit rejection unevenly, and other providers
lack it (fault catalogue, A: "Start-up self-test").
"""

from collections.abc import Callable, Iterator
from hashlib import shake_256

import cryptography
from cryptography.hazmat.backends.openssl import backend
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from salio.vault.errors import UnsafeCryptographyError

BAD_CIPHERTEXTS = 64

_SIZE = 256
_MESSAGE = b"Salio self-test"

Block = Callable[[int], bytes]
Decrypt = Callable[[bytes], bytes]


def check_padding(decrypt: Decrypt, public_key: RSAPublicKey) -> None:
    """One right ciphertext opens; 64 bad ones give the same noise each time and never an error."""
    if _attempt(decrypt, public_key.encrypt(_MESSAGE, PKCS1v15())) != _MESSAGE:
        raise UnsafeCryptographyError(_library(), "it did not decrypt what it had encrypted")
    for kind, ciphertext in bad_ciphertexts(public_key):
        noise = _attempt(decrypt, ciphertext)
        if noise != _attempt(decrypt, ciphertext):
            raise UnsafeCryptographyError(_library(), f"{kind} gave two different answers")
        if noise == _MESSAGE:
            raise UnsafeCryptographyError(_library(), f"{kind} was taken for a right one")


def bad_ciphertexts(public_key: RSAPublicKey) -> Iterator[tuple[str, bytes]]:
    """What is wrong, and the ciphertext: the malformed blocks of RFC 8017, 7.2.2, in turn."""
    numbers = public_key.public_numbers()
    for number in range(BAD_CIPHERTEXTS):
        kind, block = _KINDS[number % len(_KINDS)]
        raised = pow(int.from_bytes(block(number)), numbers.e, numbers.n)
        yield kind, raised.to_bytes(_SIZE)


def _attempt(decrypt: Decrypt, ciphertext: bytes) -> bytes:
    try:
        return decrypt(ciphertext)
    except Exception as error:
        raise UnsafeCryptographyError(_library(), f"a ciphertext raised {type(error).__name__}") from error


def _library() -> str:
    return f"cryptography {cryptography.__version__} with {backend.openssl_version_text()}"


def _filler(number: int, length: int) -> bytes:
    """Padding without a zero byte, the same at every start."""
    return bytes(byte or 1 for byte in shake_256(b"filler %d" % number).digest(length))


def _padded(number: int, start: bytes, filler: int) -> bytes:
    """A block that is well formed if it starts with 00 02 and the filler has 238 bytes or more."""
    return start + _filler(number, filler) + b"\0" + _MESSAGE


def _right_filler(start: bytes) -> int:
    return _SIZE - len(start) - 1 - len(_MESSAGE)


def _short(number: int) -> bytes:
    """Only 0 to 7 bytes of filler; the rest of the block is message."""
    head = b"\0\2" + _filler(number, number % 8) + b"\0"
    return head + _filler(number + 1, _SIZE - len(head))


_KINDS: tuple[tuple[str, Block], ...] = (
    ("a random block", lambda number: b"\0" + shake_256(b"random %d" % number).digest(_SIZE - 1)),
    ("a block of almost only zeros", lambda number: number.to_bytes(_SIZE)),
    ("a block of type 1", lambda number: _padded(number, b"\0\1", _right_filler(b"\0\1"))),
    ("a block of type 0", lambda number: _padded(number, b"\0\0", _right_filler(b"\0\0"))),
    ("a block that starts with 1", lambda number: _padded(number, b"\1\2", _right_filler(b"\1\2"))),
    ("a block with too little padding", _short),
    ("a block without a zero after its padding", lambda number: b"\0\2" + _filler(number, _SIZE - 2)),
    ("a block of nothing", lambda _: bytes(_SIZE)),
)
