"""A journal to read: postings of all kinds, and the lines of one account by plain addition."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random

import msgspec

from salio.core.ledger.accounts import Account, AccountKind, Bucket
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.ledger.statement import StatementLine
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.transaction import Transaction
from salio.storage.ports import EnvironmentStore
from tests.builders import MSISDN, NOW, OTHER_SHORT_CODE, SHORT_CODE, a_transaction

OTHER_MSISDN = "254708374150"
TRUST = Account(number=1, holder="M-PESA", kind=AccountKind.TRUST)
UTILITY = Account(number=2, holder=SHORT_CODE, kind=AccountKind.UTILITY)
HOLDERS = (MSISDN, OTHER_MSISDN, OTHER_SHORT_CODE)
OTHERS = {holder: 3 + place for place, holder in enumerate(HOLDERS)}
FREE = AccountKind.CHARGES_PAID
"""To run negative."""
POSTINGS = 60


def made(number: int, at: datetime, chance: Random) -> tuple[Transaction, Posting]:
    """Money between the Utility account and another, and some uncleared; each fifth is no transaction.

    Each fourth moves the other twice.
    """
    other, kind = chance.choice(HOLDERS), chance.choice(list(TransactionKind))
    parties = [(SHORT_CODE, other), (other, SHORT_CODE)][number % 2]
    cents = 100 * number if number % 2 else -100 * (number - 1)
    entries = (
        Entry(UTILITY.number, Bucket.AVAILABLE, cents),
        Entry(OTHERS[other], Bucket.AVAILABLE, -cents),
        Entry(UTILITY.number, Bucket.UNCLEARED, 7),
        Entry(TRUST.number if number % 4 else OTHERS[other], Bucket.AVAILABLE, -7),
    )
    transaction = a_transaction(
        receipt=f"UHG{number:07}",
        kind=kind,
        cents=abs(cents) + 7,
        debit_party=parties[0],
        debit_party_name=f"name of {parties[0]}",
        credit_party=parties[1],
        credit_party_name=f"name of {parties[1]}",
        originator_conversation_id=None,
    )
    posting = Posting(number=number, at=at, narrative=f"posting {number}", entries=entries)
    if number % 5 == 0:
        return transaction, posting
    return transaction, msgspec.structs.replace(
        posting, receipt=transaction.receipt, kind=kind, parties=parties
    )


def write(
    store: EnvironmentStore,
    *,
    count: int = POSTINGS,
    set_back: int = 0,
    minutes: Sequence[int] | None = None,
    customers: bool = False,
) -> list[StatementLine]:
    """A posting a minute, or at those; the clock is set back once by an hour for so many. The Utility
    account's lines.

    ``customers``: who has a phone is one, and two of three postings were written by a program that says so.
    """
    chance = Random(7)
    with store.unit() as unit:
        unit.add_accounts([TRUST, UTILITY])
        unit.add_accounts(
            [
                Account(number=number, holder=holder, kind=_kind(holder) if customers else FREE)
                for holder, number in OTHERS.items()
            ]
        )
    if minutes is None:
        minutes = [each - 60 * (20 < each <= 20 + set_back) for each in range(1, count + 1)]
    all_made = [
        made(number, NOW + timedelta(minutes=minute), chance) for number, minute in enumerate(minutes, 1)
    ]
    for transaction, posting in all_made:
        with store.unit() as unit:
            unit.add_transactions([transaction] if posting.receipt else [])
            unit.add_postings([_told(posting) if customers else posting], changes_of([posting]))
    return list(expected(all_made))


def _kind(holder: str) -> AccountKind:
    return FREE if holder == OTHER_SHORT_CODE else AccountKind.CUSTOMER


def _told(posting: Posting) -> Posting:
    is_customers = posting.parties is not None and OTHER_SHORT_CODE not in posting.parties
    return msgspec.structs.replace(posting, moves_customer=is_customers and posting.number % 3 > 0)


def expected(all_made: list[tuple[Transaction, Posting]]) -> Iterator[StatementLine]:
    """The lines by plain addition."""
    number = balance = 0
    for transaction, posting in all_made:
        for entry in posting.entries:
            number += 1
            if entry.account != UTILITY.number:
                continue
            balance += entry.cents if entry.bucket is not Bucket.UNCLEARED else 0
            party = posting.parties and transaction.other_than(SHORT_CODE)
            yield StatementLine(
                number=number,
                at=posting.at,
                narrative=posting.narrative,
                bucket=entry.bucket,
                cents=entry.cents,
                balance=balance,
                receipt=posting.receipt,
                kind=posting.kind,
                party=party,
                party_name=party and f"name of {party}",
            )
