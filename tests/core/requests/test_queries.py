"""The accepted request and the API it came by."""

import pytest

from salio.core.access.apps import Product
from salio.core.requests.queries import IdentifierType, Query
from tests.builders import a_balance_query, a_request, a_status_query


@pytest.mark.parametrize(
    ("query", "product"),
    [
        pytest.param(a_balance_query(), Product.ACCOUNT_BALANCE, id="AB"),
        pytest.param(a_status_query(), Product.TRANSACTION_STATUS, id="TS"),
    ],
)
def test_product(query: Query, product: Product) -> None:
    """Each query belongs to one API."""
    assert a_request(query=query).product is product


def test_identifier_types() -> None:
    """MSISDN, till and short code, and no other (rulings, Requests)."""
    assert {each.name: each.value for each in IdentifierType} == {"MSISDN": 1, "TILL": 2, "SHORT_CODE": 4}
