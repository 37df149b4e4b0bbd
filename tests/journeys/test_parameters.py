"""Every row of both pages' Request Parameter Definition: what is accepted, and what is refused by name."""

from dataclasses import dataclass
from typing import Any

import pytest

from salio.wire.apis import Api
from salio.wire.refusals import Refusal
from tests.journeys.reaching import reaches
from tests.journeys.running import ABSENT, BALANCE, STATUS, Platform

BOTH = (BALANCE, STATUS)
LONG = "x" * 101
LONGER = "x" * 65
NO_TYPE = "not 1 (MSISDN), 2 (till) or 4 (short code)"


@dataclass(frozen=True)
class Bad:
    """One way in which a member is wrong, and what the log says of it."""

    name: str
    what: str
    value: Any
    cause: str
    apis: tuple[Api, ...] = BOTH


REQUIRED = {
    "CommandID": BOTH,
    "PartyA": BOTH,
    "IdentifierType": BOTH,
    "Remarks": BOTH,
    "Initiator": BOTH,
    "SecurityCredential": BOTH,
    "QueueTimeOutURL": BOTH,
    "ResultURL": BOTH,
    "TransactionID": (STATUS,),
}
ABSENCES = [("i7-missing", ABSENT, "missing"), ("i7-null", None, "is null"), ("i7-empty", "", "is empty")]
TYPES: list[tuple[str, Any]] = [
    ("a list", ["x"]),
    ("an object", {"x": 1}),
    ("true or false", True),
    ("a decimal number", 1.5),
]
TEXTS = ("CommandID", "Remarks", "Initiator", "SecurityCredential", "QueueTimeOutURL", "ResultURL")
OPTIONAL = {
    "OriginatorConversationID": BOTH,
    "Occasion": (STATUS,),
    "OriginalConversationID": (STATUS,),
    "TransactionID": (STATUS,),
}

TABLE = [
    *(
        Bad(name, what, value, cause, apis)
        for name, apis in REQUIRED.items()
        for what, value, cause in ABSENCES
    ),
    *(Bad(name, what, value, f"is {what}, text expected") for name in TEXTS for what, value in TYPES),
    *(
        Bad(name, what, value, f"is {what}, text expected", apis)
        for name, apis in OPTIONAL.items()
        for what, value in TYPES
    ),
    *(Bad("PartyA", what, value, f"is {what}, digits expected") for what, value in TYPES),
    *(Bad("IdentifierType", what, value, NO_TYPE) for what, value in TYPES),
    *(Bad(name, "a number", 5, "is a number, text expected") for name in TEXTS),
    *(Bad(name, "a number", 5, "is a number, text expected", apis) for name, apis in OPTIONAL.items()),
    Bad("CommandID", "i9-too long", LONGER, "too long (65 characters, 64 allowed)"),
    Bad("CommandID", "i13-NUL", "Account\0Balance", "holds a NUL"),
    Bad("Remarks", "i12-too long", LONG, "too long (101 characters, 100 allowed)"),
    Bad("Remarks", "i13-half a surrogate pair", "\ud83d", "half a surrogate pair"),
    Bad("Occasion", "i12-too long", LONG, "too long (101 characters, 100 allowed)", (STATUS,)),
    Bad("Initiator", "too long", LONGER, "too long (65 characters, 64 allowed)"),
    Bad("Initiator", "control character", "test\napi", "holds a control character"),
    Bad("PartyA", "i10-four digits", "6000", "not a short code"),
    Bad("PartyA", "i10-ten digits", "6000000000", "a type 4 identifier is a short code: 5 to 9 digits"),
    Bad("PartyA", "i10-thirteen digits", "2547083741490", "not a short code"),
    Bad("PartyA", "i10-letters", "60000O", "not a short code"),
    Bad("PartyA", "i10-digits of another script", "٦٠٠٠٠٠", "not a short code"),
    Bad("PartyA", "i10-leading zero", "0600000", "not a short code"),
    Bad("PartyA", "i10-underscore", "600_000", "not a short code"),
    Bad("PartyA", "i10-sign", "+600000", "not a short code"),
    Bad("PartyA", "i10-spaces", " 600000 ", "not a short code"),
    Bad("PartyA", "i10-negative number", -600000, "not a short code"),
    Bad("PartyA", "i10-an MSISDN", "254708374149", "a type 4 identifier is a short code: 5 to 9 digits"),
    *(
        Bad("IdentifierType", f"i11-type {value!r}", value, NO_TYPE)
        for value in ("0", "3", "5", "11", "04", "4 ", "four", 0, 3, 5, -4)
    ),
    Bad("SecurityCredential", "i21-not base64", "not base64!", "not base64"),
    Bad("SecurityCredential", "i21-too short", "QUJD", "base64 of 3 bytes, 256 expected"),
    Bad("SecurityCredential", "i21-too long", "QUJD" * 100, "base64 of 300 bytes, 256 expected"),
    Bad("SecurityCredential", "i21-without padding", "A" * 342, "not base64"),
    Bad("SecurityCredential", "i21-with a line break", "A" * 172 + "\n" + "A" * 170 + "==", "not base64"),
    Bad(
        "SecurityCredential",
        "i21-another spelling",
        "A" * 341 + "B==",
        "not base64 in its one standard spelling",
    ),
    Bad("SecurityCredential", "i21-URL alphabet", "-" * 342 + "==", "not base64"),
    *(
        Bad(name, what, value, cause)
        for name in ("QueueTimeOutURL", "ResultURL")
        for what, value, cause in (
            ("i18-no scheme", "myservice:8080/result", "not an absolute URL"),
            ("i18-another scheme", "ftp://myservice/result", "not an absolute URL"),
            ("i18-a path", "/result", "not an absolute URL"),
            ("i18-no host", "http:///result", "has no host"),
            ("i18-a user", "http://me@myservice/result", "carries a user name or password"),
            ("i18-a fragment", "http://myservice/#a", "holds a fragment"),
            ("i18-a space", "http://myservice/a b", "holds a space"),
            ("i18-a bad port", "http://myservice:99999/", "its port is not a number"),
            ("i18-a bad address", "http://1.2.3.999/", "its host is not an IPv4 address"),
            ("i18-another script", "http://müller/", "outside ASCII"),
            ("i18-too long", "http://myservice/" + "x" * 2048, "too long"),
        )
    ),
    *(
        Bad(name, what, value, cause, apis)
        for name, apis in (
            ("TransactionID", (STATUS,)),
            ("OriginalConversationID", (STATUS,)),
            ("OriginatorConversationID", BOTH),
        )
        for what, value, cause in (
            ("too long", LONGER, "too long (65 characters, 64 allowed)"),
            ("a space", "MBN31 H462N", "not printable ASCII"),
            ("another script", "\u041cBN31H462N", "not printable ASCII"),
        )
    ),
]
ROWS = [
    pytest.param(api, bad, id=f"{api.name.lower()} {bad.name} {bad.what}")
    for bad in TABLE
    for api in bad.apis
]


