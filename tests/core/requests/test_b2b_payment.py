"""*Pay this organization*, *pay this tax*, moves of one's own money: decided, and against a naive ledger."""

from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountBalance, AccountKind, Balance
from salio.core.ledger.ledger import Ledger, Movement
from salio.core.ledger.tariffs import Limit, LimitRow, TariffBand, Tariffs
from salio.core.parties.directory import Directory
from salio.core.parties.roles import Role
from salio.core.requests import b2b_payment
from salio.core.requests.decided import Judged
from salio.core.requests.outcomes import B2BFacts, Decision, Outcome
from salio.core.requests.queries import B2BPayment, IdentifierType, TaxRemittance
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide
from salio.storage.sqlite.store import SqliteStore
from salio.wire.apis import Api
from tests.builders import (
    NOW,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    WRONG,
    FakeReceipts,
    a_request,
    ago,
    an_app,
    an_operator,
    asking,
)
from tests.core.requests.running import SECOND_APP, Running, running
from tests.core.requests.trading import (
    BULK,
    COLLECTOR,
    KINDS,
    NUMBERS,
    OPENINGS,
    OPERATORS,
    ORGANIZATIONS,
    ROLES,
    STALL,
    a_bill,
    a_tax,
    settle_down,
)
from tests.stores import in_memory

WORKING, UTILITY, MERCHANT = AccountKind.WORKING, AccountKind.UTILITY, AccountKind.MERCHANT
CHARGES, REVENUE = AccountKind.CHARGES_PAID, AccountKind.CHARGES_REVENUE
TO_UTILITY, TO_WORKING = "BusinessTransferFromMMFToUtility", "MerchantTransferFromMerchantToWorking"
BAND = TariffBand(kind=TransactionKind.B2B, effective_from=date(2026, 1, 1), up_to=50_000, charge=3_000)


@pytest.fixture
def ledger() -> Ledger:
    """As a start reads it."""
    store = SqliteStore(in_memory())
    settle_down(store)
    return Ledger.read(store, FakeReceipts(), NOW)


def decide(
    ledger: Ledger,
    query: B2BPayment | TaxRemittance,
    operator: dict[str, Any] | None = None,
    password: str = "",
) -> Judged:
    """The decision on this payment of an app that has all but the neighbour's short code."""
    others = [each for each in OPERATORS if each.short_code != SHORT_CODE]
    mine = an_operator(**{"roles": ROLES, **(operator or {})})
    snapshot = asking(
        directory=Directory(ORGANIZATIONS, (), [mine, *others]),
        app=an_app(short_codes=frozenset(KINDS) - {OTHER_SHORT_CODE}),
        **({"password": password} if password else {}),
    )
    return b2b_payment.decide(a_request(query=query), query, snapshot, ledger)


def done(ledger: Ledger, judged: Judged) -> tuple[Decision, Movement]:
    """What was decided, carried out."""
    decision, _, movement = judged
    assert movement is not None
    ledger.make(movement, NOW)
    return decision, movement


def available(ledger: Ledger, holder: str, kind: AccountKind) -> int:
    """What an account has."""
    return ledger.book.balance(NUMBERS[holder, kind]).available


MADE = [
    pytest.param(a_bill(), WORKING, (OTHER_SHORT_CODE, UTILITY), "Business Pay Bill", id="bill"),
    pytest.param(
        a_bill(command="BusinessBuyGoods", receiver=STALL, receiver_type=IdentifierType.TILL),
        WORKING,
        (STALL, MERCHANT),
        "Business Buy Goods",
        id="goods at a till",
    ),
    pytest.param(
        a_bill(command="BusinessBuyGoods", receiver=STALL),
        WORKING,
        (STALL, MERCHANT),
        "Business Buy Goods",
        id="goods at a short code",
    ),
    pytest.param(
        a_bill(command="BusinessPayToBulk", receiver=BULK),
        WORKING,
        (BULK, UTILITY),
        "Business Pay to Bulk",
        id="top up",
    ),
    pytest.param(
        a_bill(command="BusinessPayToBulk"),
        WORKING,
        (OTHER_SHORT_CODE, UTILITY),
        "Business Pay to Bulk",
        id="top up of a paybill, as the sample",
    ),
    pytest.param(a_tax(), WORKING, (COLLECTOR, UTILITY), "Pay Tax to KRA", id="tax"),
    pytest.param(
        a_bill(command=TO_UTILITY, receiver=SHORT_CODE),
        WORKING,
        (SHORT_CODE, UTILITY),
        "Business Transfer from MMF to Utility",
        id="from Working to Utility",
    ),
    pytest.param(
        a_bill(command=TO_WORKING, party=STALL, receiver=STALL),
        MERCHANT,
        (STALL, WORKING),
        "Merchant Transfer from Merchant to Working",
        id="from Merchant to Working",
    ),
]


