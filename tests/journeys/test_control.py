"""The control under `/_salio/`: time obeys, and strangers do not reach it."""

import json
from typing import Any

import pytest

from salio.cli.__main__ import main
from salio.platform.folder import DataFolder
from salio.sandbox.control.all_calls import document
from tests.journeys.client import Answer
from tests.journeys.controlling import call, conforming
from tests.journeys.running import BALANCE, Platform

JSON = ("Content-Type", "application/json")
CLOCK = "/_salio/clock"


def control(platform: Platform, path: str, **body: object) -> Answer:
    """A call from this machine."""
    return call(platform, "POST", path, body)


def time_of(platform: Platform) -> Any:
    """The clock as it is shown."""
    answer = call(platform, "GET", CLOCK)
    assert answer.status == 200
    return answer.json


# --- time --------------------------------------------------------------------------------------------------


def test_an_hour_passes_and_the_token_is_dead(sandbox: Platform) -> None:
    """A second before it still counts."""
    token = sandbox.token()
    for seconds, status in ((3598, 200), (2, 401)):
        assert control(sandbox, f"{CLOCK}/advance", seconds=seconds).status == 200
        headers = [("Authorization", f"Bearer {token}"), JSON]
        body = json.dumps(sandbox.body(BALANCE)).encode()
        assert sandbox.send("POST", BALANCE.path, headers, body).status == status
    assert sandbox.refusals()[0].cause.startswith("the token is expired")


def test_ninety_days_pass_and_the_password_is_dead(sandbox: Platform) -> None:
    """The result says 18, and the log why. Who is not used for so long is dormant: halfway it is used."""
    for code in ("0", "18"):
        assert control(sandbox, f"{CLOCK}/advance", seconds=45 * 86_400).status == 200
        sandbox.forget_tokens()
        conversation = sandbox.ask(BALANCE).json["ConversationID"]
        assert sandbox.receiver.wait(conversation).code == code
    assert "expired on" in sandbox.end(conversation).cause


def test_stopped_nothing_ages(sandbox: Platform) -> None:
    """Two requests are of one moment; the results come all the same."""
    assert control(sandbox, f"{CLOCK}/stop").json["stopped"] is True
    answers = [sandbox.ask(BALANCE) for _ in range(2)]
    for each in answers:
        assert sandbox.receiver.wait(each.json["ConversationID"]).code == "0"
    assert len(set(sandbox.rows("SELECT accepted_at FROM request"))) == 1
    assert control(sandbox, f"{CLOCK}/run").json["stopped"] is False


def test_the_clock_is_set(sandbox: Platform) -> None:
    """With any offset; the answer shows both ways of telling it."""
    assert control(sandbox, f"{CLOCK}/stop").status == 200
    shown = control(sandbox, f"{CLOCK}/set", to="2027-01-01T00:30:00+03:00").json
    assert shown == time_of(sandbox)
    assert shown["now"] == "2026-12-31T21:30:00Z"
    assert shown["east_africa"] == "2027-01-01T00:30:00+03:00"
    sandbox.forget_tokens()
    assert sandbox.ask(BALANCE).json["ConversationID"].startswith("AG_20270101_")


def test_flush_waits_for_everything(sandbox: Platform) -> None:
    """After it the result has come and the refusal is written, without a look or a wait."""
    answer = sandbox.ask(BALANCE)
    assert sandbox.ask(BALANCE, {"Remarks": ""}).status == 400
    assert control(sandbox, "/_salio/flush").json == {"idle": True}
    assert len(sandbox.receiver.heard(answer.json["ConversationID"])) == 1
    assert sandbox.rows("SELECT count(*) FROM refusal") == [(1,)]


