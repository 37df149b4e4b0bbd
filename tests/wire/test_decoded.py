"""Any body, explained: whatever travels has its kind and its meaning, and no secret is told again."""

from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import refusals, results
from salio.wire.acknowledgements import ResponseCode, decline
from salio.wire.answered import Balance, Transaction
from salio.wire.apis import Api
from salio.wire.decoded import HIDDEN, NO_PAGE, WORDS, Kind, decode
from salio.wire.errors import UnreadableAnswer, UnreadableBody
from salio.wire.profile import DOCUMENTED, PROFILES, Profile
from salio.wire.refusals import Refusal
from salio.wire.results import ResultHead
from tests.wire import captures
from tests.wire.captures import sample
from tests.wire.test_answers import HTML, INCAPSULA, NO_PRODUCT, SOAP, SPIKE, error

HEAD = ResultHead("515-5258779-3", "AG_20200123_0000417fed8ed666e976", "OA90000000")
PAYMENT = b"""{"TransactionType":"Pay Bill","TransID":"RKTQDM7W6S","TransTime":"20191122063845",
 "TransAmount":"10","BusinessShortCode":"600638","MSISDN":"2547 ***** 126","FirstName":"John"}"""


def test_every_kind_has_its_words() -> None:
    """For people, as its value is for programs."""
    assert list(WORDS) == list(Kind)


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("ab_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("ab_request", Kind.REQUEST),
        ("ab_result", Kind.RESULT),
        ("b2c_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("b2c_failed_result", Kind.RESULT),
        ("b2c_request", Kind.REQUEST),
        ("b2c_result", Kind.RESULT),
        ("buy_goods_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("buy_goods_failed_result", Kind.RESULT),
        ("buy_goods_request", Kind.REQUEST),
        ("buy_goods_result", Kind.RESULT),
        ("c2b_payment", Kind.PAYMENT),
        ("c2b_register_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("c2b_register_request", Kind.REQUEST),
        ("c2b_simulate_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("c2b_simulate_request", Kind.REQUEST),
        ("c2b_v1_payment", Kind.PAYMENT),
        ("c2b_v1_register_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("c2b_v1_register_request", Kind.REQUEST),
        ("express_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("express_callback", Kind.RESULT),
        ("express_failed_callback", Kind.RESULT),
        ("express_query_answer", Kind.RESULT),
        ("express_query_request", Kind.REQUEST),
        ("express_request", Kind.REQUEST),
        ("pay_bill_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("pay_bill_failed_result", Kind.RESULT),
        ("pay_bill_request", Kind.REQUEST),
        ("pay_bill_result", Kind.RESULT),
        ("reversal_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("reversal_failed_result", Kind.RESULT),
        ("reversal_request", Kind.REQUEST),
        ("reversal_result", Kind.RESULT),
        ("tax_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("tax_failed_result", Kind.RESULT),
        ("tax_request", Kind.REQUEST),
        ("tax_result", Kind.RESULT),
        ("token", Kind.TOKEN),
        ("top_up_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("top_up_failed_result", Kind.RESULT),
        ("top_up_request", Kind.REQUEST),
        ("top_up_result", Kind.RESULT),
        ("ts_acknowledgement", Kind.ACKNOWLEDGEMENT),
        ("ts_request", Kind.REQUEST),
        ("ts_result", Kind.RESULT),
    ],
)
def test_every_sample_of_the_pages(name: str, kind: Kind) -> None:
    """Each is what the page calls it, and its secret is hidden."""
    found = decode(sample(name))
    assert found.kind is kind
    assert found.meaning
    hidden = [each.name for each in found.facts if each.value == HIDDEN]
    secrets = ("SecurityCredential", "Password", "access_token")
    assert hidden == [each for each in secrets if each.encode() in sample(name)]


def test_the_samples_are_all_there() -> None:
    """The table above names every file."""
    (table,) = (mark for mark in test_every_sample_of_the_pages.pytestmark if mark.name == "parametrize")  # type: ignore[attr-defined]  # pytest's own
    assert [row[0] for row in table.args[1]] == sorted(each.stem for each in Path(captures.SAMPLES).iterdir())


@pytest.mark.parametrize("name", captures.RESULTS)
def test_every_capture(name: str) -> None:
    """A result with its code; a failure that the pages know says what to do."""
    found = decode(captures.RESULTS[name])
    assert found.kind is Kind.RESULT
    assert found.meaning
    assert bool(found.remedy) is (found.code != "0")
    assert NO_PAGE not in found.meaning


def test_a_balance_and_a_status() -> None:
    """Their answers are typed; moments are as a person writes them."""
    balance, status = decode(captures.BALANCE_2026), decode(captures.STATUS_2025)
    assert isinstance(balance.answer, Balance)
    assert "AccountBalance" not in {each.name for each in balance.facts}
    assert isinstance(status.answer, Transaction)
    told = {each.name: each.value for each in status.facts}
    assert told["FinalisedTime"] == "2025-01-17 17:06:14 EAT"
    assert told["TransactionReason"] == "-"


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ((b'"Completed"', b'"Declined"'), "the transaction is another matter: Declined"),
        ((b'"ResultType":0', b'"ResultType":1'), "more follows"),
        ((b'"Value":1.0', b'"Value":"much"'), "a form that nobody has seen: Amount"),
    ],
    ids=["a failed transaction", "more follows", "unreadable"],
)
def test_what_is_noted_of_a_result(changed: tuple[bytes, bytes], words: str) -> None:
    """Beside the meaning of its code."""
    assert words in decode(captures.STATUS_2025.replace(*changed)).meaning


@pytest.mark.parametrize(
    ("name", "means", "do"),
    [
        ("ab_acknowledgement", "One callback follows", "of a payment ask for the status first"),
        ("b2c_acknowledgement", "One callback follows", "of a payment ask for the status first"),
        ("express_acknowledgement", "one callback follows at CallBackURL", "query by CheckoutRequestID"),
        ("c2b_register_acknowledgement", "No result follows", "ConfirmationURL"),
        ("c2b_simulate_acknowledgement", "No result follows", "ConfirmationURL"),
    ],
)
def test_what_follows_an_acknowledgement(name: str, means: str, do: str) -> None:
    """As its form tells; nobody is advised to send a payment again."""
    found = decode(sample(name))
    assert means in found.meaning
    assert do in found.remedy


@pytest.mark.parametrize("name", ["express_callback", "express_failed_callback", "express_query_answer"])
def test_the_ids_of_a_prompt(name: str) -> None:
    """By the names that they have in the body."""
    told = {each.name for each in decode(sample(name)).facts}
    assert told >= {"CheckoutRequestID", "MerchantRequestID"}
    assert not told & {"ConversationID", "OriginatorConversationID"}


def test_a_timeout_notice() -> None:
    """Is one, and means unknown."""
    found = decode(results.timeout_notice(HEAD, Api.ACCOUNT_BALANCE, DOCUMENTED))
    assert (found.kind, found.code) == (Kind.NOTICE, "17")
    assert "Unknown, not failed" in found.remedy


def test_one_code_with_two_meanings() -> None:
    """17 is what the words beside it say; words that nobody knows have the first meaning."""
    body = captures.PUSH_CANCELLED.replace(b"1032", b"17")
    limited = body.replace(b"Request cancelled by user.", b"Rule limited.")
    assert "made twice" in decode(limited).meaning
    assert "made twice" not in decode(body).meaning


def test_a_payment() -> None:
    """As it came; it wants an answer."""
    found = decode(PAYMENT)
    assert found.kind is Kind.PAYMENT
    assert {each.name: each.value for each in found.facts}["TransID"] == "RKTQDM7W6S"
    assert "ResultCode" in found.remedy


PUSH_QUERIED = {
    "ResponseCode": "0",
    "CheckoutRequestID": "c",
    "ResultCode": "1032",
    "ResultDesc": "cancelled",
}


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"BusinessShortCode": "1", "Password": "Ab+/A", "CallBackURL": "https://x.example"}, Kind.REQUEST),
        (
            {"ShortCode": "1", "ResponseType": "Completed", "ConfirmationURL": "https://x.example"},
            Kind.REQUEST,
        ),
        ({"InitiatorName": "x", "SecurityCredential": "Ab+/A", "CommandID": "SalaryPayment"}, Kind.REQUEST),
        ({"MerchantRequestID": "m", "CheckoutRequestID": "c", "ResponseCode": "0"}, Kind.ACKNOWLEDGEMENT),
        (
            {"OriginatorCoversationID": "o", "ResponseCode": "0", "ResponseDescription": "x"},
            Kind.ACKNOWLEDGEMENT,
        ),
        (PUSH_QUERIED, Kind.RESULT),
    ],
    ids=["push", "register", "payment", "push taken", "registered", "push queried"],
)
def test_the_neighbours(members: dict[str, str], kind: Kind) -> None:
    """Of the other APIs (wire facts 5)."""
    body = msgspec.json.encode(members)
    assert decode(body).kind is kind
    assert "Ab+/A" not in msgspec.json.encode(decode(body)).decode()


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
@pytest.mark.parametrize("api", [*Api, None], ids=lambda api: api.name if api else "elsewhere")
@pytest.mark.parametrize("refusal", Refusal)
def test_our_own_refusals(refusal: Refusal, api: Api | None, profile: Profile) -> None:
    """Each is one, without its status too, and says what to do."""
    said = refusals.answer(refusal, api=api, profile=profile, request_id="r", detail="PartyA")
    for status in (said.status, None):
        found = decode(said.body, status)
        assert found.kind is (Kind.REFUSAL if said.body else Kind.EMPTY)
        assert found.meaning
        assert found.remedy
        assert found.code == (said.code if said.body else "")


@pytest.mark.parametrize("code", [code for code in ResponseCode if code is not ResponseCode.ACCEPTED])
def test_a_response_code_other_than_0(code: ResponseCode) -> None:
    """The core's own word."""
    body = decline(code, Api.ACCOUNT_BALANCE, DOCUMENTED, originator_conversation_id="a", conversation_id="b")
    found = decode(body)
    assert (found.kind, found.code) == (Kind.DECLINED, code.code)
    assert found.meaning != NO_PAGE
    assert found.remedy


@pytest.mark.parametrize(
    ("body", "status", "kind", "words"),
    [
        pytest.param(error("401.003.01", NO_PRODUCT), None, Kind.REFUSAL, "not given this API", id="product"),
        pytest.param(error("404.001.03", "x"), None, Kind.REFUSAL, "bearer token", id="push's token"),
        pytest.param(error("500.009.1001"), None, Kind.REFUSAL, NO_PAGE, id="no words"),
        pytest.param(SPIKE, 429, Kind.REFUSAL, "faster than its limit", id="spike arrest"),
        pytest.param(SPIKE, None, Kind.REFUSAL, "faster than its limit", id="spike arrest, no status"),
        pytest.param(SOAP, None, Kind.FAULT, NO_PAGE, id="SOAP fault"),
        pytest.param(b'{"fault":{"faultstring":"x"}}', None, Kind.FAULT, "", id="unknown fault"),
        pytest.param(INCAPSULA, None, Kind.PAGE, "Nothing was taken", id="firewall, text"),
        pytest.param(HTML, 403, Kind.PAGE, "Nothing was taken", id="firewall, HTML"),
        pytest.param(HTML, None, Kind.PAGE, "is not known", id="HTML, no status"),
        pytest.param(b"upstream gone", 502, Kind.PAGE, "is not known", id="a proxy's words"),
        pytest.param(b"", None, Kind.EMPTY, "consumer key or secret is wrong", id="empty"),
        pytest.param(b" \r\n", 400, Kind.EMPTY, "consumer key or secret is wrong", id="empty 400"),
        pytest.param(b"", 504, Kind.EMPTY, "nobody said why", id="empty 504"),
    ],
)
def test_what_is_no_error_body(body: bytes, status: int | None, kind: Kind, words: str) -> None:
    """Wire facts 1.1 and 2.3; what is not known is never called refused."""
    found = decode(body, status)
    assert (found.kind, words in found.meaning) == (kind, True)
    assert ("may be asked again" in found.remedy) is (
        kind is Kind.FAULT or "is not known" in found.meaning or status == 504
    )


@pytest.mark.parametrize("line", [b"\n", b"\r\n"], ids=["pasted", "as it travels"])
def test_a_whole_answer(line: bytes) -> None:
    """With heads as `curl -i` prints them: status and reason are taken from the last."""
    heads = [
        [b"HTTP/1.1 200 Connection established"],
        [b"HTTP/2 400", b"x-salio-reason: PartyA is missing", b"Authorization: Bearer abcdefgh"],
    ]
    whole = b"".join(line.join([*head, b"", b""]) for head in heads)
    told = decode(whole + error("400.002.02", "Bad Request - Invalid PartyA"))
    assert [(each.name, each.value) for each in told.facts if each.name != "requestId"] == [
        ("HTTP status", "400"),
        ("field", "PartyA"),
        ("reason", "PartyA is missing"),
    ]
    assert decode(whole).kind is Kind.EMPTY


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"hunter2", "not JSON"),
        (b"client_secret=hunter2", "looks like a form body"),
        (b'{"hello": "hunter2", "x": 1}', "its members: hello, x"),
        (b"{}", "its members: none"),
        (b'["hunter2"]', "not an object"),
        (b'{"access_token": 5}', "access_token is none"),
        (b'{"Result": {"ResultDesc": "hunter2"}}', "no ResultCode"),
    ],
)
def test_what_nobody_sends(body: bytes, words: str) -> None:
    """Is told by name, without what it holds."""
    with pytest.raises(UnreadableBody, match=words) as caught:
        decode(body)
    assert "hunter2" not in str(caught.value)


