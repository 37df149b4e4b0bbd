"""Tokens revoked, initiators locked and requests looked up through the control, over HTTP."""

import json
from typing import Any
from urllib.parse import quote

import pytest

from salio.cli.__main__ import main
from salio.platform.folder import DataFolder
from tests.builders import FakeClock
from tests.journeys.client import Answer, basic, bearer
from tests.journeys.conftest import Fresh
from tests.journeys.controlling import call, conforming
from tests.journeys.running import BALANCE, STATUS, Platform

REQUESTS, REVOKE, INITIATORS = "/_salio/requests", "/_salio/tokens/revoke", "/_salio/initiators"
WHO = {"short_code": "600000", "name": "testapiuser"}


def flushed(platform: Platform) -> None:
    """Everything is decided, delivered and recorded."""
    assert call(platform, "POST", "/_salio/flush").json == {"idle": True}


def with_token(platform: Platform, token: str) -> Answer:
    """A balance query with this very token."""
    body = json.dumps(platform.body(BALANCE)).encode()
    headers = [("Authorization", bearer(token)), ("Content-Type", "application/json")]
    return platform.send("POST", BALANCE.path, headers, body)


def code_of(platform: Platform, **changes: str) -> str:
    """The ResultCode of a balance query."""
    return platform.result(BALANCE, changes).code


def test_the_command_ends_tokens_by_the_sandboxs_time(sandbox: Platform) -> None:
    """Those too that were given while its clock was ahead of the machine's; a new one is good."""
    assert call(sandbox, "POST", "/_salio/clock/set", {"to": "2031-01-01T00:00:00Z"}).status == 200
    token = sandbox.token(new=True)
    assert with_token(sandbox, token).status == 200
    arguments = ["app", "set", "1", "--revoke-tokens", "--per-second", "50", "--data", str(sandbox.data)]
    assert main(arguments) == 0
    assert with_token(sandbox, token).status == 401
    assert with_token(sandbox, sandbox.token(new=True)).status == 200
    assert sandbox.rows("SELECT throttle FROM app", database="portal")[0][0].startswith('{"per_second":50')


# --- what became of a request ----------------------------------------------------------------------------


def test_a_request_is_looked_up_by_any_of_its_names(sandbox: Platform) -> None:
    """Its story is the one that `salio log ID --json` prints."""
    answer = sandbox.ask(STATUS, {"OriginatorConversationID": "mine/1?x=y%2F&z#"}).json
    flushed(sandbox)
    [entry] = call(sandbox, "GET", f"{REQUESTS}/{answer['ConversationID']}").json["entries"]
    assert (entry["type"], entry["state"], entry["result_code"]) == ("request", "delivered", "0")
    for name in (answer["ConversationID"], answer["OriginatorConversationID"], str(entry["number"])):
        for spelt in {quote(name, safe=""), quote(name)}:
            assert call(sandbox, "GET", f"{REQUESTS}/{spelt}").json == {"entries": [entry]}


def test_the_command_tells_the_same(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """Member for member, of a request that failed and of a refusal."""
    names = [sandbox.ask(BALANCE, {"Initiator": "nobody"}).json["ConversationID"]]
    names.append(sandbox.ask(BALANCE, {"Remarks": ""}).json["requestId"])
    flushed(sandbox)
    for name in names:
        assert main(["log", name, "--json", "--data", str(sandbox.data)]) == 0
        told = json.loads(capsys.readouterr().out)
        assert call(sandbox, "GET", f"{REQUESTS}/{name}").json["entries"] == [told]
        assert told["cause"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("0", id="no number"),
        pytest.param("9" * 5_000, id="beyond all numbers"),
        pytest.param("AG_20260816_000000000000000000ff", id="made elsewhere"),
        pytest.param("%00", id="NUL"),
        pytest.param("a%00b", id="NUL within"),
        pytest.param("%0A", id="a line's end"),
        pytest.param("%FF%FE", id="no text"),
        pytest.param("..%2F..%2Fclock", id="a way out"),
        pytest.param("%D9%A1", id="another script's digit"),
        pytest.param("'%20OR%201=1--", id="SQL"),
    ],
)
def test_nothing_is_called_so(documented: Platform, name: str) -> None:
    """And the answer says what could be."""
    answer = call(documented, "GET", f"{REQUESTS}/{name}")
    assert answer.status == 404
    assert "nothing here is called so" in answer.json["error"]


