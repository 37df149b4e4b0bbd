"""C14: keys, secrets, passwords, credentials and tokens stand in no repr, no error and no log."""

import logging
import traceback

import httpx2
import pytest

from salio.client.errors import SalioError
from salio.client.settings import Initiator
from salio.client.steps import Exchange, Prepare, Ready, Request, Response
from salio.wire.answers import Grant
from salio.wire.asked import Signature
from salio.wire.prompts import PromptSignature
from tests.client.conftest import MakeShell
from tests.client.shells import (
    APP,
    CANARY_TOKEN,
    CREDENTIAL,
    INITIATOR,
    MERCHANT,
    Answer,
    Network,
    granted,
    refused,
)

CANARIES = ("CANARY", "Q0FOQVJZ")  # the second is how base64 begins it
PASSWORD = "CANARYPASSWORD"


def held(text: str) -> list[str]:
    """The canaries in it."""
    return [canary for canary in CANARIES if canary in text]


@pytest.mark.parametrize(
    "value",
    [
        APP,
        INITIATOR,
        MERCHANT,
        PromptSignature(PASSWORD, "20260101000000"),
        Signature("testapi", CREDENTIAL),
        Initiator(name="a", short_code="600000", password=PASSWORD),
        Request("POST", "https://platform.example", {"Authorization": CANARY_TOKEN}, CREDENTIAL.encode()),
        Exchange(Request("POST", "https://platform.example", {"Authorization": CANARY_TOKEN})),
        Response(200, CANARY_TOKEN.encode()),
        Ready(CANARY_TOKEN, CREDENTIAL),
        Prepare(CANARY_TOKEN, 1),
        Grant(CANARY_TOKEN, 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_c14_no_repr_shows_a_secret(value: object) -> None:
    """Of everything that holds one."""
    assert held(repr(value)) == []


@pytest.mark.parametrize(
    "network",
    [
        pytest.param(Network(), id="success"),
        pytest.param(Network(answers=[refused(401, "401.002.01", "x")]), id="refused token"),
        pytest.param(
            Network(answers=[refused(400, "400.002.02", "Bad Request - Invalid PartyA")]), id="field"
        ),
        pytest.param(Network(answers=[httpx2.ReadTimeout("slow")]), id="unknown"),
        pytest.param(Network(answers=[httpx2.ConnectError("down")]), id="not sent"),
        pytest.param(Network(tokens=[httpx2.Response(400)]), id="wrong secret"),
        pytest.param(Network(tokens=[granted(f"{CANARY_TOKEN}\n")]), id="a token that is none"),
    ],
)
def test_c14_neither_errors_nor_logs_tell(
    make_shell: MakeShell, network: Network, caplog: pytest.LogCaptureFixture
) -> None:
    """At the lowest level of every logger, with whole tracebacks and the causes of causes."""
    caplog.set_level(logging.DEBUG)
    told = ""
    shell = make_shell(network)
    try:
        told = repr(shell.balance()) + repr(shell.prompt())
    except SalioError as error:
        told = "".join(traceback.format_exception(error)) + repr(error) + repr(vars(error))
    assert held(told) == []
    assert held(caplog.text) == []
    assert held(repr(shell.client)) == []


def test_c14_a_password_that_cannot_be_used(make_shell: MakeShell) -> None:
    """The error says what is wrong with it, and not what it is."""
    answers: list[Answer] = [httpx2.Response(200, content=b"no certificate")]
    initiator = Initiator(name="a", short_code="600000", password=PASSWORD)
    with pytest.raises(SalioError, match=r"neither an X\.509 certificate") as caught:
        make_shell(Network(answers=answers), initiator=initiator).balance()
    assert held("".join(traceback.format_exception(caught.value))) == []
