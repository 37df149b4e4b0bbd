"""What every store keeps to: :class:`salio.core.ports.Store` and its unit, method by method."""

from dataclasses import dataclass

import pytest

from salio.core.audit.inbox import ReceivedCallback
from salio.core.ledger.accounts import Account, AccountBalance, AccountKind, Balance, Bucket
from salio.core.ledger.postings import Entry, Posting
from salio.core.parties.operators import Channel, OperatorStatus
from salio.core.parties.roles import Role
from salio.core.ports import AcceptedRequest, Store
from salio.core.requests.deliveries import Attempt, OpenDelivery
from salio.core.requests.outcomes import BalanceFacts, Conclusion, Decision, Outcome, StatusFacts
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide
from salio.storage.sqlite.store import SqliteStore
from tests.builders import (
    MSISDN,
    NOW,
    SHORT_CODE,
    a_conclusion,
    a_customer,
    a_status_query,
    a_store,
    a_till,
    a_transaction,
    accepted,
    ago,
    an_attempt,
    an_end,
    an_operator,
    an_organization,
)
from tests.storage.conftest import Place
from tests.stores import seed

DAY = "2026-08-16"


def keep(store: SqliteStore, *requests: AcceptedRequest) -> set[int]:
    """Accepts requests in one unit; the numbers of the duplicates."""
    with store.unit() as unit:
        return set(unit.add_requests(requests))


def conclude(store: SqliteStore, *numbers: int) -> None:
    """Accepts and decides requests of these numbers."""
    keep(store, *(accepted(number) for number in numbers))
    with store.unit() as unit:
        unit.add_conclusions([a_conclusion(number) for number in numbers])


def chosen(number: int, own_id: str, app: int = 1) -> AcceptedRequest:
    """A request whose caller brought an id."""
    return accepted(number, originator_conversation_id=own_id, chosen_by_caller=True, app_number=app)


def test_it_fits_the_port(store: SqliteStore) -> None:
    """The type checker holds the store against the core's port."""
    port: Store = store
    assert port is store


# --- accepted requests -----------------------------------------------------------------------------------

FULL = accepted(
    7,
    credential="c2VjcmV0",
    query=a_status_query(receipt=None, original_conversation_id="1-2-3", occasion="Ünïcode 🦁", remarks="\0"),
    unknown_members=("Extra", "Weitere"),
    chosen_by_caller=True,
    profile="observed",
)


@pytest.mark.parametrize("request_", [accepted(1), FULL], ids=["plain", "with everything"])
def test_an_accepted_request_comes_back_as_it_was(store: SqliteStore, request_: AcceptedRequest) -> None:
    """Every member of the request and its credential are there until the decision."""
    keep(store, request_)
    assert store.undecided() == [request_]


def test_undecided_is_oldest_first(store: SqliteStore) -> None:
    """Requests wait in the order of their numbers, in whatever order they were kept."""
    keep(store, accepted(3), accepted(1))
    keep(store, accepted(2))
    assert [each.request.number for each in store.undecided()] == [1, 2, 3]


@pytest.mark.parametrize("numbers", [[], [1], [5, 2]], ids=str)
def test_next_request_number(store: SqliteStore, numbers: list[int]) -> None:
    """The number after the highest ever given; 1 in a new store."""
    keep(store, *map(accepted, numbers))
    assert store.next_request_number() == max(numbers, default=0) + 1


def test_a_number_is_kept_once(store: SqliteStore) -> None:
    """A second request of a number is refused, and nothing of its unit is kept."""
    keep(store, accepted(1))
    with pytest.raises(Exception, match="UNIQUE"):
        keep(store, accepted(2), accepted(1))
    assert [each.request.number for each in store.undecided()] == [1]


@pytest.mark.parametrize(
    ("groups", "duplicates"),
    [
        pytest.param([[chosen(1, "a"), chosen(2, "a")]], [{2}], id="within a group"),
        pytest.param([[chosen(1, "a")], [chosen(2, "a")]], [set(), {2}], id="across groups"),
        pytest.param([[chosen(1, "a"), chosen(2, "a", app=2)]], [set()], id="another app"),
        pytest.param([[chosen(1, "a"), chosen(2, "b")]], [set()], id="another id"),
        pytest.param(
            [[chosen(1, "a"), chosen(2, "b"), chosen(3, "a"), chosen(4, "b")]], [{3, 4}], id="two of four"
        ),
        pytest.param(
            [[accepted(1, originator_conversation_id="a")], [chosen(2, "a")]], [set(), set()], id="given"
        ),
    ],
)
def test_duplicates(
    store: SqliteStore, groups: list[list[AcceptedRequest]], duplicates: list[set[int]]
) -> None:
    """A caller's id counts once per app; the duplicates are named and not kept."""
    assert [keep(store, *group) for group in groups] == duplicates
    numbers = {each.request.number for group in groups for each in group}
    assert {each.request.number for each in store.undecided()} == numbers - set().union(*duplicates)


