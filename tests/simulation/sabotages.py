"""Broken platforms, one for each way to break a promise: the auditor must name the right one."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import msgspec

from salio.core.ledger.accounts import Balance
from salio.core.ledger.postings import Posting
from salio.core.parties.operators import Operator
from salio.core.ports import AcceptedRequest
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.outcomes import Conclusion
from salio.core.requests.prompts import CustomerWord
from tests.simulation import sabotages_of_money as money
from tests.simulation.crashes import SimulatedUnit
from tests.simulation.network import Parcel, SimulatedCourier
from tests.simulation.sabotage import Sabotage


class LosesRequests(SimulatedUnit):
    """Forgets every third request that it was given."""

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Keeps the others."""
        return super().add_requests([each for each in accepted if each.request.number % 3])


class LosesIntake(SimulatedUnit):
    """Keeps every fifth request without the note that it waits for its decision."""

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Keeps them, and deletes the note."""
        duplicates = super().add_requests(accepted)
        self._connection.execute("DELETE FROM intake WHERE number % 5 = 0")
        return duplicates


class KeepsDuplicates(SimulatedUnit):
    """Does not know the ids that callers chose before."""

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Keeps all."""
        self._connection.execute("DELETE FROM chosen_id")
        return super().add_requests(accepted)


class ConcludesTwice(SimulatedUnit):
    """Writes a second conclusion over an earlier one."""

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Keeps them, and changes its mind about an earlier one."""
        self._connection.execute(
            "UPDATE conclusion SET decided_at = decided_at + 1"
            " WHERE number = (SELECT MIN(number) FROM conclusion)"
        )
        super().add_conclusions(conclusions)


class NeverConcludes(SimulatedUnit):
    """Drops every fifth conclusion, and puts the request back."""

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Keeps the others."""
        super().add_conclusions([each for each in conclusions if each.number % 5])


class KeepsCredentials(SimulatedUnit):
    """Keeps the credential of a request that is decided."""

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Puts the note back."""
        super().add_conclusions(conclusions)
        notes = [(each.number, "sealed") for each in conclusions]
        self._connection.executemany("INSERT INTO intake VALUES (?, ?)", notes)


class ShowsCredentials(SimulatedUnit):
    """Writes credentials where people read."""

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Keeps them, each with its credential for the log."""
        duplicates = super().add_requests(accepted)
        shown = [(f'["{each.credential}"]', each.request.number) for each in accepted]
        self._connection.executemany("UPDATE request SET unknown_members = ? WHERE number = ?", shown)
        return duplicates


class TellsOthersFacts(SimulatedUnit):
    """Puts the facts of the first success into every other success of the same kind."""

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Keeps them, and mixes them up."""
        super().add_conclusions(conclusions)
        self._connection.execute(
            "UPDATE conclusion SET decision = (SELECT decision FROM conclusion WHERE outcome = 'succeeded'"
            " ORDER BY number LIMIT 1) WHERE outcome = 'succeeded' AND number = ?",
            (conclusions[-1].number,),
        )


class ForgetsWrongPasswords(SimulatedUnit):
    """Never writes what became of an operator."""

    def save_operators(self, operators: Sequence[Operator]) -> None:
        """Keeps nothing."""


class MarksNothing(SimulatedUnit):
    """Records no attempt before it leaves."""

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Keeps nothing."""


class DropsDeliveries(SimulatedUnit):
    """Takes every fifth delivery from the outbox before it left."""

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Keeps them, and drops deliveries."""
        super().add_conclusions(conclusions)
        self._connection.execute("DELETE FROM outbox WHERE number % 5 = 0")


class ForgetsResends(SimulatedUnit):
    """Does not record that an attempt was made again."""

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Keeps the first marks."""
        super().start_attempts([each for each in attempts if not each.resent])


class AlwaysDelivered(SimulatedUnit):
    """Records every end as if the receiver had taken it."""

    def end_attempts(self, ends: Sequence[AttemptEnd]) -> None:
        """Keeps ends that are too good."""
        super().end_attempts([msgspec.structs.replace(each, status=200, fault=None) for each in ends])


