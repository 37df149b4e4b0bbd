"""Platforms that are broken where money moves; what they write is in order, and not what was asked."""

from collections.abc import Mapping, Sequence

import msgspec

from salio.core.ledger.accounts import AccountKind, Balance, Bucket
from salio.core.ledger.postings import Entry, Posting, changes_of
from salio.core.parties.organizations import ChargeBearer
from salio.core.requests.abroad import ARRIVAL, CLEARING
from salio.core.requests.deliveries import AttemptEnd
from salio.core.requests.outcomes import Conclusion
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction
from tests.simulation.crashes import SimulatedUnit
from tests.simulation.network import ANSWERS, Parcel, SimulatedCourier


class ChangesPostings(SimulatedUnit):
    """Writes other entries than were decided, and balances that fit them."""

    def add_postings(self, postings: Sequence[Posting], balances: Mapping[int, Balance]) -> None:
        """Keeps them as :meth:`changed` makes them."""
        del balances
        others = [msgspec.structs.replace(each, entries=self.changed(each)) for each in postings]
        super().add_postings(others, changes_of(others))

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """What is written instead."""
        return posting.entries


class ForgetsCharges(ChangesPostings):
    """Makes payments for nothing."""

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """Of a payment to a customer, which has a charge, the first two."""
        return posting.entries[:2] if posting.kind is TransactionKind.B2C else posting.entries


class PaysTwice(ChangesPostings):
    """Pays organizations twice what was asked."""

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """Each of it, doubled."""
        if posting.kind is not TransactionKind.B2B:
            return posting.entries
        return tuple(msgspec.structs.replace(each, cents=2 * each.cents) for each in posting.entries)


class PaysSomebodyElse(ChangesPostings):
    """Puts customers' payments into another account of the organization's."""

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """The account before the right one has the money."""
        if posting.kind is not TransactionKind.C2B:
            return posting.entries
        return tuple(
            msgspec.structs.replace(each, account=each.account - 1)
            if each.cents > 0 and each.bucket is Bucket.AVAILABLE
            else each
            for each in posting.entries
        )


