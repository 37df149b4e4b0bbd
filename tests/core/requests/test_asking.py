"""The checks that both questions share, in the order of the rulings' "A refused initiator"."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import combinations
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from salio.core.parties.operators import Channel, OperatorRules, OperatorStatus
from salio.core.parties.roles import Role
from salio.core.requests.outcomes import Outcome
from salio.core.requests.queries import IdentifierType
from tests.builders import (
    OTHER_SHORT_CODE,
    PASSWORD,
    QUERY_ROLES,
    SHORT_CODE,
    UNREADABLE,
    WRONG,
    a_directory,
    a_locked_operator,
    a_store,
    a_till,
    ago,
    an_app,
    an_operator,
    an_organization,
    asking,
)
from tests.core.requests.questions import Question, decide

QUESTIONS = pytest.mark.parametrize("question", list(Question), ids=lambda question: question.value)
TRUSTING = OperatorRules(trust_foreign_credentials=True)


class Fault(NamedTuple):
    """One row of the rulings' table: what is wrong with the query, the operator or the password."""

    name: str
    outcome: Outcome
    query: Mapping[str, Any] = MappingProxyType({})
    operator: Mapping[str, Any] = MappingProxyType({})
    password: str = PASSWORD


FAULTS = (
    Fault("PartyA is not the app's", Outcome.PARTY_NOT_OWN, query={"party": OTHER_SHORT_CODE}),
    Fault("initiator unknown", Outcome.INITIATOR_UNKNOWN, query={"initiator": "nobody"}),
    Fault("channel Web", Outcome.INITIATOR_UNKNOWN, operator={"channel": Channel.WEB}),
    Fault("dormant", Outcome.INITIATOR_DORMANT, operator={"last_used_at": ago(days=91)}),
    Fault("no role", Outcome.ROLE_MISSING, operator={"roles": frozenset({Role.REVERSALS_INITIATOR})}),
    Fault(
        "locked",
        Outcome.INITIATOR_LOCKED,
        operator={"status": OperatorStatus.LOCKED, "wrong_passwords": 5},
    ),
    Fault("expired", Outcome.PASSWORD_EXPIRED, operator={"password_set_at": ago(days=90)}),
    Fault("wrong password", Outcome.PASSWORD_WRONG, password=WRONG),
)
"""The rulings' table, in its order."""

COMBINED = [
    *((fault,) for fault in FAULTS),
    *combinations(FAULTS, 2),
    *(FAULTS[place:] for place in range(len(FAULTS) - 2)),
]
"""Each fault alone, every pair, and each with all that come later."""


@QUESTIONS
@pytest.mark.parametrize("faults", COMBINED, ids=lambda faults: ", ".join(each.name for each in faults))
def test_the_first_fault_is_the_outcome(question: Question, faults: Sequence[Fault]) -> None:
    """Each check wins over all later ones, and none but the password's changes the operator."""
    query: dict[str, Any] = {}
    operator: dict[str, Any] = {}
    for fault in faults:
        query |= fault.query
        operator |= fault.operator
    snapshot = asking(an_operator(**operator), password=faults[-1].password)
    decision, identified = decide(question, snapshot, **query)
    assert decision.outcome is faults[0].outcome
    assert decision.facts is None
    assert decision.cause
    if faults[0].outcome is not Outcome.PASSWORD_WRONG:
        assert identified is None or identified.after is identified.before


@QUESTIONS
def test_without_a_fault_the_question_is_answered(question: Question) -> None:
    """The default initiator may ask."""
    decision, identified = decide(question, asking())
    assert decision.outcome is Outcome.SUCCEEDED
    assert decision.facts is not None
    assert identified is not None
    assert identified.refusal is None


ROLES_THAT_MAY = {Question.BALANCE: Role.BALANCE_QUERY_API, Question.STATUS: Role.STATUS_QUERY_API}


