"""A transport that drips: in order, one byte at a time, and closed only after the last."""

import asyncio
from typing import Any

import pytest

from salio.platform.http.spoilt import DrippingTransport
from tests.platform.http.test_corked import Wire


def dripped(*steps: str | bytes) -> list[Any]:
    """What reaches the socket: bytes are written, ``drip`` asks for it, ``dry`` waits for the last byte."""
    wire = Wire()

    async def main() -> list[Any]:
        transport = DrippingTransport(wire, asyncio.get_running_loop())
        for step in steps:
            if isinstance(step, bytes):
                transport.write(step)
            elif step == "drip":
                transport.drip(0.0)
            elif step == "dry":
                await asyncio.sleep(0.02)
            elif step == "lost":
                wire.happened.append("close")
            else:
                getattr(transport, step)()
        return wire.happened

    return asyncio.run(main())


@pytest.mark.parametrize(
    ("steps", "happened"),
    [
        pytest.param([b"ab", "close"], [b"ab", "close"], id="not asked"),
        pytest.param(["drip", b"abc", "dry"], [b"a", b"b", b"c"], id="byte by byte"),
        pytest.param(["drip", b"ab", b"cd", "dry"], [b"a", b"b", b"c", b"d"], id="what is added meanwhile"),
        pytest.param(["drip", b"ab", "close", "dry"], [b"a", b"b", "close"], id="closed after the last"),
        pytest.param(["drip", b"ab", "dry", b"cd"], [b"a", b"b", b"cd"], id="the next answer leaves whole"),
        pytest.param(
            ["drip", b"ab", "dry", "drip", b"cd", "dry"], [b"a", b"b", b"c", b"d"], id="asked again"
        ),
        pytest.param(["drip", b"abc", "abort", "dry"], [b"a", "abort"], id="aborted"),
        pytest.param(["drip", b"abc", "lost", "dry"], [b"a", "close"], id="the other side hung up"),
        pytest.param(["drip", b"", "close"], ["close"], id="nothing to say"),
        pytest.param(["drip", b"a", "close"], [b"a", "close"], id="a single byte"),
    ],
)
def test_a_drip(steps: list[str | bytes], happened: list[Any]) -> None:
    """Nothing is lost, doubled or out of order."""
    assert dripped(*steps) == happened
