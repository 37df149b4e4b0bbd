"""Which addresses may be called, by environment (rulings, Results; fault catalogue, B).

The text of a host is never trusted: glibc reads ``0177.0.0.1``, ``2130706433`` and ``127.1`` as loopback, and
a name may resolve differently at every look-up. So the *resolved* address decides, at the moment a socket is
opened for it. The tables stand here in full because ``ipaddress.is_global`` lets several disguises through.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

import msgspec

from salio.wire import urls


class AddressRules(msgspec.Struct, frozen=True, kw_only=True):
    """What an environment allows."""

    https_only: bool
    public_only: bool
    ports: frozenset[int] | None = None
    """``None`` for any."""


SANDBOX = AddressRules(https_only=False, public_only=False)
"""Plain http, private and loopback addresses, as the documents' samples have them."""

PRODUCTION = AddressRules(https_only=True, public_only=True, ports=frozenset({443, 8443}))

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address


def _table(**words: str) -> list[tuple[Network, str]]:
    """One line for each network: what it is, in words with blanks for underscores."""
    return [
        (ip_network(text), word.replace("_", " ")) for word, texts in words.items() for text in texts.split()
    ]


NEVER = _table(
    unspecified="0.0.0.0/8 ::/128",
    link_local="169.254.0.0/16 fe80::/10",
    multicast="224.0.0.0/4 ff00::/8",
    broadcast="255.255.255.255/32",
    cloud_metadata="100.100.100.200/32 192.0.0.192/32 168.63.129.16/32 fd00:ec2::/32",
)
"""Refused in every environment: nobody's receiver lives there, but a cloud's credentials do."""

NOT_PUBLIC = _table(
    loopback="127.0.0.0/8 ::1/128",
    private="10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 fc00::/7",
    shared_by_carriers="100.64.0.0/10",
    reserved_for_protocols="192.0.0.0/24 2001::/23",
    documentation="192.0.2.0/24 198.51.100.0/24 203.0.113.0/24 2001:db8::/32 3fff::/20",
    relay_anycast="192.88.99.0/24 192.31.196.0/24 192.52.193.0/24 192.175.48.0/24",
    benchmarking="198.18.0.0/15",
    reserved="240.0.0.0/4",
    v4_mapped="::ffff:0:0/96",
    v4_translated="::ffff:0:0:0/96",
    v4_compatible="::/96",
    NAT64="64:ff9b::/96 64:ff9b:1::/48",
    discard_only="100::/64 100:0:0:1::/64",
    six_to_four="2002::/16",
    SRv6="5f00::/16",
    site_local="fec0::/10",
)
"""Refused where only public addresses are allowed; Teredo is among 2001::/23."""

GLOBAL_UNICAST = IPv6Network("2000::/3")
"""What IANA gives out; everything else of IPv6 is not public, named above or not."""

EMBEDDING = [
    (IPv6Network(prefix), shift)
    for prefix, shift in (
        ("::/96", 0),
        ("::ffff:0:0/96", 0),
        ("::ffff:0:0:0/96", 0),
        ("64:ff9b::/96", 0),
        ("64:ff9b:1::/48", 0),
        ("2002::/16", 80),
    )
]
"""IPv6 forms that carry an IPv4 address, and how far from the right; Teredo's is inverted, see below."""

TEREDO = IPv6Network("2001::/32")


@lru_cache(maxsize=4096)
def check_url(url: str, rules: AddressRules) -> str | None:
    """Why the URL may not be called, or ``None``. Says nothing about where its name leads."""
    problem = urls.problem(url)
    if problem:
        return problem
    parts = urlsplit(url)
    if rules.https_only and parts.scheme != "https":
        return "https is required here"
    return check_port(parts.port or (443 if parts.scheme == "https" else 80), rules)


def check_port(port: int, rules: AddressRules) -> str | None:
    """Why the port may not be called, or ``None``."""
    if rules.ports is None or port in rules.ports:
        return None
    return f"port {port} is none of {', '.join(map(str, sorted(rules.ports)))}"


def check_address(ip: str, rules: AddressRules) -> str | None:
    """Why a resolved address may not be called, or ``None``; whatever it carries inside is looked at too."""
    try:
        address = ip_address(ip.partition("%")[0])
    except ValueError:
        return f"{ip} is no IP address"
    word = _refused(address, NEVER) or _refused(_carried(address), NEVER)
    if word is None and rules.public_only:
        word = _not_public(address)
    return None if word is None else f"{ip} is {word}"


def _refused(address: Address | None, table: list[tuple[Network, str]]) -> str | None:
    if address is None:
        return None
    return next((word for network, word in table if address in network), None)


def _not_public(address: Address) -> str | None:
    word = _refused(address, NOT_PUBLIC)
    if word is None and isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return "not global unicast"
    return word


def _carried(address: Address) -> IPv4Address | None:
    """The IPv4 address inside an IPv6 one, in any of the known disguises; loopback ``::1`` carries none."""
    if isinstance(address, IPv4Address) or address.is_loopback:
        return None
    number = int(address)
    if address in TEREDO:
        return IPv4Address(~number & 0xFFFFFFFF)
    shift = next((shift for network, shift in EMBEDDING if address in network), None)
    return None if shift is None else IPv4Address(number >> shift & 0xFFFFFFFF)
