"""Customers' phones where one process does everything: what waits for them is known here."""

from collections.abc import Sequence

from salio.core.requests.answers import Answering, Answers
from salio.core.requests.processor import Processor
from salio.core.requests.prompts import AnswerEnd, CustomerWord, Prompt, Ringing
from salio.platform.door import Door


class PhonesHere:
    """Fits :class:`salio.core.requests.prompts.Phones`."""

    def __init__(self, processor: Processor, answers: Answers, door: Door) -> None:
        self._processor = processor
        self._answers = answers
        self._door = door

    async def ringing(self) -> Sequence[Ringing]:
        """Those whose word the processor waits for."""
        return [
            Ringing(
                number=each.accepted.request.number,
                checkout_request_id=each.accepted.request.conversation_id,
                prompt=each.question,
            )
            for each in self._processor.waiting_for_words()
            if isinstance(each.question, Prompt)
        ]

    async def answer(self, number: int, word: CustomerWord) -> AnswerEnd:
        """Answers after the commit; the payment is decided in the next turn."""
        return await answering(self._answers, self._door, number, word)


async def answering(answers: Answers, door: Door, number: int, word: CustomerWord) -> AnswerEnd:
    """Brings an answer to the writer, and waits for its commit."""
    end: AnswerEnd = await door.wait(lambda mark: answers.submit(Answering(number, word, mark)))
    return end
