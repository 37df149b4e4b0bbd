"""The calls of the control that tell what became of requests."""

from typing import Annotated

import msgspec

from salio.core.audit.entries import Entry
from salio.sandbox.control.calls import Call, Control
from salio.sandbox.control.guard import Refused

USUAL = 20
MOST = 1_000


class Name(msgspec.Struct, forbid_unknown_fields=True):
    """What a request or a refusal is called."""

    id: Annotated[
        str,
        msgspec.Meta(
            min_length=1,
            description="An OriginatorConversationID, the caller's own too, a ConversationID, a request's "
            "number, or a refusal's requestId.",
        ),
    ]


class Page(msgspec.Struct, forbid_unknown_fields=True):
    """Which requests of the list."""

    after: (
        Annotated[
            int,
            msgspec.Meta(ge=0, le=10**18, description="The first ones after this number, not the latest."),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET
    limit: Annotated[int, msgspec.Meta(ge=1, le=MOST)] = USUAL


class Entries(msgspec.Struct):
    """Entries of the log, oldest first."""

    entries: list[Entry]


async def look_up_request(control: Control, words: Name) -> Entries:
    """The whole story of whatever is called so."""
    found = control.look_up(words.id)
    if not found:
        raise Refused(
            404,
            "nothing here is called so: give an OriginatorConversationID, a ConversationID, a requestId or a "
            "request's number",
        )
    return Entries(found)


async def list_requests(control: Control, words: Page) -> Entries:
    """Requests in their order, without details."""
    after = None if words.after is msgspec.UNSET else words.after
    return Entries(control.requests(after, words.limit))


_TOPIC = "Requests"

CALLS = (
    Call(
        method="GET",
        path="requests",
        topic=_TOPIC,
        summary="The latest requests, or the first ones after a number; MSISDNs are masked",
        carry_out=list_requests,
    ),
    Call(
        method="GET",
        path="requests/{id:path}",
        topic=_TOPIC,
        summary="The whole story of a request or refusal, with its exact cause",
        carry_out=look_up_request,
        errors={404: "Nothing is called so."},
    ),
)
