"""An answer in: whatever came back to a request or to the wish for a token, typed. Nothing here raises.

Takes every body of wire facts 1, 1.1 and 2.3: acknowledgements, errors, gateway faults, SOAP faults, empty
bodies and the pages of whatever stands in front of the gateway.

Source: AB and TS, Response Body and Error Codes; Authorization; wire facts 1 to 2.3 and 3.1.
"""

import re
from collections.abc import Callable, Mapping
from typing import TypeVar

import msgspec

from salio.wire.errors import UnreadableBody
from salio.wire.members import by_name, read_members, text
from salio.wire.refusals import Refusal
from salio.wire.wording import shown

T = TypeVar("T")

MESSAGE_LIMIT = 300
"""Characters of a foreign page that are told."""


class Acknowledgement(msgspec.Struct, frozen=True, kw_only=True):
    """The request was taken: one callback follows. It says nothing about password or permission."""

    originator_conversation_id: str | None
    conversation_id: str | None
    code: str
    """ResponseCode, `0`."""
    description: str
    raw: bytes


class Grant(msgspec.Struct, frozen=True):
    """A token and for how many seconds it lives; None if the answer did not say it readably."""

    access_token: str
    lifetime: int | None

    def __repr__(self) -> str:
        """Without the token."""
        return f"Grant(lifetime={self.lifetime})"


class Rejection(msgspec.Struct, frozen=True, kw_only=True):
    """Anything else than what was asked for."""

    status: int
    code: str
    """errorCode, the fault's code, or a ResponseCode other than 0; empty without one."""
    message: str
    request_id: str
    refusal: Refusal | None
    """The refusal that it is; None for an unknown one."""
    declined: bool
    """The core's own word: HTTP 200 with a ResponseCode other than 0."""
    certain: bool
    """The request was surely not accepted."""
    reason: str
    """What a sandbox of ours says of the cause (`X-Salio-Reason`); empty elsewhere."""
    raw: bytes

    def __repr__(self) -> str:
        """Without the body, whatever it holds."""
        return f"Rejection(status={self.status}, code={self.code!r}, message={shown(self.message)!r})"

    @property
    def field(self) -> str:
        """The field that is at fault, as FIELD_INVALID names it; else empty."""
        match = _FIELD.search(self.message)
        return match[1] if self.refusal is Refusal.FIELD_INVALID and match else ""


_FIELD = re.compile(r"Invalid (.+?)\s*\.?\s*$")
_TAGS = re.compile(r"<[^>]*>")
_EDGE = ("incapsula", "imperva", "_incapsula_resource")
_NO_PRODUCT = "no apiproduct match"

_BY_CODE: Mapping[str, Refusal] = {
    "400.002.02": Refusal.FIELD_INVALID,
    "400.002.05": Refusal.PAYLOAD_INVALID,
    "400.003.01": Refusal.TOKEN_INVALID,
    "400.003.02": Refusal.FIELD_INVALID,
    "400.008.01": Refusal.OAUTH_CREDENTIALS_WRONG,
    "400.008.02": Refusal.OAUTH_GRANT_INVALID,
    "401.001": Refusal.TOKEN_INVALID,
    "401.002.01": Refusal.TOKEN_INVALID,
    "401.003.01": Refusal.TOKEN_INVALID,
    "404.001.01": Refusal.PATH_UNKNOWN,
    "404.001.03": Refusal.TOKEN_INVALID,
    "404.001.04": Refusal.HEADER_INVALID,
    "404.002.01": Refusal.PATH_UNKNOWN,
    "404.003.01": Refusal.PATH_UNKNOWN,
    "405.001": Refusal.METHOD_NOT_ALLOWED,
    "500.001.1001": Refusal.INTERNAL_ERROR,
    "500.003.02": Refusal.SPIKE_ARREST,
    "500.003.03": Refusal.QUOTA_EXCEEDED,
    "500.003.1001": Refusal.INTERNAL_ERROR,
    "500.002.1001": Refusal.INTERNAL_ERROR,
    "00.002.1001": Refusal.MAINTENANCE,  # AB prints it without its first digit
    "999991": Refusal.OAUTH_CREDENTIALS_WRONG,
    "999996": Refusal.OAUTH_CREDENTIALS_WRONG,
    "999997": Refusal.OAUTH_CREDENTIALS_WRONG,
    "policies.ratelimit.QuotaViolation": Refusal.QUOTA_EXCEEDED,
    "policies.ratelimit.SpikeArrestViolation": Refusal.SPIKE_ARREST,
}
_BY_MESSAGE: tuple[tuple[str, Refusal, Refusal], ...] = (
    (_NO_PRODUCT, Refusal.TOKEN_INVALID, Refusal.PRODUCT_MISSING),
    ("request payload", Refusal.FIELD_INVALID, Refusal.PAYLOAD_INVALID),
    ("duplicate originator", Refusal.INTERNAL_ERROR, Refusal.DUPLICATE_CONVERSATION),
    ("maintenance", Refusal.INTERNAL_ERROR, Refusal.MAINTENANCE),
    ("merchant does not exist", Refusal.INTERNAL_ERROR, Refusal.MERCHANT_UNKNOWN),
    ("wrong credentials", Refusal.INTERNAL_ERROR, Refusal.MERCHANT_CREDENTIALS_WRONG),
    ("unable to lock subscriber", Refusal.INTERNAL_ERROR, Refusal.SUBSCRIBER_LOCKED),
    ("transaction does not exist", Refusal.INTERNAL_ERROR, Refusal.CHECKOUT_UNKNOWN),
    ("urls are already registered", Refusal.INTERNAL_ERROR, Refusal.URLS_REGISTERED),
    ("system is busy", Refusal.SPIKE_ARREST, Refusal.MAINTENANCE),
)
"""Words that turn what the code means into something else: several codes have more than one meaning."""
_BY_STATUS: Mapping[int, Refusal] = {401: Refusal.TOKEN_INVALID, 429: Refusal.SPIKE_ARREST}


