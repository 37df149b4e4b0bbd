"""What every store keeps to: parties, the ledger, transactions and the inbox."""

import pytest

from salio.core.audit.inbox import ReceivedCallback
from salio.core.ledger.accounts import Balance, Bucket
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.parties.operators import Channel, Operator, OperatorStatus
from salio.core.parties.organizations import ChargeBearer
from salio.core.parties.roles import Role
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.originals import Original
from salio.core.transactions.states import TransactionState
from tests.builders import (
    MSISDN,
    NOW,
    SHORT_CODE,
    a_customer,
    a_store,
    a_till,
    a_transaction,
    ago,
    an_operator,
    an_organization,
)
from tests.storage.conftest import Place
from tests.storage.samples import ENTRIES, OPENING, TRUST, WORKING
from tests.stores import AnyStore, seed

# --- parties ---------------------------------------------------------------------------------------------


def test_parties_come_back_as_they_were(place: Place) -> None:
    """Organizations with their tree, customers, and operators with all their members."""
    operators = [
        an_operator(),
        an_operator(
            number=2,
            short_code="600111",
            name="Ünïcode",
            channel=Channel.WEB,
            roles=frozenset(Role),
            password_digest=bytes(range(256)),
            password_set_at=ago(days=90, microseconds=1),
            last_used_at=ago(days=1),
            status=OperatorStatus.LOCKED,
            wrong_passwords=5,
        ),
        an_operator(number=3, name="no role", roles=frozenset()),
    ]
    split = {"charges_borne_by": ChargeBearer.SPLIT, "settles_to": MSISDN}
    tree = [an_organization(**split), a_store("600110", SHORT_CODE), a_till("600111", "600110", name="Till")]
    seed(place.open(), organizations=tree, customers=[a_customer()], operators=operators)
    directory = place.open().directory()
    assert [directory.organization(each.short_code) for each in tree] == tree
    assert directory.customer(MSISDN) == a_customer()
    assert [directory.operator(each.name, [each.short_code]) for each in operators] == operators


def test_save_operators(place: Place) -> None:
    """The new state of known operators is written; an unknown one is not made."""
    seed(place.open(), operators=[an_operator(), an_operator(number=2, name="other")])
    new = an_operator(status=OperatorStatus.LOCKED, wrong_passwords=5, roles=frozenset())
    with place.open().unit() as unit:
        unit.save_operators([new, an_operator(number=9, name="nobody")])
    directory = place.open().directory()
    assert directory.operator("testapiuser", [SHORT_CODE]) == new
    assert directory.operator("other", [SHORT_CODE]) == an_operator(number=2, name="other")
    assert directory.operator("nobody", [SHORT_CODE]) is None


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(an_operator(number=2), id="a name twice at a short code"),
        pytest.param(an_operator(number=2, name="x", short_code="999999"), id="no such short code"),
    ],
)
def test_an_operator_has_one_place(store: AnyStore, other: Operator) -> None:
    """A name is unique within a short code, and the short code exists."""
    with pytest.raises(Exception, match=r"(?i)unique|foreign"):
        seed(store, organizations=[], operators=[an_operator(), other])
    assert store.directory().operator("testapiuser", [SHORT_CODE]) is None


def test_is_empty(place: Place) -> None:
    """A store is empty until an organization is added."""
    store = place.open()
    assert store.is_empty()
    seed(store)
    assert not store.is_empty()


def test_a_charge_bearer(place: Place) -> None:
    """The organization's alone is changed, and nothing else of it."""
    store = place.open()
    seed(store)
    before = store.directory().organizations()
    with store.unit() as unit:
        unit.save_charge_bearers({SHORT_CODE: ChargeBearer.SPLIT})
        unit.save_charge_bearers({})
    after = place.open().directory().organizations()
    changed = {each.short_code: each.charges_borne_by for each in after if each not in before}
    assert changed == {SHORT_CODE: ChargeBearer.SPLIT}
    assert [each.name for each in after] == [each.name for each in before]


# --- ledger ----------------------------------------------------------------------------------------------


def test_accounts_open_at_zero(store: AnyStore) -> None:
    """A new account holds nothing: only a posting moves money."""
    seed(store, organizations=[], accounts=[TRUST, WORKING])
    assert store.accounts() == ([TRUST, WORKING], {1: Balance(), 2: Balance()})


def test_postings_and_balances_are_written_together(place: Place) -> None:
    """The journal's entries and the balances that resulted are in the store after one unit."""
    seed(place.open(), organizations=[], accounts=[TRUST, WORKING])
    after = {1: Balance(available=-700), 2: Balance(available=500, uncleared=200)}
    with place.open().unit() as unit:
        unit.add_postings([OPENING], after)
    _, balances = place.open().accounts()
    assert balances == after
    kept = place.rows("SELECT account, bucket, cents FROM entry ORDER BY number")
    assert kept == [(each.account, each.bucket.value, each.cents) for each in ENTRIES]


