"""External validation: the organization is asked before a customer pays (Register URL, Overview)."""

from datetime import datetime

import msgspec

from salio.core.ledger.ledger import Moved, Movement
from salio.core.ports import AcceptedRequest
from salio.core.requests.prompts import CustomerWord, Prompt
from salio.core.transactions.transaction import Transaction


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What an organization is asked: whether it takes this payment."""

    url: str
    transaction: Transaction
    """Authorized; its amount is set aside in the customer's account."""
    is_bill: bool
    bill_reference: str | None
    whole_number_told: bool

    @property
    def until(self) -> None:
        """Whoever posts it gives up by himself."""


class Instruction(msgspec.Struct, frozen=True):
    """What is waited for where the validator was out of reach: somebody at the organization decides."""

    transaction: Transaction
    """Pending Authorized; its amount is still set aside."""
    until: datetime
    """Then it expires."""


class ValidatorWord(msgspec.Struct, frozen=True, kw_only=True):
    """What came of it."""

    accepts: bool | None
    """None: nobody answered, or nothing that could be understood."""
    said: str
    """In words, for the log and for whoever asks what became of the payment."""
    third_party_id: str | None = None
    """The organization's own id of the payment."""


Word = ValidatorWord | CustomerWord
"""What is waited for."""


class Asked(msgspec.Struct, frozen=True):
    """A request whose end waits for an organization's word, or a customer's; what is set aside meanwhile, if
    that is new.
    """

    accepted: AcceptedRequest
    question: Question | Instruction | Prompt
    movement: Movement | None = None
    moved: Moved | None = None
    """The same, carried out."""

    @property
    def opened(self) -> Transaction | None:
        """The transaction as the store has it; None if it is new. It may be asked again after a death."""
        return self.movement.before if self.movement is not None else self.question.transaction

    @property
    def before(self) -> None:
        """No operator: a customer pays."""

    @property
    def changed(self) -> None:
        """So none has changed."""
