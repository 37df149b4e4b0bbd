"""An API at the door: bytes become a typed query, or the first refusal in the documented order."""

from collections.abc import Awaitable, Sequence
from functools import lru_cache

from salio.core.access.apps import App
from salio.core.ports import AcceptedRequest
from salio.core.requests.outcomes import Admission
from salio.core.requests.provoked import Breach, Mishap
from salio.core.requests.queries import Query, Request
from salio.gateway.desk import Desk
from salio.gateway.entrance import enter, json_body, unread
from salio.gateway.http import Header, Receive, Scope, Send, send_json
from salio.gateway.merchants import sign_in
from salio.gateway.refused import Refused, Unanswered
from salio.gateway.routes import Question, WireRequest
from salio.wire.acknowledgements import acknowledge, decline
from salio.wire.express_push import PushRequest
from salio.wire.fields import InvalidField
from salio.wire.profile import PROFILES, Profile
from salio.wire.refusals import Refusal
from salio.wire.strict_json import MalformedBody, read_object

REMEMBERED = 1024
"""Bodies whose reading is remembered. Whoever keeps a SecurityCredential in a setting, as Daraja's own page
hands it out, asks for a balance with the same bytes every time; reading them anew is a tenth of all the work.
"""
LARGEST_REMEMBERED = 2048
"""Bytes of such a body."""

STATE_REPLACED = "the state in which it was kept was replaced before its acknowledgement left"


class QuestionEndpoint:
    """One API's ASGI callable, on the hot path: no framework between the socket and the rules, and as few
    coroutines as may be, for each of them is entered twice.
    """

    def __init__(self, question: Question, desk: Desk) -> None:
        self._question = question
        self._desk = desk
        self._remembered = lru_cache(REMEMBERED)(self._understand)

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """The ASGI callable."""
        return self._desk.attend(self._question.api, self._ask, scope, receive, send)

    async def _ask(self, scope: Scope, receive: Receive, send: Send) -> None:
        desk = self._desk
        app = enter(desk, self._question.product, scope)
        try:
            await self._answer(app, await json_body(scope, receive), scope, receive, send)
        except Refused as refused:
            refused.app, refused.counted = app, True
            raise
        except Unanswered as unanswered:
            unanswered.counted = not unanswered.kept
            raise

    async def _answer(self, app: App, body: bytes, scope: Scope, receive: Receive, send: Send) -> None:
        profile = PROFILES[app.profile]
        wired, query = self._read(body, profile)
        if isinstance(wired, PushRequest):
            sign_in(self._desk, app, wired)
        on_demand = self._desk.on_demand
        touched = on_demand.before(app, query, scope)
        request = self._desk.intake.draft(
            app,
            query,
            caller_id=wired.originator_conversation_id,
            unknown_members=wired.unknown_members,
        )
        provoked = on_demand.instead(app, query)
        if provoked is not None:
            admission, cause = provoked.what, provoked.cause
        else:
            admission, cause = await self._desk.admit(AcceptedRequest(request, wired.security_credential)), ""
        to_obey = admission is Admission.ACCEPTED and (touched or on_demand.faults.in_force)
        if to_obey and not await self._obey(app, request, touched, receive):
            admission, cause = Admission.INTERNAL_ERROR, STATE_REPLACED
        own_id, conversation_id = request.originator_conversation_id, request.conversation_id
        told: Sequence[Header] = ()
        beside = f"; {touched}" if touched else ""
        match admission:
            case Admission.ACCEPTED:
                self._desk.counters.acknowledged += 1
                answer = acknowledge(
                    self._question.api,
                    profile,
                    originator_conversation_id=own_id,
                    conversation_id=conversation_id,
                )
            case Admission.DUPLICATE:
                cause = f"OriginatorConversationID: {admission.value}{beside}"
                raise Refused(Refusal.DUPLICATE_CONVERSATION, cause)
            case Admission.SUBSCRIBER_LOCKED:
                raise Refused(Refusal.SUBSCRIBER_LOCKED, f"PhoneNumber: {admission.value}{beside}")
            case _:
                cause = (cause or admission.value) + beside
                code = self._desk.declined(app, request, admission, cause, self._question.path)
                told = self._desk.told(cause)
                answer = decline(
                    code,
                    self._question.api,
                    profile,
                    originator_conversation_id=own_id,
                    conversation_id=conversation_id,
                )
        await send_json(scope, send, 200, answer, *told)

    async def _obey(self, app: App, request: Request, touched: str, receive: Receive) -> bool:
        """What a fault does to the acknowledgement of a request that was taken; its story names the fault.

        ``False`` if the request was lost meanwhile, with the state that it was kept in.
        """
        if touched:
            self._desk.note(request, touched)
        mishap = self._desk.on_demand.after(app, request.query)
        if mishap is None:
            return True
        self._desk.note(request, mishap.cause)
        if mishap.what is Mishap.LOST:
            unanswered = Unanswered(Breach.DROP, mishap.cause, app=app)
            unanswered.kept = True
            raise unanswered
        if not await self._desk.on_demand.wait(mishap, request.number, receive):
            self._desk.note(request, f"{mishap.cause}: given up, the callback took too long")
        return not self._desk.intake.is_shut

    def _read(self, body: bytes, profile: Profile) -> tuple[WireRequest, Query]:
        read = self._remembered if len(body) <= LARGEST_REMEMBERED else self._understand
        try:
            return read(body, profile.name)
        except (MalformedBody, InvalidField) as error:
            raise unread(error, body) from None

    def _understand(self, body: bytes, profile: str) -> tuple[WireRequest, Query]:
        wired = self._question.read(read_object(body), PROFILES[profile], self._desk.credential_length)
        return wired, self._question.understand(wired)
