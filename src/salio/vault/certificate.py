"""The certificate that clients encrypt SecurityCredentials with, and the key behind it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import NameOID

from salio.vault.entropy import Entropy

KEY_BITS = 2048
"""The one whole credential in the documents (B2C Account Top Up, sample) has 344 characters: 256 bytes."""
PUBLIC_EXPONENT = 65537

_VALID_FROM = datetime(2017, 1, 1, tzinfo=UTC)
"""Before the oldest receipt of the documents, so that a clock set back to a sample's day is inside."""
_VALID_UNTIL = datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)
"""The last day that every reader of X.509 understands (RFC 5280, 4.1.2.5.1)."""
_SERIAL_BYTES = 16


def self_signed(key: RSAPrivateKey, environment: str, entropy: Entropy) -> x509.Certificate:
    """A certificate of the key's public half; only key and serial number tell two of them apart."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Salio {environment}")])
    builder = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key())
        .serial_number(int.from_bytes(entropy(_SERIAL_BYTES)) | 1)
        .not_valid_before(_VALID_FROM)
        .not_valid_after(_VALID_UNTIL)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_encipherment_only(), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    return builder.sign(key, SHA256())


def _encipherment_only() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def parse_private_key(pem: bytes) -> RSAPrivateKey:
    """The RSA key of a PEM text; ValueError says what it is instead."""
    try:
        key = load_pem_private_key(pem, password=None)
    except Exception as error:  # the library's errors have no common base
        raise ValueError("holds no private key that can be read") from error
    if isinstance(key, RSAPrivateKey) and _is_ours(key.public_key().public_numbers()):
        return key
    raise ValueError(f"holds another key than RSA of {KEY_BITS} bits with exponent {PUBLIC_EXPONENT}")


def _is_ours(numbers: RSAPublicNumbers) -> bool:
    return numbers.n.bit_length() == KEY_BITS and numbers.e == PUBLIC_EXPONENT


def parse_certificate(pem: bytes, keys: Sequence[RSAPrivateKey]) -> tuple[x509.Certificate, int]:
    """The certificate of a PEM file, and which of the keys it certifies; ValueError if it is none of them."""
    try:
        certificate = x509.load_pem_x509_certificate(pem)
        certified = certificate.public_key()
    except Exception as error:  # as above
        raise ValueError("holds no certificate that can be read") from error
    for place, key in enumerate(keys):
        if key.public_key() == certified:
            return certificate, place
    raise ValueError("is the certificate of another private key")
