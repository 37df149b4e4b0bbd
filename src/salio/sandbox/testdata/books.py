"""The ledger of the test data: what every account shows, and the postings that led there.

The table says how the accounts stand at the end, for that is what the documents print. An opening balance is
what is left of it when the transactions are taken back, so that the journal tells the whole story.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from salio.core.ledger.accounts import ACCOUNTS_HELD, PLATFORM_HOLDER, Account, AccountKind, Balance, Bucket
from salio.core.ledger.book import Book
from salio.core.ledger.postings import Entry, Posting, PostingOutcome, moves_customer
from salio.core.parties.customers import Customer
from salio.core.parties.organizations import Organization, OrganizationKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import ChargedSide, Transaction
from salio.wire import amounts, times

OPENED_AT = times.from_text("20180101000000")
"""Before the oldest of the documents' transactions."""


class Shown(msgspec.Struct, frozen=True):
    """What a balance result prints as available, in shillings; ``received`` is Utility or Merchant."""

    working: str = "0.00"
    received: str = "0.00"
    charges: str = "0.00"
    uncleared: str = "0.00"
    """Of the Working Account; everybody else's is zero."""


SHOWN: Mapping[str, Shown] = {
    "174379": Shown("85000.00", "12450.00", "-310.00"),
    "600000": Shown("700000.00", "228037.00", "-1540.00"),  # AB, Result body
    "600134": Shown("1200.00", "560.00", "0.00"),
    "600310": Shown("50000.00", "401250.75", "-2262.40"),
    "600610": Shown("9400.50", "18300.00", "-75.00"),
    "600638": Shown("0.00", "2199.00", "-11.00"),
    "600772": Shown("310400.00", "64720.00", "-980.00"),
    "600782": Shown("18000.00", "95310.25", "-420.00"),
    "600966": Shown("33000.00", "7800.00", "-64.00"),
    "600978": Shown("0.00", "125000.00", "-1120.00"),
    "600979": Shown("2750.00", "8640.00", "-38.50"),
    "600984": Shown("410.00", "15075.00", "-90.00"),
    "600992": Shown("27000.00", "61980.00", "-255.00"),
    "600996": Shown("5000.00", "13370.00", "-47.00", uncleared="1500.00"),
    "600997": Shown("640000.00", "88000.00", "-1340.00"),
    "600999": Shown(),
    "601426": Shown("6600.00", "4215.00", "-20.00"),
    "603021": Shown("0.00", "9999.99", "-0.01"),
    "572572": Shown("0.00", "51200.00", "0.00"),
    "700100": Shown("1500000.00", "0.00", "-5600.00"),
    "700110": Shown("120000.00", "34500.00", "-410.00"),
    "700120": Shown("98000.00", "27150.00", "-333.00"),
    "7001101": Shown("4000.00", "16230.00", "-58.00"),
    "7001102": Shown("3100.00", "9745.50", "-41.00"),
    "7001201": Shown("2500.00", "11020.00", "-36.00"),
    "7001901": Shown("7300.00", "52880.00", "-199.00"),
    "700200": Shown("0.00", "60000.00", "0.00"),
    "700300": Shown("0.00", "45000.00", "-21.00"),
    "700400": Shown("0.00", "999999000.00", "0.00"),  # 1,000 below what it may hold
}
"""By short code, in the end. 600000 also holds the sample's Float Account, and it is empty as there."""

CUSTOMERS_SHOWN: Mapping[str, str] = {
    "254708374149": "25000.00",
    "254700000000": "8300.00",
    "254722000000": "21275.40",
    "254722111111": "0.00",
    "254705912645": "4150.00",
}
"""By MSISDN, in the end."""

_RESERVING = {TransactionState.AUTHORIZED, TransactionState.PENDING_AUTHORIZED}
"""Approved but not final: the amount is set aside on the debit side."""

_RECEIVES: Mapping[OrganizationKind, AccountKind] = {
    OrganizationKind.PAYBILL: AccountKind.UTILITY,
    OrganizationKind.B2C: AccountKind.UTILITY,
    OrganizationKind.BUY_GOODS: AccountKind.MERCHANT,
}

_Key = tuple[str, AccountKind]


def accounts(
    organizations: Sequence[Organization], customers: Sequence[Customer]
) -> tuple[tuple[Account, Balance], ...]:
    """Every account, numbered from 1, with the available and uncleared amounts that it shows in the end.

    The platform's two say nothing here: they follow from the others.
    """
    named: list[tuple[str, AccountKind, Balance]] = [
        (PLATFORM_HOLDER, AccountKind.TRUST, Balance()),
        (PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE, Balance()),
    ]
    for organization in organizations:
        named += _held(organization)
    for customer in customers:
        shown = _cents(CUSTOMERS_SHOWN[customer.msisdn])
        named.append((customer.msisdn, AccountKind.CUSTOMER, Balance(shown)))
    return tuple(
        (Account(number=number, holder=holder, kind=kind), shown)
        for number, (holder, kind, shown) in enumerate(named, 1)
    )