def code_of_a_bad_field(api: Api, profile: str) -> str:
    """The API's format code; one for both in the profile observed."""
    return "400.003.02" if api is STATUS and profile == "documented" else "400.002.02"


@reaches(Refusal.FIELD_INVALID)
@pytest.mark.parametrize(("api", "bad"), ROWS)
def test_i6_a_bad_member_is_refused_by_name(platform: Platform, api: Api, bad: Bad) -> None:
    """HTTP 400 "Bad Request - Invalid NAME"; the exact cause is kept, and no request."""
    kept = platform.kept()
    answer = platform.ask(api, {bad.name: bad.value})
    code = code_of_a_bad_field(api, platform.profile)
    assert answer.error == (400, code, f"Bad Request - Invalid {bad.name}")
    refused = platform.refusal(answer)
    assert (refused.field, refused.code, refused.app_number) == (bad.name, code, 1)
    assert refused.cause.startswith(f"{bad.name}: ")
    assert bad.cause in refused.cause
    assert platform.kept() == kept


GOOD: list[tuple[str, tuple[Api, ...], dict[str, Any]]] = [
    ("PartyA as a number", BOTH, {"PartyA": 600000}),
    ("IdentifierType as a number", BOTH, {"IdentifierType": 4}),
    ("both as numbers", BOTH, {"PartyA": 600000, "IdentifierType": 4}),
    ("a till", BOTH, {"PartyA": "7001101", "IdentifierType": "2"}),
    ("i12-remarks of 1 character", BOTH, {"Remarks": "x"}),
    ("i12-remarks of 100 characters", BOTH, {"Remarks": "🧾" * 100}),
    ("i12-occasion of 100 characters", (STATUS,), {"Occasion": "ß" * 100}),
    ("occasion null", (STATUS,), {"Occasion": None}),
    ("occasion empty", (STATUS,), {"Occasion": ""}),
    ("original conversation null", (STATUS,), {"OriginalConversationID": None}),
    ("original conversation empty", (STATUS,), {"OriginalConversationID": ""}),
    ("receipt null beside a conversation", (STATUS,), {"TransactionID": None, "OriginalConversationID": "a"}),
    ("receipt empty beside a conversation", (STATUS,), {"TransactionID": "", "OriginalConversationID": "a"}),
    ("own id null", BOTH, {"OriginatorConversationID": None}),
    ("own id empty", BOTH, {"OriginatorConversationID": ""}),
    ("initiator of 64 characters", BOTH, {"Initiator": "é" * 64}),
    ("https", BOTH, {"ResultURL": "https://127.0.0.1:1/result?a=b"}),
    ("IPv6", BOTH, {"ResultURL": "http://[::1]:1/result"}),
    ("the table's spelling", BOTH, {"QueueTimeOutURL": ABSENT, "QueueTimeoutURL": "http://myservice:8080/t"}),
]


