"""Every JSON sample of both pages: accepted, or produced, as printed, in the profile `documented`."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from salio.wire.apis import Api
from tests.builders import FakeClock
from tests.journeys.client import basic
from tests.journeys.conftest import Fresh
from tests.journeys.running import BALANCE, STATUS, Platform
from tests.journeys.test_parameters import code_of_a_bad_field

SAMPLES = Path(__file__).parent.parent / "samples"
PREFIX = {BALANCE: "ab", STATUS: "ts"}


def sample(name: str) -> Any:
    """The page's own JSON."""
    return json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def test_the_request_is_accepted(documented: Platform, api: Api) -> None:
    """As printed, but for the SecurityCredential, which the pages shorten; answered as there."""
    body = sample(f"{PREFIX[api]}_request") | {"SecurityCredential": documented.credential()}
    answer = documented.post(api, json.dumps(body).encode())
    printed = sample(f"{PREFIX[api]}_acknowledgement")
    assert answer.status == 200
    assert list(answer.json) == list(printed)
    for name in ("ResponseCode", "ResponseDescription"):
        assert answer.json[name] == printed[name]
    forms = {"OriginatorConversationID": r"\d+-\d+-\d", "ConversationID": r"AG_\d{8}_[0-9a-f]{20}"}
    for name, form in forms.items():
        assert re.fullmatch(form, printed[name])
        assert re.fullmatch(form, answer.json[name])


def test_the_request_is_answered(documented: Platform, api: Api) -> None:
    """With a receiver of ours in place of `myservice`, the pages' requests succeed."""
    ours = {
        "SecurityCredential": documented.credential(),
        "ResultURL": documented.receiver.url("/result"),
        "QueueTimeOutURL": documented.receiver.url("/timeout"),
    }
    answer = documented.post(api, json.dumps(sample(f"{PREFIX[api]}_request") | ours).encode())
    assert documented.receiver.wait(answer.json["ConversationID"]).code == "0"


def test_the_shortened_credential_is_refused(platform: Platform, api: Api) -> None:
    """The pages' own is too short for any key: refused by its name."""
    credential = sample(f"{PREFIX[api]}_request")["SecurityCredential"]
    answer = platform.ask(api, {"SecurityCredential": credential})
    code = code_of_a_bad_field(api, platform.profile)
    assert answer.error == (400, code, "Bad Request - Invalid SecurityCredential")


def test_the_token(documented: Platform) -> None:
    """The page's members; its number is text here, as on the wire (rulings, Tokens and keys)."""
    app = documented.app
    answer = documented.grant(basic(app.key, app.secret)).json
    printed = sample("token")
    assert list(answer) == list(printed)
    assert len(answer["access_token"]) == len(printed["access_token"])
    assert answer["expires_in"] == str(printed["expires_in"])


@pytest.mark.parametrize(
    ("api", "moment", "changes", "day"),
    [
        pytest.param(BALANCE, "2020-01-09T12:57:10+03:00", {}, "20200109", id="balance of 600000"),
        pytest.param(
            STATUS,
            "2018-02-23T05:42:00+03:00",
            {"PartyA": "600310", "Initiator": "testapi", "TransactionID": "MBN31H462N"},
            "20180223",
            id="status of MBN31H462N",
        ),
    ],
)
def test_the_callback_of_the_day(
    fresh: Fresh, api: Api, moment: str, changes: dict[str, str], day: str
) -> None:
    """On the sample's own day the callback is the page's, member for member and in its order.

    All but the query's two ids, and TS's second DebitPartyName, a slip for CreditPartyName.
    """
    platform = fresh(clock=FakeClock(datetime.fromisoformat(moment)))
    result = platform.result(api, changes).result
    printed = sample(f"{PREFIX[api]}_result")["Result"]
    assert list(result) == list(printed)
    assert result["ConversationID"].startswith(f"AG_{day}_")
    ids = {name: printed[name] for name in ("OriginatorConversationID", "ConversationID")}
    assert json.dumps(result | ids) == json.dumps(_mended(printed))


def _mended(printed: dict[str, Any]) -> dict[str, Any]:
    """The page's result without the slip that the rulings name."""
    parameters = printed["ResultParameters"]["ResultParameter"]
    if parameters[1]["Key"] == "DebitPartyName":
        parameters[1]["Key"] = "CreditPartyName"
    return printed
