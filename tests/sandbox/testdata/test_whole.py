"""The test data keeps every promise of the issue's paragraph."""

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import product

import pytest

from salio.core.access.apps import UNTHROTTLED, Product
from salio.core.ledger.accounts import ACCOUNTS_HELD, KES, AccountKind
from salio.core.ledger.book import Book
from salio.core.ledger.postings import PostingOutcome
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Channel, Operator, OperatorRules, OperatorStatus
from salio.core.parties.organizations import Level, OrganizationKind
from salio.core.parties.roles import Right, Role, gives
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState, is_final
from salio.core.transactions.transaction import ChargedSide
from salio.sandbox.testdata import parties, tariffs, whole
from salio.sandbox.testdata.operators import PASSWORD, WORKS
from salio.sandbox.testdata.whole import TestData, build, write
from salio.wire import amounts, identifiers, receipts, times

NOW = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
RULES = OperatorRules()
SANDBOX_SHORT_CODES = [
    *("174379", "600000", "600134", "600310", "600610", "600638", "600772", "600782", "600966"),
    *("600978", "600979", "600984", "600992", "600996", "600997", "600999", "601426", "603021"),
]
"""Wire facts, 6."""


@pytest.fixture(scope="module")
def data() -> TestData:
    """The test data of a sandbox that starts now."""
    return build(now=NOW, digest=lambda password: password.encode()[::-1])


@pytest.fixture(scope="module")
def book(data: TestData) -> Book:
    """The accounts after every posting."""
    book = Book(data.accounts, {})
    assert [book.post(each) for each in data.postings] == [PostingOutcome.POSTED] * len(data.postings)
    return book


@pytest.fixture(scope="module")
def operators(data: TestData) -> Mapping[tuple[str, str], Operator]:
    """Operators by short code and name."""
    return {(each.short_code, each.name): each for each in data.operators}


# --- who takes part ----------------------------------------------------------------------------------


@pytest.mark.parametrize("short_code", SANDBOX_SHORT_CODES)
def test_the_sandboxs_short_codes_are_there(data: TestData, short_code: str) -> None:
    """Each stands alone: its own head office."""
    (found,) = (each for each in data.organizations if each.short_code == short_code)
    assert (found.level, found.parent) == (Level.HEAD_OFFICE, None)


@pytest.mark.parametrize("kind", OrganizationKind, ids=lambda kind: kind.value)
def test_an_organization_of_each_kind(data: TestData, kind: OrganizationKind) -> None:
    """Paybill, buy goods and B2C, among the documents' own."""
    assert any(each.kind is kind for each in data.organizations if each.short_code in SANDBOX_SHORT_CODES)


@pytest.mark.parametrize("level", Level, ids=lambda level: level.value)
def test_a_tree_of_every_level(data: TestData, level: Level) -> None:
    """Stores and tills reach their head office; parents come before their children."""
    directory = Directory(data.organizations, (), ())
    tree = [each for each in data.organizations if each.short_code.startswith("7001")]
    assert {"700100"} == {
        list(directory.upwards(each.short_code))[-1] for each in tree if each.level is level
    }
    seen: set[str | None] = {None}
    for each in data.organizations:
        assert each.parent in seen
        seen.add(each.short_code)


def test_the_documents_customer(data: TestData) -> None:
    """John Doe and a few more, each with a number of 12 digits."""
    assert data.customers[0].msisdn == "254708374149"
    assert data.customers[0].name == "John Doe"
    assert len(data.customers) > 2
    assert all(len(each.msisdn) == 12 and each.msisdn.startswith("254") for each in data.customers)


# --- who may ask -------------------------------------------------------------------------------------


@pytest.mark.parametrize("short_code", sorted(parties.short_codes()))
def test_every_short_code_has_its_initiator(
    operators: Mapping[tuple[str, str], Operator], data: TestData, short_code: str
) -> None:
    """Named as in the documents, `testapi` elsewhere; it may ask both questions."""
    name = {"600000": "testapiuser", "600782": "testapiuser", "600772": "Testapi772"}.get(
        short_code, "testapi"
    )
    operator = operators[short_code, name]
    assert (operator.channel, operator.status) == (Channel.API, OperatorStatus.ACTIVE)
    assert {Role.BALANCE_QUERY_API, Role.STATUS_QUERY_API} < operator.roles
    assert operator.password_digest == PASSWORD.encode()[::-1]
    assert not RULES.is_dormant(operator, NOW)
    assert RULES.password_expires_at(operator) > NOW
    purposes = [
        each.purpose for each in data.initiators if (each.short_code, each.name) == (short_code, name)
    ]
    assert purposes == [WORKS]


