"""Both questions under one signature, for rules that they share."""

import enum
from typing import Any

from salio.core.ledger.book import Book
from salio.core.requests import account_balance, transaction_status
from salio.core.requests.asking import Asking, Identified
from salio.core.requests.outcomes import Decision
from salio.core.requests.transaction_status import FoundTransactions
from salio.core.transactions.transaction import Transaction
from tests.builders import a_balance_query, a_status_query, a_transaction


class Question(enum.Enum):
    """One of the two APIs."""

    BALANCE = "AB"
    STATUS = "TS"


def found(*transactions: Transaction) -> FoundTransactions:
    """What the store would have found if these are all there is."""
    conversations: dict[str, list[Transaction]] = {}
    for each in transactions:
        if each.originator_conversation_id:
            conversations.setdefault(each.originator_conversation_id, []).append(each)
    return FoundTransactions({each.receipt: each for each in transactions}, conversations)


def decide(question: Question, asking: Asking, **changes: Any) -> tuple[Decision, Identified | None]:
    """The decision on the default query with these members changed.

    The subject of a status query is a payment between the customer and ``PartyA``.
    """
    if question is Question.BALANCE:
        return account_balance.decide(a_balance_query(**changes), asking, Book([], {}))
    query = a_status_query(**changes)
    subject = a_transaction(credit_party=query.party)
    return transaction_status.decide(query, asking, found(subject))
