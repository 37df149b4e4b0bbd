"""The inbox at its address: what it takes, what it shows, and that foreign input stays text."""

import asyncio
import base64
import hashlib
import json
import re
from collections.abc import Callable, MutableMapping
from html.parser import HTMLParser
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from salio.portal.inbox_pages import LARGEST_BODY, MOST_LISTED, MOST_SHOWN, routes
from tests.builders import NOW, FakeClock
from tests.portal.samples import SAMPLES, Kept

HOSTILE = [
    "<script>alert(1)</script>",
    "</pre></td></style><script src=//evil.example/x.js></script>",
    "\"'><img src=x onerror=alert(1)>",
    "{{ 7 * 7 }}{% include 'style.css' %}",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "&lt;b&gt;",
    "javascript:alert(1)",
    "\u202egnirts",
]
PLACES: list[Callable[[str], object]] = [
    lambda text: text,
    lambda text: {"Result": {"ResultCode": text, "ResultDesc": text, "ConversationID": text}},
    lambda text: {
        "Result": {
            "ResultCode": 0,
            "ResultParameters": {
                "ResultParameter": [
                    {"Key": text, "Value": text},
                    {"Key": f"{text}Time", "Value": {text: [text]}},
                    {"Key": "AccountBalance", "Value": f"{text.replace('&', '+')}|KES|-1.00|0|0|0"},
                ]
            },
        }
    },
    lambda text: {
        "Body": {
            "stkCallback": {
                "ResultCode": text,
                "CheckoutRequestID": text,
                "CallbackMetadata": {"Item": [{"Name": text, "Value": text}, {"Name": text}, text]},
            }
        }
    },
    lambda text: {"TransID": text, "TransAmount": text, "BusinessShortCode": text, text: {text: [text]}},
]


class Seen(HTMLParser):
    """The elements of a page, where they lead, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One element."""
        self.elements.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        """Text between elements."""
        self.text += data


def seen(client: TestClient, path: str = "/inbox/demo") -> Seen:
    """What a browser makes of the page."""
    answer = client.get(path)
    assert answer.status_code == 200
    return Seen(answer.text)


# --- taking ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "x/y; charset=?", None])
@pytest.mark.parametrize("body", [b'{"a": 1}', b"\xff\x00", b"", b"x" * LARGEST_BODY])
def test_a_callback_is_kept_as_it_came(
    client: TestClient, kept: Kept, body: bytes, content_type: str | None
) -> None:
    """Every body of every type is kept byte for byte, and accepted in a receiver's words."""
    headers = {"Content-Type": content_type} if content_type else {}
    answer = client.post("/inbox/demo", content=body, headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"ResultCode": 0, "ResultDesc": "Accepted"})
    assert [(each.inbox, each.received_at, each.body) for each in kept.callbacks] == [("demo", NOW, body)]


def test_what_is_not_durable_is_not_accepted(client: TestClient, kept: Kept) -> None:
    """If the store is out of reach the sender learns it."""
    kept.store_reachable = False
    answer = client.post("/inbox/demo", content=b"{}")
    assert (answer.status_code, answer.json()["ResultCode"], kept.callbacks) == (503, 1, [])


def test_a_body_that_is_too_large(client: TestClient, kept: Kept) -> None:
    """One byte more than 64 KiB is refused, nothing is kept, and the connection ends."""
    answer = client.post("/inbox/demo", content=b"x" * (LARGEST_BODY + 1))
    assert (answer.status_code, answer.headers["connection"], kept.callbacks) == (413, "close", [])


def test_an_endless_body_is_not_read_to_its_end(kept: Kept) -> None:
    """No more is read than was needed to see that it is too large."""
    reads: list[int] = []
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> dict[str, object]:
        reads.append(1)
        return {"type": "http.request", "body": b"x" * 16_384, "more_body": True}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    asyncio.run(posted(kept)(scope_of("/inbox/demo"), receive, send))
    assert len(reads) == LARGEST_BODY // 16_384 + 1
    assert sent[0]["status"] == 413


def test_a_sender_that_hangs_up(kept: Kept) -> None:
    """Half a callback is none, and no error of ours."""
    messages: list[dict[str, object]] = [
        {"type": "http.request", "body": b'{"Res', "more_body": True},
        {"type": "http.disconnect"},
    ]

    async def receive() -> dict[str, object]:
        return messages.pop(0)

    async def send(_message: object) -> None:
        """Nobody listens."""

    asyncio.run(posted(kept)(scope_of("/inbox/demo"), receive, send))
    assert kept.callbacks == []


def posted(kept: Kept) -> Starlette:
    """The application without a client around it."""
    return Starlette(routes=routes(clock=FakeClock(), keep=kept.keep, latest=kept.latest))