TOKEN, LETTERS = "c9SQxWWhmdVRlyh0zh8gZDTkubVF", "cSQxWWhmdVRlyhzhgZDTkubVFabc"
CREDENTIAL = "Ab+/" * 86


@pytest.mark.parametrize(
    "body",
    [
        error("401.002.01", f"Error Occurred - Invalid Access Token - {TOKEN}"),
        error("401.002.01", f"Error Occurred - Invalid Access Token - {LETTERS}"),
        error("400.002.02", f"Bad Request - Invalid {CREDENTIAL}"),
        f"<p>Authorization: Bearer {LETTERS}</p>".encode(),
        f'{{"access_token": "{TOKEN}", "expires_in": "3599"}}'.encode(),
        f'{{"CommandID": "x", "SecurityCredential": "{CREDENTIAL}", "Pass word": "{TOKEN}"}}'.encode(),
        captures.BALANCE_LOCKED_2026.replace(b"API Password", CREDENTIAL.encode()),
        captures.STATUS_2025.replace(
            b'"ReasonType","Value":"Pay Bill Online"', b'"Password","Value":"Ab+/A"'
        ),
    ],
)
def test_no_secret_is_told_again(body: bytes) -> None:
    """Whether it stands under its name or among words."""
    told = msgspec.json.encode(decode(body)).decode()
    assert HIDDEN in told
    assert not [each for each in (TOKEN, LETTERS, CREDENTIAL, "Ab+/A") if each in told]


@pytest.mark.parametrize(
    "changed",
    [(b'"ResultCode":0', b'"ResultCode":"\\u001b[2J"'), (b"Completed", b"\\u001b[2J"), (b"JANE", b"\\u202e")],
    ids=["code", "state", "name"],
)
def test_no_terminal_obeys_it(changed: tuple[bytes, bytes]) -> None:
    """Whatever it says can be printed."""
    found = decode(captures.STATUS_2025.replace(*changed))
    told = [found.code, found.said, found.meaning, found.remedy, *(each.value for each in found.facts)]
    assert [each for each in told if not each.isprintable()] == []


@pytest.mark.parametrize("word", ["Duplicate OriginatorConversationID.", NO_PRODUCT, "System internal error"])
def test_ordinary_words_stay(word: str) -> None:
    """Nothing else is hidden."""
    assert decode(error("500.002.1001", word)).said == word


@given(
    st.binary() | st.text().map(str.encode) | st.sampled_from(list(captures.RESULTS.values())), st.integers()
)
def test_nothing_else_is_raised(body: bytes, status: int) -> None:
    """Whatever is pasted, half of it too."""
    for given_ in (body, body[: len(body) // 2]):
        with suppress(UnreadableBody, UnreadableAnswer):
            decode(given_, status)
