"""X-Salio-Reason: each named cause in its own words, in the answer or in the callback's request.

Every row is held against all patterns, so that no two causes can be taken for one another.
"""

import re
import socket
from queue import SimpleQueue

import pytest

from salio.platform.clock import SystemClock
from salio.wire.apis import Api
from salio.wire.reason import REASON, reason
from tests.delivery.receivers import OK, receiving
from tests.delivery.receivers import Receiver as RawReceiver
from tests.journeys.client import basic
from tests.journeys.conftest import Fresh
from tests.journeys.reasons import FAILURES, REFUSALS, Failure, Refusal
from tests.journeys.running import BALANCE, STATUS, Platform
from tests.journeys.subjects import C2B_RECEIPT
from tests.journeys.test_endings import SHORTEST
from tests.journeys.wrong_credentials import CREDENTIALS
from tests.patience import PATIENCE

HEADER = REASON.lower()
RESULTS = [*FAILURES, *CREDENTIALS]
PATTERNS = {
    **{each.what: each.pattern for each in RESULTS},
    **{each.what: each.pattern for each in REFUSALS},
}
"""The words of every row, by what it is."""


def meant(told: str) -> list[str]:
    """The rows whose words these are."""
    return [what for what, pattern in PATTERNS.items() if re.fullmatch(pattern, told)]


def ids(row: Failure | Refusal) -> str:
    """A row's name in the report."""
    return row.what


@pytest.mark.parametrize("row", RESULTS, ids=ids)
def test_a_failed_result_tells_its_cause(documented: Platform, row: Failure) -> None:
    """In the callback's request, in words that no other cause has."""
    told = row.asked(documented)[HEADER]
    assert re.fullmatch(row.pattern, told)
    assert meant(told) == [row.what]


@pytest.mark.parametrize("row", REFUSALS, ids=ids)
def test_a_refusal_tells_its_cause(documented: Platform, row: Refusal) -> None:
    """In the answer, in words that no other cause has; the log keeps the same."""
    answer = row.asked(documented)
    told = answer.headers[HEADER]
    assert re.fullmatch(row.pattern, told)
    assert meant(told) == [row.what]
    assert reason(documented.refusal(answer).cause) == told


@pytest.mark.parametrize(
    ("command", "told"),
    [
        pytest.param(
            "TransactionStatusQuery",
            "CommandID: is not `AccountBalance`; "
            "TransactionStatusQuery belongs to the Transaction Status API",
            id="another API's",
        ),
        pytest.param("Secret", "CommandID: is not `AccountBalance`", id="nobody's"),
    ],
)
def test_another_command_in_observed(observed: Platform, command: str, told: str) -> None:
    """There the gateway refuses it, and says the same."""
    assert observed.ask(BALANCE, {"CommandID": command}).headers[HEADER] == told


def test_an_answer_without_a_body_tells_its_cause(observed: Platform) -> None:
    """The profile that explains nothing in the body has the header all the same."""
    answer = observed.grant(basic(observed.app.key, "wrong"))
    assert (answer.body, answer.headers[HEADER]) == (b"", "wrong consumer secret")


def test_an_acknowledgement_that_declines_tells_its_cause(fresh: Fresh) -> None:
    """HTTP 200 with another ResponseCode than 0."""
    answer = fresh(most_waiting=0).ask(BALANCE)
    assert (answer.status, answer.json["ResponseCode"]) == (200, "100000001")
    assert answer.headers[HEADER] == "too many requests wait to be decided"


def test_a_timeout_notice_tells_its_cause(fresh: Fresh) -> None:
    """At QueueTimeOutURL."""
    callback = fresh(clock=SystemClock(), longest_wait=SHORTEST).result(BALANCE)
    assert callback.path == "/timeout"
    assert re.fullmatch(r"waited [\d.e-]+ s in the queue, \S*[1-9]\S* s allowed", callback.headers[HEADER])


def test_a_fault_of_ours_tells_its_name_alone(fresh: Fresh) -> None:
    """Its words could quote a row of anybody's: they stay in the log."""
    platform = fresh()
    platform.beside.change("UPDATE transaction_ SET details = 'damaged' WHERE receipt = ?", C2B_RECEIPT)
    callback = platform.result(STATUS)
    assert callback.headers[HEADER] == ("a fault of the platform's own, DecodeError; its log has the rest")
    assert HEADER not in platform.result(BALANCE).headers


def test_success_tells_nothing(platform: Platform, api: Api) -> None:
    """Neither the token, nor the acknowledgement, nor the result has the header."""
    assert HEADER not in platform.grant(basic(platform.app.key, platform.app.secret)).headers
    assert HEADER not in platform.ask(api).headers
    assert HEADER not in platform.result(api).headers


def test_promise_3_a_resend_is_the_same_to_the_byte(fresh: Fresh) -> None:
    """A failed result that the platform's end interrupted leaves again after a start, reason included."""
    came: SimpleQueue[bytes] = SimpleQueue()

    def behave(connection: socket.socket, receiver: RawReceiver) -> None:
        came.put(receiver.read_request(connection))
        if len(receiver.requests) == 1:
            receiver.over.wait()
        connection.sendall(OK)

    platform = fresh()
    with receiving(behave) as receiver:
        assert platform.ask(BALANCE, {"Initiator": "nobody", "ResultURL": receiver.url()}).status == 200
        first = came.get(timeout=PATIENCE)
        platform.restarted()
        assert came.get(timeout=PATIENCE) == first
    assert b"\r\nX-Salio-Reason: no initiator nobody at 600000\r\n" in first


def test_production_says_nothing(fresh: Fresh) -> None:
    """Switched off, no row of either table has the header, and the log has every cause all the same."""
    platform = fresh(reasons_told=False)
    for row in RESULTS:
        assert HEADER not in row.asked(platform), row.what
    for refusal in REFUSALS:
        assert HEADER not in refusal.asked(platform).headers, refusal.what
    assert {each.what for each in REFUSALS} == {
        what for kept in platform.refusals() for what in meant(reason(kept.cause))
    }
