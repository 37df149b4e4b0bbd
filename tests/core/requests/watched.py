"""The processor as the cycle of the model of every movement sees it."""

from collections.abc import Mapping, Sequence
from typing import Any

from salio.core.parties.organizations import ChargeBearer
from salio.core.requests.decided import Decided
from salio.core.requests.funds import FundsCarriedOut
from salio.core.requests.queries import CustomerPayment
from salio.core.requests.validation import Asked
from tests.core.requests.naive import NaiveLedger
from tests.core.requests.naive_acts import AnyMoneyAct
from tests.core.requests.running import Running


class Watched:
    """Notes what became of each item, in the order of the decisions."""

    def __init__(self, run: Running, naive: NaiveLedger, borne: Mapping[str, ChargeBearer]) -> None:
        """``borne``: by short code who bears charges, as it was told to be durable."""
        self._run, self._naive, self._borne = run, naive, borne
        self.write = run.processor.write
        self.is_built_upon, self.put_back = run.processor.is_built_upon, run.processor.put_back
        self.open: set[int] = set()
        """Numbers of those whose organization was asked and has not spoken."""

    def take(self) -> Sequence[Any]:
        """What is decided now follows what is registered and borne now, and the time that it is now."""
        self._naive.begin(self._run.clock.now())
        self._naive.books.bearers = dict(self._borne)
        self._naive.registered = {each.short_code: each for each in self._run.registrations.all()}
        return self._run.processor.take()

    def settle(self, batch: Sequence[Any]) -> None:
        """Durable: the naive ledger learns of it."""
        told = len(self._run.decided)
        self._run.processor.settle(batch)
        self._tell(batch, told)

    def spoil(self, item: Any, error: Exception) -> None:
        """Refused: what was written instead, if anything was."""
        told = len(self._run.decided)
        try:
            self._run.processor.spoil(item, error)
        except ValueError:  # it stays as the store has it, and this process forgets it
            if isinstance(item, Decided | Asked):
                self._naive.prompts.strays.add(item.accepted.request.number)
            raise
        if not isinstance(item, FundsCarriedOut):
            self._tell([item], told)

    def _tell(self, batch: Sequence[Any], told: int) -> None:
        ended = {request.number: (request, end) for request, end in self._run.decided[told:]}
        for each in batch:
            if isinstance(each, FundsCarriedOut):
                assert isinstance(each.wanted, AnyMoneyAct)
                self._naive.acted(each.wanted, each.outcome)
                continue
            number = each.accepted.request.number
            if number in ended:
                self._naive.concluded(*ended[number])
            else:
                assert isinstance(each, Asked)
                self._naive.asked(each.accepted.request, each.question)
                if isinstance(each.accepted.request.query, CustomerPayment):
                    self.open.add(number)
