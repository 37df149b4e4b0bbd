"""C2B out: where customers' payments are told, and in a sandbox a payment in a customer's name.

Both are answered at once, and nobody signs them: the app's token is all that they need. What a customer paid
comes to the registered address, as `payments` reads it.

Source: C2B and Register URL, Request Parameter Definition; wire facts 5.3.
"""

from decimal import Decimal
from typing import ClassVar

from salio.wire import c2b_register, c2b_simulate
from salio.wire.apis import Api
from salio.wire.orders import Ordered, check, given, shillings, versioned

USUAL_VERSION = 2


class _OfItsVersion(Ordered, frozen=True, kw_only=True):
    version: int = USUAL_VERSION
    """1 tells more of a customer's number than a mask."""

    @property
    def originator_conversation_id(self) -> None:
        """Nobody chooses one."""

    @property
    def path(self) -> str:
        """Of its version."""
        return versioned(self.api, self.version)


class Registration(_OfItsVersion, frozen=True, kw_only=True):
    """Tell this short code's payments there."""

    api: ClassVar[Api] = Api.C2B_REGISTER

    short_code: str
    confirmation_url: str
    """Who is told of a payment that was made."""
    validation_url: str
    """Who is asked before one is made, where external validation is switched on."""
    default_action: str = c2b_register.COMPLETED
    """What becomes of a payment whose validation nobody answers: `Completed` or `Cancelled`."""

    @property
    def about(self) -> str:
        """For people."""
        return self.short_code

    def members(self) -> dict[str, str]:
        """What this order alone has in its body."""
        return given(
            ShortCode=self.short_code,
            ResponseType=self.default_action,
            ConfirmationURL=self.confirmation_url,
            ValidationURL=self.validation_url,
        )

    def __post_init__(self) -> None:
        versioned(self.api, self.version)
        check(self.members(), c2b_register.read)


class SimulatedPayment(_OfItsVersion, frozen=True, kw_only=True):
    """Let a customer pay: a sandbox alone takes it."""

    api: ClassVar[Api] = Api.C2B

    short_code: str
    """The paybill or till that is paid."""
    msisdn: str
    amount: Decimal
    """Whole shillings."""
    command: str = Api.C2B.command
    """CustomerPayBillOnline, or CustomerBuyGoodsOnline for a till."""
    bill_reference: str | None = None
    """The account that is paid for; none of a till."""

    @property
    def about(self) -> str:
        """For people."""
        return f"{self.amount} from {self.msisdn}"

    def members(self) -> dict[str, str]:
        """What this order alone has in its body."""
        return given(
            ShortCode=self.short_code,
            CommandID=self.command,
            Amount=shillings(self.amount),
            Msisdn=self.msisdn,
            BillRefNumber=self.bill_reference,
        )

    def __post_init__(self) -> None:
        versioned(self.api, self.version)
        check(self.members(), c2b_simulate.read)
