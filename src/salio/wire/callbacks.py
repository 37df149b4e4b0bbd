"""A callback in: any body that was posted to ResultURL, QueueTimeOutURL or CallBackURL, as a typed result.

Takes every form of wire facts 2.5 to 2.8 and 5: both profiles, the envelope or what was in it, results of
balances, transactions, payments and reversals, and the callback of an STK push, whose two ids stand in the
places of the conversation ids. The answer to a query about such a push is read as the result that it tells.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

import msgspec

from salio.wire import answered, mitigations, paid
from salio.wire.answered import Answer, Balance, Transaction, Unreadable
from salio.wire.errors import UnreadableAnswer, UnreadableBody
from salio.wire.members import Given, Parameter, Value, by_name, read_members, read_parameters, text
from salio.wire.paid import Payment
from salio.wire.payments import CustomerPayment, is_payment, payment_of
from salio.wire.wording import shown

T = TypeVar("T")


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How a request ended, as its callback tells it.

    A notice at QueueTimeOutURL has the same form and means *unknown*, never *failed*: only who knows the
    address at which it came can tell.
    """

    code: str
    """`0`, `2001`, `SFC_IC0003`: text, however it came; an unknown one too."""
    description: str
    result_type: str
    """`0` completed, `1` further messages follow; empty if it was not said."""
    originator_conversation_id: str | None
    conversation_id: str | None
    transaction_id: str | None
    """Of a query's result never the receipt that was asked about (wire facts 2.4)."""
    parameters: tuple[Parameter, ...]
    """In the order in which they came, two of one key too."""
    references: tuple[Parameter, ...]
    answer: Answer | Payment
    """Balance, Transaction or Payment; Unreadable in an unknown form; else None."""
    raw: Given
    """What was read."""

    @property
    def succeeded(self) -> bool:
        """The request was carried out. A query about a failed transaction succeeds too."""
        return self.code == "0"

    @property
    def mitigation(self) -> str:
        """What to do about the code; empty for success and for a code of no page."""
        return mitigations.OF_CODES.get(self.code, "")

    @property
    def final(self) -> bool:
        """Nothing follows: ResultType is not 1 (AB and TS, ResultType)."""
        return self.result_type != "1"

    @property
    def balance(self) -> Balance:
        """The balance. Raises UnreadableAnswer if the result holds none."""
        return self._answered(Balance)

    @property
    def transaction(self) -> Transaction:
        """What became of the transaction. Raises UnreadableAnswer if the result holds none."""
        return self._answered(Transaction)

    @property
    def payment(self) -> Payment:
        """The payment that was made; also as a status query has found it, where its own result was lost.

        Raises UnreadableAnswer if the result tells none, or one that was not completed.
        """
        if isinstance(self.answer, Transaction):
            return paid.payment_of(self.answer)
        return self._answered(Payment)

    def value(self, key: str) -> Value:
        """What the first parameter of that key says; None if there is none. Spaces in keys do not count."""
        return next((each.value for each in self.parameters if each.name == key), None)

    def amount(self, key: str) -> Decimal | None:
        """The parameter as an amount. Raises UnreadableAnswer if it is none."""
        return self._read(key, answered.amount)

    def moment(self, key: str) -> datetime | None:
        """The parameter as an aware moment. Raises UnreadableAnswer if it is none."""
        return self._read(key, answered.moment)

    def _answered(self, kind: type[T]) -> T:
        if isinstance(self.answer, kind):
            return self.answer
        if isinstance(self.answer, Unreadable):
            raise UnreadableAnswer(self.answer.reason)
        said = f"ResultCode {shown(self.code)}, {shown(self.description, 200)}"
        raise UnreadableAnswer(f"the result holds no {kind.__name__.lower()}: {said}")

    def _read(self, key: str, form: Callable[[str], T]) -> T | None:
        return answered.read_value(key, self.value(key), form)


def read_callback(given: Given) -> Result | CustomerPayment:
    """Whatever a callback tells. Raises as `read_result`; UnreadableAnswer for a payment of unknown form."""
    members = read_members(given)
    return payment_of(members, given) if is_payment(members) else _result_of(members, given)


def read_at_once(acknowledgement: Given) -> Result | None:
    """The result that an acknowledgement tells, of what is answered at once; None if it tells none."""
    members = by_name(read_members(acknowledgement))
    return _result(members, acknowledgement) if "ResultCode" in members else None


def read_result(given: Given) -> Result:
    """The result that a callback tells.

    Raises:
        UnreadableBody: it is no JSON object, or none of these envelopes.
    """
    return _result_of(read_members(given), given)


def _result_of(sent: Mapping[str, object], given: Given) -> Result:
    members = by_name(sent)
    push = _inner(members, "Body", "stkCallback")
    if push is not None:
        return _push_result(push, given)
    return _result(by_name(_inner(members, "Result") or members), given)


def _inner(members: Mapping[str, object], *path: str) -> Mapping[str, object] | None:
    for name in path:
        found = members.get(name)
        if not isinstance(found, Mapping):
            return None
        members = found
    return members


def _result(members: Mapping[str, object], raw: Given) -> Result:
    parameters = read_parameters(_listed(members, "ResultParameters", "ResultParameter"))
    code, transaction_id = _code(members), _first(members, "TransactionID")
    return Result(
        code=code,
        description=text(members.get("ResultDesc")) or "",
        result_type=(text(members.get("ResultType")) or "").strip(),
        originator_conversation_id=_first(
            members, "OriginatorConversationID", "OriginatorCoversationID", "MerchantRequestID"
        ),
        conversation_id=_first(members, "ConversationID", "CheckoutRequestID"),
        transaction_id=transaction_id,
        parameters=parameters,
        references=_references(members),
        answer=_answer(code, parameters, transaction_id),
        raw=raw,
    )


def _references(members: Mapping[str, object]) -> tuple[Parameter, ...]:
    """None of another form: they are told beside the result, which keeps them in `raw`."""
    try:
        return read_parameters(_listed(members, "ReferenceData", "ReferenceItem"))
    except UnreadableBody:
        return ()


def _push_result(members: Mapping[str, object], raw: Given) -> Result:
    """An STK push's callback (wire facts 5.4): its items have a `Name`."""
    named = by_name(members)
    code = _code(named)
    parameters = read_parameters(_listed(named, "CallbackMetadata", "Item"), key="Name")
    return Result(
        code=code,
        description=text(named.get("ResultDesc")) or "",
        result_type="",
        originator_conversation_id=_first(named, "MerchantRequestID"),
        conversation_id=_first(named, "CheckoutRequestID"),
        transaction_id=None,
        parameters=parameters,
        references=(),
        answer=_answer(code, parameters, None),
        raw=raw,
    )


def _answer(code: str, parameters: tuple[Parameter, ...], transaction_id: str | None) -> Answer | Payment:
    """What is told. Only a success tells of a payment: a failure may name what was to be paid."""
    payment = paid.read_payment(parameters, transaction_id) if code == "0" else None
    return payment or answered.read_answer(parameters)


def _code(members: Mapping[str, object]) -> str:
    code = (text(members.get("ResultCode")) or "").strip()
    if not code:
        raise UnreadableBody("no result: it has no ResultCode")
    return code


def _first(members: Mapping[str, object], *names: str) -> str | None:
    found = (text(members.get(name)) for name in names)
    return next((each for each in found if each), None)


def _listed(members: Mapping[str, object], outer: str, inner: str) -> object:
    held = members.get(outer)
    if held is None or held == "":
        return None
    if not isinstance(held, Mapping):
        raise UnreadableBody(f"{outer} is no object")
    return held.get(inner)
