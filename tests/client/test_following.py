"""What a receiver or a record is told of each request, and how a result is waited for."""

import asyncio
from typing import Any

import httpx2
import pytest

from salio.client.async_client import AsyncClient
from salio.client.client import Client
from salio.client.errors import NoReceiver, OutcomeUnknown, SalioError, SpikeArrest, UnusableSetting
from salio.client.following import AsyncFollowed, Followed
from salio.client.settings import Options
from salio.wire.answers import Acknowledgement
from salio.wire.asked import Asked, Callbacks
from salio.wire.callbacks import Result, read_result
from tests.client.conftest import MakeShell
from tests.client.shells import APP, BASE, INITIATOR, Network, refused
from tests.wire.captures import BALANCE_2026

SPIKE = refused(500, "500.003.02")
OWN = Callbacks("https://example.com/result/1", "https://example.com/timeout/1")


class Notes:
    """A follower that notes what it is told, and has one result for everybody."""

    def __init__(self) -> None:
        self.told: list[object] = []
        self.callbacks = OWN

    def follow(self, asked: Asked) -> Followed:
        """Each request is followed by the notes themselves."""
        self.told.append(asked.api.value)
        return self

    def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        """It was accepted."""
        self.told.append(acknowledgement.conversation_id)

    def failed(self, error: SalioError) -> None:
        """It was not."""
        self.told.append(type(error))

    def result(self, timeout: float | None) -> Result:
        """At once."""
        self.told.append(timeout)
        return read_result(BALANCE_2026)


class AsyncNotes:
    """The same for tasks."""

    def __init__(self) -> None:
        self.notes = Notes()
        self.callbacks = OWN

    async def follow(self, asked: Asked) -> AsyncFollowed:
        """Each request is followed by the notes themselves."""
        self.notes.follow(asked)
        return self

    async def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        """It was accepted."""
        self.notes.acknowledged(acknowledgement)

    async def failed(self, error: SalioError) -> None:
        """It was not."""
        self.notes.failed(error)

    async def result(self, timeout: float | None) -> Result:  # noqa: ASYNC109  # as the protocol has it
        """At once."""
        return self.notes.result(timeout)


def attached(shell: Any) -> Notes:
    """The notes that a shell's client is followed by."""
    if isinstance(shell.client, Client):
        notes = Notes()
        shell.client.attach(notes)
        return notes
    follower = AsyncNotes()
    shell.client.attach(follower)
    return follower.notes


def test_a_result_is_waited_for(make_shell: MakeShell) -> None:
    """Told before the first byte left and after the answer; callbacks go where the follower wants them."""
    network = Network()
    shell = make_shell(network)
    notes = attached(shell)
    result = shell.run(lambda client: client.balance().result(5))
    assert len(result.balance.accounts) == 5
    assert notes.told == ["AccountBalance", "AG_1", 5]
    assert b'"ResultURL":"https://example.com/result/1"' in network.requests[-1].content


def test_a_refusal_is_told(make_shell: MakeShell) -> None:
    """By its name."""
    shell = make_shell(Network(answers=[SPIKE]), options=Options(patience=0))
    notes = attached(shell)
    with pytest.raises(SpikeArrest):
        shell.status("NEF61H8J60")
    assert notes.told == ["TransactionStatusQuery", SpikeArrest]


def test_c4_an_interruption_is_told() -> None:
    """Nobody knows how far the request had come; the wish to end is handed on."""

    def interrupted(request: httpx2.Request) -> httpx2.Response:
        raise KeyboardInterrupt

    notes = Notes()
    with Client(BASE, APP, INITIATOR, transport=httpx2.MockTransport(interrupted)) as client:
        client.attach(notes)
        with pytest.raises(KeyboardInterrupt):
            client.balance()
    assert notes.told == ["AccountBalance", OutcomeUnknown]


def test_c4_a_cancelled_task_is_told() -> None:
    """The same of a task."""
    notes = AsyncNotes()

    async def for_ever(request: httpx2.Request) -> httpx2.Response:
        await asyncio.Event().wait()
        raise AssertionError("it never comes here")

    async def journey() -> None:
        async with AsyncClient(BASE, APP, INITIATOR, transport=httpx2.MockTransport(for_ever)) as client:
            client.attach(notes)
            await asyncio.wait_for(client.balance(), 0.01)

    with pytest.raises(TimeoutError):
        asyncio.run(journey())
    assert notes.notes.told == ["AccountBalance", OutcomeUnknown]


def test_nothing_is_attached(make_shell: MakeShell) -> None:
    """The acknowledgement is there; its result has nobody who could wait for it."""
    shell = make_shell(Network())
    with pytest.raises(NoReceiver, match="attach"):
        shell.run(lambda client: client.balance().result())


def test_nobody_said_where_the_answer_goes() -> None:
    """Neither callbacks nor a follower: refused before anything is sent."""
    network = Network()
    client = Client(BASE, APP, INITIATOR, transport=httpx2.MockTransport(network))
    with pytest.raises(UnusableSetting, match="nobody said where the answer goes"):
        client.balance()
    assert network.requests == []
