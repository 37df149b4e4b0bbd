"""From a question to its acknowledgement, in both shells: what is sent, what again, and what is raised."""

import json
from typing import Any

import httpx2
import pytest

from salio.client import errors
from salio.client.errors import (
    AskingFailed,
    CredentialsRefused,
    NotEntitled,
    NotSent,
    OutcomeUnknown,
    QuotaExceeded,
    Redirected,
    ServerNotTrusted,
    SpikeArrest,
    TokenRefused,
    TokenUnavailable,
    UnusableSetting,
)
from salio.client.settings import Options
from tests.client.conftest import MakeShell
from tests.client.shells import CREDENTIAL, Answer, Network, Time, accepted, answered, granted, refused

REFUSED_TOKEN = refused(401, "401.002.01", "Error Occurred - Invalid Access Token - Invalid Access Token")
NO_PRODUCT = refused(
    401,
    "401.003.01",
    "Error Occurred - Invalid Access Token - Invalid API call as no apiproduct match found",
)
SPIKE = refused(500, "500.003.02", "Error Occurred: Spike Arrest Violation")
DOWN = httpx2.ConnectError("refused")


def test_a_balance(make_shell: MakeShell) -> None:
    """One token, one question; the second question needs no other token."""
    network = Network()
    shell = make_shell(network)
    found = shell.balance()
    assert (found.originator_conversation_id, found.conversation_id, found.code) == ("1-1-1", "AG_1", "0")
    shell.balance(short_code="600001", remarks="again")
    grant, first, second = network.requests
    assert grant.method == "GET"
    assert grant.url == "https://platform.example/oauth/v1/generate?grant_type=client_credentials"
    assert grant.headers["Authorization"] == "Basic Q0FOQVJZS0VZOkNBTkFSWVNFQ1JFVA=="
    assert first.url == "https://platform.example/mpesa/accountbalance/v1/query"
    assert first.headers["Authorization"] == "Bearer CANARYTOKEN"
    assert first.headers["Content-Type"] == "application/json"
    assert first.headers["User-Agent"].startswith("salio/")
    assert json.loads(first.content) == {
        "Initiator": "testapi",
        "SecurityCredential": CREDENTIAL,
        "CommandID": "AccountBalance",
        "PartyA": "600000",
        "IdentifierType": "4",
        "Remarks": "ok",
        "QueueTimeOutURL": "https://example.com/timeout",
        "ResultURL": "https://example.com/result",
    }
    assert json.loads(second.content)["PartyA"] == "600001"


def test_a_status(make_shell: MakeShell) -> None:
    """By receipt or by conversation; without either nothing is sent."""
    network = Network()
    shell = make_shell(network)
    shell.status("NEF61H8J60", occasion="o")
    shell.status(original_conversation_id="7071")
    first, second = (json.loads(each.content) for each in network.requests[1:])
    assert (first["TransactionID"], first["Occasion"]) == ("NEF61H8J60", "o")
    assert (second["OriginalConversationID"], "TransactionID" in second) == ("7071", False)
    with pytest.raises(UnusableSetting, match="which transaction"):
        shell.status()
    assert len(network.requests) == 3


# --- tokens ----------------------------------------------------------------------------------------------


def test_c1_a_token_is_renewed_early(make_shell: MakeShell) -> None:
    """By a monotonic clock: a minute before its end, and not before that."""
    network = Network(tokens=[granted("one"), granted("two")])
    shell = make_shell(network)
    shell.balance()
    shell.time.now += 3599 - 61
    shell.balance()
    shell.time.now += 2
    shell.balance()
    assert network.bearers == ["one", "one", "two"]


@pytest.mark.parametrize("lifetime", [None, "soon"], ids=["missing", "words"])
def test_c3_a_lifetime_that_is_not_said(make_shell: MakeShell, lifetime: object) -> None:
    """Then the documented hour is taken for it."""
    network = Network(tokens=[granted("one", lifetime), granted("two")])
    shell = make_shell(network)
    shell.balance()
    shell.time.now += 3000
    shell.balance()
    shell.time.now += 600
    shell.balance()
    assert network.bearers == ["one", "one", "two"]


def test_a_short_token_is_used(make_shell: MakeShell) -> None:
    """Renewing early takes a tenth of a token's life at most."""
    network = Network(tokens=[granted("one", 20), granted("two", 20)])
    shell = make_shell(network)
    shell.balance()
    shell.time.now += 17
    shell.balance()
    shell.time.now += 2
    shell.balance()
    assert network.bearers == ["one", "one", "two"]


def test_c1_a_refused_token_is_renewed_once(make_shell: MakeShell) -> None:
    """Whatever the clock says: another process may have ended it."""
    network = Network(tokens=[granted("one"), granted("two")], answers=[REFUSED_TOKEN, accepted()])
    shell = make_shell(network)
    shell.balance()
    shell.balance()
    assert network.bearers == ["one", "two", "two"]


