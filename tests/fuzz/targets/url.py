"""The URL guard: what it lets through is one URL to every reader, and leads nowhere that is forbidden.

The first byte chooses: a URL as it came, or the 4 or 16 bytes of a resolved address.
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import httpx2

from salio.delivery.addresses import PRODUCTION, SANDBOX, AddressRules, check_address, check_url
from salio.delivery.hosts import destination
from salio.wire import urls
from tests.delivery.disguises import V4_RANGES, V6_RANGES
from tests.fuzz.targets.ways import way_of

NEVER = [
    network
    for network in V4_RANGES
    if str(network).startswith(("0.", "100.100", "168.63", "169.254", "192.0.0.192", "224.", "255."))
]
TRANSLATED = {
    IPv6Network("::ffff:0:0/96"): 0,
    IPv6Network("::ffff:0:0:0/96"): 0,
    IPv6Network("64:ff9b::/96"): 0,
    IPv6Network("2002::/16"): 80,
}

CheckUrl = Callable[[str, AddressRules], str | None]
CheckAddress = Callable[[str, AddressRules], str | None]


def check(data: bytes, *, url: CheckUrl = check_url, address: CheckAddress = check_address) -> None:
    """Fails if two readers see two hosts in what is let through, or if that is a forbidden one."""
    way = way_of(data, WAYS)
    if way is not None:
        way(data[1:], url, address)


def _url(data: bytes, guard: CheckUrl, _address: CheckAddress) -> None:
    text = data.decode("utf-8", "surrogateescape")
    verdicts = {rules: guard(text, rules) for rules in (SANDBOX, PRODUCTION)}
    assert all(verdict is None or _in_words(verdict) for verdict in verdicts.values())
    if verdicts[SANDBOX] is not None:
        assert verdicts[PRODUCTION] is not None, "production lets through what the sandbox does not"
        return
    assert len(text) <= urls.LENGTH_LIMIT
    assert text.isascii()
    assert text.isprintable()
    scheme, host, port = _read_twice(text)
    assert scheme in {"http", "https"}
    if verdicts[PRODUCTION] is None:
        assert scheme == "https"
        assert port in {443, 8443}
    assert destination(text) == f"{scheme}://{host}:{port}"
    _host(host)


def _in_words(reason: str) -> bool:
    return bool(reason) and reason.isascii() and reason.isprintable() and len(reason) <= 200


def _read_twice(text: str) -> tuple[str, str, int]:
    """Scheme, host and port, about which urllib and the HTTP client agree; nobody is named before the @."""
    parts = urlsplit(text)
    assert parts.username is None
    assert parts.password is None
    assert not parts.fragment
    port = parts.port or (443 if parts.scheme == "https" else 80)
    assert 0 < port < 65_536
    assert parts.hostname
    _same_to_the_client(text, parts.hostname, port)
    return parts.scheme, parts.hostname, port


def _same_to_the_client(text: str, host: str, port: int) -> None:
    try:
        other = httpx2.URL(text)
    except httpx2.InvalidURL:
        return  # stricter than we are; whoever cannot read it cannot be led astray by it
    assert other.raw_host.decode("ascii").lower() == host
    assert (other.port or (443 if other.scheme == "https" else 80)) == port


def _host(host: str) -> None:
    """A host that anybody could take for an address is one in its only spelling, and what it says."""
    if ":" in host:
        assert ip_address(host).version == 6
        return
    with suppress(OSError):
        taken_for = IPv4Address(socket.inet_aton(host.removesuffix(".")))
        assert ip_address(host) == taken_for, "glibc reads an address where we read a name"
    assert all(character.isalnum() or character in "-._" for character in host)


def _resolved(data: bytes, _url: CheckUrl, guard: CheckAddress) -> None:
    if len(data) not in {4, 16}:
        return
    address = ip_address(data)
    verdicts = {rules: guard(str(address), rules) for rules in (SANDBOX, PRODUCTION)}
    if verdicts[SANDBOX] is None:
        inside = _inside(address)
        assert not [network for network in NEVER if isinstance(inside, IPv4Address) and inside in network]
    if verdicts[PRODUCTION] is None:
        assert verdicts[SANDBOX] is None
        assert address.is_global
        assert not address.is_multicast
        assert not [network for network in V4_RANGES if address in network]
        assert not [network for network in V6_RANGES if address in network]
        assert _inside(address) == address, "an address within an address is called"


def _inside(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that a translator on the way would make of it."""
    if isinstance(address, IPv4Address):
        return address
    if address.teredo is not None:
        return address.teredo[1]
    for network, shift in TRANSLATED.items():
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return address


WAYS = (_url, _resolved)
