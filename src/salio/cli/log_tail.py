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
        self.latest(0)

    def latest(self, limit: int) -> list[Entry]:
        """The last entries, at most so many, oldest first; what comes after them is news."""
        self._content = self._reader.content()
        self._open: dict[int, tuple[Step, ...]] = {}
        stories, self._request = self._reader.latest(limit)
        refusals, self._refusal = self._reader.latest_refusals(limit)
        self._note(stories)
        told: list[Entry] = [*stories, *refusals]
        return sorted(told, key=began_at)[max(0, len(told) - limit) :]

    def news(self) -> list[Entry]:
        """What was accepted or refused since the last look, and the stories that went on.

        Of another content, which a snapshot or a reset brought, what comes after the look that finds it.
        """
        if self._reader.content() != self._content:
            self.latest(0)
        changed = [
            story
            for story in self._reader.stories_of(list(self._open))
            if story.steps != self._open[story.request.number]
        ]
        begun, self._request = self._reader.following(self._request, MOST_AT_ONCE)
        refusals, self._refusal = self._reader.following_refusals(self._refusal, MOST_AT_ONCE)
        self._note([*changed, *begun])
        told: list[Entry] = [*changed, *begun, *refusals]
        return sorted(told, key=began_at)

    def _note(self, stories: list[Story]) -> None:
        for story in stories:
            number = story.request.number
            self._open.pop(number, None)
            if not story.is_over:
                self._open[number] = story.steps
        while len(self._open) > MOST_OPEN:
            del self._open[next(iter(self._open))]
