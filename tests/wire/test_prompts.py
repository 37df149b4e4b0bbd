"""A prompt out, and the query about it: read by the platform's own strict reader, signed as the page says."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from salio.wire import express_push, express_query
from salio.wire.asked import Callbacks, body_of
from salio.wire.callbacks import read_at_once
from salio.wire.errors import UnusableOrder
from salio.wire.profile import PROFILES, Profile
from salio.wire.prompts import Prompt, PromptQuery, PromptSignature, sign
from salio.wire.strict_json import read_object
from tests.wire.captures import sample

CALLBACKS = Callbacks("https://example.com/result", "https://example.com/timeout")
SIGNATURE = PromptSignature("cGFzc3dvcmQ=", "20210628092408")
PROMPT = Prompt(
    short_code="174379",
    payer="254708374149",
    amount=Decimal(5),
    account_reference="invoice008",
    description="goods",
)
QUERY = PromptQuery(short_code="174379", checkout_request_id="ws_CO_260520211133524545")


def read(order: Prompt, profile: Profile) -> express_push.PushRequest:
    """As a platform reads it."""
    return express_push.read(read_object(body_of(order, SIGNATURE, CALLBACKS)), profile, 256)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_a_prompt_of_a_paybill(profile: Profile) -> None:
    """The merchant is paid, and the payer's own phone asks."""
    found = read(PROMPT, profile)
    assert (found.business_short_code, found.party_b) == ("174379", "174379")
    assert found.transaction_type == "CustomerPayBillOnline"
    assert (found.payer, found.phone, found.cents) == ("254708374149", "254708374149", 500)
    assert (found.account_reference, found.description) == ("invoice008", "goods")
    assert (found.password, found.timestamp) == (SIGNATURE.password, SIGNATURE.timestamp)
    assert (found.callback_url, found.unknown_members) == (CALLBACKS.result_url, ())


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_a_prompt_of_a_till(profile: Profile) -> None:
    """By its store, on another phone."""
    order = Prompt(
        short_code="700100",
        payer="254708374149",
        amount=Decimal("5.00"),
        account_reference="7",
        till="700101",
        phone="254722111111",
    )
    found = read(order, profile)
    assert (found.business_short_code, found.party_b) == ("700100", "700101")
    assert (found.transaction_type, found.phone) == ("CustomerBuyGoodsOnline", "254722111111")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_a_query(profile: Profile) -> None:
    """Every field arrives, and no address with it: it is answered at once."""
    found = express_query.read(read_object(body_of(QUERY, SIGNATURE, CALLBACKS)), profile, 256)
    assert (found.business_short_code, found.checkout_request_id) == ("174379", QUERY.checkout_request_id)
    assert (found.password, found.timestamp) == (SIGNATURE.password, SIGNATURE.timestamp)
    assert found.unknown_members == ()


def test_the_pages_password() -> None:
    """That of its sample, of short code, passkey and the moment in East Africa."""
    printed = sample_members("express_request")
    made = sign(
        "174379",
        "bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919",
        datetime(2021, 6, 28, 6, 24, 8, tzinfo=UTC),
    )
    assert (made.password, made.timestamp) == (printed["Password"], printed["Timestamp"])
    assert made.password not in repr(made)


def sample_members(name: str) -> dict[str, Any]:
    """A page's own body."""
    return dict(read_object(sample(name)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"amount": Decimal("5.50")}, "Amount"),
        ({"amount": 5.0}, "Amount"),
        ({"payer": "0708374149"}, "PartyA"),
        ({"phone": "0708374149"}, "PhoneNumber"),
        ({"till": "x"}, "PartyB"),
        ({"short_code": ""}, "BusinessShortCode"),
        ({"account_reference": ""}, "AccountReference"),
        ({"account_reference": "x" * 13}, "AccountReference"),
        ({"description": "x" * 14}, "TransactionDesc"),
    ],
)
def test_what_no_platform_takes(changes: dict[str, Any], field: str) -> None:
    """Is refused at once, by the field's own name: half a shilling too."""
    said = {name: getattr(PROMPT, name) for name in PROMPT.__struct_fields__} | changes
    with pytest.raises(UnusableOrder) as raised:
        Prompt(**said)
    assert raised.value.field == field


def test_a_query_of_nothing() -> None:
    """Is none."""
    with pytest.raises(UnusableOrder, match="CheckoutRequestID"):
        PromptQuery(short_code="174379", checkout_request_id="")


def test_an_answer_at_once() -> None:
    """The query's answer is a result; an acknowledgement that promises one is not."""
    found = read_at_once(sample("express_query_answer"))
    assert found is not None
    assert (found.code, found.succeeded, found.answer) == ("0", True, None)
    assert (found.originator_conversation_id, found.conversation_id) == (
        "22205-34066-1",
        "ws_CO_13012021093521236557",
    )
    assert read_at_once(sample("express_acknowledgement")) is None
