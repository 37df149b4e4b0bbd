"""An order out: what an organization wants done, typed, and what of its body is the order's own.

A payment, a reversal, a prompt and the like: unlike a query it changes something. Each looks at its own
values by the forms that the platform reads with, so that what no platform takes is refused before it is sent.

Source: Request Parameter Definition of B2C, of the pages of B2B, and of Reversal; wire facts 5.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import ClassVar

import msgspec

from salio.wire import b2b_payment, b2c_payment, fields, reversal
from salio.wire.apis import Api
from salio.wire.errors import UnusableOrder
from salio.wire.profile import OBSERVED, Profile

LARGEST_EXPONENT = 20
"""Of an amount: one that is longer than all money is not even written down."""
TAX_COLLECTOR = "572572"
"""Who takes every tax (Tax Remittance, PartyB)."""

VERSION_WITH_OWN_ID = 3
"""Of B2C; version 1 has none (B2C, Request Parameter Definition)."""

CREDENTIAL_LENGTH = 256
"""Bytes: of the stand-in for a SecurityCredential."""

ADDED: Mapping[str, str] = {
    "Initiator": "initiator",
    "InitiatorName": "initiator",
    "SecurityCredential": "A" * 342 + "==",
    "OriginatorConversationID": "own",
    "QueueTimeOutURL": "https://shop.example/timeout",
    "ResultURL": "https://shop.example/result",
    "CallBackURL": "https://shop.example/result",
    "Timestamp": "20260101000000",
}
"""Stands in for what a client adds to an order, where only the order's own values are looked at."""

Reader = Callable[[Mapping[str, object], Profile, int], object]


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """What all orders have, and the query about a prompt."""

    api: ClassVar[Api]
    """Which of the APIs takes it."""

    @property
    def path(self) -> str:
        """Where it is sent."""
        return self.api.path


class PaymentToCustomer(Ordered, frozen=True, kw_only=True):
    """Pay a customer (B2C)."""

    api: ClassVar[Api] = Api.B2C

    party_a: str
    """The B2C short code that pays."""
    msisdn: str
    amount: Decimal
    """Shillings, to the cent."""
    command: str = "BusinessPayment"
    remarks: str = "ok"
    occasion: str | None = None
    originator_conversation_id: str | None = None
    """Nothing is paid twice under one. Version 3 has to have one: the client makes it if it is None."""
    version: int = VERSION_WITH_OWN_ID

    @property
    def needs_own_id(self) -> bool:
        """Version 3 is not taken without."""
        return self.version == VERSION_WITH_OWN_ID and not self.originator_conversation_id

    @property
    def path(self) -> str:
        """Of its version."""
        return versioned(self.api, self.version)

    @property
    def about(self) -> str:
        """For people."""
        return f"{self.amount} to {self.msisdn}"

    def members(self) -> dict[str, str]:
        """What this order alone has in its body."""
        return given(
            OriginatorConversationID=self.originator_conversation_id,
            CommandID=self.command,
            Amount=shillings(self.amount),
            PartyA=self.party_a,
            PartyB=self.msisdn,
            Remarks=self.remarks,
            Occassion=self.occasion,
        )

    def __post_init__(self) -> None:
        versioned(self.api, self.version)
        check(self.members(), b2c_payment.read)


class PaymentToOrganization(Ordered, frozen=True, kw_only=True):
    """Pay another organization, or move money between one's own accounts (B2B)."""

    api: ClassVar[Api] = Api.B2B

    party_a: str
    """The short code that pays."""
    party_b: str
    """The short code or till that receives; of one's own accounts `party_a` again."""
    amount: Decimal
    command: str = "BusinessPayBill"
    account_reference: str | None = None
    """The account that is paid for: a bill has to have one."""
    receiver_type: int = 4
    """What `party_b` is: 4 a short code, 2 a till."""
    requester: str | None = None
    """The MSISDN of the consumer on whose behalf it is paid."""
    remarks: str = "ok"
    occasion: str | None = None
    originator_conversation_id: str | None = None
    """In none of the pages; without one nobody can ask about a payment that was never acknowledged."""

    @property
    def about(self) -> str:
        """For people."""
        return f"{self.amount} to {self.party_b}"

    def members(self) -> dict[str, str]:
        """What this order alone has in its body."""
        return given(
            CommandID=self.command,
            SenderIdentifierType="4",
            RecieverIdentifierType=str(self.receiver_type),
            Amount=shillings(self.amount),
            PartyA=self.party_a,
            PartyB=self.party_b,
            AccountReference=self.account_reference,
            Requester=self.requester,
            Remarks=self.remarks,
            Occassion=self.occasion,
            OriginatorConversationID=self.originator_conversation_id,
        )

    def __post_init__(self) -> None:
        check(self.members(), b2b_payment.read)


