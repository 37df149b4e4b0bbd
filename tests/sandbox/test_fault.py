"""What a fault can be, and what it cannot."""

import pytest

from salio.core.requests.outcomes import Admission, Outcome
from salio.core.transactions.states import TransactionState
from salio.sandbox.fault import Fault, FaultError, kind_of
from salio.sandbox.kinds import ADMISSIONS, EFFECTS, OUTCOMES, REFUSALS, STATES, Kind, Place
from salio.wire.refusals import Refusal


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param(Fault(), "one of `refuse`, `decline`, `end`, `lose`", id="nothing"),
        pytest.param(Fault(end="duplicate", lose="result"), "one of `refuse`", id="two"),
        pytest.param(Fault(refuse="nobody"), "`refuse` is one of token_invalid, ", id="no refusal"),
        pytest.param(Fault(decline="accepted"), "`decline` is one of traffic_blocked, ", id="no admission"),
        pytest.param(Fault(end="succeeded"), "`end` is one of duplicate, ", id="no end"),
        pytest.param(Fault(lose="money"), "`lose` is one of result, acknowledgement", id="nothing to lose"),
        pytest.param(
            Fault(delay="token"), "`delay` is one of result, acknowledgement", id="nothing to delay"
        ),
        pytest.param(Fault(double="acknowledgement"), "`double` is one of result", id="nothing to double"),
        pytest.param(Fault(early="bird"), "`early` is one of result", id="nothing to come early"),
        pytest.param(Fault(contradict="failed"), "`contradict` is one of initiated, ", id="no state"),
        pytest.param(Fault(connection="cut"), "`connection` is one of drop, reset, drip", id="no breach"),
        pytest.param(Fault(hold="result"), "`hold` is one of queue", id="nothing to hold"),
        pytest.param(
            Fault(lose="result", api="money"), "`c2b`, `express`, `reversal` or `token`", id="no API"
        ),
        pytest.param(Fault(delay="result"), "`delay` needs `seconds`", id="how long"),
        pytest.param(
            Fault(lose="result", seconds=1), "`seconds` goes with `delay`", id="seconds for nothing"
        ),
        pytest.param(Fault(connection="drop", seconds=1), "`seconds` goes with", id="a drop takes no time"),
        pytest.param(
            Fault(contradict="declined", api="balance"), "only .* a status query", id="no state there"
        ),
        pytest.param(
            Fault(refuse="oauth_grant_invalid", api="status"), "refuses tokens", id="not of a token"
        ),
        pytest.param(Fault(refuse="field_invalid", api="token"), "refused with one of", id="not to a token"),
        pytest.param(Fault(lose="result", api="token"), "no request with a result", id="a token's result"),
        pytest.param(Fault(early="result", api="token"), "no request with a result", id="a token's callback"),
        pytest.param(Fault(decline="overloaded", api="token"), "a token can meet", id="a token declined"),
        pytest.param(
            Fault(connection="drop", api="token", short_code="600000"), "not for a `short_code`", id="whose"
        ),
    ],
)
def test_faults_that_cannot_be(fault: Fault, words: str) -> None:
    """Said with what could."""
    with pytest.raises(FaultError, match=words):
        kind_of(fault)


@pytest.mark.parametrize(
    "fault",
    [
        Fault(refuse="spike_arrest", api="token"),
        Fault(refuse="oauth_credentials_wrong"),
        Fault(connection="drip", api="token", seconds=1),
        Fault(delay="acknowledgement", api="token", seconds=1),
        Fault(lose="acknowledgement", api="token"),
    ],
    ids=lambda fault: f"{kind_of(fault)[0].value} {kind_of(fault)[1]}",
)
def test_what_a_token_can_meet(fault: Fault) -> None:
    """Whatever makes sense without a result."""
    kind, word = kind_of(fault)
    assert getattr(fault, kind.value) == word


def test_every_code_can_be_asked_for() -> None:
    """Success needs no fault, and acceptance none either; a duplicate is refused."""
    assert len(REFUSALS) == len(Refusal)
    others = {Admission.ACCEPTED, Admission.DUPLICATE, Admission.SUBSCRIBER_LOCKED}
    assert set(ADMISSIONS.values()) == set(Admission) - others
    assert len(OUTCOMES) == len(Outcome) - 1
    assert len(STATES) == len(TransactionState)


def test_every_kind_is_a_member_and_every_place_has_a_word() -> None:
    """Nothing can be asked for that is never asked, nor asked that cannot be asked for."""
    assert {kind.value for kind in Kind} < set(Fault.__struct_encode_fields__)
    assert {effect.place for words in EFFECTS.values() for effect in words.values()} == set(Place)
