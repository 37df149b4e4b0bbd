"""Is it the result of this request, or does somebody pretend?"""

import json
from typing import Any

import pytest

from salio.receiver.arrivals import Arrival, Kind
from salio.receiver.judging import Judged, Known, Verdict, judge, read
from salio.wire.asked import BalanceQuery, StatusQuery
from tests.wire.captures import BALANCE_2026

BALANCE = BalanceQuery(party_a="600000")
STATUS = StatusQuery(party_a="600000", receipt="TAH5J2K991")
IDS = {"OriginatorConversationID": "1-1-1", "ConversationID": "AG_1"}
ACCOUNTS = "Working Account|KES|1.00|1.00|0.00|0.00"


def result(parameters: dict[str, Any] | None = None, **members: Any) -> bytes:
    """A callback: by default a successful balance of the known conversation."""
    given = {"AccountBalance": ACCOUNTS} if parameters is None else parameters
    listed = [{"Key": key, "Value": value} for key, value in given.items()]
    body = {
        "ResultType": 0,
        "ResultCode": 0,
        "ResultDesc": "done",
        **IDS,
        "ResultParameters": {"ResultParameter": listed},
        **members,
    }
    return json.dumps({"Result": {key: value for key, value in body.items() if value is not None}}).encode()


def known(**changes: Any) -> Known:
    """An acknowledged balance query with an address of its own."""
    return Known(
        **{
            "asked": BALANCE,
            "originator_conversation_id": "1-1-1",
            "conversation_id": "AG_1",
            "has_address": True,
            "undecided": False,
            **changes,
        }
    )


def judged(body: bytes, known_: Known | None, *, kind: Kind = Kind.RESULT, **where: bool) -> Judged:
    """At the request's own address, unless another is said."""
    told = read(body)
    return told if isinstance(told, Judged) else judge(kind, told, known_, **{"own_address": True, **where})


TRANSACTION = {"ReceiptNo": "TAH5J2K991", "TransactionStatus": "Completed", "Amount": "1.00"}
PAYMENT = json.dumps({"TransID": "TAH5J2K991", "TransAmount": "1.00", "BusinessShortCode": "600000"}).encode()

CASES = {
    "a result": (result(), known(), Verdict.RESULT),
    "a failure": (result({}, ResultCode="2001"), known(), Verdict.RESULT),
    "a status": (result(TRANSACTION), known(asked=STATUS), Verdict.RESULT),
    "c12-an answer in an unknown form": (result({"AccountBalance": "a|b"}), known(), Verdict.RESULT),
    "c9-more follows": (result(ResultType="1"), known(), Verdict.PROGRESS),
    "c6-another conversation": (result(ConversationID="AG_2"), known(), Verdict.FORGED),
    "c6-another originator": (result(OriginatorConversationID="2-2-2"), known(), Verdict.FORGED),
    "c6-no conversation": (
        result(ConversationID=None, OriginatorConversationID=None),
        known(),
        Verdict.FORGED,
    ),
    "c6-another question's answer": (result(TRANSACTION), known(), Verdict.FORGED),
    "c6-no answer": (result({}), known(asked=STATUS), Verdict.FORGED),
    "c6-another receipt": (
        result(TRANSACTION),
        known(asked=StatusQuery(party_a="600000", receipt="TAH5J2K992")),
        Verdict.FORGED,
    ),
    "c6-a payment": (PAYMENT, known(), Verdict.FORGED),
    "c6-no such request": (result(), None, Verdict.UNKNOWN),
    "c8-before the acknowledgement": (result(), known(undecided=True), Verdict.EARLY),
    "one id is enough": (result(OriginatorConversationID=None), known(), Verdict.RESULT),
    "nothing was acknowledged": (
        result(),
        known(originator_conversation_id=None, conversation_id=None),
        Verdict.RESULT,
    ),
    "c11-no callback": (b'{"hello": 1}', known(), Verdict.UNREADABLE),
    "c11-no JSON": (b"{", known(), Verdict.UNREADABLE),
}


@pytest.mark.parametrize(("body", "about", "verdict"), CASES.values(), ids=CASES)
def test_at_the_address_of_its_request(body: bytes, about: Known | None, verdict: Verdict) -> None:
    """By what is known of it."""
    assert judged(body, about).verdict is verdict


@pytest.mark.parametrize(
    ("body", "about", "others", "verdict"),
    [
        pytest.param(result(), known(has_address=False), False, Verdict.RESULT, id="a result"),
        pytest.param(result(), known(), False, Verdict.FORGED, id="c6-its request has an address of its own"),
        pytest.param(result(), None, False, Verdict.UNKNOWN, id="c6-unknown ids"),
        pytest.param(result(), None, True, Verdict.EARLY, id="c8-ids that may still be acknowledged"),
        pytest.param(PAYMENT, None, False, Verdict.PAYMENT, id="a payment"),
    ],
)
def test_at_the_endpoint(body: bytes, about: Known | None, others: bool, verdict: Verdict) -> None:
    """Its ids alone say whose it is."""
    assert judged(body, about, own_address=False, others=others).verdict is verdict


def test_a_notice_is_one_whatever_it_says() -> None:
    """Its address makes it one; contradicting its request makes it a forgery."""
    assert judged(result(), known(), kind=Kind.NOTICE).verdict is Verdict.NOTICE
    assert judged(result(ConversationID="AG_2"), known(), kind=Kind.NOTICE).verdict is Verdict.FORGED
    assert judged(PAYMENT, None, kind=Kind.NOTICE, own_address=False).verdict is Verdict.FORGED


def test_the_same_bytes_elsewhere_are_another_arrival() -> None:
    """A replay is one at the same address; no body shows in a log."""
    one = Arrival(Kind.RESULT, b"n" * 12, "10.0.0.1", BALANCE_2026)
    assert one.digest == Arrival(Kind.RESULT, b"n" * 12, "10.9.9.9", BALANCE_2026).digest
    assert one.digest != Arrival(Kind.NOTICE, b"n" * 12, "10.0.0.1", BALANCE_2026).digest
    assert one.digest != Arrival(Kind.RESULT, b"m" * 12, "10.0.0.1", BALANCE_2026).digest
    assert repr(one) == f"Arrival(result, {len(BALANCE_2026)} bytes from 10.0.0.1)"
