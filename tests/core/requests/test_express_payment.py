"""M-PESA Express: a customer is asked by a prompt, and pays, refuses or says nothing (Result codes)."""

from typing import Any

import pytest

from salio.core.ledger.accounts import Account, AccountKind, Balance
from salio.core.ledger.tariffs import Limit, LimitRow, Tariffs
from salio.core.ports import AcceptedRequest, StoreUnavailableError
from salio.core.requests.express_payment import SAME_AGAIN_AFTER
from salio.core.requests.intake import Submission
from salio.core.requests.outcomes import Admission, Outcome, PromptFacts, StatusFacts
from salio.core.requests.prompts import ANSWERED_WITHIN, LONGEST_PROMPT, CustomerWord, Prompt
from salio.core.requests.queries import ExpressPayment
from salio.core.transactions.states import TransactionState
from tests.builders import (
    MSISDN,
    a_status_query,
    a_store,
    a_till,
    an_app,
    an_operator,
    an_organization,
    changed,
)
from tests.core.requests import paying
from tests.core.requests.paying import PAYBILL, POOR, RICH
from tests.core.requests.running import OUTAGE, Running, ShakyStore, running
from tests.core.requests.test_waiting import again, held
from tests.stores import seed

STORE_CODE, TILL, LONG = "700110", "7001101", "600999"
APP = an_app(short_codes=frozenset({PAYBILL, STORE_CODE, LONG}))
MORE = (
    an_organization(short_code="700100"),
    a_store(STORE_CODE, "700100"),
    a_till(TILL, STORE_CODE),
    an_organization(short_code=LONG, name="N" * (LONGEST_PROMPT - 50)),
)
"""A till below a store, and a paybill with a long name."""
MERCHANT = Account(number=len(paying.ACCOUNTS) + 1, holder=TILL, kind=AccountKind.MERCHANT)
UTILITY = Account(number=len(paying.ACCOUNTS) + 2, holder=LONG, kind=AccountKind.UTILITY)
HELD = Balance(95_000)
RIGHT, WRONG = CustomerWord.PIN_RIGHT, CustomerWord.PIN_WRONG
SILENT = CustomerWord.NOT_ANSWERED
INITIATED, COMPLETED = TransactionState.INITIATED, TransactionState.COMPLETED
CANCELLED, DECLINED = TransactionState.CANCELLED, TransactionState.DECLINED


def settle_down(store: ShakyStore) -> None:
    """The small country, and three more short codes."""
    paying.settle_down(store)
    operator = an_operator(number=9, short_code=STORE_CODE, roles=paying.ROLES)
    seed(store, organizations=MORE, operators=[operator], accounts=[MERCHANT, UTILITY])


@pytest.fixture
def run() -> Running:
    """A process on it."""
    run = running(settle=settle_down)
    run.apps.refresh([APP], (), ())
    return run


def a_push(**changes: Any) -> ExpressPayment:
    """*Have this customer pay* a hundred shillings to the paybill."""
    query = ExpressPayment(
        command="CustomerPayBillOnline",
        merchant=PAYBILL,
        party=PAYBILL,
        payer=RICH,
        phone=RICH,
        cents=10_000,
        account_reference="invoice008",
        description=None,
        result_url="http://shop/paid",
    )
    return changed(query, changes)


def prompted(run: Running, **changes: Any) -> Prompt:
    """The prompt that the request of these changes puts on a phone."""
    run.submit(query=a_push(**changes), app=APP)
    run.drain()
    prompt = run.processor.waiting_for_words()[-1].question
    assert isinstance(prompt, Prompt)
    return prompt


def answered(run: Running, word: CustomerWord) -> None:
    """Whoever holds the one phone that rings answers."""
    (asked,) = run.processor.waiting_for_words()
    assert run.processor.heard(asked.accepted.request.number, word)
    run.drain()


def state(run: Running, number: int = 1) -> TransactionState:
    """What the store has of the payment of that request."""
    receipt = f"UHG{number:07d}"
    return run.store.find_transactions([receipt], []).by_receipt[receipt].state


def ended(run: Running, **changes: Any) -> tuple[Outcome, str]:
    """How a request of these changes ends at once, and why."""
    run.submit(query=a_push(**changes), app=APP)
    run.drain()
    decision = run.decided[-1][1].decision
    return decision.outcome, decision.cause


def test_a_phone_shows_it(run: Running) -> None:
    """Who asks, how much and what for; meanwhile the transaction is Initiated and nothing is set aside."""
    prompt = prompted(run, phone=POOR)
    assert prompt.text == "Pay KES 100.00 to Paybill for invoice008? Enter your M-PESA PIN:"
    assert (prompt.phone, prompt.until) == (POOR, run.clock.now() + ANSWERED_WITHIN)
    assert (state(run), held(run)) == (INITIATED, HELD)
    assert run.processor.prompted(POOR)
    assert not run.processor.prompted(RICH)