def test_an_id_stays_used_after_a_restart(place: Place) -> None:
    """A duplicate is one, whichever process kept the first."""
    keep(place.open(), chosen(1, "a"))
    assert keep(place.open(), chosen(2, "a")) == {2}


def test_usage_adds_up(store: SqliteStore) -> None:
    """Counts of a day are added by app, and days are apart."""
    with store.unit() as unit:
        unit.add_usage(DAY, {1: 2, 2: 5})
        unit.add_usage(DAY, {1: 3})
        unit.add_usage("2026-08-17", {1: 1})
    assert store.usage(DAY) == {1: 5, 2: 5}
    assert store.usage("2026-08-17") == {1: 1}
    assert store.usage("2026-08-18") == {}


# --- conclusions -----------------------------------------------------------------------------------------

CONCLUSIONS = [
    *(
        pytest.param(Decision(outcome, "why"), id=outcome.name)
        for outcome in Outcome
        if outcome is not Outcome.SUCCEEDED
    ),
    pytest.param(Decision(Outcome.PARAMETERS_CONFLICT, fields=("TransactionID", "x")), id="fields"),
    pytest.param(Decision(Outcome.SUCCEEDED, facts=BalanceFacts(())), id="no accounts"),
    pytest.param(
        Decision(
            Outcome.SUCCEEDED,
            facts=BalanceFacts(
                tuple(AccountBalance(kind, "KES", Balance(-(2**62), 2, 3)) for kind in AccountKind)
            ),
        ),
        id="every account",
    ),
    pytest.param(Decision(Outcome.SUCCEEDED, facts=StatusFacts(a_transaction())), id="a transaction"),
    pytest.param(
        Decision(
            Outcome.SUCCEEDED,
            facts=StatusFacts(
                a_transaction(
                    charge=Charge("Pay Bill Charge", 500, ChargedSide.CREDIT),
                    reason="reason",
                    finalised_at=None,
                    conversation_id=None,
                    originator_conversation_id=None,
                )
            ),
        ),
        id="a charged transaction",
    ),
]


@pytest.mark.parametrize("decision", CONCLUSIONS)
def test_a_conclusion_comes_back_as_it_was(store: SqliteStore, decision: Decision) -> None:
    """The outcome, its cause and every fact."""
    keep(store, accepted(1))
    conclusion = Conclusion(number=1, decided_at=ago(microseconds=1), decision=decision)
    with store.unit() as unit:
        unit.add_conclusions([conclusion])
    assert store.due([1]) == [(accepted(1).request, conclusion)]


def test_a_conclusion_closes_the_intake_and_opens_a_delivery(place: Place) -> None:
    """A decided request no longer waits, its credential is gone for good, and its delivery is open."""
    store = place.open()
    keep(store, accepted(1, credential="a credential"), accepted(2))
    with store.unit() as unit:
        unit.add_conclusions([a_conclusion(1)])
    assert [each.request.number for each in store.undecided()] == [2]
    assert store.undelivered() == [OpenDelivery(number=1)]
    assert place.connection.execute("SELECT number FROM intake").fetchall() == [(2,)]


def test_a_request_ends_once(store: SqliteStore) -> None:
    """P2: a second conclusion is refused, and nothing of its unit is kept."""
    conclude(store, 1)
    keep(store, accepted(2))
    with pytest.raises(Exception, match="UNIQUE"), store.unit() as unit:
        unit.add_conclusions([a_conclusion(2), a_conclusion(1)])
    assert [each.number for each in store.undelivered()] == [1]
    assert [each.request.number for each in store.undecided()] == [2]


