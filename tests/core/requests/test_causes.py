"""The causes that are kept and told: in words to act on, and without anything of another organization."""

import pytest

from salio.core.parties.operators import Channel, Operator
from salio.core.requests.outcomes import Outcome
from tests.builders import (
    OTHER_SHORT_CODE,
    SHORT_CODE,
    a_directory,
    a_locked_operator,
    an_app,
    an_operator,
    asking,
)
from tests.core.requests.questions import Question, decide

QUESTIONS = pytest.mark.parametrize("question", list(Question), ids=lambda question: question.value)


@QUESTIONS
@pytest.mark.parametrize(
    ("operators", "cause"),
    [
        pytest.param(
            [an_operator(short_code=OTHER_SHORT_CODE)],
            "no initiator testapiuser at 600000",
            id="a neighbour's",
        ),
        pytest.param([an_operator(name="x")], "no initiator testapiuser at 600000", id="nobody's"),
        pytest.param(
            [an_operator(short_code="600001")],
            "no initiator testapiuser at 600000; that name exists at 600001: "
            "send PartyA and Initiator that go together",
            id="the app's other short code's",
        ),
        pytest.param(
            [an_operator(name="TestApiUser")],
            "no initiator testapiuser at 600000; did you mean TestApiUser of 600000?",
            id="another case",
        ),
        pytest.param(
            [an_operator(name="testapiuse", short_code="600001"), an_operator(number=2, name="testapi")],
            "no initiator testapiuser at 600000; did you mean testapiuse of 600001?",
            id="the closest, though elsewhere",
        ),
        pytest.param(
            [an_operator(name="apiuser", short_code="600001"), an_operator(number=2, name="apiuser")],
            "no initiator testapiuser at 600000; did you mean apiuser of 600000?",
            id="of two alike, PartyA's own",
        ),
        pytest.param(
            [an_operator(name="testapiusr", short_code=OTHER_SHORT_CODE)],
            "no initiator testapiuser at 600000",
            id="a close one of a neighbour",
        ),
        pytest.param(
            [an_operator(name="testapiusr", channel=Channel.WEB)],
            "no initiator testapiuser at 600000",
            id="a close one of a person",
        ),
    ],
)
def test_why_unknown(question: Question, operators: list[Operator], cause: str) -> None:
    """The kept cause names where else the app has such an initiator, and never another organization."""
    directory = a_directory(*operators)
    snapshot = asking(directory=directory, app=an_app(short_codes=frozenset({SHORT_CODE, "600001"})))
    decision, _ = decide(question, snapshot)
    assert (decision.outcome, decision.cause) == (Outcome.INITIATOR_UNKNOWN, cause)


@QUESTIONS
@pytest.mark.parametrize(
    ("owned", "named"),
    [
        pytest.param([], "none", id="none"),
        pytest.param(["600001"], "600001", id="one"),
        pytest.param([f"60000{digit}" for digit in range(1, 8)], "600005 and 2 more", id="many"),
    ],
)
def test_why_out_of_reach(question: Question, owned: list[str], named: str) -> None:
    """The app's own short codes are named, the first few; of the one that was asked for nothing is said."""
    snapshot = asking(app=an_app(name="shop", short_codes=frozenset(owned)))
    decision, _ = decide(question, snapshot)
    assert decision.cause.startswith(
        "PartyA 600000 is not a short code of the app, nor below one; app shop has: "
    )
    assert decision.cause.endswith(named)


@QUESTIONS
def test_locked_by_hand_or_after_wrong_passwords(question: Question) -> None:
    """The cause tells one from the other."""
    for count, why in ((5, "after 5 wrong passwords"), (0, "by hand")):
        decision, _ = decide(question, asking(a_locked_operator(wrong_passwords=count)))
        assert decision.cause == f"initiator testapiuser of 600000 is locked {why}, until it is unlocked"
