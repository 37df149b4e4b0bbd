"""Values and stand-ins with sensible defaults: a test names what matters to it and nothing else."""

from collections.abc import Callable, Coroutine, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any, TypeVar

import msgspec

from salio.core.access.apps import UNTHROTTLED, App, Product
from salio.core.access.tokens import TokenClaim
from salio.core.audit.refusals import RefusedRequest
from salio.core.ledger.accounts import AccountKind
from salio.core.parties.customers import Customer
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Channel, Operator, OperatorRules, OperatorStatus
from salio.core.parties.organizations import Level, Organization, OrganizationKind
from salio.core.parties.roles import Role
from salio.core.ports import AcceptedRequest
from salio.core.requests.asking import Asking, PresentedCredential
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.outcomes import Conclusion, Decision, Outcome
from salio.core.requests.queries import (
    B2CPayment,
    BalanceQuery,
    CustomerPayment,
    IdentifierType,
    Query,
    Request,
    StatusQuery,
)
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction

S = TypeVar("S", bound=msgspec.Struct)
T = TypeVar("T")

NOW = datetime(2026, 8, 16, 9, 30, tzinfo=UTC)
TODAY = NOW.date()

SHORT_CODE = "600000"
OTHER_SHORT_CODE = "600782"
MSISDN = "254708374149"
RECEIPT = "MBN31H462N"
PASSWORD = "Safaricom123"
WRONG = "Safaricom124"
UNREADABLE = "\0noise"
"""What :class:`FakeVault` takes for a ciphertext under somebody else's key."""
QUERY_ROLES = frozenset({Role.BALANCE_QUERY_API, Role.STATUS_QUERY_API})


def ago(**parts: float) -> datetime:
    """The moment that lies this far before NOW: ``ago(days=90, seconds=1)``."""
    return NOW - timedelta(**parts)


