"""What a result answers, typed: an organization's balance, or what became of a transaction.

Amounts are Decimal to the cent, moments aware in East Africa Time. What decides, accounts, amount, state and
parties, makes the whole answer `Unreadable` in an unknown form, and its key is named: half an answer could
pass for a whole one. What is told beside it, moments, charges and the like, is None then. An unknown key is
no fault. All of them stay among the result's parameters as they came.

Source: AB, Result body; TS, Callback payload; wire facts 2.5, 2.6 and 4.3.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from salio.wire import amounts, times
from salio.wire.balance_text import AccountAmounts, read_accounts
from salio.wire.errors import UnreadableAnswer
from salio.wire.members import Parameter, Value
from salio.wire.wording import shown

T = TypeVar("T")

_OTHER_MOMENT = re.compile(r"(\d{2})\.(\d{2})\.(\d{4}) (\d{2}):(\d{2}):(\d{2})", re.ASCII)
"""`19.12.2019 11:45:50`, in the results of payments (wire facts 5.1)."""
_FRACTION = re.compile(r"\.0+$", re.ASCII)
"""Of a moment that went through somebody's floating point: `20260825140947.0`."""


class Account(msgspec.Struct, frozen=True):
    """One account of a balance, whatever its name."""

    name: str
    currency: str
    current: Decimal
    available: Decimal
    reserved: Decimal
    uncleared: Decimal

    @property
    def amounts(self) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        """The four in the order of the wire, for whoever reads their places otherwise (wire facts 2.5)."""
        return self.current, self.available, self.reserved, self.uncleared


class Balance(msgspec.Struct, frozen=True):
    """What an organization's accounts held."""

    accounts: tuple[Account, ...]
    completed_at: datetime | None

    def account(self, name: str) -> Account | None:
        """The account of that name, with or without its last word `Account`; None if there is none."""
        names = {name, f"{name} Account"}
        return next((each for each in self.accounts if each.name in names), None)


class Party(msgspec.Struct, frozen=True):
    """One side of a transaction as its result names it: `254708374149 - John Doe`."""

    text: str
    """As it came."""
    number: str | None
    """Short code or MSISDN; a customer's can be local (`07...`). None if there is no such part."""
    name: str


class Charge(msgspec.Struct, frozen=True):
    """What a transaction cost one side: `Fee For B2C Payment|KES|22.40`."""

    text: str
    """As it came."""
    name: str | None
    currency: str | None
    amount: Decimal | None
    """None, as the two before, if the text has another form."""


