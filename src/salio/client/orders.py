"""The orders that both shells offer, beside the queries: each made from what the caller says and what the
client was given.

An order whose acknowledgement did not come is never sent again (`core`): it raises `OutcomeUnknown`, and a
tracker asks what became of it. All raise UnusableOrder, with nothing sent, for what no platform takes.
"""

from decimal import Decimal

from salio.client.errors import UnusableSetting
from salio.client.questions import A, Questions
from salio.wire.c2b_orders import Registration, SimulatedPayment
from salio.wire.orders import PaymentToCustomer, PaymentToOrganization, Reversal, TaxRemittance
from salio.wire.prompts import Prompt

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

    def prompt(
        self,
        payer: str,
        amount: Amount,
        account_reference: str,
        *,
        description: str = "ok",
        till: str | None = None,
        phone: str | None = None,
    ) -> A:
        """Asks a customer for a payment of whole shillings, by a prompt on the phone (M-PESA Express).

        The client's merchant is paid, or a `till` of its own. `phone` shows the prompt, if not the payer's.

        Returns the acknowledgement; how it ended comes by callback. Raises one of `salio.client.errors`.
        """
        return self.ask(
            Prompt(
                short_code=self._prompting(),
                payer=payer,
                amount=_exact(amount),
                account_reference=account_reference,
                description=description,
                till=till,
                phone=phone,
            )
        )

    def register_urls(
        self,
        confirmation_url: str,
        validation_url: str,
        *,
        short_code: str | None = None,
        default_action: str = "Completed",
        version: int = 2,
    ) -> A:
        """Has customers' payments to a short code told there (C2B Register URL).

        `default_action`, Completed or Cancelled, is what becomes of a payment whose validation nobody
        answers. Version 1 tells more of the customers' numbers than a mask.

        Returns the acknowledgement, with which it is done. Raises one of `salio.client.errors`.
        """
        return self.ask(
            Registration(
                short_code=self._paid(short_code),
                confirmation_url=confirmation_url,
                validation_url=validation_url,
                default_action=default_action,
                version=version,
            )
        )

    def simulate_payment(
        self,
        msisdn: str,
        amount: Amount,
        *,
        bill_reference: str | None = None,
        command: str = "CustomerPayBillOnline",
        short_code: str | None = None,
        version: int = 2,
    ) -> A:
        """Lets a customer pay whole shillings to a paybill, or by CustomerBuyGoodsOnline to a till (C2B).

        A sandbox alone takes it. Returns the acknowledgement; what was paid is told at the registered
        address. Raises one of `salio.client.errors`.
        """
        return self.ask(
            SimulatedPayment(
                short_code=self._paid(short_code),
                msisdn=msisdn,
                amount=_exact(amount),
                command=command,
                bill_reference=bill_reference,
                version=version,
            )
        )

    def _paid(self, short_code: str | None) -> str:
        """Nobody has to sign: without an initiator a short code has to be named."""
        if short_code is None and self._initiator is None:
            raise UnusableSetting("which short code? Name it, since the client has no initiator")
        return short_code or self._party(None)


def _exact(amount: Amount) -> Decimal:
    """A whole number as a Decimal; whatever else it is, the order looks at it."""
    return Decimal(amount) if isinstance(amount, int) else amount