class MarksAnotherHost(SimulatedUnit):
    """Records, and sends again, results for a host that nobody named."""

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Keeps them with another address."""
        super().start_attempts([msgspec.structs.replace(each, url="http://thief.test/") for each in attempts])


def _richer(attempt: Attempt) -> Attempt:
    """The same balances, each with a nine before it."""
    return msgspec.structs.replace(attempt, body=attempt.body.replace(b"|KES|", b"|KES|9"))


class MarksRiches(SimulatedUnit):
    """Records balances in the bytes of a result that nobody has."""

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Keeps them as :class:`TellsRiches` sends them."""
        super().start_attempts([_richer(each) for each in attempts])


class TellsRiches(SimulatedCourier):
    """Sends balances that nobody has."""

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes them as :class:`MarksRiches` records them; what comes from its record is rich already."""
        super().post([each if each.resent else _richer(each) for each in attempts])


class ChangesBalances(SimulatedUnit):
    """Writes balances that no entry explains."""

    def add_postings(self, postings: Sequence[Posting], balances: Mapping[int, Balance]) -> None:
        """Keeps a shilling."""
        more = {number: Balance(each.available + 100, each.reserved) for number, each in balances.items()}
        super().add_postings(postings, more)


class AltersEntries(SimulatedUnit):
    """Corrects an old entry in place."""

    def add_postings(self, postings: Sequence[Posting], balances: Mapping[int, Balance]) -> None:
        """Keeps the new ones, and alters the first."""
        super().add_postings(postings, balances)
        self._connection.execute("DROP TRIGGER IF EXISTS entry_is_never_changed")
        self._connection.execute("UPDATE entry SET cents = cents + 1 WHERE number = 1")


class LosesEntries(SimulatedUnit):
    """Writes half of a posting, balances and all, past the database, which would refuse it."""

    def add_postings(self, postings: Sequence[Posting], balances: Mapping[int, Balance]) -> None:
        """Keeps the first entry."""
        self._connection.execute("DROP TRIGGER IF EXISTS posting_sums_to_zero")
        first = postings[0].entries[0]
        halves = [msgspec.structs.replace(each, entries=each.entries[:1]) for each in postings]
        super().add_postings(halves, {first.account: balances[first.account]})


class SendsTwice(SimulatedCourier):
    """Sends everything twice, as a client that retries."""

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes them twice."""
        super().post([*attempts, *attempts])


class SendsElsewhere(SimulatedCourier):
    """Sends results to a host of its own."""

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes them with another address."""
        super().post([msgspec.structs.replace(each, url="http://thief.test/") for each in attempts])


class RendersAgain(SimulatedCourier):
    """Sends an interrupted result again in other bytes."""

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Takes them; what is sent again gets a space more."""
        super().post(
            [
                msgspec.structs.replace(each, body=each.body + b" ") if each.resent else each
                for each in attempts
            ]
        )


class RedirectsAtTheEnd(SimulatedCourier):
    """Follows a redirect: the receiver that gets the result is not the one that was named."""

    def step(self) -> None:
        """Moves everything, what has departed to another address."""
        for parcel in self._network.travelling:
            parcel.attempt = self._elsewhere(parcel)
        super().step()

    def _elsewhere(self, parcel: Parcel) -> Attempt:
        return msgspec.structs.replace(parcel.attempt, url="http://thief.test/")


@dataclass(frozen=True)
class Case:
    """A broken platform and the promise that it breaks."""

    promise: str
    sabotage: Sabotage


