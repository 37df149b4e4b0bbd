"""*Put this payment back.* — decided, by a table of the page's codes, and in batches."""

from typing import Any

import pytest

from salio.core.cycle import Cycle
from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountBalance, AccountKind, Balance
from salio.core.ports import StoreUnavailableError
from salio.core.requests.outcomes import Conclusion, Outcome, ReversalFacts, StatusFacts
from salio.core.requests.validation import ValidatorWord
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from tests.builders import (
    MSISDN,
    NOW,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    WRONG,
    a_customer_payment,
    a_payment,
    a_status_query,
    an_operator,
    at_once,
)
from tests.core.requests import country
from tests.core.requests.paying import NUMBERS, OPENINGS, PAYBILL, RICH, ROLES
from tests.core.requests.reversing import (
    ASKED,
    BILL,
    DECLINED,
    FREE,
    LAST_STEP,
    NEIGHBOURS,
    PAID_OUT,
    SILENT,
    SPENT,
    a_reversal,
    settle_asked,
    settle_down,
)
from tests.core.requests.running import OUTAGE, SECOND_APP, Running, running

UTILITY, CHARGES, CUSTOMER = AccountKind.UTILITY, AccountKind.CHARGES_PAID, AccountKind.CUSTOMER
DONE, TWICE, INVALID = Outcome.SUCCEEDED, Outcome.ALREADY_REVERSED, Outcome.ORIGINAL_INVALID
PAID = {BILL: 20_000, FREE: 10_000, SPENT: 40_000}


@pytest.fixture
def run() -> Running:
    """The small country: the Utility account holds the 300 shillings of the first two bills."""
    return running(settle=settle_down)


def held(run: Running, holder: str, kind: AccountKind = UTILITY) -> int:
    """What memory and store agree on."""
    number = NUMBERS[holder, kind]
    assert run.ledger.book.balance(number) == run.store.accounts()[1][number]
    return run.ledger.book.balance(number).available


def end(run: Running, **changes: Any) -> Conclusion:
    """How a reversal ends that comes alone."""
    run.submit(query=a_reversal(**changes))
    run.drain()
    return run.decided[-1][1]


def test_all_that_moved_is_put_back(run: Running) -> None:
    """Amount and charge: everybody stands as before the payment, and the sum is zero."""
    decision = end(run).decision
    assert decision.outcome is DONE
    assert (held(run, SHORT_CODE), held(run, SHORT_CODE, CHARGES)) == (10_000, 0)
    assert held(run, RICH, CUSTOMER) == OPENINGS[RICH, CUSTOMER] - sum(PAID.values()) - 5_000 + 20_000
    assert held(run, PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE) == 0
    assert run.ledger.book.total("KES") == 0
    assert run.store.check_journal().holds
    facts = decision.facts
    assert isinstance(facts, ReversalFacts)
    assert facts.account == AccountBalance(UTILITY, "KES", Balance(10_000))
    made = facts.transaction
    assert (made.kind, made.state, made.cents) == (
        TransactionKind.REVERSAL,
        TransactionState.COMPLETED,
        20_000,
    )
    assert (made.debit_party, made.debit_party_name) == (SHORT_CODE, "Safaricom1338")
    assert (made.credit_party, made.credit_party_name) == (RICH, "Customer 0")
    assert (made.reverses, made.charge, made.receipt) == (BILL, None, decision.receipt)
    assert made.reason_type == "Pay Bill Reversal via API"


@pytest.mark.parametrize("is_durable", [True, False], ids=["paid before", "paid in the same batch"])
def test_what_was_set_aside_first_is_put_back(*, is_durable: bool) -> None:
    """Of a payment that waited for its organization, with a charge that both bear: each has its own again."""
    asked = running(settle=lambda store: settle_asked(store, paid=is_durable))
    book = asked.ledger.book
    if not is_durable:
        asked.ledger.make(LAST_STEP, NOW)
    numbers = NUMBERS[RICH, CUSTOMER], NUMBERS[SHORT_CODE, UTILITY], NUMBERS[SHORT_CODE, CHARGES]
    rich, paid, owed = (book.balance(each).available for each in numbers)
    decision = end(asked, receipt=ASKED, cents=10_000).decision
    assert decision.outcome is DONE
    assert isinstance(decision.facts, ReversalFacts)
    assert decision.facts.transaction.debit_account is UTILITY
    assert decision.facts.account == AccountBalance(UTILITY, "KES", Balance(paid - 10_000))
    assert [book.balance(each) for each in numbers] == [
        Balance(rich + 10_250),
        Balance(paid - 10_000),
        Balance(owed + 251),
    ]


