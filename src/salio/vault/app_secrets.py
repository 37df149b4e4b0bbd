"""Consumer keys and secrets: new ones, their digests, and the seal under which an owner may read them again.

Rulings, "Tokens and keys": in the sandbox an app's owner can read its secret at any time, encrypted at rest.
"""

import hmac
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCMSIV

from salio.vault.entropy import Entropy, random_text
from salio.vault.errors import SealBrokenError
from salio.vault.keys import KeyRing, Purpose

CONSUMER_KEY_LENGTH = 48
CONSUMER_SECRET_LENGTH = 64
"""No page gives lengths; these hold 285 and 381 bits."""

_NONCE_BYTES = 12
_WHAT = b"salio consumer secret 1"


class AppSecrets:
    """Makes and keeps apps' secrets under one environment's keys.

    The seal is AES-GCM-SIV (RFC 8452): a seeded platform draws its nonces again at every start, and under
    plain AES-GCM a nonce used twice gives the key away.
    """

    def __init__(self, keys: KeyRing, *, entropy: Entropy) -> None:
        self._folder: Path = keys.folder
        self._digest_key = keys.derive(Purpose.APP_SECRET_DIGEST)
        self._cipher = AESGCMSIV(keys.derive(Purpose.APP_SECRET_SEAL))
        self._entropy = entropy

    def new_consumer_key(self) -> str:
        """A consumer key nobody has."""
        return random_text(self._entropy, CONSUMER_KEY_LENGTH)

    def new_consumer_secret(self) -> str:
        """A consumer secret nobody can guess."""
        return random_text(self._entropy, CONSUMER_SECRET_LENGTH)

    def digest_secret(self, secret: str) -> bytes:
        """What a presented secret is compared by; takes any text, as a header may hold any."""
        return hmac.digest(self._digest_key, secret.encode("utf-8", "surrogatepass"), "sha256")

    def seal_secret(self, secret: str) -> bytes:
        """The secret, readable with these keys only."""
        nonce = self._entropy(_NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), _WHAT)

    def unseal_secret(self, sealed: bytes) -> str:
        """The secret again; raises :class:`~salio.vault.errors.SealBrokenError`."""
        nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, ciphertext, _WHAT).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBrokenError(self._folder) from error

    def __repr__(self) -> str:
        return f"AppSecrets({str(self._folder)!r})"