ANSWERS = [
    pytest.param(RIGHT, Outcome.SUCCEEDED, COMPLETED, 85_000, id="right PIN"),
    pytest.param(WRONG, Outcome.PIN_WRONG, DECLINED, 95_000, id="wrong PIN"),
    pytest.param(CustomerWord.PIN_LOCKED, Outcome.PIN_LOCKED, DECLINED, 95_000, id="locked PIN"),
    pytest.param(CustomerWord.CANCELLED, Outcome.PROMPT_CANCELLED, CANCELLED, 95_000, id="cancelled"),
    pytest.param(SILENT, Outcome.PHONE_UNREACHABLE, TransactionState.EXPIRED, 95_000, id="no answer"),
]


@pytest.mark.parametrize("restarted", [False, True], ids=["", "after a restart"])
@pytest.mark.parametrize(("word", "outcome", "end", "left"), ANSWERS)
def test_what_comes_of_an_answer(
    run: Running, word: CustomerWord, outcome: Outcome, end: TransactionState, left: int, *, restarted: bool
) -> None:
    """The payment is made, or nothing has moved; after a restart the phone shows the same prompt."""
    prompt = prompted(run)
    if restarted:
        run = again(run)
        run.apps.refresh([APP], (), ())
        run.drain()
        assert run.processor.waiting_for_words()[0].question == prompt
    answered(run, word)
    assert run.outcomes() == [outcome]
    assert (state(run), held(run)) == (end, Balance(left))
    assert run.ledger.book.total("KES") == 0
    assert not run.processor.prompted(RICH)


def test_what_is_told_of_a_payment(run: Running) -> None:
    """The transaction at its end; a status query finds the same by the request's conversation."""
    prompted(run)
    answered(run, RIGHT)
    request, conclusion = run.decided[0]
    facts = conclusion.decision.facts
    assert isinstance(facts, PromptFacts)
    assert (facts.transaction.state, facts.transaction.finalised_at) == (COMPLETED, run.clock.now())
    query = a_status_query(
        party=PAYBILL, receipt=None, original_conversation_id=request.originator_conversation_id
    )
    run.submit(query=query, app=APP)
    run.drain()
    status = run.decided[-1][1].decision.facts
    assert isinstance(status, StatusFacts)
    assert status.transaction == facts.transaction


def test_nobody_answers(run: Running) -> None:
    """After a minute, not before, it has expired; a word that comes later is nobody's."""
    prompted(run)
    run.clock.advance(seconds=ANSWERED_WITHIN.total_seconds() - 1)
    run.drain()
    assert state(run) is INITIATED
    run.clock.advance(seconds=1)
    run.drain()
    assert run.outcomes() == [Outcome.PHONE_UNREACHABLE]
    assert (state(run), held(run)) == (TransactionState.EXPIRED, HELD)
    assert not run.processor.heard(1, RIGHT)


def keep_elsewhere(run: Running, number: int, word: CustomerWord) -> None:
    """Another process keeps an answer: this one has not heard of it."""
    with run.store.unit() as unit:
        assert list(unit.answer_prompts({number: word})) == [number]


def test_an_answer_that_comes_with_the_end_of_the_minute(run: Running) -> None:
    """It was acknowledged, so it decides the payment, which does not expire; its neighbours do."""
    prompted(run)
    prompted(run, payer=POOR, phone=POOR, cents=500)
    keep_elsewhere(run, 1, CustomerWord.CANCELLED)
    run.clock.advance(seconds=ANSWERED_WITHIN.total_seconds())
    run.drain()
    assert sorted(each.name for each in run.outcomes()) == ["PHONE_UNREACHABLE", "PROMPT_CANCELLED"]
    assert (state(run, 1), state(run, 2)) == (CANCELLED, TransactionState.EXPIRED)
    assert run.store.customers_words() == {}
    with run.store.unit() as unit:
        assert not unit.answer_prompts({1: RIGHT, 2: RIGHT})


def test_a_silence_that_comes_with_the_end_of_the_minute(run: Running) -> None:
    """It is the end that it asks for: nobody has to be heard first."""
    prompted(run)
    keep_elsewhere(run, 1, SILENT)
    run.clock.advance(seconds=ANSWERED_WITHIN.total_seconds())
    run.drain()
    assert (run.outcomes(), state(run)) == ([Outcome.PHONE_UNREACHABLE], TransactionState.EXPIRED)


