"""*What became of this transaction?* — decided (rulings, "TS subject")."""

import pytest

from salio.core.parties.roles import Role
from salio.core.requests.asking import Asking
from salio.core.requests.outcomes import Outcome, StatusFacts
from salio.core.requests.queries import IdentifierType
from salio.core.requests.transaction_status import FoundTransactions, decide
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction
from tests.builders import (
    MSISDN,
    OTHER_SHORT_CODE,
    RECEIPT,
    SHORT_CODE,
    WRONG,
    a_directory,
    a_status_query,
    a_store,
    a_transaction,
    an_app,
    an_operator,
    an_organization,
    asking,
)
from tests.core.requests.questions import found

OWN = a_transaction()
SECOND = a_transaction(receipt="MBN31H4630", originator_conversation_id="10816-694520-3")
FOREIGN = a_transaction(
    receipt="MBN31H4631", credit_party=OTHER_SHORT_CODE, originator_conversation_id="10816-694520-4"
)
NAMELESS = a_transaction(receipt="MBN31H4632", originator_conversation_id=None)
SAME_ID = a_transaction(receipt="MBN31H4633", credit_party=OTHER_SHORT_CODE)
"""Another organization's transaction under the conversation id that OWN has too."""
EVERYTHING = found(SAME_ID, OWN, SECOND, FOREIGN, NAMELESS)

MISSING_RECEIPT, MISSING_CONVERSATION = "MBN31H4699", "1-1-1"
UNKNOWN, CONFLICT = Outcome.TRANSACTION_UNKNOWN, Outcome.PARAMETERS_CONFLICT


def asked(
    receipt: str | None = None,
    conversation: str | None = None,
    *,
    msisdn: str | None = None,
    snapshot: Asking | None = None,
    stored: FoundTransactions = EVERYTHING,
) -> Transaction | Outcome:
    """The transaction that a query finds, or how else it ends."""
    query = a_status_query(receipt=receipt, original_conversation_id=conversation)
    if msisdn is not None:
        query = a_status_query(
            receipt=receipt,
            original_conversation_id=conversation,
            party=msisdn,
            identifier_type=IdentifierType.MSISDN,
        )
    decision, _ = decide(query, snapshot or asking(), stored)
    return decision.facts.transaction if isinstance(decision.facts, StatusFacts) else decision.outcome


SUBJECTS = [
    pytest.param(RECEIPT, None, OWN, id="by receipt"),
    pytest.param(None, SECOND.originator_conversation_id, SECOND, id="by conversation"),
    pytest.param(RECEIPT, OWN.originator_conversation_id, OWN, id="by both"),
    pytest.param(NAMELESS.receipt, None, NAMELESS, id="by receipt, of no conversation"),
    pytest.param(
        None, OWN.originator_conversation_id, OWN, id="by a conversation id that a stranger used too"
    ),
    pytest.param(RECEIPT, SECOND.originator_conversation_id, CONFLICT, id="conflicting"),
    pytest.param(
        NAMELESS.receipt,
        SECOND.originator_conversation_id,
        CONFLICT,
        id="conflicting, one of no conversation",
    ),
    pytest.param(MISSING_RECEIPT, None, UNKNOWN, id="unknown receipt"),
    pytest.param(None, MISSING_CONVERSATION, UNKNOWN, id="unknown conversation"),
    pytest.param(RECEIPT, MISSING_CONVERSATION, UNKNOWN, id="known receipt, unknown conversation"),
    pytest.param(
        MISSING_RECEIPT, OWN.originator_conversation_id, UNKNOWN, id="unknown receipt, known conversation"
    ),
    pytest.param(FOREIGN.receipt, None, UNKNOWN, id="another organization's receipt"),
    pytest.param(None, FOREIGN.originator_conversation_id, UNKNOWN, id="another organization's conversation"),
    pytest.param(
        RECEIPT,
        FOREIGN.originator_conversation_id,
        UNKNOWN,
        id="own receipt, another organization's conversation",
    ),
    pytest.param(
        FOREIGN.receipt,
        OWN.originator_conversation_id,
        UNKNOWN,
        id="another organization's receipt, own conversation",
    ),
    pytest.param(RECEIPT.lower(), None, UNKNOWN, id="receipt in lower case"),
]


@pytest.mark.parametrize(("receipt", "conversation", "expected"), SUBJECTS)
def test_subject(receipt: str | None, conversation: str | None, expected: Transaction | Outcome) -> None:
    """By receipt, by conversation or by both; two that disagree conflict; another's does not exist (P5)."""
    assert asked(receipt, conversation) == expected


