"""The local authority: kept by its owner alone, young, and good for Safaricom's hosts and loopback only."""

import asyncio
import ssl
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from salio.redirect.authority import FILE, LEAF_LIFE, LEFT_AT_LEAST, LIFE, Authority, Shown
from tests.patience import PATIENCE
from tests.redirect.world import NOW


def test_it_is_kept(tmp_path: Path) -> None:
    """The next run's programs see the same one; nobody else can read its key."""
    folder = tmp_path / "data" / "redirect"
    first = Authority.open(folder, NOW)
    assert Authority.open(folder, NOW).pem == first.pem
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.parent.stat().st_mode & 0o777 == 0o700
    assert [each.name for each in folder.iterdir()] == [FILE]


def test_it_is_renewed_by_itself(tmp_path: Path) -> None:
    """While what is left of it is enough for a long run still."""
    first = Authority.open(tmp_path, NOW)
    late = NOW + LIFE - LEFT_AT_LEAST
    assert Authority.open(tmp_path, late - timedelta(minutes=1)).pem == first.pem
    second = Authority.open(tmp_path, late + timedelta(minutes=1))
    assert second.pem != first.pem
    assert second.certificate.subject != first.certificate.subject
    assert Authority.open(tmp_path, late + timedelta(minutes=1)).pem == second.pem


@pytest.mark.parametrize("trouble", ["exposed", "damaged", "without its key", "with another key"])
def test_one_that_cannot_be_relied_on_is_replaced(tmp_path: Path, trouble: str) -> None:
    """Whoever could have read the key might sign with it."""
    first = Authority.open(tmp_path, NOW)
    file = tmp_path / FILE
    match trouble:
        case "exposed":
            file.chmod(0o640)
        case "damaged":
            file.write_bytes(file.read_bytes()[40:])
        case "without its key":
            file.write_bytes(first.pem)
        case _:
            file.write_bytes(first.pem + Authority.new(NOW).leaf(NOW).partition(b"-----BEGIN PRIVATE")[2])
    second = Authority.open(tmp_path, NOW)
    assert second.pem != first.pem
    assert file.stat().st_mode & 0o777 == 0o600


def test_nothing_shows_the_key() -> None:
    """Not even its representation."""
    assert "EllipticCurve" not in repr(Authority.new(NOW))


def signed(authority: Authority, name: x509.GeneralName) -> bytes:
    """What a thief of the key would make."""
    key = ec.generate_private_key(ec.SECP256R1())
    leaf = x509.load_pem_x509_certificate(authority.leaf(NOW))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(leaf.issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(leaf.not_valid_before_utc)
        .not_valid_after(leaf.not_valid_after_utc)
        .add_extension(x509.SubjectAlternativeName([name]), critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), False)
        .sign(authority.key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + private


def shaken(authority: Authority, leaf: bytes, host: str, folder: Path) -> None:
    """A handshake between somebody who shows the leaf and somebody who trusts the authority."""
    (folder / "leaf.pem").write_bytes(leaf)
    showing = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    showing.load_cert_chain(folder / "leaf.pem")
    trusting = ssl.create_default_context(cadata=authority.pem.decode())
    trusting.verify_flags |= ssl.VERIFY_X509_STRICT  # as Python 3.13 does by itself

    async def shake() -> None:
        async with await asyncio.start_server(
            lambda _reader, writer: writer.close(), "127.0.0.1", 0, ssl=showing
        ) as server:
            port = server.sockets[0].getsockname()[1]
            async with asyncio.timeout(PATIENCE):
                _, writer = await asyncio.open_connection(
                    "127.0.0.1", port, ssl=trusting, server_hostname=host
                )
                writer.transport.abort()

    asyncio.run(shake())


@pytest.mark.parametrize(
    "host", ["sandbox.safaricom.co.ke", "api.safaricom.co.ke", "localhost", "127.0.0.1", "::1"]
)
def test_a_leaf_is_good_for_each_name(tmp_path: Path, host: str) -> None:
    """Also with strict checks."""
    authority = Authority.new(NOW)
    shaken(authority, authority.leaf(NOW), host, tmp_path)


def test_it_is_good_for_no_other_name(tmp_path: Path) -> None:
    """Whoever stole the key could play no other host."""
    authority = Authority.new(NOW)
    leaf = signed(authority, x509.DNSName("example.com"))
    with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree violation"):
        shaken(authority, leaf, "example.com", tmp_path)


def test_the_leaf_is_renewed_in_a_long_run() -> None:
    """A context serves for half of its certificate's life."""
    now: list[datetime] = [NOW]
    shown = Shown(Authority.new(NOW), lambda: now[0])
    first = shown.context()
    assert shown.context() is first
    now[0] += LEAF_LIFE / 2
    assert shown.context() is not first
