"""What an organization does with its own money by hand: revenue settlement, and withdrawal.

No API of Daraja does either: operators do it in the portal. Here it is an act, carried out behind the
decisions of a turn and durable with them (AB, Account Types in C2B Organization; docs/decisions/0006).
"""

import enum
from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import msgspec

from salio.core.ledger import settlement
from salio.core.ledger.accounts import (
    KES,
    PLATFORM_HOLDER,
    Account,
    AccountBalance,
    AccountKind,
    Bucket,
)
from salio.core.ledger.ledger import Ledger, Moved, Movement
from salio.core.ledger.postings import Entry
from salio.core.parties.approvals import Errand, Signed, fault_of
from salio.core.parties.directory import Directory
from salio.core.parties.operators import OperatorRules
from salio.core.parties.organizations import Organization
from salio.core.requests import payments
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction

BANK = "Bank"
"""The credit party's name of a withdrawal to the organization's bank."""


class MoneyAct(msgspec.Struct, frozen=True, kw_only=True):
    """An act that moves money; ``answer`` is the caller's own mark."""

    answer: object = None


class FundsAct(MoneyAct, frozen=True, kw_only=True):
    """An act wanted of an organization's own money."""

    errand: ClassVar[Errand]

    short_code: str
    maker: str | None = None
    """Who initiates it; it is done by hand if nobody is named."""
    checker: str | None = None
    """Who approves it."""

    @property
    def asked(self) -> int:
        """Cents that are asked for."""
        return 0


class Settlement(FundsAct, frozen=True, kw_only=True):
    """Pay the charges, and move the rest of the revenue to Working."""

    errand: ClassVar = Errand.SETTLEMENT


class Withdrawal(FundsAct, frozen=True, kw_only=True):
    """Take money out of Working, to where the organization's settlement option says."""

    errand: ClassVar = Errand.WITHDRAWAL

    cents: int

    @property
    def asked(self) -> int:
        """What is to be withdrawn."""
        return self.cents


class FundsRefusal(enum.Enum):
    """Why nothing was moved."""

    ORGANIZATION_UNKNOWN = "no organization"
    NOT_APPROVED = "not approved"
    CHARGES_OWED = "charges owed"
    BALANCE_INSUFFICIENT = "balance insufficient"
    LIMIT_EXCEEDED = "limit exceeded"
    """Of the customer's account that receives it."""
    NUMBER_UNKNOWN = "number unknown"
    """The organization's own number has no M-PESA account."""
    HOLDER_UNKNOWN = "holder unknown"
    """Nobody of that number or short code has an account."""
    INTERNAL_FAILURE = "internal failure"
    """The act itself failed."""


class FundsRefused(msgspec.Struct, frozen=True):
    """The refusal, and its exact cause in words."""

    refusal: FundsRefusal
    cause: str


class FundsMoved(msgspec.Struct, frozen=True):
    """How the holder's accounts stand, and the transaction: there is none if nothing was left to do."""

    transaction: Transaction | None
    accounts: tuple[AccountBalance, ...]


class FundsCarriedOut(msgspec.Struct, frozen=True):
    """An act ready to be written, with what it moved."""

    before: ClassVar[None] = None
    changed: ClassVar[None] = None

    wanted: MoneyAct
    outcome: FundsMoved | FundsRefused
    moved: Moved | None = None


def carry_out(
    wanted: FundsAct, directory: Directory, ledger: Ledger, rules: OperatorRules, now: datetime
) -> FundsCarriedOut:
    """Moves the money in memory, or says why not. Never raises: decisions wait for the same commit."""
    return shielded(wanted, lambda: _carry_out(wanted, directory, ledger, rules, now))


def shielded(wanted: MoneyAct, work: Callable[[], FundsCarriedOut]) -> FundsCarriedOut:
    """What comes of the work; a refusal with its cause, if it fails."""
    try:
        return work()
    except Exception as error:
        cause = f"{type(error).__name__}: {error}"
        return FundsCarriedOut(wanted, FundsRefused(FundsRefusal.INTERNAL_FAILURE, cause))


def _carry_out(
    wanted: FundsAct, directory: Directory, ledger: Ledger, rules: OperatorRules, now: datetime
) -> FundsCarriedOut:
    organization = directory.organization(wanted.short_code)
    accounts = settlement.owned(organization, ledger.book) if organization is not None else None
    if organization is None or accounts is None:
        cause = f"no organization has the short code {wanted.short_code}"
        return FundsCarriedOut(wanted, FundsRefused(FundsRefusal.ORGANIZATION_UNKNOWN, cause))
    refusal = _approved(wanted, directory, rules, now)
    if refusal is not None:
        return FundsCarriedOut(wanted, refusal)
    movement: Movement | FundsRefused | None
    if isinstance(wanted, Withdrawal):
        movement = _withdrawal(wanted, organization, accounts, directory, ledger, now)
    else:
        movement = _settlement(wanted, organization, accounts, ledger, now)
    if isinstance(movement, FundsRefused):
        return FundsCarriedOut(wanted, movement)
    moved = ledger.make(movement, now) if movement is not None else None
    held = ledger.book.balances_of(wanted.short_code)
    transaction = moved.transaction if moved is not None else None
    return FundsCarriedOut(wanted, FundsMoved(transaction, held), moved)


