"""Passwords to credentials."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from salio.wire import credentials

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    """One key for all tests: making one takes a while."""
    return rsa.generate_private_key(65537, 2048)


def certificate(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """A self-signed certificate that expired in 2016, like Safaricom's own."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "apicrypt.example")])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(datetime(2014, 11, 12, tzinfo=UTC))
        .not_valid_after(datetime(2016, 11, 11, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )


def public_key(encoding: serialization.Encoding, form: serialization.PublicFormat) -> bytes:
    """The public key alone."""
    return rsa_key().public_key().public_bytes(encoding, form)


def decrypted(credential: str) -> bytes:
    """What the platform would find in the credential."""
    return rsa_key().decrypt(base64.b64decode(credential, validate=True), padding.PKCS1v15())


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(lambda: certificate(rsa_key()).public_bytes(PEM), id="certificate, PEM, expired"),
        pytest.param(lambda: certificate(rsa_key()).public_bytes(DER), id="certificate, DER"),
        pytest.param(
            lambda: public_key(PEM, serialization.PublicFormat.SubjectPublicKeyInfo), id="public key, PEM"
        ),
        pytest.param(
            lambda: public_key(DER, serialization.PublicFormat.SubjectPublicKeyInfo), id="public key, DER"
        ),
        pytest.param(lambda: public_key(PEM, serialization.PublicFormat.PKCS1), id="PKCS #1 public key"),
        pytest.param(lambda: b"note\n" + certificate(rsa_key()).public_bytes(PEM), id="text before it"),
    ],
)
def test_every_kind_of_file(file: Callable[[], bytes]) -> None:
    """A certificate or public key of either encoding will do; its dates do not matter."""
    assert decrypted(credentials.make_credential("Safaricom999!*!", file())) == b"Safaricom999!*!"


def test_a_credential_is_as_long_as_the_key() -> None:
    """256 bytes in base64, another each time."""
    file = certificate(rsa_key()).public_bytes(PEM)
    first, second = (credentials.make_credential("secret", file) for _ in range(2))
    assert len(base64.b64decode(first)) == 256
    assert first != second


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=61))
@settings(deadline=None, max_examples=20)
def test_round_trip(password: str) -> None:
    """The password's bytes arrive as they are, not their base64 (rulings, Requests)."""
    file = public_key(PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    assert decrypted(credentials.make_credential(password, file)) == password.encode()


@pytest.mark.parametrize(
    ("password", "words"),
    [
        pytest.param("", "empty", id="empty"),
        pytest.param("x" * 246, "246 bytes long, the key takes 245", id="a byte too long"),
        pytest.param("é" * 123, "246 bytes long", id="two bytes a letter"),
        pytest.param("\ud800", "surrogate", id="half a surrogate pair"),
    ],
)
def test_passwords_that_do_not_fit(password: str, words: str) -> None:
    """A password that cannot be encrypted is refused in words that do not repeat it."""
    file = certificate(rsa_key()).public_bytes(PEM)
    with pytest.raises(credentials.UnusablePassword, match=words):
        credentials.make_credential(password, file)


def test_the_longest_password() -> None:
    """245 bytes fit."""
    file = certificate(rsa_key()).public_bytes(PEM)
    assert decrypted(credentials.make_credential("x" * 245, file)) == b"x" * 245


def test_another_kind_of_key() -> None:
    """A certificate of an elliptic curve cannot encrypt."""
    file = certificate(ec.generate_private_key(ec.SECP256R1())).public_bytes(PEM)
    with pytest.raises(credentials.KeyNotRsa, match="not an RSA key"):
        credentials.make_credential("secret", file)


@pytest.mark.parametrize(
    "file",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not a certificate", id="text"),
        pytest.param(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", id="hollow"),
        pytest.param(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n", id="hollow key"),
        pytest.param(b"-----BEGIN NONSENSE-----", id="another header"),
    ],
)
def test_unreadable_files(file: bytes) -> None:
    """A file that is neither certificate nor public key is refused in words."""
    with pytest.raises(credentials.UnreadableCertificate, match="neither an X"):
        credentials.make_credential("secret", file)


def test_a_private_key_is_refused() -> None:
    """Who passes a private key is told what is needed instead."""
    file = rsa_key().private_bytes(PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    with pytest.raises(credentials.UnreadableCertificate, match="this is a private key"):
        credentials.make_credential("secret", file)


@given(st.binary(max_size=200) | st.binary(max_size=50).map(b"-----BEGIN CERTIFICATE-----".__add__))
@settings(deadline=None)
def test_garbage_has_a_named_error(file: bytes) -> None:
    """No file raises anything but the named errors."""
    with pytest.raises((credentials.UnreadableCertificate, credentials.KeyNotRsa)):
        credentials.make_credential("secret", file)
