"""A fault as the control is told it, and which cannot be."""

from datetime import datetime
from typing import Annotated

import msgspec

from salio.core.access.apps import Product
from salio.core.requests.provoked import Breach, Mishap
from salio.sandbox.aims import APIS, TOKEN
from salio.sandbox.kinds import EFFECTS, TOKEN_ALONE, TOKEN_REFUSALS, Effect, Kind, Place

_STATUS = Product.TRANSACTION_STATUS.word
LONGEST_DELAY = 366 * 86_400
"""Seconds."""
DRIP_SECONDS = 0.05
"""Between two bytes, if the fault does not say: an answer of 300 bytes takes 15 s."""


class FaultError(Exception):
    """A fault that cannot be; the text says what could."""


class Fault(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """A fault as the control is told it: one of the kinds, the aim, and how long."""

    refuse: str | None = None
    """The HTTP refusal that the request gets, by name: ``spike_arrest``, ``maintenance``."""
    decline: str | None = None
    """The ResponseCode other than 0, by name: ``overloaded``."""
    end: str | None = None
    """How the accepted request ends, by name: ``queue_timed_out``."""
    lose: str | None = None
    """``result``, or ``acknowledgement`` after the work was done."""
    delay: str | None = None
    """``result`` or ``acknowledgement``, by ``seconds``."""
    double: str | None = None
    """``result``: the receiver gets the same bytes twice."""
    early: str | None = None
    """``result``: told before the acknowledgement leaves, or 30 s after it was due."""
    contradict: str | None = None
    """The state that a status query is told, by name: ``declined``, for a transaction in another one."""
    connection: str | None = None
    """``drop``, ``reset``, or ``drip``: the answer leaves a byte at a time, ``seconds`` apart."""
    hold: str | None = None
    """``queue``: undecided as long as the fault is in force, or until the request waited too long."""
    seconds: Annotated[float, msgspec.Meta(gt=0, le=LONGEST_DELAY)] | None = None
    """How late by the sandbox's clock, or between two bytes by the machine's."""
    detail: str = ""
    """What the refusal's text names: a field, a rate."""
    app: int | None = None
    """Only requests of the app with this number."""
    short_code: str | None = None
    """Only requests about this PartyA."""
    api: str | None = None
    """``balance``, ``status`` or ``token``; the first two if not given."""
    next: Annotated[int, msgspec.Meta(ge=1)] | None = None
    """So many requests, then never again."""
    share: Annotated[float, msgspec.Meta(gt=0, le=1)] = 1.0
    """Of the requests that it is aimed at."""
    since: Annotated[datetime, msgspec.Meta(tz=True)] | None = msgspec.field(default=None, name="from")
    until: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


def kind_of(fault: Fault) -> tuple[Kind, str]:
    """The fault's kind and word; raises :class:`FaultError` for what no fault can be."""
    given = [(kind, word) for kind in Kind if (word := getattr(fault, kind.value)) is not None]
    if len(given) != 1:
        raise FaultError(f"a fault is one of {', '.join(f'`{kind.value}`' for kind in Kind)}")
    [(kind, word)] = given
    if word not in EFFECTS[kind]:
        raise FaultError(f"`{kind.value}` is one of {', '.join(EFFECTS[kind])}")
    _check_api(fault, kind, word)
    _check_seconds(fault, kind, word)
    return kind, word


def apis_of(fault: Fault) -> frozenset[str]:
    """What it is aimed at: every API, and tokens only if it says so or only a token can be refused so."""
    if fault.api is not None:
        return frozenset({fault.api})
    return frozenset({TOKEN}) if fault.refuse in TOKEN_ALONE else frozenset(APIS) - {TOKEN}


def seconds_of(fault: Fault) -> float:
    """Its ``seconds``; a drip need not say them."""
    if fault.seconds is not None:
        return fault.seconds
    return DRIP_SECONDS if fault.connection == Breach.DRIP.value else 0.0


def _check_api(fault: Fault, kind: Kind, word: str) -> None:
    if fault.api not in (None, *APIS):
        raise FaultError(f"`api` is {', '.join(f'`{each}`' for each in APIS[:-1])} or `{APIS[-1]}`")
    if word in TOKEN_ALONE and fault.api not in (None, TOKEN):
        raise FaultError(f"`{word}` refuses tokens: leave out `api`, or say `{TOKEN}`")
    if kind is Kind.CONTRADICT and fault.api not in (None, _STATUS):
        raise FaultError(f"only the answer to a status query can contradict: say `{_STATUS}`, or no `api`")
    if apis_of(fault) == {TOKEN}:
        _check_token(fault, kind, word)


def _check_token(fault: Fault, kind: Kind, word: str) -> None:
    if fault.short_code is not None:
        raise FaultError("a token is asked for by an app, not for a `short_code`")
    if kind is Kind.REFUSE and word not in TOKEN_REFUSALS:
        raise FaultError(f"a token is refused with one of {', '.join(sorted(TOKEN_REFUSALS))}")
    if not _touches_tokens(EFFECTS[kind][word]):
        possible = "`refuse`, `connection`, `delay` or `lose` `acknowledgement`"
        raise FaultError(f"a token can meet {possible}: it is no request with a result")


def _touches_tokens(effect: Effect) -> bool:
    if effect.place is Place.MISHAP:
        return effect.what is not Mishap.OVERTAKEN
    return effect.place in {Place.REFUSAL, Place.BREACH}


def _check_seconds(fault: Fault, kind: Kind, word: str) -> None:
    if kind is Kind.DELAY and fault.seconds is None:
        raise FaultError("`delay` needs `seconds`")
    if kind is not Kind.DELAY and word != Breach.DRIP.value and fault.seconds is not None:
        raise FaultError("`seconds` goes with `delay`, or with `connection` `drip`")
