"""The auditor's naive ledger: what each request and each act must have moved, worked out by hand (P4).

It knows the parties, the tariffs and what everybody held at the beginning; from there on it goes by what was
asked and how that ended, and the journal has to agree with it, posting by posting.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.simulation.tables import require

Key = tuple[str, str]
"""Holder and kind of an account."""
Moves = dict[tuple[Key, str], int]
"""Cents by account and bucket."""
Charge = tuple[int, int]
"""Cents, and how many of them are the customer's."""
PLATFORM = "M-PESA"
WORKING, UTILITY, MERCHANT = "Working Account", "Utility Account", "Merchant Account"
OWED, CUSTOMER = "Charges Paid Account", "MMF Account For Customer"
TRUST, EARNED = (PLATFORM, "M-PESA Trust Account"), (PLATFORM, "M-PESA Charges Revenue Account")
OUT_OF = {"MerchantTransferFromMerchantToWorking": MERCHANT}
INTO = {
    "BusinessBuyGoods": MERCHANT,
    "MerchantTransferFromMerchantToWorking": WORKING,
}
"""By B2B command; all others go from Working to Utility."""
OWN = ("BusinessTransferFromMMFToUtility", "MerchantTransferFromMerchantToWorking")
"""Moves of one's own, which cost nothing."""
BUCKETS = ("available", "reserved", "uncleared")
EAST_AFRICA = timedelta(hours=3)


@dataclass(frozen=True)
class Posted:
    """A posting of the journal."""

    number: int
    receipt: str | None
    at: datetime
    moves: Moves


@dataclass
class State:
    """What everybody holds."""

    cents: dict[tuple[Key, str], int] = field(default_factory=lambda: defaultdict(int))

    def of(self, holder: str) -> dict[str, tuple[int, ...]]:
        """The balances of a holder by kind of account."""
        kinds = dict.fromkeys(kind for (owner, kind), _ in self.cents if owner == holder)
        return {kind: tuple(self.cents.get(((holder, kind), each), 0) for each in BUCKETS) for kind in kinds}

    def accounts(self) -> set[Key]:
        """All that there are."""
        return {key for key, _ in self.cents}

    def after(self, moves: Mapping[tuple[Key, str], int]) -> "State":
        """The same, once that has moved."""
        cents = dict(self.cents)
        for place, change in moves.items():
            cents[place] = cents.get(place, 0) + change
        return State(cents)


def netted(moves: Iterable[tuple[Key, str, int]]) -> Moves:
    """What they come to, nothing left out but what is nothing."""
    sums: Moves = defaultdict(int)
    for key, bucket, cents in moves:
        sums[key, bucket] += cents
    return {place: cents for place, cents in sums.items() if cents}


