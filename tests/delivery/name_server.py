"""A network of its own, where every address is this machine and names lead where a test wants them.

Linux gives a process namespaces: its own network with nothing but a loopback device, and its own files of
the resolver. With a route that calls every address local, a connection to *any* address arrives at one
listener, which writes down where it was going. So a test needs no spy inside the courier: what was connected
to is known from the far end. ``python -m tests.delivery.name_server`` is the program that runs in there.
"""

import os
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from socketserver import BaseRequestHandler, BaseServer, ThreadingTCPServer, ThreadingUDPServer

import msgspec
import pycurl
import pytest

from salio.delivery.addresses import AddressRules
from salio.delivery.lines import CourierSettings, Line
from salio.delivery.names import RES_OPTIONS
from salio.delivery.watch import Watch
from tests.delivery.samples import attempt
from tests.delivery.test_courier import Driven
from tests.patience import PATIENCE

ALL_IS_HERE = "ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo"

PREPARE = f"""
{ALL_IS_HERE} &&
mount --bind "$1/resolv.conf" /etc/resolv.conf && mount --bind "$1/nsswitch.conf" /etc/nsswitch.conf &&
shift && exec "$@"
"""

FILES = {
    "resolv.conf": "nameserver 127.0.0.1\n",
    "nsswitch.conf": "hosts: dns\n",
}
"""No file of hosts: every name is asked of the name server."""

NAMESPACES = ["unshare", "--map-root-user", "--net", "--mount"]

MARKER = "192.0.2.77"
"""Connected to by a plain socket at the end: what was to arrive before it has arrived."""

LARGEST_DATAGRAM = 512
"""RFC 1035, 4.2.1: what is longer goes over TCP."""

NO_ERROR, SERVFAIL, NXDOMAIN = 0, 2, 3
A, CNAME, AAAA, INTERNET = 1, 5, 28, 1


class Answer(msgspec.Struct, frozen=True):
    """What the name server says to one question; the addresses of both families together."""

    addresses: tuple[str, ...] = ()
    alias: str | None = None
    code: int = NO_ERROR
    ttl: int = 60
    silent: bool = False


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What is to happen in the network."""

    rules: AddressRules
    settings: CourierSettings = CourierSettings()
    names: Mapping[str, tuple[Answer, ...]] = {}
    """An answer for each look-up of a name, the last one for all that follow."""
    posts: tuple[tuple[str, ...], ...] = ()
    """URLs that a courier is given together; the next ones when they have all ended."""
    restarts: bool = False
    """Whether each list of posts has a courier of its own."""
    unchecked: tuple[str, ...] = ()
    """URLs handed to a line without the courier's look at their text."""
    ports: tuple[int, ...] = (80,)
    """Where the listeners are, at every address."""
    plain: tuple[str, ...] = ()
    """Addresses that a plain socket connects to at the end, to prove that a listener would have seen it."""


