"""Registering URLs: each field of its table."""

from typing import Any

import pytest

from salio.wire.c2b_register import public_tester, read
from salio.wire.fields import InvalidField
from salio.wire.profile import DOCUMENTED
from tests.wire.examples import sample


def of_page(**changes: Any) -> dict[str, object]:
    """The page's request with these members changed."""
    return dict(sample("c2b_register_request")) | changes


def test_the_pages_sample_is_read() -> None:
    """Each member finds its place."""
    request = read(of_page(), DOCUMENTED, 256)
    assert (request.short_code, request.response_type) == ("600984", "Completed")
    assert request.confirmation_url == "https://mydomain.com/confirmation"
    assert request.validation_url == "https://mydomain.com/validation"


REFUSED = {
    "sentence case": ({"ResponseType": "completed"}, "ResponseType"),
    "well spelt": ({"ResponseType": "Canceled"}, "ResponseType"),
    "no choice": ({"ResponseType": ["Completed"]}, "ResponseType"),
    "no URL": ({"ConfirmationURL": "mydomain.com"}, "ConfirmationURL"),
    "missing": ({"ValidationURL": None}, "ValidationURL"),
    "no short code": ({"ShortCode": "254708374149"}, "ShortCode"),
    **{
        f"the word {word}": ({"ValidationURL": f"https://mydomain.com/{word}"}, "ValidationURL")
        for word in (
            *("mpesa", "M-Pesa", "m_pesa", "M%2DPESA", "m%20pesa", "m+pesa"),
            *("Safaricom", "exe", "EXEC", "cmd", "SQL", "query", "%71uery"),
        )
    },
    "a word in the host": ({"ConfirmationURL": "https://mpesa.example.com/"}, "ConfirmationURL"),
}


@pytest.mark.parametrize("url", ["https://team.pesa.example/paid", "https://shop.example/team/pesa"])
def test_what_is_no_variant(url: str) -> None:
    """Two names that end and begin so are not the word."""
    assert read(of_page(ConfirmationURL=url), DOCUMENTED, 256).confirmation_url == url


@pytest.mark.parametrize(
    ("url", "tester"),
    [
        ("https://a1b2.ngrok.io/paid", "ngrok"),
        ("https://A1B2.NGROK-free.app:443/paid", "ngrok"),
        ("https://mockbin.org/bin/1", "mockbin"),
        ("https://requestbin.com/r/1", "requestbin"),
        ("https://requestb.in/1", "requestbin"),
        ("https://shop.example/ngrok", ""),
        ("https://myngrok.example/", ""),
    ],
)
def test_public_testers(url: str, tester: str) -> None:
    """Those that the page names, by their hosts; in a path such a name is nobody's."""
    assert public_tester(url) == tester


@pytest.mark.parametrize(("changes", "name"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused(changes: dict[str, Any], name: str) -> None:
    """By its name (Register URL, URL requirements)."""
    with pytest.raises(InvalidField) as error:
        read(of_page(**changes), DOCUMENTED, 256)
    assert error.value.name == name
