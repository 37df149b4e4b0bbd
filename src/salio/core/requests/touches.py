"""What faults do to decisions. Who is decided again, because the store took nothing, is touched once."""

from collections.abc import Iterable

from salio.core.ports import Faults
from salio.core.requests.outcomes import Outcome
from salio.core.requests.provoked import Provoked
from salio.core.requests.queries import Request
from salio.core.transactions.states import TransactionState


class Touches:
    """Asks the faults, and remembers what they said until the decision is durable."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._outcomes: dict[int, Provoked[Outcome]] = {}
        self._states: dict[int, Provoked[TransactionState]] = {}

    def outcome(self, request: Request) -> Provoked[Outcome] | None:
        """How the request ends by force."""
        if not self._faults.in_force:
            return None
        provoked = self._outcomes.get(request.number)
        if provoked is None:
            provoked = self._faults.outcome(request.app_number, request.query)
        if provoked is not None:
            self._outcomes[request.number] = provoked
        return provoked

    def contradiction(
        self, request: Request, recorded: TransactionState
    ) -> Provoked[TransactionState] | None:
        """The state that its answer claims for a transaction in another one."""
        if not self._faults.in_force:
            return None
        provoked = self._states.get(request.number)
        if provoked is None:
            provoked = self._faults.contradiction(request.app_number, request.query, recorded)
        if provoked is not None:
            self._states[request.number] = provoked
        return provoked

    def forget(self, decided: Iterable[Request]) -> None:
        """Their decisions are durable."""
        if self._outcomes or self._states:
            for each in decided:
                self._outcomes.pop(each.number, None)
                self._states.pop(each.number, None)