@pytest.mark.parametrize(
    ("posting", "fault"),
    [
        pytest.param(OPENING, "UNIQUE|unique|come before", id="a posting twice"),
        pytest.param(
            Posting(number=2, at=NOW, narrative="x", entries=(Entry(9, Bucket.AVAILABLE, 1),)),
            "FOREIGN|an entry names no posting or no account",
            id="an account that does not exist",
        ),
    ],
)
def test_a_refused_posting_changes_nothing(store: AnyStore, posting: Posting, fault: str) -> None:
    """Neither journal nor balance moves when one of both is refused."""
    seed(store, organizations=[], accounts=[TRUST, WORKING])
    with store.unit() as unit:
        unit.add_postings([OPENING], {2: Balance(500)})
    with pytest.raises(Exception, match=fault), store.unit() as unit:
        unit.add_postings([posting], {2: Balance(999)})
    assert store.accounts()[1][2] == Balance(500)


# --- transactions ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(TransactionState), ids=lambda state: state.value)
@pytest.mark.parametrize("kind", list(TransactionKind), ids=lambda kind: kind.value)
def test_a_transaction_comes_back_as_it_was(
    store: AnyStore, kind: TransactionKind, state: TransactionState
) -> None:
    """Every kind in every state, found by its receipt."""
    transaction = a_transaction(kind=kind, state=state)
    seed(store, organizations=[], transactions=[transaction])
    found = store.find_transactions([transaction.receipt], [])
    assert found.by_receipt == {transaction.receipt: transaction}
    assert found.by_originator_conversation_id == {}


def test_find_transactions(store: AnyStore) -> None:
    """By receipts and by conversations; those not asked for do not come, and one id may have several."""
    transactions = [
        a_transaction(receipt=f"MBN31H4{place:03}", originator_conversation_id=f"id-{place // 2}")
        for place in range(300)
    ]
    seed(store, organizations=[], transactions=transactions)
    receipts = [each.receipt for each in transactions[:200]]
    found = store.find_transactions([*receipts, "UNKNOWN000"], {"id-7", "id-8", "no-such"})
    assert found.by_receipt == {each.receipt: each for each in transactions[:200]}
    assert found.by_originator_conversation_id == {"id-7": transactions[14:16], "id-8": transactions[16:18]}


def test_find_nothing(store: AnyStore) -> None:
    """Without names nothing is found, though there are transactions without a conversation."""
    seed(store, organizations=[], transactions=[a_transaction(originator_conversation_id=None)])
    found = store.find_transactions([], [])
    assert (found.by_receipt, found.by_originator_conversation_id) == ({}, {})


def test_originals_come_with_what_they_moved(store: AnyStore) -> None:
    """Entries in their order, the reversal's receipt if there is one; a transaction without a posting too."""
    paid, silent = (a_transaction(receipt=f"MBN31H4{place:03}") for place in (1, 2))
    reversal = a_transaction(receipt="MBN31H4003", kind=TransactionKind.REVERSAL, reverses=paid.receipt)
    seed(store, organizations=[], accounts=[TRUST, WORKING], transactions=[paid, silent, reversal])
    entries = (Entry(WORKING.number, Bucket.AVAILABLE, 5), Entry(TRUST.number, Bucket.RESERVED, -5))
    posting = Posting(number=1, at=NOW, narrative="paid", entries=entries, receipt=paid.receipt)
    with store.unit() as unit:
        unit.add_postings([posting], changes_of([posting]))
    found = store.find_originals([paid.receipt, silent.receipt, "UNKNOWN000"])
    assert found == {
        paid.receipt: Original(paid, entries, reversal.receipt),
        silent.receipt: Original(silent),
    }
    assert store.find_originals([]) == {}


@pytest.mark.parametrize("together", [True, False])
def test_l4_the_store_takes_one_reversal_of_a_transaction(store: AnyStore, *, together: bool) -> None:
    """The second is refused with all of its unit, whatever whoever decides may think."""
    first, second = (
        a_transaction(receipt=f"MBN31H4{place:03}", kind=TransactionKind.REVERSAL, reverses="MBN31H4000")
        for place in (1, 2)
    )
    if not together:
        seed(store, organizations=[], transactions=[first])
    with pytest.raises(Exception, match=r"(?i)unique"), store.unit() as unit:
        unit.add_transactions([first, second] if together else [second])
    found = store.find_transactions([first.receipt, second.receipt], []).by_receipt
    assert found == ({} if together else {first.receipt: first})


# --- inbox -----------------------------------------------------------------------------------------------


def test_inbox(store: AnyStore) -> None:
    """An inbox shows its own newest callbacks, newest first, byte for byte."""
    callbacks = [
        ReceivedCallback(inbox=name, received_at=ago(seconds=-place), body=bytes([0, 255, place]))
        for place, name in enumerate("abaab")
    ]
    with store.unit() as unit:
        unit.add_to_inbox(callbacks)
    assert store.inbox("a", 2) == [callbacks[3], callbacks[2]]
    assert store.inbox("b", 10) == [callbacks[4], callbacks[1]]
    assert store.inbox("c", 10) == []
