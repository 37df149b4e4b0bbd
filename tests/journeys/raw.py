"""Bytes on a connection exactly as a test gives them: what no HTTP library would send."""

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from salio.wire.apis import Api
from tests.journeys.running import Platform
from tests.patience import PATIENCE


@dataclass(frozen=True)
class Heard:
    """Everything that came back, and whether the other side hung up after it."""

    content: bytes
    closed: bool

    @property
    def statuses(self) -> list[int]:
        """Of every answer that came."""
        return [int(each) for each in re.findall(rb"HTTP/1\.1 (\d{3}) ", self.content)]


def head(platform: Platform, api: Api, *lines: bytes, host: bytes = b"Host: x\r\n") -> bytes:
    """The head of a question under a good token, to which these lines are added; its end is not."""
    authorization = b"Authorization: Bearer " + platform.token().encode()
    first = b"POST " + api.path.encode() + b" HTTP/1.1\r\n" + host
    return b"\r\n".join([first + authorization, b"Content-Type: application/json", *lines, b""])


def length(body: bytes) -> bytes:
    """The header that says how long the body is."""
    return b"Content-Length: %d" % len(body)


def exchange(port: int, pieces: Iterable[bytes]) -> Heard:
    """Sends all of it on one connection, or as much as is taken, and hears what comes until the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        with suppress(ConnectionError):
            for piece in pieces:
                connection.sendall(piece)
        return hear(connection)


def hear(connection: socket.socket) -> Heard:
    """What comes until the other side hangs up, or until the patience ends."""
    came = b""
    try:
        while piece := connection.recv(65_536):
            came += piece
    except TimeoutError:
        return Heard(came, closed=False)
    except ConnectionError:
        return Heard(came, closed=True)
    return Heard(came, closed=True)
