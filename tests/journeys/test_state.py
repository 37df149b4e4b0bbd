"""The state under `/_salio/`: reset, and snapshots that come back, while the platform runs."""

import json
import re
import socket
import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from salio.core.access.apps import Throttle
from salio.platform.clock import SystemClock
from salio.platform.settings import Settings
from salio.storage.sqlite.connection import connect, connect_to_read
from tests.delivery.receivers import Receiver as RawReceiver
from tests.delivery.receivers import receiving
from tests.journeys.client import Answer, basic
from tests.journeys.conftest import Fresh
from tests.journeys.provoking import call
from tests.journeys.raw import head, hear, length
from tests.journeys.receiver import Receiver
from tests.journeys.running import BALANCE, STATUS, Platform
from tests.journeys.test_catalogue_pipeline import until_idle
from tests.patience import PATIENCE, until

JSON = ("Content-Type", "application/json")
SNAPSHOTS, RESET = "/_salio/snapshots", "/_salio/reset"


def done(answer: Answer) -> Any:
    """What a call that succeeded says."""
    assert answer.status == 200, answer.body
    return answer.json


def take(platform: Platform, name: str = "before", **more: object) -> Any:
    """Takes a snapshot of a platform at rest."""
    done(call(platform, "POST", "/_salio/flush"))
    return done(call(platform, "POST", SNAPSHOTS, name=name, **more))


def restore(platform: Platform, name: str = "before") -> Any:
    """Brings it back."""
    return done(call(platform, "POST", f"{SNAPSHOTS}/{name}/restore"))


def content(platform: Platform) -> list[str]:
    """Everything in both databases, as statements."""
    found: list[str] = []
    for name in ("sandbox", "portal"):
        with closing(connect_to_read(platform.data / f"{name}.db")) as connection:
            found += connection.iterdump()
    return found


def pages(platform: Platform) -> list[bytes]:
    """What whoever looks is shown."""
    paths = ("/inbox/mine?format=json", "/inbox/other?format=json", SNAPSHOTS)
    return [platform.send("GET", path).body for path in paths]


def live(platform: Platform) -> None:
    """Everything that a state is made of happens once."""
    assert platform.result(BALANCE).code == "0"
    assert platform.ask(STATUS, {"OriginatorConversationID": "mine"}).json["ResponseCode"] == "0"
    assert platform.ask(BALANCE, {"Remarks": ""}).status == 400
    for _ in range(5):
        assert platform.result(STATUS, {"SecurityCredential": platform.credential("wrong")}).code == "18"
    assert platform.result(STATUS).code == "18"
    assert platform.send("POST", "/inbox/mine", [JSON], b'{"Result": 1}').status == 200
    done(call(platform, "POST", "/_salio/flush"))


class Unanswered:
    """A receiver that reads a request and never answers; whoever waits is told when one has come."""

    def __init__(self) -> None:
        self._came = threading.Semaphore(0)

    def __call__(self, connection: socket.socket, receiver: RawReceiver) -> None:
        receiver.read_request(connection)
        self._came.release()
        receiver.over.wait()

    def wait(self) -> None:
        """Until one more has come."""
        assert self._came.acquire(timeout=PATIENCE)


# --- a snapshot comes back ---------------------------------------------------------------------------------


def test_everything_is_as_before(sandbox: Platform) -> None:
    """To the byte: requests, results, locks, apps, revoked tokens, quotas, inboxes; in memory too."""
    quota = sandbox.add_app(throttle=Throttle(per_day=2))
    assert sandbox.result(BALANCE, app=quota).code == "0"
    token = sandbox.token()
    assert sandbox.send("POST", "/inbox/mine", [JSON], b"{}").status == 200
    facts = take(sandbox)
    before, shown = content(sandbox), pages(sandbox)
    live(sandbox)
    late = sandbox.add_app()
    assert [sandbox.ask(BALANCE, app=quota).status for _ in range(2)] == [200, 500]
    assert sandbox.result(BALANCE, {"Initiator": "testapi", "PartyA": "600310"}, app=late).code == "0"
    sandbox.revoke(token)
    assert sandbox.ask(BALANCE).status == 401
    done(call(sandbox, "POST", "/_salio/flush"))
    assert content(sandbox) != before

    assert restore(sandbox) == facts
    assert (content(sandbox), pages(sandbox)) == (before, shown)
    assert sandbox.result(STATUS).code == "0"
    assert sandbox.result(STATUS, {"OriginatorConversationID": "mine"}).code == "0"
    assert sandbox.result(STATUS, {"SecurityCredential": sandbox.credential("wrong")}).code == "18"
    assert sandbox.ask(BALANCE, app=late).status == 401
    assert sandbox.grant(basic(late.key, late.secret)).status == 400
    assert [sandbox.ask(BALANCE, app=quota).status for _ in range(2)] == [200, 500]