@QUESTIONS
@pytest.mark.parametrize("role", list(Role), ids=lambda role: role.value)
def test_roles(question: Question, role: Role) -> None:
    """Of all documented roles one gives each question; an initiator with any other lacks the role."""
    decision, _ = decide(question, asking(an_operator(roles=frozenset({role}))))
    expected = Outcome.SUCCEEDED if role is ROLES_THAT_MAY[question] else Outcome.ROLE_MISSING
    assert decision.outcome is expected


@QUESTIONS
def test_a_missing_role_is_named_in_the_cause(question: Question) -> None:
    """The kept cause says which role to ask for."""
    decision, _ = decide(question, asking(an_operator(roles=frozenset())))
    assert ROLES_THAT_MAY[question].value in decision.cause


@QUESTIONS
@pytest.mark.parametrize("command", ["", "accountbalance", "BusinessPayment", "Account Balance"])
def test_command_of_another_api(question: Question, command: str) -> None:
    """A CommandID that is not this API's ends the check before anything is said about parties (result 29)."""
    decision, identified = decide(question, asking(), command=command, party=OTHER_SHORT_CODE)
    assert decision.outcome is Outcome.COMMAND_UNKNOWN
    assert identified is None


# --- whose initiators ------------------------------------------------------------------------------------

HEAD, STORE, TILL, SISTER = "600100", "600110", "600111", "600120"
TREE = (
    an_organization(short_code=HEAD),
    a_store(STORE, HEAD),
    a_till(TILL, STORE),
    a_store(SISTER, HEAD),
)
PLACES = {HEAD: 1, STORE: 2, TILL: 3, SISTER: 4}


@QUESTIONS
@pytest.mark.parametrize(
    ("owned", "asked", "initiator_of", "outcome"),
    [
        pytest.param({HEAD}, HEAD, HEAD, Outcome.SUCCEEDED, id="head office about itself"),
        pytest.param({HEAD}, STORE, HEAD, Outcome.SUCCEEDED, id="head office about its store"),
        pytest.param({HEAD}, TILL, HEAD, Outcome.SUCCEEDED, id="head office about a till"),
        pytest.param({HEAD}, TILL, STORE, Outcome.SUCCEEDED, id="store's initiator in the head office's app"),
        pytest.param({HEAD}, TILL, TILL, Outcome.SUCCEEDED, id="till's initiator in the head office's app"),
        pytest.param({HEAD}, TILL, SISTER, Outcome.INITIATOR_UNKNOWN, id="initiator of a sister store"),
        pytest.param(
            {HEAD}, HEAD, STORE, Outcome.INITIATOR_UNKNOWN, id="store's initiator about its head office"
        ),
        pytest.param(
            {STORE}, STORE, HEAD, Outcome.INITIATOR_UNKNOWN, id="head office's initiator, store's app"
        ),
        pytest.param({STORE}, TILL, STORE, Outcome.SUCCEEDED, id="store about its till"),
        pytest.param({STORE}, HEAD, STORE, Outcome.PARTY_NOT_OWN, id="store about its head office"),
        pytest.param({STORE}, SISTER, SISTER, Outcome.PARTY_NOT_OWN, id="store about its sister"),
        pytest.param({TILL}, TILL, TILL, Outcome.SUCCEEDED, id="till about itself"),
        pytest.param({TILL}, STORE, STORE, Outcome.PARTY_NOT_OWN, id="till about its store"),
        pytest.param(set(), HEAD, HEAD, Outcome.PARTY_NOT_OWN, id="app without short codes"),
    ],
)
def test_head_office_store_till(
    question: Question, owned: set[str], asked: str, initiator_of: str, outcome: Outcome
) -> None:
    """A head office may ask about its stores and tills, and nobody looks up or aside (AB, FAQ 15)."""
    operator = an_operator(number=PLACES[initiator_of], short_code=initiator_of)
    directory = a_directory(operator, organizations=TREE)
    snapshot = asking(directory=directory, app=an_app(short_codes=frozenset(owned)))
    decision, _ = decide(question, snapshot, party=asked)
    assert decision.outcome is outcome


