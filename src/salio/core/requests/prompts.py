"""M-PESA Express: the prompt on a customer's phone, and how it is answered (How It Works)."""

import enum
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import msgspec

from salio.core.transactions.transaction import Transaction

ANSWERED_WITHIN = timedelta(seconds=60)
"""Of the request: the page has one wait a minute for an earlier session to end (Error Codes)."""
LONGEST_PROMPT = 182
"""Characters that a phone can show (Result codes, 1025)."""


class Prompt(msgspec.Struct, frozen=True, kw_only=True):
    """What the phone shows."""

    transaction: Transaction
    """Initiated: nothing is set aside."""
    until: datetime
    """Then nobody has answered."""
    phone: str
    """The MSISDN of the phone."""
    text: str


class CustomerWord(enum.Enum):
    """How a prompt was answered."""

    PIN_RIGHT = "right_pin"
    PIN_WRONG = "wrong_pin"
    PIN_LOCKED = "locked_pin"
    """The PIN was wrong too often: Customer Care sets a new one."""
    CANCELLED = "cancel"
    NOT_ANSWERED = "no_answer"
    """The prompt ends as if its minute were over: for whoever does not want to wait for that."""

    @property
    def said(self) -> str:
        """In words, for the log."""
        return self.value.replace("_pin", " PIN").replace("_", " ")


class Ringing(msgspec.Struct, frozen=True, kw_only=True):
    """A phone that shows a prompt, for whoever answers it."""

    number: int
    """Of the request."""
    checkout_request_id: str
    prompt: Prompt


class AnswerEnd(enum.Enum):
    """What became of an answer."""

    HEARD = "it is kept, and decides the payment"
    TOO_LATE = "the phone shows no prompt any more"
    NOT_KEPT = "the store did not take it: nothing has changed, ask again"


class Phones(Protocol):
    """Customers' phones, for pages and calls that stand for them. Both reach the store, and may raise
    StoreUnavailableError.
    """

    async def ringing(self) -> Sequence[Ringing]:
        """Those that show a prompt, oldest first."""
        ...

    async def answer(self, number: int, word: CustomerWord) -> AnswerEnd:
        """Answers the prompt of that request; returns after the commit."""
        ...


async def answer_at(phones: Phones, msisdn: str, word: CustomerWord) -> tuple[Ringing | None, AnswerEnd]:
    """Answers what that phone shows, if it shows anything; with it, what became of the answer."""
    ringing = next((each for each in await phones.ringing() if each.prompt.phone == msisdn), None)
    if ringing is None:
        return None, AnswerEnd.TOO_LATE
    return ringing, await phones.answer(ringing.number, word)


class PromptUnit(Protocol):
    """What a turn may write about prompts.

    A prompt on a phone is a row of its own, with room for one word. Whoever writes that first has answered;
    whoever ends the payment takes the row away and learns what was in it. So of an answer and the end of the
    minute, whichever processes they come from, the store lets one win.
    """

    def add_prompts(self, receipts: Mapping[int, str]) -> None:
        """Phones show these from now on, if they did not before: by request's number the receipt."""
        ...

    def answer_prompts(self, words: Mapping[int, CustomerWord]) -> Collection[int]:
        """Keeps answers; the numbers of those that a phone shows and nobody had answered."""
        ...

    def end_prompts(self, numbers: Collection[int]) -> Mapping[int, CustomerWord]:
        """No phone shows these any more; how those that had been answered were."""
        ...


class AnsweredMeanwhileError(Exception):
    """Payments that were to expire have been answered, and the answers acknowledged."""

    def __init__(self, words: Mapping[int, CustomerWord]) -> None:
        super().__init__(f"answered meanwhile: {sorted(words)}")
        self.words = words
