"""A desk whose mint, secrets and core are stand-ins: a token is an app's number in clear."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import Any

from salio.core.access.apps import App
from salio.core.access.registry import AppRegistry
from salio.core.access.throttles import Throttles
from salio.core.access.tokens import TokenClaim
from salio.core.audit.notes import NoteLog
from salio.core.audit.refusals import RefusalLog
from salio.core.parties.registration import Registration
from salio.core.ports import AcceptedRequest
from salio.core.requests.intake import Intake
from salio.core.requests.outcomes import Admission
from salio.core.requests.registrations import RegistrationEnd, Registrations
from salio.gateway.desk import Desk
from salio.wire.profile import DOCUMENTED
from tests.builders import NOW, TODAY, FakeClock, FakeIdentifiers, an_app, digest

SECRET = "Consumer-Secret"


class OpenMint:
    """Fits :class:`salio.core.ports.TokenMint`: `app1-7` is the seventh token of app 1, issued at NOW."""

    def __init__(self) -> None:
        self._serials = count(1)

    def issue(self, app_number: int, moment: datetime) -> str:
        """The next token."""
        del moment
        return f"app{app_number}-{next(self._serials)}"

    def read(self, token: str) -> TokenClaim | None:
        """What it claims."""
        app, _, serial = token.removeprefix("app").partition("-")
        return TokenClaim(int(app), NOW, int(serial)) if serial.isdigit() else None


class OpenSecrets:
    """Fits :class:`salio.core.ports.SecretDigests`."""

    def digest_secret(self, secret: str) -> bytes:
        """An unkeyed digest."""
        return digest(secret)


class OpenPasskeys:
    """Fits :class:`salio.core.ports.Passkeys`: the short code and then the moment opens."""

    def opened_by(self, password: str, short_code: str, timestamp: str) -> bool:
        """Whether they are that."""
        return password == short_code + timestamp


class Core:
    """Admits every request as it is told to, and keeps what it was given."""

    def __init__(self, admission: Admission = Admission.ACCEPTED) -> None:
        self.admission = admission
        self.accepted: list[AcceptedRequest] = []

    async def admit(self, accepted: AcceptedRequest) -> Admission:
        """Says the same to all."""
        self.accepted.append(accepted)
        return self.admission


async def _nothing(number: int) -> None:
    del number


async def _kept(registration: Registration) -> RegistrationEnd:
    del registration
    return RegistrationEnd.KEPT


def a_desk(*apps: App, core: Core | None = None, clock: FakeClock | None = None, **changes: Any) -> Desk:
    """A desk for these apps, by default the usual one."""
    time, identifiers = clock or FakeClock(), FakeIdentifiers()
    tools: dict[str, Any] = {
        "apps": AppRegistry(apps or (an_app(secret_digest=digest(SECRET)),)),
        "mint": OpenMint(),
        "secrets": OpenSecrets(),
        "passkeys": OpenPasskeys(),
        "throttles": Throttles(TODAY, {}),
        "clock": time,
        "identifiers": identifiers,
        "intake": an_intake(time, identifiers, count(1)),
        "admit": (core or Core()).admit,
        "refusals": RefusalLog(lambda: None),
        "registrations": Registrations((), lambda _: None),
        "register": _kept,
        "look_up": _nothing,
        "notes": NoteLog(lambda: None),
        "default_profile": DOCUMENTED,
        "credential_length": 256,
    }
    return Desk(**tools | changes)


def an_intake(clock: FakeClock, identifiers: FakeIdentifiers, numbers: Iterator[int]) -> Intake:
    """An intake that only drafts."""
    return Intake(
        clock=clock,
        identifiers=identifiers,
        numbers=numbers,
        answered=lambda _: None,
        accepted=lambda _: None,
        waiting=lambda: 0,
        most_waiting=1,
    )


def noted(desk: Desk) -> list[str]:
    """The causes that were noted since the last look."""
    return [each.cause for each in desk.refusals.take()]