def test_requests_are_listed(sandbox: Platform) -> None:
    """The latest, or page by page; without details."""
    for _ in range(5):
        sandbox.ask(BALANCE)
    flushed(sandbox)

    def numbers(query: str) -> list[int]:
        entries = call(sandbox, "GET", f"{REQUESTS}{query}").json["entries"]
        assert not [each for each in entries if "body" in each]
        return [each["number"] for each in entries]

    known = numbers("")
    assert len(known) == 5
    assert numbers("?limit=2") == known[-2:]
    assert numbers(f"?after={known[0]}&limit=2") == known[1:3]
    assert numbers(f"?after={known[-1]}") == []
    assert numbers("?after=1000000000000000000") == []


def test_lists_mask_msisdns(sandbox: Platform) -> None:
    """Whoever asks for the request by its id reads them."""
    asked = sandbox.ask(STATUS, {"PartyA": "254708374149", "IdentifierType": "1"}).json
    flushed(sandbox)
    assert call(sandbox, "GET", REQUESTS).json["entries"][-1]["short_code"] == "254******149"
    [whole] = call(sandbox, "GET", f"{REQUESTS}/{asked['ConversationID']}").json["entries"]
    assert whole["short_code"] == "254708374149"


@pytest.mark.parametrize(
    "query",
    ["?limit=0", "?limit=1001", "?limit=x", "?after=-1", "?after=1e99", f"?after={'9' * 5_000}", "?latest=1"],
    ids=["none", "too many", "no number", "before the first", "no whole number", "beyond", "unknown"],
)
def test_a_list_that_cannot_be(documented: Platform, query: str) -> None:
    """Each bound is in the document."""
    assert call(documented, "GET", f"{REQUESTS}{query}").status == 400


# --- tokens ----------------------------------------------------------------------------------------------


def test_a6_one_token_is_revoked(sandbox: Platform) -> None:
    """At once, and no other."""
    dead, alive = sandbox.token(new=True), sandbox.token(new=True)
    revoked = call(sandbox, "POST", REVOKE, {"token": dead}).json
    assert revoked == {"app": sandbox.app.number, "issued_at": "2026-08-16T09:30:00Z"}
    assert [with_token(sandbox, each).status for each in (dead, alive)] == [401, 200]
    assert sandbox.refusals()[0].cause.startswith("the token is revoked")
    assert call(sandbox, "POST", REVOKE, {"token": f" {dead}\n"}).json == revoked


def test_a6_all_tokens_of_an_app_are_revoked(sandbox: Platform) -> None:
    """Those of this very second too; a new one works at once, though time stands still, for its hour."""
    other = sandbox.add_app()
    dead = [sandbox.token(new=True) for _ in range(2)]
    others = sandbox.token(other)
    revoked = call(sandbox, "POST", REVOKE, {"app": sandbox.app.number})
    assert revoked.json == {"app": sandbox.app.number, "tokens_valid_from": "2026-08-16T09:30:01Z"}
    assert [with_token(sandbox, each).status for each in dead] == [401, 401]
    assert with_token(sandbox, others).status == 200
    fresh = sandbox.token(new=True)
    for seconds, status in ((0, 200), (3598, 200), (3, 401)):
        assert call(sandbox, "POST", "/_salio/clock/advance", {"seconds": seconds}).status == 200
        assert with_token(sandbox, fresh).status == status


def test_a_new_token_is_good_though_the_clock_was_set_back(sandbox: Platform) -> None:
    """To before the revocation, as by a start after time was let pass; the dead stay dead."""
    dead = sandbox.token(new=True)
    assert call(sandbox, "POST", REVOKE, {"app": sandbox.app.number}).status == 200
    assert call(sandbox, "POST", "/_salio/clock/set", {"to": "2026-08-01T09:30:00Z"}).status == 200
    assert with_token(sandbox, dead).status == 401
    assert with_token(sandbox, sandbox.token(new=True)).status == 200