def test_an_answer_that_comes_while_the_prompt_is_committed(run: Running) -> None:
    """It is learnt of before anybody waits for it, and decides the payment all the same."""
    run.submit(query=a_push(), app=APP)
    run.turn()
    batch = run.processor.take()
    with run.store.unit() as unit:
        run.processor.write(unit, batch)
    keep_elsewhere(run, 1, RIGHT)
    run.processor.learn(1, RIGHT)
    run.processor.settle(batch)
    run.drain()
    assert run.outcomes() == [Outcome.SUCCEEDED]


def test_an_answer_that_outlives_whoever_was_to_decide(run: Running) -> None:
    """The next process learns of it at its start, and decides by it though the minute is over by then."""
    prompted(run)
    keep_elsewhere(run, 1, RIGHT)
    run.clock.advance(seconds=3600)
    run = again(run)
    run.apps.refresh([APP], (), ())
    for number, word in run.store.customers_words().items():
        run.processor.learn(number, word)
    run.drain()
    assert (run.outcomes(), state(run)) == ([Outcome.SUCCEEDED], COMPLETED)


def test_a_till_is_paid_by_its_store(run: Running) -> None:
    """FAQ 10: BusinessShortCode is the store, PartyB the till; the money comes into Merchant."""
    prompted(run, command="CustomerBuyGoodsOnline", merchant=STORE_CODE, party=TILL)
    answered(run, RIGHT)
    assert run.outcomes() == [Outcome.SUCCEEDED]
    assert run.ledger.book.balance(MERCHANT.number) == Balance(10_000)


REFUSED = {
    "not the app's any more": ({"merchant": "600000"}, Outcome.PRODUCT_NOT_ASSIGNED, "600000 is no short"),
    "PartyB is nobody": ({"party": "999999"}, Outcome.RECEIVER_UNKNOWN, "nobody has the short code 999999"),
    "PartyB is not below": ({"party": TILL}, Outcome.PRODUCT_NOT_ASSIGNED, f"{TILL} is neither"),
    "another kind": (
        {"command": "CustomerBuyGoodsOnline"},
        Outcome.PRODUCT_NOT_ASSIGNED,
        f"{PAYBILL} is a paybill",
    ),
    "an unknown payer": ({"payer": "254799999999"}, Outcome.PHONE_UNREACHABLE, "PartyA 254799999999"),
    "an unknown phone": ({"phone": "254799999999"}, Outcome.PHONE_UNREACHABLE, "PhoneNumber 254799999999"),
}


@pytest.mark.parametrize(("changes", "outcome", "cause"), REFUSED.values(), ids=REFUSED)
def test_what_no_phone_shows(run: Running, changes: dict[str, Any], outcome: Outcome, cause: str) -> None:
    """It ends at once, and there is no transaction."""
    said, why = ended(run, **changes)
    assert said is outcome
    assert cause in why
    assert not run.store.find_transactions(["UHG0000001"], []).by_receipt


DECLINED_AT_ONCE = {
    "too little": ({"cents": 99}, Outcome.AMOUNT_TOO_SMALL),
    "too much": ({"cents": 90_100}, Outcome.AMOUNT_TOO_LARGE),
    "too long a prompt": ({"merchant": LONG, "party": LONG}, Outcome.PUSH_FAILED),
}


@pytest.mark.parametrize(("changes", "outcome"), DECLINED_AT_ONCE.values(), ids=DECLINED_AT_ONCE)
def test_what_is_declined_at_once(run: Running, changes: dict[str, Any], outcome: Outcome) -> None:
    """It is a transaction that moved nothing."""
    assert ended(run, **changes)[0] is outcome
    assert (state(run), held(run)) == (DECLINED, HELD)


def test_the_money_is_looked_for_when_the_pin_has_come(run: Running) -> None:
    """How It Works 5: PIN first, then the wallet."""
    prompted(run, payer=POOR, phone=POOR)
    answered(run, RIGHT)
    assert run.outcomes() == [Outcome.BALANCE_INSUFFICIENT]
    assert state(run) is DECLINED


def test_the_organizations_account_is_full(run: Running) -> None:
    """Code 8: looked at when the PIN has come, whatever the customer has; what just fits is paid."""
    row = LimitRow(limit=Limit.REVENUE_BALANCE, effective_from=paying.SINCE, cents=110_000)
    run.ledger.tariffs = Tariffs(paying.BANDS, [*paying.LIMITS, row])
    prompted(run, cents=10_100)
    answered(run, RIGHT)
    assert (state(run), held(run)) == (DECLINED, HELD)
    prompted(run, cents=10_000)
    answered(run, RIGHT)
    assert run.outcomes() == [Outcome.BALANCE_LIMIT_EXCEEDED, Outcome.SUCCEEDED]


