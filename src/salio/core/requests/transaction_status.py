"""*What became of this transaction?* — decided (TS; rulings, "TS subject")."""

from collections.abc import Mapping, Sequence

import msgspec

from salio.core.parties.roles import Right
from salio.core.requests import commands
from salio.core.requests.asking import Asking, Identified, identify, party_in_reach, short_codes_to_act_for
from salio.core.requests.outcomes import Decision, Outcome, StatusFacts
from salio.core.requests.queries import IdentifierType, StatusQuery
from salio.core.transactions.originals import Original
from salio.core.transactions.transaction import Transaction

COMMAND = "TransactionStatusQuery"


class FoundTransactions(msgspec.Struct, frozen=True):
    """The transactions that a batch of requests names, read in one go.

    A conversation id is unique within an app only: two organizations may have used the same.
    """

    by_receipt: Mapping[str, Transaction]
    by_originator_conversation_id: Mapping[str, Sequence[Transaction]]
    originals: Mapping[str, Original] = {}
    """By receipt what reversals want to put back."""


def decide(
    query: StatusQuery, asking: Asking, found: FoundTransactions
) -> tuple[Decision, Identified | None]:
    """The decision, and what the checks found of the initiator if they came that far."""
    if query.command != COMMAND:
        return commands.unknown(query.command, COMMAND), None
    named = _named(query, asking, found)
    short_codes, refusal = _standing_of_party(query, asking, named)
    if refusal is not None:
        return refusal, None
    identified = identify(query, short_codes, Right.QUERY_STATUS, asking)
    if identified.refusal is not None:
        return identified.refusal, identified
    return _report(query, named), identified


def _standing_of_party(
    query: StatusQuery, asking: Asking, named: Sequence[Sequence[Transaction]]
) -> tuple[list[str], Decision | None]:
    """The short codes whose initiators may ask about this party, or the refusal if there are none.

    For an MSISDN the transaction's other party says whose initiator is asking. Without such a transaction
    within the app's reach there is nobody to check, and the answer is as for one that does not exist.
    """
    if query.identifier_type is not IdentifierType.MSISDN:
        return party_in_reach(query, asking)
    transaction = next((each for found in named for each in found), None)
    if transaction is None:
        return [], _unknown(query)
    return short_codes_to_act_for(asking, transaction.other_than(query.party)), None


def _named(query: StatusQuery, asking: Asking, found: FoundTransactions) -> list[list[Transaction]]:
    """What each identifier that the query gives finds; the transactions of others do not exist here."""
    named: list[Sequence[Transaction]] = []
    if query.receipt:
        transaction = found.by_receipt.get(query.receipt)
        named.append([transaction] if transaction is not None else [])
    if query.original_conversation_id:
        named.append(found.by_originator_conversation_id.get(query.original_conversation_id, ()))
    return [[each for each in some if _is_own(each, query, asking)] for some in named]


def _is_own(transaction: Transaction, query: StatusQuery, asking: Asking) -> bool:
    """Whether PartyA took part; a customer's transaction also needs a short code within the app's reach."""
    if not transaction.involves(query.party):
        return False
    if query.identifier_type is not IdentifierType.MSISDN:
        return True
    return bool(short_codes_to_act_for(asking, transaction.other_than(query.party)))


def _report(query: StatusQuery, named: Sequence[Sequence[Transaction]]) -> Decision:
    """The facts of the transaction that all identifiers agree on."""
    if not all(named):
        return _unknown(query)
    agreed = next((each for each in named[0] if each in named[-1]), None)
    return Decision(Outcome.SUCCEEDED, facts=StatusFacts(agreed)) if agreed is not None else _conflict()


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
