"""From what is asked to its acknowledgement, without any input or output: each step is yielded, and told its
end.

A request is sent again in three cases only, for in these it was surely not accepted: its first byte never
left, its token was refused (once, with a new one), or the spike arrest refused it (as long as patience
lasts).
"""

import base64
from collections.abc import Callable

import msgspec

from salio.client.certificates import located
from salio.client.environments import environment_of
from salio.client.errors import (
    AskingFailed,
    CertificateUnavailable,
    NotSent,
    OutcomeUnknown,
    SalioError,
    ServerNotTrusted,
    TokenUnavailable,
    UnusableSetting,
    error_of,
    words_of,
)
from salio.client.outside import Outside
from salio.client.settings import App, Initiator, Merchant, Options
from salio.client.steps import (
    Exchange,
    Failure,
    Left,
    Pause,
    Prepare,
    Ready,
    Request,
    Response,
    Steps,
)
from salio.client.tokens import Tokens
from salio.wire import credentials
from salio.wire.answers import Acknowledgement, Grant, Rejection, read_acknowledgement, read_grant
from salio.wire.apis import OAUTH_PATH
from salio.wire.asked import Asked, Callbacks, Order, Signature, body_of
from salio.wire.c2b_orders import Registration, SimulatedPayment
from salio.wire.orders import PaymentToCustomer
from salio.wire.prompts import Prompt, PromptQuery, PromptSignature, sign
from salio.wire.refusals import Refusal

ATTEMPTS = 3
"""At the token, and at a connection for a request."""
FIRST_PAUSE = 0.25
"""Seconds before the second attempt, twice as long before the third; jitter takes up to half of it."""
FIRST_SPIKE_PAUSE = 1.0
"""Seconds after the first spike arrest: the limit is one of requests in a second."""

OWN_ID_LENGTH = 16
"""Bytes of chance in an OriginatorConversationID: no two are ever alike."""

_AGAIN = frozenset({Refusal.SPIKE_ARREST, Refusal.INTERNAL_ERROR})
"""Refusals of a token after which it is asked for again."""