def test_the_sample_of_a_top_up_can_be_paid(
    data: TestData, book: Book, operators: Mapping[tuple[str, str], Operator]
) -> None:
    """Its `testapi` at 600979 may; 600000 has the account, and 572572 that of taxes (B2C Account Top Up)."""
    roles = operators["600979", "testapi"].roles
    for right in (Right.TOP_UP, Right.PAY_BILL, Right.BUY_GOODS, Right.REMIT_TAX, Right.MOVE_OWN_FUNDS):
        assert gives(roles, right)
    assert not gives(roles, Right.PAY_CUSTOMER)
    payer = book.account("600979", AccountKind.WORKING)
    assert payer is not None
    assert book.balance(payer.number).available > 23_900
    assert all(book.account(each, AccountKind.UTILITY) for each in ("600000", "572572"))
    assert Directory(data.organizations, (), ()).name_of("572572") == "Kenya Revenue Authority"


def test_names_are_unique_per_short_code(data: TestData) -> None:
    """So that a name and a short code mean one operator."""
    named = [(each.short_code, each.name) for each in data.operators]
    assert len(set(named)) == len(named)
    assert [each.number for each in data.operators] == list(range(1, len(named) + 1))


def test_only_a_head_office_has_its_own_name(data: TestData) -> None:
    """`headoffice` is known at 700100 alone, so whatever it may ask below, it asks as head office."""
    assert [each.short_code for each in data.operators if each.name == "headoffice"] == ["700100"]


def _faults(operator: Operator) -> set[str]:
    """Every reason to refuse this operator."""
    faults = {
        "channel": operator.channel is not Channel.API,
        "dormant": RULES.is_dormant(operator, NOW),
        "role": not (
            gives(operator.roles, Right.QUERY_BALANCE) and gives(operator.roles, Right.QUERY_STATUS)
        ),
        "locked": operator.status is OperatorStatus.LOCKED,
        "expired": RULES.password_expires_at(operator) <= NOW,
    }
    return {name for name, found in faults.items() if found}


@pytest.mark.parametrize(
    ("name", "fault", "purpose"),
    [
        (
            "norole",
            "role",
            "fails: lacks every role but Business Paybill Org API initiator; BusinessPayBill works",
        ),
        ("dormant", "dormant", "fails: dormant, unused for 120 days"),
        ("locked", "locked", "fails: locked after 5 wrong passwords"),
        ("expired", "expired", "fails: its password is older than 90 days"),
        ("webuser", "channel", "fails: of the Web channel, not API"),
    ],
    ids=lambda value: value if value.isalpha() else "",
)
def test_an_initiator_for_each_way_to_fail(
    operators: Mapping[tuple[str, str], Operator], data: TestData, name: str, fault: str, purpose: str
) -> None:
    """At 600000, with the right password, and for that reason alone."""
    assert _faults(operators["600000", name]) == {fault}
    (listed,) = (each for each in data.initiators if (each.short_code, each.name) == ("600000", name))
    assert (listed.short_code, listed.password, listed.purpose) == ("600000", PASSWORD, purpose)


def test_those_that_work_have_no_fault(operators: Mapping[tuple[str, str], Operator], data: TestData) -> None:
    """A purpose says the truth."""
    for each in data.initiators:
        assert bool(_faults(operators[each.short_code, each.name])) == (each.purpose != WORKS)


