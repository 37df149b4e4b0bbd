"""The control of the sandbox under ``/_salio/``: for tests in any language (docs/control.md)."""

from functools import cache

import msgspec
from starlette.routing import BaseRoute

from salio import __version__
from salio.core.requests.prompts import Phones
from salio.sandbox.control import (
    abroad_calls,
    access_calls,
    charge_calls,
    clock_calls,
    fault_calls,
    funds_calls,
    openapi,
    phone_calls,
    registration_calls,
    request_calls,
    state_calls,
)
from salio.sandbox.control.calls import PREFIX, Call, Control, Nothing, PhoneControl
from salio.sandbox.control.routing import ControlRoute


async def show_document(control: Control, words: Nothing) -> msgspec.Raw:
    """This table as a document."""
    del control, words
    return msgspec.Raw(document().removesuffix(b"\n"))  # every answer gets a line's end of its own


CALLS: tuple[Call, ...] = (
    *clock_calls.CALLS,
    *state_calls.CALLS,
    *fault_calls.CALLS,
    *request_calls.CALLS,
    *access_calls.CALLS,
    *registration_calls.CALLS,
    *funds_calls.CALLS,
    *abroad_calls.CALLS,
    *charge_calls.CALLS,
    *phone_calls.CALLS,
    Call(
        method="GET",
        path="openapi.json",
        topic="Document",
        summary="This document",
        carry_out=show_document,
    ),
)
"""Every call there is; a row more is a route more, and a part of the document."""


@cache
def document() -> bytes:
    """The OpenAPI document; `docs/control.openapi.json` is what `make openapi` keeps of it."""
    return openapi.document(CALLS, __version__, values=fault_calls.VALUES)


def routes(control: Control) -> list[BaseRoute]:
    """The route of the control."""
    return [ControlRoute(CALLS, control, f"see {PREFIX}/openapi.json")]


def for_phones(key: str, phones: Phones) -> list[BaseRoute]:
    """The route of a gateway of several processes: the rest is for one that does everything."""
    there = "of several processes a gateway answers for phones alone, the rest of the control is `salio up`'s"
    return [ControlRoute(phone_calls.CALLS, PhoneControl(key=key, phones=phones), there)]