CASES: Mapping[str, Case] = {
    "acknowledges what is not kept": Case("P1", Sabotage(lies=True)),
    "loses requests": Case("P1", Sabotage(unit_type=LosesRequests)),
    "loses the note that a request waits": Case("P1", Sabotage(unit_type=LosesIntake)),
    "keeps duplicates": Case("P2", Sabotage(unit_type=KeepsDuplicates)),
    "concludes twice": Case("P2", Sabotage(unit_type=ConcludesTwice)),
    "loses conclusions": Case("P2", Sabotage(unit_type=NeverConcludes)),
    "never takes up what a crash left": Case("P2", Sabotage(recovers=False)),
    "sends twice": Case("P3", Sabotage(courier_type=SendsTwice)),
    "sends again in other bytes": Case("P3", Sabotage(courier_type=RendersAgain)),
    "records no attempt": Case("P3", Sabotage(unit_type=MarksNothing)),
    "records no second attempt": Case("P3", Sabotage(unit_type=ForgetsResends)),
    "drops deliveries": Case("P3", Sabotage(unit_type=DropsDeliveries)),
    "says delivered": Case("P3", Sabotage(unit_type=AlwaysDelivered)),
    "changes balances": Case("P4", Sabotage(unit_type=ChangesBalances)),
    "alters an entry": Case("P4", Sabotage(unit_type=AltersEntries)),
    "loses an entry": Case("P4", Sabotage(unit_type=LosesEntries)),
    "forgets charges": Case("P4", Sabotage(unit_type=money.ForgetsCharges)),
    "pays twice": Case("P4", Sabotage(unit_type=money.PaysTwice)),
    "pays into another account": Case("P4", Sabotage(unit_type=money.PaysSomebodyElse)),
    "puts back half": Case("P4", Sabotage(unit_type=money.PutsBackHalf)),
    "takes the amount twice": Case("P4", Sabotage(unit_type=money.TakesTheAmountTwice)),
    "sets nothing aside": Case("P4", Sabotage(unit_type=money.SetsNothingAside)),
    "tells of payments that never were": Case("P4", Sabotage(unit_type=money.PaysWithoutPosting)),
    "finds too little where there is enough": Case("P4", Sabotage(unit_type=money.FindsTooLittle)),
    "acts twice": Case("P4", Sabotage(unit_type=money.ActsTwice)),
    "takes the money while the phone rings": Case("P2", Sabotage(unit_type=money.PaysWhatIsPrompted)),
    "has customers pay charges": Case("P4", Sabotage(unit_type=money.CustomersPayCharges)),
    "leaves a prompt on the phone": Case("P2", Sabotage(unit_type=money.ForgetsEndsOfPrompts)),
    "takes a wrong PIN for the right one": Case("P2", Sabotage(hears=CustomerWord.PIN_RIGHT)),
    "takes the right PIN for a wrong one": Case("P2", Sabotage(hears=CustomerWord.PIN_WRONG)),
    "brings money that can be spent at once": Case("P4", Sabotage(unit_type=money.BringsWhatCanBeSpent)),
    "clears half": Case("P4", Sabotage(unit_type=money.ClearsHalf)),
    "forgets who bears charges": Case("P1", Sabotage(unit_type=money.ForgetsBearers)),
    "changes who bears others' charges": Case("P4", Sabotage(unit_type=money.ChangesOthersBearers)),
    "forgets that an instruction is waited for": Case("P1", Sabotage(unit_type=money.ForgetsWhoWaits)),
    "frees what waits for an instruction": Case("P2", Sabotage(unit_type=money.FreesWhatWaits)),
    "takes a rejection for an acceptance": Case("P2", Sabotage(accepts=True)),
    "takes an acceptance for a rejection": Case("P2", Sabotage(accepts=False)),
    "takes a no for a yes": Case("P2", Sabotage(courier_type=money.HearsYes)),
    "sends elsewhere": Case("P5", Sabotage(courier_type=SendsElsewhere)),
    "follows redirects": Case("P5", Sabotage(courier_type=RedirectsAtTheEnd)),
    "records another address": Case("P5", Sabotage(unit_type=MarksAnotherHost)),
    "tells others' facts": Case("P5", Sabotage(unit_type=TellsOthersFacts)),
    "tells what was not found": Case("P5", Sabotage(unit_type=MarksRiches, courier_type=TellsRiches)),
    "shows credentials": Case("P6", Sabotage(unit_type=ShowsCredentials)),
    "keeps credentials": Case("P6", Sabotage(unit_type=KeepsCredentials)),
    "forgets wrong passwords": Case("locks", Sabotage(unit_type=ForgetsWrongPasswords)),
}
