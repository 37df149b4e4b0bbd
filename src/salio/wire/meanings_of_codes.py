"""What each ResponseCode and ResultCode means, when this platform sends it, and what to do.

Source: AB, Error Codes; TS, Response Parameter Definition, Response codes, Result codes; rulings, Requests,
Answers, A refused initiator, Results.
"""

from collections.abc import Mapping

from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import Api
from salio.wire.meanings_of_payments import OF_PAYMENTS
from salio.wire.meanings_of_prompts import OF_PROMPTS
from salio.wire.meanings_of_refusals import NEVER, NOWHERE, Meaning
from salio.wire.result_codes import ResultCode

OF_RESPONSE_CODES: Mapping[ResponseCode, Meaning] = {
    ResponseCode.ACCEPTED: Meaning(
        "The request is kept. Nothing is said yet about password, permission or the answer.",
        "Token, product, limits and the form of every field are in order, and the request is on the disk.",
        "Note both conversation ids and wait for one call of ResultURL or QueueTimeOutURL. This is no "
        "success yet: a wrong password is accepted too.",
    ),
    ResponseCode.FIELDS_MISSING: Meaning(
        "A field that the API needs did not reach the core.",
        NEVER + "the gateway refuses such a request before the core sees it, naming the field.",
        "Nothing was kept and no result follows. Complete the body and send it again.",
    ),
    ResponseCode.PARAMETERS_INVALID: Meaning(
        "The core cannot use a value that the gateway let through.",
        NEVER + "the gateway looks at every form, and values that contradict each other end as a ResultCode.",
        "Nothing was kept and no result follows. Correct the values and send them again.",
    ),
    ResponseCode.TRAFFIC_BLOCKED: Meaning(
        "The core takes no requests at the moment, from anybody.",
        "When another transaction of PostgreSQL was in the way of the one that was to keep the request, "
        "three times in a row.",
        "Nothing was kept and no result follows. Send the same request later, with longer and longer pauses.",
    ),
    ResponseCode.CACHED_FOR_RESENDING: Meaning(
        "The request was set aside, to be handed to the core later, as the wording says.",
        NEVER + "this platform either keeps a request or declines it.",
        "Count on no result: here nothing is kept after any code but 0. Send the request again.",
    ),
    ResponseCode.OVERLOADED: Meaning(
        "More requests wait to be decided than the platform lets wait.",
        "At 20,000 waiting requests, or at as many as `salio up --overload NUMBER` says.",
        "Nothing was kept and no result follows. Pause, then send more slowly. If few were sent, decisions "
        "stand still: look at /readyz and at what `salio up` printed.",
    ),
    ResponseCode.THROTTLED: Meaning(
        "The core slows the caller down, apart from the gateway's limits.",
        NEVER + "an app's limits are the gateway's, which answers 500.003.02 and 500.003.03.",
        "Nothing was kept and no result follows. Send again more slowly.",
    ),
    ResponseCode.INTERNAL_ERROR: Meaning(
        "The core could not keep the request.",
        "The store is out of reach or refuses to write: a full disk, a locked or damaged database.",
        "No result follows. Send again after a pause, and look at /readyz and at what `salio up` printed.",
    ),
    ResponseCode.INPUT_INVALID: Meaning(
        "The core refuses one value. The description ends with the field's name.",
        NEVER + "a value that the gateway let through is only ever refused in a result.",
        "Nothing was kept and no result follows. Correct the field that is named.",
    ),
    ResponseCode.SERVICE_ABNORMAL: Meaning(
        "The core behind all APIs is out of order.",
        NEVER + "core and gateway of this platform run in one process, both or neither.",
        "Nothing was kept and no result follows. Wait some minutes and ask whoever runs the platform.",
    ),
    ResponseCode.API_ABNORMAL: Meaning(
        "This one API is out of order; the other may work.",
        NEVER + "both APIs of this platform stand and fall together.",
        "Nothing was kept and no result follows. Wait some minutes, then send the request again.",
    ),
    ResponseCode.PERMISSION_INSUFFICIENT: Meaning(
        "The app may not use this API for this party.",
        NEVER + "a missing product is an HTTP 401, and a party that is not the app's is ResultCode 21.",
        "Nothing was kept and no result follows. Trying again does not help: have the app's rights extended.",
    ),
    ResponseCode.RATE_EXCEEDED: Meaning(
        "The core got more requests in a time than it allows.",
        NEVER + "requests are counted by the gateway alone, which answers 500.003.02.",
        "Nothing was kept and no result follows. Wait a second and spread the requests evenly.",
    ),
}
"""Every ResponseCode has its row: a test says so."""

