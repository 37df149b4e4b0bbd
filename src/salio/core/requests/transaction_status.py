"""*What became of this transaction?* — decided (TS; rulings, "TS subject")."""

from collections.abc import Mapping

import msgspec

from salio.core.parties.roles import Right
from salio.core.requests.asking import Asking, Identified, identify, party_in_reach, short_codes_to_act_for
from salio.core.requests.outcomes import Decision, Outcome, StatusFacts
from salio.core.requests.queries import IdentifierType, StatusQuery
from salio.core.transactions.transaction import Transaction

COMMAND = "TransactionStatusQuery"


class FoundTransactions(msgspec.Struct, frozen=True):
    """The transactions that a batch of status queries names, read in one go."""

    by_receipt: Mapping[str, Transaction]
    by_originator_conversation_id: Mapping[str, Transaction]


def decide(
    query: StatusQuery, asking: Asking, found: FoundTransactions
) -> tuple[Decision, Identified | None]:
    """The decision, and what the checks found of the initiator if they came that far."""
    if query.command != COMMAND:
        return Decision(Outcome.COMMAND_UNKNOWN, f"CommandID is not {COMMAND}"), None
    short_codes, refusal = _standing_of_party(query, asking, found)
    if refusal is not None:
        return refusal, None
    identified = identify(query, short_codes, Right.QUERY_STATUS, asking)
    if identified.refusal is not None:
        return identified.refusal, identified
    return _report(query, found), identified


def _standing_of_party(
    query: StatusQuery, asking: Asking, found: FoundTransactions
) -> tuple[list[str], Decision | None]:
    """The short codes whose initiators may ask about this party, or the refusal if there are none.

    For an MSISDN the transaction's other party says whose initiator is asking. Without such a transaction
    within the app's reach there is nobody to check, and the answer is as for one that does not exist.
    """
    if query.identifier_type is IdentifierType.MSISDN:
        transaction = _find(query, found)
        ours = transaction is not None and transaction.involves(query.party)
        other = transaction.other_than(query.party) if transaction is not None and ours else ""
        short_codes = short_codes_to_act_for(asking, other)
        return short_codes, None if short_codes else _unknown(query)
    return party_in_reach(query, asking)


def _find(query: StatusQuery, found: FoundTransactions) -> Transaction | None:
    """The first transaction that one of the identifiers finds."""
    return next((each for each in _named(query, found) if each is not None), None)


def _named(query: StatusQuery, found: FoundTransactions) -> list[Transaction | None]:
    """What each identifier that the query gives finds."""
    named: list[Transaction | None] = []
    if query.receipt:
        named.append(found.by_receipt.get(query.receipt))
    if query.original_conversation_id:
        named.append(found.by_originator_conversation_id.get(query.original_conversation_id))
    return named


def _report(query: StatusQuery, found: FoundTransactions) -> Decision:
    """The transaction's facts, if both identifiers agree on one and the asking party took part in it."""
    visible = [
        each if each is not None and each.involves(query.party) else None for each in _named(query, found)
    ]
    first = visible[0]
    if first is None or None in visible:
        return _unknown(query)
    return Decision(Outcome.SUCCEEDED, facts=StatusFacts(first)) if visible[-1] == first else _conflict()


def _conflict() -> Decision:
    fields = ("TransactionID", "OriginalConversationID")
    return Decision(
        Outcome.PARAMETERS_CONFLICT, f"{' and '.join(fields)} name different transactions", fields=fields
    )


def _unknown(query: StatusQuery) -> Decision:
    named = [f"receipt {query.receipt}"] if query.receipt else []
    if query.original_conversation_id:
        named.append(f"conversation {query.original_conversation_id}")
    return Decision(Outcome.TRANSACTION_UNKNOWN, f"no transaction of {query.party} has {' and '.join(named)}")