def test_a_token_that_is_refused_again(make_shell: MakeShell) -> None:
    """Two tokens, two questions, and no third."""
    network = Network(tokens=[granted("one"), granted("two")], answers=[REFUSED_TOKEN])
    with pytest.raises(TokenRefused) as caught:
        make_shell(network).balance()
    assert network.bearers == ["one", "two"]
    assert (caught.value.code, caught.value.request_id, caught.value.status) == ("401.002.01", "r-1", 401)
    assert "Get a new token" in caught.value.mitigation


def test_an_entitlement_never_loops(make_shell: MakeShell) -> None:
    """No new token helps an app that has not the product: none is asked for."""
    network = Network(answers=[NO_PRODUCT])
    with pytest.raises(NotEntitled, match="add the product"):
        make_shell(network).balance()
    assert (network.asked_for_tokens, len(network.bearers)) == (1, 1)


def test_an_early_renewal_that_fails(make_shell: MakeShell) -> None:
    """The token that is still good goes on, and its endpoint is left in peace for a while."""
    network = Network(tokens=[granted("one"), *[httpx2.Response(503)] * 3, granted("two")])
    shell = make_shell(network)
    shell.balance()
    shell.time.now += 3599 - 50
    for _ in range(3):
        shell.balance()
    assert (network.bearers, network.asked_for_tokens) == (["one"] * 4, 4)
    shell.time.now += 11
    shell.balance()
    assert network.bearers[-1] == "two"


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(DOWN, id="down"),
        pytest.param(httpx2.ReadTimeout("slow"), id="slow"),
        pytest.param(httpx2.Response(200, content=b"<html>"), id="no JSON"),
        pytest.param(answered(200, {}), id="no token"),
        pytest.param(httpx2.Response(502), id="a proxy's word"),
        pytest.param(SPIKE, id="too many"),
    ],
)
def test_c3_the_token_endpoint_is_out_of_order(make_shell: MakeShell, answer: Answer) -> None:
    """Three attempts with growing pauses, then an error that says that nothing was sent."""
    network = Network(tokens=[answer])
    shell = make_shell(network)
    with pytest.raises(TokenUnavailable, match="no token: ") as caught:
        shell.balance()
    assert isinstance(caught.value, NotSent)
    assert (network.asked_for_tokens, shell.time.pauses, network.bearers) == (3, [0.25, 0.5], [])


def test_c3_the_token_endpoint_recovers(make_shell: MakeShell) -> None:
    """The caller does not notice."""
    network = Network(tokens=[DOWN, httpx2.Response(502), granted("one")])
    make_shell(network).balance()
    assert network.bearers == ["one"]


@pytest.mark.parametrize(
    "answer", [httpx2.Response(400), refused(400, "400.008.01", "Invalid Authentication passed")]
)
def test_wrong_credentials_are_final(make_shell: MakeShell, answer: httpx2.Response) -> None:
    """Asked once: guesses are counted."""
    network = Network(tokens=[answer])
    shell = make_shell(network)
    with pytest.raises(CredentialsRefused, match=r"no token: .*Check consumer key and secret"):
        shell.balance()
    assert (network.asked_for_tokens, shell.time.pauses) == (1, [])


# --- sent again, or not ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure",
    [DOWN, httpx2.ConnectTimeout("slow"), httpx2.PoolTimeout("full"), httpx2.ProxyError("no")],
    ids=["refused", "connect timeout", "pool", "proxy"],
)
def test_a_first_byte_that_never_left(make_shell: MakeShell, failure: Exception) -> None:
    """Sent again without a doubt, three times at most."""
    network = Network(answers=[failure, accepted(), failure])
    shell = make_shell(network)
    shell.balance()
    assert (len(network.bearers), shell.time.pauses) == (2, [0.25])
    with pytest.raises(NotSent, match="not sent"):
        shell.balance()
    assert len(network.bearers) == 5


@pytest.mark.parametrize(
    "failure",
    [
        pytest.param(httpx2.ReadTimeout("slow"), id="read timeout"),
        pytest.param(httpx2.ReadError("reset"), id="reset"),
        pytest.param(httpx2.WriteError("half of it"), id="write"),
        pytest.param(httpx2.WriteTimeout("half of it"), id="write timeout"),
        pytest.param(httpx2.RemoteProtocolError("disconnected"), id="disconnected"),
        pytest.param(httpx2.Response(200, content=b"{"), id="half an answer"),
        pytest.param(httpx2.Response(200, content=b"x" * 1_100_000), id="too large an answer"),
        pytest.param(httpx2.Response(504, content=b"<html>"), id="a proxy's timeout"),
        pytest.param(
            answered(500, {"Envelope": {"Body": {"Fault": {"faultcode": "soap:Server"}}}}), id="SOAP fault"
        ),
    ],
)
def test_c4_an_outcome_that_nobody_knows(make_shell: MakeShell, failure: Answer) -> None:
    """Never sent again: it may have been accepted, and the error's name says so."""
    network = Network(answers=[failure, accepted()])
    with pytest.raises(OutcomeUnknown, match="not known whether the request was accepted"):
        make_shell(network).balance()
    assert len(network.bearers) == 1