def test_a_later_state_comes_back_too(sandbox: Platform) -> None:
    """Back and forth, as often as wanted; a locked initiator is locked again."""
    take(sandbox, "first")
    live(sandbox)
    take(sandbox, "locked")
    kept, refused = sandbox.kept(), len(sandbox.refusals())
    for _ in range(2):
        restore(sandbox, "first")
        assert sandbox.result(STATUS).code == "0"
        restore(sandbox, "locked")
        assert (sandbox.kept(), len(sandbox.refusals())) == (kept, refused)
        assert sandbox.result(STATUS).code == "18"


def test_identifiers_are_never_given_twice(fresh: Fresh) -> None:
    """Numbers begin again where the state has them; the ids that callers see are new ones.

    By a seed: the documented form has some nine thousand ids for one number, and chance has met one twice.
    """
    sandbox = fresh(seed="7")
    take(sandbox)
    given = []
    for _ in range(3):
        answer = sandbox.ask(BALANCE).json
        given += [answer["OriginatorConversationID"], answer["ConversationID"]]
        assert sandbox.rows("SELECT number FROM request") == [(1,)]
        restore(sandbox)
    assert len(set(given)) == 6


def test_what_was_open_is_taken_up_as_after_a_crash(sandbox: Platform) -> None:
    """A result that was under way when the snapshot was taken leaves once more, byte for byte."""
    unanswered = Unanswered()
    with receiving(unanswered) as receiver:
        answer = sandbox.ask(BALANCE, {"ResultURL": receiver.url()})
        assert answer.json["ResponseCode"] == "0"
        unanswered.wait()
        done(call(sandbox, "POST", SNAPSHOTS, name="open"))
        assert sandbox.on_loop(sandbox.sandbox.courier.busy) == 1
        restore(sandbox, "open")
        unanswered.wait()
        assert sandbox.on_loop(sandbox.sandbox.courier.busy) == 1
        assert sandbox.rows("SELECT count(*) FROM resend") == [(1,)]
        restore(sandbox, "open")
        unanswered.wait()
    until_idle(sandbox)
    first, *more = [each.partition(b"\r\n\r\n")[2] for each in receiver.requests]
    assert more == [first, first]


def test_what_is_open_now_is_dropped(sandbox: Platform) -> None:
    """Nothing of the former state is recorded in the new one, though its receiver answers late."""
    take(sandbox)
    unanswered = Unanswered()
    with receiving(unanswered) as receiver:
        sandbox.ask(BALANCE, {"ResultURL": receiver.url()})
        unanswered.wait()
        restore(sandbox)
        assert sandbox.on_loop(sandbox.sandbox.courier.busy) == 0
        assert sandbox.ask(STATUS).json["ResponseCode"] == "0"
    until_idle(sandbox)
    assert sandbox.rows("SELECT number, status FROM attempt_end") == [(1, 200)]


