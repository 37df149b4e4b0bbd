"""The queries that both shells offer, each made from what the caller says and what the client was given."""

from abc import ABC, abstractmethod
from typing import Generic, TypeVar

from salio.client.errors import UnusableSetting
from salio.client.settings import Initiator, Merchant
from salio.wire.asked import Asked, BalanceQuery, StatusQuery
from salio.wire.prompts import PromptQuery

A = TypeVar("A", covariant=True)  # noqa: PLC0105  # what asking returns, in either shell


class Questions(ABC, Generic[A]):
    """Shells say what `ask` does; what is asked stands here, once."""

    def __init__(self, initiator: Initiator | None, merchant: Merchant | None = None) -> None:
        self._initiator = initiator
        self._merchant = merchant

    @abstractmethod
    def ask(self, asked: Asked) -> A:
        """Asks any query, gives any order."""

    def balance(
        self,
        short_code: str | None = None,
        *,
        identifier_type: int = 4,
        remarks: str = "ok",
        originator_conversation_id: str | None = None,
    ) -> A:
        """What do the accounts hold? Of the initiator's own short code, unless another is named.

        Returns the acknowledgement; the balance comes by callback. Raises one of `salio.client.errors`.
        """
        return self.ask(
            BalanceQuery(
                party_a=self._party(short_code),
                identifier_type=identifier_type,
                remarks=remarks,
                originator_conversation_id=originator_conversation_id,
            )
        )

    def status(
        self,
        receipt: str | None = None,
        *,
        original_conversation_id: str | None = None,
        short_code: str | None = None,
        identifier_type: int = 4,
        remarks: str = "ok",
        occasion: str | None = None,
    ) -> A:
        """What became of the transaction of that receipt, or of that conversation?

        Returns the acknowledgement; the status comes by callback. Raises one of `salio.client.errors`.
        """
        if not (receipt or original_conversation_id):
            raise UnusableSetting("which transaction? Name its receipt or its original_conversation_id")
        return self.ask(
            StatusQuery(
                party_a=self._party(short_code),
                receipt=receipt,
                original_conversation_id=original_conversation_id,
                identifier_type=identifier_type,
                remarks=remarks,
                occasion=occasion,
            )
        )

    def prompt_status(self, checkout_request_id: str | None) -> A:
        """What became of the prompt of that CheckoutRequestID, the conversation id of its acknowledgement?

        Returns the acknowledgement, whose `result()` is there at once: it needs no receiver, and tells no
        receipt. Raises one of `salio.client.errors`; UnusableOrder without an id.
        """
        return self.ask(
            PromptQuery(short_code=self._prompting(), checkout_request_id=checkout_request_id or "")
        )

    def _prompting(self) -> str:
        if self._merchant is None:
            raise UnusableSetting("without a merchant nobody can be prompted for a payment")
        return self._merchant.short_code

    def _party(self, short_code: str | None) -> str:
        if self._initiator is None:
            raise UnusableSetting("without an initiator nothing can be asked but a token")
        return short_code or self._initiator.short_code
