"""M-PESA Express: the prompt on a customer's phone, and how it is answered (How It Works)."""

import enum
from datetime import datetime, timedelta

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

    @property
    def said(self) -> str:
        """In words, for the log."""
        return self.value.replace("_pin", " PIN")
