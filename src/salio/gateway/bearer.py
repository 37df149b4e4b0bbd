"""From the Authorization header to the app: the first question that every API asks."""

from salio.core.access.apps import App, Product
from salio.core.access.registry import AppRegistry
from salio.core.access.tokens import TokenClaim, TokenMint, TokenState, judge
from salio.core.ports import Clock
from salio.gateway.http import Scope, header, once
from salio.gateway.refused import Refused
from salio.wire.oauth import MalformedAuthorization, read_bearer
from salio.wire.refusals import Refusal


def app_of(scope: Scope, *, mint: TokenMint, apps: AppRegistry, clock: Clock) -> App:
    """The app whose token the request carries; raises :class:`Refused` (rulings, Answers)."""
    claim = mint.read(once(scope, _token))
    if claim is None:
        cause = f"the token was {TokenState.FORGED.value}: it is another environment's, or was cut or changed"
        raise Refused(Refusal.TOKEN_INVALID, cause)
    app = apps.by_number(claim.app_number)
    state = judge(claim, app, revoked=apps.is_revoked(claim), now=clock.now())
    if app is None or state is not TokenState.VALID:
        raise Refused(Refusal.TOKEN_INVALID, f"the token {_why_not(state, claim, apps)}", app=app)
    return app


def _why_not(state: TokenState, claim: TokenClaim, apps: AppRegistry) -> str:
    """What is the matter with a genuine token, and what to do."""
    match state:
        case TokenState.EXPIRED:
            return f"is {state.value} since {claim.expires_at:%Y-%m-%d %H:%M:%S} UTC: ask for a new one"
        case TokenState.REVOKED:
            return f"is {state.value}{apps.why_revoked(claim)}: ask for a new one"
        case _:
            return f"is {state.value}: use the key and secret of another app"


def require_product(app: App, product: Product) -> None:
    """Refuses an app that was not given the API."""
    if product not in app.products:
        has = ", ".join(sorted(each.value for each in app.products)) or "none"
        cause = f"app {app.name} lacks the product {product.value}; it has: {has}"
        raise Refused(Refusal.PRODUCT_MISSING, cause, app=app)


def _token(scope: Scope) -> str:
    values = header(scope, b"authorization")
    if len(values) != 1:
        cause = "no Authorization header" if not values else f"{len(values)} Authorization headers"
        raise Refused(Refusal.HEADER_INVALID, cause)
    try:
        return read_bearer(values[0])
    except MalformedAuthorization as malformed:
        raise Refused(Refusal.HEADER_INVALID, malformed.reason) from None
