"""What organizations ask, in the core's own terms; and the accepted request that carries it."""

import enum
from datetime import datetime
from typing import ClassVar

import msgspec

from salio.core.access.apps import Product


class IdentifierType(enum.IntEnum):
    """What ``PartyA`` is (rulings, Requests)."""

    MSISDN = 1
    TILL = 2
    SHORT_CODE = 4


class BalanceQuery(msgspec.Struct, frozen=True, kw_only=True, tag="balance"):
    """*What is my balance?* — of the party, asked by the initiator (AB, Request Body)."""

    product: ClassVar = Product.ACCOUNT_BALANCE

    initiator: str
    command: str
    party: str
    identifier_type: IdentifierType
    remarks: str
    result_url: str
    queue_time_out_url: str


class StatusQuery(msgspec.Struct, frozen=True, kw_only=True, tag="status"):
    """*What became of this transaction?* — named by receipt, by conversation, or both (TS, Request Body)."""

    product: ClassVar = Product.TRANSACTION_STATUS

    initiator: str
    command: str
    party: str
    identifier_type: IdentifierType
    remarks: str
    result_url: str
    queue_time_out_url: str
    receipt: str | None
    original_conversation_id: str | None
    occasion: str | None


class Payment(msgspec.Struct, frozen=True, kw_only=True):
    """What all requests have in common that move money out of an organization's account."""

    initiator: str
    command: str
    party: str
    """The short code that pays."""
    receiver: str
    """A customer's MSISDN, or a short code."""
    cents: int
    remarks: str
    result_url: str
    queue_time_out_url: str
    occasion: str | None

    @property
    def identifier_type(self) -> IdentifierType:
        """Only short codes pay."""
        return IdentifierType.SHORT_CODE


class B2CPayment(Payment, frozen=True, kw_only=True, tag="b2c"):
    """*Pay this customer.* — out of the party's Utility account (B2C, Request Body)."""

    product: ClassVar = Product.B2C


class B2BPayment(Payment, frozen=True, kw_only=True, tag="b2b"):
    """*Pay this organization*, or move one's own money, as the command says (B2B, Request Body)."""

    product: ClassVar = Product.B2B

    receiver_type: IdentifierType
    account_reference: str | None
    """The payer's number at the receiver's."""
    requester: str | None
    """The MSISDN of the consumer on whose behalf it is paid."""


class TaxRemittance(Payment, frozen=True, kw_only=True, tag="tax"):
    """*Pay this tax.* — as a payment of a bill (Tax Remittance, Request Body)."""

    product: ClassVar = Product.TAX_REMITTANCE

    account_reference: str
    """The registration number of the payment, which the tax authority gave."""


class PaymentByCustomer(msgspec.Struct, frozen=True, kw_only=True):
    """What all requests have in common that move money out of a customer's account."""

    command: str
    party: str
    """The short code that is paid."""
    payer: str
    """The customer's MSISDN."""
    cents: int

    @property
    def initiator(self) -> str:
        """No operator: a customer."""
        return ""

    @property
    def identifier_type(self) -> IdentifierType:
        """Only short codes are paid."""
        return IdentifierType.SHORT_CODE


class CustomerPayment(PaymentByCustomer, frozen=True, kw_only=True, tag="c2b"):
    """*This customer pays.* — into the party's account; nobody is asked, and no result follows (C2B)."""

    product: ClassVar = Product.C2B

    bill_reference: str | None
    whole_number_told: bool = False
    """Whether the organization is told more of the customer's number than a mask (C2B, FAQ 3: v1)."""

    @property
    def remarks(self) -> str:
        """A customer has no words but the bill's reference."""
        return self.bill_reference or ""

    @property
    def result_url(self) -> str:
        """Where a payment is confirmed was registered before."""
        return ""

    @property
    def queue_time_out_url(self) -> str:
        """Nobody is told of a payment that waited too long."""
        return ""


class ExpressPayment(PaymentByCustomer, frozen=True, kw_only=True, tag="express"):
    """*Have this customer pay.* — by a prompt on a phone (M-PESA Express)."""

    product: ClassVar = Product.EXPRESS

    merchant: str
    """The short code that asks; the paid one, or its head office or store."""
    phone: str
    """The MSISDN whose phone shows the prompt."""
    account_reference: str
    description: str | None
    result_url: str

    @property
    def remarks(self) -> str:
        """What is paid for."""
        return self.account_reference

    @property
    def queue_time_out_url(self) -> str:
        """There is one URL for every end."""
        return self.result_url


class Reversal(msgspec.Struct, frozen=True, kw_only=True, tag="reversal"):
    """*Put this payment back.* — one that the party received (Reversal, Request Body)."""

    product: ClassVar = Product.REVERSAL

    initiator: str
    command: str
    party: str
    """The short code that was paid."""
    receipt: str
    """Of the payment."""
    cents: int
    remarks: str
    result_url: str
    queue_time_out_url: str
    occasion: str | None

    @property
    def identifier_type(self) -> IdentifierType:
        """Only short codes are paid."""
        return IdentifierType.SHORT_CODE


Query = (
    BalanceQuery
    | StatusQuery
    | B2CPayment
    | B2BPayment
    | TaxRemittance
    | CustomerPayment
    | ExpressPayment
    | Reversal
)


class UrlRegistration(msgspec.Struct, frozen=True):
    """*Tell this address of payments.* — answered by what it does, and never kept as a request (C2B)."""

    product: ClassVar = Product.C2B

    party: str


class PromptQuery(msgspec.Struct, frozen=True):
    """*What became of this prompt?* — answered at once, never kept as a request (M-PESA Express Query)."""

    product: ClassVar = Product.EXPRESS

    party: str


Aimed = Query | UrlRegistration | PromptQuery
"""What a fault can be aimed at."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One accepted request. ``number`` orders requests; ``profile`` names the app's wire at acceptance.

    The SecurityCredential is no part of it: whoever holds one may use it again, so it is kept beside the
    request only until the decision.
    """

    number: int
    app_number: int
    profile: str
    originator_conversation_id: str
    conversation_id: str
    accepted_at: datetime
    query: Query
    chosen_by_caller: bool = False
    """Whether the organization brought its own ``OriginatorConversationID``."""
    unknown_members: tuple[str, ...] = ()
    """Members of the body that no table knows; ignored, and shown in the request log."""

    @property
    def product(self) -> Product:
        """The API that was called."""
        return self.query.product
