"""The APIs at the door: from bytes to a typed query, and from an admission to an answer."""

import asyncio
import json
from typing import Any

import pytest

from salio.core.access.apps import Throttle
from salio.core.requests.outcomes import Admission
from salio.core.requests.queries import (
    B2BPayment,
    B2CPayment,
    BalanceQuery,
    IdentifierType,
    Reversal,
    StatusQuery,
    TaxRemittance,
)
from salio.gateway.admissions import response_code
from salio.gateway.desk import Desk
from salio.gateway.questions import QuestionEndpoint
from salio.gateway.routes import QUESTIONS, Question
from salio.wire.apis import Api
from salio.wire.results import WITH_RESULT
from tests.builders import an_app
from tests.gateway.asgi import Exchange
from tests.gateway.desks import Core, a_desk, noted

HEADERS = [(b"authorization", b"Bearer app1-1"), (b"content-type", b"application/json")]
MEMBERS = {
    "Initiator": "testapiuser",
    "SecurityCredential": "A" * 342 + "==",
    "PartyA": 600000,
    "IdentifierType": "4",
    "Remarks": "ok",
    "QueueTimeOutURL": "http://myservice:8080/timeout",
    "ResultURL": "http://myservice:8080/result",
    "TransactionID": "MBN31H462N",
    "Occasion": "rent",
    "Surplus": 1,
}
PAYMENT = {
    **{
        name: MEMBERS[name]
        for name in MEMBERS
        if name not in {"Initiator", "IdentifierType", "TransactionID"}
    },
    "OriginatorConversationID": "rent-0",
    "InitiatorName": "testapiuser",
    "Amount": 10.5,
    "PartyB": 254708374149,
}
REVERSAL = {
    **{name: MEMBERS[name] for name in MEMBERS if name not in {"PartyA", "IdentifierType"}},
    "Amount": "10.50",
    "ReceiverParty": 600000,
    "RecieverIdentifierType": 11,
}
TO_BUSINESS = {
    **{name: MEMBERS[name] for name in MEMBERS if name not in {"IdentifierType", "TransactionID"}},
    "SenderIdentifierType": 4,
    "PartyB": "572572",
    "RecieverIdentifierType": "4",
    "Requester": 254708374149,
    "Amount": 10.5,
    "AccountReference": "353353",
}
BODIES = {Api.B2C: PAYMENT, Api.B2B: TO_BUSINESS, Api.TAX_REMITTANCE: TO_BUSINESS, Api.REVERSAL: REVERSAL}
ANSWERED = [each for each in Admission if each not in {Admission.DUPLICATE, Admission.SUBSCRIBER_LOCKED}]
"""Not refused."""
WITH_A_RESULT = [each for each in QUESTIONS if each.api in WITH_RESULT]
EVERY = pytest.mark.parametrize("question", WITH_A_RESULT, ids=lambda each: each.path.removeprefix("/mpesa/"))


def members_of(question: Question) -> dict[str, Any]:
    """A request that this path takes."""
    return {"CommandID": question.api.command, **BODIES.get(question.api, MEMBERS)}


def asked(desk: Desk, question: Question, **changes: Any) -> Exchange:
    """One request to the question's endpoint."""
    members = {**members_of(question), **changes}
    exchange = Exchange(path=question.path, headers=HEADERS, pieces=[json.dumps(members).encode()])
    return asyncio.run(exchange.run(QuestionEndpoint(question, desk)))


def test_every_api_is_a_question() -> None:
    """One row for each of its paths; the two others are answered out of what is known."""
    others = {Api.C2B_REGISTER, Api.EXPRESS_QUERY}
    paths = [(api, path) for api in Api for path in api.paths if api not in others]
    assert [(each.api, each.path) for each in QUESTIONS] == paths


@EVERY
def test_the_core_gets_a_typed_query(question: Question) -> None:
    """Numbers and texts became one form; the credential stays beside the request, never in it."""
    core = Core()
    assert asked(a_desk(core=core), question, OriginatorConversationID="rent-1").status == 200
    (accepted,) = core.accepted
    query, request = accepted.request.query, accepted.request
    assert (query.party, query.identifier_type) == ("600000", IdentifierType.SHORT_CODE)
    assert (query.initiator, query.command, query.remarks) == ("testapiuser", question.api.command, "ok")
    assert query.result_url == "http://myservice:8080/result"
    assert query.queue_time_out_url == "http://myservice:8080/timeout"
    assert accepted.credential == MEMBERS["SecurityCredential"]
    assert accepted.credential not in repr(request)
    assert (request.originator_conversation_id, request.chosen_by_caller) == ("rent-1", True)
    assert request.product is question.product
    if isinstance(query, StatusQuery):
        assert (query.receipt, query.occasion, query.original_conversation_id) == ("MBN31H462N", "rent", None)
        assert request.unknown_members == ("Surplus",)
    elif isinstance(query, B2CPayment):
        assert (query.receiver, query.cents, query.occasion) == ("254708374149", 1050, "rent")
        assert request.unknown_members == ("Surplus",)
    elif isinstance(query, B2BPayment):
        assert (query.receiver, query.receiver_type, query.cents) == (
            "572572",
            IdentifierType.SHORT_CODE,
            1050,
        )
        assert (query.account_reference, query.requester, query.occasion) == (
            "353353",
            "254708374149",
            "rent",
        )
        assert request.unknown_members == ("Surplus",)
    elif isinstance(query, TaxRemittance):
        assert (query.receiver, query.cents, query.account_reference) == ("572572", 1050, "353353")
        assert request.unknown_members == ("Surplus", "Requester")
    elif isinstance(query, Reversal):
        assert (query.receipt, query.cents, query.occasion) == ("MBN31H462N", 1050, "rent")
        assert request.unknown_members == ("Surplus",)
    else:
        assert isinstance(query, BalanceQuery)
        assert request.unknown_members == ("TransactionID", "Occasion", "Surplus")


