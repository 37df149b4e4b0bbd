"""The transactions of the test data: those that the documents name, and one of each kind in each state."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from hashlib import sha256

import msgspec

from salio.core.ledger.accounts import KES, AccountKind
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState, is_final
from salio.core.transactions.transaction import Charge, ChargedSide, Transaction
from salio.wire import amounts, receipts, times

_C2B, _B2C, _B2B = TransactionKind.C2B, TransactionKind.B2C, TransactionKind.B2B
_CUSTOMER, _UTILITY, _WORKING = AccountKind.CUSTOMER, AccountKind.UTILITY, AccountKind.WORKING


class _Row(msgspec.Struct, frozen=True):
    """A kind of transaction at two parties: one a day from ``first_day`` on, one of each state."""

    kind: TransactionKind
    debit_party: str
    debit_account: AccountKind
    credit_party: str
    reason_type: str
    charge: tuple[str, str, ChargedSide] | None
    first_day: str
    amount: str


_FEE_FOR_B2C = ("Fee For B2C Payment", "22.40", ChargedSide.DEBIT)

KINDS = (
    _Row(
        _C2B,
        "254708374149",
        _CUSTOMER,
        "600000",
        "Pay Bill Online",
        ("Pay Bill Charge", "5.00", ChargedSide.CREDIT),
        "20251103",
        "1050.50",
    ),
    _Row(
        _B2C,
        "600310",
        _UTILITY,
        "254708374149",
        "Business Payment to Customer via API",
        _FEE_FOR_B2C,
        "20251201",
        "2000",
    ),
    _Row(
        _B2B,
        "600772",
        _WORKING,
        "600782",
        "Business Pay Bill via API",
        ("Business Pay Bill Charge", "30.00", ChargedSide.DEBIT),
        "20260105",
        "15000",
    ),
    _Row(
        TransactionKind.REVERSAL,
        "600992",
        _UTILITY,
        "254700000000",
        "Pay Bill Reversal via API",
        None,
        "20260202",
        "750",
    ),
    _Row(
        TransactionKind.IMT,
        "600997",
        _WORKING,
        "254722000000",
        "International Money Transfer",
        None,
        "20260302",
        "12500",
    ),
)
"""The reason types of C2B and B2C were seen on the wire (wire facts, 2.6); no page shows the others'."""

REVERSIBLE = (
    ("PDU91HIVIT", "254708374149", "603021", "200"),
    ("SKC82PACB8", "254705912645", "600992", "1"),
)
"""Of the Reversal page's request and result: receipt, customer, short code and shillings."""

REASONS: Mapping[TransactionState, str] = {
    TransactionState.CANCELLED: "Cancelled by the initiator.",
    TransactionState.DECLINED: "Declined by the credit party.",
    TransactionState.EXPIRED: "Not validated in time.",
}
"""Why a transaction failed; those that did not say nothing, as in TS's callback."""


def transactions(names: Mapping[str, str]) -> tuple[Transaction, ...]:
    """All of them, by date; ``names`` gives the name of each party."""
    documented = (_status_sample(names), _status_request_sample(names))
    reversible = (_paid_bill(names, *row) for row in REVERSIBLE)
    return (*documented, *_every_kind_and_state(names), *reversible)


def _status_sample(names: Mapping[str, str]) -> Transaction:
    """What TS's callback reports."""
    at = times.from_text("20180223054112")
    return Transaction(
        receipt="MBN31H462N",
        kind=_B2C,
        state=TransactionState.COMPLETED,
        cents=amounts.from_text("300"),
        currency=KES,
        debit_party="600310",
        debit_party_name=names["600310"],
        debit_account=_UTILITY,
        credit_party="254708374149",
        credit_party_name=names["254708374149"],
        reason_type="Business Payment to Customer via API",
        initiated_at=at,
        finalised_at=at,
        charge=_charge(_FEE_FOR_B2C),
        originator_conversation_id="3211-416020-3",
        conversation_id="AG_20180223_000041b09c22e613d6c9",
    )


