"""Whose command a CommandID is."""

import pytest

from salio.core.requests.commands import APIS, unknown, whose
from salio.core.requests.outcomes import Outcome


@pytest.mark.parametrize(("command", "api"), APIS.items())
def test_every_known_command_is_named_with_its_api(command: str, api: str) -> None:
    """Whoever sent it to the wrong place learns where it belongs."""
    assert whose(command) == f"; {command} belongs to the {api} API"


@pytest.mark.parametrize("given", ["accountbalance", "Account Balance", "ACCOUNT BALANCE"])
def test_another_spelling_of_a_known_one(given: str) -> None:
    """Capitals and spaces count, and the right spelling is shown."""
    assert whose(given).endswith("as in AccountBalance of the Account Balance API")


@pytest.mark.parametrize("given", ["", "BuyAirtime", "Safaricom999!*!", 5, None, ["AccountBalance"]])
def test_what_nobody_knows_is_not_quoted(given: object) -> None:
    """It could be anything, a password too."""
    assert whose(given) == ""


def test_the_end_of_such_a_request() -> None:
    """29 on the wire; the cause says which command the API needs."""
    decision = unknown("BusinessPayment", "AccountBalance")
    assert decision.outcome is Outcome.COMMAND_UNKNOWN
    assert decision.cause == (
        "CommandID is not AccountBalance, which this API needs; BusinessPayment belongs to the B2C API"
    )
