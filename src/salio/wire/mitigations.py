"""What to do about a code, for whoever asks Safaricom or a platform of ours: the pages' advice in short.

`meanings_of_refusals` and `meanings_of_codes` say more, about this platform alone.

Source: AB, Response Error Codes and Error Codes; TS, Error Codes and FAQ 4; Authorization, Error Response
Parameter Definition; wire facts 1.1, 2.6 and 3.3.
"""

from collections.abc import Mapping

from salio.wire.refusals import Refusal

OF_REFUSALS: Mapping[Refusal, str] = {
    Refusal.TOKEN_INVALID: "Get a new token and use it within its hour; check that key, secret and "
    "environment belong together.",
    Refusal.HEADER_INVALID: "Send one Authorization header, `Bearer TOKEN`; every API is POST but for "
    "the one of tokens.",
    Refusal.PRODUCT_MISSING: "The app is not entitled to this API: add the product to the app. A new token "
    "does not help.",
    Refusal.FIELD_INVALID: "Correct the field that the message names; compare the body with the API's page.",
    Refusal.PAYLOAD_INVALID: "Send one JSON object as the API's page shows it, with its Content-Type.",
    Refusal.PATH_UNKNOWN: "Check the environment's address and the API's path.",
    Refusal.METHOD_NOT_ALLOWED: "Use POST; GET is for tokens alone.",
    Refusal.DUPLICATE_CONVERSATION: "This OriginatorConversationID was used before: look for the first "
    "request's result, and take a new id for a new question.",
    Refusal.INTERNAL_ERROR: "A fault on the other side. Ask again later; if it stays, report it with the "
    "request id.",
    Refusal.SPIKE_ARREST: "Too many requests at once: send fewer in a second.",
    Refusal.QUOTA_EXCEEDED: "The app's quota is used up: stop until it is renewed, or have it raised.",
    Refusal.MAINTENANCE: "The service is under maintenance: ask again later.",
    Refusal.MERCHANT_UNKNOWN: "Send the short code that went live as BusinessShortCode: of a till its head "
    "office or store.",
    Refusal.MERCHANT_CREDENTIALS_WRONG: "Make Password of the BusinessShortCode and Timestamp that are sent, "
    "with the short code's own passkey between them.",
    Refusal.SUBSCRIBER_LOCKED: "The customer is being asked for another payment: wait a minute.",
    Refusal.CHECKOUT_UNKNOWN: "Check the CheckoutRequestID; asked too early, ask again after some seconds.",
    Refusal.URLS_REGISTERED: "The short code has URLs: have them deleted first, then register the new ones.",
    Refusal.OAUTH_AUTHENTICATION_INVALID: "Ask for tokens with Basic authentication.",
    Refusal.OAUTH_CREDENTIALS_WRONG: "Check consumer key and secret, and that they belong to this "
    "environment.",
    Refusal.OAUTH_GRANT_INVALID: "Ask with grant_type=client_credentials.",
}
"""Every refusal has its row: a test says so."""

BLOCKED = (
    "Something in front of the gateway answered: its firewall may not let this address or program through."
)
"""For a page in the place of an answer."""

_CREDENTIAL = "Check the initiator's password, and that it was encrypted with this environment's certificate."
_INITIATOR = (
    "Check the initiator's name and short code, that its channel is API, that it is active, and its password."
)
_LATER = "Ask again later, with longer and longer pauses."
_FIELDS = "Correct the fields that ErrorMsg names, and ask anew."

OF_CODES: Mapping[str, str] = {
    "1": "Bring money into the account that pays, or pay less.",
    "2": "Pay at least the smallest amount.",
    "3": "Pay no more at once than the largest amount.",
    "4": "Pay the rest another day.",
    "8": "Pay less, or when the customer has spent some.",
    "11": "Ask Safaricom what became of the short code.",
    "15": "Look for the first request's result, and take a new id for a new question.",
    "17": "Of M-PESA Express: wait two minutes before the customer is asked for the same again. Else: "
    "Unknown, not failed: ask again, or ask for the transaction's status.",
    "18": _CREDENTIAL,
    "19": "Ask anew.",
    "20": _INITIATOR,
    "21": "Ask about a short code of one's own, with an initiator that has the API's role.",
    "22": "The initiator is dormant: have it activated in the organization's portal.",
    "24": _FIELDS,
    "25": _FIELDS,
    "26": _LATER,
    "29": "Send the CommandID of the API that is called.",
    "1001": "The customer is being asked for another payment: wait a minute.",
    "1019": "Nothing was paid: send it again after a pause.",
    "1025": "Send a shorter AccountReference.",
    "1032": "Nothing was paid: ask the customer before it is sent again.",
    "1037": "Nothing was paid: the customer's phone has to be on, in reach and free.",
    "2001": f"Of M-PESA Express: the customer's PIN was wrong. Else: {_INITIATOR}",
    "2006": "Ask Safaricom what became of the account.",
    "2028": "Pay with a short code that has the product, or have it assigned.",
    "2032": "Check the receipt, and that the short code took part in the transaction.",
    "2040": "Check the customer's number: only registered customers can be paid.",
    "4999": "The customer has not answered yet: wait for the callback, or ask again later.",
    "R000001": "Nothing is left to do: the payment is back with the customer.",
    "R000002": "Check the receipt: it has to be a customer's completed payment to this short code.",
    "8006": "The initiator is locked after wrong passwords: stop sending them, and have it unlocked. "
    "Of M-PESA Express: the customer's PIN is, which Customer Care unlocks.",
    "SFC_IC0003": "If it speaks of the receiver, check PartyB and that the command pays its kind; else: "
    + _INITIATOR,
    "100000000": "Count on no result; ask again later.",
    "100000001": _LATER,
    "100000002": "Send fewer requests in a time.",
    "100000004": _LATER,
    "100000005": "Correct the value that the description names.",
    "100000007": _LATER,
    "100000009": _LATER,
    "100000010": "Have the app's permissions extended.",
    "100000011": "Send fewer requests in a time.",
}
"""Of a ResultCode, or of a ResponseCode other than 0. What is not here has no advice in either page."""