@QUESTIONS
def test_the_nearest_initiator_of_a_name_is_asked(question: Question) -> None:
    """Of two initiators of one name the till's own is meant, so only its password counts."""
    operators = [
        an_operator(number=1, short_code=TILL),
        an_operator(number=2, short_code=HEAD, password_digest=b"another"),
    ]
    snapshot = asking(
        directory=a_directory(*operators, organizations=TREE), app=an_app(short_codes=frozenset({HEAD}))
    )
    _, identified = decide(question, snapshot, party=TILL)
    assert identified is not None
    assert identified.before == operators[0]


@QUESTIONS
@pytest.mark.parametrize(
    ("identifier_type", "party", "outcome"),
    [
        pytest.param(IdentifierType.SHORT_CODE, HEAD, Outcome.SUCCEEDED, id="4 head office"),
        pytest.param(IdentifierType.SHORT_CODE, STORE, Outcome.SUCCEEDED, id="4 store"),
        pytest.param(IdentifierType.SHORT_CODE, TILL, Outcome.SUCCEEDED, id="4 till"),
        pytest.param(IdentifierType.TILL, TILL, Outcome.SUCCEEDED, id="2 till"),
        pytest.param(IdentifierType.TILL, STORE, Outcome.PARTY_NOT_OWN, id="2 store"),
        pytest.param(IdentifierType.TILL, HEAD, Outcome.PARTY_NOT_OWN, id="2 head office"),
        pytest.param(IdentifierType.TILL, SHORT_CODE, Outcome.PARTY_NOT_OWN, id="2 stranger"),
    ],
)
def test_identifier_types_2_and_4(
    question: Question, identifier_type: IdentifierType, party: str, outcome: Outcome
) -> None:
    """Type 2 names a till and nothing else; type 4 names any short code."""
    directory = a_directory(an_operator(short_code=HEAD), organizations=TREE)
    snapshot = asking(directory=directory, app=an_app(short_codes=frozenset({HEAD})))
    decision, _ = decide(question, snapshot, identifier_type=identifier_type, party=party)
    assert decision.outcome is outcome


# --- who exactly -----------------------------------------------------------------------------------------


@QUESTIONS
@pytest.mark.parametrize(
    ("password_set_at", "outcome"),
    [
        pytest.param(ago(days=89, hours=23, minutes=59, seconds=59), Outcome.SUCCEEDED, id="a second before"),
        pytest.param(ago(days=90), Outcome.PASSWORD_EXPIRED, id="at the very second"),
        pytest.param(ago(days=90, seconds=1), Outcome.PASSWORD_EXPIRED, id="a second after"),
    ],
)
def test_password_expires_to_the_second(
    question: Question, password_set_at: datetime, outcome: Outcome
) -> None:
    """A password counts for ninety days and not a second longer (AB, Additional FAQ 5)."""
    decision, _ = decide(question, asking(an_operator(password_set_at=password_set_at)))
    assert decision.outcome is outcome


@QUESTIONS
@pytest.mark.parametrize(
    ("now", "outcome"),
    [
        pytest.param("2026-04-01T23:59:59.999999+00:00", Outcome.SUCCEEDED, id="last instant of day 90"),
        pytest.param("2026-04-02T00:00:00+00:00", Outcome.INITIATOR_DORMANT, id="first instant of day 91"),
    ],
)
def test_dormant_to_the_second(question: Question, now: str, outcome: Outcome) -> None:
    """Rest is counted in whole days after the last day of use, and then to the very second."""
    used = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    then = datetime.fromisoformat(now)
    operator = an_operator(last_used_at=used, password_set_at=then)
    decision, _ = decide(question, asking(operator, now=then))
    assert decision.outcome is outcome