@pytest.mark.parametrize(("query", "debited", "credited", "name"), MADE)
def test_it_is_made(
    ledger: Ledger,
    query: B2BPayment | TaxRemittance,
    debited: AccountKind,
    credited: tuple[str, AccountKind],
    name: str,
) -> None:
    """The amount leaves one account and arrives in the other; nothing else moves, and nothing is charged."""
    before = ledger.book.all_balances()
    decision, movement = done(ledger, decide(ledger, query))
    assert decision.outcome is Outcome.SUCCEEDED
    moved = {
        number: each.available - before[number].available
        for number, each in ledger.book.all_balances().items()
        if each != before[number]
    }
    assert moved == {NUMBERS[query.party, debited]: -10_000, NUMBERS[credited]: 10_000}
    left = Balance(OPENINGS[query.party, debited] - 10_000)
    receiver = f"Business {query.receiver}"
    assert decision.facts == B2BFacts(
        10_000, query.receiver, receiver, 0, AccountBalance(debited, "KES", left)
    )
    transaction = movement.transaction
    assert decision.receipt == transaction.receipt == "UHG0000001"
    assert (transaction.kind, transaction.state) == (TransactionKind.B2B, TransactionState.COMPLETED)
    assert (transaction.debit_party, transaction.credit_party) == (query.party, query.receiver)
    assert (transaction.debit_account, transaction.reason_type) == (debited, f"{name} via API")
    assert transaction.charge is None


def test_every_command_is_tried() -> None:
    """The table above has all of the wire's, and the rules know them."""
    tried = [each.values[0] for each in MADE]
    assert {each.command for each in tried if isinstance(each, B2BPayment)} == set(Api.B2B.commands)
    assert {each.command for each in tried if isinstance(each, TaxRemittance)} == {"PayTaxToKRA"}
    assert tuple(b2b_payment.PAYMENTS) == Api.B2B.commands
    assert tuple(b2b_payment.TAXES) == Api.TAX_REMITTANCE.commands


@pytest.mark.parametrize(("query", "name"), [(a_bill(), "Business Pay Bill"), (a_tax(), "Pay Tax to KRA")])
def test_a_tariff_charges_the_payer(ledger: Ledger, query: B2BPayment | TaxRemittance, name: str) -> None:
    """Once an operator sets one: owed in Charges Paid, earned by the platform, told in the result."""
    ledger.tariffs = Tariffs([BAND])
    decision, movement = done(ledger, decide(ledger, query))
    assert isinstance(decision.facts, B2BFacts)
    assert decision.facts.charge == 3_000
    assert movement.transaction.charge == Charge(f"{name} Charge", 3_000, ChargedSide.DEBIT)
    assert available(ledger, SHORT_CODE, CHARGES) == -3_000
    assert available(ledger, PLATFORM_HOLDER, REVENUE) == 3_000
    assert ledger.book.total("KES") == 0


def test_ones_own_money_moves_free(ledger: Ledger) -> None:
    """Whatever the tariff says."""
    ledger.tariffs = Tariffs([BAND])
    decision, _ = done(ledger, decide(ledger, a_bill(command=TO_UTILITY, receiver=SHORT_CODE)))
    assert isinstance(decision.facts, B2BFacts)
    assert decision.facts.charge == 0
    assert available(ledger, SHORT_CODE, CHARGES) == 0


