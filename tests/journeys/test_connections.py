"""A connection from one request to the next: what each answer says of it, and that it does what it says."""

import pytest

from salio.wire.apis import OAUTH_PATH, Api
from tests.journeys.raw import exchange, head, length
from tests.journeys.running import Platform
from tests.journeys.test_catalogue_input import dumped

CLOSE = b"connection: close\r\n"


def asked(platform: Platform, api: Api, *lines: bytes, version: bytes = b"1.1") -> bytes:
    """A good question."""
    body = dumped(platform, api)
    whole = head(platform, api, length(body), *lines) + b"\r\n" + body
    return whole.replace(b"HTTP/1.1", b"HTTP/" + version, 1)


def test_many_questions_in_one_go(documented: Platform, api: Api) -> None:
    """Each is answered, in its turn, and the last one ends the connection because it wants that."""
    heard = exchange(
        documented.port, [asked(documented, api) * 40 + asked(documented, api, b"Connection: close")]
    )
    assert (heard.statuses, heard.closed) == ([200] * 41, True)
    answers = heard.content.split(b"HTTP/1.1 ")[1:]
    assert [CLOSE in each for each in answers] == [False] * 40 + [True]
    assert len({each.partition(b"\r\n\r\n")[2] for each in answers}) == 41


@pytest.mark.parametrize(
    ("version", "lines"),
    [
        pytest.param(b"1.1", [b"Connection: close"], id="1.1 that wants an end"),
        pytest.param(b"1.0", [], id="1.0"),
    ],
)
def test_an_answer_that_is_the_last(
    documented: Platform, api: Api, version: bytes, lines: list[bytes]
) -> None:
    """It says so, and the connection ends."""
    heard = exchange(documented.port, [asked(documented, api, *lines, version=version)])
    assert (heard.statuses, CLOSE in heard.content, heard.closed) == ([200], True, True)


def test_head_has_no_body(documented: Platform, api: Api) -> None:
    """The refusal's head alone, and then the next request's answer: no reader mistakes one for the other."""
    first = f"HEAD {api.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    last = f"GET {OAUTH_PATH} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
    heard = exchange(documented.port, [first + last])
    refused, _, rest = heard.content.partition(b"\r\n\r\n")
    assert b"content-length: 0" not in refused
    assert rest.startswith(b"HTTP/1.1 400 ")
    assert len(heard.statuses) == 2


def test_more_questions_in_one_go_than_a_head_may_have_bytes(documented: Platform, api: Api) -> None:
    """Heads and bodies are bounded each by itself, however many come together."""
    heard = exchange(
        documented.port, [asked(documented, api) * 300 + asked(documented, api, b"Connection: close")]
    )
    assert (set(heard.statuses), len(heard.statuses), heard.closed) == ({200}, 301, True)