SAMPLE_RESPONSE_CODES: Mapping[str, Meaning] = {
    code: Meaning(
        f"The Transaction Status page has {code} as a sample of a ResponseCode, without words for it.",
        NOWHERE + "no table of either page knows it in this place.",
        "Treat it as any code but 0: the request was not accepted, and no result follows.",
    )
    for code in ("1", "21", "2001")
}
"""Sample values of TS's Response Parameter Definition that are in no table."""

OF_RESULT_CODES: Mapping[ResultCode, Meaning] = {
    ResultCode.SUCCESS: Meaning(
        "It was done as asked. What there is to tell of it is in ResultParameters; of M-PESA Express, in "
        "CallbackMetadata.",
        "All checks passed and the question has an answer. A query about a failed transaction succeeds too.",
        "Read ResultParameters. What became of a transaction is in TransactionStatus, never in this code.",
    ),
    **OF_PAYMENTS,
    ResultCode.DUPLICATE_DETECTED: Meaning(
        "The core has seen this OriginatorConversationID from this app before.",
        NEVER + "the gateway refuses a duplicate with 500.002.1001.",
        "Look for the result of the first request, and choose a new id for a new question.",
    ),
    ResultCode.INTERNAL_FAILURE: Meaning(
        "The request ended without an answer, for a reason that has no code of its own.",
        "At QueueTimeOutURL: it waited longer than 60 seconds, or than `salio up --queue-limit` says. At "
        "ResultURL: to decide it failed.",
        "Read it as unknown, not as no, and ask again. `salio log ID` has the cause.",
    ),
    ResultCode.CREDENTIAL_CHECK_FAILED: Meaning(
        "The initiator exists and may ask, but its password was not accepted.",
        "The SecurityCredential holds another password, or nothing that this platform's key can read; or the "
        "initiator is locked after five wrong ones in a row; or its password is older than 90 days by the "
        "platform's clock. The profile observed says 2001 or 8006 instead.",
        "`salio log ID` tells wrong, locked and expired apart; `salio credential PASSWORD` makes a good one. "
        "The usual mistakes: "
        "another environment's certificate, such as Safaricom's own instead of this data folder's; the "
        "password's base64 encrypted instead of its bytes; a line's end encrypted with it (`echo` without "
        "-n); OAEP instead of PKCS #1 v1.5. Base64 with line breaks does not come this far: it is refused as "
        "an invalid SecurityCredential. Do not try blindly: the fifth wrong password locks. "
        "`salio initiator unlock` frees a locked one. An expired one stays so: take another one of "
        "`salio testdata`, or `salio reset` if `salio clock` made it expire.",
    ),
    ResultCode.SEQUENCE_FAILED: Meaning(
        "A message of a longer conversation came out of its order.",
        NEVER + "a query is one message, before which and after which nothing has to come.",
        "Ask again as a new request.",
    ),
    ResultCode.INITIATOR_UNRESOLVED: Meaning(
        "A balance query's Initiator is no API operator of the short code.",
        "No such name at PartyA, nor at a short code above it that is the app's; or the name is that of "
        "another short code, or of an operator of the Web channel. The profile observed says 2001.",
        "Compare name and short code with `salio testdata`, capitals too: a name counts at its own short "
        "code and below.",
    ),
    ResultCode.PRIMARY_PARTY_NOT_PERMITTED: Meaning(
        "This app or this initiator may not ask about this PartyA.",
        "PartyA is neither the app's short code nor below it; or it is an MSISDN in a balance query; or "
        "IdentifierType 2 goes with a short code that is no till; or the initiator lacks the role "
        "that the API or the command needs.",
        "`salio log ID` says which. Use a short code of the app (`salio app add --short-code`), or an "
        "initiator that has the role (`salio testdata`).",
    ),
    ResultCode.INITIATOR_NOT_ACTIVE: Meaning(
        "The initiator exists but is dormant. The wording speaks of a receiver; there is none.",
        "It was unused for more than 90 days by the platform's clock, or was put to rest by hand. The "
        "profile observed says 2001.",
        "An administrator of the organization has to activate it. This version has no page for that: take "
        "another initiator of `salio testdata`.",
    ),
    ResultCode.MANDATORY_FIELDS_MISSING: Meaning(
        "The core misses a required field. ErrorMsg names it, where the profile sends one.",
        NEVER + "an incomplete request gets no further than the gateway.",
        "Complete the body and send it as a new request.",
    ),
    ResultCode.PARAMETERS_INVALID: Meaning(
        "Two fields contradict each other. ErrorMsg names them, where the profile sends one.",
        "TransactionID and OriginalConversationID of a status query name different transactions; or Amount "
        "of a reversal is not the payment's.",
        "Of a status query send one of the two: the receipt, if you have it. A payment is reversed whole.",
    ),
    ResultCode.TRAFFIC_BLOCKED: Meaning(
        "The core stopped taking requests after it had accepted this one.",
        NEVER + "what was accepted here is decided.",
        "Ask again later, with longer and longer pauses.",
    ),
    ResultCode.COMMAND_INVALID: Meaning(
        "CommandID is not the one that this API knows.",
        "CommandID is any other text, for instance that of the other API. The profile observed refuses it at "
        "once, as an invalid field.",
        f"Send one of {', '.join(command for api in Api for command in api.commands)}, spelt exactly so, to "
        "its own path.",
    ),
    ResultCode.INITIATOR_INFORMATION_INVALID: Meaning(
        "Something about the initiator is wrong, and the caller is not told what; of M-PESA Express the "
        "customer's PIN is.",
        "M-PESA Express: whoever holds the phone entered a wrong PIN. Elsewhere: the initiator is unknown, "
        "of another short code or of the Web channel; or it is dormant; or its password is wrong or expired. "
        "The profile documented tells these apart: 20, SFC_IC0003, 22, 18.",
        "`salio log ID` has the exact cause. Without it, check in this order: name and short code, channel "
        "API, last use, and then the credential as `salio explain 18` says. A customer enters the PIN again "
        "at the next prompt.",
    ),
    ResultCode.RECEIPT_UNKNOWN: Meaning(
        "No transaction of this party has that receipt or conversation id.",
        "Nobody has it, or another organization, which looks the same; the receipt is in lower case; or the "
        "id is that of a query, which is no transaction.",
        "Compare with the receipts of `salio testdata`. PartyA must have taken part in the transaction, and "
        "OriginalConversationID is the OriginatorConversationID of the transaction itself.",
    ),
    ResultCode.CREDENTIAL_LOCKED: Meaning(
        "The initiator is locked, because too many wrong passwords came in a row; of M-PESA Express the "
        "customer's PIN is.",
        "M-PESA Express: whoever holds the phone found the PIN locked. Elsewhere: on each request after the "
        "fifth wrong password in a row, even with the right one. The profile documented says 18.",
        "First stop whatever sends the wrong credential (`salio explain 18`). Then "
        "`salio initiator unlock` makes it free again. A customer asks Customer Care, 100 or 200.",
    ),
    ResultCode.OPERATOR_UNKNOWN: Meaning(
        "A status query's Initiator is no API operator of the short code; or a payment's PartyB cannot be "
        "paid.",
        "As 20 of a balance query: no such name at PartyA or above it, or only at another short code, or on "
        "the Web channel. The profile observed says 2001. Of a payment to a customer: PartyB is no mobile "
        "number. Of B2B and taxes: nobody has PartyB, or it is not of the kind that the command pays. Of "
        "M-PESA Express: nobody has PartyB.",
        "`salio testdata` lists the initiators, and the short codes with their kinds. For a PartyA that "
        "is an MSISDN it is the transaction's other party whose initiator asks.",
    ),
    **OF_PROMPTS,
}
"""Every ResultCode has its row: a test says so."""
