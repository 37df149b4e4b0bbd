"""What every API asks first: the checks before the body, and the body itself (rulings, "order of checks")."""

from salio.core.access.apps import App, Product
from salio.core.access.throttles import ThrottleVerdict
from salio.core.requests import commands
from salio.gateway.bearer import app_of, require_product
from salio.gateway.desk import Desk, require_method
from salio.gateway.http import BodyTooLargeError, Receive, Scope, header, once, read_body
from salio.gateway.refused import Refused
from salio.wire.fields import COMMAND_ID, InvalidField
from salio.wire.refusals import Refusal, message_rate
from salio.wire.strict_json import MalformedBody, read_object


def enter(desk: Desk, product: Product, scope: Scope) -> App:
    """The app that asks: it has the product, and its limits let it in. Raises Refused."""
    require_method(scope, "POST")
    app = app_of(scope, mint=desk.mint, apps=desk.apps, clock=desk.clock)
    require_product(app, product)
    _throttle(desk, app)
    return app


def _throttle(desk: Desk, app: App) -> None:
    clock, limits = desk.clock, app.throttle
    if not limits.limits:
        return
    verdict = desk.throttles.admit(app, monotonic=clock.monotonic(), today=clock.now().date())
    match verdict:
        case ThrottleVerdict.PASS:
            return
        case ThrottleVerdict.SPIKE:
            rate = message_rate(limits.per_second or 0, 1_000_000, limits.burst)
            cause = f"spike arrest: {limits.per_second} a second with a burst of {limits.burst} allowed"
            refused = Refused(Refusal.SPIKE_ARREST, cause, detail=rate, app=app)
        case ThrottleVerdict.QUOTA:
            cause = f"quota: {limits.per_day} a day allowed, until midnight UTC"
            refused = Refused(Refusal.QUOTA_EXCEEDED, cause, app=app)
    refused.throttled = True
    raise refused


def unread(error: MalformedBody | InvalidField, body: bytes) -> Refused:
    """The refusal, in the documented words, of a body that an API could not read."""
    if isinstance(error, MalformedBody):
        return Refused(Refusal.PAYLOAD_INVALID, error.reason)
    cause = f"{error.name}: {error.reason}"
    if error.name == COMMAND_ID.name:
        cause += commands.whose(read_object(body).get(error.name))
    return Refused(Refusal.FIELD_INVALID, cause, detail=error.name)


async def json_body(scope: Scope, receive: Receive) -> bytes:
    """The body of a request that says it is JSON, bounded and not compressed."""
    once(scope, _require_json)
    try:
        return await read_body(receive)
    except BodyTooLargeError:
        refused = Refused(Refusal.PAYLOAD_INVALID, "the body is larger than 64 KiB")
        refused.close = True
        raise refused from None


def _require_json(scope: Scope) -> None:
    given = header(scope, b"content-type")
    media_type = given[0].partition(";")[0].strip().lower() if len(given) == 1 else ""
    if media_type != "application/json":
        cause = f"Content-Type is {given[0][:60]!r}" if given else "no Content-Type header"
        raise Refused(Refusal.PAYLOAD_INVALID, f"{cause}; send application/json and a JSON object")
    if header(scope, b"content-encoding") not in ([], ["identity"]):
        raise Refused(Refusal.PAYLOAD_INVALID, "compressed bodies are not accepted")
