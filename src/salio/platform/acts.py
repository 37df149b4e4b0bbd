"""What the control does to tokens, initiators and organizations of the running platform."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import msgspec

from salio.core.access.apps import App
from salio.core.access.tokens import TokenClaim, TokenMint
from salio.core.parties.acts import Act, ActRefusal, OperatorAct
from salio.core.parties.operators import Operator
from salio.core.parties.organizations import ChargeBearer, Organization
from salio.core.parties.registration import Registration
from salio.core.ports import Clock
from salio.core.requests.abroad import AbroadAct
from salio.core.requests.bearers import Bearers, Bearing, BearingRefusal
from salio.core.requests.funds import FundsAct, FundsMoved, FundsRefused
from salio.core.requests.processor import Processor
from salio.core.requests.registrations import Registering, RegistrationEnd, Registrations
from salio.platform.door import Door
from salio.storage.ports import PortalStore


class Revoking:
    """Ends tokens: durable and in force when a call returns."""

    def __init__(
        self, access: PortalStore, *, mint: TokenMint, clock: Clock, follow: Callable[[], None]
    ) -> None:
        """``follow`` takes changes of the access store into force."""
        self._access = access
        self._mint = mint
        self._clock = clock
        self._follow = follow

    def token(self, token: str) -> TokenClaim | None:
        """One token; ``None`` for what is none of this platform."""
        claim = self._mint.read(token)
        if claim is not None:
            self._access.revoke(claim)
            self._follow()
        return claim

    def tokens_of(self, app_number: int) -> App | None:
        """Every token that the app was given until now; ``None`` where there is no such app.

        A token knows the second of its issue only, so all of the present one counts; whoever asks for a token
        later in that second gets one that is dated to its end.
        """
        with self._access.unit():
            before = next((each for each in self._access.apps() if each.number == app_number), None)
            if before is None:
                return None
            next_second = self._clock.now().replace(microsecond=0) + timedelta(seconds=1)
            app = msgspec.structs.replace(before, tokens_valid_from=next_second)
            self._access.save_app(app)
        self._follow()
        return app


def acting(processor: Processor, door: Door) -> Callable[[str, str, Act], Awaitable[Operator | ActRefusal]]:
    """Acts upon operators through the writer: each is answered after its commit."""

    async def act(short_code: str, name: str, what: Act) -> Operator | ActRefusal:
        def submit(mark: object) -> ActRefusal | None:
            return processor.submit(OperatorAct(short_code=short_code, name=name, act=what, answer=mark))

        done: Operator | ActRefusal = await door.wait(submit)
        return done

    return act


def moving(
    processor: Processor, door: Door
) -> Callable[[FundsAct | AbroadAct], Awaitable[FundsMoved | FundsRefused | ActRefusal]]:
    """Moves money through the writer that no request moves: each act is answered after its commit."""

    async def move(wanted: FundsAct | AbroadAct) -> FundsMoved | FundsRefused | ActRefusal:
        def submit(mark: object) -> ActRefusal | None:
            return processor.submit(msgspec.structs.replace(wanted, answer=mark))

        done: FundsMoved | FundsRefused | ActRefusal = await door.wait(submit)
        return done

    return move


def bearing(
    bearers: Bearers, door: Door
) -> Callable[[str, ChargeBearer], Awaitable[Organization | BearingRefusal]]:
    """Changes who bears an organization's charges: answered after the commit, and in force then."""

    async def bear(short_code: str, bearer: ChargeBearer) -> Organization | BearingRefusal:
        def submit(mark: object) -> BearingRefusal | None:
            return bearers.submit(Bearing(short_code=short_code, bearer=bearer, answer=mark))

        done: Organization | BearingRefusal = await door.wait(submit)
        return done

    return bear


def switching(registrations: Registrations, door: Door) -> Callable[[Registration], Awaitable[bool]]:
    """Changes what is registered, but for the URLs; whether it was kept is answered after the commit."""

    async def switch(registration: Registration) -> bool:
        def submit(mark: object) -> RegistrationEnd | None:
            return registrations.submit(Registering(registration, mark))

        return await door.wait(submit) is RegistrationEnd.KEPT

    return switch
