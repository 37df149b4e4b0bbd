"""A received callback as a person reads it: what it is in one line, tables of what it tells, and its text.

Callbacks are foreign input: whatever was posted can be shown, and nothing here raises.
"""

import enum
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from salio.wire import results, times
from salio.wire.balance_text import AccountAmounts, MalformedBalance, read_accounts

MOST_ROWS = 60
"""Rows of a table; a status result has 13. The JSON below shows the rest."""
DEEPEST = 20
"""Levels of JSON that are read and indented; a result has 5. 64 KiB of deeper ones would print as 50 MiB."""
NO_RESULT = "Not a Daraja result"
DASH = "\N{EM DASH}"
MINUS = "\N{MINUS SIGN}"
AMOUNTS = ("Current", "Available", "Reserved", "Uncleared")
"""An account's amounts, in the order of the balance text."""

# Control characters but for tab and new line, and those that turn the direction of what follows them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_IDENTIFIERS = ("OriginatorConversationID", "ConversationID", "TransactionID")
_PROMPT_IDENTIFIERS = ("MerchantRequestID", "CheckoutRequestID")
_SUBJECTS: Mapping[str, str] = {
    "AccountBalance": "Account balance",
    "TransactionStatus": "Transaction status",
}
"""The parameter that only this API's result has, and the API's name."""


class Kind(enum.Enum):
    """What a callback is. Its value is the word that the page shows."""

    SUCCEEDED = "Succeeded"
    """A result with code 0."""

    FAILED = "Failed"
    """A result with any other code."""

    TIMED_OUT = "Timed out"
    """A timeout notice: what became of the request is unknown."""

    PAYMENT = "Payment"
    """A customer's payment, to be validated or made."""

    OTHER = "Other"
    """Not a Daraja result."""


class Amount(msgspec.Struct, frozen=True):
    """Money on the page, with thousands apart, and whether it deserves a second look."""

    text: str
    mark: str
    """`negative`, `zero` or nothing."""


class Account(msgspec.Struct, frozen=True):
    """One row of the balance table."""

    name: str
    currency: str
    amounts: tuple[Amount, ...]
    """In the order of AMOUNTS."""


class Fact(msgspec.Struct, frozen=True):
    """One row of the key and value table."""

    key: str
    value: str
    note: str = ""
    """The same as a person writes it, where the wire's form is hard to read."""


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One callback, ready to be shown."""

    kind: Kind
    headline: str
    text: str
    """The body: JSON indented, anything else as it came."""
    subject: str = ""
    """The API that the result belongs to, where it can be told."""
    accounts: tuple[Account, ...] = ()
    identifiers: tuple[Fact, ...] = ()
    """The query's own, apart from those of the transaction that it may have found."""
    facts: tuple[Fact, ...] = ()
    """The parameters, but for the balance text where it is shown as a table."""
    more_facts: int = 0
    """Rows that were left out."""


def read_body(body: bytes) -> Reading:
    """What a page shows of a body."""
    try:
        value = msgspec.json.decode(body)
    except (ValueError, RecursionError):
        why = "not JSON" if body.strip() else "the body is empty"
        return Reading(kind=Kind.OTHER, headline=f"{NO_RESULT}: {why}", text=visible(as_text(body)))
    if _is_deep(value):
        return Reading(
            kind=Kind.OTHER, headline=f"{NO_RESULT}: nested too deeply", text=visible(as_text(body))
        )
    text = visible(msgspec.json.format(body, indent=2).decode("utf-8"))
    for read, told in ((_result, _at(value, "Result")), (_prompt, _at(value, "Body", "stkCallback"))):
        if isinstance(told, dict) and "ResultCode" in told:
            return read(told, text)
    if isinstance(value, dict) and value.keys() >= {"TransID", "TransAmount", "BusinessShortCode"}:
        return _payment(value, text)
    why = "JSON without a Result that has a ResultCode"
    return Reading(kind=Kind.OTHER, headline=f"{NO_RESULT}: {why}", text=text)


def as_json(body: bytes) -> msgspec.Raw | str:
    """The body as a member of a JSON answer: JSON as it was written, anything else as a string."""
    try:
        msgspec.json.decode(body)
    except (ValueError, RecursionError):
        return as_text(body)
    return msgspec.Raw(body)


def as_text(body: bytes) -> str:
    """The body as text; bytes that are no UTF-8 become replacement characters."""
    return body.decode("utf-8", "replace")


