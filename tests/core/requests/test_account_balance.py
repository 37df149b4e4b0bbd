"""*What is my balance?* — decided."""

import pytest

from salio.core.ledger.accounts import ACCOUNTS_HELD, Account, AccountBalance, AccountKind, Balance
from salio.core.ledger.book import Book
from salio.core.parties.organizations import OrganizationKind
from salio.core.requests import account_balance
from salio.core.requests.outcomes import BalanceFacts, Outcome
from salio.core.requests.queries import IdentifierType
from tests.builders import (
    MSISDN,
    SHORT_CODE,
    a_balance_query,
    a_directory,
    a_store,
    an_operator,
    an_organization,
    asking,
)

STORE = "600001"


def opened(holder: str, *kinds: AccountKind) -> list[Account]:
    """Accounts of these kinds, numbered by kind and holder."""
    base = int(holder[-1]) * 100
    return [Account(number=base + place, holder=holder, kind=kind) for place, kind in enumerate(kinds)]


def test_the_documents_balances() -> None:
    """AB's sample: its accounts and amounts, in its order."""
    balances = {
        AccountKind.WORKING: Balance(available=70_000_000),
        AccountKind.FLOAT: Balance(),
        AccountKind.UTILITY: Balance(available=22_803_700),
        AccountKind.CHARGES_PAID: Balance(available=-154_000),
        AccountKind.ORGANIZATION_SETTLEMENT: Balance(),
    }
    accounts = opened(SHORT_CODE, *reversed(balances))
    book = Book(accounts, {each.number: balances[each.kind] for each in accounts})
    decision, _ = account_balance.decide(a_balance_query(), asking(), book)
    expected = tuple(AccountBalance(kind, "KES", balance) for kind, balance in balances.items())
    assert decision.facts == BalanceFacts(expected)


@pytest.mark.parametrize("kind", list(OrganizationKind), ids=lambda kind: kind.value)
def test_accounts_by_kind(kind: OrganizationKind) -> None:
    """Each kind of short code answers with the accounts of AB's table."""
    book = Book(opened(SHORT_CODE, *ACCOUNTS_HELD[kind]), {})
    decision, _ = account_balance.decide(a_balance_query(), asking(), book)
    assert isinstance(decision.facts, BalanceFacts)
    assert [each.kind for each in decision.facts.accounts] == [
        each for each in AccountKind if each in ACCOUNTS_HELD[kind]
    ]


def test_a_head_office_sees_the_stores_balance_not_its_own() -> None:
    """The balance is that of PartyA, whoever asks."""
    tree = (an_organization(), a_store(STORE, SHORT_CODE))
    accounts = [*opened(SHORT_CODE, AccountKind.WORKING), *opened(STORE, AccountKind.WORKING)]
    book = Book(accounts, {accounts[0].number: Balance(7), accounts[1].number: Balance(11)})
    snapshot = asking(directory=a_directory(an_operator(), organizations=tree))
    decision, _ = account_balance.decide(a_balance_query(party=STORE), snapshot, book)
    assert decision.facts == BalanceFacts((AccountBalance(AccountKind.WORKING, "KES", Balance(11)),))


def test_an_msisdn_has_no_balance_here() -> None:
    """IdentifierType 1 is refused before anything is looked up (rulings, Requests: result 21)."""
    book = Book([Account(number=1, holder=MSISDN, kind=AccountKind.CUSTOMER)], {})
    query = a_balance_query(identifier_type=IdentifierType.MSISDN, party=MSISDN)
    decision, identified = account_balance.decide(query, asking(), book)
    assert (decision.outcome, decision.facts, identified) == (Outcome.PARTY_NOT_OWN, None, None)


def test_facts_are_a_snapshot() -> None:
    """What was found does not change with later postings."""
    book = Book([], {})
    decision, _ = account_balance.decide(a_balance_query(), asking(), book)
    book.open(Account(number=9, holder=SHORT_CODE, kind=AccountKind.FLOAT))
    assert decision.facts == BalanceFacts(())
