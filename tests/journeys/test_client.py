"""The organization's client and the reader against the whole platform, in both profiles."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from salio.client.async_client import AsyncClient
from salio.client.client import Client
from salio.client.errors import (
    AskingFailed,
    CredentialsRefused,
    Declined,
    DuplicateConversation,
    FieldRefused,
    Maintenance,
    NotEntitled,
    OutcomeUnknown,
    PlatformFault,
    QuotaExceeded,
    SpikeArrest,
)
from salio.client.settings import App, Initiator, Options
from salio.core.access.apps import Product, Throttle
from salio.sandbox.testdata.operators import PASSWORD
from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.wire.asked import Callbacks
from salio.wire.callbacks import Result, read_result
from salio.wire.errors import UnreadableAnswer
from salio.wire.members import Parameter
from tests.builders import FakeClock
from tests.client.shells import Time
from tests.journeys.conftest import Fresh
from tests.journeys.provoking import put
from tests.journeys.running import Keys, Platform
from tests.journeys.subjects import C2B_RECEIPT

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "client.md"


def settings(platform: Platform, app: Keys | None = None, **initiator: Any) -> tuple[Any, ...]:
    """What a client of the platform is made of."""
    keys = app or platform.app
    return (
        f"http://127.0.0.1:{platform.port}",
        App(keys.key, keys.secret),
        Initiator(**{"name": "testapiuser", "short_code": "600000", "password": PASSWORD, **initiator}),
        Callbacks(platform.receiver.url("/result"), platform.receiver.url("/timeout")),
    )


def result_of(platform: Platform, conversation_id: str | None) -> Result:
    """The callback of that conversation, read."""
    assert conversation_id is not None
    return read_result(platform.receiver.wait(conversation_id).raw)


def test_a_balance_and_a_status(platform: Platform) -> None:
    """Asked, acknowledged, called back and read: a balance by name, a transaction by its receipt."""
    with Client(*settings(platform)) as client:
        balance = client.balance()
        status = client.status(C2B_RECEIPT, occasion="of the day")
    told = result_of(platform, balance.conversation_id)
    assert told.originator_conversation_id == balance.originator_conversation_id
    assert [account.name for account in told.balance.accounts][:1] == ["Working Account"]
    assert told.balance.completed_at is not None
    found = result_of(platform, status.conversation_id)
    assert (found.transaction.receipt, found.transaction.status) == (C2B_RECEIPT, "Completed")
    assert found.references == (Parameter("Occasion", "of the day"),)
    assert found.transaction.debit_party is not None
    assert found.transaction.finalised_at is not None


def test_tasks(platform: Platform) -> None:
    """Twenty at once, on one token."""

    async def journey() -> list[str | None]:
        async with AsyncClient(*settings(platform)) as client:
            answers = await asyncio.gather(*(client.balance(remarks=f"{each}") for each in range(20)))
            return [each.conversation_id for each in answers]

    conversations = asyncio.run(journey())
    assert len(set(conversations)) == 20
    assert all(result_of(platform, each).succeeded for each in conversations)


def test_both_profiles_tell_the_same(documented: Platform, observed: Platform) -> None:
    """But for what each platform counts by itself, and the ids."""
    found = []
    for platform in (documented, observed):
        with Client(*settings(platform)) as client:
            balance, status = client.balance(), client.status(C2B_RECEIPT)
        found.append(
            (
                result_of(platform, balance.conversation_id).balance,
                result_of(platform, status.conversation_id).transaction,
            )
        )
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("initiator", "codes"),
    [
        ({"password": "wrong"}, {"18", "2001"}),
        ({"name": "nobody"}, {"20", "2001"}),
        ({"name": "norole"}, {"21"}),
        ({"name": "dormant"}, {"22", "2001"}),
    ],
    ids=["wrong password", "unknown", "no role", "dormant"],
)
def test_a_failed_result(platform: Platform, initiator: dict[str, Any], codes: set[str]) -> None:
    """It is acknowledged all the same; its result has the code as text, and no balance."""
    with Client(*settings(platform, **initiator)) as client:
        told = result_of(platform, client.balance().conversation_id)
    assert (told.code in codes, told.succeeded) == (True, False)
    with pytest.raises(UnreadableAnswer, match=f"ResultCode {told.code}"):
        _ = told.balance


@pytest.mark.parametrize("wrong", ["key", "secret"])
def test_wrong_keys(platform: Platform, wrong: str) -> None:
    """Told as such in both profiles, one of which says nothing at all."""
    keys = replace(platform.app, **{wrong: "wrong"})  # type: ignore[arg-type]  # both are text
    with Client(*settings(platform, keys)) as client, pytest.raises(CredentialsRefused):
        client.balance()


def test_an_app_without_the_product(platform: Platform) -> None:
    """An entitlement that is missing, in whatever words."""
    app = platform.add_app(products=frozenset({Product.TRANSACTION_STATUS}))
    with Client(*settings(platform, app)) as client:
        client.status(C2B_RECEIPT)
        with pytest.raises(NotEntitled):
            client.balance()


def test_a_field_is_refused(platform: Platform) -> None:
    """By name, with the platform's own reason."""
    with Client(*settings(platform)) as client, pytest.raises(FieldRefused) as caught:
        client.balance(short_code="12")
    assert caught.value.field == "PartyA"
    assert caught.value.request_id
    assert caught.value.reason