def read_acknowledgement(status: int, body: bytes, reason: str = "") -> Acknowledgement | Rejection:
    """What a request was answered."""
    return _read(status, body, reason, _acknowledgement)


def read_grant(status: int, body: bytes, reason: str = "") -> Grant | Rejection:
    """What the wish for a token was answered. An empty HTTP 400 means a wrong key or secret, as any 401."""
    found = _read(status, body, reason, _grant)
    if isinstance(found, Rejection) and (status == 401 or (status == 400 and not body.strip())):
        return msgspec.structs.replace(found, refusal=Refusal.OAUTH_CREDENTIALS_WRONG)
    return found


def _read(
    status: int, body: bytes, reason: str, wanted: Callable[[Mapping[str, object], bytes], T | None]
) -> T | Rejection:
    try:
        members = by_name(read_members(body))
    except UnreadableBody:
        return _page(status, body, reason)
    found = wanted(members, body) if 200 <= status < 300 else None
    return found or _rejection(status, members, body, reason)


def _acknowledgement(members: Mapping[str, object], body: bytes) -> Acknowledgement | None:
    if _said(members, "ResponseCode") != "0":
        return None
    return Acknowledgement(
        originator_conversation_id=_first(
            members, "OriginatorConversationID", "OriginatorCoversationID", "MerchantRequestID"
        ),
        conversation_id=_first(members, "ConversationID", "CheckoutRequestID"),
        code="0",
        description=_said(members, "ResponseDescription"),
        raw=body,
    )


def _grant(members: Mapping[str, object], _body: bytes) -> Grant | None:
    token = members.get("access_token")
    if not (isinstance(token, str) and token.isascii() and token.isprintable() and token.strip()):
        return None
    lifetime = _said(members, "expires_in")
    return Grant(token, int(lifetime) if re.fullmatch("[0-9]{1,9}", lifetime) else None)


def _rejection(status: int, members: Mapping[str, object], body: bytes, reason: str) -> Rejection:
    code, message, certain = _told(members)
    declined = not code and 200 <= status < 300 and bool(_said(members, "ResponseCode"))
    if declined:
        code, message = _said(members, "ResponseCode"), _said(members, "ResponseDescription")
    return Rejection(
        status=status,
        code=code,
        message=message,
        request_id=_said(members, "requestId"),
        refusal=None if declined else _refusal(status, code, message),
        declined=declined,
        certain=declined or certain or 300 <= status < 500,
        reason=reason,
        raw=body,
    )


def _told(members: Mapping[str, object]) -> tuple[str, str, bool]:
    """Code, message, and whether this form means that nothing was accepted."""
    fault = members.get("fault")
    if isinstance(fault, Mapping):
        detail = fault.get("detail")
        code = _said(detail, "errorcode") if isinstance(detail, Mapping) else ""
        return code, _said(fault, "faultstring"), code in _BY_CODE
    soap = _inside(members, "Envelope", "Body", "Fault")
    if soap is not None:
        return _said(soap, "faultcode"), _said(soap, "faultstring"), False
    code = _said(members, "errorCode")
    return code, _said(members, "errorMessage"), bool(code)


def _inside(members: Mapping[str, object], *path: str) -> Mapping[str, object] | None:
    for name in path:
        found = members.get(name)
        if not isinstance(found, Mapping):
            return None
        members = found
    return members


def _page(status: int, body: bytes, reason: str) -> Rejection:
    """An answer that is no JSON: nothing at all, or the words of a machine in front of the gateway."""
    words = " ".join(_TAGS.sub(" ", body[:4096].decode("utf-8", "replace")).split())
    edge = any(each in body[:4096].decode("latin-1").lower() for each in _EDGE)
    return Rejection(
        status=status,
        code="",
        message=shown(words, MESSAGE_LIMIT),
        request_id="",
        refusal=_BY_STATUS.get(status),
        declined=False,
        certain=edge or 300 <= status < 500,
        reason=reason,
        raw=body,
    )


def _refusal(status: int, code: str, message: str) -> Refusal | None:
    found = _BY_CODE.get(code) or _BY_STATUS.get(status)
    folded = message.lower()
    return next((then for word, given, then in _BY_MESSAGE if found is given and word in folded), found)


def _first(members: Mapping[str, object], *names: str) -> str | None:
    """An id under whichever of its names it has."""
    return text(next((members[name] for name in names if members.get(name)), None))


def _said(members: Mapping[str, object], name: str) -> str:
    return (text(members.get(name)) or "").strip()