@pytest.mark.parametrize("path", [f"{SNAPSHOTS}/before/restore", RESET], ids=["restore", "reset"])
def test_a_request_that_is_half_sent(sandbox: Platform, path: str) -> None:
    """It came to the former state and is declined with the documented code; its connection lives on."""
    take(sandbox)
    body = json.dumps(sandbox.body(BALANCE)).encode()
    again = head(sandbox, BALANCE, b"Connection: close", length(body)) + b"\r\n" + body
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=PATIENCE) as caller:
        caller.sendall(head(sandbox, BALANCE, length(body)) + b"\r\n" + body[:100])
        done(call(sandbox, "GET", "/_salio/clock"))  # the gateway has begun to read it
        done(call(sandbox, "POST", path))
        caller.sendall(body[100:])
        caller.sendall(again)
        heard = hear(caller)
    assert heard.statuses == [200, 200]
    assert [b'"ResponseCode":"100000004"' in each for each in heard.content.split(b"HTTP/1.1 ")[1:]] == [
        True,
        False,
    ]
    assert sandbox.kept() == 1


def test_a_callback_that_is_half_sent(sandbox: Platform) -> None:
    """The built-in inbox says that it was not kept."""
    take(sandbox)
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=PATIENCE) as caller:
        caller.sendall(
            b"POST /inbox/mine HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{"
        )
        done(call(sandbox, "GET", "/_salio/clock"))
        restore(sandbox)
        caller.sendall(b"}")
        assert hear(caller).statuses == [503]


def test_the_pages_go_on(sandbox: Platform) -> None:
    """Health, readiness and metrics; counts begin again, as after a start."""
    take(sandbox)
    live(sandbox)
    restore(sandbox)
    assert sandbox.result(BALANCE).code == "0"
    done(call(sandbox, "POST", "/_salio/flush"))
    assert [sandbox.send("GET", path).status for path in ("/healthz", "/readyz", "/")] == [200] * 3
    metrics = sandbox.send("GET", "/metrics").body
    for name in (b"requests_acknowledged", b"results_delivered"):
        assert b"salio_%s_total 1.0\n" % name in metrics


def test_it_outlives_the_platform(sandbox: Platform) -> None:
    """A snapshot is there after a start; and so is a state that was brought back."""
    facts = take(sandbox)
    live(sandbox)
    restore(sandbox)
    before = content(sandbox)
    again = sandbox.restarted()
    assert content(again) == before
    live(again)
    assert restore(again) == facts
    assert again.kept() == 0


def test_a_store_that_cannot_be_written(sandbox: Platform) -> None:
    """It is said with 503, nothing has changed, and requests go on."""
    take(sandbox)
    live(sandbox)
    kept = sandbox.kept()
    with closing(connect(sandbox.data / "portal.db")) as other:
        other.execute("BEGIN IMMEDIATE")
        for path in (f"{SNAPSHOTS}/before/restore", RESET):
            answer = call(sandbox, "POST", path)
            assert answer.status == 503
            assert "another program is writing to it: nothing was changed" in answer.json["error"]
    assert sandbox.kept() == kept
    assert sandbox.result(BALANCE, {"Initiator": "testapi", "PartyA": "600310"}).code == "0"
    restore(sandbox)


@pytest.mark.parametrize("path", [f"{SNAPSHOTS}/before/restore", RESET], ids=["restore", "reset"])
def test_an_act_that_is_half_sent(sandbox: Platform, path: str) -> None:
    """It came to the former state, and whoever wants it learns that it was not kept."""
    take(sandbox)
    body = b'{"short_code": "600000", "name": "testapiuser"}'
    lines = b"Host: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n" + length(body)
    with socket.create_connection(("127.0.0.1", sandbox.port), timeout=PATIENCE) as caller:
        caller.sendall(b"POST /_salio/initiators/lock HTTP/1.1\r\n" + lines + b"\r\n\r\n" + body[:9])
        done(call(sandbox, "GET", "/_salio/clock"))
        done(call(sandbox, "POST", path))
        caller.sendall(body[9:])
        heard = hear(caller)
    assert heard.statuses == [503]
    assert b"nothing has changed" in heard.content
    assert sandbox.result(BALANCE).code == "0"