class Core:
    """All that both shells share: the settings, the token, the SecurityCredential."""

    def __init__(
        self,
        environment: str,
        app: App,
        initiator: Initiator | None,
        options: Options,
        *,
        merchant: Merchant | None = None,
        outside: Outside,
    ) -> None:
        place = environment_of(environment, allow_http=options.allow_http)
        self.base_url = place.base_url
        self._app = app
        self._name = initiator.name if initiator else ""
        self._password = (initiator.password if initiator else None) or ""
        self._options = options
        self._monotonic = outside.monotonic
        self._chance = outside.chance
        self._entropy = outside.entropy
        self._now = outside.now
        self._merchant = merchant
        self._tokens = Tokens(outside.monotonic, options.renew_early)
        self._credential = initiator.security_credential if initiator else ""
        self._certificate: bytes | str = b""
        if initiator is not None and self._credential is None:
            source = initiator.certificate or place.certificate
            self._certificate = located(source, allow_http=options.allow_http)

    # --- asking --------------------------------------------------------------------------------------

    def named(self, asked: Asked) -> Asked:
        """With the id of its own that it has to have, by which it can be asked about in any case."""
        if isinstance(asked, PaymentToCustomer) and asked.needs_own_id:
            own_id = self._entropy(OWN_ID_LENGTH).hex()
            return msgspec.structs.replace(asked, originator_conversation_id=own_id)
        return asked

    def ask(self, asked: Asked, callbacks: Callbacks) -> Steps[Acknowledgement]:
        """Asks; raises one of `errors` in place of an acknowledgement."""
        try:
            return (yield from self._asked(asked, callbacks))
        except AskingFailed as error:
            error.originator_conversation_id = asked.originator_conversation_id or ""
            raise

    def _asked(self, asked: Asked, callbacks: Callbacks) -> Steps[Acknowledgement]:
        pauses = _Pauses(self._options.patience, self._chance)
        ready = yield from self.ready()
        renewed = False
        while True:
            answer = yield from self._sent(self._request(asked, callbacks, ready))
            found = read_acknowledgement(answer.status, answer.body, answer.reason)
            if isinstance(found, Acknowledgement):
                return found
            if found.refusal is Refusal.TOKEN_INVALID and not renewed:
                renewed = True
                ready = yield from self.ready(refused=ready.token)
            elif found.refusal is Refusal.SPIKE_ARREST and pauses.left():
                yield Pause(pauses.next())
            else:
                raise error_of(found, is_order=isinstance(asked, Order))

    def ready(self, refused: str | None = None) -> Steps[Ready]:
        """Token and credential: those that are held, or else what `prepare` makes in its turn."""
        ready = self._held(refused)
        if ready is not None:
            return ready
        told = yield Prepare(refused, self._tokens.attempts)
        if not isinstance(told, Ready):
            raise TypeError("the shell has to tell what `prepare` returns")
        return told

    def _request(self, asked: Asked, callbacks: Callbacks, ready: Ready) -> Request:
        headers = {"Authorization": f"Bearer {ready.token}", "Content-Type": "application/json"}
        body = body_of(asked, self._signature(asked, ready), callbacks)
        return Request("POST", self.base_url + asked.path, headers, body)

    def _signature(self, asked: Asked, ready: Ready) -> Signature | PromptSignature | None:
        if isinstance(asked, Registration | SimulatedPayment):
            return None
        if not isinstance(asked, Prompt | PromptQuery):
            if not self._name:
                raise UnusableSetting(f"without an initiator nobody can sign {asked.api.value}")
            return Signature(self._name, ready.credential)
        merchant = self._merchant
        if merchant is None or merchant.short_code != asked.short_code:
            raise UnusableSetting(f"no passkey of {asked.short_code}: it is another merchant's prompt")
        return sign(merchant.short_code, merchant.passkey, self._now())

    def _sent(self, request: Request) -> Steps[Response]:
        told = yield from self._tried(request)
        if isinstance(told, Failure):
            raise _error_of(told)
        return told

    def _tried(self, request: Request) -> Steps[Response | Failure]:
        """The answer, or the last failure. Sent again only if the first byte never left."""
        pause, again = FIRST_PAUSE, ATTEMPTS - 1
        while True:
            told = yield from exchange(request)
            if isinstance(told, Response) or told.left is not Left.NOTHING or not again:
                return told
            yield Pause(self._jittered(pause))
            pause, again = pause * 2, again - 1

    # --- preparing, one at a time ---------------------------------------------------------------------

    def prepare(self, wish: Prepare) -> Steps[Ready]:
        """What a request needs. The shell carries out one of these at a time: whoever comes next finds what
        the one before has got, or shares its failure.
        """
        ready = self._held(wish.refused)
        if ready is not None:
            return ready
        failure = self._tokens.failure_since(wish.seen)
        if failure is not None:
            raise failure.with_traceback(None)
        try:
            if self._credential is None:
                self._credential = yield from self._made_credential()
            token = self._tokens.fresh(wish.refused) or (yield from self._granted())
        except SalioError as failed:
            self._tokens.fail(failed)
            good = self._tokens.good(wish.refused)
            if good is None or self._credential is None:
                raise
            return Ready(good, self._credential)
        return Ready(token, self._credential)

    def _held(self, refused: str | None) -> Ready | None:
        token = self._tokens.fresh(refused)
        if token is None or self._credential is None:
            return None
        return Ready(token, self._credential)

    def _granted(self) -> Steps[str]:
        pause, again = FIRST_PAUSE, ATTEMPTS - 1
        while True:
            asked_at = self._monotonic()
            told = yield from exchange(self._token_request())
            found = told if isinstance(told, Failure) else read_grant(told.status, told.body, told.reason)
            if isinstance(found, Grant):
                return self._tokens.keep(found, asked_at)
            if not again or not _worth_another(found):
                raise _without_token(found)
            yield Pause(self._jittered(pause))
            pause, again = pause * 2, again - 1

    def _token_request(self) -> Request:
        pair = f"{self._app.consumer_key}:{self._app.consumer_secret}".encode()
        headers = {"Authorization": "Basic " + base64.b64encode(pair).decode("ascii")}
        return Request("GET", f"{self.base_url}{OAUTH_PATH}?grant_type=client_credentials", headers)

    def _made_credential(self) -> Steps[str]:
        certificate = self._certificate
        if isinstance(certificate, str):
            certificate = yield from self._fetched(certificate)
        try:
            return credentials.make_credential(self._password, certificate)
        except ValueError as unusable:
            raise UnusableSetting(f"no SecurityCredential: {unusable}") from None

    def _fetched(self, url: str) -> Steps[bytes]:
        told = yield from self._tried(Request("GET", url, {}))
        if isinstance(told, Failure):
            untrusted = told.left is Left.UNTRUSTED
            kind = ServerNotTrusted if untrusted else CertificateUnavailable
            raise kind(f"no certificate at {url}: {told.why}")
        if told.status != 200:
            raise UnusableSetting(f"no certificate at {url}: HTTP {told.status}; give the initiator one")
        return told.body

    def _jittered(self, seconds: float) -> float:
        return seconds * (1 - self._chance() / 2)


class _Pauses:
    """Longer and longer, until patience is at its end."""

    def __init__(self, patience: float, chance: Callable[[], float]) -> None:
        self._left = patience
        self._next = FIRST_SPIKE_PAUSE
        self._chance = chance

    def left(self) -> bool:
        return self._next <= self._left

    def next(self) -> float:
        pause = min(self._left, self._next * (1 + self._chance() / 2))
        self._left -= pause
        self._next *= 2
        return pause


def exchange(request: Request) -> Steps[Response | Failure]:
    """One request and what became of it."""
    told = yield Exchange(request)
    if not isinstance(told, Response | Failure):
        raise TypeError("the shell has to tell what became of the request")
    return told


def _worth_another(found: Failure | Rejection) -> bool:
    """A token is asked for again unless the answer was final: asking for one changes nothing."""
    if isinstance(found, Failure):
        return found.left is not Left.UNTRUSTED
    return found.refusal in _AGAIN or not found.certain


def _without_token(found: Failure | Rejection) -> SalioError:
    if isinstance(found, Failure):
        return ServerNotTrusted(found.why) if found.left is Left.UNTRUSTED else TokenUnavailable(found.why)
    if _worth_another(found):
        return TokenUnavailable(f"HTTP {found.status}, {words_of(found)}", found)
    return error_of(found, "no token: ")


def _error_of(failure: Failure) -> SalioError:
    match failure.left:
        case Left.NOTHING:
            return NotSent(f"not sent: {failure.why}")
        case Left.UNTRUSTED:
            return ServerNotTrusted(f"not sent: {failure.why}")
        case Left.UNKNOWN:
            return OutcomeUnknown(failure.why)