def _held(organization: Organization) -> Iterator[tuple[str, AccountKind, Balance]]:
    shown = SHOWN[organization.short_code]
    received = Balance(_cents(shown.received))
    balances = {
        AccountKind.WORKING: Balance(_cents(shown.working), uncleared=_cents(shown.uncleared)),
        AccountKind.UTILITY: received,
        AccountKind.MERCHANT: received,
        AccountKind.CHARGES_PAID: Balance(_cents(shown.charges)),
    }
    held = ACCOUNTS_HELD[organization.kind]
    also = (AccountKind.FLOAT,) if organization.short_code == "600000" else ()
    for kind in (*held, *also):
        yield organization.short_code, kind, balances.get(kind, Balance())


def postings(
    shown: Sequence[tuple[Account, Balance]],
    organizations: Sequence[Organization],
    transactions: Sequence[Transaction],
) -> tuple[Posting, ...]:
    """Opening balances first, then the transactions by date; numbered from 1."""
    numbers = {(account.holder, account.kind): account.number for account, _ in shown}
    kinds = {each.short_code: each.kind for each in organizations}
    moves = [(each, _moves(each, numbers, kinds)) for each in sorted(transactions, key=_started)]
    moved: defaultdict[int, int] = defaultdict(int)
    for entry in (entry for _, entries in moves for entry in entries):
        moved[entry.account] += entry.cents if entry.bucket is Bucket.AVAILABLE else 0
    told = [
        Posting(number=0, at=OPENED_AT, narrative=f"Opening balance of {holder}", entries=tuple(entries))
        for holder, entries in _openings(shown, moved, numbers).items()
    ]
    accounts = {account.number: account for account, _ in shown}
    told += [_posting(each, entries, accounts) for each, entries in moves if entries]
    return tuple(msgspec.structs.replace(each, number=number) for number, each in enumerate(told, 1))


def _posting(transaction: Transaction, entries: Sequence[Entry], accounts: Mapping[int, Account]) -> Posting:
    """Not yet numbered."""
    parties = transaction.debit_party, transaction.credit_party
    return Posting(
        number=0,
        at=_ended(transaction),
        narrative=_narrative(transaction),
        entries=tuple(entries),
        receipt=transaction.receipt,
        kind=transaction.kind,
        parties=parties,
        moves_customer=moves_customer((accounts[each.account] for each in entries), parties),
    )


def _openings(
    shown: Sequence[tuple[Account, Balance]], moved: Mapping[int, int], numbers: Mapping[_Key, int]
) -> dict[str, list[Entry]]:
    """By holder: what each account needs to end as it is shown, out of trust; charges go to revenue."""
    trust = numbers[PLATFORM_HOLDER, AccountKind.TRUST]
    revenue = numbers[PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE]
    openings: dict[str, list[Entry]] = {}
    for account, end in shown:
        if account.holder == PLATFORM_HOLDER:
            continue
        against = revenue if account.kind is AccountKind.CHARGES_PAID else trust
        amounts_put_in = (
            (Bucket.AVAILABLE, end.available - moved[account.number]),
            (Bucket.UNCLEARED, end.uncleared),
        )
        for bucket, cents in amounts_put_in:
            if cents:
                pair = (Entry(account.number, bucket, cents), Entry(against, Bucket.AVAILABLE, -cents))
                openings.setdefault(account.holder, []).extend(pair)
    return openings


def _moves(
    transaction: Transaction, numbers: Mapping[_Key, int], kinds: Mapping[str, OrganizationKind]
) -> list[Entry]:
    """What a transaction moved by now: all when completed, a reservation while approved, else nothing."""
    debited = numbers[transaction.debit_party, transaction.debit_account]
    taken = Entry(debited, Bucket.AVAILABLE, -transaction.cents)
    if transaction.state in _RESERVING:
        return [taken, Entry(debited, Bucket.RESERVED, transaction.cents)]
    if transaction.state is not TransactionState.COMPLETED:
        return []
    kind = kinds.get(transaction.credit_party)
    receiving = _RECEIVES[kind] if kind is not None else AccountKind.CUSTOMER
    credited = numbers[transaction.credit_party, receiving]
    return [taken, Entry(credited, Bucket.AVAILABLE, transaction.cents), *_charges(transaction, numbers)]


def _charges(transaction: Transaction, numbers: Mapping[_Key, int]) -> list[Entry]:
    charge = transaction.charge
    if charge is None:
        return []
    bearer = transaction.debit_party if charge.side is ChargedSide.DEBIT else transaction.credit_party
    return [
        Entry(numbers[bearer, AccountKind.CHARGES_PAID], Bucket.AVAILABLE, -charge.cents),
        Entry(numbers[PLATFORM_HOLDER, AccountKind.CHARGES_REVENUE], Bucket.AVAILABLE, charge.cents),
    ]


def balances(shown: Sequence[tuple[Account, Balance]], journal: Sequence[Posting]) -> dict[int, Balance]:
    """Every balance by account number after the journal; raises ValueError if a posting does not hold."""
    book = Book((account for account, _ in shown), {})
    for posting in journal:
        outcome = book.post(posting)
        if outcome is not PostingOutcome.POSTED:
            raise ValueError(f"{posting.narrative}: {outcome.value}")
    return book.all_balances()


def _started(transaction: Transaction) -> datetime:
    return transaction.initiated_at


def _ended(transaction: Transaction) -> datetime:
    return transaction.finalised_at or transaction.initiated_at


def _narrative(transaction: Transaction) -> str:
    return f"{transaction.reason_type}, {transaction.state.value}"


def _cents(shillings: str) -> int:
    return amounts.from_text(shillings)
