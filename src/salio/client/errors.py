"""Everything that the client raises.

SalioError
├── UnusableSetting      what the client was given cannot work; nothing was sent
├── UnusableOrder        (from the wire) an order holds what no platform takes; nothing was sent
├── AskingFailed         a request got no acknowledgement
│   ├── NotSent              its first byte never left
│   │   ├── ServerNotTrusted     the server's certificate is not good
│   │   ├── CertificateUnavailable  the certificate for passwords could not be fetched
│   │   └── TokenUnavailable     no token could be had
│   ├── OutcomeUnknown       it may have been accepted: never send it again blindly
│   └── Refused              it was surely not accepted
│       ├── TokenRefused         the token, also after it was renewed
│       ├── NotEntitled          the app has not this API; no new token helps
│       ├── CredentialsRefused   consumer key or secret
│       ├── FieldRefused         one field, which is named
│       ├── PayloadRefused       the body
│       ├── NothingThere         the address or the method
│       ├── MerchantRefused      the short code that prompts, or its passkey
│       ├── SubscriberLocked     the customer's phone shows a prompt already
│       ├── PromptUnknown        no such prompt is known
│       ├── UrlsRegistered       the short code has URLs, and keeps them
│       ├── DuplicateConversation  the caller's id was used before
│       ├── SpikeArrest          too many in a second
│       ├── QuotaExceeded        too many in a day: stop until it is renewed
│       ├── Maintenance          the service is down on purpose
│       ├── PlatformFault        the other side's own fault
│       ├── Declined             the core's word: a ResponseCode other than 0
│       ├── Redirected           the answer points elsewhere; nobody follows it
│       └── Blocked              a firewall's page in the place of an answer
├── NoReceiver           nothing is attached that could wait for a result
├── ResultLate           no result came in the time that was given
├── UnreadableBody       (from the wire) what came is no callback
└── UnreadableAnswer     (from the wire) a result in a form that nobody has seen
"""

from collections.abc import Mapping

from salio.wire import mitigations
from salio.wire.answers import MESSAGE_LIMIT, Rejection
from salio.wire.errors import SalioError, UnreadableAnswer, UnreadableBody, UnusableOrder
from salio.wire.refusals import Refusal
from salio.wire.wording import shown

__all__ = [
    "AskingFailed",
    "Blocked",
    "CertificateUnavailable",
    "CredentialsRefused",
    "Declined",
    "DuplicateConversation",
    "FieldRefused",
    "Maintenance",
    "MerchantRefused",
    "NoReceiver",
    "NotEntitled",
    "NotSent",
    "NothingThere",
    "OutcomeUnknown",
    "PayloadRefused",
    "PlatformFault",
    "PromptUnknown",
    "QuotaExceeded",
    "Redirected",
    "Refused",
    "ResultLate",
    "SalioError",
    "ServerNotTrusted",
    "SpikeArrest",
    "SubscriberLocked",
    "TokenRefused",
    "TokenUnavailable",
    "UnreadableAnswer",
    "UnreadableBody",
    "UnusableOrder",
    "UnusableSetting",
    "UrlsRegistered",
]


class UnusableSetting(SalioError):  # noqa: N818  # says what is the matter
    """What the client was given cannot work. Nothing was sent."""

    mitigation = "Correct the setting that the message names; nothing was sent."


class AskingFailed(SalioError):  # noqa: N818  # says what is the matter
    """A request got no acknowledgement. What was answered, if anything was, is here."""

    def __init__(self, told: str, rejection: Rejection | None = None) -> None:
        super().__init__(told)
        self.rejection = rejection
        self.status = rejection.status if rejection else None
        self.code = rejection.code if rejection else ""
        self.message = rejection.message if rejection else ""
        self.request_id = rejection.request_id if rejection else ""
        self.reason = rejection.reason if rejection else ""
        """What a sandbox of ours says of the cause; empty elsewhere."""
        self.originator_conversation_id = ""
        """What was sent with the request as its own id, if it had one: a status query can ask by it."""


class NotSent(AskingFailed):
    """The request's first byte never left: it can be sent again without a doubt."""

    mitigation = "See to the network and the environment's address, then send it again: nothing was sent."


class ServerNotTrusted(NotSent):
    """The server's certificate is not one that this machine trusts for that host."""

    mitigation = "Check the address; name the server's authority in SSL_CERT_FILE, if it is to be trusted."


class NoReceiver(SalioError):  # noqa: N818  # says what is the matter
    """Nothing is attached to the client that could wait for a result."""

    mitigation = "Give the client a Tracker, or take the result from the receiver of your own."


class ResultLate(SalioError):  # noqa: N818  # says what is the matter
    """No result came in the time that was given. It may still come."""

    mitigation = "Wait further; a query may be asked again, of a payment its status."


class Refused(AskingFailed):
    """The request was surely not accepted."""

    def __init__(self, rejection: Rejection, about: str = "") -> None:
        self.mitigation = _mitigation(rejection)
        super().__init__(about + _told(rejection, self.mitigation), rejection)


class OutcomeUnknown(AskingFailed):
    """The request left, and whether it was accepted is not known: a result may come.

    Do not send it again as if nothing had happened. A query may be asked again, since it changes nothing; for
    a payment ask for the transaction's status.
    """

    mitigation = "Wait for the result; ask for the status of a payment before it is sent again."

    def __init__(self, why: str, rejection: Rejection | None = None) -> None:
        super().__init__(f"it is not known whether the request was accepted: {why}", rejection)


class CertificateUnavailable(NotSent):
    """The certificate that encrypts the initiator's password could not be fetched from its URL."""

    mitigation = "See to its URL, or give the initiator the certificate as a file; then send it again."