def _approved(
    wanted: FundsAct, directory: Directory, rules: OperatorRules, now: datetime
) -> FundsRefused | None:
    here = [wanted.short_code]
    signed = Signed(
        wanted.maker,
        wanted.checker,
        directory.operator(wanted.maker or "", here),
        directory.operator(wanted.checker or "", here),
    )
    fault = fault_of(wanted.errand, wanted.asked, signed, rules, now)
    return FundsRefused(FundsRefusal.NOT_APPROVED, fault.value) if fault is not None else None


def _settlement(
    wanted: FundsAct, organization: Organization, accounts: settlement.Owned, ledger: Ledger, now: datetime
) -> Movement | FundsRefused | None:
    """All that is due; nothing if all is settled."""
    due = settlement.due(organization, accounts, ledger.book)
    if due.rest < 0:
        holds, owed = payments.shillings(due.taken), payments.shillings(-due.charges)
        return FundsRefused(
            FundsRefusal.BALANCE_INSUFFICIENT,
            f"the {accounts.revenue.kind.value} of {wanted.short_code} holds {holds}, {owed} are owed",
        )
    entries = settlement.entries(accounts, due)
    if not entries:
        return None
    cents, party = max(due.taken, due.rest), (wanted.short_code, organization.name)
    transaction = _made(
        wanted, organization, cents, accounts.revenue, party, TransactionKind.B2B, ledger, now
    )
    return Movement(transaction=transaction, narrative=transaction.reason_type, entries=entries)


def _withdrawal(
    wanted: Withdrawal,
    organization: Organization,
    accounts: settlement.Owned,
    directory: Directory,
    ledger: Ledger,
    now: datetime,
) -> Movement | FundsRefused:
    """Out of Working, once no charges are owed."""
    book, cents = ledger.book, wanted.cents
    owed = -book.balance(accounts.charges.number).available
    if owed > 0:
        cause = f"{wanted.short_code} owes {payments.shillings(owed)} of charges: settle them first"
        return FundsRefused(FundsRefusal.CHARGES_OWED, cause)
    short = payments.not_covered(wanted.short_code, AccountKind.WORKING, cents, ledger)
    if short is not None:
        return FundsRefused(FundsRefusal.BALANCE_INSUFFICIENT, short.cause)
    number = organization.settles_to
    holder, kind = (
        (number, AccountKind.CUSTOMER) if number is not None else (PLATFORM_HOLDER, AccountKind.TRUST)
    )
    receiver = book.account(holder, kind)
    if receiver is None:
        return FundsRefused(FundsRefusal.NUMBER_UNKNOWN, f"{holder} has no M-PESA account")
    above = payments.more_than_may_come_in(receiver, cents, now, ledger) if number is not None else None
    if above is not None:
        return FundsRefused(FundsRefusal.LIMIT_EXCEEDED, above.cause)
    party = (holder, directory.name_of(holder) if number is not None else BANK)
    told = TransactionKind.B2C if number is not None else TransactionKind.B2B
    transaction = _made(wanted, organization, cents, accounts.working, party, told, ledger, now)
    entries = (
        Entry(accounts.working.number, Bucket.AVAILABLE, -cents),
        Entry(receiver.number, Bucket.AVAILABLE, cents),
    )
    return Movement(transaction=transaction, narrative=transaction.reason_type, entries=entries)


def _made(
    wanted: FundsAct,
    organization: Organization,
    cents: int,
    account: Account,
    receiver: tuple[str, str],
    kind: TransactionKind,
    ledger: Ledger,
    now: datetime,
) -> Transaction:
    settles = wanted.errand is Errand.SETTLEMENT
    return Transaction(
        receipt=ledger.receipt_of_next(now),
        kind=kind,
        state=TransactionState.COMPLETED,
        cents=cents,
        currency=KES,
        debit_party=wanted.short_code,
        debit_party_name=organization.name,
        debit_account=account.kind,
        credit_party=receiver[0],
        credit_party_name=receiver[1],
        reason_type="Organization Revenue Settlement" if settles else "Organization Withdrawal of Funds",
        initiated_at=now,
        finalised_at=now,
        reason=_signed(wanted),
    )


def _signed(wanted: FundsAct) -> str | None:
    """`Initiated by weboperator, approved by manager.`"""
    if wanted.maker is None:
        return None
    approved = f", approved by {wanted.checker}" if wanted.checker is not None else ""
    return f"Initiated by {wanted.maker}{approved}."
