"""What a successful query answers: accounts of every short code, transactions of every kind and state."""

import pytest

from salio.core.ledger.accounts import AccountKind
from salio.core.parties.organizations import OrganizationKind
from salio.core.parties.roles import Role
from salio.core.transactions.transaction import ChargedSide, Transaction
from salio.sandbox.testdata import parties
from salio.sandbox.testdata.books import SHOWN
from salio.wire import amounts, times
from salio.wire.apis import Api
from tests.journeys.running import BALANCE, STATUS, Platform
from tests.journeys.subjects import (
    ORGANIZATIONS,
    TRANSACTIONS,
    initiator_of,
    organization_of,
)
from tests.journeys.templates import role_operator

K = AccountKind
ACCOUNTS = {
    OrganizationKind.B2C: [K.WORKING, K.UTILITY, K.CHARGES_PAID],
    OrganizationKind.PAYBILL: [K.WORKING, K.UTILITY, K.CHARGES_PAID, K.ORGANIZATION_SETTLEMENT],
    OrganizationKind.BUY_GOODS: [K.WORKING, K.MERCHANT, K.CHARGES_PAID],
}
"""AB, Use Cases, table of accounts; in the order of the rulings."""


@pytest.mark.parametrize("short_code", ORGANIZATIONS)
def test_the_accounts_of_a_short_code(untouched: Platform, short_code: str) -> None:
    """Those of its kind in the documented order, current being available and reserved together."""
    changes = {"PartyA": short_code, "Initiator": initiator_of(short_code)}
    parameters = untouched.result(BALANCE, changes).parameters
    accounts = [each.split("|") for each in parameters["AccountBalance"].split("&")]
    kinds = list(ACCOUNTS[ORGANIZATIONS[short_code].kind])
    if short_code == "600000":
        kinds.insert(1, K.FLOAT)
    assert [name for name, *_ in accounts] == [kind.value for kind in kinds]
    assert {currency for _, currency, *_ in accounts} == {"KES"}
    figures = {name: [amounts.from_text(each) for each in rest] for name, _, *rest in accounts}
    assert all(current == available + reserved for current, available, reserved, _ in figures.values())
    shown = SHOWN[short_code]
    assert figures[K.WORKING.value][1] == amounts.from_text(shown.working)
    assert figures[K.WORKING.value][3] == amounts.from_text(shown.uncleared)
    assert figures[K.CHARGES_PAID.value][1] == amounts.from_text(shown.charges)


def test_the_parameters_of_a_balance(platform: Platform) -> None:
    """The keys of the profile in their order, and the time as text or as a number."""
    parameters = platform.result(BALANCE).parameters
    if platform.profile == "documented":
        assert list(parameters) == ["AccountBalance", "BOCompletedTime"]
        assert parameters["BOCompletedTime"] == "20260816123000"
    else:
        assert list(parameters) == ["ActionType", "AccountBalance", "BOCompletedTime"]
        assert parameters["ActionType"] == "AccountBalance"
        assert parameters["BOCompletedTime"] == 20260816123000


@pytest.mark.parametrize(
    "transaction", TRANSACTIONS, ids=lambda each: f"{each.receipt} {each.kind.value} {each.state.value}"
)
def test_a_transaction_of_each_kind_and_state(platform: Platform, transaction: Transaction) -> None:
    """Whatever became of it, the query succeeds; the state is in TransactionStatus."""
    short_code = organization_of(transaction)
    callback = platform.result(
        STATUS,
        {"PartyA": short_code, "Initiator": initiator_of(short_code), "TransactionID": transaction.receipt},
    )
    assert callback.code == "0"
    assert callback.parameters == told(transaction, platform.profile)


