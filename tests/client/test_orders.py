"""Orders through both shells: one logic with the queries; what may have been accepted is not sent twice."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx2
import pytest

from salio.client.client import Client
from salio.client.errors import (
    AskingFailed,
    Declined,
    MerchantRefused,
    NotSent,
    OutcomeUnknown,
    PlatformFault,
    PromptUnknown,
    Refused,
    SalioError,
    SubscriberLocked,
    TokenRefused,
    UnusableSetting,
    UrlsRegistered,
    error_of,
)
from salio.client.settings import Merchant
from salio.wire import mitigations
from salio.wire.answers import Rejection
from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.asked import KINDS
from salio.wire.errors import UnusableOrder
from salio.wire.prompts import Prompt
from salio.wire.refusals import Refusal
from tests.client.conftest import MakeShell
from tests.client.shells import (
    APP,
    BASE,
    CALLBACKS,
    INITIATOR,
    MERCHANT,
    Answer,
    Network,
    Shell,
    accepted,
    answered,
    refused,
)

MSISDN = "254708374149"
LOCKED = "Unable to lock subscriber, a transaction is already in process for the current subscriber"
Call = Callable[[Any], Any]
CALLS: dict[Api, Call] = {
    Api.B2C: lambda client: client.pay_customer(MSISDN, 10),
    Api.B2B: lambda client: client.pay_organization("600979", 10, account_reference="7"),
    Api.TAX_REMITTANCE: lambda client: client.remit_tax("2040000000000", 10),
    Api.REVERSAL: lambda client: client.reverse("TAH5J2K991", 10),
    Api.EXPRESS: lambda client: client.prompt(MSISDN, 10, "invoice008"),
    Api.EXPRESS_QUERY: lambda client: client.prompt_status("ws_CO_1"),
    Api.C2B_REGISTER: lambda client: client.register_urls("https://a.example/c", "https://a.example/v"),
    Api.C2B: lambda client: client.simulate_payment(MSISDN, 10, bill_reference="invoice008"),
}
SIGNED = {"SecurityCredential", "ResultURL", "QueueTimeOutURL"}
ADDED = SIGNED | {"Initiator", "InitiatorName", "Password", "Timestamp", "CallBackURL"}
ADDS: dict[Api, set[str]] = {
    Api.B2C: SIGNED | {"InitiatorName"},
    Api.EXPRESS: {"Password", "Timestamp", "CallBackURL"},
    Api.EXPRESS_QUERY: {"Password", "Timestamp"},
    Api.C2B: set(),
    Api.C2B_REGISTER: set(),
}
"""What a client adds to a body; of the others an initiator's signature and two addresses."""
EVERY = pytest.mark.parametrize("api", CALLS, ids=lambda api: api.value)
QUERIES = {Api.ACCOUNT_BALANCE, Api.TRANSACTION_STATUS, Api.EXPRESS_QUERY}


def sent(network: Network) -> list[dict[str, Any]]:
    """The bodies of all requests but those for tokens."""
    return [json.loads(each.content) for each in network.requests if each.url.path != OAUTH_PATH]


def test_every_call_is_tried() -> None:
    """Besides a balance and a status, which have tests of their own."""
    assert {*KINDS} == {api.value for api in CALLS} | {"AccountBalance", "TransactionStatusQuery"}


@EVERY
def test_it_is_acknowledged(make_shell: MakeShell, api: Api) -> None:
    """At its own path, once, with what the client adds to it and nothing else's."""
    network = Network()
    acknowledgement = make_shell(network).run(CALLS[api])
    assert (acknowledgement.conversation_id, acknowledgement.code) == ("AG_1", "0")
    (body,) = sent(network)
    assert network.requests[-1].url.path == api.path
    assert {*body} & ADDED == ADDS.get(api, SIGNED | {"Initiator"})


@EVERY
@pytest.mark.parametrize(
    "answer",
    [
        httpx2.ReadTimeout("slow"),
        httpx2.ReadError("cut"),
        httpx2.RemoteProtocolError("gone"),
        httpx2.WriteError("cut"),
        httpx2.Response(504, content=b"<html>Gateway Timeout</html>"),
        httpx2.Response(200, content=b""),
    ],
    ids=lambda answer: type(answer).__name__,
)
def test_c4_nothing_is_sent_twice(make_shell: MakeShell, api: Api, answer: Answer) -> None:
    """That may have been accepted: the error says so, and by which id it can be asked about."""
    network = Network(answers=[answer])
    with pytest.raises(OutcomeUnknown) as raised:
        make_shell(network).run(CALLS[api])
    (body,) = sent(network)
    assert raised.value.originator_conversation_id == body.get("OriginatorConversationID", "")
    assert bool(raised.value.originator_conversation_id) is (api is Api.B2C)


@EVERY
def test_c4_what_never_left_is_sent_again(make_shell: MakeShell, api: Api) -> None:
    """The same, under the same id."""
    network = Network(answers=[httpx2.ConnectError("down"), httpx2.ConnectTimeout("slow"), accepted()])
    make_shell(network).run(CALLS[api])
    first, *others = sent(network)
    assert others == [first, first]


@EVERY
def test_c4_what_never_leaves(make_shell: MakeShell, api: Api) -> None:
    """After three attempts it was surely not sent."""
    network = Network(answers=[httpx2.ConnectError("down")])
    with pytest.raises(NotSent):
        make_shell(network).run(CALLS[api])
    assert len(sent(network)) == 3


@EVERY
def test_c1_a_token_that_was_refused(make_shell: MakeShell, api: Api) -> None:
    """The door let nothing in: it is sent once more, under the same id."""
    network = Network(answers=[refused(401, "401.002.01"), refused(401, "401.002.01")])
    with pytest.raises(TokenRefused):
        make_shell(network).run(CALLS[api])
    first, second = sent(network)
    assert first == second


