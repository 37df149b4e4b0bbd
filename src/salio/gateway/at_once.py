"""APIs that are answered by what they do or find: no request of theirs is kept."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from salio.core.access.apps import App, Product
from salio.core.requests.queries import Aimed
from salio.gateway.admissions import response_code
from salio.gateway.desk import Desk
from salio.gateway.entrance import enter, json_body
from salio.gateway.http import Receive, Scope, Send, send_json
from salio.gateway.refused import Refused, Unanswered
from salio.wire.acknowledgements import decline
from salio.wire.apis import Api
from salio.wire.profile import PROFILES

Ids = Mapping[str, str]
"""``originator_conversation_id`` and ``conversation_id``, as acknowledgements take them."""


class AtOnceEndpoint(ABC):
    """An ASGI callable."""

    def __init__(self, api: Api, product: Product, desk: Desk) -> None:
        self._api = api
        self._product = product
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI callable."""
        await self._desk.attend(self._api, self._ask, scope, receive, send)

    @abstractmethod
    async def _answer(self, app: App, body: bytes, scope: Scope, send: Send) -> None:
        """Does it, and answers; raises Refused and Unanswered."""
        ...

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = enter(self._desk, self._product, scope)
        try:
            await self._answer(app, await json_body(scope, receive), scope, send)
        except Refused as refused:
            refused.app, refused.counted = app, True
            raise
        except Unanswered as unanswered:
            unanswered.counted = True
            raise

    async def _declined(self, app: App, aimed: Aimed, ids: Ids, scope: Scope, send: Send) -> bool:
        """Whether somebody wants it declined: then it has been."""
        provoked = self._desk.on_demand.instead(app, aimed)
        if provoked is None:
            return False
        self._desk.remark(scope, app, provoked.cause)
        answer = decline(response_code(provoked.what), self._api, PROFILES[app.profile], **ids)
        await send_json(scope, send, 200, answer, *self._desk.told(provoked.cause))
        return True
