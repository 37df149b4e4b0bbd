"""What became of a prompt: answered at once, out of the record (M-PESA Express Query)."""

from salio.core.access.apps import App, Product
from salio.core.requests.queries import ExpressPayment, PromptQuery, Request
from salio.gateway.admissions import response_code
from salio.gateway.desk import Desk
from salio.gateway.entrance import enter, json_body, unread
from salio.gateway.http import Receive, Scope, Send, send_json
from salio.gateway.merchants import sign_in
from salio.gateway.refused import Refused, Unanswered
from salio.wire import express_query
from salio.wire.acknowledgements import decline
from salio.wire.apis import Api
from salio.wire.express_query import QueryRequest
from salio.wire.fields import InvalidField
from salio.wire.identifiers import number_in
from salio.wire.profile import PROFILES
from salio.wire.refusals import Refusal
from salio.wire.result_codes import ResultCode
from salio.wire.strict_json import MalformedBody, read_object


class PromptQueryEndpoint:
    """The ASGI callable."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI callable."""
        await self._desk.attend(Api.EXPRESS_QUERY, self._ask, scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = enter(self._desk, Product.EXPRESS, scope)
        try:
            await self._answer(app, await json_body(scope, receive), scope, send)
        except Refused as refused:
            refused.app, refused.counted = app, True
            raise
        except Unanswered as unanswered:
            unanswered.counted = True
            raise

    async def _answer(self, app: App, body: bytes, scope: Scope, send: Send) -> None:
        desk, profile = self._desk, PROFILES[app.profile]
        try:
            wanted = express_query.read(read_object(body), profile, desk.credential_length)
        except (MalformedBody, InvalidField) as error:
            raise unread(error, body) from None
        sign_in(desk, app, wanted)
        aimed = PromptQuery(wanted.business_short_code)
        desk.on_demand.before(app, aimed, scope)
        request, code = self._find(app, wanted)
        faults = desk.on_demand.faults
        provoked = faults.admission(app.number, aimed) if faults.in_force else None
        if provoked is not None:
            desk.remark(scope, app, provoked.cause)
            declined = decline(
                response_code(provoked.what),
                Api.EXPRESS_QUERY,
                profile,
                originator_conversation_id=request.originator_conversation_id,
                conversation_id=request.conversation_id,
            )
            await send_json(scope, send, 200, declined, *desk.told(provoked.cause))
            return
        desk.counters.acknowledged += 1
        ids = request.originator_conversation_id, request.conversation_id
        await send_json(scope, send, 200, express_query.answer(*ids, code, profile))

    def _find(self, app: App, wanted: QueryRequest) -> tuple[Request, ResultCode]:
        """The app's own prompt of that id, by that short code, and how it stands."""
        number = number_in(wanted.checkout_request_id)
        found = self._desk.look_up(number) if number is not None else None
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
