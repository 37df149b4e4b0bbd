"""Ten thousand ways to write an address that production must not call (fault catalogue, B).

An address of a forbidden range, perhaps carried inside an IPv6 one, is written in one of the spellings that
some reader of URLs understands, and the whole is dressed: another port, a user name before it, a digit of
another script. All is drawn from a seeded generator, so that a number names a form for ever. The ranges stand
here once more, from the catalogue and IANA's registries, so that a line lost in the guard's table is noticed.
"""

import random
from collections.abc import Callable, Iterator
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from itertools import cycle, product

import msgspec

Address = IPv4Address | IPv6Address

V4_TEXT = """
0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 100.100.100.200/32 127.0.0.0/8 168.63.129.16/32 169.254.0.0/16
169.254.169.254/32 172.16.0.0/12 192.0.0.0/24 192.0.0.192/32 192.0.2.0/24 192.31.196.0/24 192.52.193.0/24
192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4
240.0.0.0/4 255.255.255.255/32
"""
V6_TEXT = """
::/128 ::1/128 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fd00:ec2::/32
2002::/16 fe80::/10 fec0::/10 ff00::/8 ::/3 4000::/2 8000::/1
"""
V4_RANGES = tuple(map(IPv4Network, V4_TEXT.split()))
V6_RANGES = tuple(map(IPv6Network, V6_TEXT.split()))


def _seen_through_6to4(rng: random.Random, number: int) -> int:
    return 0x2002 << 112 | number << 80 | rng.getrandbits(80)


def _seen_through_teredo(rng: random.Random, number: int) -> int:
    return 0x20010000 << 96 | rng.getrandbits(64) << 32 | ~number & 0xFFFFFFFF


def _in_a_local_translator(rng: random.Random, number: int) -> int:
    """RFC 6052, 2.2: with a prefix of 48 bits the address goes round a byte of zeros."""
    return 0x64FF9B0001 << 80 | number >> 16 << 64 | (number & 0xFFFF) << 40


CARRIERS: dict[str, Callable[[random.Random, int], int]] = {
    "mapped": lambda _, number: 0xFFFF << 32 | number,
    "translated": lambda _, number: 0xFFFF << 48 | number,
    "compatible": lambda _, number: number,
    "NAT64": lambda _, number: 0x64FF9B << 96 | number,
    "NAT64 local": lambda rng, number: 0x64FF9B0001 << 80 | rng.getrandbits(48) << 32 | number,
    "NAT64 local, 48 bits": _in_a_local_translator,
    "6to4": _seen_through_6to4,
    "Teredo": _seen_through_teredo,
}


def _parts(number: int, count: int) -> list[int]:
    """The address in so many parts as inet_aton reads them: the last takes all that is left."""
    octets = list(number.to_bytes(4))
    return [*octets[: count - 1], int.from_bytes(bytes(octets[count - 1 :]))]


def _decimal(rng: random.Random, number: int) -> str:
    return str(number)


def _octal(rng: random.Random, number: int) -> str:
    return "0" * rng.randint(1, 5) + f"{number:o}"


def _hex(rng: random.Random, number: int) -> str:
    prefix, digits = rng.choice(["0x", "0X"]), rng.choice(["x", "X"])
    return prefix + "0" * rng.choice([0, 0, 1, 7]) + f"{number:{digits}}"


def _mixed(rng: random.Random, number: int) -> str:
    return rng.choice([_decimal, _octal, _hex])(rng, number)


def _in_parts(
    write: Callable[[random.Random, int], str], count: int, rng: random.Random, address: IPv4Address
) -> str:
    return ".".join(write(rng, part) for part in _parts(int(address), count))


WRITERS = {"decimal": _decimal, "octal": _octal, "hex": _hex, "mixed": _mixed}

V4_SPELLINGS: dict[str, Callable[[random.Random, IPv4Address], str]] = {
    f"{name}, {count} parts": partial(_in_parts, write, count)
    for (name, write), count in product(WRITERS.items(), (4, 3, 2, 1))
}
PLAIN = "decimal, 4 parts"
PADDED = "padded"
"""Decimal numbers with zeros before them: some read them as octal, others as if the zeros were not there."""