class Transaction(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a transaction. None: the key is missing or came without a value."""

    receipt: str | None
    status: str | None
    """`Completed`, `Cancelled`, `Declined`, `Expired`, or a state on the way there; any other as it came."""
    amount: Decimal | None
    debit_party: Party | None
    credit_party: Party | None
    debit_charge: Charge | None
    credit_charge: Charge | None
    debit_account_type: str | None
    reason: str | None
    reason_type: str | None
    initiated_at: datetime | None
    finalised_at: datetime | None
    originator_conversation_id: str | None
    conversation_id: str | None


class Unreadable(msgspec.Struct, frozen=True):
    """The result names an answer, but in a form that nobody has seen."""

    reason: str


Answer = Balance | Transaction | Unreadable | None
"""None for a failure, and for a result of another API, whose parameters tell it."""


def read_answer(parameters: Sequence[Parameter]) -> Answer:
    """What the parameters say; never raises."""
    names = {each.name for each in parameters}
    try:
        if "AccountBalance" in names:
            return _balance(Said(parameters))
        if names & {"ReceiptNo", "TransactionStatus"}:
            return _transaction(Said(_with_credit_party(parameters)))
    except UnreadableAnswer as unreadable:
        return Unreadable(unreadable.reason)
    return None


class Said:
    """What was said under each name."""

    def __init__(self, parameters: Sequence[Parameter]) -> None:
        self._values: dict[str, Value] = {}
        self._contradicted: set[str] = set()
        for each in parameters:
            if self._values.setdefault(each.name, each.value) != each.value:
                self._contradicted.add(each.name)

    def text(self, name: str) -> str | None:
        """As text; None if nothing was said. Raises UnreadableAnswer."""
        return self.read(name, str)

    def read(self, name: str, form: Callable[[str], T]) -> T | None:
        """In its form; None if nothing was said. Raises UnreadableAnswer."""
        if name in self._contradicted:
            raise UnreadableAnswer(f"{shown(name)} is said twice, and not alike")
        return read_value(name, self._values.get(name), form)

    def aside(self, name: str, form: Callable[[str], T]) -> T | None:
        """What is told beside the answer: None, too, if it cannot be read."""
        try:
            return self.read(name, form)
        except UnreadableAnswer:
            return None


def read_value(name: str, value: Value, form: Callable[[str], T]) -> T | None:
    """What was said under a name, in its form; None if nothing was.

    Raises:
        UnreadableAnswer: it has another form.
    """
    if value is None or value == "":
        return None
    try:
        return form(str(value))
    except ValueError as malformed:
        raise UnreadableAnswer(f"{shown(name)}: {malformed}") from None


def _balance(said: Said) -> Balance:
    accounts = said.read("AccountBalance", read_accounts)
    if accounts is None:
        raise UnreadableAnswer("AccountBalance: it came without a value")
    return Balance(tuple(map(_account, accounts)), said.aside("BOCompletedTime", moment))


def _account(account: AccountAmounts) -> Account:
    figures = (account.current, account.available, account.reserved, account.uncleared)
    return Account(account.name, account.currency, *map(_decimal, figures))


def _transaction(said: Said) -> Transaction:
    return Transaction(
        receipt=said.text("ReceiptNo"),
        status=said.text("TransactionStatus"),
        amount=said.read("Amount", amount),
        debit_party=said.read("DebitPartyName", party),
        credit_party=said.read("CreditPartyName", party),
        debit_charge=said.aside("DebitPartyCharges", charge),
        credit_charge=said.aside("CreditPartyCharges", charge),
        debit_account_type=said.aside("DebitAccountType", str),
        reason=said.aside("TransactionReason", str),
        reason_type=said.aside("ReasonType", str),
        initiated_at=said.aside("InitiatedTime", moment),
        finalised_at=said.aside("FinalisedTime", moment),
        originator_conversation_id=said.text("OriginatorConversationID"),
        conversation_id=said.text("ConversationID"),
    )


def _with_credit_party(parameters: Sequence[Parameter]) -> list[Parameter]:
    """TS's sample names the debit party twice; the second is the credit party (wire facts 4.3, row 23)."""
    listed = list(parameters)
    debits = [at for at, each in enumerate(listed) if each.name == "DebitPartyName"]
    if len(debits) == 2 and not any(each.name == "CreditPartyName" for each in listed):
        listed[debits[1]] = Parameter("CreditPartyName", listed[debits[1]].value)
    return listed


def amount(said: str) -> Decimal:
    """`300`, `300.5` or `300.50`. Raises MalformedAmount."""
    return _decimal(amounts.from_text(said.strip()))


def moment(said: str) -> datetime:
    """`20180223054112`, `20180223054112.0` or `23.02.2018 05:41:12`, aware. Raises MalformedTime."""
    other = _OTHER_MOMENT.fullmatch(said.strip())
    if other is None:
        return times.from_text(_FRACTION.sub("", said.strip()))
    day, month, year, *clock = other.groups()
    return times.from_text("".join([year, month, day, *clock]))


def party(said: str) -> Party:
    """`600310 - Safaricom333`; without a number all of it is the name."""
    number, dash, name = said.partition(" - ")
    if not (dash and number.strip().isdecimal()):
        return Party(said, None, said.strip())
    return Party(said, number.strip(), name.strip())


def charge(said: str) -> Charge:
    """`Fee For B2C Payment|KES|22.40`; any other text is kept as it is."""
    name, _, rest = said.partition("|")
    currency, _, figure = rest.partition("|")
    try:
        return Charge(said, name, currency, amount(figure))
    except amounts.MalformedAmount:
        return Charge(said, None, None, None)


def _decimal(cents: int) -> Decimal:
    return Decimal(amounts.to_text(cents))