def test_revocations_survive_a_restart(sandbox: Platform) -> None:
    """They were durable before they were answered."""
    dead = sandbox.token(new=True)
    assert call(sandbox, "POST", REVOKE, {"token": dead}).status == 200
    assert with_token(sandbox.restarted(), dead).status == 401


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        pytest.param({"token": "x" * 28}, 404, "not a token of this platform", id="a forged token"),
        pytest.param({"token": ""}, 404, "not a token of this platform", id="an empty one"),
        pytest.param({"app": 99}, 404, "there is no app 99", id="an unknown app"),
        pytest.param({"app": 10**30}, 404, "there is no app", id="an endless number"),
        pytest.param({"app": 99.0}, 404, "there is no app 99", id="whole, as JSON has it"),
        pytest.param({"app": 1.5}, 400, "$.app", id="not whole"),
        pytest.param({"app": -1}, 404, "there is no app", id="a negative one"),
        pytest.param({"app": 1, "token": "x"}, 400, "either", id="both"),
        pytest.param({}, 400, "either", id="neither"),
        pytest.param({"app": "1"}, 400, "$.app", id="a number as text"),
        pytest.param({"token": None}, 400, "$.token", id="null"),
    ],
)
def test_nothing_to_revoke(documented: Platform, body: dict[str, Any], status: int, words: str) -> None:
    """Nothing changes, and the answer says why."""
    answer = call(documented, "POST", REVOKE, body)
    assert answer.status == status
    assert words in answer.json["error"]


def test_bytes_that_are_no_text(documented: Platform) -> None:
    """Are refused as such."""
    json_type = ("Content-Type", "application/json")
    answer = documented.send("POST", REVOKE, [json_type], b'{"token": "\xff"}')
    assert "utf-8" in conforming("POST", REVOKE, answer).json["error"]
    assert answer.status == 400


# --- initiators ------------------------------------------------------------------------------------------


def test_an_initiator_is_locked_and_unlocked(sandbox: Platform) -> None:
    """From the answer on every request finds the lock, though its ciphertext was right before."""
    assert code_of(sandbox) == "0"
    locked = call(sandbox, "POST", f"{INITIATORS}/lock", WHO).json
    assert locked == {
        **WHO,
        "channel": "API",
        "status": "locked",
        "wrong_passwords": 0,
        "password_expires_at": locked["password_expires_at"],
    }
    result = sandbox.result(BALANCE)
    assert result.code != "0"
    assert "is locked by hand" in sandbox.end(result.result["ConversationID"]).cause
    unlocked = call(sandbox, "POST", f"{INITIATORS}/unlock", WHO).json
    assert unlocked == {**locked, "status": "active"}
    assert code_of(sandbox) == "0"


def test_a13_an_unlock_forgets_wrong_passwords(sandbox: Platform) -> None:
    """Of an initiator that five of them locked."""
    wrong = sandbox.credential("Safaricom123")
    for _ in range(5):
        assert code_of(sandbox, SecurityCredential=wrong) != "0"

    def shown() -> Any:
        listed = call(sandbox, "GET", f"{INITIATORS}?short_code=600000").json["initiators"]
        return next(each for each in listed if each["name"] == "testapiuser")

    assert (shown()["status"], shown()["wrong_passwords"]) == ("locked", 5)
    assert call(sandbox, "POST", f"{INITIATORS}/unlock", WHO).json["wrong_passwords"] == 0
    assert (shown()["status"], shown()["wrong_passwords"]) == ("active", 0)
    assert code_of(sandbox) == "0"


def test_a_lock_survives_a_restart(sandbox: Platform) -> None:
    """It was durable before it was answered."""
    assert call(sandbox, "POST", f"{INITIATORS}/lock", WHO).status == 200
    listed = call(sandbox.restarted(), "GET", f"{INITIATORS}?short_code=600000").json["initiators"]
    assert [each["status"] for each in listed if each["name"] == "testapiuser"] == ["locked"]


