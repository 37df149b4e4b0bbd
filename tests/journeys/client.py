"""HTTP as an organization speaks it, down to headers sent twice; one connection for each request."""

import base64
import http.client
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Headers = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body."""
        assert self.headers["content-type"] == "application/json"
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """``errorCode``; fails unless the body has exactly the three documented members, all text."""
        members = self.json
        assert list(members) == ["requestId", "errorCode", "errorMessage"]
        assert all(isinstance(value, str) and value for value in members.values())
        return str(members["errorCode"])

    @property
    def message(self) -> str:
        """``errorMessage``."""
        return str(self.json["errorMessage"])

    @property
    def error(self) -> tuple[int, str, str]:
        """Status, code and message of a refusal."""
        return self.status, self.code, self.message


def send(
    port: int,
    method: str,
    path: str,
    headers: Headers = (),
    body: bytes = b"",
    *,
    timeout: float = 30,
    source: str = "127.0.0.1",
) -> Answer:
    """One request, its headers exactly as given; ``Content-Length`` is added when there is a body, ``Host``
    when there is none. ``source``: the loopback address that it comes from.
    """
    given = list(headers)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout, source_address=(source, 0))
    try:
        skip_host = any(name.lower() == "host" for name, _ in given)
        connection.putrequest(method, path, skip_accept_encoding=True, skip_host=skip_host)
        for name, value in given:
            connection.putheader(name, value)
        if body or method == "POST":
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders(body or None)
        response = connection.getresponse()
        named = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, named, response.read())
    finally:
        connection.close()


def basic(key: str, secret: str) -> str:
    """The Authorization header of a token request."""
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode()


def bearer(token: str) -> str:
    """The Authorization header of every other request."""
    return f"Bearer {token}"