class PutsBackHalf(ChangesPostings):
    """Reverses half of a payment."""

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """Each of it, halved: the amounts are even, in cents."""
        if posting.kind is not TransactionKind.REVERSAL:
            return posting.entries
        return tuple(msgspec.structs.replace(each, cents=each.cents // 2) for each in posting.entries)


class TakesTheAmountTwice(ChangesPostings):
    """Pays what was set aside out of what is available, and leaves it set aside."""

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """What leaves a reserve leaves the same account's available money instead."""
        return tuple(
            msgspec.structs.replace(each, bucket=Bucket.AVAILABLE)
            if each.bucket is Bucket.RESERVED and each.cents < 0
            else each
            for each in posting.entries
        )


class SetsNothingAside(ChangesPostings):
    """Asks an organization about money that its customer may spend meanwhile."""

    def add_postings(self, postings: Sequence[Posting], balances: Mapping[int, Balance]) -> None:
        """Keeps those that set nothing aside."""
        moving = [each for each in postings if not each.narrative.startswith("Set aside")]
        super().add_postings(moving, balances)


class PaysWithoutPosting(SimulatedUnit):
    """Tells of payments that it never made."""

    def add_postings(self, postings: Sequence[Posting], balances: Mapping[int, Balance]) -> None:
        """Keeps nothing."""


class FindsTooLittle(SimulatedUnit):
    """Says that there was too little where there was enough."""

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Keeps them; the words of a refusal by a limit are another's."""
        super().add_conclusions(conclusions)
        self._connection.execute(
            "UPDATE conclusion SET outcome = 'balance insufficient',"
            " decision = json_set(decision, '$.outcome', 'balance insufficient')"
            " WHERE outcome = 'amount too small'"
        )


class ActsTwice(SimulatedUnit):
    """Writes every act twice."""

    def add_postings(self, postings: Sequence[Posting], balances: Mapping[int, Balance]) -> None:
        """Keeps them, and those of acts once more under another receipt."""
        acts = [each for each in postings if each.narrative.startswith(("Organization", ARRIVAL))]
        super().add_postings(postings, balances)
        for each in acts:
            self._connection.execute(
                "INSERT INTO transaction_ SELECT receipt || 'X', NULL, details FROM transaction_"
                " WHERE receipt = ?",
                (each.receipt,),
            )
            again = msgspec.structs.replace(each, number=each.number + 1_000_000, receipt=f"{each.receipt}X")
            super().add_postings([again], changes_of([again]))


class HearsYes(SimulatedCourier):
    """Takes every answer of an organization for a yes."""

    def _end(self, parcel: Parcel) -> AttemptEnd:
        end = super()._end(parcel)
        return msgspec.structs.replace(end, answer=ANSWERS[0]) if end.asked else end


class CustomersPayCharges(ChangesPostings):
    """Has customers bear what their payments cost."""

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """The third entry is the organization's charge: the account of the first has it."""
        if posting.kind is not TransactionKind.C2B or len(posting.entries) < 4:
            return posting.entries
        paid, taken, owed, *rest = posting.entries
        return (paid, taken, msgspec.structs.replace(owed, account=paid.account), *rest)


class BringsWhatCanBeSpent(ChangesPostings):
    """Money from abroad is clear when it comes."""

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """The last entry is the receiver's."""
        if posting.narrative != ARRIVAL:
            return posting.entries
        *passage, arrived = posting.entries
        return (*passage, msgspec.structs.replace(arrived, bucket=Bucket.AVAILABLE))


class ClearsHalf(ChangesPostings):
    """Clears half of what came from abroad."""

    def changed(self, posting: Posting) -> tuple[Entry, ...]:
        """Each of it, halved: the amounts are even, in cents."""
        if posting.narrative != CLEARING:
            return posting.entries
        return tuple(msgspec.structs.replace(each, cents=each.cents // 2) for each in posting.entries)


class ForgetsBearers(SimulatedUnit):
    """Does not keep who bears charges."""

    def save_charge_bearers(self, bearers: Mapping[str, ChargeBearer]) -> None:
        """Keeps nothing."""


class ChangesOthersBearers(SimulatedUnit):
    """Changes who bears charges for everybody at once."""

    def save_charge_bearers(self, bearers: Mapping[str, ChargeBearer]) -> None:
        """Keeps the first for all."""
        bearer = next(iter(bearers.values()))
        self._connection.execute("UPDATE organization SET charges_borne_by = ?", (bearer.value,))


class ForgetsWhoWaits(SimulatedUnit):
    """Leaves a payment that waits for an instruction as it was when its organization was asked."""

    def save_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Keeps the others."""
        pending = TransactionState.PENDING_AUTHORIZED
        super().save_transactions([each for each in transactions if each.state is not pending])


class FreesWhatWaits(SimulatedUnit):
    """Gives customers back what waits for an instruction, and does not say so."""

    def save_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Keeps them, and moves the amount out of the reserve."""
        super().save_transactions(transactions)
        find = "SELECT number FROM account WHERE holder = ? AND kind = ?"
        for each in transactions:
            if each.state is TransactionState.PENDING_AUTHORIZED:
                holder = (each.debit_party, AccountKind.CUSTOMER.value)
                account = self._connection.execute(find, holder).fetchone()[0]
                self._free(each, account)

    def _free(self, pending: Transaction, account: int) -> None:
        posting = Posting(
            number=2_000_000 + self._connection.execute("SELECT count(*) FROM posting").fetchone()[0],
            at=pending.initiated_at,
            narrative="too early",
            entries=(
                Entry(account, Bucket.RESERVED, -pending.cents),
                Entry(account, Bucket.AVAILABLE, pending.cents),
            ),
            receipt=pending.receipt,
            kind=pending.kind,
            parties=(pending.debit_party, pending.credit_party),
        )
        super().add_postings([posting], changes_of([posting]))


class PaysWhatIsPrompted(SimulatedUnit):
    """Takes the money when the phone begins to ring."""

    def add_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Keeps them, and those of prompts with a posting of their own."""
        super().add_transactions(transactions)
        for each in transactions:
            if each.state is TransactionState.INITIATED:
                self._take(each)

    def _take(self, opened: Transaction) -> None:
        find = "SELECT number FROM account WHERE holder = ? AND kind IN (?, ?) ORDER BY number DESC"
        kinds = AccountKind.CUSTOMER.value, AccountKind.WORKING.value
        payer, payee = (
            self._connection.execute(find, (party, *kinds)).fetchone()[0]
            for party in (opened.debit_party, opened.credit_party)
        )
        posting = Posting(
            number=1_000_000 + self._connection.execute("SELECT count(*) FROM posting").fetchone()[0],
            at=opened.initiated_at,
            narrative="at once",
            entries=(
                Entry(payer, Bucket.AVAILABLE, -opened.cents),
                Entry(payee, Bucket.AVAILABLE, opened.cents),
            ),
            receipt=opened.receipt,
            kind=opened.kind,
            parties=(opened.debit_party, opened.credit_party),
        )
        super().add_postings([posting], changes_of([posting]))


class ForgetsEndsOfPrompts(SimulatedUnit):
    """Leaves the transactions of prompts as they were when the phone rang."""

    def save_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Keeps those only that an organization was asked about: their money had been set aside."""
        super().save_transactions([each for each in transactions if not _is_prompt(each)])


def _is_prompt(transaction: Transaction) -> bool:
    return (transaction.conversation_id or "").startswith("ws_CO_")
