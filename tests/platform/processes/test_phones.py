"""M-PESA Express over several processes: whichever gateway is asked, the deciding core hears the customer."""

import json
import threading
from contextlib import closing
from typing import Any

import pytest

from salio.cli.app import run
from salio.storage.postgres.connection import Session
from salio.wire.apis import Api
from tests.journeys.bodies import MERCHANT, PAYER
from tests.journeys.test_samples import sample
from tests.kill.receiver import Receiver
from tests.patience import until
from tests.serving import Environment, Process

WAITS = "SELECT count(*) FROM pg_locks WHERE NOT granted"
PROMPTS = "/_salio/prompts"
LATER = "SELECT extract(epoch FROM clock_timestamp())::numeric * 1000000 + 61 * 1000000"


def push(served: Environment, gateway: Process, receiver: Receiver, amount: int = 5) -> dict[str, Any]:
    """The acknowledgement of a prompt, or its refusal."""
    here = {
        "Amount": amount,
        "PartyA": PAYER,
        "PhoneNumber": PAYER,
        "CallBackURL": receiver.url("ok", amount),
    }
    body = json.dumps(sample("express_request") | here).encode()
    _, told = gateway.post(Api.EXPRESS.path, body, served.token(gateway))
    answer: dict[str, Any] = json.loads(told)
    return answer


def asked(served: Environment, gateway: Process, checkout: str) -> str:
    """The ResultCode of a query."""
    pushed = sample("express_request")
    signed = {name: pushed[name] for name in ("BusinessShortCode", "Password", "Timestamp")}
    body = json.dumps(signed | {"CheckoutRequestID": checkout}).encode()
    return str(json.loads(gateway.post(Api.EXPRESS_QUERY.path, body, served.token(gateway))[1])["ResultCode"])


def shown(gateway: Process) -> list[dict[str, Any]]:
    """What phones show."""
    listed: list[dict[str, Any]] = json.loads(gateway.get(PROMPTS)[1])["prompts"]
    return listed


def answer(gateway: Process, word: str) -> int:
    """The status of an answer."""
    return gateway.post(f"{PROMPTS}/answer", json.dumps({"msisdn": PAYER, "answer": word}).encode(), "")[0]


def told(receiver: Receiver) -> dict[str, Any]:
    """The one callback."""
    until("the callback", lambda: receiver.callbacks)
    (callback,) = receiver.callbacks
    result: dict[str, Any] = json.loads(callback.body)["Body"]["stkCallback"]
    return result


def pass_a_minute(served: Environment) -> None:
    """For every process: they all have the server's time."""
    with closing(Session(served.url, "sandbox")) as session:
        session.execute(
            f"CREATE OR REPLACE FUNCTION server_time() RETURNS bigint LANGUAGE sql AS $$ {LATER} $$"
        )


def ends(served: Environment) -> list[tuple[str, str, int]]:
    """Of each payment: outcome, state, and what the merchant has got for it in cents."""
    with closing(Session(served.url, "sandbox")) as session:
        found = session.fetch(
            """
            SELECT conclusion.outcome, details::json ->> 'state', coalesce((
                SELECT sum(entry.cents)::bigint FROM entry
                JOIN posting ON posting.number = entry.posting JOIN account ON account.number = entry.account
                WHERE posting.receipt = transaction_.receipt AND account.holder = $1 AND entry.cents > 0), 0)
            FROM conclusion JOIN request USING (number)
            JOIN transaction_ USING (originator_conversation_id)""",
            MERCHANT,
        )
        assert session.fetch("SELECT * FROM prompt") == []
        assert session.fetch("SELECT sum(available + reserved + uncleared)::bigint FROM account") == [(0,)]
    return [(str(outcome), str(state), int(cents)) for outcome, state, cents in found]


