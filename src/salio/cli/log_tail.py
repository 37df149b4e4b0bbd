"""What the log shows next: the latest entries first, then whatever is new or has changed."""

from datetime import datetime

from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Step, Story
from salio.storage.ports import Stories

Entry = Story | RefusedRequest

MOST_AT_ONCE = 1_000
"""Stories and refusals of one look; a busy platform is caught up with look by look."""
MOST_OPEN = 10_000
"""Open stories to look at again; beyond it the oldest are shown no more."""


def began_at(entry: Entry) -> datetime:
    """When a story's request was accepted, or a request refused."""
    return entry.request.accepted_at if isinstance(entry, Story) else entry.at


class Tail:
    """Where a reader of the log stands. Each look is one step; whoever calls it waits in between."""

    def __init__(self, reader: Stories) -> None:
        self._reader = reader
        self._begin()

    def _begin(self) -> None:
        self._content = self._reader.content()
        self._request = self._reader.highest_request()
        self._refusal = self._reader.highest_refusal()
        self._open: dict[int, tuple[Step, ...]] = {}

    def latest(self, limit: int) -> list[Entry]:
        """The last entries before this look began, at most so many, oldest first."""
        stories = self._reader.stories(max(0, self._request - limit), self._request)
        refusals = self._reader.refusals(max(0, self._refusal - limit), limit)
        self._note(stories)
        told: list[Entry] = [*stories, *(refused for number, refused in refusals if number <= self._refusal)]
        return sorted(told, key=began_at)[max(0, len(told) - limit) :]

    def news(self) -> list[Entry]:
        """What was accepted or refused since the last look, and the stories that went on.

        Of another content, which a snapshot or a reset brought, what comes after the look that finds it.
        """
        if self._reader.content() != self._content:
            self._begin()
        changed = [
            story
            for story in self._reader.stories_of(list(self._open))
            if story.steps != self._open[story.request.number]
        ]
        until = min(self._reader.highest_request(), self._request + MOST_AT_ONCE)
        begun = self._reader.stories(self._request, until)
        refusals = self._reader.refusals(self._refusal, MOST_AT_ONCE)
        self._request = max(self._request, until)
        self._refusal = max((number for number, _ in refusals), default=self._refusal)
        self._note([*changed, *begun])
        told: list[Entry] = [*changed, *begun, *(refused for _, refused in refusals)]
        return sorted(told, key=began_at)

    def _note(self, stories: list[Story]) -> None:
        for story in stories:
            number = story.request.number
            self._open.pop(number, None)
            if not story.is_over:
                self._open[number] = story.steps
        while len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