def scope_of(path: str) -> dict[str, object]:
    """A POST as a server hands it on."""
    return {
        "type": "http",
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:8282")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8282),
    }


# --- names and methods -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a", "demo", "A-Z_0.9", "x" * 64, "..."])
def test_a_name_makes_an_inbox(client: TestClient, name: str) -> None:
    """Letters, digits, dots, dashes and underscores, up to 64 of them."""
    assert client.post(f"/inbox/{name}", content=b"{}").status_code == 200
    assert client.get(f"/inbox/{name}").status_code == 200


@pytest.mark.parametrize(
    "name", ["x" * 65, "a b", "a%20b", "%3Cb%3E", "a%0A", "caf%C3%A9", "a/b", "", "a%2Fb", "a+"]
)
def test_other_names_make_none(client: TestClient, kept: Kept, name: str) -> None:
    """Nothing is taken or shown under any other name."""
    assert client.post(f"/inbox/{name}", content=b"{}").status_code == 404
    assert client.get(f"/inbox/{name}").status_code == 404
    assert kept.callbacks == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/inbox/demo"])
def test_other_methods(client: TestClient, path: str, method: str) -> None:
    """Nothing else is answered."""
    assert client.request(method, path).status_code == 405


def test_the_front_page_takes_nothing(client: TestClient) -> None:
    """A callback needs an inbox."""
    assert client.post("/", content=b"{}").status_code == 405


# --- showing ---------------------------------------------------------------------------------------------


def test_an_empty_inbox_says_what_to_do(client: TestClient) -> None:
    """It names its own address, what it is for, and looks again soon."""
    page = seen(client)
    assert "Nothing has arrived yet" in page.text
    assert "http://testserver/inbox/demo" in page.text
    assert "ResultURL" in page.text
    assert ("content", "2") in page.attributes


def test_a_balance_is_shown_as_a_table(client: TestClient) -> None:
    """Accounts, amounts, the mark of the negative ones, and the whole body."""
    client.post("/inbox/demo", content=(SAMPLES / "ab_result.json").read_bytes())
    page = seen(client)
    assert "Charges Paid Account" in page.text
    assert "\N{MINUS SIGN}1,540.00" in page.text
    assert ("class", "amount negative") in page.attributes
    assert '"ResultDesc": "The service request is processed successfully"' in page.text
    assert ("content", "5") in page.attributes


def test_the_newest_is_first_and_times_are_east_africas(client: TestClient, clock: FakeClock) -> None:
    """Three hours ahead of UTC, and so marked."""
    for text in (b"older", b"newer"):
        client.post("/inbox/demo", content=text)
        clock.advance(minutes=1)
    page = seen(client)
    assert page.text.index("newer") < page.text.index("older")
    assert "2026-08-16 12:31:00 EAT" in page.text
    assert "East Africa Time" in page.text


def test_an_inbox_shows_its_own_alone(client: TestClient) -> None:
    """What came to another name stays there."""
    client.post("/inbox/other", content=b"not mine")
    assert "not mine" not in seen(client).text


def test_a_page_has_an_end(client: TestClient) -> None:
    """The newest are shown, and where the others are."""
    for number in range(MOST_SHOWN + 1):
        client.post("/inbox/demo", content=f"callback {number}.".encode())
    page = seen(client)
    assert page.elements.count("article") == MOST_SHOWN
    assert "callback 0." not in page.text
    assert f"The newest {MOST_SHOWN} are shown" in page.text


def test_who_reads_can_hold_the_page_still(client: TestClient) -> None:
    """Without the refresh, nothing that was opened closes again."""
    assert ("http-equiv", "refresh") in seen(client).attributes
    assert ("http-equiv", "refresh") not in seen(client, "/inbox/demo?refresh=off").attributes


@pytest.mark.parametrize("link", ["/certificate.pem", "/openapi.json", "/inbox/demo", "/healthz"])
def test_the_front_page_leads_on(client: TestClient, link: str) -> None:
    """To the certificate, the OpenAPI document, an inbox and the platform's health."""
    assert ("href", link) in seen(client, "/").attributes


def test_the_front_page_starts_one_off(client: TestClient) -> None:
    """Its commands are for this very address."""
    assert "http://testserver/oauth/v1/generate?grant_type=client_credentials" in seen(client, "/").text


@pytest.mark.parametrize("path", ["/", "/inbox/demo"])
def test_the_environment_is_named(client: TestClient, path: str) -> None:
    """Nobody takes the sandbox for the real thing."""
    assert '<span class="environment">Sandbox</span>' in client.get(path).text


