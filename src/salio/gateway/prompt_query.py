"""What became of a prompt: answered at once, out of the record (M-PESA Express Query)."""

from salio.core.access.apps import App, Product
from salio.core.requests.queries import ExpressPayment, PromptQuery, Request
from salio.gateway.at_once import AtOnceEndpoint
from salio.gateway.desk import Desk
from salio.gateway.entrance import unread
from salio.gateway.http import Scope, Send, send_json
from salio.gateway.merchants import sign_in
from salio.gateway.refused import Refused
from salio.wire import express_query
from salio.wire.apis import Api
from salio.wire.express_query import QueryRequest
from salio.wire.fields import InvalidField
from salio.wire.identifiers import number_in
from salio.wire.profile import PROFILES
from salio.wire.refusals import Refusal
from salio.wire.result_codes import ResultCode
from salio.wire.strict_json import MalformedBody, read_object


class PromptQueryEndpoint(AtOnceEndpoint):
    """The ASGI callable."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(Api.EXPRESS_QUERY, Product.EXPRESS, desk)

    async def _answer(self, app: App, body: bytes, scope: Scope, send: Send) -> None:
        desk, profile = self._desk, PROFILES[app.profile]
        try:
            wanted = express_query.read(read_object(body), profile, desk.credential_length)
        except (MalformedBody, InvalidField) as error:
            raise unread(error, body) from None
        sign_in(desk, app, wanted)
        aimed = PromptQuery(wanted.business_short_code)
        desk.on_demand.before(app, aimed, scope)
        request, code = await self._find(app, wanted)
        own_id, checkout = request.originator_conversation_id, request.conversation_id
        ids = {"originator_conversation_id": own_id, "conversation_id": checkout}
        if await self._declined(app, aimed, ids, scope, send):
            return
        desk.counters.acknowledged += 1
        await send_json(scope, send, 200, express_query.answer(own_id, checkout, code, profile))

    async def _find(self, app: App, wanted: QueryRequest) -> tuple[Request, ResultCode]:
        """The app's own prompt of that id, by that short code, and how it stands."""
        number = number_in(wanted.checkout_request_id)
        found = await self._desk.look_up(number) if number is not None else None
        if found is None or found[0].conversation_id != wanted.checkout_request_id:
            raise Refused(Refusal.CHECKOUT_UNKNOWN, "CheckoutRequestID: no prompt has this id")
        request = found[0]
        query, short_code = request.query, wanted.business_short_code
        if not isinstance(query, ExpressPayment) or (request.app_number, query.merchant) != (
            app.number,
            short_code,
        ):
            cause = f"CheckoutRequestID: not a prompt of {short_code} by app {app.name}"
            raise Refused(Refusal.CHECKOUT_UNKNOWN, cause)
        return found
