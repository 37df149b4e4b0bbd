"""A smaller country: customers who have paid a paybill, and short codes that may give the money back."""

from collections.abc import Sequence
from typing import Any

import msgspec

from salio.core.ledger.accounts import PLATFORM_HOLDER, AccountKind, Bucket
from salio.core.ledger.ledger import Movement
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.roles import Role
from salio.core.requests.queries import Reversal
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide, Transaction
from tests.builders import (
    MSISDN,
    OTHER_SHORT_CODE,
    SHORT_CODE,
    a_transaction,
    ago,
    an_operator,
    an_organization,
    changed,
)
from tests.core.requests.openings import opening_postings
from tests.core.requests.paying import (
    ACCOUNTS,
    BANDS,
    CUSTOMERS,
    LIMITS,
    NUMBERS,
    OPENINGS,
    PAYBILL,
    RICH,
    ROLES,
)
from tests.stores import AnyStore, seed

BILL, FREE, SPENT, NEIGHBOURS, DECLINED, SILENT, PAID_OUT = (f"UHF000000{letter}" for letter in "ABCDEFG")
"""A customer's payment with a charge, one without, one whose money is gone, another organization's, one that
was declined, one of which no posting is known, and a payment to a customer."""
FEE = 500
ORGANIZATIONS = (
    an_organization(),
    an_organization(short_code=OTHER_SHORT_CODE, name="Neighbour", kind=OrganizationKind.B2C),
    an_organization(short_code=PAYBILL, name="Paybill"),
)
OPERATORS = tuple(
    an_operator(number=number, short_code=each.short_code, roles=ROLES | {Role.REVERSALS_INITIATOR})
    for number, each in enumerate(ORGANIZATIONS, 1)
)
_CHARGE = Charge("Pay Bill Charge", FEE, ChargedSide.CREDIT)
TRANSACTIONS: Sequence[Transaction] = [
    a_transaction(receipt=receipt, originator_conversation_id=f"bill-{receipt}", **changes)
    for receipt, changes in (
        (BILL, {"cents": 20_000, "charge": _CHARGE, "debit_party": RICH}),
        (FREE, {"cents": 10_000, "debit_party": RICH}),
        (SPENT, {"cents": 40_000, "debit_party": RICH, "credit_party": SHORT_CODE}),
        (NEIGHBOURS, {"cents": 5_000, "debit_party": RICH, "credit_party": PAYBILL}),
        (DECLINED, {"cents": 10_000, "state": TransactionState.DECLINED}),
        (SILENT, {"cents": 10_000}),
        (PAID_OUT, {"kind": TransactionKind.B2C, "debit_party": SHORT_CODE, "credit_party": MSISDN}),
    )
]


def bills() -> list[Posting]:
    """What they moved; the last posting brings what the third brought to the Working account."""
    began = len(OPENINGS) + 1
    told = [
        Posting(number=number, at=ago(days=1), narrative="Paid", entries=_moved(each), receipt=each.receipt)
        for number, each in enumerate(TRANSACTIONS[:4], began)
    ]
    left = NUMBERS[SHORT_CODE, AccountKind.UTILITY], NUMBERS[SHORT_CODE, AccountKind.WORKING]
    cents = OPENINGS[SHORT_CODE, AccountKind.UTILITY] + 40_000
    entries = tuple(
        Entry(account, Bucket.AVAILABLE, moved) for account, moved in zip(left, (-cents, cents), strict=True)
    )
    return [*told, Posting(number=began + 4, at=ago(hours=1), narrative="Moved", entries=entries)]


def _moved(bill: Transaction) -> tuple[Entry, ...]:
    moves = [
        (bill.debit_party, AccountKind.CUSTOMER, -bill.cents),
        (bill.credit_party, AccountKind.UTILITY, bill.cents),
    ]
    if bill.charge is not None:
        moves += [
            (bill.credit_party, AccountKind.CHARGES_PAID, -FEE),
            (PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE, FEE),
        ]
    return tuple(Entry(NUMBERS[holder, kind], Bucket.AVAILABLE, cents) for holder, kind, cents in moves)


def settle_down(store: AnyStore) -> None:
    """Puts all of it into an empty store: the Utility account holds 300 shillings, what two bills brought."""
    seed(
        store,
        organizations=ORGANIZATIONS,
        customers=CUSTOMERS,
        operators=OPERATORS,
        accounts=ACCOUNTS,
        transactions=TRANSACTIONS,
    )
    postings = [*opening_postings(OPENINGS, NUMBERS), *bills()]
    with store.unit() as unit:
        unit.add_postings(postings, changes_of(postings))
        unit.add_tariffs(BANDS, LIMITS)


ASKED = "UHF000000H"
"""A payment that was set aside until the organization had spoken; both bear the charge of 5.01."""
_AUTHORIZED = a_transaction(
    receipt=ASKED,
    originator_conversation_id="asked",
    cents=10_000,
    debit_party=RICH,
    state=TransactionState.AUTHORIZED,
    charge=Charge("Pay Bill Charge", 251, ChargedSide.CREDIT),
    other_charge=Charge("Pay Bill Charge", 250, ChargedSide.DEBIT),
)


def _lines(*moves: tuple[str, AccountKind, Bucket, int]) -> tuple[Entry, ...]:
    return tuple(Entry(NUMBERS[holder, kind], bucket, cents) for holder, kind, bucket, cents in moves)


_SET_ASIDE = _lines(
    (RICH, AccountKind.CUSTOMER, Bucket.AVAILABLE, -10_250),
    (RICH, AccountKind.CUSTOMER, Bucket.RESERVED, 10_250),
)
LAST_STEP = Movement(
    transaction=msgspec.structs.replace(_AUTHORIZED, state=TransactionState.COMPLETED),
    before=_AUTHORIZED,
    entries=_lines(
        (RICH, AccountKind.CUSTOMER, Bucket.RESERVED, -10_250),
        (SHORT_CODE, AccountKind.UTILITY, Bucket.AVAILABLE, 10_000),
        (SHORT_CODE, AccountKind.CHARGES_PAID, Bucket.AVAILABLE, -251),
        (PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE, Bucket.AVAILABLE, 501),
    ),
)
"""How it was paid in the end."""


def settle_asked(store: AnyStore, *, paid: bool) -> None:
    """The same, and that payment: paid, or still set aside."""
    settle_down(store)
    number = store.next_posting_number()
    steps = [_SET_ASIDE, LAST_STEP.entries] if paid else [_SET_ASIDE]
    postings = [
        Posting(number=each, at=ago(hours=1), narrative="Asked", entries=entries, receipt=ASKED)
        for each, entries in enumerate(steps, number)
    ]
    with store.unit() as unit:
        unit.add_transactions([LAST_STEP.transaction if paid else _AUTHORIZED])
        unit.add_postings(postings, changes_of(postings))


def a_reversal(**changes: Any) -> Reversal:
    """*Put this payment back*: the first bill."""
    reversal = Reversal(
        initiator="testapiuser",
        command="TransactionReversal",
        party=SHORT_CODE,
        receipt=BILL,
        cents=20_000,
        remarks="ok",
        result_url="http://myservice:8080/result",
        queue_time_out_url="http://myservice:8080/queuetimeouturl",
        occasion=None,
    )
    return changed(reversal, changes)