@pytest.mark.parametrize(
    ("name", "roles"),
    [
        ("administrator", {Role.BUSINESS_ADMINISTRATOR}),
        ("manager", {Role.BUSINESS_MANAGER, Role.SET_API_PASSWORD}),
        ("weboperator", {Role.BUSINESS_WEB_OPERATOR}),
        ("auditor", {Role.BUSINESS_AUDITOR}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_people_have_the_documented_roles(
    operators: Mapping[tuple[str, str], Operator], data: TestData, name: str, roles: set[Role]
) -> None:
    """On the Web channel at 600000, and not listed as initiators."""
    assert operators["600000", name].roles == roles
    assert operators["600000", name].channel is Channel.WEB
    assert name not in {each.name for each in data.initiators}


# --- money -------------------------------------------------------------------------------------------


def test_the_balance_of_600000_is_the_samples(book: Book) -> None:
    """AB, Result body: available as printed, nothing reserved or uncleared, in the sample's order."""
    printed = [
        (each.kind.value, amounts.to_text(each.balance.current), amounts.to_text(each.balance.available))
        for each in book.balances_of("600000")
    ]
    assert printed == [
        ("Working Account", "700000.00", "700000.00"),
        ("Float Account", "0.00", "0.00"),
        ("Utility Account", "228037.00", "228037.00"),
        ("Charges Paid Account", "-1540.00", "-1540.00"),
        ("Organization Settlement Account", "0.00", "0.00"),
    ]
    assert all(each.balance.reserved == each.balance.uncleared == 0 for each in book.balances_of("600000"))


def test_each_kind_holds_its_accounts(data: TestData, book: Book) -> None:
    """AB's table; 600000 holds the sample's Float Account besides."""
    for each in data.organizations:
        also = {AccountKind.FLOAT} if each.short_code == "600000" else set()
        held = {account.kind for account in book.balances_of(each.short_code)}
        assert held == set(ACCOUNTS_HELD[each.kind]) | also
    for customer in data.customers:
        assert [each.kind for each in book.balances_of(customer.msisdn)] == [AccountKind.CUSTOMER]


def test_the_ledger_sums_to_zero(data: TestData, book: Book) -> None:
    """P4, and the balances to be written are those that the postings lead to."""
    assert book.total(KES) == 0
    assert book.all_balances() == data.balances


def test_something_is_reserved_and_something_uncleared(data: TestData) -> None:
    """So that a client sees all four amounts of a balance text differ."""
    assert any(each.reserved for each in data.balances.values())
    assert any(each.uncleared for each in data.balances.values())


def test_completed_transactions_and_reservations_are_postings(data: TestData) -> None:
    """Once each; the journal is in order of time but for the openings before it."""
    moved = {TransactionState.COMPLETED, TransactionState.AUTHORIZED, TransactionState.PENDING_AUTHORIZED}
    posted = [each.receipt for each in data.postings if each.receipt]
    assert sorted(posted) == sorted(each.receipt for each in data.transactions if each.state in moved)
    assert [each.number for each in data.postings] == list(range(1, len(data.postings) + 1))
    assert [each.at for each in data.postings] == sorted(each.at for each in data.postings)


# --- transactions ------------------------------------------------------------------------------------


def test_the_sample_of_the_status_page(data: TestData) -> None:
    """TS, Callback payload, member by member."""
    (found,) = (each for each in data.transactions if each.receipt == "MBN31H462N")
    assert f"{found.debit_party} - {found.debit_party_name}" == "600310 - Safaricom333"
    assert f"{found.credit_party} - {found.credit_party_name}" == "254708374149 - John Doe"
    assert found.originator_conversation_id == "3211-416020-3"
    assert found.conversation_id == "AG_20180223_000041b09c22e613d6c9"
    assert found.finalised_at is not None
    assert times.to_text(found.initiated_at) == times.to_text(found.finalised_at) == "20180223054112"
    assert found.debit_account.value == "Utility Account"
    assert found.charge is not None
    assert (found.charge.name, amounts.to_text(found.charge.cents)) == ("Fee For B2C Payment", "22.40")
    assert found.charge.side is ChargedSide.DEBIT
    assert found.reason is None
    assert found.reason_type == "Business Payment to Customer via API"
    assert found.state.value == "Completed"
    assert amounts.to_text(found.cents) == "300.00"


def test_the_samples_request_finds_its_transaction(data: TestData) -> None:
    """TS, Request Body: receipt and conversation name one transaction, and 600782 took part in it."""
    (found,) = (each for each in data.transactions if each.receipt == "NEF61H8J60")
    assert found.originator_conversation_id == "7071-4170-a0e5-8345632bad442144258"
    assert found.involves("600782")


@pytest.mark.parametrize(
    ("kind", "state"),
    list(product(TransactionKind, TransactionState)),
    ids=lambda value: value.value,
)
def test_a_transaction_of_each_kind_and_state(
    data: TestData, kind: TransactionKind, state: TransactionState
) -> None:
    """35 of them, between parties that exist, one at a short code of the app."""
    found = [each for each in data.transactions if (each.kind, each.state) == (kind, state)]
    assert found
    known = parties.short_codes() | {each.msisdn for each in data.customers}
    for each in found:
        assert {each.debit_party, each.credit_party} <= known
        assert {each.debit_party, each.credit_party} & parties.short_codes()
        assert (each.finalised_at is not None) == is_final(state)


def test_receipts_tell_their_date(data: TestData) -> None:
    """And no two are alike, nor two conversations."""
    for each in data.transactions:
        assert receipts.date_of(each.receipt) == times.local(each.initiated_at).date()
    assert len({each.receipt for each in data.transactions}) == len(data.transactions)
    assert len({each.originator_conversation_id for each in data.transactions}) == len(data.transactions)


def test_no_conversation_is_taken_for_a_request(data: TestData) -> None:
    """None of the ids made here carries a request's number, so the log never mistakes one for a request."""
    ids = {
        each
        for transaction in data.transactions
        for each in (transaction.originator_conversation_id, transaction.conversation_id)
    }
    assert {each for each in ids if each and identifiers.number_in(each) is not None} <= {
        "3211-416020-3",
        "AG_20180223_000041b09c22e613d6c9",
    }


def test_receipts_are_the_same_everywhere(data: TestData) -> None:
    """Whenever the sandbox started: only passwords and last uses follow the clock."""
    other = build(now=datetime(2027, 5, 1, tzinfo=UTC), digest=lambda password: password.encode()[::-1])
    assert other.transactions == data.transactions
    assert other.postings == data.postings
    assert other.balances == data.balances


# --- the app, and writing ----------------------------------------------------------------------------


def test_the_app_may_everything() -> None:
    """Every product, every short code, no throttle; the profile and the secret are given."""
    app = whole.testdata_app(consumer_key="k", secret_digest=b"d", secret_sealed=b"s", profile="observed")
    assert (app.number, app.name, app.profile) == (1, "Salio test app", "observed")
    assert app.products == frozenset(Product)
    assert app.short_codes == parties.short_codes()
    assert app.throttle == UNTHROTTLED
    assert (app.consumer_key, app.secret_digest, app.secret_sealed) == ("k", b"d", b"s")


class Recorder:
    """Writes down what it is asked to write."""

    def __init__(self) -> None:
        self.written: dict[str, object] = {}

    def add_organizations(self, organizations: object) -> None:
        """Notes them."""
        self.written["organizations"] = organizations

    def add_customers(self, customers: object) -> None:
        """Notes them."""
        self.written["customers"] = customers

    def add_operators(self, operators: object) -> None:
        """Notes them."""
        self.written["operators"] = operators

    def add_accounts(self, accounts: object) -> None:
        """Notes them."""
        self.written["accounts"] = accounts

    def add_postings(self, postings: object, balances: object) -> None:
        """Notes both."""
        self.written |= {"postings": postings, "balances": balances}

    def add_tariffs(self, bands: object, limits: object) -> None:
        """Notes both."""
        self.written |= {"bands": bands, "limits": limits}

    def add_transactions(self, transactions: object) -> None:
        """Notes them."""
        self.written["transactions"] = transactions


def test_all_of_it_is_written(data: TestData) -> None:
    """Whom rows refer to comes before them."""
    recorder = Recorder()
    write(recorder, data)
    assert (recorder.written.pop("bands"), recorder.written.pop("limits")) == tariffs.rows()
    assert recorder.written == {name: getattr(data, name) for name in recorder.written}
    assert list(recorder.written) == [
        "organizations",
        "customers",
        "operators",
        "accounts",
        "postings",
        "balances",
        "transactions",
    ]