def _status_request_sample(names: Mapping[str, str]) -> Transaction:
    """What TS's request asks about: the page shows its receipt, short code and conversation, no more."""
    at = times.from_text("20190515101112")
    return Transaction(
        receipt="NEF61H8J60",
        kind=_C2B,
        state=TransactionState.COMPLETED,
        cents=amounts.from_text("150"),
        currency=KES,
        debit_party="254708374149",
        debit_party_name=names["254708374149"],
        debit_account=_CUSTOMER,
        credit_party="600782",
        credit_party_name=names["600782"],
        reason_type="Pay Bill Online",
        initiated_at=at,
        finalised_at=at,
        originator_conversation_id="7071-4170-a0e5-8345632bad442144258",
        conversation_id=_conversation_id("NEF61H8J60", at),
    )


def _paid_bill(
    names: Mapping[str, str], receipt: str, customer: str, short_code: str, shillings: str
) -> Transaction:
    """What the Reversal page's samples put back: it shows receipts, parties and amounts, no more."""
    at = datetime.combine(receipts.date_of(receipt), time(9, 30, 15), tzinfo=times.EAST_AFRICA)
    serial = 416_000 + [row[0] for row in REVERSIBLE].index(receipt)
    return Transaction(
        receipt=receipt,
        kind=_C2B,
        state=TransactionState.COMPLETED,
        cents=amounts.from_text(shillings),
        currency=KES,
        debit_party=customer,
        debit_party_name=names[customer],
        debit_account=_CUSTOMER,
        credit_party=short_code,
        credit_party_name=names[short_code],
        reason_type="Pay Bill Online",
        initiated_at=at,
        finalised_at=at,
        originator_conversation_id=f"4870-{serial}-1",
        conversation_id=_conversation_id(receipt, at),
    )


def _every_kind_and_state(names: Mapping[str, str]) -> Iterator[Transaction]:
    serial = 0
    for row in KINDS:
        first = times.from_text(f"{row.first_day}093015")
        for place, state in enumerate(TransactionState):
            serial += 1
            yield _made(row, state, first + timedelta(days=place), serial, names)


def _made(
    row: _Row, state: TransactionState, at: datetime, serial: int, names: Mapping[str, str]
) -> Transaction:
    receipt = receipts.make(at, _receipt_serial(serial))
    completed = state is TransactionState.COMPLETED
    return Transaction(
        receipt=receipt,
        kind=row.kind,
        state=state,
        cents=amounts.from_text(row.amount) + 10_000 * serial,
        currency=KES,
        debit_party=row.debit_party,
        debit_party_name=names[row.debit_party],
        debit_account=row.debit_account,
        credit_party=row.credit_party,
        credit_party_name=names[row.credit_party],
        reason_type=row.reason_type,
        initiated_at=at,
        finalised_at=at + timedelta(seconds=4) if is_final(state) else None,
        charge=_charge(row.charge) if completed and row.charge else None,
        reason=REASONS.get(state),
        originator_conversation_id=f"4870-{416_020 + serial}-1",
        conversation_id=_conversation_id(receipt, at),
    )


def _receipt_serial(serial: int) -> int:
    """Spread over the day's receipts, so that they look like the documents' (``MBN31H462N``)."""
    return (3 * 36**6 + serial * 7_368_787_919) % receipts.SERIAL_LIMIT


def _charge(row: tuple[str, str, ChargedSide]) -> Charge:
    name, shillings, side = row
    return Charge(name, amounts.from_text(shillings), side)


def _conversation_id(receipt: str, at: datetime) -> str:
    """In the form of the sample's, whose first four digits were zeros until 2021 (wire facts, 2.4)."""
    return f"AG_{times.to_date_text(at)}_0000{sha256(receipt.encode()).hexdigest()[:16]}"