class TaxRemittance(Ordered, frozen=True, kw_only=True):
    """Pay a tax."""

    api: ClassVar[Api] = Api.TAX_REMITTANCE

    party_a: str
    """The short code that pays."""
    amount: Decimal
    registration_number: str
    """The payment registration number (PRN) that the tax collector gave."""
    remarks: str = "ok"
    occasion: str | None = None
    originator_conversation_id: str | None = None
    """As of a payment to an organization."""

    @property
    def about(self) -> str:
        """For people."""
        return f"{self.amount} for {self.registration_number}"

    def members(self) -> dict[str, str]:
        """What this order alone has in its body."""
        return given(
            CommandID=self.api.command,
            SenderIdentifierType="4",
            RecieverIdentifierType="4",
            Amount=shillings(self.amount),
            PartyA=self.party_a,
            PartyB=TAX_COLLECTOR,
            AccountReference=self.registration_number,
            Remarks=self.remarks,
            Occassion=self.occasion,
            OriginatorConversationID=self.originator_conversation_id,
        )

    def __post_init__(self) -> None:
        check(self.members(), b2b_payment.read_tax)


class Reversal(Ordered, frozen=True, kw_only=True):
    """Give a customer's payment back, all of it."""

    api: ClassVar[Api] = Api.REVERSAL

    party_a: str
    """The short code that was paid."""
    receipt: str
    """Of the payment that is given back."""
    amount: Decimal
    """What was paid."""
    remarks: str = "ok"
    occasion: str | None = None
    originator_conversation_id: str | None = None
    """As of a payment to an organization."""

    @property
    def about(self) -> str:
        """For people."""
        return self.receipt

    def members(self) -> dict[str, str]:
        """What this order alone has in its body."""
        return given(
            CommandID=self.api.command,
            TransactionID=self.receipt,
            Amount=shillings(self.amount),
            ReceiverParty=self.party_a,
            RecieverIdentifierType=reversal.RECEIVER_TYPE,
            Remarks=self.remarks,
            Occasion=self.occasion,
            OriginatorConversationID=self.originator_conversation_id,
        )

    def __post_init__(self) -> None:
        check(self.members(), reversal.read)


PaymentOrder = PaymentToCustomer | PaymentToOrganization | TaxRemittance | Reversal
"""What moves an organization's own money: its result says how it ended, and a status query finds it."""


def check(members: Mapping[str, str], read: Reader) -> None:
    """Raises UnusableOrder for a value that no platform takes, by the form that it is read with there."""
    try:
        read({**ADDED, **members}, OBSERVED, CREDENTIAL_LENGTH)
    except fields.InvalidField as invalid:
        raise UnusableOrder(invalid.name, invalid.reason) from None


def shillings(amount: Decimal) -> str:
    """`10` or `10.5`. Raises UnusableOrder for what is no Decimal."""
    if type(amount) is not Decimal or not amount.is_finite() or amount.adjusted() > LARGEST_EXPONENT:
        raise UnusableOrder("Amount", "not a Decimal of shillings; a float holds no exact amount")
    text = format(amount, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def versioned(api: Api, version: int) -> str:
    """The API's path of that version. Raises UnusableOrder for one that it has not."""
    found = next((path for path in api.paths if f"/v{version}/" in path), None)
    if found is None:
        raise UnusableOrder("version", f"{api.value} has no version {version}")
    return found


def given(**members: str | None) -> dict[str, str]:
    """The members that say something."""
    return {name: value for name, value in members.items() if value}
