"""The https address that a program's endpoint needs: this machine's name, TLS, and all goes on to a port."""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from tests.patience import PATIENCE

NAME = socket.gethostname()
"""Some programs refuse to name loopback to Safaricom."""


def _is_ours(name: str) -> bool:
    try:
        with socket.create_server((name, 0)):
            return True
    except OSError:
        return False


needs_a_name = pytest.mark.skipif(
    not _is_ours(NAME), reason="this machine's name is not an address of its own"
)


class Tunnel(ThreadingHTTPServer):
    """Hands each POST on, and the answer back."""

    daemon_threads = True

    def __init__(self, to_port: int, certificate: Path) -> None:
        super().__init__((NAME, 0), Carrying)
        self.certificate = certificate
        self.to_port = to_port
        self.url = f"https://{NAME}:{self.server_port}"
        self._carried = threading.Semaphore(0)
        certificate.write_bytes(self_signed(NAME))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def carried(self) -> None:
        """One POST more has been answered."""
        self._carried.release()

    def wait(self, posts: int) -> None:
        """Until so many have been answered; fails if they are not."""
        for _ in range(posts):
            assert self._carried.acquire(timeout=PATIENCE)


class Carrying(BaseHTTPRequestHandler):
    """One connection of a tunnel's."""

    server: Tunnel

    def do_POST(self) -> None:
        """To the endpoint, and its answer back."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        connection = http.client.HTTPConnection("127.0.0.1", self.server.to_port, timeout=PATIENCE)
        connection.request("POST", self.path, body, {"Content-Type": self.headers["Content-Type"]})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        self.send_response(answer.status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)
        self.server.carried()

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


@contextmanager
def tunnel(to_port: int, certificate: Path) -> Iterator[Tunnel]:
    """One that runs; its certificate and key are written to that file."""
    with Tunnel(to_port, certificate) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def self_signed(host: str) -> bytes:
    """A certificate for the host, an authority to itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM) + private
