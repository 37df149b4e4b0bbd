"""What the ResultCodes of M-PESA Express mean, when this platform sends them, and what to do.

Source: M-PESA Express, Result codes; wire facts 3.3 and 5.4; docs/decisions/0006.
"""

from collections.abc import Mapping

from salio.wire.meanings_of_refusals import Meaning
from salio.wire.result_codes import ResultCode

OF_PROMPTS: Mapping[ResultCode, Meaning] = {
    ResultCode.RULE_LIMITED: Meaning(
        "The payment looks like the last one, made twice.",
        "M-PESA Express: the customer has paid this amount to this short code less than two minutes ago.",
        "If the customer means it, send the request again two minutes after the first payment.",
    ),
    ResultCode.SUBSCRIBER_LOCKED: Meaning(
        "The customer is being asked for another payment.",
        "Two prompts for one customer were accepted in the same moment; a later one is refused at once, with "
        "errorCode 500.001.1001.",
        "Wait for the first prompt's callback, a minute at most, and send the request again.",
    ),
    ResultCode.TRANSACTION_EXPIRED: Meaning(
        "The request was not looked at in time.",
        "It waited longer in the platform's queue than a request may: no phone has shown it.",
        "Send the request again after a pause.",
    ),
    ResultCode.PUSH_FAILED: Meaning(
        "The prompt could not be sent.",
        "It is longer than 182 characters: the organization's name leaves too little for AccountReference.",
        "Send a shorter AccountReference.",
    ),
    ResultCode.PROMPT_CANCELLED: Meaning(
        "The customer cancelled the prompt.",
        "Somebody pressed Cancel on the phone; in the sandbox at /phone, by `salio phone` or by the control.",
        "Nothing was paid. Ask the customer before the next prompt.",
    ),
    ResultCode.PHONE_UNREACHABLE: Meaning(
        "Nobody answered the prompt.",
        "A minute passed without an answer, or somebody chose `no_answer`; or no customer has the number in "
        "PartyA or PhoneNumber.",
        "Ask whether the phone is on and in reach, and send the request again. In the sandbox somebody has "
        "to answer: /phone, `salio phone`, or the control.",
    ),
    ResultCode.STILL_UNDER_PROCESSING: Meaning(
        "The phone shows the prompt, and nobody has answered yet.",
        "A query that comes before the end; no callback has this code.",
        "Wait for the callback, or ask again later.",
    ),
}
