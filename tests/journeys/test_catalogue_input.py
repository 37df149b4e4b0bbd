"""The fault catalogue's rows on bad input that no other test covers (`tests/catalogue.py` has them all)."""

import gzip
import json
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import pytest

from salio.core.requests.outcomes import Outcome
from salio.wire.apis import Api
from tests.journeys.client import basic, bearer
from tests.journeys.raw import exchange, head, length
from tests.journeys.running import BALANCE, JSON, STATUS, Platform
from tests.journeys.test_parameters import code_of_a_bad_field
from tests.journeys.test_requests import PAYLOAD

LARGEST = 65_536


def dumped(platform: Platform, api: Api) -> bytes:
    """A body that succeeds."""
    return json.dumps(platform.body(api)).encode()


@pytest.mark.parametrize("body", [b"5", b"-0.5", b"true", b'"text"', b"[{}]", b"[[]]"])
def test_i3_what_is_no_object(platform: Platform, api: Api, body: bytes) -> None:
    """Numbers, truths, texts and lists are JSON and no request."""
    answer = platform.post(api, body)
    assert answer.error == PAYLOAD[api]
    assert "not an object" in platform.refusal(answer).cause


def test_i4_a_hundred_megabytes(platform: Platform, api: Api) -> None:
    """Answered and hung up on as soon as the first 64 KiB are passed, long before the rest has come."""
    sent = head(platform, api, b"Content-Length: 100000000") + b"\r\n" + b" " * (LARGEST + 1)
    heard = exchange(platform.port, [sent])
    assert (heard.statuses, heard.closed) == ([400], True)
    assert b"Invalid Request Payload" in heard.content
    assert platform.refusals()[0].cause == "the body is larger than 64 KiB"


def test_i4_an_endless_stream(documented: Platform, api: Api) -> None:
    """Of chunks without end no more is taken than the sockets hold: the sender is cut off."""
    taken = 0

    def chunks() -> Iterator[bytes]:
        nonlocal taken
        yield head(documented, api, b"Transfer-Encoding: chunked") + b"\r\n"
        for chunk in repeat(b"8000\r\n" + b" " * 0x8000 + b"\r\n", 4_000):
            yield chunk
            taken += len(chunk)

    heard = exchange(documented.port, chunks())
    assert heard.closed
    assert taken < 64 * 1024 * 1024
    assert documented.refusals()[0].cause == "the body is larger than 64 KiB"


def numbered(count: int) -> bytes:
    """An object with so many members."""
    return b"{" + b",".join(b'"%d":0' % number for number in range(count)) + b"}"


DENSE = [
    pytest.param(b"[" * LARGEST, id="i5-lists"),
    pytest.param(b'{"a":' * 13_000, id="i5-objects"),
    pytest.param(numbered(7_000), id="i5-members"),
    pytest.param(numbered(6_999)[:-1] + b',"6998":0}', id="i5-members, the last one twice"),
    pytest.param(b'{"a":"' + b"x" * 65_000 + b'"}', id="i5-text"),
    pytest.param(b'{"a":"' + rb"\u0041" * 10_000 + b'"}', id="i5-escapes"),
    pytest.param(b'{"a":' + b"9" * 65_000 + b"}", id="i5-digits"),
    pytest.param(b'{"PartyA":0.' + b"9" * 65_000 + b"}", id="i5-fraction"),
    pytest.param(b'{"a":' + b" " * 65_000, id="i5-white space"),
]


@pytest.mark.parametrize("body", DENSE)
def test_i5_the_densest_bodies_cost_little(documented: Platform, api: Api, body: bytes) -> None:
    """As large and as nasty as a body may be, it is refused within a tenth of a second."""
    took = []
    for _ in range(3):  # a busy machine may hold up one of them
        began = time.monotonic()
        assert documented.post(api, body).status == 400
        took.append(time.monotonic() - began)
    assert min(took) < 0.1


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: b"[" * 100_000, id="i5-100,000 levels"),
        pytest.param(lambda: numbered(1_000_000), id="i5-a million members"),
        pytest.param(lambda: b'{"a":"' + b"x" * 10_000_000 + b'"}', id="i5-a text of 10 MB"),
    ],
)
def test_i5_what_is_too_large_is_never_read(documented: Platform, make: Callable[[], bytes]) -> None:
    """It is refused for its size before anybody parses it; nothing is kept and the next one is served."""
    kept, body = documented.kept(), make()
    heard = exchange(documented.port, [head(documented, BALANCE, length(body)) + b"\r\n", body])
    assert heard.closed
    assert documented.refusals()[0].cause == "the body is larger than 64 KiB"
    assert documented.kept() == kept
    assert documented.ask(BALANCE).json["ResponseCode"] == "0"


