"""The web face of one environment: the gateway's APIs and pages, and the inbox, as one ASGI application."""

import resource
from collections.abc import Callable, Sequence

from starlette.applications import Starlette
from starlette.routing import BaseRoute

from salio import __version__
from salio.core.access.tokens import TokenClaim
from salio.core.audit.inbox import ReceivedCallback
from salio.core.ports import AcceptedRequest, SecretDigests, TokenMint
from salio.core.requests.intake import Submission
from salio.core.requests.outcomes import Admission
from salio.gateway import openapi, pages
from salio.gateway.app import Gateway, api_endpoints
from salio.gateway.desk import Desk
from salio.gateway.on_demand import NOTHING, OnDemand
from salio.platform import metrics
from salio.platform.bounded import BoundedProtocol, bounded
from salio.platform.door import Door
from salio.platform.environment import Environment, Outside
from salio.platform.settings import Settings
from salio.platform.sources import Sources
from salio.platform.spoilt import SpoilableProtocol
from salio.portal import inbox_pages
from salio.portal.inbox import Arrival
from salio.vault.certificate import KEY_BITS
from salio.vault.keys import KeyRing
from salio.wire.profile import PROFILES

CREDENTIAL_LENGTH = KEY_BITS // 8
"""Bytes of a SecurityCredential before base64."""


def desk(
    environment: Environment,
    outside: Outside,
    *,
    door: Door,
    mint: TokenMint,
    secrets: SecretDigests,
    settings: Settings,
    on_demand: OnDemand = NOTHING,
    reasons_told: bool = False,
) -> Desk:
    """The gateway's tools."""

    async def admit(accepted: AcceptedRequest) -> Admission:
        admission: Admission = await door.wait(
            lambda mark: environment.intake.submit(Submission(accepted, mark))
        )
        return admission

    def make_current(claim: TokenClaim) -> None:
        outside.access.make_current(claim)
        environment.apps.make_current(claim)

    return Desk(
        apps=environment.apps,
        mint=mint,
        secrets=secrets,
        throttles=environment.throttles,
        clock=outside.clock,
        identifiers=outside.identifiers,
        intake=environment.intake,
        admit=admit,
        make_current=make_current if settings.single_token else None,
        refusals=environment.refusals,
        default_profile=PROFILES[settings.wire],
        credential_length=CREDENTIAL_LENGTH,
        notes=environment.notes,
        on_demand=on_demand,
        reasons_told=reasons_told,
    )


def application(
    environment: Environment,
    gateway_desk: Desk,
    *,
    door: Door,
    keys: KeyRing,
    ready: Callable[[], bool],
    latest: Callable[[str, int], list[ReceivedCallback]],
    control: Sequence[BaseRoute] = (),
) -> Gateway:
    """The whole ASGI application; ``latest`` reads the inbox, ``ready`` says whether the store commits.

    ``control`` is the sandbox's; without it nothing answers there, as in production.
    """

    async def keep(callback: ReceivedCallback) -> bool:
        return bool(await door.wait(lambda mark: environment.inbox.submit(Arrival(callback, mark))))

    certificate = pages.Certificate(keys.certificate_pem, keys.certificate_der, keys.public_key_pem)
    routes: list[BaseRoute] = [
        *pages.routes(
            certificate=certificate,
            ready=ready,
            metrics=_metrics(environment, gateway_desk),
            openapi=openapi.document(__version__),
        )
    ]
    routes += [*inbox_pages.routes(clock=gateway_desk.clock, keep=keep, latest=latest), *control]
    starlette = Starlette(routes=routes, exception_handlers={405: pages.wrong_method(gateway_desk)})
    starlette.router.default = pages.UnknownPath(gateway_desk)
    starlette.router.redirect_slashes = False
    return Gateway(api_endpoints(gateway_desk), starlette)


def protocol(desk: Callable[[], Desk], settings: Settings) -> type[BoundedProtocol]:
    """HTTP as the platform speaks it, from whichever desk is there at the time.

    One source may have half of what the process may open, at most.
    """
    _, descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = settings.most_connections
    if descriptors != resource.RLIM_INFINITY:
        most = min(most, descriptors // 2)
    return bounded(SpoilableProtocol, pages.unread(desk), Sources(most))


def _metrics(environment: Environment, gateway_desk: Desk) -> Callable[[], bytes]:
    counted, ends, processor = gateway_desk.counters, environment.ends, environment.processor
    return metrics.page(
        {
            "salio_tokens_granted": ("Access tokens granted", lambda: counted.granted),
            "salio_wrong_secrets": ("Token requests with a wrong key or secret", lambda: counted.guessed),
            "salio_requests_acknowledged": ("Requests acknowledged", lambda: counted.acknowledged),
            "salio_requests_declined": ("Requests declined by the core", lambda: counted.declined),
            "salio_requests_refused": ("Requests refused with an HTTP error", lambda: counted.refused),
            "salio_internal_errors": ("Requests that met a fault of ours", lambda: counted.failed),
            "salio_results_delivered": ("Results that a receiver took", lambda: ends.delivered),
            "salio_results_undelivered": ("Results that no receiver took", lambda: ends.undelivered),
        },
        {
            "salio_requests_undecided": ("Requests that wait to be decided", processor.waiting),
            "salio_results_waiting": ("Results that wait for a place", environment.claims.waiting),
            "salio_results_in_flight": ("Results on their way", environment.claims.in_flight),
        },
    )
