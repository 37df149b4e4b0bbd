"""The second look over real sockets: what it finds is told in the sandbox, and nowhere in production."""

import json
import re
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue

import msgspec
import pytest

from salio.cli.__main__ import main
from salio.core.requests.findings import FOUND, NOT_OUR_KEY, Doubt, Finding
from salio.platform.environment import Outside
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from salio.wire.reason import REASON
from tests.delivery.receivers import OK, receiving
from tests.delivery.receivers import Receiver as RawReceiver
from tests.journeys.client import bearer
from tests.journeys.conftest import Fresh
from tests.journeys.reasons import Failure
from tests.journeys.running import BALANCE, JSON, QUERIES, Platform
from tests.journeys.wrong_credentials import CREDENTIALS
from tests.patience import PATIENCE, until

HEADER = REASON.lower()
ROWS = pytest.mark.parametrize("row", CREDENTIALS, ids=lambda row: row.what)
"""A wrong password each: on the shared platform at most four in all for one short code, the fifth locks."""
ONE = next(each for each in CREDENTIALS if each.what == "OAEP")


class Stuck:
    """A second look that does not end in this life."""

    def look(self, doubt: Doubt, tell: Callable[[Finding | None], None]) -> None:
        """Keeps silent."""


def stuck(outside: Outside) -> Outside:
    """Looks begin and do not end."""
    return msgspec.structs.replace(outside, second_look=Stuck())


def changes(platform: Platform, row: Failure) -> dict[str, str]:
    """What the row's request has instead of the usual."""
    assert row.credential is not None
    return {**row.changes, "SecurityCredential": row.credential(platform)}


def found(told: str) -> str:
    """The finding's part of a reason."""
    return told.partition("locked at 5); ")[2]


# --- the sandbox -----------------------------------------------------------------------------------------


@ROWS
def test_salio_log_shows_what_was_found(
    documented: Platform, capsys: pytest.CaptureFixture[str], row: Failure
) -> None:
    """As a note with the request's story, in the words of the header; the cause stays the decision's.

    Neither the ciphertext nor what was in it stands in any note or in the callback.
    """
    sent = changes(documented, row)
    callback = documented.result(BALANCE, sent)
    conversation = callback.result["ConversationID"]
    assert documented.send("POST", "/inbox/commit", [JSON], b"{}").status == 200  # the note is behind it
    for options in ([], ["--json"]):
        assert main(["log", conversation, "--data", str(documented.data), *options]) == 0
        assert FOUND + found(callback.headers[HEADER]) in capsys.readouterr().out
    assert documented.end(conversation).cause.endswith(NOT_OUR_KEY)
    assert documented.rows("SELECT * FROM intake WHERE credential <> ''") == []
    notes = repr(documented.rows("SELECT * FROM note"))
    for secret in (sent["SecurityCredential"], "Safaricom999"):
        assert secret not in notes
        assert secret not in callback.raw.decode() + repr(callback.headers)


def decided(platform: Platform) -> bool:
    """Whether the one request has its outcome; the answer comes after a commit."""
    assert platform.send("POST", "/inbox/commit", [JSON], b"{}").status == 200
    return bool(platform.rows("SELECT number FROM conclusion"))


def test_a_crash_before_the_look_ends_is_told_the_usual_cause(fresh: Fresh) -> None:
    """The result leaves after the next start: without a look, for the credential went with the commit."""
    platform = fresh(around=stuck)
    acknowledged = platform.ask(BALANCE, changes(platform, ONE))
    conversation = acknowledged.json["ConversationID"]
    platform.on_loop(platform.sandbox.writer.wake)
    until("it is decided", lambda: decided(platform))
    assert (platform.receiver.heard(conversation), platform.on_loop(platform.sandbox.idle)) == ([], False)
    platform.restarted()
    told = platform.receiver.wait(conversation).headers[HEADER]
    assert told.endswith(NOT_OUR_KEY)
    assert platform.rows("SELECT * FROM note") == []


def test_another_app_is_not_held_up(fresh: Fresh) -> None:
    """While one app's result waits for its look, another's leaves."""
    platform = fresh(around=stuck)
    assert platform.ask(BALANCE, changes(platform, ONE)).status == 200
    assert platform.result(BALANCE, app=platform.add_app()).code == "0"