REFUSED = [
    pytest.param(a_bill(command="PayTaxToKRA"), Outcome.COMMAND_UNKNOWN, "the Tax Remittance API", id="29"),
    pytest.param(a_tax(command="BusinessPayBill"), Outcome.COMMAND_UNKNOWN, "Business Pay Bill", id="29-tax"),
    pytest.param(a_bill(command="AgencyFloatAdvance"), Outcome.COMMAND_UNKNOWN, "is not", id="29-older"),
    pytest.param(a_bill(party=OTHER_SHORT_CODE), Outcome.PARTY_NOT_OWN, "not a short code of", id="21"),
    pytest.param(a_bill(initiator="nobody"), Outcome.INITIATOR_UNKNOWN, "no initiator nobody", id="2001"),
    pytest.param(
        a_bill(command=TO_UTILITY, party=STALL, receiver=STALL),
        Outcome.PRODUCT_NOT_ASSIGNED,
        "600979 has no Utility Account",
        id="2028-a stall has no Utility",
    ),
    pytest.param(
        a_bill(command=TO_WORKING, receiver=SHORT_CODE),
        Outcome.PRODUCT_NOT_ASSIGNED,
        "600000 has no Merchant Account",
        id="2028-a paybill has no Merchant",
    ),
    pytest.param(a_bill(receiver="699999"), Outcome.RECEIVER_UNKNOWN, "has PartyB 699999", id="nobody"),
    pytest.param(
        a_bill(receiver=STALL), Outcome.RECEIVER_INVALID, "a buy goods short code, and", id="no paybill"
    ),
    pytest.param(a_bill(receiver=BULK), Outcome.RECEIVER_INVALID, "pays paybill", id="no paybill but B2C"),
    pytest.param(
        a_bill(command="BusinessBuyGoods"), Outcome.RECEIVER_INVALID, "pays buy goods", id="no stall"
    ),
    pytest.param(
        a_bill(command="BusinessPayToBulk", receiver=STALL),
        Outcome.RECEIVER_INVALID,
        "pays paybill or B2C",
        id="a stall has no Utility to top up",
    ),
    pytest.param(
        a_bill(receiver_type=IdentifierType.TILL), Outcome.RECEIVER_INVALID, "2 is a till", id="no till"
    ),
    pytest.param(a_bill(receiver=SHORT_CODE), Outcome.RECEIVER_INVALID, "pay itself", id="itself"),
    pytest.param(a_tax(receiver=OTHER_SHORT_CODE), Outcome.RECEIVER_INVALID, "572572 alone", id="no taxes"),
    pytest.param(
        a_bill(command=TO_UTILITY), Outcome.RECEIVER_INVALID, "PartyA again", id="another's Utility"
    ),
]


@pytest.mark.parametrize(("query", "outcome", "cause"), REFUSED)
def test_what_leaves_no_transaction(
    ledger: Ledger, query: B2BPayment | TaxRemittance, outcome: Outcome, cause: str
) -> None:
    """The result has a receipt all the same, as the page's sample of a failure."""
    decision, _, movement = decide(ledger, query)
    assert (decision.outcome, movement, decision.receipt) == (outcome, None, "UHG0000001")
    assert cause in decision.cause


@pytest.mark.parametrize(
    ("operator", "password", "outcome"),
    [
        pytest.param({"last_used_at": ago(days=91)}, "", Outcome.INITIATOR_DORMANT, id="dormant"),
        pytest.param({"password_set_at": ago(days=91)}, "", Outcome.PASSWORD_EXPIRED, id="expired"),
        pytest.param({}, WRONG, Outcome.PASSWORD_WRONG, id="2001"),
    ],
)
@pytest.mark.parametrize("query", [a_bill(receiver="699999"), a_tax(receiver="699999")])
def test_a_refused_initiator(
    ledger: Ledger, query: B2BPayment | TaxRemittance, operator: Any, password: str, outcome: Outcome
) -> None:
    """The checks that all requests share; nothing of the receiver is told before them."""
    assert decide(ledger, query, operator, password)[0].outcome is outcome


RIGHTS = {
    "BusinessPayBill": {Role.PAYBILL_API_INITIATOR},
    "BusinessBuyGoods": {Role.BUY_GOODS_API_INITIATOR},
    "BusinessPayToBulk": {Role.PAY_TO_BULK_API_INITIATOR},
    TO_UTILITY: {Role.PAYBILL_API_INITIATOR, Role.BUY_GOODS_API_INITIATOR, Role.PAY_TO_BULK_API_INITIATOR},
    "PayTaxToKRA": {Role.TAX_REMITTANCE_API},
}


@pytest.mark.parametrize("role", Role, ids=lambda role: role.name)
@pytest.mark.parametrize("command", RIGHTS)
def test_each_command_has_its_role(ledger: Ledger, command: str, role: Role) -> None:
    """With no other one is it allowed."""
    query = a_tax() if command == "PayTaxToKRA" else a_bill(command=command)
    outcome = decide(ledger, query, {"roles": frozenset({role})})[0].outcome
    assert (outcome is not Outcome.ROLE_MISSING) == (role in RIGHTS[command])


def test_the_balance_is_spent_to_the_cent(ledger: Ledger) -> None:
    """To the floor, never below; one that is declined is a transaction all the same."""
    done(ledger, decide(ledger, a_bill(cents=99_999)))
    decision, movement = done(ledger, decide(ledger, a_tax(cents=2)))
    assert decision.outcome is Outcome.BALANCE_INSUFFICIENT
    assert decision.cause == "the Working Account of 600000 holds KES 0.01, KES 0.02 is asked for"
    assert (movement.transaction.state, movement.entries) == (TransactionState.DECLINED, ())
    done(ledger, decide(ledger, a_tax(cents=1)))
    assert available(ledger, SHORT_CODE, WORKING) == 0


