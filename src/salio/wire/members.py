"""What others send, however they send it: bytes, or members that somebody else has already parsed.

The reader of a request is strict; this one takes every form that has been seen on the wire (wire facts 2.7)
and refuses only what two readers could read differently.
"""

import codecs
import json
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec

from salio.wire.errors import UnreadableBody
from salio.wire.strict_json import DIGITS_LIMIT, MalformedBody, NumberText, read_object
from salio.wire.wording import shown

Given = bytes | str | Mapping[str, object]
"""A body as it came, its text, or its members."""
Value = str | int | Decimal | None
"""What a parameter says; None if it came without a value."""

_PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,30}\.[0-9]{1,30}")
_BEYOND = 10**DIGITS_LIMIT


class Parameter(msgspec.Struct, frozen=True):
    """One key and what it says, as it came: an unknown key too, and each of two with one name."""

    key: str
    value: Value

    @property
    def name(self) -> str:
        """The key without its spaces: `Conversation ID` was seen for `ConversationID` (wire facts 2.6)."""
        return unspaced(self.key)


def unspaced(key: str) -> str:
    """The key without spaces."""
    return key.replace(" ", "")


def read_members(given: Given) -> Mapping[str, object]:
    """The members of a JSON object.

    Raises:
        UnreadableBody: it is none, or names a member twice.
    """
    if isinstance(given, Mapping):
        return given
    body = given.encode("utf-8", "replace") if isinstance(given, str) else given
    if not isinstance(body, bytes | bytearray | memoryview):
        raise UnreadableBody("the body is JSON, but not an object")
    try:
        return read_object(bytes(body).removeprefix(codecs.BOM_UTF8))
    except MalformedBody as malformed:
        raise UnreadableBody(malformed.reason) from None


def by_name(members: Mapping[str, object]) -> dict[str, object]:
    """The members by their names without spaces.

    Raises:
        UnreadableBody: two spellings of one name say different things.
    """
    named: dict[str, object] = {}
    for key, value in members.items():
        name = unspaced(str(key))
        if name in named and named[name] != value:
            raise UnreadableBody(f"two members are named `{shown(name)}`")
        named[name] = value
    return named


def text(value: object) -> str | None:
    """A member that is text or a number, as text; None without a value, and for anything else."""
    match value:
        case bool():
            return None
        case str():
            return value
        case NumberText():
            return value.text
        case int() if -_BEYOND < value < _BEYOND:
            return str(value)
        case float() | Decimal():
            return _number_text(value)
        case _:
            return None


def value_of(value: object) -> Value:
    """A parameter's value: text and whole numbers as they are, plain decimals exactly, all else as JSON."""
    if value is None or isinstance(value, str):
        return value
    said = text(value)
    if said is None:
        return _json(value)
    if isinstance(value, int):
        return value
    return Decimal(said) if _PLAIN_DECIMAL.fullmatch(said) else said


def read_parameters(given: object, key: str = "Key", value: str = "Value") -> tuple[Parameter, ...]:
    """One object or a list of them, in the order in which they came (wire facts 2.7).

    Raises:
        UnreadableBody: something else stands there, or one of them has no key.
    """
    if given is None or given == "":
        return ()
    listed: Iterable[object] = given if isinstance(given, list | tuple) else [given]
    return tuple(_parameter(each, key, value) for each in listed)


def _parameter(given: object, key: str, value: str) -> Parameter:
    if not isinstance(given, Mapping):
        raise UnreadableBody(f"a parameter is no object with a `{key}`")
    name = given.get(key)
    if not isinstance(name, str):
        raise UnreadableBody(f"a parameter has no `{key}`")
    return Parameter(name, value_of(given.get(value)))


def _number_text(value: float | Decimal) -> str:
    """Digits as they were: a moment that somebody's parser made a float of has no point and no exponent."""
    said = repr(value) if isinstance(value, float) else str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return said if abs(value) < 10**13 else str(int(value))
    return said


def _json(value: object) -> str:
    try:
        return json.dumps(value, default=_leaf, ensure_ascii=False)
    except (TypeError, ValueError, RecursionError):
        return _leaf(value)


def _leaf(value: object) -> str:
    return text(value) or f"<{type(value).__name__}>"
