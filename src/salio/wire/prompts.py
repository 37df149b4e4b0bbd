"""M-PESA Express out: the order that makes a customer's phone ask for a payment, and the query about it.

Both are signed with the merchant's passkey in the place of an initiator's password, and the query is answered
at once: its answer is a result.

Source: M-PESA Express Simulate and Query, Request Parameter Definition; wire facts 5.4.
"""

from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import msgspec

from salio.wire import express_push, express_query, times
from salio.wire.apis import Api
from salio.wire.orders import Ordered, check, given, shillings

TO_A_PAYBILL, TO_A_TILL = Api.EXPRESS.commands
STILL_ASKING = "4999"
"""ResultCode of the query alone: nobody has answered the prompt yet (wire facts 5.4)."""


class Prompt(Ordered, frozen=True, kw_only=True):
    """Ask a customer for a payment, by a prompt on the phone."""

    api: ClassVar[Api] = Api.EXPRESS

    short_code: str
    """The merchant: the paybill that is paid, or the store or head office of the till."""
    payer: str
    """The customer's MSISDN."""
    amount: Decimal
    """Whole shillings."""
    account_reference: str
    """What is paid for, as the phone shows it: up to 12 characters."""
    description: str = "ok"
    till: str | None = None
    """The till that is paid; None: the merchant itself, a paybill."""
    phone: str | None = None
    """The MSISDN that shows the prompt; None: the payer's own."""

    @property
    def originator_conversation_id(self) -> None:
        """It has none of its own: MerchantRequestID and CheckoutRequestID are the platform's."""

    @property
    def about(self) -> str:
        """For people."""
        return f"{self.amount} from {self.payer}"

    def members(self) -> dict[str, str]:
        """What this order alone has in its body."""
        return given(
            BusinessShortCode=self.short_code,
            TransactionType=TO_A_TILL if self.till else TO_A_PAYBILL,
            Amount=shillings(self.amount),
            PartyA=self.payer,
            PartyB=self.till or self.short_code,
            PhoneNumber=self.phone or self.payer,
            AccountReference=self.account_reference,
            TransactionDesc=self.description,
        )

    def __post_init__(self) -> None:
        check(self.members(), express_push.read)


class PromptQuery(Ordered, frozen=True, kw_only=True):
    """What became of this prompt?"""

    api: ClassVar[Api] = Api.EXPRESS_QUERY

    short_code: str
    """The merchant."""
    checkout_request_id: str
    """As the acknowledgement of the prompt gave it, as its conversation id."""

    @property
    def originator_conversation_id(self) -> None:
        """It is answered at once, and has no conversation."""

    @property
    def about(self) -> str:
        """For people."""
        return self.checkout_request_id

    def members(self) -> dict[str, str]:
        """What this query alone has in its body."""
        return given(BusinessShortCode=self.short_code, CheckoutRequestID=self.checkout_request_id)

    def __post_init__(self) -> None:
        check(self.members(), express_query.read)


class PromptSignature(msgspec.Struct, frozen=True):
    """A merchant's."""

    password: str
    timestamp: str

    def __repr__(self) -> str:
        """Without the password, which holds the passkey."""
        return f"PromptSignature(timestamp={self.timestamp!r}, ...)"


def sign(short_code: str, passkey: str, moment: datetime) -> PromptSignature:
    """Signs a prompt, or the query about one, at that aware moment. Raises ValueError for a naive one."""
    timestamp = times.to_text(moment)
    return PromptSignature(express_push.make_password(short_code, passkey, timestamp), timestamp)
