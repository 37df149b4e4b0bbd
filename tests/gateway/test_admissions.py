"""Admissions to response codes, as one table."""

import pytest

from salio.core.requests.outcomes import Admission
from salio.gateway.admissions import response_code

CODES = {
    Admission.ACCEPTED: "0",
    Admission.FIELDS_MISSING: "24",
    Admission.PARAMETERS_INVALID: "25",
    Admission.TRAFFIC_BLOCKED: "26",
    Admission.CACHED: "100000000",
    Admission.OVERLOADED: "100000001",
    Admission.THROTTLED: "100000002",
    Admission.INTERNAL_ERROR: "100000004",
    Admission.INPUT_INVALID: "100000005",
    Admission.SERVICE_ABNORMAL: "100000007",
    Admission.API_ABNORMAL: "100000009",
    Admission.PERMISSION_INSUFFICIENT: "100000010",
    Admission.RATE_EXCEEDED: "100000011",
}
"""Rulings, Answers."""


@pytest.mark.parametrize(("admission", "code"), CODES.items(), ids=str)
def test_each_admission_has_its_code(admission: Admission, code: str) -> None:
    """As the rulings list them."""
    assert response_code(admission).code == code


REFUSED = {Admission.DUPLICATE, Admission.SUBSCRIBER_LOCKED}


@pytest.mark.parametrize("admission", REFUSED, ids=str)
def test_what_is_refused_has_none(admission: Admission) -> None:
    """It is answered with HTTP 500, not declined."""
    with pytest.raises(ValueError, match="refused, not declined"):
        response_code(admission)


def test_every_admission_is_here() -> None:
    """In one of the two tables."""
    assert set(Admission) == {*CODES, *REFUSED}