class Rules:
    """What moves, by the pages: pure, but for the tariffs and parties that it read at the beginning."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.kinds = dict(connection.execute("SELECT short_code, kind FROM organization").fetchall())
        self._own_numbers = dict(connection.execute("SELECT short_code, settles_to FROM organization"))
        self.bearers: Mapping[str, str] = dict(
            connection.execute("SELECT short_code, charges_borne_by FROM organization").fetchall()
        )
        """By short code who bears its charges: as it was before what is looked at was decided."""
        self._tariffs = connection.execute(
            "SELECT kind, borne_by, effective_from, up_to, charge, customer_share FROM tariff_band"
        ).fetchall()

    def revenue(self, short_code: str) -> Key:
        """The account that receipts come into."""
        return short_code, MERCHANT if self.kinds[short_code] == "buy goods" else UTILITY

    def paid(self, query: Mapping[str, Any], at: datetime, agreed: Charge | None = None) -> Moves:
        """What a payment moves at once that is made: of a customer, to one, or between organizations.

        ``agreed``: the charge, if its amount was set aside before.
        """
        party, cents = query["party"], query["cents"]
        if query["type"] in ("c2b", "express"):
            sides, kind = ((query["payer"], CUSTOMER), self.revenue(party)), "C2B"
        elif query["type"] == "b2c":
            sides, kind = ((party, UTILITY), (query["receiver"], CUSTOMER)), "B2C"
        else:
            command = query["command"]
            account = OUT_OF.get(command, WORKING), INTO.get(command, UTILITY)
            sides, kind = ((party, account[0]), (query["receiver"], account[1])), "B2B"
        free = query["command"] in OWN
        charge, share = agreed or ((0, 0) if free else self.charge(party, kind, cents, at))
        customer = next((each for each in sides if each[1] == CUSTOMER), sides[0])
        owed = _across((party, OWED), EARNED, charge - share)
        return netted([*_across(*sides, cents), *owed, *_across(customer, EARNED, share)])

    def set_aside(self, query: Mapping[str, Any], at: datetime) -> Moves:
        """What waits while an organization is asked: the amount, and the customer's share of the charge."""
        payer, cents = (query["payer"], CUSTOMER), query["cents"]
        cents += self.charge(query["party"], "C2B", cents, at)[1]
        return {(payer, "available"): -cents, (payer, "reserved"): cents}

    def settled(self, short_code: str, held: State) -> Moves:
        """Charges out of the revenue, the rest to Working; a B2C short code has no revenue to move."""
        revenue, owed = self.revenue(short_code), held.cents[(short_code, OWED), "available"]
        taken = held.cents[revenue, "available"]
        if self.kinds[short_code] == "B2C":
            taken = min(taken, max(0, -owed))
        places = ((revenue, -taken), ((short_code, OWED), -owed), ((short_code, WORKING), taken + owed))
        return netted((key, "available", cents) for key, cents in places)

    def withdrawn(self, short_code: str, cents: int) -> Moves:
        """To the organization's own number, or out of the country's M-PESA."""
        number = self._own_numbers[short_code]
        receiver = (number, CUSTOMER) if number is not None else TRUST
        return netted(_across((short_code, WORKING), receiver, cents))

    def arrived(self, holder: str, cents: int) -> Moves:
        """From abroad: out of the country's M-PESA, and it is not clear yet."""
        return {(TRUST, "available"): -cents, (self.home(holder), "uncleared"): cents}

    def cleared(self, holder: str, held: State) -> Moves:
        """All that is not clear."""
        home, cents = self.home(holder), self.uncleared(holder, held)
        return netted([(home, "uncleared", -cents), (home, "available", cents)])

    def uncleared(self, holder: str, held: State) -> int:
        """What came from abroad and is not clear."""
        return held.cents.get((self.home(holder), "uncleared"), 0)

    def home(self, holder: str) -> Key:
        """The account that money from abroad comes into."""
        return holder, WORKING if holder in self.kinds else CUSTOMER

    def lacks(self, short_code: str, held: State) -> bool:
        """Whether its revenue is less than the charges that it owes."""
        owed = held.cents[(short_code, OWED), "available"]
        return held.cents[self.revenue(short_code), "available"] + owed < 0

    def is_bounded(self, holder: str, *, withdraws: bool) -> bool:
        """Whether what it gets, or takes out, comes into a customer's account: those have limits."""
        return self._own_numbers.get(holder) is not None if withdraws else holder not in self.kinds

    def charge(self, short_code: str, kind: str, cents: int, at: datetime) -> Charge:
        """What a payment of that kind costs on that day."""
        day = (at + EAST_AFRICA).date().isoformat()
        bearer = self.bearers[short_code] if kind != "B2B" else "organization"
        begun = [each[2:] for each in self._tariffs if each[:2] == (kind, bearer) and each[2] <= day]
        latest = max((each[0] for each in begun), default="")
        bands = sorted(each[1:] for each in begun if each[0] == latest)
        found = next((each for each in bands if cents <= each[0]), bands[-1] if bands else (0, 0, 0))
        return found[1], found[2]


def _across(giver: Key, taker: Key, cents: int) -> list[tuple[Key, str, int]]:
    return [(giver, "available", -cents), (taker, "available", cents)]


class Journal:
    """Reads postings as they come."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._accounts = {
            number: (holder, kind)
            for number, holder, kind in connection.execute("SELECT number, holder, kind FROM account")
        }
        self._last = 0
        self._rows: list[tuple[Any, ...]] = []
        self._balances = State()
        """What those rows say; most steps leave them as they are."""

    def news(self) -> list[Posted]:
        """Those that came since the last call, in their order."""
        entries: defaultdict[int, list[tuple[Key, str, int]]] = defaultdict(list)
        for posting, account, bucket, cents in self._connection.execute(
            "SELECT posting, account, bucket, cents FROM entry WHERE posting > ? ORDER BY number",
            (self._last,),
        ):
            entries[posting].append((self._accounts[account], bucket, cents))
        rows = self._connection.execute(
            "SELECT number, receipt, at FROM posting WHERE number > ? ORDER BY number", (self._last,)
        ).fetchall()
        self._last = max((row[0] for row in rows), default=self._last)
        epoch = datetime(1970, 1, 1, tzinfo=UTC)
        return [
            Posted(number, receipt, epoch + timedelta(microseconds=at), netted(entries[number]))
            for number, receipt, at in rows
        ]

    def balances(self) -> State:
        """What the table of accounts says."""
        rows = self._connection.execute(
            "SELECT holder, kind, available, reserved, uncleared FROM account"
        ).fetchall()
        if rows != self._rows:
            cents = {
                ((holder, kind), bucket): value
                for holder, kind, *balance in rows
                for bucket, value in zip(BUCKETS, balance, strict=True)
            }
            self._rows, self._balances = rows, State(cents)
        return self._balances


def require_moves(what: str, found: Moves, wanted: Moves) -> None:
    """The journal says what the naive ledger says."""
    require(found == wanted, "P4", f"{what} moved {_words(found)}, should have {_words(wanted)}")


def _words(moves: Moves) -> str:
    return ", ".join(f"{cents} {bucket} of {key}" for (key, bucket), cents in sorted(moves.items()))
