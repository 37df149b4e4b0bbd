"""Randomness, passed in: ``os.urandom`` in life, a seeded stream in a simulation (design, 6)."""

from collections.abc import Callable

Entropy = Callable[[int], bytes]
"""Gives that many random bytes."""

ALPHANUMERICS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
"""The characters of Daraja's consumer keys, secrets and tokens (Authorization, samples)."""

_FAIR = 256 - 256 % len(ALPHANUMERICS)


def random_text(entropy: Entropy, length: int) -> str:
    """Letters and digits, each equally likely: bytes that would favour the first few are thrown away."""
    found = ""
    while len(found) < length:
        fair = (byte for byte in entropy(length) if byte < _FAIR)
        found += "".join(ALPHANUMERICS[byte % len(ALPHANUMERICS)] for byte in fair)
    return found[:length]