@EVERY
@pytest.mark.parametrize(
    ("answer", "of_query"),
    [
        (refused(500, "500.003.1001", "Internal Server Error"), PlatformFault),
        (answered(200, {"ResponseCode": "100000000", "ResponseDescription": "cached"}), Declined),
        (refused(500, "599.999.99", "unheard of"), Refused),
    ],
    ids=["internal", "cached", "unheard of"],
)
def test_c4_a_doubt(make_shell: MakeShell, api: Api, answer: Answer, of_query: type[AskingFailed]) -> None:
    """Of an order the outcome is unknown, with all that was said; of a query it was refused."""
    with pytest.raises(AskingFailed) as raised:
        make_shell(Network(answers=[answer])).run(CALLS[api])
    assert type(raised.value) is (of_query if api in QUERIES else OutcomeUnknown)
    assert raised.value.code


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ("Merchant does not exist", MerchantRefused),
        ("Wrong credentials", MerchantRefused),
        (LOCKED, SubscriberLocked),
        ("The transaction does not Exist", PromptUnknown),
    ],
)
def test_the_refusals_of_prompts(make_shell: MakeShell, message: str, error: type[Refused]) -> None:
    """Each has its name, the code, the request's id and what to do; none leaves a doubt."""
    network = Network(answers=[refused(500, "500.001.1001", message)])
    with pytest.raises(error) as raised:
        make_shell(network).prompt()
    found = raised.value
    assert (found.code, found.request_id, bool(found.mitigation)) == ("500.001.1001", "r-1", True)


def test_urls_that_are_there_already(make_shell: MakeShell) -> None:
    """Production keeps the first: nothing was changed, and no doubt is left."""
    network = Network(answers=[refused(500, "500.003.1001", "Urls are already registered.")])
    with pytest.raises(UrlsRegistered) as raised:
        make_shell(network).run(CALLS[Api.C2B_REGISTER])
    assert raised.value.mitigation.startswith("The short code has URLs")


@pytest.mark.parametrize("refusal", Refusal, ids=lambda each: each.name)
def test_every_refusal_has_an_error(refusal: Refusal) -> None:
    """With the page's advice."""
    rejection = Rejection(
        status=400,
        code="400.001.01",
        message="",
        request_id="",
        refusal=refusal,
        declined=False,
        certain=True,
        reason="",
        raw=b"",
    )
    found = error_of(rejection)
    assert isinstance(found, Refused)
    assert found.mitigation == mitigations.OF_REFUSALS[refusal]


def test_an_answer_that_is_there_at_once(make_shell: MakeShell) -> None:
    """Needs no receiver, nor any address."""
    told = {"ResponseCode": "0", "MerchantRequestID": "1", "CheckoutRequestID": "ws_CO_1"}
    network = Network(answers=[answered(200, told | {"ResultCode": "1032", "ResultDesc": "cancelled"})])
    shell = make_shell(network)
    result = shell.run(lambda client: client.prompt_status("ws_CO_1").result())
    assert (result.code, result.succeeded, bool(result.mitigation)) == ("1032", False, True)
    with Client(BASE, APP, merchant=MERCHANT, transport=httpx2.MockTransport(network)) as client:
        assert client.prompt_status("ws_CO_1").result().code == "1032"


@pytest.mark.parametrize(
    "call",
    [
        lambda shell: shell.prompt(MSISDN, 5.5, "invoice008"),
        lambda shell: shell.run(lambda client: client.pay_customer(MSISDN, 10.0)),
        lambda shell: shell.run(lambda client: client.pay_customer("0708374149", 10)),
    ],
    ids=["half a shilling", "a float", "a local number"],
)
def test_what_no_platform_takes_is_not_sent(make_shell: MakeShell, call: Callable[[Shell], Any]) -> None:
    """Not even a token is asked for."""
    network = Network()
    with pytest.raises(UnusableOrder):
        call(make_shell(network))
    assert network.requests == []


def test_without_a_merchant() -> None:
    """Nobody can be prompted; nor in another merchant's name."""
    network = Network()
    transport = httpx2.MockTransport(network)
    with Client(BASE, APP, INITIATOR, CALLBACKS, transport=transport) as client:
        for call in (CALLS[Api.EXPRESS], CALLS[Api.EXPRESS_QUERY]):
            with pytest.raises(UnusableSetting, match="without a merchant"):
                call(client)
    other = Prompt(short_code="600984", payer=MSISDN, amount=Decimal(5), account_reference="7")
    with Client(BASE, APP, None, CALLBACKS, merchant=MERCHANT, transport=transport) as client:
        with pytest.raises(UnusableSetting, match="no passkey of 600984"):
            client.ask(other)
        with pytest.raises(UnusableSetting, match="without an initiator"):
            CALLS[Api.B2C](client)
    assert sent(network) == []


def test_c2b_needs_no_initiator() -> None:
    """Nor a receiver; but a short code has to be named."""
    network = Network()
    with Client(BASE, APP, transport=httpx2.MockTransport(network)) as client:
        client.simulate_payment(MSISDN, 10, short_code="600984")
        for call in (CALLS[Api.C2B], CALLS[Api.C2B_REGISTER]):
            with pytest.raises(UnusableSetting, match="which short code"):
                call(client)
    assert [each["ShortCode"] for each in sent(network)] == ["600984"]


def test_a_passkey_that_is_none() -> None:
    """Is refused before anything is sent."""
    with pytest.raises(SalioError, match="passkey"):
        Client(BASE, APP, merchant=Merchant(short_code="174379", passkey=""))
