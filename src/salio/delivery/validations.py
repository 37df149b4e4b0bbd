"""Asking organizations whether they take a payment: one POST each, whose answer is wanted (Register URL).

Nothing of it is kept but a note: should the platform die meanwhile, the next start asks again.
"""

from collections.abc import Callable, Sequence
from contextlib import closing

import msgspec

from salio.core.audit.notes import Note
from salio.core.ports import Clock
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.validation import Asked, Question, ValidatorWord, Word
from salio.delivery.hosts import Hosts, OutboxSettings
from salio.delivery.rendering import render_question
from salio.delivery.transport import Transport
from salio.wire.c2b_notice import read_verdict
from salio.wire.wording import shown

NOBODY = "nobody answered the validation"


class Validations:
    """Who is asked, and who waits to be: a slow organization delays nobody else's payments."""

    def __init__(
        self,
        *,
        clock: Clock,
        transport: Transport,
        note: Callable[[Note], None],
        heard: Callable[[int, Word], bool],
        wake: Callable[[], None],
        settings: OutboxSettings | None = None,
    ) -> None:
        """``heard`` takes what came of asking, by the request's number; ``wake`` tells the writer that
        something can be decided.
        """
        self._clock = clock
        self._transport = transport
        self._note = note
        self._heard = heard
        self._wake = wake
        self._hosts = Hosts(settings or OutboxSettings())
        self._open: set[int] = set()
        self._shut = False

    def under_way(self) -> int:
        """How many organizations have not answered yet."""
        return len(self._open)

    def shut(self) -> None:
        """Nobody's word is waited for any more."""
        self._shut = True

    def ask(self, asked: Sequence[Asked]) -> None:
        """Takes questions that are durable, oldest first."""
        for each in asked:
            request, question = each.accepted.request, each.question
            assert isinstance(question, Question)  # noqa: S101 - nobody else is asked by a message
            body, url = render_question(request, question), question.url
            attempt = Attempt(
                number=request.number, url=url, body=body, started_at=self._clock.now(), asks=True
            )
            self._open.add(request.number)
            self._hosts.add(request.number, url, attempt)
        self._post()

    def ended(self, ends: Sequence[AttemptEnd]) -> None:
        """How questions ended."""
        self._hosts.release(ends)
        for each in ends:
            if each.number in self._open and not self._shut:
                self.hear(each.number, _word(each), "validation")
            self._open.discard(each.number)
        self._post()

    def hear(self, number: int, word: Word, way: str) -> bool:
        """Passes a word on, and notes which way it came; ``False`` if none is waited for any more."""
        if not self._heard(number, word):
            return False
        self._note(Note(request=number, at=self._clock.now(), text=f"{way}: {word.said}"))
        self._wake()
        return True

    def _post(self) -> None:
        now = self._clock.now()
        leaving: list[Attempt] = []
        with closing(self._hosts.turns()) as turns:
            for host in turns:
                due = host.held.popleft()
                assert isinstance(due, Attempt)  # noqa: S101 - nothing else is added
                self._hosts.claim(due.number, host, due, now)
                leaving.append(msgspec.structs.replace(due, started_at=now))
        if leaving:
            self._transport.post(leaving)


def _word(end: AttemptEnd) -> ValidatorWord:
    if end.fault is not None:
        return ValidatorWord(accepts=None, said=f"{NOBODY} ({shown(end.fault, 120)})")
    verdict = read_verdict(end.answer) if end.delivered else None
    if verdict is None:
        return ValidatorWord(accepts=None, said=f"{NOBODY} (HTTP {end.status}, no ResultCode)")
    said = "accepted" if verdict.accepted else "rejected"
    return ValidatorWord(
        accepts=verdict.accepted,
        said=f"{said} by the organization: {verdict.words}",
        third_party_id=verdict.third_party_id,
    )
