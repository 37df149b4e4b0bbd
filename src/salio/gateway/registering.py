"""Registering where customers' payments are told: the one API that is answered by what it has done."""

import msgspec

from salio.core.access.apps import App, Product
from salio.core.parties.registration import DefaultAction
from salio.core.requests.queries import UrlRegistration
from salio.core.requests.registrations import RegistrationEnd
from salio.gateway.at_once import AtOnceEndpoint
from salio.gateway.desk import Desk
from salio.gateway.entrance import unread
from salio.gateway.http import Scope, Send, send_json
from salio.gateway.refused import Refused
from salio.wire import c2b_register
from salio.wire.acknowledgements import acknowledge
from salio.wire.apis import Api
from salio.wire.c2b_register import RegisterRequest
from salio.wire.c2b_simulate import SHORT_CODE
from salio.wire.fields import InvalidField
from salio.wire.profile import PROFILES
from salio.wire.refusals import Refusal
from salio.wire.strict_json import MalformedBody, read_object


class RegisterEndpoint(AtOnceEndpoint):
    """The ASGI callable of both paths."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(Api.C2B_REGISTER, Product.C2B, desk)

    async def _answer(self, app: App, body: bytes, scope: Scope, send: Send) -> None:
        desk, profile = self._desk, PROFILES[app.profile]
        try:
            wanted = c2b_register.read(read_object(body), profile, desk.credential_length)
        except (MalformedBody, InvalidField) as error:
            raise unread(error, body) from None
        aimed = UrlRegistration(wanted.short_code)
        desk.on_demand.before(app, aimed, scope)
        ids = {"originator_conversation_id": desk.identifiers.request_id(profile.name), "conversation_id": ""}
        if await self._declined(app, aimed, ids, scope, send):
            return
        await self._register(app, wanted)
        desk.counters.acknowledged += 1
        earlier = scope["path"] != Api.C2B_REGISTER.path
        await send_json(scope, send, 200, acknowledge(Api.C2B_REGISTER, profile, **ids, earlier=earlier))

    async def _register(self, app: App, wanted: RegisterRequest) -> None:
        if wanted.short_code not in app.short_codes:
            cause = f"ShortCode: {wanted.short_code} is not a short code of the app"
            raise Refused(Refusal.FIELD_INVALID, cause, detail=SHORT_CODE.name)
        self._refuse_testers(wanted)
        desk = self._desk
        before = desk.registrations.of(wanted.short_code)
        registration = msgspec.structs.replace(
            before,
            default_action=DefaultAction(wanted.response_type),
            confirmation_url=wanted.confirmation_url,
            validation_url=wanted.validation_url,
        )
        match await desk.register(registration):
            case RegistrationEnd.KEPT:
                return
            case RegistrationEnd.THERE_BEFORE:
                raise Refused(Refusal.URLS_REGISTERED, f"ShortCode: {wanted.short_code} has URLs already")
            case RegistrationEnd.NOT_KEPT:
                raise Refused(Refusal.INTERNAL_ERROR, "the store could not keep the registration")

    def _refuse_testers(self, wanted: RegisterRequest) -> None:
        if not self._desk.registrations.once:
            return
        for field in (c2b_register.CONFIRMATION_URL, c2b_register.VALIDATION_URL):
            tester = c2b_register.public_tester(getattr(wanted, field.attribute))
            if tester:
                cause = f"{field.name}: leads to {tester}, a public URL tester"
                raise Refused(Refusal.FIELD_INVALID, cause, detail=field.name)
