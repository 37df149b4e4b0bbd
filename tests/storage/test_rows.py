"""Values to rows, through strict tables, and back: every value type comes back as it was."""

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Table, select
from sqlalchemy.dialects import sqlite

from salio.core.access.apps import App, Product, Throttle
from salio.core.access.tokens import TokenClaim
from salio.core.audit.notes import Note
from salio.core.audit.refusals import RefusedRequest
from salio.core.ledger.accounts import Account, AccountBalance, AccountKind, Balance
from salio.core.parties.customers import Customer
from salio.core.parties.operators import Channel, Operator, OperatorStatus
from salio.core.parties.organizations import Level, Organization, OrganizationKind
from salio.core.parties.roles import Role
from salio.core.requests.deliveries import Attempt
from salio.core.requests.outcomes import BalanceFacts, Conclusion, Decision, Outcome, StatusFacts
from salio.core.requests.queries import BalanceQuery, IdentifierType, Request, StatusQuery
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Charge, ChargedSide, Transaction
from salio.storage import access_rows, rows, schema
from salio.storage.sqlite import statements
from tests.stores import in_memory

text = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
maybe = st.none() | text
wide = st.integers(-(2**63), 2**63 - 1)
number = st.integers(1, 2**63 - 1)
small = st.integers(0, 2**31 - 1)
instants = st.datetimes(timezones=st.just(UTC))
balances = st.builds(Balance, wide, wide, wide)
queries = st.fixed_dictionaries(
    {
        "initiator": text,
        "command": text,
        "party": text,
        "identifier_type": st.sampled_from(IdentifierType),
        "remarks": text,
        "result_url": text,
        "queue_time_out_url": text,
    }
)
subjects = st.fixed_dictionaries({"receipt": maybe, "original_conversation_id": maybe, "occasion": maybe})
asked = st.builds(lambda query: BalanceQuery(**query), queries) | st.builds(
    lambda query, subject: StatusQuery(**query, **subject), queries, subjects
)
charges = st.none() | st.builds(Charge, text, wide, st.sampled_from(ChargedSide))
transactions = st.builds(
    Transaction,
    receipt=text,
    kind=st.sampled_from(TransactionKind),
    state=st.sampled_from(TransactionState),
    cents=wide,
    currency=text,
    debit_party=text,
    debit_party_name=text,
    debit_account=st.sampled_from(AccountKind),
    credit_party=text,
    credit_party_name=text,
    reason_type=text,
    initiated_at=instants,
    finalised_at=st.none() | instants,
    charge=charges,
    other_charge=charges,
    reason=maybe,
    originator_conversation_id=maybe,
    conversation_id=maybe,
)
balance_facts = st.builds(
    BalanceFacts,
    st.lists(st.builds(AccountBalance, st.sampled_from(AccountKind), text, balances), max_size=3).map(tuple),
)
decisions = st.builds(
    Decision,
    st.sampled_from(Outcome),
    text,
    st.none() | balance_facts | st.builds(StatusFacts, transactions),
    st.lists(text, max_size=3).map(tuple),
)


@dataclass(frozen=True)
class Kind:
    """One kind of value: how to make any, its table, and both translations."""

    values: st.SearchStrategy[Any]
    table: Table
    adding: statements.Bulk
    write: Callable[[Any], rows.Row]
    read: Callable[[rows.Row], Any]