class End(msgspec.Struct, frozen=True):
    """How an attempt ended."""

    status: int | None
    fault: str | None


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What happened."""

    ends: list[list[End]]
    seconds: list[float]
    """How long each list of posts took, and at last how long closing did."""
    ended_after: list[list[float]]
    """Seconds from the posting of each attempt to its end."""
    refused: int
    """How many sockets the lines of unchecked URLs did not open."""
    reached: list[str]
    """The addresses to which connections were made, in their order."""
    plainly: list[str]
    """The same for the plain sockets."""
    asked: dict[str, int]
    """How often each name was asked for, the family that was asked more often."""


class NameServer:
    """Says what it was told to say, over UDP and TCP."""

    def __init__(self, names: Mapping[str, tuple[Answer, ...]]) -> None:
        self._names = names
        self._asked: Counter[tuple[str, int]] = Counter()
        self._answered: dict[tuple[str, int, bytes], Answer] = {}

    def asked(self) -> dict[str, int]:
        """How often each name was asked for; a question that was lost and came again counts twice, one whose
        answer merely took too long does not.
        """
        return {name: max(self._asked[name, A], self._asked[name, AAAA]) for name, _ in self._asked}

    def reply(self, query: bytes, longest: int) -> bytes | None:
        """The answer to one query in the format of RFC 1035; ``None`` for none."""
        end = query.index(b"\0", 12) + 5
        name, kind = _name_of(query), struct.unpack_from("!H", query, end - 4)[0]
        question = name, kind, query[:2]
        answer = self._answered.get(question) or self._answer(name, kind)
        if answer.silent:
            return None
        self._answered[question] = answer
        records = list(_records(answer, kind))
        head = struct.pack("!HHHHHH", int.from_bytes(query[:2]), 0x8180 | answer.code, 1, len(records), 0, 0)
        whole = head + query[12:end] + b"".join(records)
        if len(whole) <= longest:
            return whole
        cut = struct.pack("!HHHHHH", int.from_bytes(query[:2]), 0x8380 | answer.code, 1, 0, 0, 0)
        return cut + query[12:end]

    def _answer(self, name: str, kind: int) -> Answer:
        turn = self._asked[name, kind]
        self._asked[name, kind] += 1
        answers = self._names.get(name, (Answer(code=NXDOMAIN),))
        return answers[min(turn, len(answers) - 1)]


def _name_of(query: bytes) -> str:
    at, labels = 12, []
    while query[at]:
        labels.append(query[at + 1 : at + 1 + query[at]].decode("ascii", "replace").lower())
        at += 1 + query[at]
    return ".".join(labels)


def _records(answer: Answer, kind: int) -> Iterator[bytes]:
    """The alias first, then the addresses of the family that was asked for, under the alias's name."""
    owner = b"\xc0\x0c"  # a pointer to the name in the question
    if answer.alias is not None:
        target = b"".join(bytes([len(each)]) + each.encode() for each in answer.alias.split(".")) + b"\0"
        yield owner + struct.pack("!HHIH", CNAME, INTERNET, answer.ttl, len(target)) + target
        owner = target
    for address in map(ip_address, answer.addresses):
        if kind == (A if address.version == 4 else AAAA):
            packed = address.packed
            yield owner + struct.pack("!HHIH", kind, INTERNET, answer.ttl, len(packed)) + packed