@pytest.mark.parametrize(("receipt", "conversation", "expected"), SUBJECTS)
def test_subject_by_msisdn(
    receipt: str | None, conversation: str | None, expected: Transaction | Outcome
) -> None:
    """The customer may be PartyA where the app's short code is the other party; all else is as before."""
    assert asked(receipt, conversation, msisdn=MSISDN) == expected


def test_a_customer_who_took_no_part() -> None:
    """An MSISDN that is no party to the transaction finds nothing."""
    assert asked(RECEIPT, msisdn="254700000000") is UNKNOWN


def test_a_customer_without_a_short_code_of_the_app() -> None:
    """A transaction between the customer and a stranger is no business of this app, though the PartyA is."""
    strangers = an_app(short_codes=frozenset({OTHER_SHORT_CODE}))
    assert asked(RECEIPT, msisdn=MSISDN, snapshot=asking(app=strangers)) is UNKNOWN


def test_by_msisdn_between_two_customers() -> None:
    """Money between two customers has no short code, so no app may ask."""
    stored = found(a_transaction(credit_party="254700000000"))
    assert asked(RECEIPT, msisdn=MSISDN, stored=stored) is UNKNOWN


def test_by_msisdn_the_other_partys_initiator_asks() -> None:
    """With an MSISDN as PartyA, the initiator is that of the transaction's other party."""
    operator = an_operator(short_code=OTHER_SHORT_CODE, name="theirs")
    snapshot = asking(operator, app=an_app(short_codes=frozenset({SHORT_CODE, OTHER_SHORT_CODE})))
    query = a_status_query(
        initiator="theirs", receipt=FOREIGN.receipt, party=MSISDN, identifier_type=IdentifierType.MSISDN
    )
    decision, _ = decide(query, snapshot, EVERYTHING)
    assert decision.facts == StatusFacts(FOREIGN)
    decision, _ = decide(a_status_query(initiator="theirs"), snapshot, EVERYTHING)
    assert decision.outcome is Outcome.INITIATOR_UNKNOWN


def test_by_msisdn_a_head_office_asks_for_its_store() -> None:
    """The other party may be a store of the app's head office."""
    store = "600001"
    tree = a_directory(organizations=(an_organization(), a_store(store, SHORT_CODE)))
    stored = found(a_transaction(credit_party=store))
    assert asked(RECEIPT, msisdn=MSISDN, snapshot=asking(directory=tree), stored=stored) == a_transaction(
        credit_party=store
    )


@pytest.mark.parametrize(
    ("snapshot", "outcome"),
    [
        pytest.param(asking(password=WRONG), Outcome.PASSWORD_WRONG, id="wrong password"),
        pytest.param(
            asking(an_operator(roles=frozenset({Role.BALANCE_QUERY_API}))), Outcome.ROLE_MISSING, id="no role"
        ),
        pytest.param(asking(an_operator(name="x")), Outcome.INITIATOR_UNKNOWN, id="unknown initiator"),
    ],
)
@pytest.mark.parametrize("receipt", [RECEIPT, MISSING_RECEIPT])
def test_who_asks_comes_before_what_is_asked(snapshot: Asking, outcome: Outcome, receipt: str) -> None:
    """A refused initiator learns nothing about receipts."""
    assert asked(receipt, snapshot=snapshot) is outcome


@pytest.mark.parametrize("state", list(TransactionState), ids=lambda state: state.value)
@pytest.mark.parametrize("kind", list(TransactionKind), ids=lambda kind: kind.value)
def test_every_kind_in_every_state(kind: TransactionKind, state: TransactionState) -> None:
    """The query succeeds whatever became of the transaction; its state is among the facts."""
    transaction = a_transaction(kind=kind, state=state)
    assert asked(RECEIPT, stored=found(transaction)) == transaction


def test_a_conflict_names_both_fields() -> None:
    """Result 25 names the fields that disagree."""
    query = a_status_query(original_conversation_id=SECOND.originator_conversation_id)
    decision, _ = decide(query, asking(), EVERYTHING)
    assert decision.fields == ("TransactionID", "OriginalConversationID")


def test_a_conversation_of_several_transactions() -> None:
    """Apps of one organization may use the same id; with the receipt beside it the right one is found."""
    twin = a_transaction(receipt="MBN31H4634")
    stored = found(OWN, twin)
    assert asked(twin.receipt, OWN.originator_conversation_id, stored=stored) == twin
    assert asked(None, OWN.originator_conversation_id, stored=stored) == OWN
