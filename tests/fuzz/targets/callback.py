"""A callback, or an answer to a request: read as the one typed thing that it is, or refused by its name.

The first byte chooses: a callback's bytes, the same as members that somebody else has parsed, an answer, or
the answer to the wish for a token, each with one status after another; a customer's payment; a callback to a
request whose ids are known, as a receiver judges it.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from itertools import product
from typing import Any, NamedTuple

from salio.receiver import judging
from salio.receiver.arrivals import Kind
from salio.receiver.judging import APART, Judged, Known, Verdict, judge
from salio.wire.answered import Balance, Transaction, Unreadable
from salio.wire.answers import Acknowledgement, Grant, Rejection, read_acknowledgement, read_grant
from salio.wire.asked import BalanceQuery
from salio.wire.callbacks import Result, read_callback, read_result
from salio.wire.decoded import decode
from salio.wire.errors import UnreadableAnswer, UnreadableBody
from salio.wire.members import Given
from salio.wire.paid import Payment
from salio.wire.payments import CustomerPayment, read_payment
from tests.fuzz.targets.ways import way_of

KNOWN = Known(
    asked=BalanceQuery(party_a="600000"),
    originator_conversation_id="o-1",
    conversation_id="AG_1",
    has_address=True,
    undecided=False,
)


class Readers(NamedTuple):
    """What is tried."""

    result: Callable[[Given], Result] = read_result
    payment: Callable[[Given], CustomerPayment] = read_payment
    judge: Callable[..., Judged] = judge


def check(data: bytes, *, readers: Readers = Readers()) -> None:  # noqa: B008  # a tuple
    """Fails if anything but the named error is raised, or if what is told differs from what was sent."""
    way, body = way_of(data, WAYS), data[1:]
    if way is not None:
        status, holds = way
        _explained(body, status)
        holds(body, status, readers)


def _explained(body: bytes, status: int) -> None:
    """As `salio decode` tells it: in words that can be printed."""
    with suppress(UnreadableBody, UnreadableAnswer):
        decoded = decode(body, status)
        told = [decoded.code, decoded.said, decoded.meaning, decoded.remedy]
        assert all(map(str.isprintable, [*told, *(each.name + each.value for each in decoded.facts)]))


def _callback(body: bytes, _status: int, readers: Readers) -> None:
    try:
        result = readers.result(body)
    except UnreadableBody as unreadable:
        assert unreadable.reason.isprintable()
        return
    _told(result)
    members = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    _as_sent(result, members.get("Result", members))


def _parsed(body: bytes, _status: int, readers: Readers) -> None:
    """What a framework hands on: floats where the wire has decimals, and the last of two members."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(members, dict):
        try:
            _told(readers.result(members))
        except UnreadableBody as unreadable:
            assert unreadable.reason.isprintable()


def _told(result: Result) -> None:
    """Whatever it was, it is typed."""
    assert result.code == result.code.strip() != ""
    assert isinstance(result.description, str)
    match result.answer:
        case Balance(accounts=accounts):
            assert accounts
            for account in accounts:
                assert all(each == each.quantize(Decimal("0.01")) for each in account.amounts)
        case Transaction(amount=amount, initiated_at=initiated_at):
            assert amount is None or amount.as_tuple().exponent == -2
            assert initiated_at is None or initiated_at.utcoffset() is not None
        case Payment(amount=amount, completed_at=completed_at):
            assert result.succeeded
            assert amount is None or amount.as_tuple().exponent == -2
            assert completed_at is None or completed_at.utcoffset() is not None
        case Unreadable(reason=reason):
            assert reason.isprintable()
        case None:
            pass


def _as_sent(result: Result, members: Any) -> None:
    """Another reading of the plain form: a list of parameters, unspaced names."""
    if not isinstance(members, Mapping) or not isinstance(members.get("ResultParameters"), Mapping):
        return
    if "ResultCode" not in members or any(" " in name for name in members):
        return
    listed = members["ResultParameters"].get("ResultParameter")
    if isinstance(listed, list):
        assert [each.key for each in result.parameters] == [each["Key"] for each in listed]
        for told, sent in zip(result.parameters, listed, strict=True):
            if isinstance(sent.get("Value"), str):
                assert told.value == sent["Value"]
    if isinstance(result.answer, Balance):
        _to_the_cent(result.answer, result)
    if isinstance(result.answer, Payment):
        _as_paid(result.answer, result)


