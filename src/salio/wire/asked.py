"""What an organization asks, typed, and the body that asks it: queries here, orders in
`orders`, `prompts` and `c2b_orders`.

Source: AB and TS, Request Body. Keys without spaces, `QueueTimeOutURL` with a capital O, party and type as
text (wire facts 4.1 and 4.2).
"""

from collections.abc import Mapping

import msgspec

from salio.wire.apis import Api
from salio.wire.c2b_orders import Registration, SimulatedPayment
from salio.wire.orders import (
    PaymentOrder,
    PaymentToCustomer,
    PaymentToOrganization,
    Reversal,
    TaxRemittance,
    given,
)
from salio.wire.prompts import Prompt, PromptQuery, PromptSignature


class Callbacks(msgspec.Struct, frozen=True):
    """Where the answer goes."""

    result_url: str
    queue_time_out_url: str


class BalanceQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What do the accounts of this short code hold?"""

    party_a: str
    identifier_type: int = 4
    """1 MSISDN, 2 till, 4 short code."""
    remarks: str = "ok"
    originator_conversation_id: str | None = None
    """An id of one's own. Safaricom's two APIs do not know it; Salio's platform refuses one used before."""

    @property
    def api(self) -> Api:
        """Account Balance."""
        return Api.ACCOUNT_BALANCE

    @property
    def path(self) -> str:
        """Where it is asked."""
        return self.api.path

    @property
    def about(self) -> str:
        """For people."""
        return self.party_a

    def members(self) -> dict[str, str]:
        """What this query alone has in its body."""
        return _common(self)


class StatusQuery(msgspec.Struct, frozen=True, kw_only=True):
    """What became of this transaction? Named by its receipt, its conversation, or both."""

    party_a: str
    receipt: str | None = None
    original_conversation_id: str | None = None
    """The OriginatorConversationID of the transaction itself."""
    occasion: str | None = None
    """Comes back with the result."""
    identifier_type: int = 4
    remarks: str = "ok"
    originator_conversation_id: str | None = None

    @property
    def api(self) -> Api:
        """Transaction Status."""
        return Api.TRANSACTION_STATUS

    @property
    def path(self) -> str:
        """Where it is asked."""
        return self.api.path

    @property
    def about(self) -> str:
        """For people."""
        return self.receipt or self.original_conversation_id or self.party_a

    def members(self) -> dict[str, str]:
        """What this query alone has in its body."""
        return _common(self) | given(
            TransactionID=self.receipt,
            OriginalConversationID=self.original_conversation_id,
            Occasion=self.occasion,
        )


Query = BalanceQuery | StatusQuery | PromptQuery
"""What changes nothing: it may be asked again."""
Order = PaymentOrder | Prompt | Registration | SimulatedPayment
"""What changes something: nobody ever sends one again that may have been accepted."""
Asked = Query | Order

KINDS: Mapping[str, type[Asked]] = {
    Api.ACCOUNT_BALANCE.value: BalanceQuery,
    Api.TRANSACTION_STATUS.value: StatusQuery,
    Api.B2C.value: PaymentToCustomer,
    Api.B2B.value: PaymentToOrganization,
    Api.TAX_REMITTANCE.value: TaxRemittance,
    Api.REVERSAL.value: Reversal,
    Api.EXPRESS.value: Prompt,
    Api.EXPRESS_QUERY.value: PromptQuery,
    Api.C2B_REGISTER.value: Registration,
    Api.C2B.value: SimulatedPayment,
}
"""By the name of its API."""


AT_ONCE = frozenset({Api.EXPRESS_QUERY, Api.C2B_REGISTER, Api.C2B})
"""What is over with its acknowledgement: no callback follows."""


class Signature(msgspec.Struct, frozen=True):
    """An initiator's: in whose name something is asked."""

    initiator: str
    security_credential: str

    def __repr__(self) -> str:
        """Without the credential."""
        return f"Signature(initiator={self.initiator!r}, ...)"


def body_of(asked: Asked, signature: Signature | PromptSignature | None, callbacks: Callbacks) -> bytes:
    """The JSON that asks; members with nothing to say are left out."""
    return msgspec.json.encode(
        {**_signed(asked, signature), **_addresses(asked, callbacks), **asked.members()}
    )


def _signed(asked: Asked, signature: Signature | PromptSignature | None) -> dict[str, str]:
    if signature is None:
        return {}
    if isinstance(signature, PromptSignature):
        return {"Password": signature.password, "Timestamp": signature.timestamp}
    name = "InitiatorName" if asked.api is Api.B2C else "Initiator"
    return {name: signature.initiator, "SecurityCredential": signature.security_credential}


def _addresses(asked: Asked, callbacks: Callbacks) -> dict[str, str]:
    if asked.api in AT_ONCE:
        return {}
    if asked.api is Api.EXPRESS:
        return {"CallBackURL": callbacks.result_url}
    return {"QueueTimeOutURL": callbacks.queue_time_out_url, "ResultURL": callbacks.result_url}


def _common(query: BalanceQuery | StatusQuery) -> dict[str, str]:
    return {
        "CommandID": query.api.command,
        "PartyA": query.party_a,
        "IdentifierType": str(query.identifier_type),
        "Remarks": query.remarks,
        **given(OriginatorConversationID=query.originator_conversation_id),
    }