def _groups(number: int) -> list[str]:
    return [f"{number >> shift & 0xFFFF:x}" for shift in range(112, -1, -16)]


def _other_gap(rng: random.Random, address: IPv6Address) -> str:
    """Any zero group left out, not only the longest run as RFC 5952 has it."""
    groups = _groups(int(address))
    zeros = [index for index, group in enumerate(groups) if group == "0"]
    if not zeros:
        return ":".join(groups)
    gap = rng.choice(zeros)
    return f"{':'.join(groups[:gap])}::{':'.join(groups[gap + 1 :])}"


def _dotted_tail(rng: random.Random, address: IPv6Address) -> str:
    number = int(address)
    return f"{':'.join(_groups(number)[:6])}:{IPv4Address(number & 0xFFFFFFFF)}"


V6_SPELLINGS: dict[str, Callable[[random.Random, IPv6Address], str]] = {
    "compressed": lambda _, address: address.compressed,
    "exploded": lambda _, address: address.exploded,
    "plain groups": lambda _, address: ":".join(_groups(int(address))),
    "upper": lambda _, address: address.compressed.upper(),
    "either case": lambda rng, address: "".join(rng.choice([c.lower(), c.upper()]) for c in address.exploded),
    "padded": lambda rng, address: ":".join(g.zfill(rng.randint(1, 4)) for g in _groups(int(address))),
    "other gap": _other_gap,
    "dotted tail": _dotted_tail,
}

NAMES = ("localhost", "LocalHost", "localhost.", "a.localhost", "127.0.0.1.localhost", "a.b.localhost.")
"""RFC 6761, 6.3: each means loopback, whatever a name server says."""

ZEROS = "\uff10\u0660\u0966\u09e6\U0001d7ce\U0001d7d8\U0001d7f6"
"""Full-width, Arabic, Devanagari, Bengali and three mathematical zeros, the other digits behind each: a
friendly reader of host names turns them into ours (UTS 46)."""

STOPS = "\u3002\uff0e\uff61"
"""Ideographic, full-width and half-width full stops, which IDNA takes for dots."""


def _other_digits(rng: random.Random, host: str) -> str:
    return "".join(chr(ord(rng.choice(ZEROS)) + int(c)) if c in "0123456789" else c for c in host)


def _percent(rng: random.Random, host: str) -> str:
    chosen = {rng.randrange(len(host)) for _ in range(rng.randint(1, 4))}
    return "".join(f"%{ord(c):02{rng.choice('xX')}}" if i in chosen else c for i, c in enumerate(host))


def _broken(rng: random.Random, host: str) -> str:
    at = rng.randrange(len(host) + 1)
    return host[:at] + rng.choice("\t\r\n\0 \x7f\u200b\u00ad") + host[at:]


def _zoned(rng: random.Random, host: str) -> str:
    zone = rng.choice(["%25lo", "%lo", "%251", "%1", "%25eth0", "%25"])
    return host.replace("]", f"{zone}]") if host.endswith("]") else host + zone


HOST_DISGUISES: dict[str, Callable[[random.Random, str], str]] = {
    "as it is": lambda _, host: host,
    "trailing dot": lambda rng, host: host + rng.choice([".", "..", ".\u3002"]),
    "percent-encoded": _percent,
    "other digits": _other_digits,
    "other full stops": lambda rng, host: (
        host.replace(".", rng.choice(STOPS)) + rng.choice(["", rng.choice(STOPS)])
    ),
    "control characters": _broken,
    "zone": _zoned,
    "brackets": lambda _, host: host.strip("[]") if host.startswith("[") else f"[{host}]",
}

