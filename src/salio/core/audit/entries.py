"""Entries of the log for programs: what `salio log --json` prints and `GET /_salio/requests` answers.

A member that has nothing to say is left out. Times are texts as people read them in the log, with
milliseconds, in UTC.
"""

import msgspec


class RequestEntry(msgspec.Struct, kw_only=True, omit_defaults=True, tag_field="type", tag="request"):
    """What became of one request; from ``identifier_type`` on for whoever asked for it by its id."""

    number: int
    api: str
    short_code: str
    initiator: str
    originator_conversation_id: str
    conversation_id: str
    app: int
    profile: str
    state: str
    accepted_at: str
    decided_at: str | None = None
    outcome: str | None = None
    result_code: str | None = None
    cause: str | None = None
    sent_at: str | None = None
    ended_at: str | None = None
    http_status: int | None = None
    """The receiver's."""
    fault: str | None = None
    """Why the receiver did not answer."""
    notes: list[str] | None = None
    identifier_type: int | None = None
    command_id: str | None = None
    transaction_id: str | None = None
    original_conversation_id: str | None = None
    amount: str | None = None
    """Of a payment, in shillings."""
    receiver: str | None = None
    """Of a payment: a customer's MSISDN, or a short code."""
    payer: str | None = None
    """Of a customer's payment: the MSISDN."""
    account_reference: str | None = None
    requester: str | None = None
    occasion: str | None = None
    remarks: str | None = None
    chosen_by_caller: bool | None = None
    """Whether the OriginatorConversationID is the caller's own."""
    ignored_members: list[str] | None = None
    result_url: str | None = None
    """Addresses are told without their queries, which may hold a secret."""
    queue_time_out_url: str | None = None
    sent_to: str | None = None
    sent_again: bool | None = None
    body: str | None = None


class RefusalEntry(msgspec.Struct, kw_only=True, omit_defaults=True, tag_field="type", tag="refusal"):
    """One refused request, with the cause that its caller was not told."""

    request_id: str
    at: str
    method: str
    path: str
    http_status: int | None = None
    """Of a request that a fault kept without an answer there is none."""
    error_code: str | None = None
    cause: str
    field: str | None = None
    app: int | None = None


Entry = RequestEntry | RefusalEntry