def test_promise_3_a_resend_tells_what_was_found(fresh: Fresh) -> None:
    """The same to the byte, reason included: the note keeps it."""
    came: SimpleQueue[bytes] = SimpleQueue()

    def behave(connection: socket.socket, receiver: RawReceiver) -> None:
        came.put(receiver.read_request(connection))
        if len(receiver.requests) == 1:
            receiver.over.wait()
        connection.sendall(OK)

    platform = fresh()
    with receiving(behave) as receiver:
        asked = changes(platform, ONE) | {"ResultURL": receiver.url()}
        assert platform.ask(BALANCE, asked).status == 200
        first = came.get(timeout=PATIENCE)
        platform.restarted()
        assert came.get(timeout=PATIENCE) == first
    assert b"OAEP with SHA-1: use PKCS #1 v1.5\r\n" in first


def test_a_flood_of_wrong_passwords_is_answered(fresh: Fresh) -> None:
    """Looked at or not, every result leaves, once, and says one or the other; the platform comes to rest."""
    platform = fresh()
    rows = [each for each in CREDENTIALS for _ in range(2)]
    with ThreadPoolExecutor(len(rows)) as askers:
        answers = list(askers.map(lambda row: platform.ask(BALANCE, changes(platform, row)), rows))
    for row, answer in zip(rows, answers, strict=True):
        told = platform.receiver.wait(answer.json["ConversationID"]).headers[HEADER]
        assert re.fullmatch(row.pattern, told) or told.endswith(NOT_OUR_KEY)


def test_after_a_renewal_the_platform_goes_on(fresh: Fresh) -> None:
    """Tokens and passwords stay valid; the old credential is refused and found out, the new one is taken."""
    platform = fresh()
    authorization, body = ("Authorization", bearer(platform.token())), platform.body(BALANCE)
    assert platform.result(BALANCE).code == "0"
    platform.restarted(lambda: main(["certificate", "renew", "--data", str(platform.data)]))
    asked = platform.send("POST", BALANCE.path, [authorization, JSON], json.dumps(body).encode())
    told = platform.receiver.wait(asked.json["ConversationID"]).headers[HEADER]
    assert "was made with the certificate that was renewed on" in told
    assert platform.credential() != body["SecurityCredential"]
    assert platform.result(BALANCE).code == "0"


# --- production ------------------------------------------------------------------------------------------


def anonymous(platform: Platform, row: Failure, api: Api) -> tuple[object, ...]:
    """Everything that the caller gets for a request, without its ids; one class of wrong credential."""
    answer = platform.ask(api, changes(platform, row))
    callback = platform.receiver.wait(answer.json["ConversationID"])
    ids = sorted(json.loads(answer.body)[each] for each in ("ConversationID", "OriginatorConversationID"))

    def without(body: bytes) -> str:
        return re.sub("|".join(map(re.escape, ids)), "ID", body.decode())

    varies = {"date", "content-length"}  # the length of an id
    assert callback.headers["content-length"] == str(len(callback.raw))
    return (
        answer.status,
        [(name, value) for name, value in answer.headers.items() if name not in varies],
        without(answer.body),
        callback.path,
        [(name, value) for name, value in callback.headers.items() if name not in varies],
        without(callback.raw),
    )


@pytest.mark.parametrize("wire", list(PROFILES))
def test_production_shows_no_difference(fresh: Fresh, wire: str) -> None:
    """Answer and callback of every class are the same bytes, headers and all, for both questions; not even
    the log tells them apart.
    """
    platform = fresh(wire, reasons_told=False)
    for api in QUERIES:
        seen = {row.what: anonymous(platform, row, api) for row in CREDENTIALS}
        assert list(seen.values()) == [seen["another password"]] * len(CREDENTIALS)
    assert platform.rows("SELECT * FROM note") == []
    causes = {row[0] for row in platform.rows("SELECT cause FROM conclusion")}
    assert len({re.sub(r"of \d+ \(\d in", "of N (N in", each) for each in causes}) == 1
