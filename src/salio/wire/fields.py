"""The forms that a request's members can have, and the walk along a table of them.

A table (`account_balance.TABLE`, `transaction_status.TABLE`) lists the fields in the order of its page's
Request Parameter Definition. `read` walks it twice: is everything there (code 24's question), then does
everything have its form (code 25's), and stops at the first that does not.

Source: rulings, Requests; AB and TS, Request Parameter Definition. What no page limits is limited here so
that a store and a log can hold it: initiator and identifiers at 64 characters.
"""

import binascii
import difflib
import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from salio.wire import amounts, urls
from salio.wire.apis import Api
from salio.wire.profile import Profile
from salio.wire.strict_json import NumberText
from salio.wire.wording import shown

LARGEST_AMOUNT = 10**15
"""Cents: far above the country's money, and what the ledger takes in one entry."""
UNKNOWN_LIMIT = 20
"""How many unknown members are named; further ones are not."""

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
_NOT_A_NAME = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_NOT_AN_IDENTIFIER = re.compile(r"[^\x21-\x7e]")
_PARTY = re.compile(r"[1-9][0-9]{4,11}")
_PARTY_FORMS = {
    1: (re.compile(r"254[0-9]{9}"), "a type 1 identifier is an MSISDN: 12 digits that begin with 254"),
    2: (re.compile(r"[1-9][0-9]{4,8}"), "a type 2 identifier is a till: 5 to 9 digits"),
    4: (re.compile(r"[1-9][0-9]{4,8}"), "a type 4 identifier is a short code: 5 to 9 digits"),
}
_IDENTIFIER_TYPES: Mapping[object, int] = {"1": 1, "2": 2, "4": 4, 1: 1, 2: 2, 4: 4}
_KINDS: Mapping[type, str] = {
    str: "text",
    bool: "true or false",
    int: "a number",
    NumberText: "a decimal number",
    list: "a list",
    dict: "an object",
}


class InvalidField(Exception):  # noqa: N818  # says what is the matter
    """A member is missing or does not have its form.

    `name` is the field as the caller is told it, `reason` the exact cause in words for a developer. Neither
    holds a value that was sent; only a member's own name can appear, shortened.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


class Terms(msgspec.Struct, frozen=True):
    """What a form can depend on besides the value."""

    api: Api
    profile: Profile
    credential_length: int
    """Bytes in a SecurityCredential: the key's length."""


Form = Callable[[str, object, Terms], object]
"""A form takes a field's name, its value (neither None nor empty) and the terms; raises InvalidField."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a page's Request Parameter Definition."""

    name: str
    attribute: str
    """What the typed request calls it."""
    kind: str
    """The page's own column: String, Numeric, Alpha-Numeric, URL."""
    meaning: str
    form: Form
    required: bool = True
    unless: str = ""
    """Another field that makes this one optional."""
    also: str = ""
    """A second spelling, accepted everywhere."""
    spaced: str = ""
    """A spelling with a space, which one profile accepts and the other refuses by name."""


class Table(msgspec.Struct, frozen=True):
    """The fields of one API's request, in their page's order."""

    api: Api
    fields: tuple[Field, ...]
    names: frozenset[str]
    """Every spelling of every field."""


def table(api: Api, *fields: Field) -> Table:
    """The fields as a table."""
    spellings = (name for field in fields for name in (field.name, field.also, field.spaced))
    return Table(api, fields, frozenset(filter(None, spellings)))


def read(
    rows: Table, members: Mapping[str, object], profile: Profile, credential_length: int
) -> dict[str, Any]:
    """The values of all fields, by attribute, and `unknown_members`.

    Raises:
        InvalidField: the first field that is missing, or else the first that does not have its form.
    """
    terms = Terms(rows.api, profile, credential_length)
    given = [_given(field, rows, members, profile) for field in rows.fields]
    values: dict[str, Any] = {}
    for field, value in zip(rows.fields, given, strict=True):
        values[field.attribute] = None if value is None else field.form(field.name, value, terms)
    if "identifier_type" in values:
        _match_party(values["party_a"], values["identifier_type"])
    values["unknown_members"] = tuple(_unknown(rows, members))
    return values


def _given(field: Field, rows: Table, members: Mapping[str, object], profile: Profile) -> object:
    """The field's value as sent, None if it is absent and may be."""
    value = members.get(field.name)
    if (field.also and field.also in members) or (field.spaced and field.spaced in members):
        value = _other_spelling(field, members, profile)
    if _is_given(value):
        return value
    if not field.required or (field.unless and _is_given(members.get(field.unless))):
        return None
    raise InvalidField(field.name, _absence(field, rows, members))


