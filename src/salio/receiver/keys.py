"""The secret in a callback's address. Callbacks are not signed: whoever does not know the address is a
stranger.

An address ends in a key, a nonce and its MAC, so that the door can tell a stranger without asking any store.
Hexadecimal, since gateways refuse addresses with words such as `cmd` or `sql` in them (wire facts 5.3), which
no six letters can spell.
"""

import hashlib
import hmac

NONCE_LENGTH = 12
"""Bytes. Its MAC has as many: 96 bits cannot be guessed over a network."""
ENDPOINT = bytes(NONCE_LENGTH)
"""The nonce of the one address that is no single request's."""
SECRET_LENGTH = 32


class Keys:
    """Makes and recognizes keys with one secret."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != SECRET_LENGTH:
            raise ValueError(f"the secret of addresses has {SECRET_LENGTH} bytes")
        self._secret = secret

    def __repr__(self) -> str:
        """Without the secret."""
        return "Keys(...)"

    def key(self, nonce: bytes = ENDPOINT) -> str:
        """The last part of an address: of one request, or of the endpoint."""
        return nonce.hex() + self._mac(nonce).hex()

    def nonce(self, key: str) -> bytes | None:
        """The nonce of a key that was made here; None for any other."""
        if len(key) != 4 * NONCE_LENGTH or not key.isascii():
            return None
        try:
            nonce, mac = bytes.fromhex(key[: 2 * NONCE_LENGTH]), bytes.fromhex(key[2 * NONCE_LENGTH :])
        except ValueError:
            return None
        whole = len(nonce) == len(mac) == NONCE_LENGTH  # fromhex passes over spaces
        return nonce if whole and hmac.compare_digest(mac, self._mac(nonce)) else None

    def _mac(self, nonce: bytes) -> bytes:
        return hmac.digest(self._secret, nonce, hashlib.sha256)[:NONCE_LENGTH]
