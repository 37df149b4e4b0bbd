"""TLS: only a certificate of a trusted authority for the right name (fault catalogue, P15)."""

import socket
import ssl
import struct
import time
import warnings
from collections.abc import Generator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from salio.delivery import lines
from salio.delivery.addresses import SANDBOX
from salio.delivery.courier import Courier
from salio.delivery.lines import CourierSettings, system_certificates
from tests.delivery.receivers import Behaviour, Receiver, answering, receiving, sending
from tests.delivery.test_courier import BESIDE, Driven, WallClock

TODAY = datetime.now(UTC)


class Authority:
    """A certificate authority of one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "an authority of a test")])
        self.bundle = folder / "authority.pem"
        self.bundle.write_bytes(_pem(self._certificate(self.name, self.key, "authority", 365, ca=True)))

    def context(self, host: str, *, days: int = 365, own: bool = False) -> ssl.SSLContext:
        """A receiver's side with a certificate for the host; ``own`` signs it with its own key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        certificate = self._certificate(subject, key if own else self.key, host, days, key=key)
        file = self.folder / "receiver.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        file.write_bytes(private + _pem(certificate))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(file)
        return context

    def _certificate(
        self,
        subject: x509.Name,
        signer: ec.EllipticCurvePrivateKey,
        host: str,
        days: int,
        *,
        key: ec.EllipticCurvePrivateKey | None = None,
        ca: bool = False,
    ) -> x509.Certificate:
        issuer = self.name if signer is self.key else subject
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key((key or signer).public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(TODAY - timedelta(days=30))
            .not_valid_after(TODAY + timedelta(days=days))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .sign(signer, hashes.SHA256())
        )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    """A fresh authority."""
    return Authority(tmp_path)


@pytest.fixture
def trusting(authority: Authority) -> Generator[Driven, None, None]:
    """A courier that trusts that authority alone."""
    settings = CourierSettings(connect_seconds=1, total_seconds=2, certificates=str(authority.bundle))
    driven = Driven(settings=settings)
    yield driven
    driven.courier.close()


def test_the_right_certificate_is_accepted(authority: Authority, trusting: Driven) -> None:
    """Authority and name are right: delivered, and the connection kept."""
    with receiving(answering(), authority.context("localhost")) as receiver:
        for _ in range(2):
            [end] = trusting.post(receiver.url(host="localhost"))
            assert (end.status, end.fault) == (200, None)
    assert receiver.connections == 1


@pytest.mark.parametrize("case", ["wrong-name", "expired", "self-signed"])
def test_p15_a_wrong_certificate_is_refused(authority: Authority, trusting: Driven, case: str) -> None:
    """No request leaves, and the reason says TLS."""
    name = "elsewhere.example" if case == "wrong-name" else "localhost"
    context = authority.context(name, days=-1 if case == "expired" else 365, own=case == "self-signed")
    with receiving(answering(), context) as receiver:
        [end] = trusting.post(receiver.url(host="localhost"))
    assert end.fault is not None
    assert end.fault.startswith("TLS: ")
    assert receiver.requests == []


def test_p15_an_unknown_authority_is_refused(authority: Authority) -> None:
    """The system's bundle does not know it."""
    driven = Driven(settings=CourierSettings(connect_seconds=1, total_seconds=2))
    with receiving(answering(), authority.context("localhost")) as receiver:
        [end] = driven.post(receiver.url(host="localhost"))
    driven.courier.close()
    assert end.fault is not None
    assert end.fault.startswith("TLS: ")


def test_p15_old_versions_are_refused(authority: Authority, trusting: Driven) -> None:
    """TLS 1.0 and 1.1 are not spoken."""
    context = authority.context("localhost")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    with receiving(answering(), context) as receiver:
        [end] = trusting.post(receiver.url(host="localhost"))
    assert end.fault is not None
    assert end.fault.startswith("TLS: ")
    assert receiver.requests == []


def test_p15_there_is_no_way_back_to_http(trusting: Driven) -> None:
    """A receiver that speaks plain HTTP on an https address gets nothing."""
    plain = sending(lambda: iter([b"HTTP/1.1 200 OK\r\n\r\n"]))
    with receiving(plain) as receiver:
        [end] = trusting.post(f"https://localhost:{receiver.port}/")
    assert end.fault is not None
    assert not end.delivered


RECORD = b"\x16\x03\x03\x00\x7a"
"""The head of a TLS record that promises 122 bytes of handshake."""


def leaving(said: bytes, *, reset: bool = False) -> Behaviour:
    """Reads the beginning of the handshake, says this and goes."""

    def behave(connection: socket.socket, receiver: Receiver) -> None:
        del receiver
        connection.recv(65536)
        connection.sendall(said)
        if reset:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


@pytest.mark.parametrize(
    "behaviour",
    [
        pytest.param(leaving(b""), id="without a word"),
        pytest.param(leaving(RECORD), id="within a record"),
        pytest.param(leaving(RECORD + b"\x02\x00\x00\x76\x03\x03"), id="within the hello"),
        pytest.param(leaving(b"\x15\x03\x03\x00\x02\x02\x28"), id="with an alert"),
        pytest.param(leaving(RECORD, reset=True), id="by a reset"),
    ],
)
def test_p15_a_close_in_the_middle_of_the_handshake(trusting: Driven, behaviour: Behaviour) -> None:
    """The attempt ends at once with a reason, after one connection: neither again, nor in the clear."""
    with receiving(behaviour) as receiver:
        [end] = trusting.post(f"https://localhost:{receiver.port}/")
        assert receiver.connections == 1
    assert end.fault is not None
    assert end.fault.startswith(("TLS: ", "connection reset"))
    assert not end.delivered


def test_the_system_has_a_bundle() -> None:
    """Found on this machine, and shown by the courier."""
    courier = Courier(
        clock=WallClock(), rules=SANDBOX, ended=print, beside=BESIDE.begin, seconds=time.monotonic
    )
    assert courier.certificates == system_certificates()
    assert courier.certificates is not None
    courier.close()


def test_a_system_without_a_bundle_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """``None``, so that whoever starts the courier can say that https will fail."""
    monkeypatch.setattr(lines, "ELSEWHERE", ())
    monkeypatch.setenv("SSL_CERT_FILE", "/nowhere")
    assert system_certificates() is None
