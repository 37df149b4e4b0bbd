"""The two APIs and their places."""

import pytest

from salio.wire.apis import Api, api_of


@pytest.mark.parametrize(
    ("api", "path", "command"),
    [
        pytest.param(Api.ACCOUNT_BALANCE, "/mpesa/accountbalance/v1/query", "AccountBalance", id="AB"),
        pytest.param(
            Api.TRANSACTION_STATUS, "/mpesa/transactionstatus/v1/query", "TransactionStatusQuery", id="TS"
        ),
    ],
)
def test_path_and_command(api: Api, path: str, command: str) -> None:
    """Each API has the path and the command that its page gives."""
    assert (api.path, api.command) == (path, command)
    assert Api(command) is api


@pytest.mark.parametrize(
    ("path", "api"),
    [
        pytest.param("/mpesa/accountbalance/v1/query", Api.ACCOUNT_BALANCE, id="AB itself"),
        pytest.param("/mpesa/accountbalance/v2/query", Api.ACCOUNT_BALANCE, id="wrong path under AB"),
        pytest.param("/mpesa/accountbalance", Api.ACCOUNT_BALANCE, id="AB's folder"),
        pytest.param("/mpesa/transactionstatus/", Api.TRANSACTION_STATUS, id="wrong path under TS"),
        pytest.param("/mpesa/accountbalances/v1/query", None, id="another folder"),
        pytest.param("/mpesa/b2b/v1/paymentrequest", Api.B2B, id="B2B itself"),
        pytest.param("/mpesa/b2b/v1/remittax", Api.TAX_REMITTANCE, id="taxes, under the same prefix"),
        pytest.param("/mpesa/b2b/v1/remittaxes", Api.B2B, id="wrong path under both"),
        pytest.param("/mpesa/b2b", Api.B2B, id="the folder of both"),
        pytest.param("/mpesa/stkpush/v1/processrequest", Api.EXPRESS, id="M-PESA Express itself"),
        pytest.param("/mpesa/stkpush/v1/query", Api.EXPRESS, id="its query, where it is not"),
        pytest.param("/mpesa/stkpushquery/v1/query", Api.EXPRESS_QUERY, id="its query itself"),
        pytest.param("/oauth/v1/generate", None, id="the grant"),
    ],
)
def test_whose_path(path: str, api: Api | None) -> None:
    """A path under an API's folder is that API's, known or not."""
    assert api_of(path) is api