KINDS = {
    "request": Kind(
        st.builds(
            Request,
            number=number,
            app_number=small,
            profile=text,
            originator_conversation_id=text,
            conversation_id=text,
            accepted_at=instants,
            query=asked,
            chosen_by_caller=st.booleans(),
            unknown_members=st.lists(text, max_size=3).map(tuple),
        ),
        schema.request,
        statements.add_requests,
        rows.request_row,
        rows.read_request,
    ),
    "conclusion": Kind(
        st.builds(Conclusion, number=number, decided_at=instants, decision=decisions),
        schema.conclusion,
        statements.add_conclusions,
        rows.conclusion_row,
        rows.read_conclusion,
    ),
    "attempt": Kind(
        st.builds(Attempt, number=number, url=text, body=st.binary(), started_at=instants),
        schema.attempt,
        statements.add_attempts,
        rows.attempt_row,
        lambda row: rows.read_attempt(row, None),
    ),
    "note": Kind(
        st.builds(Note, request=number, at=instants, text=text),
        schema.note,
        statements.add_notes,
        rows.note_row,
        rows.read_note,
    ),
    "refusal": Kind(
        st.builds(
            RefusedRequest,
            request_id=text,
            at=instants,
            method=text,
            path=text,
            status=small,
            code=text,
            cause=text,
            app_number=st.none() | small,
            field=maybe,
        ),
        schema.refusal,
        statements.add_refusals,
        rows.refusal_row,
        rows.read_refusal,
    ),
    "organization": Kind(
        st.builds(
            Organization,
            short_code=text,
            name=text,
            kind=st.sampled_from(OrganizationKind),
            level=st.sampled_from(Level),
            parent=maybe,
        ),
        schema.organization,
        statements.add_organizations,
        rows.organization_row,
        rows.read_organization,
    ),
    "customer": Kind(
        st.builds(Customer, msisdn=text, name=text),
        schema.customer,
        statements.add_customers,
        rows.customer_row,
        rows.read_customer,
    ),
    "operator": Kind(
        st.builds(
            Operator,
            number=number,
            short_code=text,
            name=text,
            channel=st.sampled_from(Channel),
            roles=st.frozensets(st.sampled_from(Role)),
            password_digest=st.binary(),
            password_set_at=instants,
            last_used_at=instants,
            status=st.sampled_from(OperatorStatus),
            wrong_passwords=small,
        ),
        schema.operator,
        statements.add_operators,
        rows.operator_row,
        rows.read_operator,
    ),
    "account": Kind(
        st.tuples(
            st.builds(Account, number=number, holder=text, kind=st.sampled_from(AccountKind), currency=text),
            balances,
        ),
        schema.account,
        statements.add_accounts,
        lambda value: rows.account_row(*value),
        rows.read_account,
    ),
    "transaction": Kind(
        transactions,
        schema.transaction,
        statements.add_transactions,
        rows.transaction_row,
        rows.read_transaction,
    ),
    "app": Kind(
        st.builds(
            App,
            number=number,
            name=text,
            consumer_key=text,
            secret_digest=st.binary(),
            secret_sealed=st.binary(),
            products=st.frozensets(st.sampled_from(Product)),
            short_codes=st.frozensets(text, max_size=3),
            profile=text,
            throttle=st.builds(
                Throttle, per_second=st.none() | small, burst=small, per_day=st.none() | small
            ),
            enabled=st.booleans(),
            tokens_valid_from=st.none() | instants,
        ),
        schema.app,
        statements.add_apps,
        access_rows.app_row,
        access_rows.read_app,
    ),
    "token": Kind(
        st.builds(TokenClaim, small, instants, small),
        schema.revocation,
        statements.add_revocations,
        access_rows.token_row,
        access_rows.read_token,
    ),
}


@pytest.fixture(scope="module")
def databases() -> Iterator[dict[str, sqlite3.Connection]]:
    """A database of each line, by the line's name; foreign keys are off, for any value to fit."""
    lines = {line: in_memory(line) for line in ("environment", "portal")}
    for each in lines.values():
        each.execute("PRAGMA foreign_keys = OFF")
    yield lines
    for each in lines.values():
        each.close()


def through(connection: sqlite3.Connection, kind: Kind, row: rows.Row) -> rows.Row:
    """The row as the database gives it back; nothing stays."""
    reading = str(select(kind.table).compile(dialect=sqlite.dialect()))
    connection.execute("BEGIN")
    try:
        kind.adding.run(connection, [row])
        found: rows.Row = connection.execute(reading).fetchone()
    finally:
        connection.execute("ROLLBACK")
    return found


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@given(data=st.data())
def test_round_trip(databases: dict[str, sqlite3.Connection], kind: Kind, data: st.DataObject) -> None:
    """Any value goes through its strict table and comes back equal."""
    line = "portal" if kind.table.metadata is schema.portal else "environment"
    value = data.draw(kind.values)
    assert kind.read(through(databases[line], kind, kind.write(value))) == value


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS.keys())
@given(data=st.data())
def test_a_row_has_a_value_for_each_column(kind: Kind, data: st.DataObject) -> None:
    """Rows are as wide as their tables, in the order of the columns."""
    assert len(kind.write(data.draw(kind.values))) == len(kind.table.columns)


@given(instants)
def test_instants_keep_every_microsecond(moment: datetime) -> None:
    """An instant is whole microseconds, before 1970 too."""
    assert rows.moment(rows.instant(moment)) == moment


@given(instants, instants)
def test_instants_keep_their_order(one: datetime, other: datetime) -> None:
    """The database can compare instants."""
    assert (rows.instant(one) < rows.instant(other)) == (one < other)


def test_a_naive_instant_is_an_error() -> None:
    """A moment without its offset is no moment."""
    with pytest.raises(TypeError):
        rows.instant(datetime(2026, 8, 16))  # noqa: DTZ001 - it is what is refused


@given(instants, instants)
def test_a_resent_attempt(first: datetime, again: datetime) -> None:
    """The second attempt has the first one's bytes and its own instant."""
    attempt = Attempt(number=1, url="http://x", body=b"{}", started_at=first)
    read = rows.read_attempt(rows.attempt_row(attempt), rows.instant(again))
    assert read == Attempt(number=1, url="http://x", body=b"{}", started_at=again, resent=True)
