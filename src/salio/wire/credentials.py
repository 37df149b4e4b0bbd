"""An initiator's password to a SecurityCredential: RSA, PKCS #1 v1.5, base64 (TS, FAQ 6; rulings, Requests).

`cryptography` is imported when the first credential is made: importing `salio.wire` stays fast.
"""

import base64
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

PADDING_LENGTH = 11
"""Bytes that PKCS #1 v1.5 needs for itself: 245 are left with a key of 2048 bits."""


class UnusablePassword(ValueError):  # noqa: N818  # says what is the matter
    """The password is empty, no text, or longer than the key can hold."""


class UnreadableCertificate(ValueError):  # noqa: N818  # says what is the matter
    """The file is neither an X.509 certificate nor a public key."""


class KeyNotRsa(ValueError):  # noqa: N818  # says what is the matter
    """The certificate's key is of another kind than RSA."""


def make_credential(password: str, certificate_pem_or_der: bytes) -> str:
    """The password's bytes as they are, encrypted with the certificate's key, in base64.

    Takes an X.509 certificate or a public key, PEM or DER. Its dates are not looked at: Safaricom's own
    expired years ago and are in use. No two credentials are alike, even of one password.

    Raises:
        UnusablePassword: empty, not encodable, or too long for the key.
        UnreadableCertificate: the file is something else.
        KeyNotRsa: the key is of another kind.
    """
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15  # see above

    key = _public_key(certificate_pem_or_der)
    plain = _plain(password, key.key_size // 8 - PADDING_LENGTH)
    return base64.b64encode(key.encrypt(plain, PKCS1v15())).decode("ascii")


def _plain(password: str, limit: int) -> bytes:
    if not password:
        raise UnusablePassword("the password is empty")
    try:
        plain = password.encode("utf-8")
    except UnicodeEncodeError:
        raise UnusablePassword("the password holds half a surrogate pair") from None
    if len(plain) > limit:
        raise UnusablePassword(f"the password is {len(plain)} bytes long, the key takes {limit}")
    return plain


def _public_key(file: bytes) -> "RSAPublicKey":
    from cryptography import exceptions
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

    if b"PRIVATE KEY-----" in file:
        raise UnreadableCertificate(
            "this is a private key: the platform's certificate or public key is needed"
        )
    try:
        key = _load(file)
    except exceptions.UnsupportedAlgorithm:
        raise KeyNotRsa("the certificate's key is of a kind that cannot be read here") from None
    except ValueError:
        raise UnreadableCertificate("neither an X.509 certificate nor a public key, in PEM or DER") from None
    if not isinstance(key, RSAPublicKey):
        raise KeyNotRsa("the certificate's key is not an RSA key")
    return key


def _load(file: bytes) -> object:
    from cryptography import x509
    from cryptography.hazmat.primitives import serialization

    if b"-----BEGIN CERTIFICATE-----" in file:
        return x509.load_pem_x509_certificate(file).public_key()
    if b"-----BEGIN" in file:
        return serialization.load_pem_public_key(file)
    try:
        return x509.load_der_x509_certificate(file).public_key()
    except ValueError:
        return serialization.load_der_public_key(file)