def test_c15_a_server_that_is_not_trusted(make_shell: MakeShell) -> None:
    """Once: a certificate does not become good by trying."""
    network = Network(tokens=[httpx2.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")])
    with pytest.raises(ServerNotTrusted):
        make_shell(network).balance()
    assert network.asked_for_tokens == 1


def test_c15_a_redirect_is_not_followed(make_shell: MakeShell) -> None:
    """A token would go with it."""
    network = Network(answers=[httpx2.Response(302, headers={"Location": "https://elsewhere.example/"})])
    with pytest.raises(Redirected):
        make_shell(network).balance()
    assert {each.url.host for each in network.requests} == {"platform.example"}


def test_c16_a_spike_arrest_is_waited_for(make_shell: MakeShell) -> None:
    """Its requests were refused, so they are sent again, later and later."""
    network = Network(answers=[SPIKE, SPIKE, accepted()])
    shell = make_shell(network)
    shell.balance()
    assert (len(network.bearers), shell.time.pauses) == (3, [1.0, 2.0])


@pytest.mark.parametrize(("patience", "pauses"), [(10, [1.0, 2.0, 4.0]), (1, [1.0]), (0, [])])
def test_c16_patience_ends(make_shell: MakeShell, patience: float, pauses: list[float]) -> None:
    """The pauses of one call stay below what was allowed."""
    shell = make_shell(Network(answers=[SPIKE]), options=Options(patience=patience))
    with pytest.raises(SpikeArrest):
        shell.balance()
    assert shell.time.pauses == pauses


def test_c16_jitter_stays_within_patience(make_shell: MakeShell) -> None:
    """However chance has it, no more than was allowed."""
    shell = make_shell(Network(answers=[SPIKE]), options=Options(patience=4), time=Time(chance=1.0))
    with pytest.raises(SpikeArrest):
        shell.balance()
    assert shell.time.pauses == [1.5, 2.5]


def test_c16_a_quota_is_final(make_shell: MakeShell) -> None:
    """Waiting does not help before it is renewed."""
    network = Network(answers=[refused(500, "500.003.03", "Quota Violation")])
    shell = make_shell(network)
    with pytest.raises(QuotaExceeded, match="stop until it is renewed"):
        shell.balance()
    assert (len(network.bearers), shell.time.pauses) == (1, [])


# --- errors ----------------------------------------------------------------------------------------------

FIELD = "Bad Request - Invalid PartyA"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused(400, "400.002.02", FIELD), errors.FieldRefused),
        (refused(400, "400.003.02", FIELD), errors.FieldRefused),
        (refused(400, "400.002.05", "Invalid Request Payload"), errors.PayloadRefused),
        (refused(404, "404.001.04", "Invalid Authentication Header"), errors.TokenRefused),
        (refused(404, "404.003.01", "Resource not found"), errors.NothingThere),
        (refused(405, "405.001", "PUT Method Not Allowed"), errors.NothingThere),
        (refused(500, "500.002.1001", "Duplicate OriginatorConversationID"), errors.DuplicateConversation),
        (refused(500, "500.002.1001", "Service is currently under maintenance."), errors.Maintenance),
        (refused(500, "500.003.1001", "Internal Server Error"), errors.PlatformFault),
        (answered(200, {"ResponseCode": "26", "ResponseDescription": "busy"}), errors.Declined),
        (httpx2.Response(403, content=b"<html>Incapsula</html>"), errors.Blocked),
        (refused(418, "999.9", "nobody has seen it"), errors.Refused),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_every_error_has_a_name(make_shell: MakeShell, answer: Any, error: type[AskingFailed]) -> None:
    """With the code, the page's mitigation and the request id, where there is one."""
    with pytest.raises(AskingFailed) as caught:
        make_shell(Network(answers=[answer])).balance()
    raised = caught.value
    assert type(raised) is error
    assert raised.code in str(raised)
    assert raised.mitigation.rstrip(".") in str(raised)
    assert bool(raised.mitigation) is (raised.code != "999.9")
    assert raised.request_id == ("r-1" if b"requestId" in answer.content else "")


def test_the_field_is_named(make_shell: MakeShell) -> None:
    """As the wire names it."""
    with pytest.raises(errors.FieldRefused) as caught:
        make_shell(Network(answers=[refused(400, "400.002.02", FIELD)])).balance()
    assert caught.value.field == "PartyA"


def test_a_sandbox_tells_the_reason(make_shell: MakeShell) -> None:
    """X-Salio-Reason is in the error."""
    answer = refused(400, "400.002.02", FIELD)
    answer.headers["X-Salio-Reason"] = "13 digits"
    with pytest.raises(errors.FieldRefused, match="reason: 13 digits") as caught:
        make_shell(Network(answers=[answer])).balance()
    assert caught.value.reason == "13 digits"
