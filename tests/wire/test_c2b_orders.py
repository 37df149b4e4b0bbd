"""A registration and a simulated payment out: the platform's own strict reader reads them."""

from decimal import Decimal
from typing import Any

import pytest

from salio.wire import c2b_register, c2b_simulate
from salio.wire.asked import Callbacks, body_of
from salio.wire.c2b_orders import Registration, SimulatedPayment
from salio.wire.errors import UnusableOrder
from salio.wire.profile import PROFILES, Profile
from salio.wire.strict_json import read_object

NOWHERE = Callbacks("", "")
REGISTRATION = Registration(
    short_code="600984",
    confirmation_url="https://shop.example/paid",
    validation_url="https://shop.example/asked",
    default_action="Cancelled",
)
PAYMENT = SimulatedPayment(
    short_code="600984", msisdn="254708374149", amount=Decimal(100), bill_reference="invoice008"
)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_a_registration(profile: Profile) -> None:
    """Every field arrives, and no other."""
    found = c2b_register.read(read_object(body_of(REGISTRATION, None, NOWHERE)), profile, 256)
    assert (found.short_code, found.response_type) == ("600984", "Cancelled")
    assert (found.confirmation_url, found.validation_url) == (
        REGISTRATION.confirmation_url,
        REGISTRATION.validation_url,
    )
    assert found.unknown_members == ()


@pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))
def test_a_simulated_payment(profile: Profile) -> None:
    """To a paybill with what is paid for, to a till without."""
    found = c2b_simulate.read(read_object(body_of(PAYMENT, None, NOWHERE)), profile, 256)
    assert (found.short_code, found.cents, found.msisdn) == ("600984", 10_000, "254708374149")
    assert (found.command_id, found.bill_reference) == ("CustomerPayBillOnline", "invoice008")
    assert found.unknown_members == ()
    to_a_till = SimulatedPayment(
        short_code="600996",
        msisdn="254708374149",
        amount=Decimal(1),
        command="CustomerBuyGoodsOnline",
    )
    told = c2b_simulate.read(read_object(body_of(to_a_till, None, NOWHERE)), profile, 256)
    assert (told.command_id, told.bill_reference) == ("CustomerBuyGoodsOnline", None)


def test_versions() -> None:
    """Two of each; the second is the usual one."""
    first = [
        Registration(
            short_code="600984",
            confirmation_url="https://shop.example/paid",
            validation_url="https://shop.example/asked",
            version=1,
        ),
        SimulatedPayment(short_code="600984", msisdn="254708374149", amount=Decimal(1), version=1),
    ]
    assert [each.path for each in (REGISTRATION, PAYMENT, *first)] == [
        "/mpesa/c2b/v2/registerurl",
        "/mpesa/c2b/v2/simulate",
        "/mpesa/c2b/v1/registerurl",
        "/mpesa/c2b/v1/simulate",
    ]


@pytest.mark.parametrize(
    ("usual", "changes", "field"),
    [
        (REGISTRATION, {"default_action": "completed"}, "ResponseType"),
        (REGISTRATION, {"confirmation_url": "https://shop.example/mpesa"}, "ConfirmationURL"),
        (REGISTRATION, {"confirmation_url": ""}, "ConfirmationURL"),
        (REGISTRATION, {"validation_url": "shop.example"}, "ValidationURL"),
        (REGISTRATION, {"short_code": "x"}, "ShortCode"),
        (REGISTRATION, {"version": 3}, "version"),
        (PAYMENT, {"amount": Decimal("1.50")}, "Amount"),
        (PAYMENT, {"amount": 1.0}, "Amount"),
        (PAYMENT, {"msisdn": "0708374149"}, "Msisdn"),
        (PAYMENT, {"command": "BusinessPayBill"}, "CommandID"),
        (PAYMENT, {"bill_reference": "x" * 21}, "BillRefNumber"),
        (PAYMENT, {"version": 3}, "version"),
    ],
)
def test_what_no_platform_takes(
    usual: Registration | SimulatedPayment, changes: dict[str, Any], field: str
) -> None:
    """Is refused at once, by the field's own name; a registered address has forbidden words."""
    said = {name: getattr(usual, name) for name in usual.__struct_fields__} | changes
    with pytest.raises(UnusableOrder) as raised:
        type(usual)(**said)
    assert raised.value.field == field
