"""The key ring of one environment: made at its first start, loaded ever after."""

import enum
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from salio.vault.certificate import KEY_BITS, PUBLIC_EXPONENT, parse_certificate, self_signed
from salio.vault.entropy import Entropy
from salio.vault.errors import KeyFileDamagedError
from salio.vault.key_files import create_folder, is_new, read_public, read_secret, replace_file
from salio.vault.private_keys import StoredKey, parse_keys, print_keys

PRIVATE_KEY_FILE = "private_key.pem"
CERTIFICATE_FILE = "certificate.pem"
MASTER_SECRET_FILE = "master_secret"  # noqa: S105 - the name of a file

_SECRET_BYTES = 32


class Purpose(enum.Enum):
    """What a key derived from the master secret is for; two purposes never share a key."""

    PASSWORD_DIGEST = "initiator password digest"  # noqa: S105 - a label
    TOKEN_MAC = "access token mac"  # noqa: S105 - a label
    TOKEN_MASK = "access token mask"  # noqa: S105 - a label
    APP_SECRET_DIGEST = "consumer secret digest"  # noqa: S105 - a label
    APP_SECRET_SEAL = "consumer secret seal"  # noqa: S105 - a label
    CONTROL = "control of the sandbox"
    RECEIPT = "receipt"
    PASSKEY = "passkey of M-PESA Express"


class KeyRing:
    """One environment's keys; shows none of them."""

    def __init__(
        self,
        folder: Path,
        private_key: RSAPrivateKey,
        certificate: x509.Certificate,
        master_secret: bytes,
        previous: StoredKey | None = None,
    ) -> None:
        self.folder = folder
        self.private_key = private_key
        self.previous = previous
        """The key before the last renewal: nothing is decided with it."""
        self._certificate = certificate
        self._master_secret = master_secret

    @classmethod
    def open(cls, folder: Path, environment: str, *, entropy: Entropy) -> Self:
        """Loads the keys in the folder; makes them first if the folder is new.

        Of two processes that start at once, one makes the keys and both load them. Raises
        :class:`~salio.vault.errors.KeyFileError`, and OSError where the folder cannot be written.
        """
        if is_new(folder):
            create_folder(folder, _new_files(environment, entropy))
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Loads the keys in the folder and makes none; raises :class:`~salio.vault.errors.KeyFileError`."""
        pem = read_public(folder / CERTIFICATE_FILE)  # first: a renewal meanwhile has its key there already
        path = folder / PRIVATE_KEY_FILE
        try:
            keys = parse_keys(read_secret(path))
            path = folder / CERTIFICATE_FILE
            certificate, place = parse_certificate(pem, [each.private_key for each in keys])
            path = folder / MASTER_SECRET_FILE
            master_secret = _parse_secret(read_secret(path))
        except ValueError as error:
            raise KeyFileDamagedError(path, str(error)) from error
        previous = keys[place + 1] if place + 1 < len(keys) else None
        return cls(folder, keys[place].private_key, certificate, master_secret, previous)

    def renew(self, environment: str, *, entropy: Entropy, at: datetime) -> None:
        """Exchanges key and certificate on disk; this one becomes the previous. The master secret stays.

        Nobody else may write to the folder meanwhile. Whenever it dies, the folder holds this key or the new
        one, whole; this object goes on with what it has. Raises OSError where the folder cannot be written.
        """
        key = rsa.generate_private_key(PUBLIC_EXPONENT, KEY_BITS)
        certificate = self_signed(key, environment, entropy)
        before = [] if self.previous is None else [self.previous]
        keys = [StoredKey(key), StoredKey(self.private_key, at), *before]
        replace_file(self.folder / PRIVATE_KEY_FILE, print_keys(keys))
        replace_file(self.certificate_path, certificate.public_bytes(Encoding.PEM))

    @property
    def certificate_path(self) -> Path:
        """The PEM file that clients encrypt with."""
        return self.folder / CERTIFICATE_FILE

    @property
    def certificate_pem(self) -> bytes:
        """The X.509 certificate as PEM."""
        return self._certificate.public_bytes(Encoding.PEM)

    @property
    def certificate_der(self) -> bytes:
        """The X.509 certificate as DER."""
        return self._certificate.public_bytes(Encoding.DER)

    @property
    def public_key_pem(self) -> bytes:
        """The bare public key as PEM, for clients that read no certificates."""
        return self.private_key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def derive(self, purpose: Purpose) -> bytes:
        """The 32-byte key of a purpose (HKDF, RFC 5869, without salt: the secret is uniform already)."""
        derivation = HKDF(SHA256(), _SECRET_BYTES, salt=None, info=b"salio 1 " + purpose.value.encode())
        return derivation.derive(self._master_secret)

    def control_key(self) -> str:
        """Opens the sandbox's control to callers elsewhere: 32 hexadecimal digits."""
        return self.derive(Purpose.CONTROL)[:16].hex()

    def __repr__(self) -> str:
        return f"KeyRing({str(self.folder)!r})"


def _new_files(environment: str, entropy: Entropy) -> dict[str, bytes]:
    key = rsa.generate_private_key(PUBLIC_EXPONENT, KEY_BITS)
    return {
        PRIVATE_KEY_FILE: print_keys([StoredKey(key)]),
        CERTIFICATE_FILE: self_signed(key, environment, entropy).public_bytes(Encoding.PEM),
        MASTER_SECRET_FILE: _print_secret(entropy(_SECRET_BYTES)),
    }


def _print_secret(secret: bytes) -> bytes:
    """One line: the secret and a check of it, so that a damaged byte is seen before it hurts."""
    return f"{secret.hex()}-{sha256(secret).hexdigest()[:16]}\n".encode()


def _parse_secret(line: bytes) -> bytes:
    try:
        secret = bytes.fromhex(line[: 2 * _SECRET_BYTES].decode("ascii"))
    except ValueError:
        secret = b""
    if len(secret) != _SECRET_BYTES or not compare_digest(_print_secret(secret), line):
        raise ValueError("does not hold the secret that was written to it")
    return secret
