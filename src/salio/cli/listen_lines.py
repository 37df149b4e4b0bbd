"""Callbacks as ``salio listen`` prints them: a line for people, or all of it as JSON."""

from datetime import UTC, datetime

import msgspec

from salio.receiver.judging import Judged, read
from salio.tracker.looking import Came
from salio.wire.answered import Balance, Transaction
from salio.wire.callbacks import Result
from salio.wire.paid import Payment
from salio.wire.payments import CustomerPayment
from salio.wire.wording import shown


def line(came: Came) -> str:
    """``2026-11-21T19:03:57Z #1 result of request 7 from 196.201.214.200: 0 · Working Account KES 7.00``."""
    of = f" of request {came.request}" if came.request is not None else ""
    why = f" ({shown(came.why, 200)})" if came.why else ""
    source = f" from {shown(came.source)}" if came.source else ", answered at once"
    return f"{moment(came.came_at)} #{came.number} {came.verdict}{of}{why}{source}: {told(came.body)}"


def as_json(came: Came) -> str:
    """Everything, the body as text."""
    members = msgspec.structs.asdict(came)
    members |= {"came_at": moment(came.came_at), "body": came.body.decode("utf-8", "replace")}
    return msgspec.json.encode(members).decode()


def moment(milliseconds: int) -> str:
    """In UTC."""
    return f"{datetime.fromtimestamp(milliseconds / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"


def told(body: bytes) -> str:
    """What a callback says, in some words."""
    found = read(body)
    match found:
        case Judged():
            return shown(body.decode("utf-8", "replace"), 200)
        case CustomerPayment():
            return f"payment {shown(found.receipt)} of {found.amount} to {shown(found.short_code or '-')}"
        case Result(answer=Balance(accounts=accounts)):
            amounts = (f"{shown(each.name)} {shown(each.currency)} {each.available}" for each in accounts)
            return f"{shown(found.code)} · {', '.join(amounts)}"
        case Result(answer=Transaction() as answer):
            return f"{shown(found.code)} · {_words(answer.receipt, answer.status, answer.amount)}"
        case Result(answer=Payment() as paid):
            return f"{shown(found.code)} · {_words(paid.receipt, paid.amount)}"
        case _:
            return f"{shown(found.code)} {shown(found.description, 200)}"


def _words(*said: object) -> str:
    return " ".join(shown(str(each)) for each in said if each is not None)
