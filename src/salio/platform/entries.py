"""Stories and refusals as entries of the log, for the command and for the control alike."""

import re
from collections.abc import Callable
from contextlib import closing
from datetime import datetime

import msgspec

from salio.core.audit.entries import Entry, RefusalEntry, RequestEntry
from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Story
from salio.core.requests.queries import (
    B2BPayment,
    CustomerPayment,
    Payment,
    Reversal,
    StatusQuery,
    TaxRemittance,
)
from salio.delivery.outcomes import api_of, result_code
from salio.storage.ports import Stories
from salio.wire import amounts
from salio.wire.identifiers import number_in
from salio.wire.profile import PROFILES

_MSISDN = re.compile(r"(?<![0-9])254[0-9]{6}([0-9]{3})(?![0-9])")
_LONGEST_NUMBER = 18
"""Digits. A longer one is no request's, and no store's either."""


def find(reader: Stories, name: str) -> list[Story | RefusedRequest]:
    """Everything that this text names: a requestId, an id of a conversation, or a request's number."""
    if not (name.isascii() and name.isprintable()):  # no id is; and NUL is no text to PostgreSQL
        return []
    numbers = set(reader.chosen(name))
    if name.isdigit() and len(name) <= _LONGEST_NUMBER:
        numbers.add(int(name))
    made_here = number_in(name)
    stories = reader.stories_of(sorted(numbers))
    if made_here is not None and made_here not in numbers:
        stories += [story for story in reader.stories_of([made_here]) if _is_called(story, name)]
    return [*stories, *reader.refusals_by_id(name)]


class Log:
    """An environment's log, opened for each look: it follows whatever becomes of the store."""

    def __init__(self, open_stories: Callable[[], Stories]) -> None:
        self._open = open_stories

    def look_up(self, name: str) -> list[Entry]:
        """Everything that is called so, whole."""
        with closing(self._open()) as reader:
            return [whole(each) for each in find(reader, name)]

    def requests(self, after: int | None, most: int) -> list[Entry]:
        """The first requests after a number, at most so many; the latest if no number is given."""
        with closing(self._open()) as reader:
            if after is not None:
                return [in_list(each) for each in reader.first_stories(after, most)]
            return [in_list(each) for each in reader.latest(most)[0]]


def _is_called(story: Story, name: str) -> bool:
    return name in (story.request.originator_conversation_id, story.request.conversation_id)


def whole(told: Story | RefusedRequest) -> Entry:
    """Everything kept about it, MSISDNs in full."""
    if isinstance(told, RefusedRequest):
        return _refusal(told)
    return _with_details(_request(told), told)


def in_list(told: Story | RefusedRequest) -> Entry:
    """The entry as lists show it: without details, MSISDNs masked."""
    entry = _refusal(told) if isinstance(told, RefusedRequest) else _request(told)
    shown: Entry = msgspec.json.decode(masked(msgspec.json.encode(entry).decode()), type=Entry)
    return shown


def masked(text: str) -> str:
    """The text with no more of each MSISDN than its last three digits."""
    return _MSISDN.sub(r"254******\1", text)


def utc(moment: datetime) -> str:
    """`2026-08-16T09:30:00.000Z`."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03}Z"


def address(url: str) -> str:
    """A callback's address without its query."""
    before, mark, _ = url.partition("?")
    return f"{before}?..." if mark else before


def body_text(body: bytes) -> str:
    """A callback's body as text."""
    return body.decode("utf-8", "backslashreplace")


def code_of(story: Story) -> str:
    """The ResultCode that the caller gets; empty as long as nothing is decided."""
    request, conclusion = story.request, story.conclusion
    if conclusion is None:
        return ""
    return result_code(conclusion.decision.outcome, request.product, PROFILES[request.profile]).code


def _request(story: Story) -> RequestEntry:
    request, query, conclusion = story.request, story.request.query, story.conclusion
    attempt, end = story.attempt, story.end
    return RequestEntry(
        number=request.number,
        api=api_of(request.product).value,
        short_code=query.party,
        initiator=query.initiator,
        originator_conversation_id=request.originator_conversation_id,
        conversation_id=request.conversation_id,
        app=request.app_number,
        profile=request.profile,
        state=story.steps[-1].value,
        accepted_at=utc(request.accepted_at),
        decided_at=utc(conclusion.decided_at) if conclusion else None,
        outcome=conclusion.decision.outcome.value if conclusion else None,
        result_code=code_of(story) if conclusion else None,
        cause=conclusion.decision.cause or None if conclusion else None,
        sent_at=utc(attempt.started_at) if attempt else None,
        ended_at=utc(end.ended_at) if end else None,
        http_status=end.status if end else None,
        fault=end.fault if end else None,
        notes=[note.text for note in story.notes] or None,
    )


def _with_details(entry: RequestEntry, story: Story) -> RequestEntry:
    request, query, attempt = story.request, story.request.query, story.attempt
    status = query if isinstance(query, StatusQuery) else None
    named = query if isinstance(query, StatusQuery | Reversal) else None
    moving = query if isinstance(query, Payment | CustomerPayment | Reversal) else None
    return msgspec.structs.replace(
        entry,
        identifier_type=int(query.identifier_type),
        command_id=query.command,
        transaction_id=named.receipt if named else None,
        original_conversation_id=status.original_conversation_id if status else None,
        amount=amounts.to_text(moving.cents) if moving else None,
        receiver=query.receiver if isinstance(query, Payment) else None,
        payer=query.payer if isinstance(query, CustomerPayment) else None,
        account_reference=query.account_reference if isinstance(query, B2BPayment | TaxRemittance) else None,
        requester=query.requester if isinstance(query, B2BPayment) else None,
        occasion=query.occasion if isinstance(query, StatusQuery | Payment | Reversal) else None,
        remarks=query.remarks,
        chosen_by_caller=request.chosen_by_caller,
        ignored_members=list(request.unknown_members),
        result_url=address(query.result_url) or None,
        queue_time_out_url=address(query.queue_time_out_url) or None,
        sent_to=address(attempt.url) if attempt else None,
        sent_again=attempt.resent if attempt else None,
        body=body_text(attempt.body) if attempt else None,
    )


def _refusal(refused: RefusedRequest) -> RefusalEntry:
    return RefusalEntry(
        request_id=refused.request_id,
        at=utc(refused.at),
        method=refused.method,
        path=refused.path,
        http_status=refused.status or None,
        error_code=refused.code or None,
        cause=refused.cause,
        field=refused.field,
        app=refused.app_number,
    )
