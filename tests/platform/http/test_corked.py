"""The cork between uvicorn and its sockets: one write for each answer, and nothing lost or out of order."""

import asyncio
from typing import Any

import pytest

from salio.platform.http.corked import CorkedTransport


class Wire(asyncio.Transport):
    """A transport that keeps what happens to it."""

    def __init__(self) -> None:
        super().__init__(extra={"peername": ("127.0.0.1", 1)})
        self.happened: list[Any] = []

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keeps the bytes."""
        self.happened.append(bytes(data))

    def close(self) -> None:
        """Keeps it."""
        self.happened.append("close")

    def abort(self) -> None:
        """Keeps it."""
        self.happened.append("abort")

    def is_closing(self) -> bool:
        """Whether it was told to close, or the other side was lost."""
        return not {"close", "abort", "lost"}.isdisjoint(
            each for each in self.happened if isinstance(each, str)
        )

    def pause_reading(self) -> None:
        """Keeps it."""
        self.happened.append("pause")

    def resume_reading(self) -> None:
        """Keeps it."""
        self.happened.append("resume")

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        """Keeps it."""
        self.happened.append(protocol)


def corked(*steps: str | bytes) -> list[Any]:
    """What reaches the socket: bytes are written, ``turn`` lets the loop turn, ``lost`` is the
    other side's doing, all else is called by name."""
    wire = Wire()

    async def main() -> list[Any]:
        transport = CorkedTransport(wire, asyncio.get_running_loop())
        for step in steps:
            if isinstance(step, bytes):
                transport.write(step)
            elif step == "lost":
                wire.happened.append(step)
            elif step == "turn":
                await asyncio.sleep(0)
            else:
                getattr(transport, step)()
        assert transport.is_closing() == wire.is_closing()
        return list(wire.happened)

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("steps", "happened"),
    [
        pytest.param([b"head", b"body", "turn"], [b"headbody"], id="one write for a turn"),
        pytest.param([b"1", "turn", b"2", "turn"], [b"1", b"2"], id="one for each turn"),
        pytest.param([b"head"], [], id="not before the turn's end"),
        pytest.param([b"head", "close"], [b"head", "close"], id="written before it closes"),
        pytest.param([b"head", "close", "turn"], [b"head", "close"], id="and not again afterwards"),
        pytest.param(["close"], ["close"], id="nothing to write"),
        pytest.param([b"head", "abort", "turn"], ["abort"], id="dropped with the connection"),
        pytest.param([b"head", "lost", "turn"], ["lost"], id="nobody there to be written to"),
        pytest.param(
            ["pause_reading", "resume_reading"], ["pause", "resume"], id="reading is the socket's own"
        ),
    ],
)
def test_what_reaches_the_socket(steps: list[str | bytes], happened: list[Any]) -> None:
    """Writes wait for the end of the turn; whatever ends the connection settles them first."""
    assert corked(*steps) == happened


def test_everything_else_is_the_sockets() -> None:
    """Its name, its protocol."""
    wire, protocol = Wire(), asyncio.Protocol()

    async def main() -> None:
        transport = CorkedTransport(wire, asyncio.get_running_loop())
        transport.set_protocol(protocol)
        assert transport.get_extra_info("peername") == ("127.0.0.1", 1)
        assert transport.get_extra_info("cipher", "none") == "none"

    asyncio.run(main())
    assert wire.happened == [protocol]
