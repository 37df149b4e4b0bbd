"""Where connections come from: so many from one source and no more, or one source could take them all."""

from collections import Counter
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

IPV6_HOST_BITS = 64
"""Of an IPv6 address: who has one has all that differ in these only."""


class Sources:
    """Counts connections by source. This machine is not limited: a proxy on it speaks for everybody."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: Counter[str] = Counter()

    def enter(self, peer: tuple[str, int] | None) -> bool:
        """Counts a connection; whether it may stay."""
        source = None if peer is None else source_of(peer[0])
        if source is None:
            return True
        self._open[source] += 1
        return self._open[source] <= self._most

    def leave(self, peer: tuple[str, int] | None) -> None:
        """A connection that entered has ended, whether it might stay or not."""
        source = None if peer is None else source_of(peer[0])
        if source is None:
            return
        self._open[source] -= 1
        if not self._open[source]:
            del self._open[source]


@lru_cache(maxsize=4096)
def source_of(host: str) -> str | None:
    """An IPv4 address, or an IPv6 network of 64 bits; ``None`` for this machine, and where there is none."""
    try:
        address: IPv4Address | IPv6Address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if address.is_loopback:
        return None
    if isinstance(address, IPv4Address):
        return str(address)
    return f"{IPv6Address(int(address) >> IPV6_HOST_BITS << IPV6_HOST_BITS)}/{IPV6_HOST_BITS}"
