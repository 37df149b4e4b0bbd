"""The calls of the control that are a customer's hand on the phone (M-PESA Express)."""

from typing import Annotated

import msgspec

from salio.core.requests.prompts import AnswerEnd, CustomerWord, Ringing, answer_at
from salio.sandbox.control.calls import Call, Control, Nothing, PhoneControl
from salio.sandbox.control.guard import Refused
from salio.wire import amounts
from salio.wire.wording import shown


class Answer(msgspec.Struct, forbid_unknown_fields=True):
    """What the customer does."""

    msisdn: Annotated[str, msgspec.Meta(description="Whose phone shows the prompt.")]
    answer: CustomerWord


class PromptShown(msgspec.Struct):
    """A prompt on a phone."""

    msisdn: Annotated[str, msgspec.Meta(description="Whose phone shows it.")]
    text: str
    checkout_request_id: str
    short_code: Annotated[str, msgspec.Meta(description="Who is paid.")]
    payer: Annotated[str, msgspec.Meta(description="Whose money it is.")]
    amount: Annotated[str, msgspec.Meta(description="Shillings.")]
    until: Annotated[str, msgspec.Meta(description="Then nobody has answered.")]


class PromptsShown(msgspec.Struct):
    """Oldest first."""

    prompts: list[PromptShown]


async def list_prompts(control: Control | PhoneControl, words: Nothing) -> PromptsShown:
    """What phones show now: of a phone without a prompt nothing."""
    del words
    return PromptsShown([_shown(each) for each in await control.phones.ringing()])


async def answer_prompt(control: Control | PhoneControl, words: Answer) -> PromptShown:
    """The answer is kept, and decides the payment: what is asked for after this answer follows it."""
    ringing, end = await answer_at(control.phones, words.msisdn, words.answer)
    if end is AnswerEnd.NOT_KEPT:
        raise Refused(503, end.value)
    if ringing is None or end is AnswerEnd.TOO_LATE:
        raise Refused(404, f"the phone {shown(words.msisdn)} shows no prompt; perhaps its minute is over")
    return _shown(ringing)


def _shown(ringing: Ringing) -> PromptShown:
    prompt = ringing.prompt
    return PromptShown(
        msisdn=prompt.phone,
        text=prompt.text,
        checkout_request_id=ringing.checkout_request_id,
        short_code=prompt.transaction.credit_party,
        payer=prompt.transaction.debit_party,
        amount=amounts.to_text(prompt.transaction.cents),
        until=prompt.until.isoformat(),
    )


_TOPIC = "Phones"

CALLS: tuple[Call, ...] = (
    Call(
        method="GET",
        path="prompts",
        topic=_TOPIC,
        summary="What customers' phones show",
        carry_out=list_prompts,
    ),
    Call(
        method="POST",
        path="prompts/answer",
        topic=_TOPIC,
        summary="Answer the prompt on a phone",
        carry_out=answer_prompt,
        errors={
            404: "That phone shows no prompt; perhaps its minute is over.",
            503: "The store did not take it; nothing has changed.",
        },
    ),
)
"""Their rows."""