# side by side: what differs is seen at a glance
BEFORE = (
    "user@", "user:word@", "@", ":@", "example.com@", "example.com:443@", "example.com%40@", "example.com\\@",
    "a@b@", "8.8.8.8:443@", "%31@",
)  # fmt: skip
SCHEMES = (
    "{0}://",
    "{0}:/",
    "{0}:",
    "{0}:///",
    "{0}:\\\\",
    "//",
    "{1}://",
    " {0}://",
    "{0}+x://",
    "view:{0}://",
)
AFTER = ("/result", "/", "", "?x=1", "/@example.com/", "/..;/a", "/%2e%2e/", "/a?u=https://example.com/")
TRICKS = (
    "\\.example.com/",
    "#@example.com/",
    "#.example.com/",
    "%00.example.com/",
    "%2f.example.com/",
    "&@example.com/",
)


class Form(msgspec.Struct, frozen=True):
    """A URL, the address that it means, the range that forbids that address, and how it is disguised."""

    url: str
    means: Address
    range: str
    disguise: tuple[str, str, str]
    """What carries the address, how that is spelled, how the host and the URL are dressed."""


def forms(count: int, *, scheme: str, ports: tuple[str, ...], seed: int = 0) -> list[Form]:
    """So many different URLs: all ranges and disguises come in turn, the rest is chance with a fixed seed."""
    rng = random.Random(seed)
    made: dict[str, Form] = {}
    for form in _drawn(rng, scheme, ports):
        made.setdefault(form.url, form)
        if len(made) == count:
            break
    return list(made.values())


def _drawn(rng: random.Random, scheme: str, ports: tuple[str, ...]) -> Iterator[Form]:
    """Each host of an endless row of them, as it is every other time, else dressed."""
    dresses = cycle([*HOST_DISGUISES, "before", "scheme", "trick"])
    for host, means, within, carrier, spelling in _hosts(rng):
        dress = next(dresses) if rng.random() < 0.5 else "as it is"
        port, after = rng.choice(ports), rng.choice(AFTER)
        dressed = HOST_DISGUISES.get(dress, HOST_DISGUISES["as it is"])(rng, host)
        dress = "as it is" if dressed == host and dress in HOST_DISGUISES else dress
        before = rng.choice(BEFORE) if dress == "before" else ""
        start = rng.choice(SCHEMES) if dress == "scheme" else "{0}://"
        after = rng.choice(TRICKS) if dress == "trick" else after
        url = start.format(scheme, scheme.upper()) + before + dressed + port + after
        yield Form(url, means, within, (carrier, spelling, dress))


def _hosts(rng: random.Random) -> Iterator[tuple[str, Address, str, str, str]]:
    """Host, meaning, range, carrier and spelling; every range with every carrier and spelling, in turn."""
    ways = [*product(["none"], [*V4_SPELLINGS, PADDED]), *product(CARRIERS, V6_SPELLINGS)]
    ways += [("none", PLAIN)] * 8  # the one spelling of IPv4 that a URL's text is let through with
    while True:
        for (carrier, spelling), network in product(rng.sample(ways, len(ways)), V4_RANGES):
            address = IPv4Address(_one_of(rng, network))
            yield _v4_host(rng, address, carrier, spelling), address, str(network), carrier, spelling
        for _, spelling, network6 in product(range(3), V6_SPELLINGS, V6_RANGES):
            address6 = IPv6Address(_one_of(rng, network6))
            yield f"[{V6_SPELLINGS[spelling](rng, address6)}]", address6, str(network6), "none", spelling
        for name in NAMES:
            yield name, IPv4Address("127.0.0.1"), "127.0.0.0/8", "none", "name"


def _v4_host(rng: random.Random, address: IPv4Address, carrier: str, spelling: str) -> str:
    if carrier in CARRIERS:
        carried = IPv6Address(CARRIERS[carrier](rng, int(address)))
        return f"[{V6_SPELLINGS[spelling](rng, carried)}]"
    if spelling == PADDED:
        return ".".join(str(part).zfill(rng.randint(2, 5)) for part in address.packed)
    return V4_SPELLINGS[spelling](rng, address)


def _one_of(rng: random.Random, network: IPv4Network | IPv6Network) -> int:
    """The first, one of the next, the last, or any."""
    first, last = int(network.network_address), int(network.broadcast_address)
    return rng.choice([first, min(first + rng.randint(1, 9), last), last, rng.randint(first, last)])