class Listeners:
    """Takes every connection to any address on its ports, and answers a POST with 200."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        self._news = threading.Condition()

    def note(self, connection: socket.socket) -> None:
        """Writes down where a connection was going."""
        ip = ip_address(connection.getsockname()[0].partition("%")[0])
        if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
            ip = ip.ipv4_mapped  # how a socket of both families sees an IPv4 address
        with self._news:
            self.reached.append(str(ip))
            self._news.notify_all()

    def plain(self, ip: str, port: int) -> None:
        """Connects and waits until it was seen; connections to one port arrive in their order."""
        before, ip = len(self.reached), str(ip_address(ip))
        with socket.create_connection((ip, port), timeout=PATIENCE), self._news:
            assert self._news.wait_for(
                lambda: len(self.reached) > before and ip in self.reached[before:], PATIENCE
            )


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@contextmanager
def _serving(server: BaseServer) -> Iterator[None]:
    with server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield
        server.shutdown()


@contextmanager
def _names(names: NameServer) -> Iterator[None]:
    class Datagram(BaseRequestHandler):
        def handle(self) -> None:
            query, line = self.request
            reply = names.reply(query, LARGEST_DATAGRAM)
            if reply is not None:
                line.sendto(reply, self.client_address)

    class Stream(BaseRequestHandler):
        def handle(self) -> None:
            with self.request.makefile("rb") as queries:
                while length := int.from_bytes(queries.read(2)):
                    reply = names.reply(queries.read(length), 65535)
                    if reply is not None:
                        self.request.sendall(len(reply).to_bytes(2) + reply)

    class Udp(ThreadingUDPServer):
        daemon_threads = True
        block_on_close = False

    class Tcp(ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        block_on_close = False

    where = ("127.0.0.1", 53)
    with _serving(Udp(where, Datagram)), _serving(Tcp(where, Stream)):
        yield


@contextmanager
def _listening(listeners: Listeners, ports: tuple[int, ...]) -> Iterator[None]:
    class Everywhere(ThreadingTCPServer):
        address_family = socket.AF_INET6  # and IPv4 too: the default of a socket bound to ::
        allow_reuse_address = True
        request_queue_size = 512
        daemon_threads = True
        block_on_close = False

        def verify_request(self, request: object, *_: object) -> bool:
            assert isinstance(request, socket.socket)
            listeners.note(request)
            return True

        def handle_error(self, request: object, client_address: object) -> None:
            """A caller that goes away is nothing to report."""

    with ExitStack() as stack:
        for port in ports:
            stack.enter_context(_serving(Everywhere(("::", port), _Handler)))
        yield


def _run(wish: Wish) -> Seen:
    """Does what is wished, in the network."""
    names, listeners = NameServer(wish.names), Listeners()
    with _names(names), _listening(listeners, wish.ports):
        posted = _post(wish)
        refused = _post_unchecked(wish)
        for port in wish.ports:
            listeners.plain(MARKER, port)
        reached = listeners.reached.copy()
        for _ in wish.ports:
            reached.remove(MARKER)
        noted = len(listeners.reached)
        for ip in wish.plain:
            listeners.plain(ip, wish.ports[0])
        plainly = listeners.reached[noted:]
    ends, seconds, after = posted
    return Seen(
        ends=ends,
        seconds=seconds,
        ended_after=after,
        refused=refused,
        reached=reached,
        plainly=plainly,
        asked=names.asked(),
    )


def _post(wish: Wish) -> tuple[list[list[End]], list[float], list[list[float]]]:
    ends, seconds, after = [], [], []
    driven = Driven(wish.rules, wish.settings)
    for number, urls in enumerate(wish.posts):
        if number and wish.restarts:
            driven.courier.close()
            driven = Driven(wish.rules, wish.settings)
        began, moment = time.monotonic(), datetime.now(UTC)
        ended = driven.post(*urls)
        seconds.append(time.monotonic() - began)
        ends.append([End(end.status, end.fault) for end in ended])
        after.append([(end.ended_at - moment).total_seconds() for end in ended])
    began = time.monotonic()
    driven.courier.close()
    return ends, [*seconds, time.monotonic() - began], after


def _post_unchecked(wish: Wish) -> int:
    watch, refused = Watch(), 0
    line = Line(wish.settings, wish.rules, watch)
    for url in wish.unchecked:
        with suppress(pycurl.error, ValueError):  # what libcurl does not even take goes nowhere
            line.load(attempt(1, url))
            line.handle.perform()
        refused += line.refused is not None
    line.handle.close()
    watch.close()
    return refused


@cache
def possible() -> bool:
    """Whether this machine gives a process a network and mounts of its own."""
    if shutil.which("unshare") is None or shutil.which("ip") is None:
        return False
    script = f"{ALL_IS_HERE} && mount -t tmpfs none /mnt"
    return subprocess.run([*NAMESPACES, "sh", "-c", script], capture_output=True, check=False).returncode == 0


needs_own_network = pytest.mark.skipif(not possible(), reason="no network namespaces on this machine")


def in_own_network(wishes: Sequence[Wish], folder: Path) -> list[Seen]:
    """What happens when each wish is done in a network of its own; the folder takes the resolver's files."""
    for name, text in FILES.items():
        (folder / name).write_text(text)
    done = subprocess.run(
        [*NAMESPACES, "sh", "-c", PREPARE, "sh", folder, sys.executable, "-m", "tests.delivery.name_server"],
        env={**os.environ, "RES_OPTIONS": RES_OPTIONS},
        input=msgspec.json.encode(wishes),
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
        timeout=60,
    )
    assert done.returncode == 0, done.stderr.decode()
    return msgspec.json.decode(done.stdout, type=list[Seen])


if __name__ == "__main__":
    read = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Wish])
    sys.stdout.buffer.write(msgspec.json.encode([_run(wish) for wish in read]))