@QUESTIONS
def test_dormant_by_hand(question: Question) -> None:
    """An initiator put to rest by hand is dormant, however lately used."""
    decision, _ = decide(question, asking(an_operator(status=OperatorStatus.DORMANT)))
    assert decision.outcome is Outcome.INITIATOR_DORMANT


# --- passwords -------------------------------------------------------------------------------------------


@QUESTIONS
@pytest.mark.parametrize(
    ("before", "count", "status"),
    [
        pytest.param(0, 1, OperatorStatus.ACTIVE, id="first"),
        pytest.param(3, 4, OperatorStatus.ACTIVE, id="fourth"),
        pytest.param(4, 5, OperatorStatus.LOCKED, id="fifth"),
    ],
)
def test_a_wrong_password_counts(question: Question, before: int, count: int, status: OperatorStatus) -> None:
    """Each wrong password in a row is counted, and the fifth locks."""
    _, identified = decide(question, asking(an_operator(wrong_passwords=before), password=WRONG))
    assert identified is not None
    assert identified.after == an_operator(wrong_passwords=count, status=status)


@QUESTIONS
def test_a_right_password_resets_the_count(question: Question) -> None:
    """Only wrong passwords in a row count."""
    _, identified = decide(question, asking(an_operator(wrong_passwords=4)))
    assert identified is not None
    assert identified.after == an_operator(wrong_passwords=0)


@QUESTIONS
def test_a_locked_initiator_stays_locked(question: Question) -> None:
    """The right password does not open the lock, and a wrong one is not counted any more."""
    for password in (PASSWORD, WRONG):
        decision, identified = decide(question, asking(a_locked_operator(), password=password))
        assert decision.outcome is Outcome.INITIATOR_LOCKED
        assert identified is not None
        assert identified.after is identified.before


@QUESTIONS
@pytest.mark.parametrize(
    ("rules", "password", "outcome"),
    [
        pytest.param(OperatorRules(), UNREADABLE, Outcome.PASSWORD_WRONG, id="refused: unreadable"),
        pytest.param(OperatorRules(), WRONG, Outcome.PASSWORD_WRONG, id="refused: readable and wrong"),
        pytest.param(TRUSTING, UNREADABLE, Outcome.SUCCEEDED, id="trusted: unreadable"),
        pytest.param(TRUSTING, WRONG, Outcome.PASSWORD_WRONG, id="trusted: readable and wrong"),
        pytest.param(TRUSTING, PASSWORD, Outcome.SUCCEEDED, id="trusted: right"),
        pytest.param(TRUSTING, "", Outcome.PASSWORD_WRONG, id="trusted: empty"),
    ],
)
def test_foreign_credentials(
    question: Question, rules: OperatorRules, password: str, outcome: Outcome
) -> None:
    """Where foreign credentials are trusted, only an unreadable one is, never a readable wrong password."""
    decision, _ = decide(question, asking(password=password, rules=rules))
    assert decision.outcome is outcome


@QUESTIONS
@pytest.mark.parametrize(
    "fault", [each for each in FAULTS if each.name != "wrong password"], ids=lambda fault: fault.name
)
def test_trust_skips_no_other_check(question: Question, fault: Fault) -> None:
    """A trusted credential passes the password's check alone."""
    snapshot = asking(an_operator(**fault.operator), password=UNREADABLE, rules=TRUSTING)
    decision, _ = decide(question, snapshot, **fault.query)
    assert decision.outcome is fault.outcome


@QUESTIONS
def test_no_cause_holds_a_secret(question: Question) -> None:
    """The password and its digest stand in no cause."""
    for fault in FAULTS:
        decision, _ = decide(
            question, asking(an_operator(**fault.operator), password=fault.password), **fault.query
        )
        assert PASSWORD not in decision.cause
        assert WRONG not in decision.cause


def test_the_default_initiator_has_both_roles() -> None:
    """The builders' initiator may ask both questions and nothing else."""
    assert frozenset(ROLES_THAT_MAY.values()) == QUERY_ROLES
