"""Ten thousand disguised addresses, and no connection to any of them (fault catalogue, B, I19, P17).

Three proofs. In a network where every address is this machine, the courier of production is handed all of
them and the listeners see nothing; there, too, the guard of the sockets alone, without the look at a URL's
text. And where no such network can be had, a listener on this machine and a count of the sockets opened.
"""

import socket
from collections import Counter
from contextlib import suppress
from functools import cache
from ipaddress import IPv4Address, IPv4Network, ip_address
from pathlib import Path

import msgspec
import pytest

from salio.delivery import addresses
from salio.delivery.addresses import PRODUCTION, check_address, check_url
from salio.delivery.lines import CourierSettings
from salio.delivery.watch import Watch
from tests.delivery.disguises import (
    CARRIERS,
    HOST_DISGUISES,
    PADDED,
    V4_RANGES,
    V4_SPELLINGS,
    V6_RANGES,
    V6_SPELLINGS,
    Form,
    forms,
)
from tests.delivery.name_server import Wish, in_own_network, needs_own_network
from tests.delivery.test_courier import Driven
from tests.patience import PATIENCE

COUNT = 10_000
PORTS = ("", "", ":443", ":443", ":8443", ":8443", ":0443", ":80", ":22", ":6379", ":65535", ":", ":0")
LISTENING = (443, 8443, 80, 22, 6379, 65535)
BATCH = 500
SETTINGS = CourierSettings(connect_seconds=3, total_seconds=5)

REACHABLE_TEXT = """
0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.9.9.9 168.63.129.16 169.254.169.254 172.16.0.1 192.0.0.192
192.0.2.1 192.88.99.1 192.168.0.1 198.18.0.1 203.0.113.1 240.0.0.1 ::1 ::a00:1 ::ffff:0:a00:1 64:ff9b::a00:1
64:ff9b:1::a00:1 2002:a00:1::1 2001::1 2001:db8::1 100::1 3fff::1 5f00::1 fc00::1 fd00:ec2::254 fec0::1
4000::1
"""
"""Forbidden ones that a plain socket does reach there. Not among them: multicast and broadcast, to which TCP
cannot connect, and fe80::/10, which needs an interface."""

REACHABLE = tuple(REACHABLE_TEXT.split())

PUBLIC_TEXT = """
1.0.0.0 8.8.8.8 9.255.255.255 11.0.0.0 41.90.64.1 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.0
168.63.129.15 168.63.129.17 169.253.255.255 169.255.0.0 172.15.255.255 172.32.0.0 191.255.255.255 192.0.1.0
192.0.3.0 192.31.195.255 192.31.197.0 192.52.192.255 192.52.194.0 192.88.98.255 192.88.100.0 192.167.255.255
192.169.0.0 192.175.47.255 192.175.49.0 196.201.214.200 198.17.255.255 198.20.0.0 198.51.99.255 198.51.101.0
203.0.112.255 203.0.114.0 223.255.255.255 2001:200::1 2001:db7:ffff::1 2001:db9::1 2001:4860:4860::8888
2003::1 2001:ffff::1 2606:4700:4700::1111 2a00:1450::1 2c0f:fe38::1 2c0f:fe38::127.0.0.1 3ffe:ffff::1
3fff:1000::1
"""
"""Neighbours of every forbidden range, and well-known ones; an address's last bits alone forbid nothing."""

PUBLIC = PUBLIC_TEXT.split()


@cache
def production_forms() -> list[Form]:
    """The ten thousand, for https and the ports of the world."""
    return forms(COUNT, scheme="https", ports=PORTS)


def batched(urls: list[str]) -> list[list[str]]:
    """As many together as a busy courier has under way."""
    return [urls[start : start + BATCH] for start in range(0, len(urls), BATCH)]


def is_forbidden(ip: str) -> bool:
    """By this folder's own list, not by the guard's."""
    address = ip_address(ip)
    if isinstance(address, IPv4Address):
        return any(address in network for network in V4_RANGES)
    return any(address in network for network in V6_RANGES)


class CountingWatch(Watch):
    """Sees each socket that a line opens, before it is connected."""

    count = 0

    def add(self, descriptor: int, receiver: str) -> None:
        """One more."""
        self.count += 1
        super().add(descriptor, receiver)


def connections(listening: socket.socket) -> list[str]:
    """Where all went that were made to a listener so far; they wait in its queue."""
    listening.setblocking(False)
    went = []
    with suppress(BlockingIOError):
        while True:
            connection, _ = listening.accept()
            with connection:
                went.append(str(connection.getsockname()[0]))
    return went


