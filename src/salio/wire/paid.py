"""What the result of a payment tells of it, typed: of B2C, B2B, taxes, reversals and M-PESA Express.

Each API has its own keys for the same things; one type has them all. As everywhere, an amount in an unknown
form makes the whole answer unreadable, what is told beside it is None then, and an unknown key stays among
the result's parameters.

Source: Callback Payload of B2C, Reversal and M-PESA Express; Successful Result Body of the pages of B2B; wire
facts 5.1, 5.2, 5.4 and 5.5.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from salio.wire import amounts, answered
from salio.wire.answered import Charge, Party, Said, Transaction, Unreadable
from salio.wire.balance_text import read_accounts
from salio.wire.errors import UnreadableAnswer
from salio.wire.members import Parameter
from salio.wire.wording import shown

T = TypeVar("T")

_KEYS = frozenset({"TransactionReceipt", "TransCompletedTime", "MpesaReceiptNumber"})
"""One of these is in every payment's result: of B2C, of B2B and reversals, of M-PESA Express."""
_AMOUNTS = ("TransactionAmount", "Amount")
_MOMENTS = ("TransactionCompletedDateTime", "TransCompletedTime", "TransactionDate")
_RECEIVERS = ("ReceiverPartyPublicName", "CreditPartyPublicName")
_CHARGES = ("DebitPartyCharges", "Charge")
_FUNDS = (
    ("B2CUtilityAccountAvailableFunds", "Utility Account"),
    ("B2CWorkingAccountAvailableFunds", "Working Account"),
    ("B2CChargesPaidAccountAvailableFunds", "Charges Paid Account"),
)


class Funds(msgspec.Struct, frozen=True):
    """What an account of the payer's, or of whoever reverses, has available since."""

    account: str
    currency: str | None
    """None where the result does not say it."""
    available: Decimal


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """A payment that was made. None: its result does not tell that."""

    receipt: str | None
    amount: Decimal | None
    completed_at: datetime | None
    payer: Party | None
    receiver: Party | None
    charge: Charge | None
    original_receipt: str | None
    """Of a reversal: what it gave back."""
    funds: tuple[Funds, ...]


def read_payment(parameters: Sequence[Parameter], transaction_id: str | None) -> Payment | Unreadable | None:
    """The payment that a success tells; None if it tells none. Never raises."""
    if not _KEYS & {each.name for each in parameters}:
        return None
    try:
        return _payment(Said(parameters), transaction_id)
    except UnreadableAnswer as unreadable:
        return Unreadable(unreadable.reason)


def payment_of(found: Transaction) -> Payment:
    """The payment that a status query has found.

    Raises:
        UnreadableAnswer: nothing was paid, or not yet.
    """
    if found.status != "Completed":
        raise UnreadableAnswer(f"nothing was paid: the transaction is {shown(found.status or 'in no state')}")
    return Payment(
        receipt=found.receipt,
        amount=found.amount,
        completed_at=found.finalised_at,
        payer=found.debit_party,
        receiver=found.credit_party,
        charge=found.debit_charge,
        original_receipt=None,
        funds=(),
    )


def _payment(said: Said, transaction_id: str | None) -> Payment:
    return Payment(
        receipt=said.text("TransactionReceipt") or said.text("MpesaReceiptNumber") or transaction_id,
        amount=_first(said.read(name, answered.amount) for name in _AMOUNTS),
        completed_at=_first(said.aside(name, answered.moment) for name in _MOMENTS),
        payer=said.read("DebitPartyPublicName", answered.party) or said.read("PhoneNumber", _caller),
        receiver=_first(said.read(name, answered.party) for name in _RECEIVERS),
        charge=_first(said.aside(name, _charge) for name in _CHARGES),
        original_receipt=said.text("OriginalTransactionID"),
        funds=_funds(said),
    )


def _first(found: Iterable[T | None]) -> T | None:
    """What is said under the first of some names that says something."""
    return next((each for each in found if each is not None), None)


def _funds(said: Said) -> tuple[Funds, ...]:
    """Of B2C account by account; of the others in the balance's own text."""
    told = [(account, said.aside(name, answered.amount)) for name, account in _FUNDS]
    funds = [Funds(account, None, available) for account, available in told if available is not None]
    name = "DebitPartyAffectedAccountBalance"
    if said.text("OriginalTransactionID"):
        name = "DebitAccountBalance"  # B2B has this key too, in another form that tells less
    accounts = said.aside(name, read_accounts) or ()
    return (*funds, *(Funds(each.name, each.currency, _decimal(each.available)) for each in accounts))


def _caller(said: str) -> Party:
    """A telephone number, whole or masked."""
    return Party(said, said if said.isdecimal() else None, "")


def _charge(said: str) -> Charge:
    """`0.00`, or a charge with its name."""
    try:
        return Charge(said, None, None, answered.amount(said))
    except amounts.MalformedAmount:
        return answered.charge(said)


def _decimal(cents: int) -> Decimal:
    return Decimal(amounts.to_text(cents))