@pytest.mark.parametrize("party", ["60000", "699999", "699999999", 69999])
def test_i10_short_codes_of_five_to_nine_digits(documented: Platform, api: Api, party: object) -> None:
    """Each is a form that the core looks at, and finds to be nobody's of ours: 21."""
    assert documented.result(api, {"PartyA": party}).code == "21"


@pytest.mark.parametrize(
    "party",
    [
        "\uff16" + "\uff10" * 5,
        "\u096c" + "\u0966" * 5,
        "6e5",
        "600000.0",
        "0x927C0",
        "600,000",
        "\u200b600000",
    ],
)
def test_i10_only_ascii_digits(platform: Platform, api: Api, party: str) -> None:
    """What other readers would take for the same number is none here."""
    answer = platform.ask(api, {"PartyA": party})
    assert answer.error == (400, code_of_a_bad_field(api, platform.profile), "Bad Request - Invalid PartyA")


def kept_query(platform: Platform, conversation_id: str) -> dict[str, Any]:
    """What the store has of a request."""
    ((query,),) = platform.rows("SELECT query FROM request WHERE conversation_id = ?", [conversation_id])
    return dict(json.loads(query))


REMARKS = [
    pytest.param("🧾" * 100, id="i12-a hundred emoji"),
    pytest.param("e\u0301" * 50, id="i12-fifty letters of two code points"),
    pytest.param("rent \u202e000001 SEK", id="i14-right to left"),
    pytest.param("re\u200bnt\u2060\ufeff", id="i14-zero width"),
    pytest.param("Safari\u0441om", id="i14-another script's c"),
    pytest.param("<b>'; DROP TABLE request; --", id="i14-markup and SQL"),
]


@pytest.mark.parametrize("remarks", REMARKS)
def test_odd_remarks_are_kept_as_they_are(platform: Platform, api: Api, remarks: str) -> None:
    """A hundred code points of any script go in, and the same ones are in the store."""
    callback = platform.result(api, {"Remarks": remarks})
    assert callback.code == "0"
    assert kept_query(platform, callback.result["ConversationID"])["remarks"] == remarks


@pytest.mark.parametrize(
    "initiator",
    ["test\u0430piuser", "testapiuser\u200b", "\u202etestapiuser", "\uff54estapiuser"],
)
def test_i14_a_name_that_looks_alike_is_another(documented: Platform, api: Api, initiator: str) -> None:
    """Initiators are compared by code points: the likeness is nobody, and the true one is not touched."""
    callback = documented.result(api, {"Initiator": initiator})
    assert documented.end(callback.result["ConversationID"]).outcome == Outcome.INITIATOR_UNKNOWN.value


@pytest.mark.parametrize("number", ["1e999", "-1e999", "6e5", "600000.0", "1E400"])
def test_i15_numbers_beyond_all_bounds(platform: Platform, api: Api, number: str) -> None:
    """What would be infinite as a float, or only looks whole, is refused by the member's name."""
    body = json.dumps(platform.body(api)).replace('"600000"', number).encode()
    code = code_of_a_bad_field(api, platform.profile)
    assert platform.post(api, body).error == (400, code, "Bad Request - Invalid PartyA")


@pytest.mark.parametrize(
    "receipt", ["uhg123456", "MBN31H462", "MBN31H462NN", "'OR'1'='1", "../../etc/passwd", "%00", "%s%n", "{}"]
)
def test_i16_a_strange_receipt_is_not_found(platform: Platform, receipt: str) -> None:
    """Whatever it looks like, it is looked for, and not there: 2032."""
    assert platform.result(STATUS, {"TransactionID": receipt}).code == "2032"


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "gopher://127.0.0.1:25/x",
        "javascript:alert(1)",
        "http:\\\\127.0.0.1\\",
        "http://127.0.0.1\\@evil.example/",
        "http://127.0.0.1/\r\nX-Injected: 1",
        "http://127.0.0.1/\tx",
        "http://127.0.0.1/" + "x" * 5_000,
    ],
)
def test_i18_no_such_callback_address(platform: Platform, api: Api, url: str) -> None:
    """Refused by the member's name at once; no header can be smuggled through an address."""
    code = code_of_a_bad_field(api, platform.profile)
    for name in ("ResultURL", "QueueTimeOutURL"):
        assert platform.ask(api, {name: url}).error == (400, code, f"Bad Request - Invalid {name}")