def test_a_status_query_finds_it_in_the_same_batch(run: Running) -> None:
    """By its conversation, before it is durable; the original stays as it was."""
    first = run.submit(query=a_reversal())
    run.submit(query=a_status_query(receipt=None, original_conversation_id=first.originator_conversation_id))
    run.submit(query=a_status_query(receipt=BILL))
    run.drain()
    reversal, original = (each.decision.facts for _, each in run.decided[1:])
    assert isinstance(reversal, StatusFacts)
    assert isinstance(original, StatusFacts)
    assert reversal.transaction.reverses == BILL
    assert (original.transaction.state, original.transaction.reason) == (TransactionState.COMPLETED, None)


@pytest.mark.parametrize(
    ("changes", "outcome", "cause"),
    [
        pytest.param({"command": "Undo"}, Outcome.COMMAND_UNKNOWN, "not TransactionReversal", id="29"),
        pytest.param({"party": PAYBILL}, Outcome.PARTY_NOT_OWN, "ReceiverParty 600134 is not", id="21"),
        pytest.param({"initiator": "nobody"}, Outcome.INITIATOR_UNKNOWN, "no initiator nobody", id="2001"),
        pytest.param({"receipt": "UHF000000Z"}, INVALID, "no transaction of 600000 has", id="unknown"),
        pytest.param({"receipt": BILL.lower()}, INVALID, "no transaction of 600000 has", id="lower case"),
        pytest.param(
            {"receipt": NEIGHBOURS, "cents": 5_000}, INVALID, "no transaction of 600000 has", id="another's"
        ),
        pytest.param({"receipt": PAID_OUT, "cents": 30_000}, INVALID, "is a B2C transaction", id="B2C"),
        pytest.param({"receipt": DECLINED, "cents": 10_000}, INVALID, "is Declined", id="declined"),
        pytest.param({"receipt": SILENT, "cents": 10_000}, INVALID, "nothing to put back", id="no posting"),
        pytest.param(
            {"cents": 20_001}, Outcome.PARAMETERS_CONFLICT, "of KES 200.00, Amount says KES 200.01", id="more"
        ),
        pytest.param(
            {"cents": 10_000}, Outcome.PARAMETERS_CONFLICT, "a payment is reversed whole", id="l4-in part"
        ),
    ],
)
def test_what_is_refused(run: Running, changes: dict[str, Any], outcome: Outcome, cause: str) -> None:
    """Nothing moves, no transaction is left, and the result has no receipt, as the page's sample."""
    before = run.ledger.book.all_balances()
    decision = end(run, **changes).decision
    assert decision.outcome is outcome
    assert cause in decision.cause
    assert decision.receipt is None
    assert run.ledger.book.all_balances() == before
    assert not run.store.find_transactions([f"UHG{1:07d}"], []).by_receipt


def test_another_organizations_original_looks_like_none(run: Running) -> None:
    """The same words but for the receipt: nobody learns which receipts there are."""
    unknown = end(run, receipt="UHF000000Z").decision.cause
    assert end(run, receipt=NEIGHBOURS).decision.cause == unknown.replace("UHF000000Z", NEIGHBOURS)


@pytest.mark.parametrize(
    ("operator", "password", "outcome"),
    [
        pytest.param({"roles": ROLES}, "", Outcome.ROLE_MISSING, id="21"),
        pytest.param({}, WRONG, Outcome.PASSWORD_WRONG, id="2001"),
    ],
)
def test_a_refused_initiator(run: Running, operator: dict[str, Any], password: str, outcome: Outcome) -> None:
    """The checks that all requests share, before anything is said of the original."""
    if operator:
        run.directory.put(an_operator(**operator))
    run.submit(*([password] if password else []), query=a_reversal(receipt="UHF000000Z"))
    run.drain()
    assert run.outcomes() == [outcome]


def test_a_short_code_that_takes_no_payments(run: Running) -> None:
    """A B2C short code has nothing that could be reversed; its app and initiator are in order."""
    run.submit(query=a_reversal(party=OTHER_SHORT_CODE), app=SECOND_APP)
    run.drain()
    assert run.outcomes() == [Outcome.PRODUCT_NOT_ASSIGNED]


# --- twice, and of each other ----------------------------------------------------------------------------


def test_l4_reversals_at_once(run: Running) -> None:
    """Of many in one batch, and in later ones, the first succeeds; a restart forgets nothing."""
    for _ in range(20):
        run.submit(query=a_reversal())
    run.drain()
    assert run.outcomes() == [DONE, *[TWICE] * 19]
    assert end(run).decision.cause == f"{BILL} was reversed by UHG0000001"
    assert held(run, SHORT_CODE) == 10_000
    assert run.store.find_originals([BILL])[BILL].reversed_by == "UHG0000001"


