"""Small receivers on loopback that behave as badly as they are told."""

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

Behaviour = Callable[[socket.socket, "Receiver"], None]

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


class Receiver:
    """A listening socket; each connection is a thread that behaves, and everything is counted."""

    def __init__(self, behaviour: Behaviour, context: ssl.SSLContext | None = None) -> None:
        self.behaviour = behaviour
        self.context = context
        self.requests: list[bytes] = []
        self.connections = 0
        self.over = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def url(self, path: str = "/result", *, host: str = "127.0.0.1") -> str:
        """Its address."""
        return f"{'https' if self.context else 'http'}://{host}:{self.port}{path}"

    def read_request(self, connection: socket.socket) -> bytes:
        """One whole request, kept; empty if the caller went away."""
        text = b""
        while b"\r\n\r\n" not in text:
            piece = connection.recv(65536)
            if not piece:
                return b""
            text += piece
        head, _, body = text.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        return self.requests[-1]

    def close(self) -> None:
        """Ends every connection and every thread."""
        self.over.set()
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                self.connections += 1
                self._open.append(connection)
                thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
                self._threads.append(thread)
                thread.start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            if self.context is None:
                self.behaviour(connection, self)
            else:
                with self.context.wrap_socket(connection, server_side=True) as secured:
                    self._open.append(secured)
                    self.behaviour(secured, self)


@contextmanager
def receiving(behaviour: Behaviour, context: ssl.SSLContext | None = None) -> Generator[Receiver, None, None]:
    """A receiver for the length of a test."""
    receiver = Receiver(behaviour, context)
    try:
        yield receiver
    finally:
        receiver.close()


def answering(answer: bytes = OK) -> Behaviour:
    """Answers every request on a kept connection."""

    def behave(connection: socket.socket, receiver: Receiver) -> None:
        while receiver.read_request(connection):
            connection.sendall(answer)

    return behave


def answering_once_then(rest: bytes) -> Behaviour:
    """Answers the first request; reads the second and closes after sending the rest."""

    def behave(connection: socket.socket, receiver: Receiver) -> None:
        receiver.read_request(connection)
        connection.sendall(OK)
        receiver.read_request(connection)
        connection.sendall(rest)

    return behave


def sending(pieces: Callable[[], Iterator[bytes]], pause: float = 0) -> Behaviour:
    """Reads a request and sends pieces, with a pause after each; then closes."""

    def behave(connection: socket.socket, receiver: Receiver) -> None:
        receiver.read_request(connection)
        for piece in pieces():
            connection.sendall(piece)
            if receiver.over.wait(pause):
                return

    return behave


def resetting(start: bytes) -> Behaviour:
    """Reads a request, sends the start of an answer and resets the connection."""

    def behave(connection: socket.socket, receiver: Receiver) -> None:
        receiver.read_request(connection)
        if start:
            connection.sendall(start)
            receiver.over.wait(0.05)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return behave


def silent(connection: socket.socket, receiver: Receiver) -> None:
    """Reads a request and never answers."""
    receiver.read_request(connection)
    receiver.over.wait()


def deaf(connection: socket.socket, receiver: Receiver) -> None:
    """Accepts and never reads."""
    del connection
    receiver.over.wait()
