"""A simulated payment: each field of its table."""

from typing import Any

import pytest

from salio.wire.c2b_simulate import read
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED, OBSERVED
from tests.wire.examples import sample


def of_page(**changes: Any) -> dict[str, object]:
    """The page's request with these members changed."""
    return dict(sample("c2b_simulate_request")) | changes


def test_the_pages_sample_is_read() -> None:
    """Each member finds its place; there is neither a credential nor an id of the caller's."""
    request = read(of_page(), DOCUMENTED, 256)
    assert (request.short_code, request.command_id) == ("600984", "CustomerPayBillOnline")
    assert (request.cents, request.msisdn, request.bill_reference) == (100, "254708374149", "Test Ref")
    assert (request.security_credential, request.originator_conversation_id) == ("", None)


def test_a_till_has_no_bill() -> None:
    """Null, as the page says."""
    assert read(of_page(BillRefNumber=None), DOCUMENTED, 256).bill_reference is None


REFUSED = {
    "cents": ({"Amount": "1.50"}, "Amount"),
    "nothing": ({"Amount": 0}, "Amount"),
    "less": ({"Amount": -1}, "Amount"),
    "no customer": ({"Msisdn": "600984"}, "Msisdn"),
    "a long bill": ({"BillRefNumber": "x" * 21}, "BillRefNumber"),
    "no short code": ({"ShortCode": ""}, "ShortCode"),
}


@pytest.mark.parametrize(("changes", "name"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(changes: dict[str, Any], name: str) -> None:
    """By its name."""
    with pytest.raises(InvalidField) as error:
        read(of_page(**changes), DOCUMENTED, 256)
    assert error.value.name == name


def test_a_foreign_command() -> None:
    """`observed` refuses it at the door."""
    assert read(of_page(CommandID="Pay"), DOCUMENTED, 256).command_id == "Pay"
    with pytest.raises(InvalidField):
        read(of_page(CommandID="Pay"), OBSERVED, 256)
