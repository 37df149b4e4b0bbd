"""What people do by hand in the simulated world, in the platform's words; the auditor is told in its own."""

from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from salio.core.parties.organizations import ChargeBearer, Organization
from salio.core.requests.abroad import Arrival, Clearing
from salio.core.requests.acts import AnyAct
from salio.core.requests.bearers import Bearing
from salio.core.requests.funds import FundsMoved, FundsRefused, Settlement, Withdrawal
from salio.core.requests.registrations import Registering, RegistrationEnd
from salio.platform.environment import Environment
from tests.simulation.acts import CLEAR, RECEIVE, SETTLE, WITHDRAW, Act
from tests.simulation.auditor import Auditor
from tests.simulation.switches import BEARER, INSTRUCTS

SENDER, COUNTRY = "Amina Hassan", "Italy"


class Errand(Protocol):
    """Something done by hand: it is the mark by which the platform answers."""

    def begin(self, environment: Environment, auditor: Auditor) -> None:
        """Asks for it."""
        ...

    def ended(self, answer: object, auditor: Auditor) -> str:
        """What became of it, in words."""
        ...


@dataclass(frozen=True)
class MoneyErrand:
    """Money that somebody moves."""

    act: Act

    def begin(self, environment: Environment, auditor: Auditor) -> None:
        """Asks for it."""
        auditor.payments.acts.asked(self.act)
        environment.processor.submit(self._wanted())

    def _wanted(self) -> AnyAct:
        act = self.act
        match act.kind:
            case "settle":
                return Settlement(short_code=act.holder, answer=self)
            case "withdraw":
                return Withdrawal(short_code=act.holder, cents=act.cents, answer=self)
            case "clear":
                return Clearing(holder=act.holder, answer=self)
            case _:
                return Arrival(
                    through=act.through,
                    receiver=act.holder,
                    cents=act.cents,
                    sender=SENDER,
                    country=COUNTRY,
                    answer=self,
                )

    def ended(self, answer: object, auditor: Auditor) -> str:
        """What became of it, in words."""
        acts = auditor.payments.acts
        if isinstance(answer, FundsRefused):
            acts.told_nothing(self.act, answer.refusal.value)
            return answer.refusal.value
        if isinstance(answer, FundsMoved) and answer.transaction is not None:
            acts.told(answer.transaction.receipt)
            return f"{self.act.kind}: FundsMoved"
        acts.told_nothing(self.act, "" if isinstance(answer, FundsMoved) else "not kept")
        return type(answer).__name__


def settles(short_code: str) -> MoneyErrand:
    """All that is due."""
    return MoneyErrand(Act(SETTLE, short_code))


def withdraws(short_code: str, cents: int) -> MoneyErrand:
    """So much out of Working."""
    return MoneyErrand(Act(WITHDRAW, short_code, cents))


def receives(receiver: str, cents: int, through: str) -> MoneyErrand:
    """Money from abroad."""
    return MoneyErrand(Act(RECEIVE, receiver, cents, through))


def clears(holder: str) -> MoneyErrand:
    """All that came from abroad."""
    return MoneyErrand(Act(CLEAR, holder))


@dataclass
class SwitchErrand:
    """Something that an organization sets: who bears its charges, or whether it instructs."""

    short_code: str
    value: ChargeBearer | bool
    _place: int = field(default=-1, init=False)

    @property
    def what(self) -> str:
        """Which of both."""
        return BEARER if isinstance(self.value, ChargeBearer) else INSTRUCTS

    def begin(self, environment: Environment, auditor: Auditor) -> None:
        """Asks for it."""
        if isinstance(self.value, ChargeBearer):
            self._place = auditor.switches.asked(self.what, self.short_code, self.value.value)
            bearing = Bearing(short_code=self.short_code, bearer=self.value, answer=self)
            environment.bearers.submit(bearing)
            return
        self._place = auditor.switches.asked(self.what, self.short_code, self.value)
        before = environment.registration(self.short_code)
        assert before is not None
        after = msgspec.structs.replace(before, instructs=self.value)
        environment.registrations.submit(Registering(after, self))

    def ended(self, answer: object, auditor: Auditor) -> str:
        """What became of it, in words."""
        kept = isinstance(answer, Organization) or answer is RegistrationEnd.KEPT
        if kept:
            auditor.switches.told(self.what, self.short_code, self._place)
        return f"{self.what}: {'set' if kept else 'not kept'}"