def test_due(store: SqliteStore) -> None:
    """Requests come with their conclusions, by number; undecided and unknown ones do not come."""
    conclude(store, *range(1, 301))
    keep(store, accepted(301))
    found = store.due([*range(1, 400)])
    assert [request.number for request, _ in found] == list(range(1, 301))
    assert all(request.number == conclusion.number for request, conclusion in found)
    assert store.due([]) == []


# --- deliveries ------------------------------------------------------------------------------------------


@dataclass
class Delivery:
    """Attempts and their ends, in the order of happening; and what is open afterwards."""

    starts: list[Attempt]
    ended: bool
    left: list[OpenDelivery]


AGAIN = an_attempt(started_at=ago(seconds=-60), resent=True)


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(Delivery([], False, [OpenDelivery(number=1)]), id="not begun"),
        pytest.param(
            Delivery([an_attempt()], False, [OpenDelivery(number=1, attempt=an_attempt())]), id="interrupted"
        ),
        pytest.param(
            Delivery([an_attempt(), AGAIN], False, [OpenDelivery(number=1, attempt=AGAIN)]),
            id="interrupted twice",
        ),
        pytest.param(Delivery([an_attempt()], True, []), id="ended"),
        pytest.param(Delivery([an_attempt(), AGAIN], True, []), id="ended the second time"),
        pytest.param(Delivery([], True, []), id="ended without an attempt"),
    ],
)
def test_undelivered_after_a_crash(place: Place, delivery: Delivery) -> None:
    """P3: an open delivery is found with the last attempt's bytes and whether it was already sent again."""
    store = place.open()
    conclude(store, 1)
    for start in delivery.starts:
        with store.unit() as unit:
            unit.start_attempts([start])
    if delivery.ended:
        with store.unit() as unit:
            unit.end_attempts([an_end()])
    assert place.open().undelivered() == delivery.left


def test_undelivered_is_oldest_first(store: SqliteStore) -> None:
    """Deliveries wait in the order of their requests."""
    conclude(store, 3, 1)
    conclude(store, 2)
    assert [each.number for each in store.undelivered()] == [1, 2, 3]


@pytest.mark.parametrize("again", [False, True], ids=["first", "resend"])
def test_an_attempt_starts_once(store: SqliteStore, *, again: bool) -> None:
    """P3: neither the first attempt nor the one after a crash can be recorded twice."""
    conclude(store, 1)
    with store.unit() as unit:
        unit.start_attempts([an_attempt(), AGAIN])
    with pytest.raises(Exception, match="UNIQUE"), store.unit() as unit:
        unit.start_attempts([AGAIN if again else an_attempt()])


def test_a_delivery_ends_once(store: SqliteStore) -> None:
    """P3: a second end is refused."""
    conclude(store, 1)
    with store.unit() as unit:
        unit.start_attempts([an_attempt()])
        unit.end_attempts([an_end(status=None, fault="timed out")])
    with pytest.raises(Exception, match="UNIQUE"), store.unit() as unit:
        unit.end_attempts([an_end()])


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
    tree = [an_organization(), a_store("600110", SHORT_CODE), a_till("600111", "600110", name="Till")]
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
    assert directory.operators_named("nobody") == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(an_operator(number=2), id="a name twice at a short code"),
        pytest.param(an_operator(number=2, name="x", short_code="999999"), id="no such short code"),
    ],
)
def test_an_operator_has_one_place(store: SqliteStore, other: object) -> None:
    """A name is unique within a short code, and the short code exists."""
    with pytest.raises(Exception, match=r"UNIQUE|FOREIGN"):
        seed(store, organizations=[], operators=[an_operator(), other])  # type: ignore[list-item]
    assert store.directory().operators_named("testapiuser") == []


def test_is_empty(place: Place) -> None:
    """A store is empty until an organization is added."""
    store = place.open()
    assert store.is_empty()
    seed(store)
    assert not store.is_empty()


# --- ledger ----------------------------------------------------------------------------------------------

TRUST = Account(number=1, holder="M-PESA", kind=AccountKind.TRUST)
WORKING = Account(number=2, holder=SHORT_CODE, kind=AccountKind.WORKING)
ENTRIES = (Entry(1, Bucket.AVAILABLE, -700), Entry(2, Bucket.AVAILABLE, 500), Entry(2, Bucket.UNCLEARED, 200))
OPENING = Posting(number=1, at=NOW, narrative="opening", entries=ENTRIES)


