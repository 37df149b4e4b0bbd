"""The local authority whose certificates a redirected program is shown, and trusts for nothing else.

It may sign for Safaricom's hosts and for loopback, says so itself (RFC 5280, 4.2.1.10), and lives 30 days.
It is put into no trust store of the machine: who steals its key deceives only what ran under `salio run`.
"""

import os
import ssl
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from salio.redirect.hosts import HOSTS

LIFE = timedelta(days=30)
LEFT_AT_LEAST = timedelta(days=15)
"""What is left of it when a program starts; a program that runs for longer has to be started again."""

LEAF_LIFE = timedelta(days=7)
SKEW = timedelta(hours=1)
"""How far another clock, such as a container's, may lag."""

LOOPBACK = ("127.0.0.1", "::1")
"""Some programs speak TLS to the proxy itself."""

FILE = "authority.pem"

_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


@dataclass(frozen=True, repr=False)
class Authority:
    """The authority's certificate and its key, which no representation shows."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @classmethod
    def open(cls, folder: Path, now: datetime) -> "Authority":
        """The folder's, or a new one where there is none, it is old or damaged, or others could read it."""
        kept = _kept(folder / FILE)
        if kept is not None and kept.certificate.not_valid_after_utc - now >= LEFT_AT_LEAST:
            return kept
        made = cls.new(now)
        made.keep(folder)
        return made

    @classmethod
    def new(cls, now: datetime) -> "Authority":
        """One that nobody knows yet."""
        key = ec.generate_private_key(ec.SECP256R1())
        # a name of its own: a program that knows a former one must not take it for this
        called = f"Salio's local authority {now:%Y-%m-%d %H:%M:%S}"
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, called)])
        names = [x509.DNSName(each) for each in (*HOSTS, "localhost")]
        networks = [x509.IPAddress(ip_network(each)) for each in ("127.0.0.0/8", "::1/128")]
        permitted = x509.NameConstraints(permitted_subtrees=[*names, *networks], excluded_subtrees=None)
        certificate = (
            _builder(name, name, key.public_key(), key.public_key(), now, LIFE)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage("key_cert_sign", "crl_sign"), critical=True)
            .add_extension(permitted, critical=True)
            .sign(key, SHA256())
        )
        return cls(certificate, key)

    @property
    def pem(self) -> bytes:
        """The certificate, as trust stores take it."""
        return self.certificate.public_bytes(Encoding.PEM)

    def keep(self, folder: Path) -> None:
        """Writes certificate and key into one file that nobody else may read, whole or not at all."""
        folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
        handle, draft = tempfile.mkstemp(prefix=".authority-", dir=folder)  # its mode is 0600
        with os.fdopen(handle, "wb") as file:
            file.write(self.pem + _key_pem(self.key))
        Path(draft).replace(folder / FILE)

    def leaf(self, now: datetime) -> bytes:
        """A server's certificate for both hosts and loopback, and its key, as PEM."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOSTS[0])])
        names = [x509.DNSName(each) for each in (*HOSTS, "localhost")]
        addresses = [x509.IPAddress(ip_address(each)) for each in LOOPBACK]
        certificate = (
            _builder(name, self.certificate.subject, key.public_key(), self.key.public_key(), now, LEAF_LIFE)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage("digital_signature"), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(x509.SubjectAlternativeName([*names, *addresses]), critical=False)
            .sign(self.key, SHA256())
        )
        return certificate.public_bytes(Encoding.PEM) + _key_pem(key)


class Shown:
    """What the proxy shows in a handshake; the certificate is renewed by itself in a long run."""

    def __init__(self, authority: Authority, now: Callable[[], datetime]) -> None:
        self._authority = authority
        self._now = now
        self._made_at = now()
        self._context = self._made()

    def context(self) -> ssl.SSLContext:
        """For the next handshake."""
        if self._now() - self._made_at >= LEAF_LIFE / 2:
            self._made_at = self._now()
            self._context = self._made()
        return self._context

    def _made(self) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.set_alpn_protocols(["http/1.1"])  # what the platform speaks
        with tempfile.NamedTemporaryFile() as file:  # its mode is 0600; ssl reads keys from files only
            file.write(self._authority.leaf(self._made_at))
            file.flush()
            context.load_cert_chain(file.name)
        return context


def _kept(path: Path) -> Authority | None:
    try:
        exposed = path.stat().st_mode & 0o077
        content = path.read_bytes()
        certificate, key = x509.load_pem_x509_certificate(content), load_pem_private_key(content, None)
    except (OSError, ValueError):
        return None
    if exposed or not isinstance(key, ec.EllipticCurvePrivateKey):
        return None
    return Authority(certificate, key) if certificate.public_key() == key.public_key() else None


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    signer: ec.EllipticCurvePublicKey,
    now: datetime,
    life: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - SKEW)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
    )


def _usage(*allowed: str) -> x509.KeyUsage:
    return x509.KeyUsage(**{each: each in allowed for each in _USAGES})


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
