"""The door between the event loop and the writer's thread."""

import asyncio
import threading

from salio.platform.door import Door


class Writer:
    """Answers whatever was submitted, in one group, on a thread of its own, when it is woken often enough."""

    def __init__(self, group: int) -> None:
        self.group = group
        self.door = Door(self.wake)
        self.marks: list[object] = []
        self.wakes = 0

    def submit(self, mark: object) -> None:
        """Takes a mark."""
        self.marks.append(mark)

    def wake(self) -> None:
        """Answers in the order of submission: 0, 1, 2…"""
        self.wakes += 1
        if len(self.marks) == self.group:
            answers = [(mark, place) for place, mark in enumerate(self.marks)]
            threading.Thread(target=self.door.answered, args=(answers,)).start()


def test_everybody_gets_the_own_answer() -> None:
    """Each hears what was said to its own mark; a pass of the loop wakes the writer once."""

    async def main() -> None:
        writer = Writer(group=50)
        assert await asyncio.gather(*(writer.door.wait(writer.submit) for _ in range(50))) == list(range(50))
        assert writer.wakes == 1

    asyncio.run(main())


def test_who_is_refused_at_once_does_not_wait() -> None:
    """And nobody is woken for it."""

    async def main() -> None:
        writer = Writer(group=1)
        assert await writer.door.wait(lambda _mark: "full") == "full"
        assert writer.wakes == 0

    asyncio.run(main())


def test_who_hung_up_is_passed_over() -> None:
    """A waiter that was cancelled leaves the others' answers alone."""

    async def main() -> None:
        writer = Writer(group=2)
        gone = asyncio.create_task(writer.door.wait(writer.submit))
        await asyncio.sleep(0)
        gone.cancel()
        assert await writer.door.wait(writer.submit) == 1

    asyncio.run(main())


def test_answers_after_the_end_are_dropped() -> None:
    """The writer outlives the loop by a turn: it must not stumble over it."""
    writer = Writer(group=1)

    async def main() -> None:
        await writer.door.wait(writer.submit)

    asyncio.run(main())
    writer.door.answered([(object(), 1)])
    Door(lambda: None).answered([(object(), 1)])
