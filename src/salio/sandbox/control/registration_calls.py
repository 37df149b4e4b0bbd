"""The calls of the control that show registrations and switch external validation on and off."""

from typing import Annotated

import msgspec

from salio.core.parties.registration import DefaultAction, Registration
from salio.sandbox.control.calls import Call, Control, Nothing
from salio.sandbox.control.guard import Refused
from salio.wire.wording import shown


class Validation(msgspec.Struct, forbid_unknown_fields=True):
    """Whether payments to a short code are validated."""

    short_code: str
    validated: bool


class RegistrationShown(msgspec.Struct):
    """Where customers' payments to a short code are told."""

    short_code: str
    response_type: Annotated[
        DefaultAction, msgspec.Meta(description="What becomes of a payment whose validation nobody answers.")
    ]
    confirmation_url: str | None
    validation_url: str | None
    validated: Annotated[bool, msgspec.Meta(description="Whether external validation is switched on.")]


class RegistrationsShown(msgspec.Struct):
    """By short code."""

    registrations: list[RegistrationShown]


async def list_registrations(control: Control, words: Nothing) -> RegistrationsShown:
    """Every short code for which something was registered or switched on."""
    del words
    known = sorted(control.registrations(), key=lambda each: each.short_code)
    return RegistrationsShown([_shown(each) for each in known])


async def switch_validation(control: Control, words: Validation) -> RegistrationShown:
    """Every payment that is decided after the answer follows it."""
    before = control.registration(words.short_code)
    if before is None:
        raise Refused(404, f"there is no short code {shown(words.short_code)}: `salio testdata` shows them")
    after = msgspec.structs.replace(before, validated=words.validated)
    if not await control.register(after):
        raise Refused(503, "the store did not take it: nothing has changed, ask again")
    return _shown(after)


def _shown(registration: Registration) -> RegistrationShown:
    return RegistrationShown(
        short_code=registration.short_code,
        response_type=registration.default_action,
        confirmation_url=registration.confirmation_url,
        validation_url=registration.validation_url,
        validated=registration.validated,
    )


CALLS: tuple[Call, ...] = (
    Call(
        method="GET",
        path="registrations",
        topic="Customers' payments",
        summary="Where customers' payments are told",
        carry_out=list_registrations,
    ),
    Call(
        method="POST",
        path="registrations/validation",
        topic="Customers' payments",
        summary="Switch external validation of a short code on or off",
        carry_out=switch_validation,
        errors={404: "There is no such short code.", 503: "The store did not take it; nothing has changed."},
    ),
)
"""Their rows."""
