"""What programs are told to trust: the machine's roots, whatever they trusted besides, and the authority.

Each kind of program reads its own form: PEM for most, a PKCS #12 store for Java, settings for PHP.
"""

import re
import ssl
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12Certificate, serialize_java_truststore

NAMED_BY = ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""Variables in which a program may have been given further roots, such as its company's."""

SYSTEM = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora, Red Hat
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # macOS, BSD
)

PASSWORD = "salio"  # noqa: S105 - Java wants one; there is nothing secret in the store
_BLOCK = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True)
class Trust:
    """The files of one run."""

    bundle: Path
    """PEM: all of them."""
    java: Path
    """The same as a trust store."""
    php: Path
    """A folder with settings that name the bundle."""


def write_trust(folder: Path, authority: bytes, environment: Mapping[str, str]) -> Trust:
    """Writes the files; the roots are those of the machine and those that the environment names."""
    blocks = dict.fromkeys((*_BLOCK.findall(authority), *_roots(environment)))  # each once
    trust = Trust(bundle=folder / "trusted.pem", java=folder / "trusted.p12", php=folder / "php")
    trust.bundle.write_bytes(b"\n".join((*blocks, b"")))
    trust.java.write_bytes(_java(list(blocks)))
    trust.php.mkdir()
    settings = f'curl.cainfo = "{trust.bundle}"\nopenssl.cafile = "{trust.bundle}"\n'
    (trust.php / "salio.ini").write_text(settings, "utf-8")
    return trust


def _roots(environment: Mapping[str, str]) -> Iterator[bytes]:
    named = [environment[each] for each in NAMED_BY if environment.get(each)]
    system = next((each for each in (ssl.get_default_verify_paths().cafile, *SYSTEM) if _there(each)), None)
    for path in dict.fromkeys((*named, system)):
        if path is not None and _there(path):
            yield from _BLOCK.findall(Path(path).read_bytes())


def _there(path: str | None) -> bool:
    return path is not None and Path(path).is_file()


def _java(blocks: list[bytes]) -> bytes:
    store = [
        PKCS12Certificate(certificate, f"root {number}".encode())
        for number, certificate in enumerate(_readable(blocks))
    ]
    return serialize_java_truststore(store, BestAvailableEncryption(PASSWORD.encode()))


def _readable(blocks: list[bytes]) -> Iterator[x509.Certificate]:
    """An old root that this library no longer reads is none for Java either."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of roots with odd serial numbers: they are the machine's choice
        for block in blocks:
            try:
                yield x509.load_pem_x509_certificate(block)
            except ValueError:
                continue
