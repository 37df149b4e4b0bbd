"""What several tests of the vault make: seeded entropy, credentials, operators."""

import base64
from datetime import UTC, datetime
from hashlib import sha256

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from salio.core.parties.operators import Channel, Operator
from salio.vault.credentials import CredentialReader
from salio.vault.keys import KeyRing

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
PASSWORD = "Safaricom999!*!"


class Seeded:
    """Entropy that repeats itself."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._drawn = 0

    def __call__(self, length: int) -> bytes:
        drawn = b""
        while len(drawn) < length:
            self._drawn += 1
            drawn += sha256(b"%d %d" % (self._seed, self._drawn)).digest()
        return drawn[:length]


def encrypted(keys: KeyRing, password: bytes) -> str:
    """A SecurityCredential, as a client makes it."""
    ciphertext = keys.private_key.public_key().encrypt(password, PKCS1v15())
    return base64.b64encode(ciphertext).decode()


def foreign(keys: KeyRing, certificate: RSAPublicKey, password: bytes) -> str:
    """A SecurityCredential by another certificate that ours cannot read: of the noise one in 400 is text."""
    reader = CredentialReader(keys, entropy=Seeded(1))
    while True:
        credential = base64.b64encode(certificate.encrypt(password, PKCS1v15())).decode()
        below = (
            int.from_bytes(base64.b64decode(credential)) < keys.private_key.public_key().public_numbers().n
        )
        if below and not reader.open_credential(credential).readable:
            return credential


def raised(keys: KeyRing, block: bytes) -> str:
    """A SecurityCredential of a block of any form: raw RSA, as an attacker makes it."""
    numbers = keys.private_key.public_key().public_numbers()
    ciphertext = pow(int.from_bytes(block), numbers.e, numbers.n)
    return base64.b64encode(ciphertext.to_bytes(256)).decode()


def operator(number: int) -> Operator:
    """An initiator; only its number matters here."""
    return Operator(
        number=number,
        short_code="600000",
        name=f"api{number}",
        channel=Channel.API,
        roles=frozenset(),
        password_digest=b"",
        password_set_at=NOW,
        last_used_at=NOW,
    )