def test_what_a_revenue_account_may_hold(ledger: Ledger) -> None:
    """Code 8, to the cent, whatever the payer has; Working is none, nor is that of a B2C short code."""
    row = LimitRow(limit=Limit.REVENUE_BALANCE, effective_from=date(2026, 1, 1), cents=10_000)
    ledger.tariffs = Tariffs((), [row])
    for query in (a_bill(cents=10_001), a_bill(cents=100_001), a_tax(cents=10_001)):
        decision, movement = done(ledger, decide(ledger, query))
        assert decision.outcome is Outcome.BALANCE_LIMIT_EXCEEDED
        assert "may hold: KES" in decision.cause
        assert (movement.transaction.state, movement.entries) == (TransactionState.DECLINED, ())
    above = (
        a_bill(command="BusinessPayToBulk", receiver=BULK, cents=10_001),
        a_bill(command=TO_WORKING, party=STALL, receiver=STALL, cents=10_001),
    )
    for query in (a_bill(), a_tax(), *above):
        assert done(ledger, decide(ledger, query))[0].outcome is Outcome.SUCCEEDED


# --- through the processor -------------------------------------------------------------------------------


def all_agree(run: Running, wanted: dict[tuple[str, AccountKind], int]) -> None:
    """Book and store say what the naive ledger says, everything sums to zero, the journal is whole."""
    kept = run.store.accounts()[1]
    for held, number in NUMBERS.items():
        expected = -sum(OPENINGS.values()) if held[1] is AccountKind.TRUST else wanted[held]
        assert run.ledger.book.balance(number).available == kept[number].available == expected
    assert run.ledger.book.total("KES") == 0
    assert run.store.check_journal().holds


SENT = st.builds(
    lambda command, way, cents: (
        a_tax(party=way[0], cents=cents)
        if command == "PayTaxToKRA"
        else a_bill(command=command, party=way[0], receiver=way[1], cents=cents)
    ),
    st.sampled_from([*Api.B2B.commands, "PayTaxToKRA"]),
    st.sampled_from([(payer, receiver) for payer in (SHORT_CODE, OTHER_SHORT_CODE) for receiver in KINDS]),
    st.sampled_from([1, 10_000, 33_333, 70_000]),
)


@given(st.lists(SENT, max_size=12))
def test_no_shilling_is_made_or_lost(queries: list[B2BPayment | TaxRemittance]) -> None:
    """Whatever is sent in whatever order, what succeeded has moved its amount, and nothing else has."""
    run = running(settle=settle_down)
    for query in queries:
        run.submit(query=query, app=SECOND_APP if query.party == OTHER_SHORT_CODE else None)
    run.drain()
    naive: dict[tuple[str, AccountKind], int] = defaultdict(int, OPENINGS)
    for request, conclusion in run.decided:
        paid, outcome = request.query, conclusion.decision.outcome
        assert isinstance(paid, B2BPayment | TaxRemittance)
        if outcome is Outcome.BALANCE_INSUFFICIENT:
            assert naive[paid.party, WORKING] < paid.cents
        if outcome is Outcome.SUCCEEDED:
            naive[paid.party, WORKING] -= paid.cents
            naive[paid.receiver, MERCHANT if paid.command == "BusinessBuyGoods" else UTILITY] += paid.cents
            assert naive[paid.party, WORKING] >= 0
    all_agree(run, naive)


def test_l3_opposite_transfers_at_once() -> None:
    """A thousand each way, all waiting before the first is decided: each moves once, and both end empty."""
    run, each = running(settle=settle_down), 1_000
    for _ in range(each):
        run.submit(query=a_bill(cents=100))
        run.submit(
            query=a_bill(party=OTHER_SHORT_CODE, receiver=SHORT_CODE, cents=100),
            app=SECOND_APP,
        )
    run.drain()
    assert run.outcomes() == [Outcome.SUCCEEDED] * 2 * each
    moved = {(SHORT_CODE, WORKING): 0, (OTHER_SHORT_CODE, WORKING): 0}
    moved |= {(SHORT_CODE, UTILITY): 100_000, (OTHER_SHORT_CODE, UTILITY): 100_000}
    all_agree(run, defaultdict(int, {**OPENINGS, **moved}))
