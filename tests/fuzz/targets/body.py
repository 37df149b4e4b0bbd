"""A request's body: strictly read, agreed upon by another reader, and taken only in the fields' forms.

The first byte chooses path and profile, the rest is the body.
"""

import base64
import json
import json.scanner
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec

from salio.gateway.routes import QUESTIONS
from salio.wire import c2b_register, express_query
from salio.wire.apis import Api
from salio.wire.fields import LARGEST_AMOUNT, UNKNOWN_LIMIT, InvalidField, Table
from salio.wire.profile import DOCUMENTED, OBSERVED, Profile
from salio.wire.strict_json import MalformedBody, NumberText, read_object
from tests.fuzz.targets.ways import way_of

CREDENTIAL_LENGTH = 256
LONGEST_WORDS = 200


class Door(NamedTuple):
    """A path's table, and what reads by it."""

    api: Api
    table: Table
    read: Callable[[Mapping[str, object], Profile, int], object]


DOORS = {each.path: Door(each.api, each.table, each.read) for each in QUESTIONS} | {
    path: Door(api, module.TABLE, module.read)
    for api, module in ((Api.C2B_REGISTER, c2b_register), (Api.EXPRESS_QUERY, express_query))
    for path in api.paths
}
PATHS = (
    "/mpesa/accountbalance/v1/query",
    "/mpesa/transactionstatus/v1/query",
    "/mpesa/b2c/v3/paymentrequest",
    "/mpesa/b2c/v1/paymentrequest",
    "/mpesa/b2b/v1/paymentrequest",
    "/mpesa/b2b/v1/remittax",
    "/mpesa/c2b/v2/simulate",
    "/mpesa/c2b/v1/simulate",
    "/mpesa/stkpush/v1/processrequest",
    "/mpesa/reversal/v1/request",
    "/mpesa/c2b/v2/registerurl",
    "/mpesa/c2b/v1/registerurl",
    "/mpesa/stkpushquery/v1/query",
)
"""A path that is added comes last."""
WAYS = [(path, profile) for path in PATHS for profile in (DOCUMENTED, OBSERVED)]
OURS_ALONE = ("two members are named", "a number has", "nested too deeply")
"""Reasons for which we refuse what is JSON all the same."""

Read = Callable[[bytes], dict[str, object]]


def check(data: bytes, *, read: Read = read_object) -> None:
    """Fails if the body is misread, wrongly refused, or taken with a field out of its form."""
    way, body = way_of(data, WAYS), data[1:]
    if way is None:
        return
    try:
        members = read(body)
    except MalformedBody as malformed:
        _in_words(malformed.reason)
        _refused_rightly(body, malformed.reason)
        return
    try:
        _agreed(body, members)
        assert _written(read(_written(members).encode())) == _written(members)
    except RecursionError:
        return  # nested as deeply as Python goes: comparing goes deeper than reading did
    _fields(members, *way)


def _in_words(reason: str) -> None:
    """A developer can read it on one line of a log."""
    assert reason.isascii()
    assert reason.isprintable()
    assert 0 < len(reason) <= LONGEST_WORDS


def _written(members: dict[str, object]) -> str:
    """JSON again; a number that is not whole as text, for as a float it may be infinite."""
    return json.dumps(members, default=lambda number: number.text)


# --- another reader --------------------------------------------------------------------------------------