# --- foreign input ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", PLACES, ids=["string", "head", "parameters", "prompt", "payment"])
@pytest.mark.parametrize("text", HOSTILE)
def test_what_was_posted_stays_text(client: TestClient, text: str, place: Callable[[str], object]) -> None:
    """No callback adds an element, a script or a link of its own to the page."""
    client.post("/inbox/demo", json=place("harmless"))
    before = seen(client)
    client.post("/inbox/hostile", json=place(text))
    page = seen(client, "/inbox/hostile")
    assert page.elements == before.elements
    assert "script" not in page.elements
    own = [value.replace("hostile", "demo") for name, value in page.attributes if name in {"href", "src"}]
    assert own == [value for name, value in before.attributes if name in {"href", "src"}]
    assert "\u202e" not in page.text
    if "\u202e" not in text and '"' not in text:
        assert text in page.text


@pytest.mark.parametrize("text", HOSTILE)
def test_raw_bodies_stay_text(client: TestClient, text: str) -> None:
    """The same for bodies that are no JSON."""
    client.post("/inbox/demo", content=text.encode())
    assert "script" not in seen(client).elements
    assert seen(client).elements.count("img") == 0


@pytest.mark.parametrize("path", ["/", "/inbox/demo"])
def test_a_hostile_host_header_stays_text(client: TestClient, path: str) -> None:
    """The page repeats the address that it was asked at, as text."""
    page = Seen(client.get(path, headers={"Host": '"><script>alert(1)</script>'}).text)
    assert "script" not in page.elements


@pytest.mark.parametrize("path", ["/", "/inbox/demo", "/inbox/none"])
def test_pages_load_nothing(client: TestClient, path: str) -> None:
    """The policy allows the page's own style by its hash and nothing else; no element asks for more."""
    client.post("/inbox/demo", content=b"{}")
    answer = client.get(path)
    style = re.search(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:;")
    assert "unsafe" not in policy
    page = Seen(answer.text)
    assert not {"script", "iframe", "img", "object", "form", "base"} & set(page.elements)
    assert not [value for name, value in page.attributes if name in {"src", "style"} or name.startswith("on")]
    links = [value for name, value in page.attributes if name == "href"]
    assert all(value.startswith(("/", "?", "data:image/svg+xml,")) for value in links)


@pytest.mark.parametrize("path", ["/", "/inbox/demo", "/inbox/demo?format=json"])
def test_answers_are_not_stored_or_guessed_at(client: TestClient, path: str) -> None:
    """A callback can be private, and a body is what its type says."""
    headers = client.get(path).headers
    assert (headers["cache-control"], headers["x-content-type-options"]) == ("no-store", "nosniff")


# --- JSON ------------------------------------------------------------------------------------------------

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.mark.parametrize(
    ("path", "accept", "json_expected"),
    [
        ("/inbox/demo", BROWSER, False),
        ("/inbox/demo", "*/*", False),
        ("/inbox/demo", "application/json", True),
        ("/inbox/demo", "Application/JSON, text/plain;q=0.5", True),
        ("/inbox/demo", "text/html, application/json;q=0.1", False),
        ("/inbox/demo?format=json", BROWSER, True),
        ("/inbox/demo?format=html", "application/json", False),
    ],
)
def test_which_format(client: TestClient, path: str, accept: str, json_expected: bool) -> None:
    """People get a page, programs get JSON, and whoever names a format gets that."""
    content_type = client.get(path, headers={"Accept": accept}).headers["content-type"]
    assert content_type == ("application/json" if json_expected else "text/html; charset=utf-8")


def test_the_list(client: TestClient, clock: FakeClock) -> None:
    """Newest first, JSON bodies parsed, others as text."""
    sample = (SAMPLES / "ts_result.json").read_bytes()
    client.post("/inbox/demo", content=sample)
    clock.advance(seconds=1.5)
    client.post("/inbox/demo", content=b"<b>hello</b>\xff")
    assert client.get("/inbox/demo?format=json").json() == [
        {"received_at": "2026-08-16T09:30:01.500000+00:00", "body": "<b>hello</b>\ufffd"},
        {"received_at": "2026-08-16T09:30:00+00:00", "body": json.loads(sample)},
    ]


def test_an_empty_list(client: TestClient) -> None:
    """Nothing yet."""
    assert client.get("/inbox/none?format=json").json() == []


def test_the_list_has_an_end(client: TestClient) -> None:
    """It goes further back than the page, and not for ever."""
    for number in range(MOST_LISTED + 5):
        client.post("/inbox/demo", content=str(number).encode())
    listed = client.get("/inbox/demo?format=json").json()
    assert [each["body"] for each in listed] == list(range(MOST_LISTED + 4, 4, -1))
