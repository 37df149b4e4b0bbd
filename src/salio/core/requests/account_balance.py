"""*What is my balance?* — decided (AB; rulings, "order of checks")."""

from salio.core.ledger.book import Book
from salio.core.parties.roles import Right
from salio.core.requests import commands
from salio.core.requests.asking import Asking, Identified, identify, party_in_reach
from salio.core.requests.outcomes import BalanceFacts, Decision, Outcome
from salio.core.requests.queries import BalanceQuery, IdentifierType

COMMAND = "AccountBalance"


def decide(query: BalanceQuery, asking: Asking, book: Book) -> tuple[Decision, Identified | None]:
    """The decision, and what the checks found of the initiator if they came that far."""
    if query.command != COMMAND:
        return commands.unknown(query.command, COMMAND), None
    if query.identifier_type is IdentifierType.MSISDN:
        return Decision(
            Outcome.PARTY_NOT_OWN, "PartyA is an MSISDN: only an organization has a balance here"
        ), None
    short_codes, refusal = party_in_reach(query, asking)
    if refusal is not None:
        return refusal, None
    identified = identify(query, short_codes, Right.QUERY_BALANCE, asking)
    if identified.refusal is not None:
        return identified.refusal, identified
    facts = BalanceFacts(book.balances_of(query.party))
    return Decision(Outcome.SUCCEEDED, facts=facts), identified