class _SlowDecoder(json.JSONDecoder):
    """The standard library's reader in Python rather than C: it leads the fuzzer through JSON's grammar."""

    def __init__(self) -> None:
        self.named_twice = False
        super().__init__(object_pairs_hook=self._members, parse_constant=_no_constant)
        self.parse_string = json.decoder.py_scanstring  # type: ignore[attr-defined]  # not in the stubs
        self.scan_once = json.scanner.py_make_scanner(self)  # type: ignore[attr-defined]  # not in the stubs

    def _members(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        self.named_twice |= len(dict(pairs)) < len(pairs)
        return dict(pairs)


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _refused_rightly(body: bytes, reason: str) -> None:
    slow, theirs = _SlowDecoder(), None
    with suppress(ValueError, RecursionError):
        slow.decode(body.decode())  # whatever comes of it: Python 3.11 takes \u+800 here, and not in C
    if reason.startswith(OURS_ALONE):
        assert not reason.startswith("two members") or slow.named_twice
        return
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        theirs = msgspec.json.decode(body)
    assert not isinstance(theirs, dict), f"refused, and it is an object: {reason}"


def _agreed(body: bytes, members: dict[str, object]) -> None:
    slow = _SlowDecoder()
    try:
        slowly = slow.decode(body.decode())
    except ValueError as error:
        raise AssertionError("taken, and it is no JSON") from error
    assert list(slowly) == list(members)
    assert not slow.named_twice
    try:
        theirs = msgspec.json.decode(body)
    except msgspec.ValidationError as error:
        assert "out of range" in str(error)
    except msgspec.DecodeError:
        assert "\\ud" in body.decode().lower(), "taken, and it is no JSON"  # half a surrogate pair
    else:
        assert _alike(members, theirs)


def _alike(ours: object, theirs: object) -> bool:
    """Equal in kind and value; a number that is not whole is text here and a float there."""
    if isinstance(ours, NumberText):
        return isinstance(theirs, float) and float(ours.text) == theirs
    if isinstance(ours, dict) and isinstance(theirs, dict):
        return list(ours) == list(theirs) and all(_alike(ours[name], theirs[name]) for name in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(map(_alike, ours, theirs))
    return type(ours) is type(theirs) and ours == theirs


# --- the fields ------------------------------------------------------------------------------------------


def _fields(members: Mapping[str, object], path: str, profile: Profile) -> None:
    door = DOORS[path]
    try:
        request = door.read(members, profile, CREDENTIAL_LENGTH)
    except InvalidField as invalid:
        assert invalid.name in door.table.names
        _in_words(invalid.reason)
        for name in ("SecurityCredential", "Password"):
            secret = members.get(name)
            assert not (isinstance(secret, str) and len(secret) > 20 and secret in invalid.reason)
        return
    assert "credential" not in repr(request)
    assert "password" not in repr(request)
    assert isinstance(request, msgspec.Struct)
    _in_form(msgspec.structs.asdict(request), door.api, profile)


def _free(limit: int, value: str) -> bool:
    return 1 <= len(value) <= limit and "\0" not in value and value.encode().decode() == value


def _an_id(value: str) -> bool:
    return 1 <= len(value) <= 64 and value.isascii() and value.isprintable() and " " not in value


def _an_address(value: str) -> bool:
    parts = urlsplit(value)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None


def _a_name(value: str) -> bool:
    return _free(64, value) and not re.search(r"[\x00-\x1f\x7f-\x9f]", value)


def _a_credential(value: str) -> bool:
    decoded = base64.b64decode(value)
    return len(decoded) == CREDENTIAL_LENGTH and base64.b64encode(decoded).decode() == value


def _an_msisdn(value: str) -> bool:
    return re.fullmatch(PARTIES[1], value, re.ASCII) is not None


def _a_short_code(value: str) -> bool:
    return re.fullmatch(PARTIES[4], value, re.ASCII) is not None


def _an_amount(value: int) -> bool:
    return 0 < value <= LARGEST_AMOUNT


def _a_moment(value: str) -> bool:
    return (
        re.fullmatch("[0-9]{14}", value, re.ASCII) is not None and value[4:6] <= "12" and value[8:10] < "24"
    )


def _a_password(value: str) -> bool:
    return re.fullmatch("([A-Za-z0-9+/]+={0,2})?", value, re.ASCII) is not None


FORMS: Mapping[str, Callable[[Any], bool]] = {
    "command_id": partial(_free, 64),
    "transaction_type": Api.EXPRESS.commands.__contains__,
    "response_type": {"Completed", "Cancelled"}.__contains__,
    "initiator": _a_name,
    "remarks": partial(_free, 100),
    "occasion": partial(_free, 100),
    "description": partial(_free, 13),
    "security_credential": _a_credential,
    "password": _a_password,
    "timestamp": _a_moment,
    "queue_time_out_url": _an_address,
    "result_url": _an_address,
    "callback_url": _an_address,
    "confirmation_url": _an_address,
    "validation_url": _an_address,
    "transaction_id": _an_id,
    "original_conversation_id": _an_id,
    "originator_conversation_id": _an_id,
    "checkout_request_id": _an_id,
    "account_reference": partial(_free, 13),
    "bill_reference": partial(_free, 20),
    "short_code": _a_short_code,
    "business_short_code": _a_short_code,
    "receiver_party": _a_short_code,
    "receiver_identifier_type": "11".__eq__,
    "sender_type": (4).__eq__,
    "party_b": _a_short_code,
    "payer": _an_msisdn,
    "phone": _an_msisdn,
    "msisdn": _an_msisdn,
    "requester": _an_msisdn,
    "cents": _an_amount,
}
OPTIONAL = {
    "occasion",
    "transaction_id",
    "original_conversation_id",
    "originator_conversation_id",
    "account_reference",
    "bill_reference",
    "description",
    "password",
    "requester",
}
PARTIES: Mapping[int, str] = {1: r"254\d{9}", 2: r"[1-9]\d{4,8}", 4: r"[1-9]\d{4,8}"}


def _in_form(values: dict[str, Any], api: Api, profile: Profile) -> None:
    unknown = values.pop("unknown_members")
    assert len(unknown) <= UNKNOWN_LIMIT
    assert all(name.isascii() and name.isprintable() for name in unknown)
    if "command_id" in values:
        assert profile.foreign_command_accepted or values["command_id"] in api.commands
    if "party_a" in values:
        assert re.fullmatch(PARTIES[values.pop("identifier_type", 4)], values.pop("party_a"), re.ASCII)
    _of_one_api(values, api)
    for name, value in values.items():
        assert (value is None and name in OPTIONAL) or FORMS[name](value), name


def _of_one_api(values: dict[str, Any], api: Api) -> None:
    """What means more, or something else, on this API."""
    if api in {Api.B2C, Api.REVERSAL}:
        assert len(values["remarks"]) >= 2
    match api:
        case Api.B2C:
            assert _an_msisdn(values.pop("party_b"))
        case Api.REVERSAL:
            assert values["transaction_id"]
        case Api.B2B | Api.TAX_REMITTANCE:
            assert re.fullmatch(PARTIES[values.pop("receiver_type")], values.pop("party_b"), re.ASCII)
            bill = values["command_id"] in {"BusinessPayBill", "PayTaxToKRA"}
            assert values["account_reference"] or not bill
        case Api.EXPRESS:
            assert _free(12, values["account_reference"])
        case Api.TRANSACTION_STATUS:
            assert values["transaction_id"] or values["original_conversation_id"]
        case _:
            pass