def test_i13_nothing_stops_at_the_store(documented: Platform) -> None:
    """Wherever a NUL or half a pair can stand: answered, its refusal kept, and the next one accepted."""
    token = ("Authorization", bearer(documented.token()))
    odd = rb'"a\u0000b\ud800"'
    answers = [
        documented.send("POST", BALANCE.path + "/%00%ED%A0%80", [token, JSON], b"{}"),
        documented.grant(basic("a\0b", "c\0")),
        documented.send("POST", "/inbox/a%00b", [JSON], b"{}"),
        *(documented.post(STATUS, b'{%s: "", "%s": %s}' % (odd, name, odd)) for name in (b"CommandID", b"X")),
        documented.send(
            "POST", "/_salio/initiators/lock", [JSON], b'{"short_code": "1", "name": "a\\u0000"}'
        ),
    ]
    assert [each.status for each in answers] == [404, 400, 404, 400, 400, 404]
    for each in (answers[0], *answers[3:5]):
        assert documented.refusal(each).status == each.status
    spoilt = json.dumps(documented.body(BALANCE)).encode()[:-1] + b", %s: %s}" % (odd, odd)
    answer = documented.post(BALANCE, spoilt)
    assert documented.receiver.wait(answer.json["ConversationID"]).code == "0"


def test_i20_one_address_for_both(platform: Platform, api: Api) -> None:
    """ResultURL and QueueTimeOutURL may be the same; one callback comes, and it is the result."""
    url = platform.receiver.url("/both")
    callback = platform.result(api, {"ResultURL": url, "QueueTimeOutURL": url})
    assert (callback.path, callback.code) == ("/both", "0")


@pytest.mark.parametrize("coded", [[("Content-Encoding", "gzip")], []])
def test_i22_a_bomb_is_not_opened(platform: Platform, api: Api, coded: list[tuple[str, str]]) -> None:
    """Ten kilobytes that would become ten megabytes are refused as they are."""
    answer = platform.post(api, gzip.compress(bytes(10_000_000)), headers=[JSON, *coded])
    assert answer.error == PAYLOAD[api]
    assert platform.refusal(answer).cause.startswith("not UTF-8" if not coded else "compressed bodies")


def test_i22_a_form_of_several_parts(platform: Platform, api: Api) -> None:
    """multipart/form-data around good JSON is not read."""
    body = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n' + dumped(platform, api) + b"\r\n--x--"
    answer = platform.post(api, body, headers=[("Content-Type", "multipart/form-data; boundary=x")])
    assert answer.error == PAYLOAD[api]


def test_i23_trace_is_a_method_like_any_other(platform: Platform, api: Api) -> None:
    """405.001, and nothing of the request comes back."""
    answer = platform.send("TRACE", api.path, [("Cookie", "canary-of-trace")])
    assert answer.error == (405, "405.001", "TRACE Method Not Allowed")
    assert b"canary" not in answer.body


@pytest.mark.parametrize("method", ["post", "Post", "NONSENSE", "X-ODD_9"])
def test_i23_a_method_that_nobody_knows(platform: Platform, api: Api, method: str) -> None:
    """A method's name has its case, and any word may be one: 405.001, as for the others."""
    kept, body = platform.kept(), dumped(platform, api)
    sent = head(platform, api, length(body)).replace(b"POST", method.encode(), 1) + b"\r\n" + body
    heard = exchange(platform.port, [sent, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"])
    assert heard.statuses == [405, 200]
    assert f"{method} Method Not Allowed".encode() in heard.content
    assert platform.kept() == kept


@pytest.mark.parametrize("method", [b"POST\0", b"PO(ST"])
def test_i23_no_method_at_all(documented: Platform, api: Api, method: bytes) -> None:
    """What is no word: the line is no HTTP, refused with 400, and the connection ends."""
    kept, body = documented.kept(), dumped(documented, api)
    sent = head(documented, api, length(body)).replace(b"POST", method, 1) + b"\r\n" + body
    heard = exchange(documented.port, [sent])
    assert (heard.statuses, heard.closed) == ([400], True)
    assert documented.kept() == kept


@pytest.mark.parametrize(
    "path", ["/x/%2e%2e{path}", "/x/..{path}", "{upper}", "/{path}", "{path};a=b", "{path}%20", "/.{path}"]
)
def test_i24_another_way_to_write_the_path(platform: Platform, api: Api, path: str) -> None:
    """The exact path and no other leads to the API; none is tidied up."""
    given = path.format(path=api.path, upper=api.path.upper())
    answer = platform.send("POST", given, [("Authorization", bearer(platform.token())), JSON], b"{}")
    assert (answer.status, answer.message) == (404, "Resource not found")


def test_i24_fields_in_the_query_are_not_read(platform: Platform, api: Api) -> None:
    """Neither in place of a member that is missing nor over one that is there."""
    headers = [("Authorization", bearer(platform.token())), JSON]
    query = "?CommandID=x&PartyA=600782&Initiator=nobody"
    assert platform.send("POST", api.path + query, headers, b"{}").message.endswith("Invalid CommandID")
    answer = platform.send("POST", api.path + query, headers, dumped(platform, api))
    assert platform.receiver.wait(answer.json["ConversationID"]).code == "0"
