"""Named outcomes at the HTTP level to status and body: `requestId`, `errorCode`, `errorMessage`.

Source: rulings, Requests and Answers; AB, Response Error Codes; TS, Error Codes; Authorization, Error
Response Parameter Definition; wire facts 2.3 for the `fault` body.
"""

import enum
from collections.abc import Mapping

import msgspec

from salio.wire.apis import Api
from salio.wire.profile import Profile
from salio.wire.wording import shown


class Refusal(enum.Enum):
    """Why a request got no acknowledgement."""

    TOKEN_INVALID = enum.auto()
    """The bearer token is unknown, expired or revoked."""

    HEADER_INVALID = enum.auto()
    """No Authorization header, or not one bearer token."""

    PRODUCT_MISSING = enum.auto()
    """The token's app has not taken this API's product."""

    FIELD_INVALID = enum.auto()
    """A field is missing or malformed; `detail` is its name."""

    PAYLOAD_INVALID = enum.auto()
    """The body is no JSON object, or its content type says so."""

    PATH_UNKNOWN = enum.auto()
    """Nothing answers there."""

    METHOD_NOT_ALLOWED = enum.auto()
    """The path answers to another method; `detail` is the one that was used."""

    DUPLICATE_CONVERSATION = enum.auto()
    """The app has used this OriginatorConversationID before."""

    INTERNAL_ERROR = enum.auto()
    """A fault of the platform's own."""

    SPIKE_ARREST = enum.auto()
    """Too many requests within a second; `detail` is the rate: see `message_rate`."""

    QUOTA_EXCEEDED = enum.auto()
    """Too many requests within a day."""

    MAINTENANCE = enum.auto()
    """The maintenance switch is on."""

    MERCHANT_UNKNOWN = enum.auto()
    """M-PESA Express: BusinessShortCode is none of the app's."""

    MERCHANT_CREDENTIALS_WRONG = enum.auto()
    """M-PESA Express: Password is missing, malformed or another's."""

    SUBSCRIBER_LOCKED = enum.auto()
    """M-PESA Express: the phone shows a prompt already."""

    CHECKOUT_UNKNOWN = enum.auto()
    """M-PESA Express query: the organization has no such prompt."""

    URLS_REGISTERED = enum.auto()
    """C2B, in production: the short code has URLs already (Register URL, Error Codes)."""

    OAUTH_AUTHENTICATION_INVALID = enum.auto()
    """A token was asked for without Basic authentication."""

    OAUTH_CREDENTIALS_WRONG = enum.auto()
    """Unknown consumer key or wrong secret."""

    OAUTH_GRANT_INVALID = enum.auto()
    """A grant type other than client_credentials."""


class HttpAnswer(msgspec.Struct, frozen=True):
    """Status and body; the content type is application/json always."""

    status: int
    code: str
    """The errorCode that the body carries or stands for; for the log."""
    body: bytes


class _Row(msgspec.Struct, frozen=True):
    status: int
    code: str
    message: str
    """`{}` is the place of the detail."""


class _ErrorBody(msgspec.Struct, frozen=True, rename="camel"):
    request_id: str
    error_code: str
    error_message: str


_TOKEN = "Error Occurred - Invalid Access Token - "  # noqa: S105  # a wording, not a secret
_TOKEN_ROW = _Row(401, "401.002.01", _TOKEN + "Invalid Access Token")
_NO_PRODUCT = _TOKEN + "Invalid API call as no apiproduct match found"

