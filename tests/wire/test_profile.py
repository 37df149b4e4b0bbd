"""The two wire profiles."""

import pytest

from salio.wire.apis import Api
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES
from salio.wire.result_codes import InitiatorRefusal

# rulings, A refused initiator: case, documented AB, documented TS, observed
REFUSED_INITIATOR = """
PARTY_NOT_OWN     21  21          21
UNKNOWN           20  SFC_IC0003  2001
DORMANT           22  22          2001
ROLE_MISSING      21  21          21
LOCKED            18  18          8006
PASSWORD_EXPIRED  18  18          2001
PASSWORD_WRONG    18  18          2001
"""
ROWS = [line.split() for line in REFUSED_INITIATOR.strip().splitlines()]


@pytest.mark.parametrize(("case", "balance", "status", "observed"), ROWS, ids=[row[0] for row in ROWS])
def test_a_refused_initiator(case: str, balance: str, status: str, observed: str) -> None:
    """Each case has the code of the rulings' table."""
    refusal = InitiatorRefusal[case]
    assert DOCUMENTED.initiator_refused(refusal, Api.ACCOUNT_BALANCE).code == balance
    assert DOCUMENTED.initiator_refused(refusal, Api.TRANSACTION_STATUS).code == status
    assert {OBSERVED.initiator_refused(refusal, api).code for api in Api} == {observed}


def test_every_case_is_in_the_table() -> None:
    """The table above is whole."""
    assert {row[0] for row in ROWS} == set(InitiatorRefusal.__members__)


def test_profiles_by_name() -> None:
    """There are two, and each is found by its own name."""
    assert dict(PROFILES) == {"documented": DOCUMENTED, "observed": OBSERVED}
