"""M-PESA Express query: what became of a prompt, answered at once.

Source: M-PESA Express Query, Request Parameter Definition and Response Body; wire facts 5.4.
"""

from collections.abc import Mapping

import msgspec

from salio.wire import fields
from salio.wire.apis import Api
from salio.wire.express_push import BUSINESS_SHORT_CODE, PASSWORD, TIMESTAMP
from salio.wire.profile import Profile
from salio.wire.result_codes import ResultCode

_encode = msgspec.json.Encoder().encode

TABLE = fields.table(
    Api.EXPRESS_QUERY,
    BUSINESS_SHORT_CODE,
    PASSWORD,
    TIMESTAMP,
    fields.Field(
        name="CheckoutRequestID",
        attribute="checkout_request_id",
        kind="String",
        meaning="As the acknowledgement of the prompt gave it.",
        form=fields.identifier,
    ),
)
"""In the order of the page's table, which is the order of the checks."""


class QueryRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Which prompt is asked about, well-formed."""

    business_short_code: str
    password: str | None
    """As sent; empty or None for what cannot be one."""
    timestamp: str
    checkout_request_id: str
    unknown_members: tuple[str, ...]
    """Names of members that no table knows, shortened, the first 20: ignored."""

    def __repr__(self) -> str:
        """Without the password, so that no log or traceback shows it."""
        return f"QueryRequest(business_short_code={self.business_short_code!r}, ...)"


def read(members: Mapping[str, object], profile: Profile, credential_length: int) -> QueryRequest:
    """The typed request; there is no credential whose length would matter.

    Raises:
        InvalidField: the first missing field in the page's order, or else the first malformed one.
    """
    return QueryRequest(**fields.read(TABLE, members, profile, credential_length))


def answer(merchant_request_id: str, checkout_request_id: str, code: ResultCode, profile: Profile) -> bytes:
    """The whole answer; ResultCode is text here (wire facts 5.4)."""
    page = profile.pages[Api.EXPRESS_QUERY]
    return _encode(
        {
            "ResponseCode": "0",
            "ResponseDescription": page.accepted_text,
            "MerchantRequestID": merchant_request_id,
            "CheckoutRequestID": checkout_request_id,
            "ResultCode": code.code,
            "ResultDesc": page.text(code),
        }
    )