# --- who may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        pytest.param([("X-Salio-Key", "wrong")], 403, "is wrong", id="a wrong key"),
        pytest.param([("Host", "evil.example")], 403, "only this machine", id="a name that was rebound"),
        pytest.param([("Host", "a{.evil.example")], 403, "only this machine", id="a name beyond the rules"),
        pytest.param([("Host", "evil.example:")], 403, "only this machine", id="a name without its port"),
        pytest.param([("Host", "evil.example:99999")], 403, "only this machine", id="a port that is none"),
        pytest.param([("Host", "[::1")], 403, "only this machine", id="half an address"),
        pytest.param([("Host", "127.0.0.1@evil.example")], 403, "only this machine", id="a name behind ours"),
        pytest.param([("Host", "")], 403, "only this machine", id="no name"),
        pytest.param([("X-Forwarded-For", "10.0.0.9")], 403, "only this machine", id="through a proxy"),
        pytest.param([("Forwarded", "for=10.0.0.9")], 403, "only this machine", id="through another proxy"),
    ],
)
@pytest.mark.parametrize("path", [CLOCK, f"{CLOCK}/stop", "/_salio/flush"])
def test_strangers(
    documented: Platform, path: str, headers: list[tuple[str, str]], status: int, words: str
) -> None:
    """Refused in words that say what to do, and nothing happens."""
    method = "GET" if path == CLOCK else "POST"
    answer = conforming(method, path, documented.send(method, path, [JSON, *headers], b"{}"))
    assert (answer.status, list(answer.json)) == (status, ["error"])
    assert words in answer.json["error"]
    assert time_of(documented)["stopped"] is False


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1:8282", "127.9.9.9", "[::1]:8282", "[::1]"]
)
def test_this_machine_has_many_names(documented: Platform, host: str) -> None:
    """Each of them is as good."""
    assert documented.send("GET", CLOCK, [("Host", host)]).status == 200


def test_the_key_opens_from_anywhere(documented: Platform) -> None:
    """Whatever name was called, and through whatever proxy."""
    key = documented.sandbox.keys.control_key()
    headers = [("X-Salio-Key", key), ("Host", "salio.example"), ("X-Forwarded-For", "10.0.0.9"), JSON]
    assert documented.send("POST", f"{CLOCK}/run", headers, b"{}").status == 200


@pytest.mark.parametrize(
    ("path", "body", "status", "words"),
    [
        pytest.param("/set", b"", 400, "truncated", id="no body"),
        pytest.param("/set", b"{}", 400, "`to`", id="nothing to set"),
        pytest.param("/set", b'{"to": "tomorrow"}', 400, "$.to", id="no time"),
        pytest.param("/set", b'{"to": "2026-12-31T21:30:00"}', 400, "timezone", id="no offset"),
        pytest.param("/set", b'{"to": "2016-12-31T21:30:00Z"}', 409, "2017 to 2031", id="before receipts"),
        pytest.param("/set", b'{"to": "9999-12-31T23:59:59-23:59"}', 409, "2017 to 2031", id="end of days"),
        pytest.param("/set", b'{"to": "\xff"}', 400, "utf-8", id="no text"),
        pytest.param("/set", b'{"to": ' + b"[" * 60_000, 400, "too deeply", id="a deep hole"),
        pytest.param("/set", b"[]", 400, "no JSON object", id="a list"),
        pytest.param("/set?to=now", b"{}", 400, "no query", id="words in the query"),
        pytest.param("/advance", b'{"seconds": 316224000}', 409, "2017 to 2031", id="after receipts"),
        pytest.param("/advance", b'{"seconds": -1}', 400, "$.seconds", id="backwards"),
        pytest.param("/advance", b'{"seconds": 1e300}', 400, "$.seconds", id="for ever"),
        pytest.param("/advance", b'{"second": 1}', 400, "second", id="a slip of the pen"),
        pytest.param("/stop", b'{"now": true}', 400, "now", id="a word too many"),
        pytest.param("/stop", b" " * 70_000, 413, "64 KiB", id="too large"),
    ],
)
def test_words_that_make_no_sense(
    documented: Platform, path: str, body: bytes, status: int, words: str
) -> None:
    """Each says what was expected, and the time stays."""
    before = time_of(documented)
    answer = conforming("POST", CLOCK + path, documented.send("POST", CLOCK + path, [JSON], body))
    assert (answer.status, list(answer.json)) == (status, ["error"])
    assert words in answer.json["error"]
    assert time_of(documented) == before


def test_no_page_of_another_origin_may_send_it(documented: Platform) -> None:
    """A form's media types are refused, and a preflight gets no leave."""
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        answer = documented.send("POST", f"{CLOCK}/stop", [("Content-Type", media_type)], b"{}")
        assert answer.status == 415
    preflight = documented.send("OPTIONS", f"{CLOCK}/stop", [("Origin", "https://evil.example")])
    assert preflight.status == 405
    assert not [name for name in preflight.headers if name.startswith("access-control")]


