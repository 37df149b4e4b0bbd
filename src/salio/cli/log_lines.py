"""An entry of the log in a line, whole, or as JSON.

In lists MSISDNs are masked; whoever asks for one entry by its id sees it whole. What callers wrote is shown
in printable ASCII, so that no terminal obeys it. An address is shown without its query, which may hold a
secret.
"""

from collections.abc import Iterator

import msgspec

from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Story
from salio.core.requests.queries import (
    B2BPayment,
    CustomerPayment,
    Payment,
    Request,
    Reversal,
    StatusQuery,
    TaxRemittance,
)
from salio.delivery.outcomes import api_of
from salio.platform import entries
from salio.platform.entries import address, body_text, code_of, masked, utc
from salio.wire import amounts
from salio.wire.wording import shown

Entry = Story | RefusedRequest

_LONGEST_CAUSE = 400
_LONGEST_BODY = 20_000


def line(entry: Entry) -> str:
    """The entry in one line, MSISDNs masked."""
    told = _story_line(entry) if isinstance(entry, Story) else _refusal_line(entry)
    return masked(told)


def whole(entry: Entry) -> Iterator[str]:
    """Everything kept about an entry, over several lines."""
    return _story_whole(entry) if isinstance(entry, Story) else _refusal_whole(entry)


def as_json(entry: Entry, *, everything: bool) -> str:
    """The entry as one JSON object in one line; MSISDNs are masked unless everything is wanted."""
    told = entries.whole(entry) if everything else entries.in_list(entry)
    return msgspec.json.encode(told).decode()


# --- in a line ---------------------------------------------------------------------------------------


def _story_line(story: Story) -> str:
    request = story.request
    parts = [
        utc(request.accepted_at),
        f"#{request.number}",
        _command(request),
        request.query.party,
        shown(request.query.initiator),
        request.originator_conversation_id,
        request.conversation_id,
        " → ".join(step.value for step in story.steps),
    ]
    told = [" ".join(parts)]
    if story.conclusion is not None:
        told.append(_outcome(story))
    if story.end is not None:
        told.append(_answer(story))
    told += [shown(note.text, _LONGEST_CAUSE) for note in story.notes]
    return " · ".join(told)


def _refusal_line(refused: RefusedRequest) -> str:
    head = (
        f"{utc(refused.at)} {_what(refused)} {shown(refused.method)} {shown(refused.path, 120)} "
        f"{_answered(refused)} {refused.request_id}"
    )
    return f"{head} · {_why(refused)}"


def _what(refused: RefusedRequest) -> str:
    """An entry without a code tells what a fault did to something that was not refused."""
    return "refused" if refused.code else "touched"


def _answered(refused: RefusedRequest) -> str:
    if not refused.status:
        return "no answer"
    return f"{refused.status} {refused.code}".rstrip()


def _outcome(story: Story) -> str:
    """`18 password wrong: …`: the code that the caller gets, the outcome's name, and the exact cause."""
    conclusion = story.conclusion
    if conclusion is None:
        return ""
    name = f"{code_of(story)} {conclusion.decision.outcome.value}"
    cause = conclusion.decision.cause
    return f"{name}: {shown(cause, _LONGEST_CAUSE)}" if cause else name


def _answer(story: Story) -> str:
    """What the receiver said, or why it said nothing."""
    if story.end is None:
        return ""
    if story.end.status is not None and story.end.fault is None:
        return f"HTTP {story.end.status}"
    return shown(story.end.fault or "no answer", _LONGEST_CAUSE)


def _why(refused: RefusedRequest) -> str:
    named = not refused.field or refused.cause.startswith(f"{refused.field}: ")
    field = "" if named else f"{shown(refused.field or '')}: "
    return f"{field}{shown(refused.cause, _LONGEST_CAUSE)}"


# --- whole -------------------------------------------------------------------------------------------


def _story_whole(story: Story) -> Iterator[str]:
    request, query = story.request, story.request.query
    yield f"request #{request.number}: {_command(request)}"
    yield from _told("OriginatorConversationID", _originator(story))
    yield from _told("ConversationID", request.conversation_id)
    yield from _told("app", f"{request.app_number}, profile {request.profile}")
    yield from _told("Initiator", query.initiator)
    yield from _told("PartyA", f"{query.party} (IdentifierType {int(query.identifier_type)})")
    yield from _told("CommandID", query.command)
    if isinstance(query, StatusQuery):
        yield from _told("TransactionID", query.receipt)
        yield from _told("OriginalConversationID", query.original_conversation_id)
        yield from _told("Occasion", query.occasion)
    if isinstance(query, CustomerPayment):
        yield from _told("Amount", amounts.to_text(query.cents))
        yield from _told("Msisdn", query.payer)
    if isinstance(query, Payment):
        yield from _told("Amount", amounts.to_text(query.cents))
        yield from _told("PartyB", query.receiver)
        yield from _of_b2b(query)
        yield from _told("Occassion", query.occasion)
    if isinstance(query, Reversal):
        yield from _told("Amount", amounts.to_text(query.cents))
        yield from _told("TransactionID", query.receipt)
        yield from _told("Occasion", query.occasion)
    yield from _told("Remarks", query.remarks)
    yield from _told("ignored members", ", ".join(request.unknown_members))
    yield from _told("ResultURL", address(query.result_url))
    yield from _told("QueueTimeOutURL", address(query.queue_time_out_url))
    yield from _told("accepted", utc(request.accepted_at))
    yield from _story_end(story)


def _of_b2b(query: Payment) -> Iterator[str]:
    if isinstance(query, B2BPayment):
        yield from _told("Requester", query.requester)
    if isinstance(query, B2BPayment | TaxRemittance):
        yield from _told("AccountReference", query.account_reference)


def _story_end(story: Story) -> Iterator[str]:
    conclusion, attempt, end = story.conclusion, story.attempt, story.end
    if conclusion is not None:
        yield from _told(story.steps[1].value, f"{utc(conclusion.decided_at)} {_outcome(story)}")
    if attempt is not None:
        again = ", again after an interruption" if attempt.resent else ""
        yield from _told("sent", f"{utc(attempt.started_at)} to {address(attempt.url)}{again}")
        yield from _told("body", body_text(attempt.body))
    if end is not None:
        yield from _told(story.steps[-1].value, f"{utc(end.ended_at)} {_answer(story)}")
    for note in story.notes:
        yield from _told("note", f"{utc(note.at)} {note.text}")


def _refusal_whole(refused: RefusedRequest) -> Iterator[str]:
    yield f"{_what(refused)}: {shown(refused.method)} {shown(refused.path, 400)}"
    yield from _told("requestId", refused.request_id)
    yield from _told("at", utc(refused.at))
    code = f", errorCode {refused.code}" if refused.code else ""
    yield from _told("answered", f"HTTP {refused.status}{code}" if refused.status else "no")
    yield from _told("app", None if refused.app_number is None else str(refused.app_number))
    yield from _told("field", refused.field)
    yield from _told("cause", refused.cause)


def _command(request: Request) -> str:
    """What was asked for; the API's usual command if it is none of its own."""
    api, given = api_of(request.product), request.query.command
    return given if given in api.commands else api.command


def _told(name: str, value: str | None) -> Iterator[str]:
    if value:
        yield f"  {name:<26}{shown(value, _LONGEST_BODY)}"


def _originator(story: Story) -> str:
    own = " (the caller's own)" if story.request.chosen_by_caller else ""
    return f"{story.request.originator_conversation_id}{own}"
