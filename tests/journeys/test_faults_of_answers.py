"""Faults of what the caller hears: broken and dripping connections, acknowledgements lost or late."""

import asyncio
import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from salio.core.access.apps import Throttle
from salio.wire.apis import Api
from tests.journeys.client import basic
from tests.journeys.conftest import Fresh
from tests.journeys.provoking import (
    CLOCK,
    RunningClock,
    advance,
    call,
    ends,
    flush,
    latest,
    log_lines,
    notes,
    put,
    touched,
)
from tests.journeys.raw import head, length
from tests.journeys.running import BALANCE, STATUS, Platform
from tests.patience import PATIENCE, until

SILENCE = ["drop", "reset"]


def question(platform: Platform, api: Api = BALANCE) -> bytes:
    """The bytes of a question."""
    body = platform.post_body(api)
    return head(platform, api, length(body)) + b"\r\n" + body


def token_request(platform: Platform) -> bytes:
    """The bytes of a request for a token."""
    authorization = basic(platform.app.key, platform.app.secret).encode()
    first = b"GET /oauth/v1/generate?grant_type=client_credentials HTTP/1.1\r\nHost: x\r\n"
    return first + b"Authorization: " + authorization + b"\r\n\r\n"


def said_until_the_end(port: int, request: bytes) -> tuple[bytes, str]:
    """What a connection says, and how it ends: by a drop or a reset."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        said = b""
        try:
            while piece := connection.recv(65_536):
                said += piece
        except ConnectionResetError:
            return said, "reset"
        return said, "drop"


# --- connections -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", SILENCE)
def test_a_connection_breaks(faulty: Platform, api: Api, word: str) -> None:
    """Without a byte; nothing is kept, the log names the fault, and the next request is as ever."""
    name = put(faulty, connection=word, next=1)
    kept = faulty.kept()
    assert said_until_the_end(faulty.port, question(faulty, api)) == (b"", word)
    assert faulty.kept() == kept
    refused = faulty.refusals()[0]
    assert (refused.cause, refused.status, refused.path) == (f"{name}: connection {word}", 0, api.path)
    assert faulty.ask(api).json["ResponseCode"] == "0"


@pytest.mark.parametrize(
    ("fault", "left"),
    [({"connection": "drop"}, 1), ({"connection": "reset"}, 1), ({"lose": "acknowledgement"}, 0)],
    ids=["drop", "reset", "lose"],
)
def test_only_what_was_kept_counts(faulty: Platform, fault: dict[str, str], left: int) -> None:
    """Of a quota of one, nothing is used by a request that was cut off before it was taken."""
    app = faulty.add_app(throttle=Throttle(per_second=None, per_day=1))
    faulty.token(app)
    put(faulty, **fault, next=1, app=app.number)
    with pytest.raises(ConnectionError):
        faulty.ask(BALANCE, app=app)
    assert [faulty.ask(BALANCE, app=app).status for _ in range(2)] == [200] * left + [500] * (2 - left)


@pytest.mark.parametrize("word", SILENCE)
def test_a_connection_breaks_where_tokens_are_granted(faulty: Platform, word: str) -> None:
    """No token, no answer, a line in the log."""
    name = put(faulty, connection=word, api="token", next=1)
    assert said_until_the_end(faulty.port, token_request(faulty)) == (b"", word)
    assert f"{name}: connection {word}" in log_lines(faulty)[-1]
    assert "touched GET /oauth/v1/generate no answer" in log_lines(faulty)[-1]
    assert faulty.grant(basic(faulty.app.key, faulty.app.secret)).status == 200


def test_requests_behind_a_broken_connection_are_not_answered(faulty: Platform) -> None:
    """Two on one connection, and the first ends it: neither is answered, and the second is never begun."""
    put(faulty, connection="drop", next=1)
    kept = faulty.kept()
    assert said_until_the_end(faulty.port, question(faulty, BALANCE) * 2) == (b"", "drop")
    assert faulty.kept() == kept
    assert touched(faulty) == [(1, True)]


def test_an_answer_drips(faulty: Platform, api: Api) -> None:
    """Byte by byte, and whole; the request is as all others, and so is the next on the same connection."""
    name = put(faulty, connection="drip", seconds=0.001, next=1)
    with socket.create_connection(("127.0.0.1", faulty.port), timeout=PATIENCE) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        conversations, pieces = [], []
        for _ in range(2):
            connection.sendall(question(faulty, api))
            said, count = whole_answer(connection)
            conversations.append(json.loads(said.partition(b"\r\n\r\n")[2])["ConversationID"])
            pieces.append(count)
    assert pieces[0] > 20 > pieces[1]
    for each in conversations:
        assert faulty.receiver.wait(each).code == "0"
    flush(faulty)
    assert [notes(faulty, each) for each in conversations] == [[f"{name}: connection drip, 0.001 s"], []]


def whole_answer(connection: socket.socket) -> tuple[bytes, int]:
    """One answer, and in how many pieces it came."""
    said, pieces, wanted = b"", 0, None
    while wanted is None or len(said) < wanted:
        piece = connection.recv(65_536)
        assert piece
        said, pieces = said + piece, pieces + 1
        lines, end, _ = said.partition(b"\r\n\r\n")
        if end and wanted is None:
            wanted = len(lines) + 4 + int(lines.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    return said, pieces


def test_a_drip_ends_with_its_caller(faulty: Platform) -> None:
    """Who hangs up in the middle hurts nobody, and the request has its result."""
    put(faulty, connection="drip", seconds=0.01, next=1)
    with socket.create_connection(("127.0.0.1", faulty.port), timeout=PATIENCE) as connection:
        connection.sendall(question(faulty, BALANCE))
        assert connection.recv(1) == b"H"
    flush(faulty)
    assert ends(faulty, latest(faulty)) == [(200, None)]
    assert faulty.ask(BALANCE).json["ResponseCode"] == "0"


def test_a_refused_request_that_drips_is_named(faulty: Platform) -> None:
    """It has no story: the cause of its refusal tells of both."""
    name = put(faulty, connection="drip", seconds=0.0001, next=2)
    put(faulty, decline="overloaded", api="status", next=1)
    own_id = {"OriginatorConversationID": f"drips-{faulty.profile}"}
    assert faulty.ask(BALANCE, own_id).json["ResponseCode"] == "0"
    assert faulty.ask(STATUS).json["ResponseCode"] != "0"
    assert faulty.refusals()[0].cause.endswith(f"decline overloaded; {name}: connection drip, 0.0001 s")
    put(faulty, connection="drip", seconds=0.0001, next=1)
    assert faulty.ask(BALANCE, own_id).status == 500
    assert "used this OriginatorConversationID before; fault" in faulty.refusals()[0].cause


# --- acknowledgements ------------------------------------------------------------------------------------


def test_an_acknowledgement_is_lost(faulty: Platform, api: Api) -> None:
    """The work is done: the result comes, the story names the fault, and a retry is a duplicate."""
    name = put(faulty, lose="acknowledgement", next=1)
    kept = faulty.kept()
    own_id = f"unheard-{faulty.profile}-{api.name}"
    body = json.dumps(faulty.body(api, {"OriginatorConversationID": own_id})).encode()
    request = head(faulty, api, length(body)) + b"\r\n" + body
    assert said_until_the_end(faulty.port, request) == (b"", "drop")
    assert faulty.kept() == kept + 1
    callback = faulty.receiver.wait(latest(faulty))
    assert (callback.code, callback.result["OriginatorConversationID"]) == ("0", own_id)
    flush(faulty)
    assert notes(faulty, latest(faulty)) == [f"{name}: lose acknowledgement"]
    again = faulty.post(api, body)
    assert again.error == (500, "500.002.1001", "Duplicate OriginatorConversationID")


def test_the_acknowledgement_of_a_token_is_lost(faulty: Platform) -> None:
    """It was granted, and nobody heard it."""
    name = put(faulty, lose="acknowledgement", api="token", next=1)
    assert said_until_the_end(faulty.port, token_request(faulty)) == (b"", "drop")
    assert f"{name}: lose acknowledgement" in log_lines(faulty)[-1]


@pytest.mark.parametrize("asked", ["question", "token"])
def test_an_acknowledgement_is_late(fresh: Fresh, asked: str) -> None:
    """By the sandbox's clock: stopped, it holds; let pass, it leaves at once. The result does not wait."""
    platform = fresh(clock=RunningClock())
    platform.token()
    assert call(platform, "POST", f"{CLOCK}/stop").status == 200
    aim = {"api": "token"} if asked == "token" else {}
    name = put(platform, delay="acknowledgement", seconds=3600, **aim)
    grant = basic(platform.app.key, platform.app.secret)
    with ThreadPoolExecutor() as pool:
        if asked == "token":
            answer = pool.submit(platform.grant, grant)
        else:
            answer = pool.submit(platform.ask, BALANCE)
        wait_for_a_touch(platform)
        flush(platform)
        if asked == "question":
            assert platform.receiver.wait(latest(platform)).code == "0"
        advance(platform, 3599)
        assert not answer.done()
        advance(platform, 1)
        assert answer.result(PATIENCE).status == 200
    assert f"{name}: delay acknowledgement, 3600 s" in log_lines(platform)[-1]


