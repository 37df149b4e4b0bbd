"""``GET /oauth/v1/generate``: a consumer key and secret become a token of one hour (Authorization)."""

from hmac import compare_digest
from urllib.parse import parse_qsl

from salio.core.access.apps import App
from salio.core.access.guesses import ALLOWED
from salio.core.access.tokens import TOKEN_LIFE, issue_moment
from salio.core.requests.provoked import Breach, Mishap
from salio.gateway.desk import Desk, require_method
from salio.gateway.http import NO_STORE, Receive, Scope, Send, header, send_json
from salio.gateway.refused import Refused, Unanswered
from salio.wire.oauth import MalformedAuthorization, grant, read_basic
from salio.wire.refusals import Refusal, message_rate

GRANT_TYPE = "client_credentials"
ANNOUNCED_LIFE = int(TOKEN_LIFE.total_seconds()) - 1
"""Seconds; one less than the life, as on the wire (rulings, Tokens and keys)."""
GUESS_RATE = message_rate(round(ALLOWED.per_second), 1_000_000, ALLOWED.burst)
"""Of wrong secrets for one key, as the profile observed tells a rate."""


NO_REQUEST = 0
"""Requests are numbered from 1."""


class OAuthEndpoint:
    """Grants tokens."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI callable."""
        await self._desk.attend(None, self._grant, scope, receive, send)

    async def _grant(self, scope: Scope, receive: Receive, send: Send) -> None:
        require_method(scope, "GET")
        key, secret = _basic(scope)
        _require_grant_type(scope)
        app = self._authenticate(key, secret)
        cause = self._desk.on_demand.before(app, None, scope)
        token = self._desk.mint.issue(app.number, issue_moment(app, self._desk.clock.now()))
        self._end_earlier(token)
        await self._obey(app, scope, cause, receive)
        self._desk.counters.granted += 1
        await send_json(scope, send, 200, grant(token, ANNOUNCED_LIFE), NO_STORE)

    async def _obey(self, app: App, scope: Scope, cause: str, receive: Receive) -> None:
        """What a fault does to the answer; of a token no story is kept, so the log tells it by itself."""
        if cause:
            self._desk.remark(scope, app, cause)
        mishap = self._desk.on_demand.after(app, None)
        if mishap is None:
            return
        if mishap.what is Mishap.LOST:
            raise Unanswered(Breach.DROP, mishap.cause, app=app)
        self._desk.remark(scope, app, mishap.cause)
        await self._desk.on_demand.wait(mishap, NO_REQUEST, receive)

    def _end_earlier(self, token: str) -> None:
        """Under the policy of one token at a time, this one ends those before it (Authorization, FAQ 3)."""
        claim = self._desk.mint.read(token)
        if self._desk.make_current is not None and claim is not None:
            self._desk.make_current(claim)

    def _authenticate(self, key: str, secret: str) -> App:
        """The app of that key and secret; an unknown key costs what a wrong secret costs."""
        app = self._desk.apps.by_key(key)
        digest = self._desk.secrets.digest_secret(secret)
        right = compare_digest(digest, app.secret_digest if app is not None else bytes(len(digest)))
        if app is not None and right and app.enabled:
            return app
        raise self._wrong(key, app, right=right)

    def _wrong(self, key: str, app: App | None, *, right: bool) -> Refused:
        """The same for every key, whether an app has it or not: only the log tells which."""
        self._desk.counters.guessed += 1
        cause = _why_wrong(app, right=right)
        refusal, detail = Refusal.OAUTH_CREDENTIALS_WRONG, ""
        if not self._desk.guesses.allow(key, monotonic=self._desk.clock.monotonic()):
            refusal, detail = Refusal.SPIKE_ARREST, GUESS_RATE
            cause += f", too often: {ALLOWED.burst} at once and {ALLOWED.per_second:.0f} a second allowed"
        refused = Refused(refusal, cause, detail=detail, app=app)
        refused.unproven = True
        return refused


def _why_wrong(app: App | None, *, right: bool) -> str:
    if app is None:
        return "unknown consumer key"
    return f"app {app.name} is disabled" if right else "wrong consumer secret"


def _basic(scope: Scope) -> tuple[str, str]:
    values = header(scope, b"authorization")
    if len(values) != 1:
        raise Refused(
            Refusal.OAUTH_AUTHENTICATION_INVALID, f"{len(values)} Authorization headers, one is needed"
        )
    try:
        return read_basic(values[0])
    except MalformedAuthorization as malformed:
        raise Refused(Refusal.OAUTH_AUTHENTICATION_INVALID, malformed.reason) from None


def _require_grant_type(scope: Scope) -> None:
    given = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True, max_num_fields=None)
    values = [value for name, value in given if name == "grant_type"]
    if values != [GRANT_TYPE]:
        raise Refused(Refusal.OAUTH_GRANT_INVALID, f"grant_type must be given once, as {GRANT_TYPE}")
