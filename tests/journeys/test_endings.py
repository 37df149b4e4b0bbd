"""How accepted requests end: every result with a natural cause, on both APIs and in both profiles."""

import json
from datetime import timedelta
from typing import Any

import pytest

from salio.core.requests.outcomes import Outcome
from salio.platform.clock import SystemClock
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from salio.wire.result_codes import ResultCode
from tests.journeys.conftest import Fresh
from tests.journeys.endings import ENDINGS, Ending
from tests.journeys.reaching import reaches
from tests.journeys.receiver import Callback
from tests.journeys.running import BALANCE, QUERIES, STATUS, Keys, Platform
from tests.journeys.subjects import C2B_RECEIPT

ROWS = [
    pytest.param(api, each, id=f"{api.name.lower()} {each.what}") for each in ENDINGS for api in each.codes
]
INTERNAL = "https://internalsandbox.safaricom.co.ke/mpesa/abresults/v1/submit"
SHORTEST = timedelta(microseconds=1)
TEXT_OF_SUCCESS = "The service request is processed successfully"


def assert_form(platform: Platform, api: Api, callback: Callback, code: ResultCode) -> None:
    """Types, texts and parameters of a result that failed, as the profile has them."""
    result = callback.result
    as_text = platform.profile == "documented" and api is BALANCE
    assert result["ResultType"] == ("0" if as_text else 0)
    assert result["ResultCode"] == (code.code if as_text or not code.code.isdigit() else int(code.code))
    assert result["ResultDesc"] == code.description
    assert result["TransactionID"] == "UHG0000000"
    balance = {"Key": "QueueTimeoutURL", "Value": INTERNAL}
    assert result["ReferenceData"] == {"ReferenceItem": balance if api is BALANCE else {"Key": "Occasion"}}
    assert callback.parameters == parameters_of_failure(platform.profile, api, code)


def parameters_of_failure(profile: str, api: Api, code: ResultCode) -> dict[str, Any]:
    """`documented` has none but for 25; `observed` has three for a balance and none for a status."""
    if profile == "observed":
        moment = {"ErrorMsg": code.description, "BOCompletedTime": 20260816123000}
        return {"ActionType": "AccountBalance", **moment} if api is BALANCE else {}
    conflict = {"ErrorMsg": "TransactionID, OriginalConversationID"}
    return conflict if code is ResultCode.PARAMETERS_INVALID else {}


def code_of(ending: Ending, api: Api, profile: str) -> ResultCode:
    """The expected code."""
    return ending.codes[api][list(PROFILES).index(profile)]


@reaches(
    *(each.outcome for each in ENDINGS),
    *(code for each in ENDINGS for codes in each.codes.values() for code in codes),
)
@pytest.mark.parametrize(("api", "ending"), ROWS)
def test_a11_i16_i17_an_ending(platform: Platform, api: Api, ending: Ending) -> None:
    """Acknowledged, then told at ResultURL with the table's code; the cause is kept beside it."""
    app: Keys | None = None
    if ending.short_codes:
        app = platform.add_app(short_codes=ending.short_codes)
    callback = platform.result(api, ending.asked(platform), app=app)
    code = code_of(ending, api, platform.profile)
    assert callback.path == "/result"
    assert callback.code == code.code
    end = platform.end(callback.result["ConversationID"])
    assert end.outcome == ending.outcome.value
    assert ending.cause in end.cause
    assert bool(end.cause) == (ending.outcome is not Outcome.SUCCEEDED)
    if ending.outcome is Outcome.SUCCEEDED:
        stop = "" if (platform.profile, api) == ("documented", BALANCE) else "."
        assert callback.result["ResultDesc"] == TEXT_OF_SUCCESS + stop
    else:
        assert_form(platform, api, callback, code)