def wait_for_a_touch(platform: Platform) -> None:
    """Asks until a fault has touched; each question takes some milliseconds."""
    for _ in range(5000):
        if touched(platform)[0][0]:
            return
    raise AssertionError("nothing was touched")


@pytest.mark.parametrize(
    ("asked", "faults"),
    [
        pytest.param(question, [{"delay": "acknowledgement", "seconds": 3600}], id="late"),
        pytest.param(question, [{"early": "result"}, {"delay": "result", "seconds": 3600}], id="early"),
        pytest.param(
            token_request, [{"delay": "acknowledgement", "seconds": 3600, "api": "token"}], id="a token"
        ),
    ],
)
def test_a_wait_ends_with_its_caller(
    fresh: Fresh, asked: Callable[[Platform], bytes], faults: list[dict[str, object]]
) -> None:
    """Nothing waits on for who hung up; a request that was taken has its result all the same."""
    platform = fresh()
    request = asked(platform)
    for each in faults:
        put(platform, **each)
    at_rest = tasks(platform)
    with socket.create_connection(("127.0.0.1", platform.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        wait_for_a_touch(platform)
        assert tasks(platform) > at_rest
    try:
        until("no task is left", lambda: tasks(platform) == at_rest)
    finally:
        platform.on_loop(platform.sandbox.let_go)  # or its end would wait for the wait's
    flush(platform)  # decided, before the time of its delay begins to pass
    advance(platform, 3600)
    flush(platform)
    if asked is question:
        assert ends(platform, latest(platform)) == [(200, None)]


def tasks(platform: Platform) -> int:
    """How much runs on the gateway's thread."""
    return platform.on_loop(lambda: len(asyncio.all_tasks()))


def test_an_acknowledgement_is_late_in_natural_time(fresh: Fresh) -> None:
    """Nobody need move the clock."""
    clock = RunningClock()
    platform = fresh(clock=clock)
    platform.token()
    put(platform, delay="acknowledgement", seconds=0.2)
    before = clock.monotonic()
    assert platform.ask(BALANCE).json["ResponseCode"] == "0"
    assert clock.monotonic() - before >= 0.2


def test_p21_a_callback_comes_before_its_acknowledgement(faulty: Platform, api: Api) -> None:
    """Every time: when the acknowledgement is read the attempt's end is on record."""
    name = put(faulty, early="result", next=3)
    for _ in range(3):
        conversation = faulty.ask(api).json["ConversationID"]
        assert len(faulty.receiver.heard(conversation)) == 1
        assert ends(faulty, conversation) == [(200, None)]
        flush(faulty)
        assert notes(faulty, conversation) == [f"{name}: early result"]