def told(transaction: Transaction, profile: str) -> dict[str, object]:
    """The parameters by key."""
    as_text = profile == "documented"
    moments = [transaction.initiated_at, transaction.finalised_at]
    initiated, finalised = (
        None if each is None else times.to_text(each) if as_text else times.to_number(each)
        for each in moments
    )
    shillings = amounts.to_text(transaction.cents)
    return {
        "DebitPartyName": f"{transaction.debit_party} - {transaction.debit_party_name}",
        "CreditPartyName": f"{transaction.credit_party} - {transaction.credit_party_name}",
        "OriginatorConversationID": transaction.originator_conversation_id,
        "InitiatedTime": initiated,
        "DebitAccountType": transaction.debit_account.value,
        **told_charge(transaction),
        "TransactionReason": transaction.reason,
        "ReasonType": transaction.reason_type,
        "TransactionStatus": transaction.state.value,
        "FinalisedTime": finalised,
        "Amount": shillings.removesuffix(".00") if as_text else float(shillings),
        "ConversationID": transaction.conversation_id,
        "ReceiptNo": transaction.receipt,
    }


def told_charge(transaction: Transaction) -> dict[str, object]:
    """C2B always tells the credit side's, all others the debit side's."""
    charge = transaction.charge
    credit = transaction.kind.value == "C2B"
    if charge is None:
        return {"CreditPartyCharges" if credit else "DebitPartyCharges": None}
    assert credit == (charge.side is ChargedSide.CREDIT)
    text = f"{charge.name}|KES|{amounts.to_text(charge.cents)}"
    return {"CreditPartyCharges" if credit else "DebitPartyCharges": text}


# --- who may ask for whom ----------------------------------------------------------------------------------

TREE = [short_code for short_code, *_ in parties.TREE]


@pytest.mark.parametrize("short_code", TREE)
def test_a_head_office_asks_for_stores_and_tills(platform: Platform, short_code: str) -> None:
    """Its initiator may ask for everything below, with an app that has the head office alone (AB, FAQ 15)."""
    app = platform.add_app(short_codes=frozenset({"700100"}))
    changes = {"PartyA": short_code, "Initiator": "headoffice"}
    assert platform.result(BALANCE, changes, app=app).code == "0"


@pytest.mark.parametrize(
    ("owned", "asked", "code"),
    [
        pytest.param("700110", "700110", "0", id="a store for itself"),
        pytest.param("700110", "7001101", "0", id="a store for its till"),
        pytest.param("700110", "7001201", "21", id="a store for a sister's till"),
        pytest.param("700110", "7001901", "21", id="a store for the head office's till"),
        pytest.param("7001101", "7001101", "0", id="a till for itself"),
        pytest.param("7001101", "700110", "21", id="a till for its store"),
        pytest.param("7001101", "700100", "21", id="a till for the head office"),
        pytest.param("7001101", "7001102", "21", id="a till for its neighbour"),
    ],
)
def test_nobody_asks_upwards_or_sideways(
    platform: Platform, api: Api, owned: str, asked: str, code: str
) -> None:
    """Only downwards; a status query that may be asked finds that the receipt is not theirs."""
    app = platform.add_app(short_codes=frozenset({owned}))
    kind = "2" if len(asked) == 7 else "4"
    changes = {"PartyA": asked, "Initiator": "testapi", "IdentifierType": kind}
    expected = "2032" if api is STATUS and code == "0" else code
    assert platform.result(api, changes, app=app).code == expected


@pytest.mark.parametrize("role", Role, ids=lambda role: role.value)
def test_a_role_alone(platform: Platform, api: Api, role: Role) -> None:
    """Of all documented roles exactly one lets an initiator ask each question; with any other: 21."""
    needed = {BALANCE: Role.BALANCE_QUERY_API, STATUS: Role.STATUS_QUERY_API}[api]
    callback = platform.result(api, {"Initiator": role_operator(role)})
    assert callback.code == ("0" if role is needed else "21")
    if role is not needed:
        cause = platform.end(callback.result["ConversationID"]).cause
        lacks = f"initiator {role_operator(role)} of 600000 lacks the role {needed.value}"
        assert cause == f"{lacks}; it has: {role.value}"