@reaches(Outcome.COMMAND_UNKNOWN, ResultCode.COMMAND_INVALID)
def test_a_foreign_command_in_documented(documented: Platform, api: Api) -> None:
    """29, before anybody looks at who is asking; `observed` refuses it at the door."""
    other = next(each.command for each in QUERIES if each is not api)
    callback = documented.result(api, {"CommandID": other, "Initiator": "nobody"})
    assert_form(documented, api, callback, ResultCode.COMMAND_INVALID)
    cause = documented.end(callback.result["ConversationID"]).cause
    assert cause.startswith(f"CommandID is not {api.command}, which this API needs; {other} belongs to ")


@pytest.mark.parametrize("member", ["ConversationID", "OriginatorConversationID"])
def test_a_balance_query_is_no_transaction(platform: Platform, member: str) -> None:
    """Its ids, asked about with a status query: 2032."""
    asked = platform.result(BALANCE).result
    changes = {"TransactionID": asked["TransactionID"], "OriginalConversationID": asked[member]}
    for name, value in changes.items():
        assert platform.result(STATUS, {**dict.fromkeys(changes), name: value}).code == "2032"


@pytest.mark.parametrize("occasion", [None, "", "OK", "a" * 100, "<b>Ñandú</b> 🧾", " "])
def test_the_occasion_comes_back(platform: Platform, occasion: str | None) -> None:
    """As text in ReferenceItem, or a key without a value if there was none."""
    result = platform.result(STATUS, {"Occasion": occasion}).result
    item = result["ReferenceData"]["ReferenceItem"]
    assert item == ({"Key": "Occasion", "Value": occasion} if occasion else {"Key": "Occasion"})


def test_how_a_callback_is_posted(platform: Platform, api: Api) -> None:
    """JSON, with its length, to the very path and query of ResultURL; without anything secret."""
    url = platform.receiver.url("/a/b%20c?d=e&f=%2F")
    callback = platform.result(api, {"ResultURL": url})
    assert callback.path == "/a/b%20c?d=e&f=%2F"
    assert callback.headers["content-type"].startswith("application/json")
    assert callback.headers["content-length"] == str(len(callback.raw))
    assert "authorization" not in callback.headers
    json.loads(callback.raw)


@reaches(Outcome.QUEUE_TIMED_OUT, ResultCode.INTERNAL_FAILURE)
@pytest.mark.parametrize("wire", list(PROFILES))
def test_p19_a_request_that_waited_too_long(fresh: Fresh, wire: str, api: Api) -> None:
    """QueueTimeOutURL is told 17 with the acknowledgement's ids; that is final, and no result follows."""
    platform = fresh(wire, clock=SystemClock(), longest_wait=SHORTEST)
    changes = {"Occasion": "OK"} if api is STATUS else {}
    callback = platform.result(api, changes)
    assert callback.path == "/timeout"
    assert callback.code == "17"
    assert str(callback.result["ResultType"]) == "0"
    assert "waited too long" in callback.result["ResultDesc"]
    assert "ResultParameters" not in callback.result
    conversation = callback.result["ConversationID"]
    assert platform.end(conversation).outcome == Outcome.QUEUE_TIMED_OUT.value
    assert platform.rows("SELECT * FROM intake") == []
    assert len(platform.receiver.heard(conversation)) == 1


@reaches(Outcome.INTERNAL_FAILURE)
@pytest.mark.parametrize("wire", list(PROFILES))
def test_p25_a_fault_of_ours_is_17(fresh: Fresh, wire: str) -> None:
    """A row that cannot be read: Internal Failure for who asks about it, and nothing for the neighbours."""
    platform = fresh(wire)
    platform.beside.change("UPDATE transaction_ SET details = 'damaged' WHERE receipt = ?", C2B_RECEIPT)
    callback = platform.result(STATUS)
    assert callback.code == "17"
    assert callback.result["ResultDesc"] == "Internal Failure"
    assert platform.end(callback.result["ConversationID"]).cause.startswith("DecodeError: ")
    assert platform.result(BALANCE).code == "0"
