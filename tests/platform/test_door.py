"""The door between a request and the writer."""

import asyncio

from salio.platform.door import Door


class Writer:
    """Answers whatever was submitted, in one group, when so much is there."""

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
            self.door.answered([(mark, place) for place, mark in enumerate(self.marks)])


def test_everybody_gets_the_own_answer() -> None:
    """Each hears what was said to its own mark."""

    async def main() -> None:
        writer = Writer(group=50)
        assert await asyncio.gather(*(writer.door.wait(writer.submit) for _ in range(50))) == list(range(50))

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