@EVERY
@pytest.mark.parametrize("admission", ANSWERED)
def test_every_admission_is_answered_with_its_code(question: Question, admission: Admission) -> None:
    """HTTP 200 and the code, under the ids that were drafted; what was declined is noted with its cause."""
    desk = a_desk(core=Core(admission))
    exchange = asked(desk, question)
    answer = json.loads(exchange.body)
    accepted = admission is Admission.ACCEPTED
    assert exchange.status == 200
    assert sorted(answer) == [
        "ConversationID",
        "OriginatorConversationID",
        "ResponseCode",
        "ResponseDescription",
    ]
    assert answer["ResponseCode"] == response_code(admission).code
    assert answer["OriginatorConversationID"] == ("rent-0" if question.api is Api.B2C else "documented-1")
    assert noted(desk) == ([] if accepted else [admission.value])
    assert (desk.counters.acknowledged, desk.counters.declined) == ((1, 0) if accepted else (0, 1))


@EVERY
@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize("admission", ANSWERED)
def test_what_was_declined_is_told_why(question: Question, admission: Admission, told: bool) -> None:
    """Only where reasons are told; of what was accepted there is none."""
    headers = asked(a_desk(core=Core(admission), reasons_told=told), question).headers
    expected = admission.value.encode() if told and admission is not Admission.ACCEPTED else None
    assert headers.get(b"x-salio-reason") == expected


@EVERY
def test_a_duplicate_is_refused(question: Question) -> None:
    """HTTP 500 `500.002.1001`."""
    desk = a_desk(core=Core(Admission.DUPLICATE))
    exchange = asked(desk, question)
    assert (exchange.status, json.loads(exchange.body)["errorCode"]) == (500, "500.002.1001")
    assert noted(desk) == ["OriginatorConversationID: the app used this OriginatorConversationID before"]


@EVERY
@pytest.mark.parametrize("admission", [Admission.DUPLICATE, Admission.OVERLOADED, Admission.INTERNAL_ERROR])
def test_what_is_not_kept_does_not_count(question: Question, admission: Admission) -> None:
    """An app with a quota of one may try again after each."""
    core = Core(admission)
    desk = a_desk(an_app(throttle=Throttle(per_second=None, per_day=1)), core=core)
    for _ in range(3):
        asked(desk, question)
    assert len(core.accepted) == 3
    core.admission = Admission.ACCEPTED
    assert [asked(desk, question).status for _ in range(2)] == [200, 500]
    assert noted(desk)[-1] == "quota: 1 a day allowed, until midnight UTC"


@EVERY
def test_a_refused_body_never_reaches_the_core(question: Question) -> None:
    """And takes no number."""
    core = Core()
    desk = a_desk(core=core)
    assert asked(desk, question, Remarks="").status == 400
    assert core.accepted == []
    assert asked(desk, question).status == 200
    assert [each.request.number for each in core.accepted] == [1]


@EVERY
def test_a_body_that_came_before(question: Question) -> None:
    """It is another request, under ids of its own; an app of another profile has it read by its own rules."""
    core, strict = Core(), an_app(number=2, consumer_key="second", profile="observed")
    desk = a_desk(an_app(profile="documented"), strict, core=core)
    endpoint = QuestionEndpoint(question, desk)
    body = json.dumps({**members_of(question), "CommandID": "PayAnybody"}).encode()

    def ask(token: bytes) -> int | None:
        headers = [(b"authorization", b"Bearer " + token), (b"content-type", b"application/json")]
        return asyncio.run(Exchange(path=question.path, headers=headers, pieces=[body]).run(endpoint)).status

    assert [ask(b"app2-1"), ask(b"app1-1"), ask(b"app1-1"), ask(b"app2-1")] == [400, 200, 200, 400]
    first, again = (each.request for each in core.accepted)
    assert first.query == again.query
    assert first.number != again.number
    cause, same = noted(desk)
    assert cause == same
    assert cause.startswith("CommandID: is not")
