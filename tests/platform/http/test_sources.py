"""Where connections come from, and how many may come from one source."""

import asyncio

import pytest

from salio.platform.http.sources import Sources, source_of
from tests.platform.http.test_connection import opened
from tests.platform.http.test_corked import Wire

SOURCES = {
    "192.0.2.1": "192.0.2.1",
    "::ffff:192.0.2.1": "192.0.2.1",
    "2001:db8:1:2:3::4": "2001:db8:1:2::/64",
    "fe80::1%eth0": "fe80::/64",
    "127.0.0.9": None,
    "::1": None,
    "::ffff:127.0.0.1": None,
    "a socket of this machine": None,
}


@pytest.mark.parametrize(("host", "source"), SOURCES.items(), ids=SOURCES)
def test_t11_where_a_connection_comes_from(host: str, source: str | None) -> None:
    """Addresses that one machine can change at will count as one; this machine is not counted."""
    assert source_of(host) == source


def test_t11_one_source_has_so_many_connections() -> None:
    """One more is hung up on unanswered; another source is not hurt, and one that ends makes room."""

    class From(Wire):
        def __init__(self, host: str) -> None:
            super().__init__()
            self._extra = {"peername": (host, 1)}

    async def main() -> None:
        sources = Sources(2)
        wires = [From(host) for host in ["192.0.2.1"] * 4 + ["192.0.2.2"] + ["127.0.0.1"] * 4]
        protocols = [opened(wire, sources) for wire in wires]
        assert [wire.is_closing() for wire in wires] == [False] * 2 + [True] * 2 + [False] * 5
        for protocol in protocols[1:4]:
            protocol.connection_lost(None)
        again = [From("192.0.2.1") for _ in range(2)]
        for wire in again:
            opened(wire, sources)
        assert [wire.is_closing() for wire in again] == [False, True]

    asyncio.run(main())
