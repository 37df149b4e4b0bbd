"""A question out: what an organization asks, typed, and the body that asks it.

Source: AB and TS, Request Body. Keys without spaces, `QueueTimeOutURL` with a capital O, party and type as
text (wire facts 4.1 and 4.2).
"""

import msgspec

from salio.wire.apis import Api


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

    def members(self) -> dict[str, str]:
        """What this question alone has in its body."""
        return {}


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

    def members(self) -> dict[str, str]:
        """What this question alone has in its body."""
        return _given(
            TransactionID=self.receipt,
            OriginalConversationID=self.original_conversation_id,
            Occasion=self.occasion,
        )


Query = BalanceQuery | StatusQuery


def body_of(query: Query, initiator: str, security_credential: str, callbacks: Callbacks) -> bytes:
    """The JSON that asks; members with nothing to say are left out."""
    members = {
        "Initiator": initiator,
        "SecurityCredential": security_credential,
        "CommandID": query.api.command,
        "PartyA": query.party_a,
        "IdentifierType": str(query.identifier_type),
        "Remarks": query.remarks,
        "QueueTimeOutURL": callbacks.queue_time_out_url,
        "ResultURL": callbacks.result_url,
        **query.members(),
        **_given(OriginatorConversationID=query.originator_conversation_id),
    }
    return msgspec.json.encode(members)


def _given(**members: str | None) -> dict[str, str]:
    return {name: value for name, value in members.items() if value}
