"""A callback, or an answer to a request: read as the one typed thing that it is, or refused by its name.

The first byte chooses: a callback's bytes, the same as members that somebody else has parsed, an answer, or
the answer to the wish for a token; its two highest bits choose the status.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any

from salio.wire.answered import Balance, Transaction, Unreadable
from salio.wire.answers import Acknowledgement, Grant, Rejection, read_acknowledgement, read_grant
from salio.wire.callbacks import Result, read_result
from salio.wire.decoded import decode
from salio.wire.errors import UnreadableAnswer, UnreadableBody
from salio.wire.members import Given

STATUSES = (200, 400, 401, 503)

Read = Callable[[Given], Result]


def check(data: bytes, *, read: Read = read_result) -> None:
    """Fails if anything but the named error is raised, or if what is told differs from what was sent."""
    first, body = sum(data[:1]), data[1:]
    _explained(body, STATUSES[first >> 6])
    match first % 4:
        case 0:
            _callback(body, read)
        case 1:
            _parsed(body, read)
        case _:
            _answer(STATUSES[first >> 6], body, grant=first % 4 == 3)


def _explained(body: bytes, status: int) -> None:
    """As `salio decode` tells it: in words that can be printed."""
    with suppress(UnreadableBody, UnreadableAnswer):
        decoded = decode(body, status)
        told = [decoded.code, decoded.said, decoded.meaning, decoded.remedy]
        assert all(map(str.isprintable, [*told, *(each.name + each.value for each in decoded.facts)]))


def _callback(body: bytes, read: Read) -> None:
    try:
        result = read(body)
    except UnreadableBody as unreadable:
        assert unreadable.reason.isprintable()
        return
    _told(result)
    members = json.loads(body.removeprefix(b"\xef\xbb\xbf"))
    _as_sent(result, members.get("Result", members))


def _parsed(body: bytes, read: Read) -> None:
    """What a framework hands on: floats where the wire has decimals, and the last of two members."""
    try:
        members = json.loads(body)
    except (ValueError, RecursionError):
        return
    if isinstance(members, dict):
        try:
            _told(read(members))
        except UnreadableBody as unreadable:
            assert unreadable.reason.isprintable()


def _told(result: Result) -> None:
    """Whatever it was, it is typed."""
    assert result.code == result.code.strip() != ""
    assert isinstance(result.description, str)
    match result.answer:
        case Balance(accounts=accounts):
            assert accounts
            for account in accounts:
                assert all(each == each.quantize(Decimal("0.01")) for each in account.amounts)
        case Transaction(amount=amount, initiated_at=initiated_at):
            assert amount is None or amount.as_tuple().exponent == -2
            assert initiated_at is None or initiated_at.utcoffset() is not None
        case Unreadable(reason=reason):
            assert reason.isprintable()
        case None:
            pass


def _as_sent(result: Result, members: Any) -> None:
    """Another reading of the plain form: a list of parameters, unspaced names."""
    if not isinstance(members, Mapping) or not isinstance(members.get("ResultParameters"), Mapping):
        return
    if "ResultCode" not in members or any(" " in name for name in members):
        return
    listed = members["ResultParameters"].get("ResultParameter")
    if isinstance(listed, list):
        assert [each.key for each in result.parameters] == [each["Key"] for each in listed]
        for told, sent in zip(result.parameters, listed, strict=True):
            if isinstance(sent.get("Value"), str):
                assert told.value == sent["Value"]
    if isinstance(result.answer, Balance):
        _to_the_cent(result.answer, result)


def _to_the_cent(balance: Balance, result: Result) -> None:
    parts = str(result.value("AccountBalance")).split("&")
    for account, part in zip(balance.accounts, parts, strict=True):
        name, currency, *figures = part.split("|")
        assert (account.name, account.currency) == (name, currency)
        assert account.amounts == tuple(map(Decimal, figures))


def _answer(status: int, body: bytes, *, grant: bool) -> None:
    found = read_grant(status, body) if grant else read_acknowledgement(status, body)
    match found:
        case Rejection(certain=certain):
            assert certain or not 300 <= status < 500
        case Grant(access_token=token):
            assert status == 200
            assert token.isascii()
            assert token.isprintable()
        case Acknowledgement(code=code):
            assert (status, code) == (200, "0")
