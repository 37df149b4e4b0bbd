"""The fault catalogue's rows on the way of a request that no other test covers over real sockets."""

import json
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from salio.delivery.lines import CourierSettings
from salio.wire.apis import Api
from tests.delivery.receivers import OK, Behaviour, Receiver, answering, receiving, sending
from tests.delivery.test_courier import Driven
from tests.journeys.conftest import Fresh
from tests.journeys.raw import head, hear, length
from tests.journeys.running import BALANCE, STATUS, Platform
from tests.patience import PATIENCE, until


@pytest.mark.parametrize(
    ("after", "status", "fault"),
    [
        pytest.param(0.5, 200, None, id="p12-half of the limit"),
        pytest.param(1.5, None, "timed out after 1 s", id="p12-half a limit too late"),
    ],
)
def test_the_limit_of_an_answer(after: float, status: int | None, fault: str | None) -> None:
    """Within the limit it counts, beyond it the attempt has ended, whatever comes then."""
    driven = Driven(settings=CourierSettings(connect_seconds=1, total_seconds=1))
    with receiving(sending(lambda: iter([b"", OK]), after)) as receiver, closing(driven.courier):
        [end] = driven.post(receiver.url())
    assert (end.status, end.fault) == (status, fault)


def asked(platform: Platform, receiver: Receiver) -> str:
    """The ConversationID of a question whose result goes to that receiver."""
    return str(platform.ask(BALANCE, {"ResultURL": receiver.url()}).json["ConversationID"])


def ends(platform: Platform, conversation_id: str) -> list[tuple[int | None, str | None, bool]]:
    """Status, fault and whether it was sent again, once the attempt has ended."""
    return platform.rows(
        "SELECT status, fault, resend.number IS NOT NULL FROM attempt_end JOIN request USING (number)"
        " LEFT JOIN resend USING (number) WHERE conversation_id = ?",
        [conversation_id],
    )


def until_idle(platform: Platform) -> None:
    """Waits for everything to be decided, delivered and recorded, by asking the platform's own thread."""
    until("it is idle", lambda: platform.on_loop(platform.sandbox.idle))


LAST_WORDS = {
    "p14-a gigabyte": (b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + b"x" * 65_536, 200),
    "p14-100-continue": (b"HTTP/1.1 100 Continue\r\n\r\n" + OK, 200),
    "p16-400": (b"HTTP/1.1 400 X\r\nContent-Length: 0\r\n\r\n", 400),
    "p16-404": (b"HTTP/1.1 404 X\r\nContent-Length: 2\r\n\r\nno", 404),
    "p16-429": (b"HTTP/1.1 429 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n", 429),
    "p16-503": (b"HTTP/1.1 503 X\r\nRetry-After: 0\r\nContent-Length: 0\r\n\r\n", 503),
}


@pytest.mark.parametrize(("answer", "status"), LAST_WORDS.values(), ids=LAST_WORDS)
def test_what_a_receiver_said_is_recorded(fresh: Fresh, answer: bytes, status: int) -> None:
    """The status it answered is on record, and it is never called again, not after a restart either."""
    platform = fresh()
    with receiving(answering(answer)) as receiver:
        conversation = asked(platform, receiver)
        until_idle(platform)
        assert ends(platform, conversation) == [(status, None, False)]
        again = platform.restarted()
        assert again.result(STATUS).code == "0"
        until_idle(again)
        assert len(receiver.requests) == 1


def test_p20_fifty_at_once_with_one_id(fresh: Fresh, api: Api) -> None:
    """One of them is accepted and answered, 49 hear that they are duplicates, and one row is kept."""
    platform = fresh()
    own_id = {"OriginatorConversationID": "payroll-1"}
    platform.token()
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: platform.ask(api, own_id), range(50)))
    (accepted,) = [each for each in answers if each.status == 200]
    assert [each.code for each in answers if each is not accepted] == ["500.002.1001"] * 49
    assert platform.receiver.wait(accepted.json["ConversationID"]).code == "0"
    assert platform.kept() == 1


def test_p21_a_result_may_overtake_its_acknowledgement(documented: Platform, api: Api) -> None:
    """A caller that does not read has its result all the same; the acknowledgement waits for it."""
    came = threading.Event()

    def behave(connection: socket.socket, receiver: Receiver) -> None:
        receiver.read_request(connection)
        came.set()
        connection.sendall(OK)

    with receiving(behave) as receiver:
        body = json.dumps(documented.body(api, {"ResultURL": receiver.url()})).encode()
        with socket.create_connection(("127.0.0.1", documented.port), timeout=PATIENCE) as caller:
            lines = [b"Connection: close", length(body)]
            caller.sendall(head(documented, api, *lines) + b"\r\n" + body)
            assert came.wait(PATIENCE)
            heard = hear(caller)
    acknowledged = json.loads(heard.content.partition(b"\r\n\r\n")[2])
    result = json.loads(receiver.requests[0].partition(b"\r\n\r\n")[2])["Result"]
    assert result["ConversationID"] == acknowledged["ConversationID"]


def held_at_first(began: threading.Event) -> Behaviour:
    """Holds its first answer back for ever, and gives all later ones at once."""

    def behave(connection: socket.socket, receiver: Receiver) -> None:
        while receiver.read_request(connection):
            if len(receiver.requests) == 1:
                began.set()
                receiver.over.wait()
            connection.sendall(OK)

    return behave


def test_p24_p9_what_a_stop_interrupts_leaves_once_more(fresh: Fresh) -> None:
    """A delivery under way at the stop is sent again by the next life, byte for byte, and then no more."""
    platform, began = fresh(), threading.Event()
    with receiving(held_at_first(began)) as receiver:
        conversation = asked(platform, receiver)
        assert began.wait(PATIENCE)
        platform.restarted()
        until_idle(platform)
        assert ends(platform, conversation) == [(200, None, True)]
        platform.restarted()
        until_idle(platform)
        first, second = receiver.requests
    assert first == second
