"""What everybody holds, as the naive ledger sees it: one number for each bucket, and who bears charges."""

from collections import defaultdict

from salio.core.ledger.accounts import Balance
from salio.core.parties.organizations import ChargeBearer
from salio.core.requests.outcomes import Outcome
from salio.core.transactions.kinds import TransactionKind
from tests.core.requests.country import BORNE, CHARGES, HELD, OPENINGS
from tests.core.requests.naive_rules import CUSTOMER, EARNED, FREE, OWED, TRUST, Held, Shares


class NaiveBooks:
    """See the module."""

    def __init__(self) -> None:
        self.available: dict[Held, int] = dict.fromkeys(HELD, 0)
        self.reserved: dict[Held, int] = dict.fromkeys(HELD, 0)
        self.uncleared: dict[Held, int] = dict.fromkeys(HELD, 0)
        self.received: defaultdict[Held, int] = defaultdict(int)
        """On the one day that there is."""
        self.bearers = dict(BORNE)
        """By short code."""
        for held, cents in OPENINGS.items():
            self.available[held] += cents
            self.available[TRUST] -= cents

    def shares(self, short_code: str, kind: TransactionKind) -> Shares:
        """What the organization and the customer bear; of payments between organizations the payer all."""
        charge, bearer = CHARGES[kind], self.bearers[short_code]
        if kind is TransactionKind.B2B or bearer is ChargeBearer.ORGANIZATION:
            return charge, 0
        return (0, charge) if bearer is ChargeBearer.CUSTOMER else (charge - charge // 2, charge // 2)

    def pay(
        self,
        cents: int,
        giver: Held,
        taker: Held,
        party: str = "",
        shares: Shares = FREE,
        *,
        back: bool = False,
    ) -> None:
        """From one to the other; ``party`` and the customer of both bear their shares, or get them back."""
        owed, borne = (-each for each in shares) if back else shares
        self.available[giver] -= cents
        self.available[taker] += cents
        self.received[taker] += cents
        self.available[EARNED] += owed + borne
        if owed:
            self.available[party, OWED] -= owed
        if borne:
            customer = giver if giver[1] is CUSTOMER else taker
            self.available[customer] -= borne
            self.received[customer] -= borne if customer is taker else 0

    def set_aside(self, payer: Held, cents: int) -> None:
        """It waits; less than nothing is free again."""
        self.available[payer] -= cents
        self.reserved[payer] += cents

    def above_limits(self, receiver: Held, cents: int) -> Outcome | None:
        """Why a customer may not gain so much, if it may not."""
        if self.received[receiver] + cents > 80_000:
            return Outcome.DAY_LIMIT_EXCEEDED
        holds = self.available[receiver] + self.reserved[receiver] + self.uncleared[receiver]
        return Outcome.BALANCE_LIMIT_EXCEEDED if holds + cents > 100_000 else None

    def balance(self, held: Held) -> Balance:
        """What an account holds."""
        return Balance(self.available[held], self.reserved[held], self.uncleared[held])
