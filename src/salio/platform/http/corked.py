"""One write for what a turn of the loop has to say on a connection.

A system call costs about 10 us with the interpreter held: head and body, which ASGI gives apart, leave
together, and so do the answers to requests that came together.
"""

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

Way = TypeVar("Way", bound=asyncio.Transport)


class CorkedTransport(asyncio.Transport):
    """A transport that gathers what is written within one turn of the loop; all else goes to the real one."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._transport = transport
        self._loop = loop
        self._gathered: list[bytes | bytearray | memoryview] = []

    def leave_by(self, around: Callable[[asyncio.Transport], Way]) -> Way:
        """From here on everything goes through what is put around the real transport."""
        way = around(self._transport)
        self._transport = way
        return way

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keeps the bytes until the end of this turn."""
        if not self._gathered:
            self._loop.call_soon(self._flush)
        self._gathered.append(data)

    def close(self) -> None:
        """Writes what was gathered, then closes."""
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        """As the real transport."""
        return self._transport.is_closing()

    def abort(self) -> None:
        """As the real transport; what was gathered is dropped with it."""
        self._gathered.clear()
        self._transport.abort()

    def pause_reading(self) -> None:
        """As the real transport."""
        self._transport.pause_reading()

    def resume_reading(self) -> None:
        """As the real transport."""
        self._transport.resume_reading()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """As the real transport."""
        self._transport.set_protocol(protocol)

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """As the real transport."""
        return self._transport.get_extra_info(name, default)

    def _flush(self) -> None:
        if self._gathered:
            gathered, self._gathered = self._gathered, []
            if not self._transport.is_closing():  # the other side may be gone since it was written
                self._transport.write(b"".join(gathered))