def test_the_forms_are_ten_thousand_and_all_kinds() -> None:
    """Different URLs, the same each time; every range in every carrier and spelling, and every dress."""
    made = production_forms()
    assert len({form.url for form in made}) == COUNT
    assert made == forms(COUNT, scheme="https", ports=PORTS)
    ways = {("none", spelling) for spelling in (*V4_SPELLINGS, PADDED)}
    ways |= {(carrier, spelling) for carrier in CARRIERS for spelling in V6_SPELLINGS}
    seen = {(form.range, *form.disguise[:2]) for form in made}
    assert {(str(network), *way) for network in V4_RANGES for way in ways} <= seen
    assert {(str(network), "none", spelling) for network in V6_RANGES for spelling in V6_SPELLINGS} <= seen
    dresses = Counter(form.disguise[2] for form in made)
    assert set(dresses) == {*HOST_DISGUISES, "before", "scheme", "trick"}
    assert min(dresses.values()) > 200


def test_the_forms_mean_what_they_say() -> None:
    """What the C library reads in the undressed ones is that address, or an IPv6 one that carries it."""
    for form in production_forms():
        carrier, spelling, dress = form.disguise
        host = form.url.removeprefix("https://").partition("/")[0].partition("?")[0]
        if dress != "as it is" or spelling in (PADDED, "name"):
            continue
        if host.startswith("["):
            read = ip_address(socket.inet_pton(socket.AF_INET6, host[1 : host.index("]")]))
            assert read == form.means or carrier != "none", form
            assert is_forbidden(str(read)), form
        else:
            assert ip_address(socket.inet_aton(host.partition(":")[0])) == form.means, form


def test_every_range_of_the_guard_is_among_the_forms() -> None:
    """A range that is added to the guard is added here: none is left without a disguise."""
    carriers = {network for network, _ in addresses.EMBEDDING}
    for network, word in addresses.NEVER + addresses.NOT_PUBLIC:
        if isinstance(network, IPv4Network):
            assert network in V4_RANGES, word
        else:
            assert network in carriers or network in V6_RANGES, word


def test_i19_a_form_is_refused_by_its_text_or_at_its_socket() -> None:
    """A listener at every address of this machine is not connected to, and no socket is opened at all."""
    with socket.create_server(("::", 0), family=socket.AF_INET6, dualstack_ipv6=True) as listening:
        port = listening.getsockname()[1]
        rules = msgspec.structs.replace(PRODUCTION, https_only=False, ports=frozenset({port}))
        driven, opened = Driven(rules, SETTINGS), CountingWatch()
        driven.courier.watch.close()
        driven.courier.watch = opened
        for urls in batched([form.url for form in forms(COUNT, scheme="http", ports=(f":{port}",))]):
            for url, end in zip(urls, driven.post(*urls), strict=True):
                assert end.fault is not None, url
                assert end.fault.startswith("address not allowed: "), (url, end.fault)
        driven.courier.close()
        for ip in ("127.0.0.1", "127.9.9.9", "::1"):
            socket.create_connection((ip, port), timeout=PATIENCE).close()
        assert opened.count == 0
        assert connections(listening) == ["::ffff:127.0.0.1", "::ffff:127.9.9.9", "::1"]


@needs_own_network
def test_i19_p17_no_connection_to_a_forbidden_range(tmp_path: Path) -> None:
    """Production's own rules, every address at hand: each attempt is refused and nothing arrives anywhere."""
    urls = [form.url for form in production_forms()]
    wish = Wish(
        rules=PRODUCTION,
        settings=SETTINGS,
        posts=(*map(tuple, batched(urls)), ("https://8.8.8.8/", "https://[2606:4700:4700::1111]:8443/")),
        ports=LISTENING,
        plain=REACHABLE,
    )
    [seen] = in_own_network([wish], tmp_path)
    faults = [end.fault or "" for ends in seen.ends[:-1] for end in ends]
    assert len(faults) == COUNT
    assert [fault for fault in faults if not fault.startswith("address not allowed: ")] == []
    assert sum(check_url(url, PRODUCTION) is None for url in urls) > COUNT / 4
    assert sorted(seen.reached) == ["2606:4700:4700::1111", "8.8.8.8"]
    assert seen.plainly == list(REACHABLE)


@needs_own_network
def test_i19_the_socket_is_guarded_alone(tmp_path: Path) -> None:
    """A line that is handed all the forms unchecked, as if no URL's text were ever looked at, calls none."""
    public = "https://8.8.8.8/"
    urls = (*(form.url for form in production_forms()), public)
    wish = Wish(rules=PRODUCTION, settings=SETTINGS, unchecked=urls, ports=LISTENING, plain=REACHABLE)
    [seen] = in_own_network([wish], tmp_path)
    assert seen.refused > COUNT / 2
    assert seen.reached[-1] == "8.8.8.8"
    assert [ip for ip in seen.reached if is_forbidden(ip)] == []
    assert seen.plainly == list(REACHABLE)


@pytest.mark.parametrize("ip", PUBLIC)
def test_public_addresses_are_not_refused(ip: str) -> None:
    """In production neither the address nor a URL with it is refused."""
    host = f"[{ip}]" if ":" in ip else ip
    assert not is_forbidden(ip)
    assert check_address(ip, PRODUCTION) is None
    assert check_url(f"https://{host}/result", PRODUCTION) is None