def visible(text: str) -> str:
    """The text with what cannot be seen, or would turn its order round, written as an escape."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def clock_text(moment: datetime) -> str:
    """`2026-08-16 12:30:00 EAT`."""
    return f"{times.local(moment):%Y-%m-%d %H:%M:%S} EAT"


def _result(result: Mapping[str, Any], text: str) -> Reading:
    parameters = tuple(_parameters(result))
    accounts = tuple(_accounts(parameters))
    pairs = [(key, value) for key, value in parameters if key != "AccountBalance" or not accounts]
    kind, headline = _outcome(_shown(result["ResultCode"]), _shown(result.get("ResultDesc")))
    return Reading(
        kind=kind,
        headline=headline,
        text=text,
        subject=next((_SUBJECTS[key] for key, _ in parameters if key in _SUBJECTS), ""),
        accounts=accounts,
        identifiers=tuple(_fact(name, result[name]) for name in _IDENTIFIERS if name in result),
        facts=tuple(_fact(key, value) for key, value in pairs[:MOST_ROWS]),
        more_facts=max(0, len(pairs) - MOST_ROWS),
    )


def _at(value: object, *names: str) -> object:
    """What stands below these names, if objects do."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _prompt(told: Mapping[str, Any], text: str) -> Reading:
    """The callback of M-PESA Express."""
    kind, headline = _outcome(_shown(told["ResultCode"]), _shown(told.get("ResultDesc")))
    items = _at(told, "CallbackMetadata", "Item")
    pairs = [each for each in items if isinstance(each, dict)] if isinstance(items, list) else []
    return Reading(
        kind=kind,
        headline=headline,
        text=text,
        subject="M-PESA Express",
        identifiers=tuple(_fact(name, told[name]) for name in _PROMPT_IDENTIFIERS if name in told),
        facts=tuple(_fact(_shown(each.get("Name")), each.get("Value")) for each in pairs[:MOST_ROWS]),
        more_facts=max(0, len(pairs) - MOST_ROWS),
    )


def _payment(told: Mapping[str, Any], text: str) -> Reading:
    """A customer's payment, confirmed; or, while nothing is paid and there is no balance, to be validated."""
    is_paid = bool(told.get("OrgAccountBalance"))
    amount, short_code = _shown(told["TransAmount"]), _shown(told["BusinessShortCode"])
    return Reading(
        kind=Kind.PAYMENT,
        headline=f"{amount} paid to {short_code}" if is_paid else f"Does {short_code} take {amount}?",
        text=text,
        subject="Confirmation" if is_paid else "Validation",
        identifiers=(_fact("TransID", told["TransID"]),),
        facts=tuple(_fact(visible(key), value) for key, value in told.items() if key != "TransID")[
            :MOST_ROWS
        ],
        more_facts=max(0, len(told) - 1 - MOST_ROWS),
    )


def _outcome(code: str, description: str) -> tuple[Kind, str]:
    if description == results.TIMED_OUT:
        return Kind.TIMED_OUT, f"Queue timeout: {description}"
    return Kind.SUCCEEDED if code == "0" else Kind.FAILED, f"{code} {DASH} {description}"


def _parameters(result: Mapping[str, Any]) -> Iterator[tuple[str, object]]:
    """Key and value of each ResultParameter, be it a list or, as some profiles send one, an object."""
    holder = result.get("ResultParameters")
    held = holder.get("ResultParameter") if isinstance(holder, dict) else None
    for item in held if isinstance(held, list) else [held]:
        if isinstance(item, dict) and "Key" in item:
            yield _shown(item["Key"]), item.get("Value")


def _accounts(parameters: Iterable[tuple[str, object]]) -> Iterator[Account]:
    balance = next((value for key, value in parameters if key == "AccountBalance"), None)
    if not isinstance(balance, str):
        return
    try:
        accounts = read_accounts(balance)
    except MalformedBalance:
        return
    yield from map(_account, accounts[:MOST_ROWS])


def _account(account: AccountAmounts) -> Account:
    figures = (account.current, account.available, account.reserved, account.uncleared)
    return Account(visible(account.name), account.currency, tuple(map(_amount, figures)))


def _amount(cents: int) -> Amount:
    whole, rest = divmod(abs(cents), 100)
    text = f"{MINUS if cents < 0 else ''}{whole:,}.{rest:02d}"
    return Amount(text, "negative" if cents < 0 else "" if cents else "zero")


def _fact(key: str, value: object) -> Fact:
    return Fact(key, _shown(value), _moment(value) if key.endswith(("Time", "Date")) else "")


def _moment(value: object) -> str:
    if not isinstance(value, str | int):
        return ""
    try:
        return clock_text(times.from_text(value))
    except (times.MalformedTime, times.UntellableTime):
        return ""


def _shown(value: object) -> str:
    if value is None or value == "":
        return DASH
    return visible(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _is_deep(value: object) -> bool:
    """Whether a value is nested deeper than DEEPEST; level by level, as recursion has limits of its own."""
    level = [value]
    for _ in range(DEEPEST):
        level = [child for each in level for child in _children(each)]
    return bool(level)


def _children(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
