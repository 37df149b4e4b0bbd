"""The calls of the control that are a customer's hand on the phone (M-PESA Express)."""

from typing import Annotated

import msgspec

from salio.core.requests.prompts import CustomerWord, Prompt
from salio.core.requests.validation import Asked
from salio.sandbox.control.calls import Call, Control, Nothing
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


async def list_prompts(control: Control, words: Nothing) -> PromptsShown:
    """What phones show now: of a phone without a prompt nothing."""
    del words
    return PromptsShown([_shown(each) for each in control.waiting() if isinstance(each.question, Prompt)])


async def answer_prompt(control: Control, words: Answer) -> PromptShown:
    """The payment is decided at once: what is asked for after the answer follows it."""
    asked = next((each for each in control.waiting() if _phone(each) == words.msisdn), None)
    if asked is None or not control.hear(asked.accepted.request.number, words.answer, "phone"):
        raise Refused(404, f"the phone {shown(words.msisdn)} shows no prompt; perhaps its minute is over")
    return _shown(asked)


def _phone(asked: Asked) -> str | None:
    return asked.question.phone if isinstance(asked.question, Prompt) else None


def _shown(asked: Asked) -> PromptShown:
    prompt = asked.question
    assert isinstance(prompt, Prompt)  # noqa: S101 - nothing else is shown
    transaction = prompt.transaction
    return PromptShown(
        msisdn=prompt.phone,
        text=prompt.text,
        checkout_request_id=asked.accepted.request.conversation_id,
        short_code=transaction.credit_party,
        payer=transaction.debit_party,
        amount=amounts.to_text(transaction.cents),
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
        errors={404: "That phone shows no prompt; perhaps its minute is over."},
    ),
)
"""Their rows."""