def test_the_same_payment_again(run: Running) -> None:
    """Code 17: within two minutes of a payment the same amount is a mistake; another is none."""
    prompted(run)
    answered(run, RIGHT)
    assert ended(run)[0] is Outcome.RULE_LIMITED
    prompted(run, cents=10_100)
    answered(run, RIGHT)
    run.clock.advance(seconds=SAME_AGAIN_AFTER.total_seconds())
    prompted(run)


def test_after_a_refusal_the_same_may_be_asked_for(run: Running) -> None:
    """Only what was paid can be paid twice."""
    prompted(run)
    answered(run, CustomerWord.CANCELLED)
    prompted(run)


def test_one_prompt_at_a_time(run: Running) -> None:
    """A second one is refused at the door; of two in one batch the later ends as locked (1001)."""
    prompted(run)
    refused = run.intake.draft(APP, a_push())
    assert run.intake.submit(Submission(AcceptedRequest(refused, ""), 0)) is Admission.SUBSCRIBER_LOCKED
    other = run.intake.draft(APP, a_push(phone=MSISDN, payer=MSISDN))
    assert run.intake.submit(Submission(AcceptedRequest(other, ""), 1)) is None
    assert run.intake.submit(Submission(AcceptedRequest(run.intake.draft(APP, other.query), ""), 2)) is None
    run.drain()
    assert run.outcomes() == [Outcome.SUBSCRIBER_LOCKED]
    assert len(run.processor.waiting_for_words()) == 2


def test_who_waited_behind_a_prompt(run: Running) -> None:
    """A gateway beside the core cannot see what phones show: what it let in is refused when it is decided."""
    prompted(run)
    behind = run.intake.draft(APP, a_push(cents=10_100))
    with run.store.unit() as unit:
        unit.add_requests([AcceptedRequest(behind, "")])
    run.processor.enqueue([AcceptedRequest(behind, "")])
    run.drain()
    assert run.outcomes() == [Outcome.SUBSCRIBER_LOCKED]
    answered(run, RIGHT)
    assert run.outcomes() == [Outcome.SUBSCRIBER_LOCKED, Outcome.SUCCEEDED]


def test_one_phone_for_two_payers(run: Running) -> None:
    """Of two prompts at one phone in one batch the later is locked, whoever pays; also at the second try."""
    run.submit(query=a_push(payer=POOR, phone=RICH), app=APP)
    run.submit(query=a_push(payer=MSISDN, phone=RICH), app=APP)
    run.turn()
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    run.drain()
    assert run.outcomes() == [Outcome.SUBSCRIBER_LOCKED]
    answered(run, CustomerWord.CANCELLED)
    prompted(run, payer=MSISDN, phone=RICH)


def test_a_restart_with_somebody_behind_a_prompt(run: Running) -> None:
    """The phone shows its prompt again before anything else that waited for it: that is locked."""
    prompt = prompted(run)
    behind = run.intake.draft(APP, a_push(cents=10_100, payer=POOR))
    with run.store.unit() as unit:
        unit.add_requests([AcceptedRequest(behind, "")])
    run = again(run)
    run.apps.refresh([APP], (), ())
    run.drain()
    (asked,) = run.processor.waiting_for_words()
    assert (asked.question, run.outcomes()) == (prompt, [Outcome.SUBSCRIBER_LOCKED])


def test_an_answer_that_is_not_kept(run: Running) -> None:
    """While the end of a prompt is not durable its phone shows no other: a death would have it ring again."""
    prompted(run)
    behind = run.intake.draft(APP, a_push(cents=10_100, payer=POOR))
    with run.store.unit() as unit:
        unit.add_requests([AcceptedRequest(behind, "")])
    run.processor.enqueue([AcceptedRequest(behind, "")])
    assert run.processor.heard(1, RIGHT)
    run.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        run.turn()
    run.drain()
    assert run.outcomes() == [Outcome.SUBSCRIBER_LOCKED, Outcome.SUCCEEDED]
    assert not run.processor.waiting_for_words()


def test_the_checkout_request_id_stands_for_the_conversation(run: Running) -> None:
    """Of a prompt alone."""
    assert run.intake.draft(APP, a_push()).conversation_id.startswith("ws_CO_")
    assert run.intake.draft(APP, a_status_query()).conversation_id.startswith("AG_")


def test_an_end_that_the_store_refuses(run: Running) -> None:
    """The transaction is declined, and the customer has all there was."""
    prompted(run)
    run.store.poisoned = {1}
    answered(run, RIGHT)
    assert run.outcomes() == [Outcome.INTERNAL_FAILURE]
    assert (state(run), held(run)) == (DECLINED, HELD)
