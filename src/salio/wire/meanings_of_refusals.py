"""What each refusal means, when this platform gives it, and what to do: sentences for a developer.

Source: AB, Response Error Codes; TS, Error Codes; rulings, Requests and Answers; wire facts 1.1 and 2.3.
"""

from collections.abc import Mapping

import msgspec

from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.refusals import Refusal

NEVER = "Only when `salio fault` asks for it: "
"""How the `when` of a code begins that has no natural cause here; the rest says why."""

NOWHERE = "Never: "
"""The same of a code that no outcome of ours has."""


class Meaning(msgspec.Struct, frozen=True):
    """What is said of one outcome."""

    meaning: str
    when: str
    """When this platform sends it."""
    remedy: str
    """What to do about it."""


OF_REFUSALS: Mapping[Refusal, Meaning] = {
    Refusal.TOKEN_INVALID: Meaning(
        "The bearer token is not one that this platform honours now.",
        "The token expired (an hour after its issue), was revoked, was issued by another platform or data "
        "folder, or belongs to an app that was disabled. With --token-policy single also when the app got a "
        "newer one.",
        f"Get a new token from {OAUTH_PATH} and send the request once more. `salio log` says what was wrong "
        "with the old one. Renew a token some minutes before its hour is over.",
    ),
    Refusal.HEADER_INVALID: Meaning(
        "The request has no Authorization header that can be read.",
        "The header is missing, stands there twice, or is something else than the word Bearer and one token: "
        "Basic credentials, nothing after Bearer, quotation marks around the token.",
        "Send `Authorization: Bearer TOKEN`, once. Basic is for the token endpoint alone.",
    ),
    Refusal.PRODUCT_MISSING: Meaning(
        "The token is good, but its app was not given this API.",
        "The app lacks the API's product, as one made with `salio app add --product status` lacks balance "
        "queries.",
        "A new token of the same app will not help. `salio app list` shows which app has which product; "
        "`salio app add NAME` makes one that has both.",
    ),
    Refusal.FIELD_INVALID: Meaning(
        "A field is missing or does not have its form. The message names the first such field.",
        "Before anything is kept: first every field has to be there, then each has to have its form. Often "
        "SecurityCredential is not one line of base64 of the key's length, PartyA does not fit "
        "IdentifierType, or an address is not absolute. The profile observed also refuses another API's "
        "CommandID and keys with a space.",
        "Correct the field that is named and send the request again; `salio log` has the exact reason, such "
        "as a misspelt key.",
    ),
    Refusal.PAYLOAD_INVALID: Meaning(
        "The body as a whole is not one JSON object that everybody would read alike.",
        "It is not JSON, not an object, not UTF-8, names a member twice, is compressed or larger than "
        "64 KiB, or Content-Type is not application/json. On any path also what is no HTTP or could be read "
        "as two requests: an unknown method, two Host headers, a Transfer-Encoding other than chunked.",
        "Send one JSON object with `Content-Type: application/json`. `salio log` says what was in the way; "
        "form data in the place of JSON is the usual slip.",
    ),
    Refusal.PATH_UNKNOWN: Meaning(
        "Nothing answers at this path.",
        "The path is misspelt, ends in a slash, or belongs to an API that this version does not have.",
        f"The paths are {OAUTH_PATH}, {', '.join(path for api in Api for path in api.paths)}; "
        "/openapi.json has them all.",
    ),
    Refusal.METHOD_NOT_ALLOWED: Meaning(
        "The path is right, the method is not. The message names the method that was used.",
        "The APIs take POST alone, the token endpoint takes GET alone.",
        "Use that method. A client that followed a redirect may have turned its POST into a GET: give it the "
        "final address.",
    ),
    Refusal.DUPLICATE_CONVERSATION: Meaning(
        "The app has used this OriginatorConversationID before.",
        "The body brings an OriginatorConversationID, and an earlier request of the same app was accepted "
        "under it.",
        "If this was a second try, the first one was accepted: wait for its result, or look it up with "
        "`salio log ID`. For a new question choose a new id, or leave the member out.",
    ),
    Refusal.INTERNAL_ERROR: Meaning(
        "The platform failed, whatever the request was.",
        "The gateway met a fault of its own that nobody foresaw. `salio up` prints it on standard error, "
        "with the requestId.",
        "Send the request again after a pause: a query changes nothing. If it stays, report what was "
        "printed.",
    ),
    Refusal.SPIKE_ARREST: Meaning(
        "The app sent requests faster than its limit a second.",
        "Looked at after token and product, before the body. A new app may send 25 requests a second and 25 "
        "at once; the test app has no limit. At the token endpoint: more than 25 wrong secrets at once, or "
        "one a second, for one consumer key.",
        "Wait a second, send again, and spread the requests evenly. `salio app set APP --per-second NUMBER "
        "--burst NUMBER` changes the limit. At the token endpoint the secret is wrong: the right one is "
        "never held up.",
    ),
    Refusal.QUOTA_EXCEEDED: Meaning(
        "The app has used up its requests of the day.",
        "A new app has 100,000 accepted requests from midnight to midnight UTC; refused ones do not count. "
        "The test app has no limit. Grants are not counted: at the token endpoint only when `salio fault` "
        "asks for it.",
        "Stop until midnight UTC: trying again does not help before. Ask less often, or raise the limit with "
        "`salio app set APP --per-day NUMBER`.",
    ),
    Refusal.MAINTENANCE: Meaning(
        "The service is closed for a while. The Account Balance page prints the code as 00.002.1001.",
        NEVER + "this platform does not close for maintenance of its own accord.",
        "A duplicate OriginatorConversationID has the same code, so tell them apart by the message. Nothing "
        "was kept: send the same request again some minutes later.",
    ),
    Refusal.MERCHANT_UNKNOWN: Meaning(
        "BusinessShortCode is none that may prompt customers.",
        "It is no short code of the app.",
        "`salio app list` shows the app's short codes. For a till send its head office or store as "
        "BusinessShortCode, and the till as PartyB.",
    ),
    Refusal.MERCHANT_CREDENTIALS_WRONG: Meaning(
        "Password is not the short code's.",
        "It is missing, no base64, or not made of this BusinessShortCode, its passkey and this Timestamp.",
        "Send base64 of BusinessShortCode, passkey and Timestamp, one after another, exactly as they stand "
        "in the request. `salio passkey SHORT_CODE` shows the passkey.",
    ),
    Refusal.SUBSCRIBER_LOCKED: Meaning(
        "The phone shows another prompt.",
        "A prompt to the same PhoneNumber has not been answered, and its minute is not over.",
        "Wait for the first prompt's callback, a minute at most. In the sandbox `salio phone` shows what "
        "waits, and answers it.",
    ),
    Refusal.CHECKOUT_UNKNOWN: Meaning(
        "There is no such prompt.",
        "CheckoutRequestID is no id of this platform, or of a prompt by another app or short code.",
        "Send the CheckoutRequestID of the acknowledgement, and the BusinessShortCode that prompted.",
    ),
    Refusal.URLS_REGISTERED: Meaning(
        "The short code has URLs already.",
        "Never by itself in a sandbox, where URLs that are registered again replace the first; in production "
        "they are registered once. A fault provokes it.",
        "At Safaricom: have the registered URLs deleted (self-service, URL management), then register again.",
    ),
    Refusal.OAUTH_AUTHENTICATION_INVALID: Meaning(
        "The token endpoint found no Basic authentication that it can read.",
        "The Authorization header is missing, stands there twice or is not Basic; or what follows is not "
        "base64 of KEY:SECRET, for a line break in it or a missing colon.",
        "Send `Authorization: Basic` and the base64 of key, colon and secret in one line, as "
        "`curl -u KEY:SECRET` does by itself.",
    ),
    Refusal.OAUTH_CREDENTIALS_WRONG: Meaning(
        "Consumer key and secret can be read, but no app may get a token with them.",
        "The key is unknown, the secret is another, or the app is disabled. The profile observed answers "
        "without a body. More than 25 at once for one key, or one a second, get the spike arrest's answer.",
        "Compare them with `salio testdata`, or with what `salio app add` printed: each data folder has its "
        "own. `salio app set APP --enable` brings a disabled app back.",
    ),
    Refusal.OAUTH_GRANT_INVALID: Meaning(
        "The token was asked for without the one grant type that there is.",
        "The query string does not have grant_type=client_credentials exactly once.",
        f"GET {OAUTH_PATH}?grant_type=client_credentials. A grant type in the body is not read.",
    ),
}
"""Every refusal has its row: a test says so."""