_COMMON: Mapping[Refusal, _Row] = {
    Refusal.METHOD_NOT_ALLOWED: _Row(405, "405.001", "{} Method Not Allowed"),
    Refusal.DUPLICATE_CONVERSATION: _Row(500, "500.002.1001", "Duplicate OriginatorConversationID"),
    Refusal.INTERNAL_ERROR: _Row(500, "500.003.1001", "Internal Server Error"),
    Refusal.SPIKE_ARREST: _Row(500, "500.003.02", "Error Occurred: Spike Arrest Violation"),
    Refusal.MAINTENANCE: _Row(
        500,
        "500.002.1001",
        "Service is currently under maintenance. Please try again later",
    ),
    Refusal.OAUTH_GRANT_INVALID: _Row(400, "400.008.02", "Invalid grant type passed"),
    # M-PESA Express, Error Codes; the last was seen on the wire (wire facts 5.4)
    Refusal.MERCHANT_UNKNOWN: _Row(500, "500.001.1001", "Merchant does not exist"),
    Refusal.MERCHANT_CREDENTIALS_WRONG: _Row(500, "500.001.1001", "Wrong credentials"),
    Refusal.SUBSCRIBER_LOCKED: _Row(
        500,
        "500.001.1001",
        "Unable to lock subscriber, a transaction is already in process for the current subscriber",
    ),
    Refusal.CHECKOUT_UNKNOWN: _Row(500, "500.001.1001", "The transaction does not Exist"),
    Refusal.URLS_REGISTERED: _Row(500, "500.003.1001", "Urls are already registered."),
}
_BALANCE: Mapping[Refusal, _Row] = {
    **_COMMON,
    Refusal.TOKEN_INVALID: _TOKEN_ROW,
    Refusal.HEADER_INVALID: _TOKEN_ROW,
    Refusal.PRODUCT_MISSING: _Row(401, "401.002.01", _NO_PRODUCT),
    Refusal.PAYLOAD_INVALID: _Row(400, "400.002.02", "Bad Request - Invalid Request Payload"),
    Refusal.PATH_UNKNOWN: _Row(404, "404.002.01", "Resource not found"),
    Refusal.QUOTA_EXCEEDED: _Row(500, "500.003.03", "Quota Violation"),
}
_STATUS: Mapping[Refusal, _Row] = {
    **_COMMON,
    Refusal.TOKEN_INVALID: _Row(400, "400.003.01", "Invalid Access Token"),
    Refusal.HEADER_INVALID: _Row(404, "404.001.04", "Invalid Authentication Header"),
    Refusal.PRODUCT_MISSING: _Row(401, "401.003.01", _NO_PRODUCT),
    Refusal.PAYLOAD_INVALID: _Row(400, "400.002.05", "Invalid Request Payload"),
    Refusal.PATH_UNKNOWN: _Row(404, "404.003.01", "Resource not found"),
    Refusal.QUOTA_EXCEEDED: _Row(500, "500.003.03", "Error Occurred: Quota Violation"),
}
_C2B: Mapping[Refusal, _Row] = {
    **_STATUS,
    Refusal.HEADER_INVALID: _Row(404, "404.001.04", "Invalid Authenticator Header"),
}
"""Its page's table, which is TS's but for one word."""
_B2C: Mapping[Refusal, _Row] = {
    **_BALANCE,
    Refusal.DUPLICATE_CONVERSATION: _Row(500, "500.002.1001", "Duplicate OriginatorConversationID."),
    Refusal.PAYLOAD_INVALID: _Row(400, "400.002.02", "Bad Request - Invalid InitiatorName"),
}
"""The page has one sample of an error, no table, and what its FAQ 18 says of a wrong Content-Type: for all
else AB's rows (docs/decisions/0006)."""
# the pages of B2B and of taxes have no error at all: AB's rows
_REVERSAL: Mapping[Refusal, _Row] = {
    **_BALANCE,
    Refusal.TOKEN_INVALID: _Row(404, "404.001.03", "Invalid Access Token"),
    Refusal.HEADER_INVALID: _Row(404, "404.001.03", "Invalid Access Token"),
    Refusal.PAYLOAD_INVALID: _Row(400, "400.002.02", "Bad Request - Invalid RecieverIdentifierType"),
    Refusal.PATH_UNKNOWN: _Row(404, "404.001.01", "Resource not found"),
    Refusal.INTERNAL_ERROR: _Row(500, "500.001.1001", "Internal Server Error"),
    Refusal.SPIKE_ARREST: _Row(500, "500.003.02", "Spike Arrest Violation"),
}
"""Its page's table, and what its FAQ says of a wrong Content-Type; AB's rows for the rest."""
_EXPRESS: Mapping[Refusal, _Row] = {
    **_REVERSAL,
    Refusal.PAYLOAD_INVALID: _Row(400, "400.002.02", "Bad Request - Invalid BusinessShortCode"),
    Refusal.SPIKE_ARREST: _COMMON[Refusal.SPIKE_ARREST],
    Refusal.INTERNAL_ERROR: _COMMON[Refusal.INTERNAL_ERROR],
    Refusal.MAINTENANCE: _Row(500, "500.003.02", "System is busy. Please try again in few minutes."),
}
"""Its page's table, and what its FAQ 9 says of a wrong Content-Type."""
_ELSEWHERE: Mapping[Refusal, _Row] = {
    **_BALANCE,
    Refusal.PATH_UNKNOWN: _Row(404, "404.001.01", "Resource not found"),
}
_ROWS: Mapping[Api | None, Mapping[Refusal, _Row]] = {
    Api.ACCOUNT_BALANCE: _BALANCE,
    Api.TRANSACTION_STATUS: _STATUS,
    Api.B2C: _B2C,
    Api.B2B: _BALANCE,
    Api.TAX_REMITTANCE: _BALANCE,
    Api.C2B: _C2B,
    Api.C2B_REGISTER: _C2B,
    Api.EXPRESS: _EXPRESS,
    Api.EXPRESS_QUERY: _EXPRESS,
    Api.REVERSAL: _REVERSAL,
    None: _ELSEWHERE,
}