def test_c1_a_revoked_token_is_replaced(platform: Platform) -> None:
    """The caller does not notice."""
    with Client(*settings(platform)) as client:
        client.balance()
        old = client.token()
        platform.revoke(old)
        client.balance()
        assert client.token() != old


def test_c1_a_token_that_has_run_out(fresh: Fresh) -> None:
    """By the platform's clock, not yet by the client's."""
    clock = FakeClock()
    platform = fresh(clock=clock)
    with Client(*settings(platform)) as client:
        client.balance()
        clock.advance(seconds=3700)
        client.balance()


def test_c16_throttles(platform: Platform) -> None:
    """A spike arrest ends in its error when patience does; a quota at once."""
    calm = Options(patience=0)
    spiked = platform.add_app(throttle=Throttle(per_second=1, burst=1, per_day=1000))
    used_up = platform.add_app(throttle=Throttle(per_second=1000, burst=1000, per_day=1))
    for app, error in ((spiked, SpikeArrest), (used_up, QuotaExceeded)):
        with Client(*settings(platform, app), options=calm) as client:
            client.balance()
            with pytest.raises(error):
                client.balance()


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param({"lose": "acknowledgement"}, OutcomeUnknown, id="lost acknowledgement"),
        pytest.param({"connection": "drop"}, OutcomeUnknown, id="dropped"),
        pytest.param({"connection": "reset"}, OutcomeUnknown, id="reset"),
        pytest.param({"decline": "overloaded"}, Declined, id="declined"),
        pytest.param({"refuse": "maintenance"}, Maintenance, id="maintenance"),
        pytest.param({"refuse": "internal_error"}, PlatformFault, id="internal error"),
        pytest.param({"refuse": "duplicate_conversation"}, DuplicateConversation, id="duplicate"),
    ],
)
def test_c4_faults(faulty: Platform, fault: dict[str, str], error: type[AskingFailed]) -> None:
    """Each has its error; none is sent again, so that the next question goes through."""
    with Client(*settings(faulty)) as client:
        client.token()
        put(faulty, **fault, api="balance", next=1)
        with pytest.raises(error):
            client.balance()
        assert result_of(faulty, client.balance().conversation_id).succeeded


def test_c16_a_spike_arrest_passes(faulty: Platform) -> None:
    """Waited for, within patience."""
    time = Time()
    with Client(*settings(faulty), outside=time.outside()) as client:
        client.token()
        put(faulty, refuse="spike_arrest", api="balance", next=2)
        client.balance()
    assert time.pauses == [1.0, 2.0]


def test_c3_the_token_endpoint_fails_twice(faulty: Platform) -> None:
    """Its third answer is a token."""
    time = Time()
    put(faulty, refuse="internal_error", api="token", next=2)
    with Client(*settings(faulty), outside=time.outside()) as client:
        client.balance()
    assert time.pauses == [0.25, 0.5]


def test_the_certificate_is_fetched(platform: Platform) -> None:
    """From the platform, unless the initiator has one, or a credential."""
    pem = platform.sandbox.keys.certificate_pem
    for initiator in (
        {},
        {"certificate": pem},
        {"password": None, "security_credential": platform.credential()},
    ):
        with Client(*settings(platform, **initiator)) as client:
            assert result_of(platform, client.balance().conversation_id).succeeded


def test_the_examples_of_the_document(documented: Platform) -> None:
    """Every example of docs/client.md runs as it stands, at another port."""
    text = DOCUMENT.read_text("utf-8").replace("127.0.0.1:8282", f"127.0.0.1:{documented.port}")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 7
    names = {
        "consumer_key": documented.app.key,
        "consumer_secret": documented.app.secret,
        "password": PASSWORD,
        "passkey": PUBLISHED_PASSKEYS["174379"],
    }
    exec("".join(examples), names)  # noqa: S102  # our own document
