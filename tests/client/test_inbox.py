"""Results out of a platform's inbox: found by their conversation, waited for without an end of patience."""

import json

import httpx2
import pytest

from salio.client.client import Client
from salio.client.errors import ResultLate
from salio.client.inbox import PAUSE, InboxFollower, result_in
from tests.client.shells import APP, BASE, INITIATOR, Network, Time
from tests.wire import captures

INBOX = f"{BASE}/inbox/demo"


def listed(*bodies: object) -> bytes:
    """An inbox's JSON, newest first."""
    return json.dumps(
        [{"received_at": "2026-11-21T09:00:00+00:00", "body": each} for each in bodies]
    ).encode()


def result(conversation_id: str, code: int = 0) -> dict[str, object]:
    """A callback."""
    return {"Result": {"ResultCode": code, "ResultDesc": "x", "ConversationID": conversation_id}}


class Inbox:
    """Answers from a script, the last for ever; keeps where it was asked."""

    def __init__(self, *answers: httpx2.Response) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        """The next answer."""
        self.asked.append(str(request.url))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return httpx2.Response(answer.status_code, content=answer.content)


def client(inbox: Inbox, time: Time) -> Client:
    """One that is acknowledged as AG_1, and follows that inbox."""
    asking = Client(BASE, APP, INITIATOR, transport=httpx2.MockTransport(Network()))
    asking.attach(InboxFollower(INBOX, transport=httpx2.MockTransport(inbox), outside=time.outside()))
    return asking


def test_a_result_that_is_there() -> None:
    """Both callbacks go to the inbox; nobody pauses."""
    inbox, time = Inbox(httpx2.Response(200, content=listed(result("AG_2"), result("AG_1", 18)))), Time()
    with client(inbox, time) as asking:
        acknowledged = asking.balance()
        assert acknowledged.result(5).code == "18"
    callbacks = acknowledged.followed.callbacks
    assert (callbacks.result_url, callbacks.queue_time_out_url) == (INBOX, INBOX)
    assert (inbox.asked, time.pauses) == ([f"{INBOX}?format=json"], [])


def test_a_result_that_comes_later() -> None:
    """After looks that found another's, and one that found no inbox at all."""
    answers = (
        httpx2.Response(200, content=listed(result("AG_2"))),
        httpx2.Response(503),
        httpx2.Response(200, content=listed(result("AG_1"))),
    )
    time = Time()
    with client(Inbox(*answers), time) as asking:
        assert asking.balance().result(None).succeeded
    assert time.pauses == [PAUSE, PAUSE]


@pytest.mark.parametrize(
    ("status", "words"),
    [(200, "no result came in 1 s; it may"), (404, "for the inbox answers HTTP 404")],
)
def test_a_result_that_does_not_come(status: int, words: str) -> None:
    """When the time is over, with the reason if there is one."""
    time = Time()
    with client(Inbox(httpx2.Response(status, content=b"[]")), time) as asking:
        acknowledged = asking.balance()
        with pytest.raises(ResultLate, match=words):
            acknowledged.result(1)
    assert sum(time.pauses) == pytest.approx(1)


@pytest.mark.parametrize(
    "listing",
    [b"", b"{}", b"[5]", b'[{"body": "half'],
    ids=["empty", "object", "number", "half"],
)
def test_what_is_no_listing(listing: bytes) -> None:
    """Holds no result."""
    assert result_in(listing, "AG_1") is None


def test_the_first_of_several() -> None:
    """Among bodies that are none; without a conversation nothing is anybody's."""
    capture = json.loads(captures.BALANCE_2026)
    listing = listed(result("AG_1", 1), "text", [1], {"a": 1}, capture, result("AG_1", 2))
    found = result_in(listing, "AG_1")
    assert found is not None
    assert found.code == "2"
    assert result_in(listing, None) is None
    assert result_in(listing, capture["Result"]["ConversationID"]) is not None