def test_accounts_open_at_zero(store: SqliteStore) -> None:
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
    kept = place.connection.execute("SELECT account, bucket, cents FROM entry ORDER BY number").fetchall()
    assert kept == [(each.account, each.bucket.value, each.cents) for each in ENTRIES]


@pytest.mark.parametrize(
    ("posting", "fault"),
    [
        pytest.param(OPENING, "UNIQUE", id="a posting twice"),
        pytest.param(
            Posting(number=2, at=NOW, narrative="x", entries=(Entry(9, Bucket.AVAILABLE, 1),)),
            "FOREIGN",
            id="an account that does not exist",
        ),
    ],
)
def test_a_refused_posting_changes_nothing(store: SqliteStore, posting: Posting, fault: str) -> None:
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
    store: SqliteStore, kind: TransactionKind, state: TransactionState
) -> None:
    """Every kind in every state, found by its receipt."""
    transaction = a_transaction(kind=kind, state=state)
    seed(store, organizations=[], transactions=[transaction])
    found = store.find_transactions([transaction.receipt], [])
    assert found.by_receipt == {transaction.receipt: transaction}
    assert found.by_originator_conversation_id == {}


def test_find_transactions(store: SqliteStore) -> None:
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


def test_find_nothing(store: SqliteStore) -> None:
    """Without names nothing is found, though there are transactions without a conversation."""
    seed(store, organizations=[], transactions=[a_transaction(originator_conversation_id=None)])
    found = store.find_transactions([], [])
    assert (found.by_receipt, found.by_originator_conversation_id) == ({}, {})


# --- inbox -----------------------------------------------------------------------------------------------


def test_inbox(store: SqliteStore) -> None:
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


# --- units -----------------------------------------------------------------------------------------------


class Stop(BaseException):
    """A wish to end, as Ctrl-C is."""


def assert_untouched(store: SqliteStore) -> None:
    """The store holds the seeded parties and accounts, and nothing that a unit of the next test writes."""
    assert (store.undecided(), store.undelivered(), store.due([1])) == ([], [], [])
    assert store.usage(DAY) == {}
    assert store.accounts()[1] == {1: Balance(), 2: Balance()}
    assert store.directory().operators_named("testapiuser") == [an_operator()]


def write_everything_and_fail(store: SqliteStore, error: type[BaseException]) -> None:
    """One unit that writes to every table, and raises."""
    with store.unit() as unit:
        unit.add_requests([chosen(1, "a")])
        unit.add_usage(DAY, {1: 1})
        unit.add_conclusions([a_conclusion(1)])
        unit.start_attempts([an_attempt(1)])
        unit.save_operators([an_operator(wrong_passwords=3)])
        unit.add_postings([OPENING], {2: Balance(500)})
        raise error


@pytest.mark.parametrize("error", [ValueError, Stop], ids=["error", "wish to end"])
def test_a_unit_that_fails_leaves_nothing(place: Place, error: type[BaseException]) -> None:
    """Whatever was written before the failure is gone, here and after a restart, and the next unit works."""
    store = place.open()
    seed(store, operators=[an_operator()], accounts=[TRUST, WORKING])
    with pytest.raises(error):
        write_everything_and_fail(store, error)
    assert_untouched(store)
    store = place.open()
    assert_untouched(store)
    assert keep(store, chosen(1, "a")) == set()


def test_what_was_committed_is_there_after_a_crash(place: Place) -> None:
    """P1: accepted, decided and delivered requests are found as they were."""
    store = place.open()
    conclude(store, 1, 2)
    keep(store, accepted(3))
    with store.unit() as unit:
        unit.end_attempts([an_end(1)])
    again = place.open()
    assert again.undecided() == [accepted(3)]
    assert again.undelivered() == [OpenDelivery(number=2)]
    assert again.due([1, 2]) == [(accepted(number).request, a_conclusion(number)) for number in (1, 2)]
    assert again.next_request_number() == 4


def test_empty_calls_change_nothing(store: SqliteStore) -> None:
    """Every method takes nothing for an answer."""
    with store.unit() as unit:
        assert not unit.add_requests([])
        unit.add_usage(DAY, {})
        unit.add_conclusions([])
        unit.save_operators([])
        unit.start_attempts([])
        unit.end_attempts([])
        unit.add_refusals([])
        unit.add_to_inbox([])
        unit.add_postings([], {})
    assert store.next_request_number() == 1