def _is_given(value: object) -> bool:
    return value is not None and value != ""


def _other_spelling(field: Field, members: Mapping[str, object], profile: Profile) -> object:
    if field.spaced in members and not profile.spaced_keys_accepted:
        raise InvalidField(field.spaced, f"the key has a space: send `{field.name}`")
    sent = [name for name in (field.name, field.also, field.spaced) if name and name in members]
    if len(sent) > 1:
        raise InvalidField(field.name, f"sent twice, as `{sent[0]}` and as `{sent[1]}`")
    return members[sent[0]]


def _absence(field: Field, rows: Table, members: Mapping[str, object]) -> str:
    spelling = next((name for name in (field.name, field.also, field.spaced) if name in members), None)
    if spelling is not None:
        return "is null" if members[spelling] is None else "is empty"
    missing = f"missing (or send `{field.unless}`)" if field.unless else "missing"
    return missing + _hint(field.name, _unknown(rows, members))


def _hint(name: str, unknown: list[str]) -> str:
    """A close misspelling among the unknown members, as the end of a sentence."""
    folded = {member.casefold(): member for member in reversed(unknown)}
    close = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return f"; did you mean `{name}`: you sent `{folded[close[0]]}`" if close else ""


def _unknown(rows: Table, members: Mapping[str, object]) -> list[str]:
    if members.keys() <= rows.names:
        return []
    return [shown(name) for name in members if name not in rows.names][:UNKNOWN_LIMIT]


def _match_party(party: str, identifier_type: int) -> None:
    form, words = _PARTY_FORMS[identifier_type]
    if form.fullmatch(party) is None:
        raise InvalidField("PartyA", words)


def _not_text(value: object) -> str:
    quoted = ": put it in quotes" if type(value) in {int, NumberText} else ""
    return f"is {_KINDS.get(type(value), 'something else')}, text expected{quoted}"


def _text(name: str, value: object, limit: int, refused: re.Pattern[str], words: str) -> str:
    if type(value) is not str:
        raise InvalidField(name, _not_text(value))
    if len(value) > limit:
        raise InvalidField(name, f"too long ({len(value)} characters, {limit} allowed)")
    if refused.search(value):
        raise InvalidField(name, words)
    return value


def free_text(limit: int, least: int = 1) -> Form:
    """Any text of `least` to `limit` code points without NUL and lone surrogates."""

    def form(name: str, value: object, _terms: Terms) -> str:
        text = _text(name, value, limit, _NOT_TEXT, "holds a NUL or half a surrogate pair")
        if len(text) < least:
            raise InvalidField(name, f"too short ({len(text)} characters, {least} at least)")
        return text

    return form


def initiator(name: str, value: object, _terms: Terms) -> str:
    """An operator's name: 1 to 64 characters, no control characters. Spaces and other scripts are allowed."""
    return _text(name, value, 64, _NOT_A_NAME, "holds a control character or half a surrogate pair")


def identifier(name: str, value: object, _terms: Terms) -> str:
    """A receipt or conversation id: 1 to 64 printable ASCII characters without spaces.

    Whether anything has that id is the core's question: a receipt in lower case is unknown, not malformed.
    """
    return _text(name, value, 64, _NOT_AN_IDENTIFIER, "holds a character that is not printable ASCII")


def command(name: str, value: object, terms: Terms) -> str:
    """A CommandID: at most 64 characters; the API's own, where the profile does not let others pass."""
    text = _text(name, value, 64, _NOT_TEXT, "holds a NUL or half a surrogate pair")
    if text not in terms.api.commands and not terms.profile.foreign_command_accepted:
        raise InvalidField(name, f"is not `{'` or `'.join(terms.api.commands)}`")
    return text


def party(name: str, value: object, _terms: Terms) -> str:
    """A short code, till or MSISDN: 5 to 12 ASCII digits, as text or number, without a leading zero.

    `read` checks later that it fits the identifier type.
    """
    text = str(value) if type(value) is int else value
    if type(text) is not str:
        raise InvalidField(name, f"is {_KINDS.get(type(value), 'something else')}, digits expected")
    if _PARTY.fullmatch(text) is None:
        raise InvalidField(name, "not a short code (5 to 9 digits) or MSISDN (12 digits, 254...)")
    return text


def short_code(name: str, value: object, terms: Terms) -> str:
    """A party that is a short code: 5 to 9 digits."""
    text = party(name, value, terms)
    if _PARTY_FORMS[4][0].fullmatch(text) is None:
        raise InvalidField(name, "not a short code: 5 to 9 digits")
    return text