def test_l4_the_rest_of_what_was_reversed(run: Running) -> None:
    """Whatever amount is asked for: nothing is left."""
    assert end(run).decision.outcome is DONE
    assert end(run, cents=1).decision.outcome is TWICE


@pytest.mark.parametrize("together", [True, False])
def test_l4_a_reversal_of_a_reversal(run: Running, *, together: bool) -> None:
    """It is no customer's payment."""
    run.submit(query=a_reversal())
    if not together:
        run.drain()
    run.submit(query=a_reversal(receipt="UHG0000001"))
    run.drain()
    assert run.outcomes() == [DONE, INVALID]
    assert "is a Reversal transaction" in run.decided[-1][1].decision.cause


def test_a_payment_of_the_same_batch_is_no_original(run: Running) -> None:
    """Of a payment to a customer neither its payer nor anybody else gets anything back."""
    paid = run.submit(query=a_payment(party=OTHER_SHORT_CODE, receiver=MSISDN), app=SECOND_APP)
    run.submit(query=a_reversal(receipt=f"UHG{paid.number:07d}"))
    run.drain()
    assert run.outcomes() == [DONE, INVALID]


def test_an_outage_takes_the_first_back(run: Running) -> None:
    """Decided again, still one of the two succeeds, and the money moves once."""
    run.submit(query=a_reversal())
    run.submit(query=a_reversal())
    run.turn()
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    assert held(run, SHORT_CODE) == 30_000
    run.drain()
    assert run.outcomes() == [DONE, TWICE]
    assert held(run, SHORT_CODE) == 10_000


def test_the_first_is_refused_by_the_store(run: Running) -> None:
    """Then it never was, and the second puts the payment back."""
    run.store.poisoned = {1}
    run.submit(query=a_reversal())
    run.submit(query=a_reversal())
    run.drain()
    assert run.outcomes() == [Outcome.INTERNAL_FAILURE, DONE]
    assert held(run, SHORT_CODE) == 10_000


# --- when the money is gone ------------------------------------------------------------------------------


def test_l5_the_receiver_has_spent_it(run: Running) -> None:
    """Code 1; nothing moves, not even the charge; the reversal is a transaction that was declined."""
    before = run.ledger.book.all_balances()
    decision = end(run, receipt=SPENT, cents=40_000).decision
    assert decision.outcome is Outcome.BALANCE_INSUFFICIENT
    assert decision.cause == "the Utility Account of 600000 holds KES 300.00, KES 400.00 is asked for"
    assert run.ledger.book.all_balances() == before
    found = run.store.find_transactions([decision.receipt or ""], []).by_receipt[decision.receipt or ""]
    assert (found.state, found.reverses) == (TransactionState.DECLINED, None)
    assert run.store.find_originals([SPENT])[SPENT].reversed_by is None


def test_l5_what_is_left_covers_some(run: Running) -> None:
    """Reversals are decided in the order in which they came: whoever comes late finds too little."""
    for receipt, cents in ((BILL, 20_000), (FREE, 10_000), (SPENT, 40_000)):
        run.submit(query=a_reversal(receipt=receipt, cents=cents))
    run.drain()
    assert run.outcomes() == [DONE, DONE, Outcome.BALANCE_INSUFFICIENT]
    assert held(run, SHORT_CODE) == 0
    assert held(run, SHORT_CODE, CHARGES) == 0


# --- of a payment that its organization was asked about ----------------------------------------------------


@pytest.mark.parametrize("together", [pytest.param(True, id="at once"), pytest.param(False, id="later")])
def test_what_was_set_aside_is_not_put_back(*, together: bool) -> None:
    """What came and went before the organization took the payment is no part of what it moved."""
    run = running(settle=country.settle_down)
    run.apps.refresh([country.APP], [], [])
    customer = a_customer_payment(party=country.CLUB, payer=RICH)
    paid = run.submit(query=customer, app=country.APP)
    run.drain()
    run.processor.heard(run.asked.pop().accepted.request.number, ValidatorWord(accepts=True, said="accepted"))
    if not together:
        run.drain()
    reversal = a_reversal(party=country.CLUB, receipt=f"UHG{paid.number:07d}", cents=10_000)
    run.submit(query=reversal, app=country.APP)
    at_once(Cycle(run.store, [run.intake]).turn())  # behind the payment's end, in the same queue
    run.drain()
    assert run.outcomes() == [DONE, DONE]
    facts = run.decided[-1][1].decision.facts
    assert isinstance(facts, ReversalFacts)
    assert facts.account == AccountBalance(UTILITY, "KES", Balance())
    assert facts.transaction.debit_account is UTILITY
    number = country.NUMBERS[RICH, CUSTOMER]
    assert run.ledger.book.balance(number) == Balance(country.OPENINGS[RICH, CUSTOMER])