def _to_the_cent(balance: Balance, result: Result) -> None:
    parts = str(result.value("AccountBalance")).split("&")
    for account, part in zip(balance.accounts, parts, strict=True):
        name, currency, *figures = part.split("|")
        assert (account.name, account.currency) == (name, currency)
        assert account.amounts == tuple(map(Decimal, figures))


def _as_paid(paid: Payment, result: Result) -> None:
    """The amount is the first one that was said."""
    said = [
        str(each) for each in map(result.value, ("TransactionAmount", "Amount")) if each not in (None, "")
    ]
    assert [paid.amount] == [*map(Decimal, map(str.strip, said[:1]))] or (paid.amount is None and not said)


def _answer(body: bytes, status: int, _readers: Readers) -> None:
    _typed(status, read_acknowledgement(status, body))


def _granted(body: bytes, status: int, _readers: Readers) -> None:
    _typed(status, read_grant(status, body))


def _typed(status: int, found: Acknowledgement | Grant | Rejection) -> None:
    match found:
        case Rejection(certain=certain):
            assert certain or not 300 <= status < 500
        case Grant(access_token=token):
            assert status == 200
            assert token.isascii()
            assert token.isprintable()
        case Acknowledgement(code=code):
            assert (status, code) == (200, "0")


# --- what nobody asked for, and what somebody did --------------------------------------------------------


def _payment(body: bytes, _status: int, readers: Readers) -> None:
    """Figures and names as another reader has them; `read_callback` finds the same payment."""
    try:
        payment = readers.payment(body)
    except (UnreadableBody, UnreadableAnswer) as unreadable:
        assert str(unreadable).isprintable()
        return
    assert read_callback(body) == payment
    _of_a_payment(payment)
    members = {key.replace(" ", ""): value for key, value in json.loads(_text(body)).items()}
    assert payment.receipt == str(members["TransID"]).strip()
    if isinstance(members["TransAmount"], str):
        assert payment.amount == Decimal(members["TransAmount"].strip())


def _of_a_payment(payment: CustomerPayment) -> None:
    assert payment.receipt
    for amount in (payment.amount, payment.organization_balance):
        assert amount is None or amount.as_tuple().exponent == -2
    assert payment.paid_at is None or payment.paid_at.utcoffset() is not None
    assert all(payment.names)


def _judged(body: bytes, _status: int, readers: Readers) -> None:
    """What ends a request names it, and contradicts it nowhere."""
    told = judging.read(body)
    if isinstance(told, Judged):
        assert told.verdict is Verdict.UNREADABLE
        assert told.why.isprintable()
        return
    for kind, own_address in product(Kind, (True, False)):
        judged = readers.judge(kind, told, KNOWN, own_address=own_address)
        assert judged.why.isprintable()
        if isinstance(told, CustomerPayment):
            assert judged.verdict in {Verdict.PAYMENT, Verdict.FORGED}
        elif judged.verdict not in APART:
            _of_the_request(told, own_address=own_address)
            assert (kind is Kind.NOTICE) is (judged.verdict is Verdict.NOTICE)


def _of_the_request(told: Result, *, own_address: bool) -> None:
    assert own_address
    ids = (told.originator_conversation_id, told.conversation_id)
    assert ids in {("o-1", "AG_1"), ("o-1", None), (None, "AG_1")}


def _text(body: bytes) -> str:
    return body.removeprefix(b"\xef\xbb\xbf").decode()


Way = tuple[int, Callable[[bytes, int, Readers], None]]
WAYS: tuple[Way, ...] = (
    *product((200, 400, 401, 503), (_callback, _parsed, _answer, _granted)),
    (200, _payment),
    (200, _judged),
)
"""Each with the status that the body came with."""
