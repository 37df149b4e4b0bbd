"""The test data's initiators that may not do what they are asked for."""

from salio.core.parties.roles import Right, gives
from salio.sandbox.testdata import operators, parties
from tests.builders import NOW, digest


def test_an_initiator_that_may_not_pay() -> None:
    """At the B2C short code 600997, which could: 21 for each API of payments; for reversals at 600000."""
    organizations = parties.organizations()
    rows = operators.operators(organizations, NOW, digest)
    roles = {each.short_code: each.roles for each in rows if each.name == "norole"}
    payments = (Right.PAY_CUSTOMER, Right.PAY_BILL, Right.BUY_GOODS, Right.TOP_UP, Right.REMIT_TAX)
    assert not any(gives(roles["600997"], each) for each in payments)
    assert not gives(roles["600000"], Right.REVERSE)
    listed = [each for each in operators.initiators(organizations) if each.name == "norole"]
    told = {each.short_code: each.purpose for each in listed}
    assert told["600000"].endswith("; BusinessPayBill works")
    assert told["600997"].endswith("; balance queries work")
