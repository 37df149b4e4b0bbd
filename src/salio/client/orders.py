"""The orders that both shells offer, beside the queries: each made from what the caller says and what the
client was given.

An order whose acknowledgement did not come is never sent again (`core`): it raises `OutcomeUnknown`, and a
tracker asks what became of it. All raise UnusableOrder, with nothing sent, for what no platform takes.
"""

from decimal import Decimal

from salio.client.questions import A, Questions
from salio.wire.orders import PaymentToCustomer, PaymentToOrganization, Reversal, TaxRemittance

Amount = Decimal | int
"""Shillings: a Decimal, or a whole number of them."""


class Orders(Questions[A]):
    """Queries and orders: all that a client can be told to ask."""

    def pay_customer(
        self,
        msisdn: str,
        amount: Amount,
        *,
        command: str = "BusinessPayment",
        short_code: str | None = None,
        remarks: str = "ok",
        occasion: str | None = None,
        originator_conversation_id: str | None = None,
        version: int = 3,
    ) -> A:
        """Pays a customer out of a B2C short code, the initiator's own unless another is named (B2C).

        `command` is BusinessPayment, SalaryPayment or PromotionPayment. Without an
        `originator_conversation_id` the client makes one, except for version 1 of the API, which has none.

        Returns the acknowledgement; how it ended comes by callback. Raises one of `salio.client.errors`.
        """
        return self.ask(
            PaymentToCustomer(
                party_a=self._party(short_code),
                msisdn=msisdn,
                amount=_exact(amount),
                command=command,
                remarks=remarks,
                occasion=occasion,
                originator_conversation_id=originator_conversation_id,
                version=version,
            )
        )

    def pay_organization(  # noqa: PLR0913  # the fields of Business Pay Bill; all but two have to be named
        self,
        party_b: str,
        amount: Amount,
        *,
        command: str = "BusinessPayBill",
        account_reference: str | None = None,
        receiver_type: int = 4,
        requester: str | None = None,
        short_code: str | None = None,
        remarks: str = "ok",
        occasion: str | None = None,
        originator_conversation_id: str | None = None,
    ) -> A:
        """Pays another organization, or moves money between one's own accounts (B2B).

        `command` says which: BusinessPayBill, which needs an `account_reference`, BusinessBuyGoods,
        BusinessPayToBulk, BusinessTransferFromMMFToUtility, MerchantTransferFromMerchantToWorking.
        `receiver_type` is 2 for a till that is told by its own number, else 4. Give an
        `originator_conversation_id` where the platform keeps it: by it a payment can be asked about that was
        never acknowledged.

        Returns the acknowledgement; how it ended comes by callback. Raises one of `salio.client.errors`.
        """
        return self.ask(
            PaymentToOrganization(
                party_a=self._party(short_code),
                party_b=party_b,
                amount=_exact(amount),
                command=command,
                account_reference=account_reference,
                receiver_type=receiver_type,
                requester=requester,
                remarks=remarks,
                occasion=occasion,
                originator_conversation_id=originator_conversation_id,
            )
        )

    def remit_tax(
        self,
        registration_number: str,
        amount: Amount,
        *,
        short_code: str | None = None,
        remarks: str = "ok",
        occasion: str | None = None,
        originator_conversation_id: str | None = None,
    ) -> A:
        """Pays a tax, under the payment registration number that the tax collector gave (Tax Remittance).

        Returns the acknowledgement; how it ended comes by callback. Raises one of `salio.client.errors`.
        """
        return self.ask(
            TaxRemittance(
                party_a=self._party(short_code),
                amount=_exact(amount),
                registration_number=registration_number,
                remarks=remarks,
                occasion=occasion,
                originator_conversation_id=originator_conversation_id,
            )
        )

    def reverse(
        self,
        receipt: str,
        amount: Amount,
        *,
        short_code: str | None = None,
        remarks: str = "ok",
        occasion: str | None = None,
        originator_conversation_id: str | None = None,
    ) -> A:
        """Gives the customer's payment of that receipt back, which was of that amount (Reversal).

        Returns the acknowledgement; how it ended comes by callback. Raises one of `salio.client.errors`.
        """
        return self.ask(
            Reversal(
                party_a=self._party(short_code),
                receipt=receipt,
                amount=_exact(amount),
                remarks=remarks,
                occasion=occasion,
                originator_conversation_id=originator_conversation_id,
            )
        )


def _exact(amount: Amount) -> Decimal:
    """A whole number as a Decimal; whatever else it is, the order looks at it."""
    return Decimal(amount) if isinstance(amount, int) else amount
