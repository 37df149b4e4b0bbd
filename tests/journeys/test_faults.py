"""Faults on demand: every code that has no natural cause is asked for here, and the log names the fault."""

import json
import re
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.core.requests.outcomes import Admission, Outcome
from salio.gateway.admissions import response_code
from salio.platform.folder import DataFolder
from salio.sandbox.kinds import ADMISSIONS, OUTCOMES, REFUSALS, TOKEN_ALONE, TOKEN_REFUSALS
from salio.sandbox.plan import PlanError, read_plan
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from salio.wire.refusals import Refusal, answer
from salio.wire.result_codes import ResultCode
from tests.journeys.client import basic
from tests.journeys.conftest import Fresh
from tests.journeys.provoking import FAULTS, call, touched
from tests.journeys.reaching import reaches
from tests.journeys.running import BALANCE, STATUS, Platform
from tests.tidy.source import ROOT


@reaches(Refusal.MAINTENANCE)
@pytest.mark.parametrize("name", [name for name in REFUSALS if name not in TOKEN_ALONE])
def test_every_refusal_can_be_asked_for(faulty: Platform, api: Api, name: str) -> None:
    """The next request gets it, kept with the fault as its cause; the one after is as ever."""
    fault = call(faulty, "POST", FAULTS, refuse=name, detail="PartyA", next=1).json
    kept = faulty.kept()
    refused = faulty.ask(api)
    assert refused.status >= 400
    assert faulty.kept() == kept
    assert faulty.refusals()[0].cause == f"fault {fault['number']}: refuse {name}"
    assert faulty.ask(api).status == 200
    assert touched(faulty) == [(1, True)]


@reaches(Refusal.OAUTH_AUTHENTICATION_INVALID, Refusal.OAUTH_CREDENTIALS_WRONG, Refusal.OAUTH_GRANT_INVALID)
@pytest.mark.parametrize("name", sorted(TOKEN_REFUSALS))
def test_every_refusal_of_a_token_can_be_asked_for(faulty: Platform, name: str) -> None:
    """The next that asks with the right key and secret gets it, as the page words it; then all is well."""
    fault = call(faulty, "POST", FAULTS, refuse=name, api="token", next=1).json
    wrong, asked = (basic(faulty.app.key, secret) for secret in ("wrong", faulty.app.secret))
    assert faulty.grant(wrong).status == 400
    assert touched(faulty) == [(0, False)]
    refused, granted = faulty.grant(asked), faulty.grant(asked)
    assert (refused.status >= 400, granted.status) == (True, 200)
    assert faulty.refusals()[0].cause == f"fault {fault['number']}: refuse {name}"
    expected = answer(Refusal[name.upper()], api=None, profile=PROFILES[faulty.profile], request_id="")
    assert (refused.status, faulty.refusals()[0].code) == (expected.status, expected.code)
    assert touched(faulty) == [(1, True)]


def test_maintenance_as_it_travels(faulty: Platform) -> None:
    """The document's words."""
    call(faulty, "POST", FAULTS, refuse="maintenance")
    words = "Service is currently under maintenance. Please try again later"
    assert faulty.ask(BALANCE).error == (500, "500.002.1001", words)


@reaches(*ADMISSIONS.values(), *map(response_code, ADMISSIONS.values()))
@pytest.mark.parametrize("name", ADMISSIONS)
def test_every_response_code_can_be_asked_for(faulty: Platform, api: Api, name: str) -> None:
    """With HTTP 200; nothing is kept, and the log names the fault."""
    fault = call(faulty, "POST", FAULTS, decline=name, next=1).json
    kept = faulty.kept()
    declined = faulty.ask(api)
    assert declined.status == 200
    assert declined.json["ResponseCode"] == response_code(Admission[name.upper()]).code
    assert faulty.kept() == kept
    assert faulty.refusals()[0].cause == f"fault {fault['number']}: decline {name}"


@reaches(
    Outcome.DUPLICATE,
    ResultCode.DUPLICATE_DETECTED,
    Outcome.OUT_OF_SEQUENCE,
    ResultCode.SEQUENCE_FAILED,
    Outcome.FIELDS_MISSING,
    ResultCode.MANDATORY_FIELDS_MISSING,
    Outcome.TRAFFIC_BLOCKED,
    ResultCode.TRAFFIC_BLOCKED,
)
@pytest.mark.parametrize("name", OUTCOMES)
def test_every_end_can_be_asked_for(faulty: Platform, api: Api, name: str) -> None:
    """The request is accepted, and its one callback tells the failure; the log names the fault."""
    fault = call(faulty, "POST", FAULTS, end=name, detail="PartyA", next=1).json
    answer = faulty.ask(api)
    assert answer.json["ResponseCode"] == "0"
    conversation = answer.json["ConversationID"]
    callback = faulty.receiver.wait(conversation)
    assert callback.path == ("/timeout" if name == "queue_timed_out" else "/result")
    assert callback.code != "0"
    assert faulty.end(conversation).outcome == OUTCOMES[name].value
    assert faulty.end(conversation).cause == f"fault {fault['number']}: end {name}"


def test_a_result_is_lost(faulty: Platform, api: Api) -> None:
    """Decided as ever, told to nobody; the attempt's end says which fault took it, and is final."""
    call(faulty, "POST", FAULTS, lose="result", next=1)
    lost, told = (faulty.ask(api).json["ConversationID"] for _ in range(2))
    assert faulty.receiver.wait(told).code == "0"
    assert call(faulty, "POST", "/_salio/flush").json == {"idle": True}
    assert faulty.receiver.heard(lost) == []
    assert faulty.end(lost).outcome == "succeeded"
    [(fault,)] = faulty.rows(
        "SELECT fault FROM attempt_end JOIN request USING (number) WHERE conversation_id = ?", (lost,)
    )
    assert fault.startswith("lost on purpose: fault ")


