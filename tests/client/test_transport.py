"""Real sockets: a certificate that is not good, a server that hangs up, connections that are opened anew."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from salio.client.client import Client
from salio.client.errors import NotSent, OutcomeUnknown, ServerNotTrusted
from salio.client.settings import Options
from tests.client.shells import APP, CALLBACKS, INITIATOR, Time
from tests.delivery.test_tls import Authority

GRANT = b'{"access_token":"token","expires_in":"3599"}'
GRANTED = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(GRANT), GRANT)


@contextmanager
def serving(answers: list[bytes], context: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server that takes one connection for each answer, reads a request, answers, and hangs up."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(10)

    def serve() -> None:
        for answer in answers:
            try:
                taken, _ = listener.accept()
            except OSError:
                return
            with taken:
                _answer(taken, answer, context)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.close()
        thread.join()


def _answer(taken: socket.socket, answer: bytes, context: ssl.SSLContext | None) -> None:
    try:
        stream = taken if context is None else context.wrap_socket(taken, server_side=True)
        with stream:
            stream.recv(65536)
            stream.sendall(answer)
    except OSError:
        return  # whoever does not trust us hangs up first


def client(base_url: str, tls: ssl.SSLContext | None = None) -> Client:
    """One that waits for nothing."""
    options = Options(timeout=5, connect_timeout=5, tls=tls)
    return Client(base_url, APP, INITIATOR, CALLBACKS, options=options, outside=Time().outside())


@pytest.mark.parametrize("host", ["localhost", "elsewhere.example"], ids=["unknown issuer", "other name"])
def test_c15_a_certificate_that_is_not_good(tmp_path: Path, host: str) -> None:
    """Whoever signed it, or whomever it names: no byte of a request leaves."""
    authority = Authority(tmp_path)
    trusting = ssl.create_default_context(cafile=authority.bundle) if host != "localhost" else None
    with (
        serving([GRANTED], authority.context(host)) as port,
        client(f"https://localhost:{port}", trusting) as asking,
        pytest.raises(ServerNotTrusted),
    ):
        asking.token()


def test_a_certificate_that_is_trusted(tmp_path: Path) -> None:
    """By an authority of one's own."""
    authority = Authority(tmp_path)
    trusting = ssl.create_default_context(cafile=authority.bundle)
    context = authority.context("localhost")
    with serving([GRANTED], context) as port, client(f"https://localhost:{port}", trusting) as asking:
        assert asking.token() == "token"


def test_nobody_listens() -> None:
    """The connection is refused: nothing was sent."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with client(f"http://127.0.0.1:{port}") as asking, pytest.raises(NotSent):
        asking.token()


def test_c4_a_server_that_hangs_up() -> None:
    """It read the question and said nothing: it may have been accepted."""
    with (
        serving([GRANTED, b""]) as port,
        client(f"http://127.0.0.1:{port}") as asking,
        pytest.raises(OutcomeUnknown),
    ):
        asking.balance()


def test_a_client_can_be_closed_and_used_again() -> None:
    """The next request opens a connection."""
    accepted = b'{"ResponseCode":"0","ConversationID":"AG_1"}'
    answer = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (
        len(accepted),
        accepted,
    )
    with serving([GRANTED, answer, answer]) as port:
        asking = client(f"http://127.0.0.1:{port}")
        asking.balance()
        asking.close()
        asking.close()
        assert asking.balance().conversation_id == "AG_1"
        asking.close()