# --- what is not there -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [
        pytest.param("GET", "/_salio", 404, None, id="the prefix alone"),
        pytest.param("GET", "/_salio/", 404, None, id="with its slash"),
        pytest.param("POST", "/_salio/clocks", 404, None, id="a slip of the pen"),
        pytest.param("GET", "/_salio/clock/", 404, None, id="a slash too many"),
        pytest.param("GET", "/_salio/requests/", 404, None, id="nothing to look up"),
        pytest.param("GET", "/_salio/%0A", 404, None, id="a line's end"),
        pytest.param("PUT", "/_salio/faults", 405, "DELETE, GET, HEAD, POST", id="three methods"),
        pytest.param("GET", "/_salio/clock/stop", 405, "POST", id="one method"),
        pytest.param("HEAD", "/_salio/flush", 405, "POST", id="no HEAD without GET"),
        pytest.param("TRACE", "/_salio/clock", 405, "GET, HEAD", id="of no use"),
    ],
)
def test_unknown_paths_and_methods(
    documented: Platform, method: str, path: str, status: int, allowed: str | None
) -> None:
    """Refused in the control's own form, not in Daraja's; a stranger learns not even that."""
    answer = documented.send(method, path)
    assert (answer.status, answer.headers.get("allow")) == (status, allowed)
    assert answer.headers["content-type"] == "application/json"
    assert method == "HEAD" or list(answer.json) == ["error"]
    assert documented.send(method, path, [("Host", "evil.example")]).status == 403


def test_head_is_get_without_the_body(documented: Platform) -> None:
    """As HTTP wants it."""
    answer = documented.send("HEAD", CLOCK)
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.headers["content-length"]) > 0


@pytest.mark.parametrize(
    ("query", "words"),
    [
        pytest.param("?at=now", "`at`", id="unknown"),
        pytest.param("?a=1&a=2", "twice", id="twice"),
        pytest.param("?a", "`a`", id="empty"),
    ],
)
def test_a_query_that_nobody_asked_for(documented: Platform, query: str, words: str) -> None:
    """Is a slip of the pen."""
    answer = call(documented, "GET", CLOCK + query)
    assert answer.status == 400
    assert words in answer.json["error"]


def test_the_document_is_served(documented: Platform) -> None:
    """As committed in docs/, to whoever may call."""
    assert documented.send("GET", "/_salio/openapi.json").body == document()
    assert documented.send("GET", "/_salio/openapi.json", [("Host", "evil.example")]).status == 403


# --- the command -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        pytest.param(["show"], "2026-08-16T12:30:00+03:00  running, as the machine's", id="show"),
        pytest.param(["stop"], "2026-08-16T12:30:00+03:00  stopped, as the machine's", id="stop"),
        pytest.param(["advance", "1h30m"], "2026-08-16T14:00:00+03:00  running, 1:30:00 ahead", id="advance"),
        pytest.param(
            ["set", "2026-08-15T12:30:00+03:00"],
            "2026-08-15T12:30:00+03:00  running, 1 day, 0:00:00 behind",
            id="set",
        ),
        pytest.param(["run"], "2026-08-16T12:30:00+03:00  running, as the machine's", id="run"),
    ],
)
def test_the_command(
    sandbox: Platform, capsys: pytest.CaptureFixture[str], arguments: list[str], line: str
) -> None:
    """`salio clock` says how the time stands afterwards; `--json` as the platform said it."""
    assert main(["clock", *arguments, "--data", str(sandbox.data)]) == 0
    assert capsys.readouterr().out == f"{line}\n"
    assert main(["clock", "show", "--json", "--data", str(sandbox.data)]) == 0
    assert json.loads(capsys.readouterr().out) == time_of(sandbox)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["advance", "soon"], "'soon' is no duration: write it like 90d", id="no duration"),
        pytest.param(["advance", ""], "'' is no duration", id="nothing"),
        pytest.param(["set", "noon"], "$.to", id="no time"),
        pytest.param(["set", "2040-01-01T00:00:00Z"], "2017 to 2031", id="after receipts"),
    ],
)
def test_the_command_refuses(
    sandbox: Platform, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """In one line."""
    assert main(["clock", *arguments, "--data", str(sandbox.data)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("salio: ")
    assert words in error
    assert error.count("\n") == 1


def test_the_command_takes_no_other_folders_platform_for_its_own(
    sandbox: Platform, observed: Platform, capsys: pytest.CaptureFixture[str]
) -> None:
    """After a death another may listen at the same place."""
    DataFolder(sandbox.data).sign(f"http://127.0.0.1:{observed.port}")
    assert main(["clock", "show", "--data", str(sandbox.data)]) == 1
    assert f"no sandbox of {sandbox.data} answers at" in capsys.readouterr().err


def test_the_command_without_a_platform(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how to start one."""
    DataFolder(sandbox.data).sign("http://127.0.0.1:9")
    assert main(["clock", "show", "--data", str(sandbox.data)]) == 1
    assert "answers at http://127.0.0.1:9: start it with `salio up --data" in capsys.readouterr().err