def test_locks_among_requests(sandbox: Platform) -> None:
    """Whatever is under way: what is acknowledged after a lock fails, and after an unlock succeeds."""
    told: dict[str, list[str]] = {"lock": [], "unlock": []}
    for _ in range(10):
        for act, conversations in told.items():
            for _ in range(3):
                sandbox.ask(BALANCE)
            assert call(sandbox, "POST", f"{INITIATORS}/{act}", WHO).status == 200
            conversations += [sandbox.ask(BALANCE).json["ConversationID"] for _ in range(2)]
    flushed(sandbox)
    assert {sandbox.end(each).outcome for each in told["lock"]} == {"initiator locked"}
    assert {sandbox.end(each).outcome for each in told["unlock"]} == {"succeeded"}


def test_initiators_are_listed_without_secrets(documented: Platform) -> None:
    """Those of the short code asked for, or all; who was unused for too long is dormant."""
    every = call(documented, "GET", INITIATORS).json["initiators"]
    some = call(documented, "GET", f"{INITIATORS}?short_code=600000").json["initiators"]
    assert some == [each for each in every if each["short_code"] == "600000"]
    assert len(every) > len(some) > 1
    assert {"active", "dormant", "locked"} == {each["status"] for each in some}
    assert call(documented, "GET", f"{INITIATORS}?short_code=nobody").json == {"initiators": []}


@pytest.mark.parametrize("act", ["lock", "unlock"])
@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        pytest.param(
            {**WHO, "name": "nobody"}, 404, "no initiator nobody at 600000: `salio", id="unknown name"
        ),
        pytest.param({**WHO, "short_code": "1\n"}, 404, r"testapiuser at 1\x0a", id="unknown short code"),
        pytest.param({"name": "testapiuser"}, 400, "`short_code`", id="no short code"),
        pytest.param({**WHO, "name": 7}, 400, "$.name", id="no text"),
        pytest.param({**WHO, "why": "?"}, 400, "`why`", id="a word too many"),
    ],
)
def test_nobody_to_lock(
    documented: Platform, act: str, body: dict[str, Any], status: int, words: str
) -> None:
    """Nothing changes, and the answer says why."""
    answer = call(documented, "POST", f"{INITIATORS}/{act}", body)
    assert answer.status == status
    assert words in answer.json["error"]


def test_who_rests_is_not_locked(documented: Platform) -> None:
    """An unlock would wake it."""
    answer = call(documented, "POST", f"{INITIATORS}/lock", {"short_code": "600000", "name": "dormant"})
    assert answer.status == 409
    assert "dormant" in answer.json["error"]


# --- the command -----------------------------------------------------------------------------------------


def test_the_command(sandbox: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """`salio initiator` lists, locks and unlocks; an error is one line."""

    def said(*arguments: str, status: int = 0) -> str:
        assert main(["initiator", *arguments, "--data", str(sandbox.data)]) == status
        captured = capsys.readouterr()
        return captured.err if status else captured.out

    which = ["--short-code", "600000", "testapiuser"]
    assert said("lock", *which).startswith(
        "600000   testapiuser          API  locked, password expires 2026-"
    )
    listed = said("list", "--short-code", "600000").splitlines()
    assert [each for each in listed if " testapiuser " in each and " locked, " in each]
    assert json.loads(said("unlock", *which, "--json"))["status"] == "active"
    assert said("list", "--short-code", "1") == "no initiators\n"
    unknown = said("lock", "--short-code", "600000", "nobody", status=1)
    assert unknown.startswith("salio: there is no initiator nobody at 600000")


def test_without_a_platform(fresh: Fresh, capsys: pytest.CaptureFixture[str]) -> None:
    """The command says how to start one."""
    platform = fresh(clock=FakeClock())
    DataFolder(platform.data).sign("http://127.0.0.1:9")
    assert main(["initiator", "list", "--data", str(platform.data)]) == 1
    assert "start it with `salio up" in capsys.readouterr().err


def test_basic_tokens_still_work(sandbox: Platform) -> None:
    """A token asked for right after all were revoked says that it lives as long as any."""
    assert call(sandbox, "POST", REVOKE, {"app": sandbox.app.number}).status == 200
    granted = sandbox.grant(basic(sandbox.app.key, sandbox.app.secret))
    assert granted.json["expires_in"] == "3599"
