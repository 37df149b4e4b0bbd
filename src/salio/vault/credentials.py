"""SecurityCredentials: RSA, PKCS #1 v1.5, base64 (TS, "SecurityCredential"; rulings, Requests).

The scheme is deprecated and the documents force it, so nothing here may tell a good ciphertext from a bad one
but the comparison at the end (fault catalogue, A): the library answers bad padding with noise (*implicit
rejection*), and noise takes the same way as a password.
"""

import base64
import hmac

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from salio.core.parties.operators import Operator
from salio.core.requests.asking import PresentedCredential
from salio.vault.entropy import Entropy
from salio.vault.keys import KeyRing, Purpose
from salio.vault.memory import CiphertextMemory
from salio.vault.padding import check_padding

MOST_REMEMBERED = 10_000
"""Each takes about 0.8 kB; a store seldom has as many initiators."""

_PADDING = PKCS1v15()
_ILLEGIBLE = bytes(not 0x20 <= byte < 0x7F for byte in range(256))
"""1 for each byte that is not printable ASCII."""
_LONGEST = 245
"""What a 2048-bit key can encrypt: 256 bytes less 11 of padding (RFC 8017, 7.2)."""
_ALL_LEGIBLE = bytes(_LONGEST)
_LENGTH_BYTES = 4
_STAND_IN = (2).to_bytes(256)
"""Decrypted in the place of what cannot be; what comes of it is not looked at."""


class CredentialReader:
    """The core's vault: opens credentials, and remembers those that were right. For one thread."""

    def __init__(
        self,
        keys: KeyRing,
        *,
        entropy: Entropy,
        remember_ciphertexts: bool = True,
        capacity: int = MOST_REMEMBERED,
    ) -> None:
        """``remember_ciphertexts`` is off where a benchmark wants to see every decryption."""
        self._private_key = keys.private_key
        self._modulus = keys.private_key.public_key().public_numbers().n
        self._password_key = keys.derive(Purpose.PASSWORD_DIGEST)
        self._noise_key = entropy(32)
        self._memory = CiphertextMemory(entropy(32), capacity)
        self._remembers = remember_ciphertexts
        self._last: tuple[str, bytes, PresentedCredential] | None = None

    def open_credential(self, credential: str) -> PresentedCredential:
        """What the ciphertext holds, as digest; never raises, never tells how it failed."""
        name = self._memory.name(credential)
        presented = self._memory.get(name) or self._present(self._plaintext_or_noise(credential))
        self._last = (credential, name, presented)
        return presented

    def remember(self, credential: str, operator: Operator) -> None:
        """Keeps that the ciphertext opened last was the operator's; of any other nothing is known."""
        if self._remembers and self._last is not None and self._last[0] == credential:
            self._memory.put(self._last[1], self._last[2], operator.number)

    def forget(self, operator: Operator) -> None:
        """Drops what is remembered of an operator."""
        self._last = None
        self._memory.forget(operator.number)

    def forget_all(self) -> None:
        """Drops what is remembered of everybody."""
        self._last = None
        self._memory.clear()

    def digest(self, password: str) -> bytes:
        """What is kept of a password: the keyed digest of its bytes as they are (rulings, Requests)."""
        return password_digest(self._password_key, password.encode())

    def self_test(self) -> None:
        """Raises :class:`~salio.vault.errors.UnsafeCryptographyError` if bad padding would show."""
        check_padding(self._decrypt, self._private_key.public_key())

    def _decrypt(self, ciphertext: bytes) -> bytes:
        return self._private_key.decrypt(ciphertext, _PADDING)

    def _plaintext_or_noise(self, credential: str) -> bytes:
        """What any text decrypts to.

        The library would raise only for what anybody can see without the key: not the modulus' length, not
        below the modulus. Such a text becomes noise of our own, after a decryption all the same: without one
        it would be answered by 0.2 ms sooner than any other.
        """
        ciphertext = self._ciphertext(credential)
        noise = hmac.digest(self._noise_key, credential.encode("utf-8", "surrogatepass"), "sha256")
        plaintext = self._decrypt(_STAND_IN if ciphertext is None else ciphertext)
        return noise if ciphertext is None else plaintext

    def _ciphertext(self, credential: str) -> bytes | None:
        """The bytes that can be decrypted, if they can."""
        try:
            ciphertext = base64.b64decode(credential, validate=True)
        except ValueError:
            return None
        fits = len(ciphertext) == len(_STAND_IN) and int.from_bytes(ciphertext) < self._modulus
        return ciphertext if fits else None

    def _present(self, plaintext: bytes) -> PresentedCredential:
        """One way for all: digest and legibility are always worked out, and always over 245 bytes."""
        filled = _fill(plaintext)
        readable = (len(plaintext) > 0) & (filled.translate(_ILLEGIBLE) == _ALL_LEGIBLE)
        return PresentedCredential(_digest(self._password_key, len(plaintext), filled), readable)

    def __repr__(self) -> str:
        return f"CredentialReader({self._memory!r})"


def password_digest(key: bytes, plaintext: bytes) -> bytes:
    """What is kept of a password, under the key of :attr:`~salio.vault.keys.Purpose.PASSWORD_DIGEST`."""
    return _digest(key, len(plaintext), _fill(plaintext))


def _digest(key: bytes, length: int, filled: bytes) -> bytes:
    return hmac.digest(key, length.to_bytes(_LENGTH_BYTES) + filled, "sha256")


def _fill(plaintext: bytes) -> bytes:
    """Brought to one length with legible bytes; its own length, hashed with it, tells what was added."""
    return plaintext.ljust(_LONGEST, b" ")