def answer(
    refusal: Refusal, *, api: Api | None, profile: Profile, request_id: str, detail: str = ""
) -> HttpAnswer:
    """The answer to a refused request. Outside of all APIs (`api` is None) AB's codes are used.

    `detail` is the field's name, the method or the rate, where the refusal tells one.
    """
    if refusal is Refusal.SPIKE_ARREST and profile.spike_arrest_as_fault:
        return _fault(detail)
    if refusal is Refusal.OAUTH_CREDENTIALS_WRONG and profile.wrong_secret_unexplained:
        return HttpAnswer(400, "400.008.01", b"")
    row = _row(refusal, api, profile)
    message = row.message.format(shown(detail))
    return HttpAnswer(row.status, row.code, msgspec.json.encode(_ErrorBody(request_id, row.code, message)))


def _row(refusal: Refusal, api: Api | None, profile: Profile) -> _Row:
    match refusal:
        case Refusal.FIELD_INVALID:
            code = profile.pages[api or Api.ACCOUNT_BALANCE].format_code
            return _Row(400, code, "Bad Request - Invalid {}")
        case Refusal.OAUTH_AUTHENTICATION_INVALID | Refusal.OAUTH_CREDENTIALS_WRONG:
            return _Row(400, "400.008.01", profile.invalid_authentication_text)
        case _:
            return _ROWS[api][refusal]


def message_rate(requests: int, microseconds: int, burst: int) -> str:
    """The detail of SPIKE_ARREST: so many requests per period, and the burst that is let through."""
    return (
        f"messagesPerPeriod={requests}, periodInMicroseconds={microseconds}, maxBurstMessageCount={burst:d}.0"
    )


def _fault(rate: str) -> HttpAnswer:
    text = f"Spike arrest violation. Allowed rate : MessageRate{{{shown(rate, 200)}}}"
    code = "policies.ratelimit.SpikeArrestViolation"
    fault = {"faultstring": text, "detail": {"errorcode": code}}
    return HttpAnswer(429, code, msgspec.json.encode({"fault": fault}))
