"""The forms of a request's members, on both APIs, and the order in which they are looked at."""

import base64
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import account_balance, transaction_status
from salio.wire.fields import InvalidField, Table
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile
from salio.wire.strict_json import NumberText

from .examples import CREDENTIAL, CREDENTIAL_LENGTH, balance_members, status_members, without

Members = dict[str, object]
Read = Callable[[Mapping[str, object], Profile, int], Any]
Build = Callable[..., Members]

APIS = [
    pytest.param(account_balance.read, balance_members, id="AB"),
    pytest.param(transaction_status.read, status_members, id="TS"),
]
MANDATORY = (
    "CommandID",
    "PartyA",
    "IdentifierType",
    "Remarks",
    "Initiator",
    "SecurityCredential",
    "QueueTimeOutURL",
    "ResultURL",
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.builds(NumberText, st.just("1e5")),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def refused(read: Read, members: Members, profile: Profile = DOCUMENTED) -> InvalidField:
    """The error that reading these members raises."""
    with pytest.raises(InvalidField) as caught:
        read(members, profile, CREDENTIAL_LENGTH)
    return caught.value


@pytest.mark.parametrize(("read", "build"), APIS)
@pytest.mark.parametrize("name", MANDATORY)
def test_mandatory_fields(read: Read, build: Build, name: str) -> None:
    """Each mandatory field is refused by its own name when it is missing, null or empty."""
    missing = refused(read, without(build(), name))
    assert (missing.name, missing.reason) == (name, "missing")
    null = refused(read, build(**{name: None}))
    assert (null.name, null.reason) == (name, "is null")
    empty = refused(read, build(**{name: ""}))
    assert (empty.name, empty.reason) == (name, "is empty")


@pytest.mark.parametrize(("read", "build"), APIS)
@pytest.mark.parametrize("name", MANDATORY)
@pytest.mark.parametrize("value", [[], {}, True, False, [1], {"a": 1}, NumberText("1e5")])
def test_wrong_types(read: Read, build: Build, name: str, value: object) -> None:
    """No field takes a list, an object, a truth or a fraction."""
    assert refused(read, build(**{name: value})).name == name


# field, value, part of the reason
FORMS = [
    pytest.param("CommandID", "x" * 65, "too long (65 characters, 64 allowed)", id="long command"),
    pytest.param("CommandID", 4, "is a number, text expected", id="command as number"),
    pytest.param("CommandID", "a\x00", "NUL", id="NUL in the command"),
    pytest.param("PartyA", "6000", "not a short code", id="4 digits"),
    pytest.param("PartyA", "6000000000000", "not a short code", id="13 digits"),
    pytest.param("PartyA", "060000", "not a short code", id="leading zero"),
    pytest.param("PartyA", "60000a", "not a short code", id="a letter"),
    pytest.param("PartyA", "600 000", "not a short code", id="a space"),
    pytest.param("PartyA", "600000\n", "not a short code", id="a newline"),
    pytest.param("PartyA", "٦٠٠٠٠٠", "not a short code", id="other digits"),
    pytest.param("PartyA", -600000, "not a short code", id="negative"),
    pytest.param("PartyA", 10**50, "not a short code", id="51 digits"),
    pytest.param("PartyA", NumberText("6e5"), "is a decimal number, digits expected", id="exponent"),
    pytest.param("PartyA", "6000000000", "type 4 identifier is a short code", id="10 digits"),
    pytest.param("PartyA", "254708374149", "type 4 identifier is a short code", id="an MSISDN of type 4"),
    pytest.param("IdentifierType", "3", "not 1 (MSISDN), 2 (till) or 4", id="type 3"),
    pytest.param("IdentifierType", "11", "not 1 (MSISDN)", id="type 11"),
    pytest.param("IdentifierType", "04", "not 1 (MSISDN)", id="type 04"),
    pytest.param("IdentifierType", 0, "not 1 (MSISDN)", id="type 0"),
    pytest.param("IdentifierType", "shortcode", "not 1 (MSISDN)", id="type in words"),
    pytest.param("Remarks", "x" * 101, "too long (101 characters, 100 allowed)", id="long remarks"),
    pytest.param("Remarks", "\ud800", "surrogate", id="half a pair"),
    pytest.param("Remarks", 1, "is a number, text expected", id="remarks as number"),
    pytest.param("Initiator", "x" * 65, "too long (65 characters, 64 allowed)", id="long initiator"),
    pytest.param("Initiator", "test\napi", "control character", id="newline in the initiator"),
    pytest.param("SecurityCredential", "not base64!", "not base64", id="not base64"),
    pytest.param("SecurityCredential", CREDENTIAL[:-1], "not base64", id="padding cut"),
    pytest.param("SecurityCredential", CREDENTIAL + "\n", "not base64", id="final newline"),
    pytest.param("SecurityCredential", CREDENTIAL[:76] + "\r\n" + CREDENTIAL[76:], "not base64", id="lines"),
    pytest.param("SecurityCredential", " " + CREDENTIAL, "not base64", id="space"),
    pytest.param("SecurityCredential", CREDENTIAL.replace("/", "_"), "not base64", id="url-safe"),
    pytest.param("SecurityCredential", CREDENTIAL[:-3] + "x==", "one standard spelling", id="stray bits"),
    pytest.param(
        "SecurityCredential", CREDENTIAL[:-4], "base64 of 255 bytes, 256 expected", id="a byte short"
    ),
    pytest.param("SecurityCredential", "é" * 344, "not base64", id="accents"),
    pytest.param("QueueTimeOutURL", "myservice:8080/x", "must begin with http", id="no scheme"),
    pytest.param("QueueTimeOutURL", "http://a/" + "x" * 2048, "too long (2057", id="long URL"),
    pytest.param("ResultURL", "http://user@host/", "user name", id="user-info"),
    pytest.param("OriginatorConversationID", "x" * 65, "too long (65", id="long id"),
    pytest.param("OriginatorConversationID", "a b", "printable ASCII", id="space in the id"),
]


@pytest.mark.parametrize(("read", "build"), APIS)
@pytest.mark.parametrize(("name", "value", "reason"), FORMS)
def test_forms(read: Read, build: Build, name: str, value: object, reason: str) -> None:
    """A malformed field is refused by its name, with the exact cause, and without its value."""
    error = refused(read, build(**{name: value}))
    assert error.name == name
    assert reason in error.reason
    assert len(error.reason) < 120
    assert CREDENTIAL[:20] not in error.reason


@pytest.mark.parametrize(("read", "build"), APIS)
@pytest.mark.parametrize(
    ("party", "identifier_type", "expected"),
    [
        pytest.param("600000", "4", ("600000", 4), id="as the samples"),
        pytest.param(600000, 4, ("600000", 4), id="numbers"),
        pytest.param("12345", "2", ("12345", 2), id="five digits"),
        pytest.param(123456789, "2", ("123456789", 2), id="nine digits"),
        pytest.param("254708374149", 1, ("254708374149", 1), id="MSISDN"),
        pytest.param(254708374149, "1", ("254708374149", 1), id="MSISDN as number"),
    ],
)
def test_parties(
    read: Read, build: Build, party: object, identifier_type: object, expected: tuple[str, int]
) -> None:
    """A party is text or number, and fits its type."""
    request = read(build(PartyA=party, IdentifierType=identifier_type), DOCUMENTED, CREDENTIAL_LENGTH)
    assert (request.party_a, request.identifier_type) == expected


@pytest.mark.parametrize(("read", "build"), APIS)
@pytest.mark.parametrize(
    ("party", "identifier_type"),
    [
        pytest.param("600000", "1", id="a short code is no MSISDN"),
        pytest.param("255708374149", "1", id="another country"),
        pytest.param("254708374149", "2", id="an MSISDN is no till"),
    ],
)
def test_a_party_must_fit_its_type(read: Read, build: Build, party: str, identifier_type: str) -> None:
    """The form of PartyA follows IdentifierType (rulings, Requests)."""
    assert refused(read, build(PartyA=party, IdentifierType=identifier_type)).name == "PartyA"


@pytest.mark.parametrize(("read", "build"), APIS)
def test_limits_are_code_points(read: Read, build: Build) -> None:
    """A hundred characters are allowed, whatever their script."""
    remarks = "🧾" * 100
    assert read(build(Remarks=remarks), DOCUMENTED, CREDENTIAL_LENGTH).remarks == remarks


@pytest.mark.parametrize(("read", "build"), APIS)
def test_both_spellings_of_the_timeout_url(read: Read, build: Build) -> None:
    """The tables' QueueTimeoutURL is accepted in place of the samples' QueueTimeOutURL, not beside it."""
    url = "http://myservice:8080/other"
    members = without(build(), "QueueTimeOutURL")
    request = read({**members, "QueueTimeoutURL": url}, DOCUMENTED, CREDENTIAL_LENGTH)
    assert request.queue_time_out_url == url
    assert request.unknown_members == ()
    error = refused(read, build(QueueTimeoutURL=url))
    assert error.name == "QueueTimeOutURL"
    assert error.reason == "sent twice, as `QueueTimeOutURL` and as `QueueTimeoutURL`"
    assert refused(read, {**members, "QueueTimeoutURL": None}).reason == "is null"


@pytest.mark.parametrize(("read", "build"), APIS)
@pytest.mark.parametrize("value", [None, ""])
def test_an_empty_optional_field_is_absent(read: Read, build: Build, value: str | None) -> None:
    """Null and the empty text are as good as nothing (rulings, Requests)."""
    request = read(build(OriginatorConversationID=value), DOCUMENTED, CREDENTIAL_LENGTH)
    assert request.originator_conversation_id is None


@pytest.mark.parametrize(("read", "build"), APIS)
def test_a_callers_own_id(read: Read, build: Build) -> None:
    """The caller may bring an id of its own."""
    request = read(build(OriginatorConversationID="rent-2026-08"), DOCUMENTED, CREDENTIAL_LENGTH)
    assert request.originator_conversation_id == "rent-2026-08"


@pytest.mark.parametrize(("read", "build"), APIS)
def test_another_apis_command(read: Read, build: Build) -> None:
    """`documented` lets it pass to the core, which answers 29; `observed` refuses it at once."""
    members = build(CommandID="SalaryPayment")
    assert read(members, DOCUMENTED, CREDENTIAL_LENGTH).command_id == "SalaryPayment"
    assert refused(read, members, OBSERVED).name == "CommandID"


@pytest.mark.parametrize(("read", "build"), APIS)
def test_presence_comes_before_form(read: Read, build: Build) -> None:
    """The last field's absence is told before the first one's form (AB, Error Codes, 24 before 25)."""
    assert refused(read, without(build(CommandID=4), "ResultURL")).name == "ResultURL"


@pytest.mark.parametrize(("read", "build"), APIS)
def test_order_is_the_tables(read: Read, build: Build) -> None:
    """Of several faults the first in the page's table is told, wherever it stands in the body."""
    bad = build(ResultURL=1, Remarks=1, IdentifierType="9")
    assert refused(read, dict(reversed(bad.items()))).name == "IdentifierType"
    assert refused(read, without(build(), "ResultURL", "Initiator", "Remarks")).name == "Remarks"


@pytest.mark.parametrize(("read", "build"), APIS)
@pytest.mark.parametrize(
    ("name", "sent"),
    [
        pytest.param("Initiator", "InitiatorName", id="B2C's name"),
        pytest.param("SecurityCredential", "securitycredential", id="lower case"),
        pytest.param("IdentifierType", "RecieverIdentifierType", id="Reversal's name"),
        pytest.param("Remarks", "Remark", id="a letter short"),
    ],
)
def test_hints_at_a_misspelling(read: Read, build: Build, name: str, sent: str) -> None:
    """Who misspelt a field is told what was sent."""
    members = build()
    error = refused(read, without(members, name) | {sent: members[name]})
    assert error.name == name
    assert error.reason == f"missing; did you mean `{name}`: you sent `{sent}`"


@pytest.mark.parametrize(("read", "build"), APIS)
def test_unknown_members_are_named(read: Read, build: Build) -> None:
    """Extra members are ignored and named: the first twenty, shortened, printable."""
    extras = {"Amount": 1, "\x1b[31m" + "n" * 500: 2} | {f"x{number}": 3 for number in range(50)}
    unknown = read(build(**extras), DOCUMENTED, CREDENTIAL_LENGTH).unknown_members
    assert unknown[0] == "Amount"
    assert len(unknown) == 20
    assert all(len(name) <= 40 and name.isascii() and name.isprintable() for name in unknown)


@pytest.mark.parametrize(("read", "build"), APIS)
def test_a_request_does_not_print_its_credential(read: Read, build: Build) -> None:
    """Neither repr nor str shows the credential."""
    request = read(build(), DOCUMENTED, CREDENTIAL_LENGTH)
    assert request.security_credential == CREDENTIAL
    assert CREDENTIAL[:20] not in f"{request!r} {request}"


@pytest.mark.parametrize(("read", "build"), APIS)
def test_another_length_of_key(read: Read, build: Build) -> None:
    """The credential is as long as the key, whatever key it is."""
    credential = base64.b64encode(bytes(512)).decode()
    assert read(build(SecurityCredential=credential), DOCUMENTED, 512).security_credential == credential


@pytest.mark.parametrize(
    "table", [pytest.param(account_balance.TABLE, id="AB"), pytest.param(transaction_status.TABLE, id="TS")]
)
def test_tables_describe_themselves(table: Table) -> None:
    """Every row has what a page of documentation needs."""
    assert all(field.meaning and field.kind and field.attribute for field in table.fields)


@pytest.mark.parametrize(("read", "build"), APIS)
@given(
    changes=st.dictionaries(
        st.sampled_from([*MANDATORY, "TransactionID", "Occasion"]), JSON_VALUES, max_size=3
    ),
    profile=st.sampled_from(list(PROFILES.values())),
)
def test_garbage_has_a_named_error(read: Read, build: Build, changes: Members, profile: Profile) -> None:
    """No member raises anything but InvalidField."""
    try:
        read(build(**changes), profile, CREDENTIAL_LENGTH)
    except InvalidField as error:
        printed = f"{error.name}{error.reason}"
    else:
        printed = "read"
    assert printed.isascii()
    assert printed.isprintable()
