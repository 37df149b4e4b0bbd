"""An entry of the log in a line, whole, or as JSON.

In lists MSISDNs are masked; whoever asks for one entry by its id sees it whole. What callers wrote is shown
in printable ASCII, so that no terminal obeys it. An address is shown without its query, which may hold a
secret.
"""

import re
from collections.abc import Iterator
from datetime import datetime

import msgspec

from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Story
from salio.core.requests.queries import StatusQuery
from salio.delivery.outcomes import api_of, result_code
from salio.wire.profile import PROFILES
from salio.wire.wording import shown

Entry = Story | RefusedRequest

_MSISDN = re.compile(r"(?<![0-9])254[0-9]{6}([0-9]{3})(?![0-9])")
_LONGEST_CAUSE = 400
_LONGEST_BODY = 20_000


def line(entry: Entry) -> str:
    """The entry in one line, MSISDNs masked."""
    told = _story_line(entry) if isinstance(entry, Story) else _refusal_line(entry)
    return masked(told)


def masked(text: str) -> str:
    """The text with no more of each MSISDN than its last three digits."""
    return _MSISDN.sub(r"254******\1", text)


def whole(entry: Entry) -> Iterator[str]:
    """Everything kept about an entry, over several lines."""
    return _story_whole(entry) if isinstance(entry, Story) else _refusal_whole(entry)


def as_json(entry: Entry, *, everything: bool) -> str:
    """The entry as one JSON object in one line; MSISDNs are masked unless everything is wanted."""
    record = _story_record(entry) if isinstance(entry, Story) else _refusal_record(entry)
    if everything and isinstance(entry, Story):
        record |= _story_details(entry)
    kept = {name: value for name, value in record.items() if value is not None}
    text = msgspec.json.encode(kept).decode()
    return text if everything else masked(text)


def utc(moment: datetime) -> str:
    """`2026-08-16T09:30:00.000Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


# --- in a line ---------------------------------------------------------------------------------------


def _story_line(story: Story) -> str:
    request = story.request
    parts = [
        utc(request.accepted_at),
        f"#{request.number}",
        api_of(request.product).command,
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
        f"{utc(refused.at)} refused {shown(refused.method)} {shown(refused.path, 120)} "
        f"{refused.status} {refused.code} {refused.request_id}"
    )
    return f"{head} · {_why(refused)}"


def _outcome(story: Story) -> str:
    """`18 password wrong: …`: the code that the caller gets, the outcome's name, and the exact cause."""
    conclusion = story.conclusion
    if conclusion is None:
        return ""
    name = f"{_code(story)} {conclusion.decision.outcome.value}"
    cause = conclusion.decision.cause
    return f"{name}: {shown(cause, _LONGEST_CAUSE)}" if cause else name


def _code(story: Story) -> str:
    request, conclusion = story.request, story.conclusion
    if conclusion is None:
        return ""
    return result_code(conclusion.decision.outcome, request.product, PROFILES[request.profile]).code


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
    yield f"request #{request.number}: {api_of(request.product).command}"
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
    yield from _told("Remarks", query.remarks)
    yield from _told("ignored members", ", ".join(request.unknown_members))
    yield from _told("ResultURL", address(query.result_url))
    yield from _told("QueueTimeOutURL", address(query.queue_time_out_url))
    yield from _told("accepted", utc(request.accepted_at))
    yield from _story_end(story)


def _story_end(story: Story) -> Iterator[str]:
    conclusion, attempt, end = story.conclusion, story.attempt, story.end
    if conclusion is not None:
        yield from _told(story.steps[1].value, f"{utc(conclusion.decided_at)} {_outcome(story)}")
    if attempt is not None:
        again = ", again after an interruption" if attempt.resent else ""
        yield from _told("sent", f"{utc(attempt.started_at)} to {address(attempt.url)}{again}")
        yield from _told("body", _body(attempt.body))
    if end is not None:
        yield from _told(story.steps[-1].value, f"{utc(end.ended_at)} {_answer(story)}")
    for note in story.notes:
        yield from _told("note", f"{utc(note.at)} {note.text}")


def _refusal_whole(refused: RefusedRequest) -> Iterator[str]:
    yield f"refused: {shown(refused.method)} {shown(refused.path, 400)}"
    yield from _told("requestId", refused.request_id)
    yield from _told("at", utc(refused.at))
    yield from _told("answered", f"HTTP {refused.status}, errorCode {refused.code}")
    yield from _told("app", None if refused.app_number is None else str(refused.app_number))
    yield from _told("field", refused.field)
    yield from _told("cause", refused.cause)


def _told(name: str, value: str | None) -> Iterator[str]:
    if value:
        yield f"  {name:<26}{shown(value, _LONGEST_BODY)}"


def _originator(story: Story) -> str:
    own = " (the caller's own)" if story.request.chosen_by_caller else ""
    return f"{story.request.originator_conversation_id}{own}"


def _body(body: bytes) -> str:
    return body.decode("utf-8", "backslashreplace")


def address(url: str) -> str:
    """A callback's address without its query."""
    before, mark, _ = url.partition("?")
    return f"{before}?..." if mark else before


# --- as JSON -----------------------------------------------------------------------------------------


def _story_record(story: Story) -> dict[str, object]:
    request, query, conclusion = story.request, story.request.query, story.conclusion
    return {
        "type": "request",
        "number": request.number,
        "api": api_of(request.product).command,
        "short_code": query.party,
        "initiator": query.initiator,
        "originator_conversation_id": request.originator_conversation_id,
        "conversation_id": request.conversation_id,
        "app": request.app_number,
        "profile": request.profile,
        "state": story.steps[-1].value,
        "accepted_at": utc(request.accepted_at),
        "decided_at": utc(conclusion.decided_at) if conclusion else None,
        "outcome": conclusion.decision.outcome.value if conclusion else None,
        "result_code": _code(story) if conclusion else None,
        "cause": conclusion.decision.cause or None if conclusion else None,
        "sent_at": utc(story.attempt.started_at) if story.attempt else None,
        "ended_at": utc(story.end.ended_at) if story.end else None,
        "http_status": story.end.status if story.end else None,
        "fault": story.end.fault if story.end else None,
        "notes": [note.text for note in story.notes] or None,
    }


def _story_details(story: Story) -> dict[str, object]:
    request, query, attempt = story.request, story.request.query, story.attempt
    status = query if isinstance(query, StatusQuery) else None
    return {
        "identifier_type": int(query.identifier_type),
        "command_id": query.command,
        "transaction_id": status.receipt if status else None,
        "original_conversation_id": status.original_conversation_id if status else None,
        "occasion": status.occasion if status else None,
        "remarks": query.remarks,
        "chosen_by_caller": request.chosen_by_caller,
        "ignored_members": list(request.unknown_members),
        "result_url": address(query.result_url),
        "queue_time_out_url": address(query.queue_time_out_url),
        "sent_to": address(attempt.url) if attempt else None,
        "sent_again": attempt.resent if attempt else None,
        "body": _body(attempt.body) if attempt else None,
    }


def _refusal_record(refused: RefusedRequest) -> dict[str, object]:
    return {
        "type": "refusal",
        "request_id": refused.request_id,
        "at": utc(refused.at),
        "method": refused.method,
        "path": refused.path,
        "http_status": refused.status,
        "error_code": refused.code,
        "cause": refused.cause,
        "field": refused.field,
        "app": refused.app_number,
    }
