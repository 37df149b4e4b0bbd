"""The calls of the control that say who bears what organizations' payments cost."""

from typing import Annotated

import msgspec

from salio.core.parties.organizations import ChargeBearer, Organization
from salio.core.requests.bearers import BearingRefusal
from salio.sandbox.control.calls import Call, Control
from salio.sandbox.control.guard import Refused
from salio.wire.wording import shown


class WhoseCharges(msgspec.Struct, forbid_unknown_fields=True):
    """Whose charges; nothing: everybody's."""

    short_code: str | msgspec.UnsetType = msgspec.UNSET


class Bearer(msgspec.Struct, forbid_unknown_fields=True):
    """Who bears them from now on."""

    short_code: str
    borne_by: ChargeBearer


class BearerShown(msgspec.Struct):
    """Who bears the charges of an organization's payments."""

    short_code: str
    name: str
    borne_by: Annotated[
        ChargeBearer,
        msgspec.Meta(description="`split`: the customer half of it, the organization the rest."),
    ]


class BearersShown(msgspec.Struct):
    """By short code."""

    charges: list[BearerShown]


async def list_bearers(control: Control, words: WhoseCharges) -> BearersShown:
    """All, or that of one short code."""
    return BearersShown(
        [
            _shown(each)
            for each in control.organizations()
            if words.short_code in (msgspec.UNSET, each.short_code)
        ]
    )


async def set_bearer(control: Control, words: Bearer) -> BearerShown:
    """Every payment that is decided after the answer follows it; what was paid before stays as it is."""
    done = await control.bear(words.short_code, words.borne_by)
    match done:
        case Organization():
            return _shown(done)
        case BearingRefusal.ORGANIZATION_UNKNOWN:
            unknown = f"there is no organization {shown(words.short_code)}"
            raise Refused(404, f"{unknown}: `salio testdata` shows them")
        case BearingRefusal.NOT_KEPT:
            raise Refused(503, "the store did not take it: nothing has changed, ask again")


def _shown(organization: Organization) -> BearerShown:
    return BearerShown(organization.short_code, organization.name, organization.charges_borne_by)


_TOPIC = "Charges"

CALLS = (
    Call(
        method="GET",
        path="organizations/charges",
        topic=_TOPIC,
        summary="Who bears the charges of organizations' payments",
        carry_out=list_bearers,
    ),
    Call(
        method="POST",
        path="organizations/charges",
        topic=_TOPIC,
        summary="Change who bears the charges of an organization's payments",
        carry_out=set_bearer,
        errors={
            404: "No organization has this short code.",
            503: "The store is out of reach, or did not take it: nothing has changed.",
        },
    ),
)