def at_once(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine returns that waits for nothing."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        returned: T = end.value
        return returned
    raise AssertionError("it waits for something")


def changed(value: S, changes: dict[str, Any]) -> S:
    """The value with these members changed."""
    return msgspec.structs.replace(value, **changes)


# --- outside ---------------------------------------------------------------------------------------------


class FakeClock:
    """Time that stands still until a test moves it; fits :class:`salio.core.ports.Clock`."""

    def __init__(self, now: datetime = NOW) -> None:
        self._now = now
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """The wall clock."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that never step back."""
        return self._monotonic

    def advance(self, **parts: float) -> None:
        """Lets time pass on both clocks: ``advance(seconds=61)``."""
        passed = timedelta(**parts)
        self._now += passed
        self._monotonic += passed.total_seconds()

    def set_wall(self, now: datetime) -> None:
        """Sets the wall clock, as an administrator may; the monotonic one goes its way."""
        self._now = now


class FakeIdentifiers:
    """Counted identifiers; fits :class:`salio.core.ports.Identifiers`."""

    def __init__(self) -> None:
        self._refused = count(1)

    def checkout(self, number: int, at: datetime) -> str:
        """CheckoutRequestID of the request of that number."""
        return f"ws_CO_{at:%Y%m%d}_{number}"

    def conversation(self, profile: str, number: int, at: datetime) -> tuple[str, str]:
        """OriginatorConversationID and ConversationID of the request of that number."""
        return f"{profile}-{number}", f"AG_{at:%Y%m%d}_{number:020x}"

    def request_id(self, profile: str) -> str:
        """The ``requestId`` of the next refusal."""
        return f"{profile}-refused-{next(self._refused)}"


class FakeReceipts:
    """Receipts that show the day and the number; fits :class:`salio.core.ports.Receipts`."""

    def receipt(self, number: int, at: datetime) -> str:
        """As the wire's, but counted."""
        return f"UHG{number:07d}" if at == NOW else f"U{at:%j}{number:06d}"


class FakeVault:
    """Credentials are passwords in clear; fits :class:`salio.core.ports.Vault`, notes what it is told."""

    def __init__(self) -> None:
        self.remembered: list[tuple[str, int]] = []
        self.forgotten: list[int] = []

    def open_credential(self, credential: str) -> PresentedCredential:
        """The digest of the text; what begins with NUL counts as unreadable."""
        return presented(credential)

    def remember(self, credential: str, operator: Operator) -> None:
        """Writes down the credential and whose it is."""
        self.remembered.append((credential, operator.number))

    def forget(self, operator: Operator) -> None:
        """Writes down whose credentials are dropped."""
        self.forgotten.append(operator.number)


def digest(password: str) -> bytes:
    """What the fake vault keeps of a password."""
    return sha256(password.encode()).digest()


def presented(password: str = PASSWORD) -> PresentedCredential:
    """A credential after decryption."""
    return PresentedCredential(digest(password), readable=not password.startswith("\0"))


# --- parties ---------------------------------------------------------------------------------------------


def an_organization(**changes: Any) -> Organization:
    """A paybill that answers to nobody."""
    organization = Organization(short_code=SHORT_CODE, name="Safaricom1338", kind=OrganizationKind.PAYBILL)
    return changed(organization, changes)


def a_store(short_code: str, parent: str, **changes: Any) -> Organization:
    """A store below a head office."""
    return an_organization(short_code=short_code, parent=parent, level=Level.STORE, **changes)


def a_till(short_code: str, parent: str, **changes: Any) -> Organization:
    """A till below a store or a head office."""
    return an_organization(
        short_code=short_code, parent=parent, level=Level.TILL, kind=OrganizationKind.BUY_GOODS, **changes
    )


def a_customer(**changes: Any) -> Customer:
    """The customer of the documents' samples."""
    return changed(Customer(msisdn=MSISDN, name="John Doe"), changes)


def an_operator(**changes: Any) -> Operator:
    """An initiator who may ask both questions, used today, with a young password."""
    operator = Operator(
        number=1,
        short_code=SHORT_CODE,
        name="testapiuser",
        channel=Channel.API,
        roles=QUERY_ROLES,
        password_digest=digest(PASSWORD),
        password_set_at=ago(days=1),
        last_used_at=NOW,
    )
    return changed(operator, changes)


def a_locked_operator(**changes: Any) -> Operator:
    """An initiator locked by five wrong passwords."""
    return an_operator(**{"status": OperatorStatus.LOCKED, "wrong_passwords": 5} | changes)


def a_directory(
    *operators: Operator,
    organizations: Iterable[Organization] | None = None,
    customers: Iterable[Customer] | None = None,
) -> Directory:
    """The default organization, another one, the customer, and these operators (by default the usual one)."""
    return Directory(
        organizations or (an_organization(), an_organization(short_code=OTHER_SHORT_CODE, name="Neighbour")),
        (a_customer(),) if customers is None else customers,
        operators or (an_operator(),),
    )


def an_app(**changes: Any) -> App:
    """An app of the default short code with both products and no throttle."""
    app = App(
        number=1,
        name="An app",
        consumer_key="consumer-key",
        secret_digest=b"digest",
        secret_sealed=b"sealed",
        products=frozenset(Product),
        short_codes=frozenset({SHORT_CODE}),
        profile="documented",
        throttle=UNTHROTTLED,
    )
    return changed(app, changes)


def a_claim(**changes: Any) -> TokenClaim:
    """A token of the default app, issued now."""
    return changed(TokenClaim(app_number=1, issued_at=NOW, serial=1), changes)


# --- requests --------------------------------------------------------------------------------------------


def a_balance_query(**changes: Any) -> BalanceQuery:
    """*What is my balance?* of the default organization."""
    query = BalanceQuery(
        initiator="testapiuser",
        command="AccountBalance",
        party=SHORT_CODE,
        identifier_type=IdentifierType.SHORT_CODE,
        remarks="ok",
        result_url="http://myservice:8080/result",
        queue_time_out_url="http://myservice:8080/queuetimeouturl",
    )
    return changed(query, changes)


def a_status_query(**changes: Any) -> StatusQuery:
    """*What became of this transaction?* about the documents' receipt."""
    query = StatusQuery(
        initiator="testapiuser",
        command="TransactionStatusQuery",
        party=SHORT_CODE,
        identifier_type=IdentifierType.SHORT_CODE,
        remarks="OK",
        result_url="http://myservice:8080/result",
        queue_time_out_url="http://myservice:8080/queuetimeouturl",
        receipt=RECEIPT,
        original_conversation_id=None,
        occasion=None,
    )
    return changed(query, changes)


def a_customer_payment(**changes: Any) -> CustomerPayment:
    """*This customer pays.* — a hundred shillings for a bill of the default organization."""
    query = CustomerPayment(
        command="CustomerPayBillOnline",
        party=SHORT_CODE,
        payer=MSISDN,
        cents=10_000,
        bill_reference="invoice008",
    )
    return changed(query, changes)


def a_payment(**changes: Any) -> B2CPayment:
    """*Pay this customer* a hundred shillings."""
    payment = B2CPayment(
        initiator="testapiuser",
        command="BusinessPayment",
        party=SHORT_CODE,
        receiver=MSISDN,
        cents=10_000,
        remarks="ok",
        result_url="http://myservice:8080/result",
        queue_time_out_url="http://myservice:8080/queuetimeouturl",
        occasion=None,
    )
    return changed(payment, changes)


def a_request(number: int = 1, *, query: Query | None = None, **changes: Any) -> Request:
    """A balance query of the default app, accepted now."""
    request = Request(
        number=number,
        app_number=1,
        profile="documented",
        originator_conversation_id=f"documented-{number}",
        conversation_id=f"AG_20260816_{number:020x}",
        accepted_at=NOW,
        query=query or a_balance_query(),
    )
    return changed(request, changes)


def accepted(
    number: int = 1, *, credential: str = PASSWORD, query: Query | None = None, **changes: Any
) -> AcceptedRequest:
    """A request with its credential."""
    return AcceptedRequest(a_request(number, query=query, **changes), credential)


def asking(
    *operators: Operator, password: str = PASSWORD, directory: Directory | None = None, **changes: Any
) -> Asking:
    """What the rules may look at: the default app and these operators, with a right password."""
    snapshot = Asking(
        app=an_app(),
        credential=presented(password),
        directory=directory or a_directory(*operators),
        rules=OperatorRules(),
        now=NOW,
    )
    return changed(snapshot, changes)


def a_transaction(**changes: Any) -> Transaction:
    """A completed payment of the customer to the default organization."""
    transaction = Transaction(
        receipt=RECEIPT,
        kind=TransactionKind.C2B,
        state=TransactionState.COMPLETED,
        cents=30_000,
        currency="KES",
        debit_party=MSISDN,
        debit_party_name="John Doe",
        debit_account=AccountKind.CUSTOMER,
        credit_party=SHORT_CODE,
        credit_party_name="Safaricom1338",
        reason_type="Pay Bill Online",
        initiated_at=ago(days=1),
        finalised_at=ago(days=1),
        originator_conversation_id="10816-694520-2",
        conversation_id="AG_20260815_0000417fed8ed666e976",
    )
    return changed(transaction, changes)


def a_conclusion(number: int = 1, **changes: Any) -> Conclusion:
    """A request that ended with an unknown initiator, now."""
    decision = Decision(Outcome.INITIATOR_UNKNOWN, "no initiator x at 600000")
    return changed(Conclusion(number=number, decided_at=NOW, decision=decision), changes)


def an_attempt(number: int = 1, **changes: Any) -> Attempt:
    """A POST about to leave."""
    attempt = Attempt(
        number=number, url="http://myservice:8080/result", body=b'{"Result":{}}', started_at=NOW
    )
    return changed(attempt, changes)


def an_end(number: int = 1, **changes: Any) -> AttemptEnd:
    """A POST that the receiver took."""
    return changed(AttemptEnd(number=number, ended_at=NOW, status=200), changes)


def a_refusal(number: int = 1, **changes: Any) -> RefusedRequest:
    """A request refused at the door."""
    refused = RefusedRequest(
        request_id=f"documented-refused-{number}",
        at=NOW,
        method="POST",
        path="/mpesa/accountbalance/v1/query",
        status=400,
        code="400.002.02",
        cause="Remarks is missing",
        app_number=1,
        field="Remarks",
    )
    return changed(refused, changes)


def into(collected: list[Any]) -> Callable[[Iterable[Any]], None]:
    """A listener that adds what it is told to a list."""
    return collected.extend
