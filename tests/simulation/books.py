"""P4 in the auditor's own words: the journal is append-only, sums to zero, and is what the balances say."""

import sqlite3
from collections import defaultdict
from typing import Any

from tests.simulation.tables import require

MAY_BE_NEGATIVE = {
    "Charges Paid Account",
    "M-PESA Trust Account",
    "M-PESA Charges Revenue Account",
}

SIZES = "SELECT (SELECT count(*) FROM posting), (SELECT count(*) FROM entry)"
Row = tuple[Any, ...]


class BookKeeper:
    """Keeps every posting and entry that it ever saw, and adds up what is new."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._postings: list[Row] = []
        self._entries: list[Row] = []
        self._accounts: list[Row] = []
        self._sizes: Row = ()
        self._sums: defaultdict[tuple[int, str], int] = defaultdict(int)

    def look(self, *, thorough: bool = False) -> None:
        """Checks everything that the ledger promises; what is old in the journal when something was added.

        ``thorough``: that, too, whatever was added.
        """
        accounts = self._connection.execute(
            "SELECT number, kind, currency, available, reserved, uncleared, holder FROM account"
        ).fetchall()
        sizes = self._connection.execute(SIZES).fetchone()
        if not thorough and (accounts, sizes) == (self._accounts, self._sizes):
            return  # they added up the last time
        self._sizes = sizes
        self._append({account[0]: account[2] for account in accounts})
        self._accounts = accounts
        for number, kind, _, *balance, holder in accounts:
            added = [self._sums[number, bucket] for bucket in ("available", "reserved", "uncleared")]
            require(
                added == balance, "P4", f"the balance of account {number} of {holder} is not its entries' sum"
            )
            floor = kind in MAY_BE_NEGATIVE or min(balance) >= 0
            require(floor, "P4", f"account {number} of {holder} is below its floor")

    def _append(self, currencies: dict[int, str]) -> None:
        postings = self._connection.execute("SELECT * FROM posting ORDER BY number").fetchall()
        entries = self._connection.execute(
            "SELECT posting, account, bucket, cents, number FROM entry ORDER BY number"
        ).fetchall()
        known, known_entries = len(self._postings), len(self._entries)
        require(postings[:known] == self._postings, "P4", "an old posting is not what it was")
        require(entries[:known_entries] == self._entries, "P4", "an old entry is not what it was")
        new = entries[known_entries:]
        totals: defaultdict[tuple[int, str], int] = defaultdict(int)
        for posting, account, bucket, cents, _ in new:
            totals[posting, currencies[account]] += cents
            self._sums[account, bucket] += cents
        require(not any(totals.values()), "P4", "the entries of a posting do not sum to zero")
        numbers = {row[0] for row in postings[known:]}
        require({row[0] for row in new} == numbers, "P4", "postings and entries do not belong together")
        self._postings, self._entries = postings, entries