def test_faults_are_aimed(faulty: Platform) -> None:
    """At one API: the other goes on as ever."""
    call(faulty, "POST", FAULTS, decline="overloaded", api="status")
    assert [faulty.ask(api).json["ResponseCode"] for api in (BALANCE, STATUS)] == ["0", "100000001"]
    assert touched(faulty) == [(1, False)]


def test_faults_are_listed_and_taken_away(faulty: Platform) -> None:
    """As they were given, by number; one that is gone cannot be taken away again."""
    given = {"end": "out_of_sequence", "share": 0.5, "short_code": "600000", "from": "2026-01-01T00:00:00Z"}
    made = [call(faulty, "POST", FAULTS, **wanted).json for wanted in (given, {"lose": "result"})]
    numbers = [each["number"] for each in made]
    assert made[0] == {"number": numbers[0], **given, "touched": 0, "spent": False}
    assert call(faulty, "GET", FAULTS).json == {"faults": made}
    assert call(faulty, "DELETE", f"{FAULTS}/{numbers[0]}").json == made[0]
    assert call(faulty, "DELETE", f"{FAULTS}/{numbers[0]}").json == {
        "error": f"there is no fault {numbers[0]}"
    }
    assert call(faulty, "GET", FAULTS).json == {"faults": made[1:]}


# --- the command and the plan ------------------------------------------------------------------------------


def test_the_command(faulty: Platform, capsys: pytest.CaptureFixture[str]) -> None:
    """`salio fault` puts in force, lists, takes away."""
    DataFolder(faulty.data).sign(f"http://127.0.0.1:{faulty.port}")
    beside = ["--data", str(faulty.data)]

    def said(*arguments: str) -> str:
        assert main(["fault", *arguments, *beside]) == 0
        return capsys.readouterr().out

    assert said("list") == "no faults\n"
    line = said("add", "--lose", "result", "--next", "1", "--app", "1", "--share", "0.5")
    number = line.partition(":")[0].removeprefix("fault ")
    assert line == f"fault {number}: lose result, app 1, next 1, share 0.5 (touched 0)\n"
    assert said("list") == line
    assert json.loads(said("list", "--json")) == call(faulty, "GET", FAULTS).json["faults"][0]
    assert said("remove", number) == line
    late = said("add", "--delay", "acknowledgement", "--seconds", "5", "--api", "token")
    assert late.endswith(": delay acknowledgement, seconds 5.0, api token (touched 0)\n")
    assert said("clear") == "no faults\n"
    assert main(["fault", "add", "--refuse", "nobody", *beside]) == 1
    assert "salio: `refuse` is one of token_invalid, " in capsys.readouterr().err


def test_a_plan(fresh: Fresh, tmp_path: Path) -> None:
    """`salio up --faults FILE`: in force before the first request."""
    plan = tmp_path / "plan.toml"
    plan.write_text('[[fault]]\ndecline = "overloaded"\nnext = 1\n\n[[fault]]\nlose = "result"\n', "utf-8")
    platform = fresh(faults=plan)
    assert [platform.ask(BALANCE).json["ResponseCode"] for _ in range(2)] == ["100000001", "0"]
    assert touched(platform)[0] == (1, True)


def test_the_plan_of_the_documentation(tmp_path: Path) -> None:
    """Every fault in it can be."""
    page = (ROOT / "docs" / "control.md").read_text("utf-8")
    plan = tmp_path / "plan.toml"
    plan.write_text(page.partition("```toml\n")[2].partition("```")[0], "utf-8")
    assert [fault.delay for fault in read_plan(plan)] == [None, None, "result", None]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("", "no `[[fault]]` in it", id="nothing in it"),
        pytest.param("[[fault]", "line 1", id="no TOML"),
        pytest.param('[[fault]]\nend = "well"', "`end` is one of", id="an unknown end"),
        pytest.param('[[fault]]\nloose = "result"', "loose", id="a slip of the pen"),
        pytest.param('[[fault]]\nlose = "result"\n' * 101, "101 faults, 100 can be", id="too many"),
    ],
)
def test_plans_that_cannot_be(tmp_path: Path, text: str, words: str) -> None:
    """The start is refused, with the file's name and what is wrong."""
    plan = tmp_path / "plan.toml"
    plan.write_text(text, "utf-8")
    with pytest.raises(PlanError, match=re.escape(str(plan))) as refused:
        read_plan(plan)
    assert words in str(refused.value)
    with pytest.raises(PlanError, match="No such file"):
        read_plan(tmp_path / "other.toml")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        pytest.param({}, "a fault is one of `refuse`", id="nothing"),
        pytest.param({"end": "well"}, "`end` is one of duplicate, ", id="an unknown end"),
        pytest.param({"loose": "result"}, "loose", id="a slip of the pen"),
        pytest.param({"lose": "result", "share": 2}, "$.share", id="more than all"),
        pytest.param({"lose": "result", "next": 0}, "$.next", id="never"),
        pytest.param({"lose": "result", "from": "noon"}, "$.from", id="no time"),
    ],
)
def test_faults_that_cannot_be(faulty: Platform, fault: dict[str, object], words: str) -> None:
    """Said with what could be; none is put in force."""
    answer = call(faulty, "POST", FAULTS, **fault)
    assert answer.status == 400
    assert words in answer.json["error"]
    assert touched(faulty) == []