@pytest.mark.parametrize("path", [f"{SNAPSHOTS}/before/restore", RESET], ids=["restore", "reset"])
@pytest.mark.parametrize(
    "fault", [{"early": "result"}, {"delay": "acknowledgement", "seconds": 3600}], ids=["early", "late"]
)
def test_an_acknowledgement_that_waits(sandbox: Platform, path: str, fault: dict[str, object]) -> None:
    """Its request went with the former state: it is declined at once, and mixed up with no other."""
    sandbox.token()
    take(sandbox)
    done(call(sandbox, "POST", "/_salio/faults", **fault))
    done(call(sandbox, "POST", "/_salio/faults", delay="result", seconds=3600, next=1))
    with ThreadPoolExecutor() as pool:
        former = pool.submit(sandbox.ask, BALANCE)
        until("it is kept", lambda: sandbox.kept() == 1)
        assert not former.done()
        done(call(sandbox, "POST", path))
        answer = former.result(PATIENCE)
        assert (answer.status, answer.json["ResponseCode"]) == (200, "100000004")
        done(call(sandbox, "DELETE", "/_salio/faults"))
        assert sandbox.result(BALANCE).code == "0"
    assert sandbox.rows("SELECT number FROM request") == [(1,)]


# --- reset -------------------------------------------------------------------------------------------------


def test_reset(fresh: Fresh, tmp_path: Path) -> None:
    """Test data, clock and faults as at a first start; the test app keeps its key and secret."""
    plan = tmp_path / "plan.toml"
    plan.write_text('[[fault]]\nend = "out_of_sequence"\napp = 7\n', "utf-8")
    sandbox = fresh(faults=plan)
    begun = content(sandbox)
    take(sandbox)
    live(sandbox)
    late = sandbox.add_app()
    sandbox.revoke(sandbox.token(new=True))
    done(call(sandbox, "POST", "/_salio/faults", refuse="maintenance"))
    done(call(sandbox, "POST", "/_salio/clock/stop"))
    done(call(sandbox, "POST", "/_salio/clock/advance", seconds=100 * 86_400))

    assert done(call(sandbox, "POST", RESET)) == {"reset": True}
    assert content(sandbox)[1:] == _without_the_tests_operators(begun)[1:]
    clock = done(call(sandbox, "GET", "/_salio/clock"))
    assert (clock["stopped"], clock["ahead_seconds"]) == (False, 0)
    assert [each["end"] for each in done(call(sandbox, "GET", "/_salio/faults"))["faults"]] == [
        "out_of_sequence"
    ]
    assert [each["name"] for each in done(call(sandbox, "GET", SNAPSHOTS))["snapshots"]] == ["before"]
    assert sandbox.result(STATUS).code == "0"
    assert sandbox.grant(basic(late.key, late.secret)).status == 400
    restore(sandbox)
    assert content(sandbox) == begun


def _without_the_tests_operators(statements: Iterable[str]) -> list[str]:
    """The template of these tests has more initiators than the test data, numbered from 1000."""
    return [each for each in statements if not re.match(r'INSERT INTO "operator" VALUES\(1\d{3},', each)]


# --- under --seed ------------------------------------------------------------------------------------------


def test_two_seeded_runs_with_resets_say_the_same(tmp_path: Path) -> None:
    """Identifiers go on, and go on alike."""
    assert _seeded(tmp_path / "1") == _seeded(tmp_path / "2")


def _seeded(data: Path) -> list[bytes]:
    receiver = Receiver()
    platform = Platform(Settings(data=data, seed="7"), receiver, SystemClock()).start()
    said: list[bytes] = []
    try:
        for again in (None, RESET, f"{SNAPSHOTS}/begun/restore"):
            if again is not None:
                said.append(call(platform, "POST", again).body)
            done(call(platform, "POST", "/_salio/clock/stop"))
            done(call(platform, "POST", "/_salio/clock/set", to="2026-11-21T09:30:00+03:00"))
            if again is None:
                take(platform, "begun")
            answers = [platform.ask(BALANCE), platform.ask(STATUS), platform.ask(BALANCE, {"Remarks": ""})]
            done(call(platform, "POST", "/_salio/flush"))
            said += [each.body for each in answers]
            said += [platform.receiver.wait(each.json["ConversationID"]).raw for each in answers[:2]]
    finally:
        platform.stop()
        receiver.close()
    assert len(said) == len(set(said)) == 17
    return said
