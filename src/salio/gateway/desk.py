"""The desk: what every endpoint of the gateway works with, and the one way by which a refusal leaves."""

from collections.abc import Awaitable, Callable

import msgspec
import structlog

from salio.core.access.apps import App
from salio.core.access.guesses import Guesses
from salio.core.access.registry import AppRegistry
from salio.core.access.throttles import Throttles
from salio.core.access.tokens import TokenClaim, TokenMint
from salio.core.audit.notes import Note, NoteLog
from salio.core.audit.refusals import RefusalLog, RefusedRequest
from salio.core.parties.registration import Registration
from salio.core.ports import AcceptedRequest, Clock, Identifiers, Passkeys, SecretDigests
from salio.core.requests.intake import Intake
from salio.core.requests.outcomes import Admission
from salio.core.requests.queries import Request
from salio.core.requests.registrations import RegistrationEnd, Registrations
from salio.gateway.admissions import response_code
from salio.gateway.http import CLOSE, CONNECTION, ClientGoneError, Header, Receive, Scope, Send, send_json
from salio.gateway.on_demand import NOTHING, OnDemand, cut
from salio.gateway.refused import Refused, Unanswered
from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import Api
from salio.wire.profile import PROFILES, Profile
from salio.wire.reason import REASON, reason
from salio.wire.refusals import HttpAnswer, Refusal, answer
from salio.wire.result_codes import ResultCode
from salio.wire.wording import shown

Admit = Callable[[AcceptedRequest], Awaitable[Admission]]
"""Commits a request and says what became of it; returns only after the commit."""

Step = Callable[[Scope, Receive, Send], Awaitable[None]]


NO_ANSWER = 0
"""The status of a request whose connection ended without one."""


class Counters(msgspec.Struct):
    """What the gateway has done since it started; read by the metrics page."""

    granted: int = 0
    guessed: int = 0
    acknowledged: int = 0
    declined: int = 0
    refused: int = 0
    failed: int = 0


class Desk(msgspec.Struct, frozen=True, kw_only=True):
    """The gateway's tools; one for each environment."""

    apps: AppRegistry
    mint: TokenMint
    secrets: SecretDigests
    passkeys: Passkeys
    throttles: Throttles
    guesses: Guesses = msgspec.field(default_factory=Guesses)
    clock: Clock
    identifiers: Identifiers
    intake: Intake
    admit: Admit
    registrations: Registrations
    register: Callable[[Registration], Awaitable[RegistrationEnd]]
    """Commits the URLs of a short code, and says what became of them; returns only after the commit."""
    look_up: Callable[[int], Awaitable[tuple[Request, ResultCode] | None]]
    """The request of that number, and how it ended or stands. May raise StoreUnavailableError."""
    make_current: Callable[[TokenClaim], None] | None = None
    """With ``--token-policy single``: records, durably, that this is now the app's only token."""
    refusals: RefusalLog
    default_profile: Profile
    credential_length: int
    reasons_told: bool = False
    """Whether a refusal leaves with its cause in a header: a sandbox's alone, for Daraja has none."""
    notes: NoteLog
    on_demand: OnDemand = NOTHING
    counters: Counters = msgspec.field(default_factory=Counters)

    async def attend(self, api: Api | None, step: Step, scope: Scope, receive: Receive, send: Send) -> None:
        """Runs one endpoint; whatever it raises becomes a documented answer, and the process stays up."""
        try:
            await step(scope, receive, send)
        except Refused as refused:
            await self._refuse(api, refused, scope, send)
        except Unanswered as unanswered:
            self._leave_unanswered(unanswered, scope)
        except ClientGoneError:
            return
        except Exception as error:  # the unexpected gets the documented internal error
            unexpected = Refused(Refusal.INTERNAL_ERROR, f"{type(error).__name__} in the gateway")
            unexpected.close = True
            request_id = await self._refuse(api, unexpected, scope, send)
            self.counters.failed += 1
            structlog.get_logger().exception("internal_error", request_id=request_id)

    async def _refuse(self, api: Api | None, refused: Refused, scope: Scope, send: Send) -> str:
        response, request_id = self.record(api, refused, scope)
        close = [CLOSE] if refused.close else []
        await send_json(scope, send, response.status, response.body, *self.told(refused.cause), *close)
        if refused.throttled and refused.app is not None and CONNECTION in scope.get("extensions", ()):
            scope["extensions"][CONNECTION].rest(refused.app.number)
        return request_id

    def _leave_unanswered(self, unanswered: Unanswered, scope: Scope) -> None:
        if unanswered.counted:
            self.throttles.give_back(unanswered.app)
        if not unanswered.kept:
            self.remark(scope, unanswered.app, unanswered.cause, status=NO_ANSWER)
        cut(scope, unanswered.breach)

    def remark(self, scope: Scope, app: App, cause: str, *, status: int = 200) -> None:
        """Records what a fault did to something of which no request is kept."""
        self.refusals.note(
            RefusedRequest(
                request_id=self.identifiers.request_id(app.profile),
                at=self.clock.now(),
                method=shown(scope["method"]),
                path=shown(scope["path"], 200),
                status=status,
                code="",
                cause=cause,
                app_number=app.number,
            )
        )

    def note(self, request: Request, cause: str) -> None:
        """Records what a fault did to a request that was taken."""
        self.notes.note(Note(request=request.number, at=self.clock.now(), text=cause))

    def told(self, cause: str) -> list[Header]:
        """The header that tells why, where that is told at all."""
        return [(REASON.lower().encode(), reason(cause).encode())] if self.reasons_told else []

    def record(self, api: Api | None, refused: Refused, scope: Scope) -> tuple[HttpAnswer, str]:
        """The documented answer to a refusal and its requestId, under which the cause is kept."""
        app = refused.app
        if app is not None and refused.counted:
            self.throttles.give_back(app)
        known = app is not None and not refused.unproven
        profile = PROFILES[app.profile] if app is not None and known else self.default_profile
        request_id = self.identifiers.request_id(profile.name)
        response = answer(
            refused.refusal, api=api, profile=profile, request_id=request_id, detail=refused.detail
        )
        self.counters.refused += 1
        self.refusals.note(
            RefusedRequest(
                request_id=request_id,
                at=self.clock.now(),
                method=shown(scope["method"]),
                path=shown(scope["path"], 200),
                status=response.status,
                code=response.code,
                cause=refused.cause,
                app_number=app.number if app is not None else None,
                field=refused.field,
            )
        )
        return response, request_id

    def declined(
        self, app: App, request: Request, admission: Admission, cause: str, path: str
    ) -> ResponseCode:
        """Records that the core did not take a request; the ResponseCode that says so."""
        self.throttles.give_back(app)
        self.counters.declined += 1
        code = response_code(admission)
        self.refusals.note(
            RefusedRequest(
                request_id=request.originator_conversation_id,
                at=request.accepted_at,
                method="POST",
                path=path,
                status=200,
                code=code.code,
                cause=cause,
                app_number=app.number,
            )
        )
        return code


def require_method(scope: Scope, method: str) -> None:
    """Refuses every other method by its name."""
    if scope["method"] != method:
        given = shown(scope["method"], 16)
        raise Refused(Refusal.METHOD_NOT_ALLOWED, f"{given} where {method} is asked for", detail=given)
