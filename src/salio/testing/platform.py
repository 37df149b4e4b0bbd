"""What a test asks a platform for: whose app, which initiator, clients, and above all results."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

import httpx2

from salio.client.async_client import AsyncClient
from salio.client.client import Client
from salio.client.errors import ResultLate, SalioError
from salio.client.settings import App, Initiator, Merchant
from salio.platform.in_thread import Begun
from salio.sandbox.testdata.operators import PASSWORD
from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.testing.control import Clock, Control, ControlError, Faults
from salio.wire.answers import Acknowledgement
from salio.wire.asked import Asked, Callbacks
from salio.wire.callbacks import Result, read_result
from salio.wire.results import TIMED_OUT

MERCHANT = "174379"
"""Whose passkey the documents give."""


class ExpectResult(Protocol):
    """The fixture `expect_result`."""

    def __call__(self, asked: Acknowledgement | str, *, code: str | None = None) -> Result:
        """The result of an acknowledgement, or of a conversation; the test fails if there is none."""


class Platform:
    """One that runs, with the test data of `salio testdata`."""

    def __init__(self, begun: Begun) -> None:
        self.base_url: str = begun.base_url
        self.app = App(begun.consumer_key, begun.consumer_secret)
        self.initiator = self.initiator_of("600000", "testapiuser")
        self.merchant = Merchant(short_code=MERCHANT, passkey=PUBLISHED_PASSKEYS[MERCHANT])
        self.certificate: Path = begun.certificate
        """A PEM file, for libraries that make the SecurityCredential themselves."""
        self.data: Path = begun.data
        """For commands beside it: `salio log --data DIR`."""
        inbox = f"{self.base_url}/inbox/tests"
        self.callbacks = Callbacks(inbox, inbox)
        """The platform's own inbox, which takes whatever comes."""
        self.control = Control(self.base_url)
        self.clock = Clock(self.control)
        self.faults = Faults(self.control)

    def initiator_of(self, short_code: str, name: str = "testapi", password: str = PASSWORD) -> Initiator:
        """Another of the test data's."""
        return Initiator(name=name, short_code=short_code, password=password)

    def client(self, initiator: Initiator | None = None) -> Client:
        """A client for threads; its acknowledgements find their results."""
        transport = httpx2.HTTPTransport(verify=False)  # plain HTTP, past any proxy: no trust store is read
        asking = initiator or self.initiator
        made = Client(self.base_url, self.app, asking, merchant=self.merchant, transport=transport)
        made.attach(_Follower(self))
        return made

    def async_client(self, initiator: Initiator | None = None) -> AsyncClient:
        """A client for tasks; the same."""
        transport = httpx2.AsyncHTTPTransport(verify=False)
        asking = initiator or self.initiator
        made = AsyncClient(self.base_url, self.app, asking, merchant=self.merchant, transport=transport)
        made.attach(_AsyncFollower(self))
        return made

    def flush(self) -> None:
        """Waits until nothing that is due is under way. Raises ControlError after 30 s."""
        self.control.flush()

    def answer_prompts(self, answer: str = "right_pin") -> None:
        """Every phone that shows a prompt is answered so, by the words of docs/control.md."""
        self.flush()
        for each in self.control.call("GET", "prompts")["prompts"]:
            self.control.call("POST", "prompts/answer", {"msisdn": each["msisdn"], "answer": answer})

    def reset(self) -> None:
        """Goes back to the test data: no requests, no faults, the machine's time."""
        self.control.reset()

    def result(self, conversation_id: str) -> Result:
        """The result as it was delivered, to whatever address; waits for what is under way.

        Raises ResultLate, which says what became of the request, if none was delivered: what a fault delays
        or a stopped clock holds is not waited for.
        """
        try:
            self.flush()
            entries = self.control.entries(conversation_id)
        except ControlError as error:
            raise ResultLate(f"no result of {conversation_id}: {error}") from None
        story = entries[0]
        result = read_result(story["body"]) if story.get("state") == "delivered" else None
        if result is None or result.description == TIMED_OUT:
            raise ResultLate(_why_not(conversation_id, story))
        return result


class _Followed:
    """A request of which the platform itself tells what became."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self.callbacks = platform.callbacks
        self._conversation_id = ""

    def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        self._conversation_id = acknowledgement.conversation_id or ""

    def failed(self, error: SalioError) -> None:
        """There is nothing to wait for."""

    def result(self, timeout: float | None) -> Result:  # noqa: ARG002  # the platform knows when to stop
        return self._platform.result(self._conversation_id)


class _AsyncFollowed:
    """The same for tasks: the event loop goes on meanwhile."""

    def __init__(self, platform: Platform) -> None:
        self._followed = _Followed(platform)
        self.callbacks = platform.callbacks

    async def acknowledged(self, acknowledgement: Acknowledgement) -> None:
        self._followed.acknowledged(acknowledgement)

    async def failed(self, error: SalioError) -> None:
        """There is nothing to wait for."""

    async def result(self, timeout: float | None) -> Result:  # noqa: ASYNC109  # an AsyncFollowed has it
        return await asyncio.to_thread(self._followed.result, timeout)


class _Follower:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def follow(self, asked: Asked) -> _Followed:  # noqa: ARG002  # a Follower has it
        return _Followed(self._platform)


class _AsyncFollower:
    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    async def follow(self, asked: Asked) -> _AsyncFollowed:  # noqa: ARG002  # an AsyncFollower has it
        return _AsyncFollowed(self._platform)


def _why_not(conversation_id: str, story: Mapping[str, Any]) -> str:
    """In the platform's own words."""
    told = [
        f"{story.get('api')} of {story.get('short_code')} by {story.get('initiator')}: {story.get('state')}"
    ]
    if "outcome" in story:
        told.append(f"{story.get('result_code')} {story['outcome']}")
    told += [str(story[each]) for each in ("cause", "fault") if story.get(each)]
    if story.get("http_status"):
        told.append(f"{story.get('sent_to')} answered HTTP {story['http_status']}")
    told += story.get("notes") or []
    return f"no result of {conversation_id} came. {'; '.join(told)}"
