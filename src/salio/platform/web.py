"""The web face of one environment: the gateway's APIs and pages, and the inbox, as one ASGI application."""

import asyncio
import resource
from collections.abc import Awaitable, Callable, Sequence

import msgspec
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from salio import __version__
from salio.core.access.registry import AppRegistry
from salio.core.access.throttles import Throttles
from salio.core.access.tokens import TokenClaim, TokenMint
from salio.core.audit.inbox import ReceivedCallback
from salio.core.audit.notes import NoteLog
from salio.core.audit.refusals import RefusalLog
from salio.core.parties.registration import Registration
from salio.core.ports import (
    AcceptedRequest,
    AccessStore,
    Clock,
    Identifiers,
    Passkeys,
    SecretDigests,
)
from salio.core.requests.intake import Intake, Submission
from salio.core.requests.outcomes import Admission, Conclusion
from salio.core.requests.queries import Request
from salio.core.requests.registrations import Registering, RegistrationEnd, Registrations
from salio.delivery.outbox import Ends
from salio.delivery.outcomes import result_code
from salio.gateway import openapi, pages
from salio.gateway.app import Gateway, api_endpoints
from salio.gateway.desk import Desk
from salio.gateway.on_demand import NOTHING, OnDemand
from salio.platform import metrics
from salio.platform.door import Door
from salio.platform.environment import Environment, Outside
from salio.platform.http.served import speaking
from salio.platform.http.sources import Sources
from salio.platform.http.spoilt import Spoilable
from salio.platform.settings import Settings
from salio.portal import inbox_pages
from salio.portal.inbox import Arrival, Inbox
from salio.vault.certificate import KEY_BITS
from salio.vault.keys import KeyRing
from salio.wire.profile import PROFILES
from salio.wire.result_codes import ResultCode

CREDENTIAL_LENGTH = KEY_BITS // 8
"""Bytes of a SecurityCredential before base64."""


LookUp = Callable[[int], Awaitable[tuple[Request, Conclusion | None] | None]]
"""Reads a request by its number, and how it ended if it has; others are answered meanwhile."""


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """What the gateway's answers are made from: the stages at the door, and what it knows of apps."""

    clock: Clock
    identifiers: Identifiers
    access: AccessStore
    apps: AppRegistry
    throttles: Throttles
    intake: Intake
    refusals: RefusalLog
    notes: NoteLog
    inbox: Inbox
    registrations: Registrations
    look_up: LookUp

    @classmethod
    def of(cls, environment: Environment, outside: Outside, look_up: LookUp) -> "Front":
        """An environment's, where one process does everything."""
        return cls(
            clock=outside.clock,
            identifiers=outside.identifiers,
            access=outside.access,
            apps=environment.apps,
            throttles=environment.throttles,
            intake=environment.intake,
            refusals=environment.refusals,
            notes=environment.notes,
            inbox=environment.inbox,
            registrations=environment.registrations,
            look_up=look_up,
        )


def desk(
    front: Front,
    *,
    door: Door,
    mint: TokenMint,
    secrets: SecretDigests,
    passkeys: Passkeys,
    settings: Settings,
    on_demand: OnDemand = NOTHING,
    reasons_told: bool = False,
) -> Desk:
    """The gateway's tools."""

    def admit(accepted: AcceptedRequest) -> Awaitable[Admission]:
        return door.wait(lambda mark: front.intake.submit(Submission(accepted, mark)))

    async def register(registration: Registration) -> RegistrationEnd:
        def submit(mark: object) -> RegistrationEnd | None:
            return front.registrations.submit(Registering(registration, mark, brings_urls=True))

        end: RegistrationEnd = await door.wait(submit)
        return end

    async def stands(number: int) -> tuple[Request, ResultCode] | None:
        found = await front.look_up(number)
        if found is None:
            return None
        request, conclusion = found
        if conclusion is None:
            return request, ResultCode.STILL_UNDER_PROCESSING
        outcome, profile = conclusion.decision.outcome, PROFILES[request.profile]
        return request, result_code(outcome, request.product, profile)

    def make_current(claim: TokenClaim) -> None:
        front.access.make_current(claim)
        front.apps.make_current(claim)

    return Desk(
        apps=front.apps,
        mint=mint,
        secrets=secrets,
        passkeys=passkeys,
        look_up=stands,
        throttles=front.throttles,
        clock=front.clock,
        identifiers=front.identifiers,
        intake=front.intake,
        admit=admit,
        registrations=front.registrations,
        register=register,
        make_current=make_current if settings.single_token else None,
        refusals=front.refusals,
        default_profile=PROFILES[settings.wire],
        credential_length=CREDENTIAL_LENGTH,
        notes=front.notes,
        on_demand=on_demand,
        reasons_told=reasons_told,
    )


