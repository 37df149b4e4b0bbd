"""Customers' phones at their address: what they show, who may answer, and how."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from salio.core.ports import StoreUnavailableError
from salio.core.requests.prompts import AnswerEnd, CustomerWord, Prompt, Ringing
from salio.core.transactions.states import TransactionState
from salio.portal.phone_pages import BUTTONS, LARGEST_BODY, routes
from tests.builders import MSISDN, NOW, FakeClock, a_transaction

OTHER = "254722000000"
NAMES = {MSISDN: "John <b>Doe</b>"}
OPENED = a_transaction(state=TransactionState.INITIATED, debit_party=MSISDN)


class FakePhones:
    """What rings, and what was answered."""

    def __init__(self) -> None:
        self.shown: list[Ringing] = []
        self.heard: list[tuple[int, CustomerWord]] = []
        self.end = AnswerEnd.HEARD
        self.is_reachable = True

    def ring(self, number: int, phone: str = MSISDN, text: str = "Pay KES 1.00 to Shop?") -> None:
        """A phone shows a prompt."""
        prompt = Prompt(transaction=OPENED, until=NOW + timedelta(seconds=60), phone=phone, text=text)
        self.shown.append(Ringing(number=number, checkout_request_id=f"ws_CO_{number}", prompt=prompt))

    async def ringing(self) -> list[Ringing]:
        """All of them."""
        if not self.is_reachable:
            raise StoreUnavailableError("gone")
        return self.shown

    async def answer(self, number: int, word: CustomerWord) -> AnswerEnd:
        """Takes a word."""
        self.heard.append((number, word))
        return self.end


@pytest.fixture
def phones() -> FakePhones:
    """The phones of this test."""
    return FakePhones()


@pytest.fixture
def client(phones: FakePhones) -> Iterator[TestClient]:
    """Asks the pages."""
    made = routes(clock=FakeClock(), phones=phones, name_of=lambda msisdn: NAMES.get(msisdn, ""))
    with TestClient(Starlette(routes=made), base_url="http://salio.test") as client:
        yield client


def press(client: TestClient, answer: str = "right_pin", phone: str = MSISDN, **headers: str) -> int:
    """Presses a button; the status."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = client.post(f"/phone/{phone}", data={"answer": answer}, headers=named, follow_redirects=False)
    return sent.status_code


def test_no_prompt(client: TestClient) -> None:
    """The page says where one comes from, and looks again by itself unless it is told not to."""
    page = client.get("/phone").text
    assert "No phone shows a prompt" in page
    assert 'http-equiv="refresh" content="2"' in page
    assert "http-equiv" not in client.get("/phone?refresh=off").text


def test_what_phones_show(client: TestClient, phones: FakePhones) -> None:
    """Number, owner, words, time left, and whose money it is where that is another's; all of it escaped."""
    phones.ring(1)
    phones.ring(2, OTHER, "Pay <i>KES 2.00</i>?")
    page = client.get("/phone").text
    first, second = re.findall(r"<article.*?</article>", page, re.DOTALL)
    assert "John &lt;b&gt;Doe&lt;/b&gt;" in first
    assert "60 s left" in first
    assert "Out of the account of" not in first
    assert f"Out of the account of {MSISDN}." in second
    assert "Pay &lt;i&gt;KES 2.00&lt;/i&gt;?" in second
    for button in BUTTONS:
        assert f'value="{button.value}"' in first
    assert first.count('class="first"') == 1


def test_the_page_may_send_to_itself_alone(client: TestClient) -> None:
    """And loads nothing, runs nothing."""
    policy = client.get("/phone").headers["content-security-policy"]
    assert "form-action 'self'" in policy
    assert "default-src 'none'" in policy


@pytest.mark.parametrize("word", CustomerWord)
def test_every_answer_has_a_button(client: TestClient, phones: FakePhones, word: CustomerWord) -> None:
    """It is heard as what it is, and the browser goes back to the phones."""
    phones.ring(7)
    phones.ring(8, OTHER)
    sent = client.post(f"/phone/{OTHER}", data={"answer": word.value}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, "/phone")
    assert phones.heard == [(8, word)]
    assert word.value in [each.value for each in BUTTONS]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({}, 303, id="a program"),
        pytest.param({"origin": "http://salio.test", "sec_fetch_site": "same-origin"}, 303, id="the page"),
        pytest.param({"origin": "http://evil.example"}, 403, id="another origin"),
        pytest.param({"origin": "null"}, 403, id="an origin that hides"),
        pytest.param({"sec_fetch_site": "cross-site"}, 403, id="a browser says so"),
        pytest.param({"sec_fetch_site": "same-site"}, 403, id="a neighbour"),
    ],
)
def test_who_may_answer(client: TestClient, phones: FakePhones, headers: dict[str, str], status: int) -> None:
    """A page of another origin never, whoever's browser it is in."""
    phones.ring(1)
    assert press(client, **headers) == status
    assert len(phones.heard) == (status == 303)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"answer=perhaps", id="no button"),
        pytest.param(b"answer=cancel&answer=right_pin", id="two buttons"),
        pytest.param(b"answer=cancel" + b" " * LARGEST_BODY, id="too much"),
        pytest.param(b"\xff\xfe", id="no text"),
    ],
)
def test_what_is_no_answer(client: TestClient, phones: FakePhones, body: bytes) -> None:
    """Nothing is heard."""
    phones.ring(1)
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert client.post(f"/phone/{MSISDN}", content=body, headers=headers).status_code == 400
    assert client.post(f"/phone/{MSISDN}", json={"answer": "cancel"}).status_code == 400
    assert phones.heard == []


def test_too_late(client: TestClient, phones: FakePhones) -> None:
    """The prompt has gone, or goes in this very moment."""
    assert press(client) == 409
    phones.ring(1)
    phones.end = AnswerEnd.TOO_LATE
    assert press(client) == 409


def test_a_store_out_of_reach(client: TestClient, phones: FakePhones) -> None:
    """Whoever looks or answers is told so: an answer that was not kept is none."""
    phones.ring(1)
    phones.end = AnswerEnd.NOT_KEPT
    assert press(client) == 503
    phones.is_reachable = False
    assert [client.get("/phone").status_code, press(client)] == [503, 503]
