"""The synchronous answer to a well-formed request: accepted, or declined by the core.

Source: AB and TS, Response Body; AB, Error Codes (those of type ApiResponse); rulings, Answers.
"""

import enum
from typing import Self

import msgspec

from salio.wire.apis import Api
from salio.wire.profile import Profile
from salio.wire.wording import shown


class ResponseCode(enum.Enum):
    """Whether the core takes the request. Its value is its code; anything but ACCEPTED: nothing is kept."""

    code: str
    wording: str
    """`%1` is the place of a field's name, as AB prints it."""

    def __new__(cls, code: str, wording: str = "") -> Self:  # the default lets mypy read ResponseCode("0")
        member = object.__new__(cls)
        member._value_ = code
        member.code = code
        member.wording = wording
        return member

    ACCEPTED = ("0", "Accept the service request successfully")
    """Kept; exactly one result or queue timeout follows. The full stop is the profile's matter."""

    FIELDS_MISSING = ("24", "Missing mandatory fields")
    """The core misses what the gateway let through."""

    PARAMETERS_INVALID = ("25", "InvalidRequestParameters")
    """The core refuses a value that the gateway let through."""

    TRAFFIC_BLOCKED = ("26", "Traffic blocking condition in place")
    """A traffic block is in place."""

    CACHED_FOR_RESENDING = ("100000000", "Request was cached, waiting for resending")
    """Only when the sandbox's control asks for it."""

    OVERLOADED = ("100000001", "The system is overload")
    """More waits than the platform can hold."""

    THROTTLED = ("100000002", "Throttling error")
    """The core's own throttle."""

    INTERNAL_ERROR = ("100000004", "Internal Server Error")
    """The request could not be kept."""

    INPUT_INVALID = ("100000005", "Invalid input value:%1")
    """A value that the core refuses; the detail names the field."""

    SERVICE_ABNORMAL = ("100000007", "Service's status is abnormal.")
    """The core is not in service."""

    API_ABNORMAL = ("100000009", "API's status is abnormal")
    """This API is not in service."""

    PERMISSION_INSUFFICIENT = ("100000010", "Insufficient permissions")
    """The app may not use this API for this party."""

    RATE_EXCEEDED = ("100000011", "Exceed the limitation of request rate")
    """The core's own limit of requests in a time."""


_encode = msgspec.json.Encoder().encode


def acknowledge(
    api: Api,
    profile: Profile,
    *,
    originator_conversation_id: str,
    conversation_id: str,
    earlier: bool = False,
) -> bytes:
    """The body that says a request was accepted, members in the order of the page's sample.

    ``earlier``: it came to the API's earlier path (Register URL, Response Body, of C2B's v1).
    """
    page = profile.pages[api]
    text = (page.earlier_accepted_text if earlier else "") or page.accepted_text
    return _body(api, profile, originator_conversation_id, conversation_id, "0", text)


def decline(
    code: ResponseCode,
    api: Api,
    profile: Profile,
    *,
    originator_conversation_id: str,
    conversation_id: str,
    detail: str = "",
) -> bytes:
    """The body that says, with HTTP 200, that the core did not take the request, in AB's wordings.

    `detail` is a field's name and appears where the wording has a place for one (100000005).

    Raises:
        ValueError: the code is ACCEPTED, which is no way to decline.
    """
    if code is ResponseCode.ACCEPTED:
        raise ValueError("an accepted request is not declined")
    text = code.wording.replace("%1", shown(detail))
    return _body(api, profile, originator_conversation_id, conversation_id, code.code, text)


def _body(
    api: Api, profile: Profile, originator_conversation_id: str, conversation_id: str, code: str, text: str
) -> bytes:
    ids = {"ConversationID": conversation_id, "CheckoutRequestID": conversation_id}
    names = profile.pages[api].acknowledgement.value
    members = {name: ids.get(name, originator_conversation_id) for name in names}
    members["ResponseCode"] = code
    members["ResponseDescription"] = text
    if api is Api.EXPRESS:
        members["CustomerMessage"] = text
    return _encode(members)