def application(
    front: Front,
    gateway_desk: Desk,
    *,
    door: Door,
    keys: KeyRing,
    ready: Callable[[], bool],
    show_metrics: Callable[[], bytes],
    latest: inbox_pages.Latest,
    control: Sequence[BaseRoute] = (),
) -> Gateway:
    """The whole ASGI application; ``latest`` reads the inbox, ``ready`` says whether the store commits.

    ``control`` is the sandbox's; without it nothing answers there, as in production.
    """

    async def keep(callback: ReceivedCallback) -> bool:
        return bool(await door.wait(lambda mark: front.inbox.submit(Arrival(callback, mark))))

    certificate = pages.Certificate(keys.certificate_pem, keys.certificate_der, keys.public_key_pem)
    routes: list[BaseRoute] = [
        *pages.routes(
            certificate=certificate,
            ready=ready,
            metrics=show_metrics,
            openapi=openapi.document(__version__),
        )
    ]
    routes += [*inbox_pages.routes(clock=gateway_desk.clock, keep=keep, latest=latest), *control]
    starlette = Starlette(routes=routes, exception_handlers={405: pages.wrong_method(gateway_desk)})
    starlette.router.default = pages.UnknownPath(gateway_desk)
    starlette.router.redirect_slashes = False
    return Gateway(api_endpoints(gateway_desk), starlette)


def protocol(desk: Callable[[], Desk], settings: Settings) -> type[asyncio.Protocol]:
    """HTTP as the platform speaks it, from whichever desk is there at the time.

    One source may have half of what the process may open, at most.
    """
    _, descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = settings.most_connections
    if descriptors != resource.RLIM_INFINITY:
        most = min(most, descriptors // 2)
    return speaking(pages.unread(desk), Sources(most), Spoilable)


def gateway_figures(gateway_desk: Desk) -> metrics.Readings:
    """What the gateway has done since it started."""
    counted = gateway_desk.counters
    return {
        "salio_tokens_granted": ("Access tokens granted", lambda: counted.granted),
        "salio_wrong_secrets": ("Token requests with a wrong key or secret", lambda: counted.guessed),
        "salio_requests_acknowledged": ("Requests acknowledged", lambda: counted.acknowledged),
        "salio_requests_declined": ("Requests declined by the core", lambda: counted.declined),
        "salio_requests_refused": ("Requests refused with an HTTP error", lambda: counted.refused),
        "salio_internal_errors": ("Requests that met a fault of ours", lambda: counted.failed),
    }


def metrics_of(environment: Environment, gateway_desk: Desk) -> Callable[[], bytes]:
    """The metrics page of a process that does everything."""
    claims = environment.claims
    return metrics.page(
        {
            **gateway_figures(gateway_desk),
            **delivery_counts(environment.ends),
            **metrics.conflict_counts(lambda: environment.cycle.conflicts),
        },
        {
            "salio_requests_undecided": ("Requests that wait to be decided", environment.processor.waiting),
            **delivery_levels(claims.waiting, claims.in_flight),
        },
    )


def delivery_counts(ends: Ends) -> metrics.Readings:
    """How attempts ended since the start."""
    return {
        "salio_results_delivered": ("Results that a receiver took", lambda: ends.delivered),
        "salio_results_undelivered": ("Results that no receiver took", lambda: ends.undelivered),
    }


def delivery_levels(waiting: Callable[[], int], in_flight: Callable[[], int]) -> metrics.Readings:
    """What is to be sent."""
    return {
        "salio_results_waiting": ("Results that wait for a place", waiting),
        "salio_results_in_flight": ("Results on their way", in_flight),
    }