@pytest.mark.parametrize(
    ("api", "changes"),
    [
        pytest.param(api, changes, id=f"{api.name.lower()} {what}")
        for what, apis, changes in GOOD
        for api in apis
    ],
)
def test_every_allowed_form_is_accepted(platform: Platform, api: Api, changes: dict[str, Any]) -> None:
    """The acknowledgement has the four members of the samples, all text, and ResponseCode 0."""
    answer = platform.ask(api, changes)
    assert answer.status == 200
    members = ["OriginatorConversationID", "ConversationID", "ResponseCode", "ResponseDescription"]
    assert list(answer.json) == members
    assert answer.json["ResponseCode"] == "0"


@pytest.mark.parametrize("member", ["Amount", "ResponseType", "x" * 200, "", "\u202e", "initiator"])
def test_i8_unknown_members_are_ignored_and_named(platform: Platform, api: Api, member: str) -> None:
    """A member that no table knows changes nothing; the request's row names it, shortened."""
    callback = platform.result(api, {member: {"deep": [1, 2]}})
    assert callback.code == "0"
    ((unknown,),) = platform.rows(
        "SELECT unknown_members FROM request WHERE conversation_id = ?", [callback.result["ConversationID"]]
    )
    assert unknown is not None


def test_the_timeout_url_twice_is_refused(platform: Platform, api: Api) -> None:
    """Both spellings at once: nobody knows which counts."""
    answer = platform.ask(api, {"QueueTimeoutURL": "http://myservice:8080/t"})
    assert answer.message == "Bad Request - Invalid QueueTimeOutURL"


@pytest.mark.parametrize(
    ("spaced", "unspaced"), [("Command ID", "CommandID"), ("Transaction ID", "TransactionID")]
)
def test_i8_spaced_keys(platform: Platform, spaced: str, unspaced: str) -> None:
    """TS's sample has keys with a space: `documented` takes them, `observed` refuses them by that name."""
    value = platform.body(STATUS)[unspaced]
    changes = {unspaced: ABSENT, spaced: value}
    if platform.profile == "documented":
        assert platform.result(STATUS, changes).code == "0"
        twice = platform.ask(STATUS, {spaced: value})
        assert twice.error == (400, "400.003.02", f"Bad Request - Invalid {unspaced}")
    else:
        answer = platform.ask(STATUS, changes)
        assert answer.error == (400, "400.002.02", f"Bad Request - Invalid {spaced}")


def test_i8_a_balance_query_knows_no_spaced_keys(platform: Platform) -> None:
    """AB's sample has none: `Command ID` is an unknown member there, and CommandID is missing."""
    answer = platform.ask(BALANCE, {"CommandID": ABSENT, "Command ID": "AccountBalance"})
    assert answer.error == (400, "400.002.02", "Bad Request - Invalid CommandID")


def test_i17_a_status_query_needs_a_subject(platform: Platform) -> None:
    """Neither receipt nor conversation: refused, naming TransactionID."""
    answer = platform.ask(STATUS, {"TransactionID": ABSENT, "OriginalConversationID": ""})
    code = code_of_a_bad_field(STATUS, platform.profile)
    assert answer.error == (400, code, "Bad Request - Invalid TransactionID")


def test_the_first_fault_in_the_tables_order_is_told(platform: Platform, api: Api) -> None:
    """Presence before form, and each in the order of the page's table."""
    assert platform.ask(api, {"ResultURL": ABSENT, "CommandID": 4}).message.endswith("ResultURL")
    assert platform.ask(api, {"ResultURL": 1, "IdentifierType": "9"}).message.endswith("IdentifierType")


@pytest.mark.parametrize("command", ["SalaryPayment", "accountbalance", "TransactionStatusQuery ", "x" * 64])
def test_i9_another_command(platform: Platform, api: Api, command: str) -> None:
    """Text that is not this API's command: 29 as a result; `observed` refuses it at once."""
    if platform.profile == "documented":
        assert platform.result(api, {"CommandID": command}).code == "29"
    else:
        answer = platform.ask(api, {"CommandID": command})
        assert answer.error == (400, "400.002.02", "Bad Request - Invalid CommandID")
