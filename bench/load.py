"""A load generator: keep-alive connections that POST prepared requests, as fast as answered or at a pace."""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import cast

import msgspec

_RESPONSE_CODE = b'"ResponseCode":"'
_ACCEPTED = b'"ResponseCode":"0"'


class Load(msgspec.Struct, frozen=True):
    """What one run of the generator saw; latencies in milliseconds."""

    answers: int
    refused: int
    """Of them: any but 200, and those by which the core declines a request (a ResponseCode other than 0)."""
    seconds: float
    p50: float
    p99: float
    highest: float

    @property
    def per_second(self) -> float:
        """Requests that were taken, a second."""
        return (self.answers - self.refused) / self.seconds


class _Connection(asyncio.Protocol):
    """One request at a time; an answer is whole when its declared length has come."""

    def __init__(self, run: "_Run") -> None:
        self._run = run
        self._buffer = b""
        self._due = 0.0
        self.idle = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def send(self, due: float) -> None:
        self.idle, self._due = False, due
        self._transport.write(self._run.next_request())

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found or len(rest) < _content_length(head):
            return
        self._buffer, self.idle = b"", True
        declined = _RESPONSE_CODE in rest and _ACCEPTED not in rest
        self._run.answered(self, head.startswith(b"HTTP/1.1 200") and not declined, self._due)


def _content_length(head: bytes) -> int:
    start = head.lower().index(b"content-length:") + 15
    end = head.find(b"\r", start)
    return int(head[start : end if end >= 0 else None])


class _Run:
    def __init__(self, requests: Sequence[bytes], *, paced: bool) -> None:
        self._requests = requests
        self._next = 0
        self._paced = paced
        self.late: list[float] = []
        self.waiting: deque[_Connection] = deque()
        self.latencies: list[float] = []
        self.refused = 0
        self.on = True

    def next_request(self) -> bytes:
        self._next += 1
        return self._requests[self._next % len(self._requests)]

    def answered(self, connection: _Connection, good: bool, due: float) -> None:
        now = time.perf_counter()
        self.latencies.append(now - due)
        self.refused += not good
        if not self.on:
            return
        if not self._paced:
            connection.send(now)
        elif self.late:
            connection.send(self.late.pop())
        else:
            self.waiting.append(connection)


async def run(
    port: int, requests: Sequence[bytes], *, connections: int, seconds: float, rate: float | None = None
) -> Load:
    """Loads ``127.0.0.1:port`` after one second of warm-up.

    At a ``rate`` each request has its moment, and its latency counts from that moment whether or not a
    connection was free: a stall is seen by all who would have come meanwhile.
    """
    loop = asyncio.get_running_loop()
    state = _Run(requests, paced=rate is not None)
    pool = []
    for _ in range(connections):
        _, connection = await loop.create_connection(lambda: _Connection(state), "127.0.0.1", port)
        pool.append(connection)
    if rate is None:
        for connection in pool:
            connection.send(time.perf_counter())
        await asyncio.sleep(1)
        before, refused, started = len(state.latencies), state.refused, time.perf_counter()
        await asyncio.sleep(seconds)
    else:
        state.waiting = deque(pool)
        await _pace(state, rate, 1)
        before, refused, started = len(state.latencies), state.refused, time.perf_counter()
        await _pace(state, rate, seconds)
    elapsed = time.perf_counter() - started
    seen = sorted(state.latencies[before:])
    state.on = False
    while not all(each.idle for each in pool):  # noqa: ASYNC110 - a poll once, at the end
        await asyncio.sleep(0.01)
    for each in pool:
        each._transport.close()
    refused = state.refused - refused
    return Load(len(seen), refused, elapsed, _at(seen, 0.5), _at(seen, 0.99), _at(seen, 1))


def _at(latencies: Sequence[float], share: float) -> float:
    """The latency, in milliseconds, that this share of the sorted ones does not pass."""
    return 1000 * latencies[min(len(latencies) - 1, int(len(latencies) * share))]


async def _pace(state: _Run, rate: float, seconds: float) -> None:
    started, sent = time.perf_counter(), 0
    while (now := time.perf_counter()) < started + seconds:
        for place in range(sent, int((now - started) * rate)):
            due = started + place / rate
            if state.waiting:
                state.waiting.popleft().send(due)
            else:
                state.late.insert(0, due)
            sent += 1
        await asyncio.sleep(0.001)  # uvloop rounds to milliseconds: less would keep a core busy
