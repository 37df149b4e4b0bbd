"""What an attacker sends: classes of bad credentials, tokens and consumer secrets, each a pool of many.

Many of a class, for a single ciphertext has a time of its own, by fractions of a microsecond.
"""

import base64
import os
import secrets
import string
from collections.abc import Callable, Mapping, Sequence

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA1

SIZE = 256
"""Bytes of a ciphertext."""
POOL = 32
LONGEST = SIZE - 11
"""Bytes of the longest password."""
ALPHANUMERICS = string.digits + string.ascii_letters

WRONG = "wrong password, as long"

Classes = Mapping[str, Sequence[str]]


def credentials(key: RSAPublicKey, password: str) -> Classes:
    """SecurityCredentials that are wrong, by what is wrong with them; the first is a wrong password."""
    other = rsa.generate_private_key(65_537, 2_048).public_key()
    made: dict[str, Callable[[], bytes]] = {
        WRONG: lambda: _padded(key, _text(len(password))),
        "wrong password, short": lambda: _padded(key, _text(1)),
        "wrong password, the longest": lambda: _padded(key, _text(LONGEST)),
        "no text": lambda: _padded(key, os.urandom(len(password))),
        "random bytes": lambda: b"\0" + os.urandom(SIZE - 1),
        "padding without an end": lambda: _raised(key, b"\0\2" + _filler(SIZE - 2)),
        "padding too short": lambda: _raised(key, b"\0\2" + _filler(3) + b"\0" + _filler(SIZE - 6)),
        "right password, OAEP": lambda: key.encrypt(password.encode(), OAEP(MGF1(SHA1()), SHA1(), None)),  # noqa: S303 - what clients do by mistake
        "right password, another key": lambda: _under(other, password, _modulus(key)),
        "all zero": lambda: bytes(SIZE),
        "not below the modulus": lambda: _between(_modulus(key), 1 << 8 * SIZE),
    }
    return {name: [base64.b64encode(make()).decode() for _ in range(POOL)] for name, make in made.items()}


def tokens(genuine: str, foreign: Sequence[str]) -> Classes:
    """Access tokens that are none; ``foreign`` are another platform's."""
    return {
        "random": [_text(len(genuine)).decode() for _ in range(POOL)],
        "first character changed": [_other(genuine, 0) for _ in range(POOL)],
        "last character changed": [_other(genuine, len(genuine) - 1) for _ in range(POOL)],
        "cut by one": [genuine[:-1]],
        "of another platform": list(foreign),
    }


def pairs(key: str, secret: str) -> Classes:
    """Consumer keys and secrets in base64, as a Basic header has them, which get no token.

    One key of each kind: of many each is met more seldom, and whatever knows it is colder.
    """
    long, short = len(secret), 8
    stranger = _text(len(key)).decode()
    return {
        "an app's key, wrong secret": [_basic(key, _text(long).decode()) for _ in range(POOL)],
        "an app's key, short secret": [_basic(key, _text(short).decode()) for _ in range(POOL)],
        "nobody's key, any secret": [_basic(stranger, _text(long).decode()) for _ in range(POOL)],
        "nobody's key, short secret": [_basic(stranger, _text(short).decode()) for _ in range(POOL)],
        "nobody's key, that app's secret": [_basic(stranger, secret)],
    }


def _basic(key: str, secret: str) -> str:
    return base64.b64encode(f"{key}:{secret}".encode()).decode()


def _text(length: int) -> bytes:
    return "".join(secrets.choice(ALPHANUMERICS) for _ in range(length)).encode()


def _other(text: str, place: int) -> str:
    """The text with another letter at that place: a low one, for a token that starts high is no number."""
    letter = secrets.choice([each for each in string.ascii_lowercase[:10] if each != text[place]])
    return text[:place] + letter + text[place + 1 :]


def _padded(key: RSAPublicKey, message: bytes) -> bytes:
    return key.encrypt(message, PKCS1v15())


def _filler(length: int) -> bytes:
    return bytes(secrets.randbelow(255) + 1 for _ in range(length))


def _modulus(key: RSAPublicKey) -> int:
    return key.public_numbers().n


def _raised(key: RSAPublicKey, block: bytes) -> bytes:
    """Raw RSA: the ciphertext that decrypts to this block."""
    numbers = key.public_numbers()
    return pow(int.from_bytes(block, "big"), numbers.e, numbers.n).to_bytes(SIZE, "big")


def _under(other: RSAPublicKey, password: str, modulus: int) -> bytes:
    """Under another key, and below our modulus: what is not is a class of its own."""
    while True:
        ciphertext = _padded(other, password.encode())
        if int.from_bytes(ciphertext, "big") < modulus:
            return ciphertext


def _between(low: int, high: int) -> bytes:
    return (low + secrets.randbelow(high - low)).to_bytes(SIZE, "big")