class TokenUnavailable(NotSent):
    """No token could be had, so that the request was not sent."""

    mitigation = "The token endpoint is down or slow: ask again later."

    def __init__(self, why: str, rejection: Rejection | None = None) -> None:
        super().__init__(f"no token: {why}", rejection)


class TokenRefused(Refused):
    """The token was refused, and the one that was got in its place too."""


class NotEntitled(Refused):
    """The app has not this API's product. A new token does not help."""


class CredentialsRefused(Refused):
    """Consumer key or secret are wrong, or of another environment."""


class FieldRefused(Refused):
    """A field is missing or malformed: `field` names it."""

    @property
    def field(self) -> str:
        """Its name on the wire."""
        return self.rejection.field if self.rejection else ""


class PayloadRefused(Refused):
    """The body as a whole was refused."""


class NothingThere(Refused):
    """Nothing answers at that address, or not to that method."""


class MerchantRefused(Refused):
    """The merchant is none of the app's, or the passkey is not its own: `code` and `message` say which."""


class SubscriberLocked(Refused):
    """The customer's phone shows a prompt already."""


class PromptUnknown(Refused):
    """The merchant has no prompt of that CheckoutRequestID, or not yet."""


class UrlsRegistered(Refused):
    """The short code has URLs already, and production keeps the first: nothing was changed."""


class DuplicateConversation(Refused):
    """The OriginatorConversationID was used before: the first request may well have been accepted."""


class SpikeArrest(Refused):
    """Too many requests in a second, also after the pauses that were allowed."""


class QuotaExceeded(Refused):
    """The app's quota is used up. Nothing helps until it is renewed."""


class Maintenance(Refused):
    """The service is under maintenance."""


class PlatformFault(Refused):
    """A fault of the other side's own."""


class Declined(Refused):
    """The core did not take the request: a ResponseCode other than 0, and no result follows."""


class Redirected(Refused):
    """The answer points to another address. It is not followed: a token would go with it."""


class Blocked(Refused):
    """A page of whatever stands in front of the gateway."""


_NAMES: Mapping[Refusal, type[Refused]] = {
    Refusal.TOKEN_INVALID: TokenRefused,
    Refusal.HEADER_INVALID: TokenRefused,
    Refusal.PRODUCT_MISSING: NotEntitled,
    Refusal.FIELD_INVALID: FieldRefused,
    Refusal.PAYLOAD_INVALID: PayloadRefused,
    Refusal.PATH_UNKNOWN: NothingThere,
    Refusal.METHOD_NOT_ALLOWED: NothingThere,
    Refusal.MERCHANT_UNKNOWN: MerchantRefused,
    Refusal.MERCHANT_CREDENTIALS_WRONG: MerchantRefused,
    Refusal.SUBSCRIBER_LOCKED: SubscriberLocked,
    Refusal.CHECKOUT_UNKNOWN: PromptUnknown,
    Refusal.URLS_REGISTERED: UrlsRegistered,
    Refusal.DUPLICATE_CONVERSATION: DuplicateConversation,
    Refusal.INTERNAL_ERROR: PlatformFault,
    Refusal.SPIKE_ARREST: SpikeArrest,
    Refusal.QUOTA_EXCEEDED: QuotaExceeded,
    Refusal.MAINTENANCE: Maintenance,
    Refusal.OAUTH_AUTHENTICATION_INVALID: CredentialsRefused,
    Refusal.OAUTH_CREDENTIALS_WRONG: CredentialsRefused,
    Refusal.OAUTH_GRANT_INVALID: CredentialsRefused,
}


_DOUBTFUL = frozenset({"100000000", "100000004"})
"""`Request was cached, waiting for resending`, `Internal Server Error` (AB, Error Codes, ApiResponse)."""


def error_of(rejection: Rejection, about: str = "", *, is_order: bool = False) -> Refused | OutcomeUnknown:
    """The error that says what a rejection means: of an order nothing is certain that leaves a doubt."""
    if not rejection.certain or (is_order and _leaves_a_doubt(rejection)):
        return OutcomeUnknown(f"the answer was HTTP {rejection.status}, {words_of(rejection)}", rejection)
    if 300 <= rejection.status < 400:
        return Redirected(rejection, about)
    if rejection.declined:
        return Declined(rejection, about)
    if rejection.refusal is not None:
        return _NAMES[rejection.refusal](rejection, about)
    return Refused(rejection, about) if rejection.code else Blocked(rejection, about)


def _leaves_a_doubt(rejection: Rejection) -> bool:
    """A fault inside the other side, or what it may do later by itself: money may move all the same."""
    if rejection.declined:
        return rejection.code in _DOUBTFUL
    return rejection.refusal is Refusal.INTERNAL_ERROR or (
        rejection.refusal is None and rejection.status >= 500
    )


def _mitigation(rejection: Rejection) -> str:
    if rejection.refusal is not None:
        return mitigations.OF_REFUSALS[rejection.refusal]
    if rejection.code:
        return mitigations.OF_CODES.get(rejection.code, "") if rejection.declined else ""
    return mitigations.BLOCKED


def _told(rejection: Rejection, mitigation: str) -> str:
    parts = [
        f"{words_of(rejection)} (HTTP {rejection.status})",
        f"reason: {shown(rejection.reason, MESSAGE_LIMIT)}" if rejection.reason else "",
        mitigation,
        f"request id {shown(rejection.request_id)}" if rejection.request_id else "",
    ]
    return "; ".join(part.rstrip(".") for part in parts if part)


def words_of(rejection: Rejection) -> str:
    """Code and message on one line."""
    said = f"{shown(rejection.code, 80)} {shown(rejection.message, MESSAGE_LIMIT)}".strip()
    return said or "without a word"