def test_the_right_pin_at_another_gateway(
    served: Environment, receiver: Receiver, capsys: pytest.CaptureFixture[str]
) -> None:
    """The phone rings at every gateway's page, control and command; another prompt is refused at the door;
    the query sees it wait, and paid; other calls of the control are somewhere else.
    """
    here, there = served.start("gateway"), served.start("gateway")
    served.start("core"), served.start("delivery")
    checkout = push(served, here, receiver)["CheckoutRequestID"]
    (prompt,) = until("the phone rings", lambda: shown(there))
    assert (prompt["msisdn"], prompt["checkout_request_id"]) == (PAYER, checkout)
    assert checkout in there.get("/phone")[1]
    capsys.readouterr()
    assert run(["phone", "list", "--data", str(served.data)]) == 0
    assert checkout in capsys.readouterr().out
    assert asked(served, here, checkout) == "4999"
    assert "Unable to lock subscriber" in push(served, there, receiver, 6)["errorMessage"]
    assert run(["phone", "answer", PAYER, "right_pin", "--data", str(served.data)]) == 0
    assert told(receiver)["ResultCode"] == 0
    assert [asked(served, each, checkout) for each in (here, there)] == ["0", "0"]
    assert [shown(each) for each in (here, there)] == [[], []]
    assert answer(there, "cancel") == 404
    assert ends(served) == [("succeeded", "Completed", 500)]
    status, refused = here.get("/_salio/clock")
    assert (status, "`salio up`" in refused) == (404, True)


def test_a_query_holds_nobody_up(served: Environment, receiver: Receiver) -> None:
    """While the store keeps it waiting the gateway answers others; when that goes on, it is answered."""
    gateway = served.start("gateway")
    checkout = push(served, gateway, receiver)["CheckoutRequestID"]
    found: list[str] = []
    asking = threading.Thread(target=lambda: found.append(asked(served, gateway, checkout)))
    with closing(Session(served.url, "sandbox")) as session, session.transaction():
        session.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        session.execute("LOCK TABLE request IN ACCESS EXCLUSIVE MODE")
        asking.start()
        until("the query waits", lambda: session.fetch(WAITS)[0][0])
        assert gateway.get("/healthz")[0] == 200
        assert (found, session.fetch(WAITS)[0][0]) == ([], 1)
    asking.join()
    assert found == ["4999"]


def test_nobody_answers(served: Environment, receiver: Receiver) -> None:
    """After a minute of the server's time the payment has expired, and an answer is nobody's."""
    gateway = served.start("gateway")
    served.start("core"), served.start("delivery")
    push(served, gateway, receiver)
    until("the phone rings", lambda: shown(gateway))
    pass_a_minute(served)
    assert told(receiver)["ResultCode"] == 1037
    assert answer(gateway, "right_pin") == 404
    assert ends(served) == [("phone unreachable", "Expired", 0)]


@pytest.mark.parametrize(
    ("hand", "code", "end"),
    [
        pytest.param("right_pin", 0, ("succeeded", "Completed", 500), id="right PIN"),
        pytest.param("no_answer", 1037, ("phone unreachable", "Expired", 0), id="told that nobody answers"),
        pytest.param(None, 1037, ("phone unreachable", "Expired", 0), id="no answer"),
    ],
)
def test_the_core_dies_while_the_phone_rings(
    served: Environment, receiver: Receiver, hand: str | None, code: int, end: tuple[str, str, int]
) -> None:
    """What is answered meanwhile is kept for the next core, though by then the minute is over; of one payment
    there is one end.
    """
    gateway, core = served.start("gateway"), served.start("core")
    served.start("delivery")
    push(served, gateway, receiver)
    until("the phone rings", lambda: shown(gateway))
    core.kill()
    if hand is not None:
        assert answer(gateway, hand) == 200
        assert (answer(gateway, "wrong_pin"), shown(gateway)) == (404, [])
    gateway.kill()
    pass_a_minute(served)
    served.start("core")
    assert told(receiver)["ResultCode"] == code
    assert ends(served) == [end]