def msisdn(name: str, value: object, terms: Terms) -> str:
    """A party that is a customer's telephone number."""
    text = party(name, value, terms)
    if _PARTY_FORMS[1][0].fullmatch(text) is None:
        raise InvalidField(name, "not an MSISDN: 12 digits that begin with 254")
    return text


def amount(name: str, value: object, _terms: Terms) -> int:
    """Shillings as text or number, at most two decimals, more than nothing; in cents."""
    text = value.text if isinstance(value, NumberText) else str(value) if type(value) is int else value
    if type(text) is not str:
        raise InvalidField(name, f"is {_KINDS.get(type(value), 'something else')}, an amount expected")
    try:
        cents = amounts.from_text(text)
    except amounts.MalformedAmount as error:
        raise InvalidField(name, str(error)) from None
    if not 0 < cents <= LARGEST_AMOUNT:
        raise InvalidField(name, "not an amount that anybody can pay")
    return cents


def whole_amount(name: str, value: object, terms: Terms) -> int:
    """An amount of whole shillings; in cents."""
    cents = amount(name, value, terms)
    if cents % 100:
        raise InvalidField(name, "not a whole number of shillings")
    return cents


def identifier_type(name: str, value: object, _terms: Terms) -> int:
    """1 for an MSISDN, 2 for a till, 4 for a short code, as text or number."""
    known = _IDENTIFIER_TYPES.get(value) if type(value) in {str, int} else None
    if known is None:
        raise InvalidField(name, "not 1 (MSISDN), 2 (till) or 4 (short code)")
    return known


def security_credential(name: str, value: object, terms: Terms) -> str:
    """Standard base64, padded and canonical, of exactly as many bytes as the key is long."""
    if type(value) is not str:
        raise InvalidField(name, _not_text(value))
    try:
        sent = value.encode("ascii")
        decoded = binascii.a2b_base64(sent, strict_mode=True)
    except ValueError:
        raise InvalidField(name, "not base64") from None
    if len(decoded) != terms.credential_length:
        raise InvalidField(name, f"base64 of {len(decoded)} bytes, {terms.credential_length} expected")
    if binascii.b2a_base64(decoded, newline=False) != sent:
        raise InvalidField(name, "not base64 in its one standard spelling")
    return value


def url(name: str, value: object, _terms: Terms) -> str:
    """An absolute http or https address: see `urls.problem`."""
    text = _text(name, value, urls.LENGTH_LIMIT, _NOT_TEXT, "holds a NUL or half a surrogate pair")
    problem = urls.problem(text)
    if problem:
        raise InvalidField(name, problem)
    return text


COMMAND_ID = Field(
    name="CommandID",
    attribute="command_id",
    kind="String",
    meaning="Which command this is; 64 characters at most.",
    form=command,
)
PARTY_A = Field(
    name="PartyA",
    attribute="party_a",
    kind="Numeric",
    meaning="The organization that asks: short code or till of 5 to 9 digits, MSISDN of 12.",
    form=party,
)
IDENTIFIER_TYPE = Field(
    name="IdentifierType",
    attribute="identifier_type",
    kind="Numeric",
    meaning="What PartyA is: 1 an MSISDN, 2 a till, 4 a short code.",
    form=identifier_type,
)
REMARKS = Field(
    name="Remarks",
    attribute="remarks",
    kind="String",
    meaning="A comment of 1 to 100 characters.",
    form=free_text(100),
)
INITIATOR = Field(
    name="Initiator",
    attribute="initiator",
    kind="Alpha-Numeric",
    meaning="The API operator in whose name the request is made.",
    form=initiator,
)
SECURITY_CREDENTIAL = Field(
    name="SecurityCredential",
    attribute="security_credential",
    kind="String",
    meaning="The initiator's password, encrypted with the platform's public key, in base64.",
    form=security_credential,
)
QUEUE_TIME_OUT_URL = Field(
    name="QueueTimeOutURL",
    attribute="queue_time_out_url",
    kind="URL",
    meaning="Who is told that the request waited too long. Both pages' tables spell it QueueTimeoutURL.",
    form=url,
    also="QueueTimeoutURL",
)
RESULT_URL = Field(
    name="ResultURL",
    attribute="result_url",
    kind="URL",
    meaning="Who is sent the result.",
    form=url,
)
ORIGINATOR_CONVERSATION_ID = Field(
    name="OriginatorConversationID",
    attribute="originator_conversation_id",
    kind="String",
    meaning="The caller's own id for this request, unique per app. In neither table (rulings, Requests).",
    form=identifier,
    required=False,
)
