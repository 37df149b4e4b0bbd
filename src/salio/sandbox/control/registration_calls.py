"""The calls of the control about customers' payments: whether they are validated, and which of them wait."""

from typing import Annotated

import msgspec

from salio.core.parties.registration import DefaultAction, Registration
from salio.core.requests.prompts import Prompt
from salio.core.requests.validation import Asked, ValidatorWord
from salio.core.requests.validation import Instruction as AwaitedInstruction
from salio.core.transactions.states import TransactionState
from salio.sandbox.control.calls import Call, Control, Nothing
from salio.sandbox.control.guard import Refused
from salio.wire import amounts
from salio.wire.wording import shown


class Validation(msgspec.Struct, forbid_unknown_fields=True):
    """Whether payments to a short code are validated."""

    short_code: str
    validated: bool
    instructs: (
        Annotated[
            bool,
            msgspec.Meta(
                description="Whether a payment whose validator is out of reach waits for an instruction, "
                "an hour at most, instead of taking its default action. Left out: as before."
            ),
        ]
        | msgspec.UnsetType
    ) = msgspec.UNSET


class Instruction(msgspec.Struct, forbid_unknown_fields=True):
    """The organization's word about a payment that waits for it."""

    receipt: str
    accept: bool


class PaymentShown(msgspec.Struct):
    """A payment that waits for its organization."""

    receipt: str
    state: TransactionState
    short_code: str
    msisdn: str
    amount: Annotated[str, msgspec.Meta(description="Shillings.")]
    until: (
        Annotated[str, msgspec.Meta(description="When it expires; of one whose validator is asked: nothing.")]
        | msgspec.UnsetType
    ) = msgspec.UNSET


class PaymentsShown(msgspec.Struct):
    """Oldest first."""

    payments: list[PaymentShown]


class RegistrationShown(msgspec.Struct):
    """Where customers' payments to a short code are told."""

    short_code: str
    response_type: Annotated[
        DefaultAction, msgspec.Meta(description="What becomes of a payment whose validation nobody answers.")
    ]
    confirmation_url: str | None
    validation_url: str | None
    validated: Annotated[bool, msgspec.Meta(description="Whether external validation is switched on.")]
    instructs: Annotated[bool, msgspec.Meta(description="Whether it instructs where it cannot be asked.")]


class RegistrationsShown(msgspec.Struct):
    """By short code."""

    registrations: list[RegistrationShown]


async def list_registrations(control: Control, words: Nothing) -> RegistrationsShown:
    """Every short code for which something was registered or switched on."""
    del words
    known = sorted(control.registrations(), key=lambda each: each.short_code)
    return RegistrationsShown([_shown(each) for each in known])


async def switch_validation(control: Control, words: Validation) -> RegistrationShown:
    """Every payment that is decided after the answer follows it."""
    before = control.registration(words.short_code)
    if before is None:
        raise Refused(404, f"there is no short code {shown(words.short_code)}: `salio testdata` shows them")
    instructs = before.instructs if words.instructs is msgspec.UNSET else words.instructs
    after = msgspec.structs.replace(before, validated=words.validated, instructs=instructs)
    if not await control.register(after):
        raise Refused(503, "the store did not take it: nothing has changed, ask again")
    return _shown(after)


def _shown(registration: Registration) -> RegistrationShown:
    return RegistrationShown(
        short_code=registration.short_code,
        response_type=registration.default_action,
        confirmation_url=registration.confirmation_url,
        validation_url=registration.validation_url,
        validated=registration.validated,
        instructs=registration.instructs,
    )


async def list_payments(control: Control, words: Nothing) -> PaymentsShown:
    """Every payment whose organization is asked, or may instruct."""
    del words
    return PaymentsShown(
        [_waiting(each) for each in control.waiting() if not isinstance(each.question, Prompt)]
    )


async def instruct(control: Control, words: Instruction) -> PaymentShown:
    """It is made or cancelled at once; whatever is asked for after the answer follows it."""
    waiting = next((each for each in control.waiting() if _receipt(each) == words.receipt), None)
    if waiting is None or not isinstance(waiting.question, AwaitedInstruction):
        raise Refused(
            404, f"no payment {shown(words.receipt)} waits for an instruction: see payments/waiting"
        )
    said = f"{'accepted' if words.accept else 'rejected'} by the organization"
    word = ValidatorWord(accepts=words.accept, said=said)
    if not control.hear(waiting.accepted.request.number, word, "instruction"):
        raise Refused(409, f"{words.receipt} was decided meanwhile")
    return _waiting(waiting)


def _receipt(waiting: Asked) -> str:
    return waiting.question.transaction.receipt


def _waiting(waiting: Asked) -> PaymentShown:
    transaction, until = waiting.question.transaction, waiting.question.until
    return PaymentShown(
        receipt=transaction.receipt,
        state=transaction.state,
        short_code=transaction.credit_party,
        msisdn=transaction.debit_party,
        amount=amounts.to_text(transaction.cents),
        until=msgspec.UNSET if until is None else until.isoformat(),
    )


CALLS: tuple[Call, ...] = (
    Call(
        method="GET",
        path="registrations",
        topic="Customers' payments",
        summary="Where customers' payments are told",
        carry_out=list_registrations,
    ),
    Call(
        method="POST",
        path="registrations/validation",
        topic="Customers' payments",
        summary="Switch external validation of a short code on or off",
        carry_out=switch_validation,
        errors={404: "There is no such short code.", 503: "The store did not take it; nothing has changed."},
    ),
    Call(
        method="GET",
        path="payments/waiting",
        topic="Customers' payments",
        summary="Payments that wait for their organizations' word",
        carry_out=list_payments,
    ),
    Call(
        method="POST",
        path="payments/instruct",
        topic="Customers' payments",
        summary="Accept or reject a payment whose organization could not be asked",
        carry_out=instruct,
        errors={
            404: "No payment of this receipt waits for an instruction.",
            409: "It was decided meanwhile.",
        },
    ),
)
"""Their rows."""
