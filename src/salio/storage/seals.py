"""Seals: one chained hash for each commit that adds to the journal, so that a changed row is seen.

A seal is numbered by the last posting that it covers. Its digest is SHA-256 over the digest of the seal
before and one over what the commit added: whoever changes, adds or takes away a row has to change every later
seal.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

import msgspec

from salio.core.ledger.postings import Posting
from salio.storage.ports import Checked, Seal
from salio.storage.rows import Row, instant

MOST_AT_ONCE = 250
"""Seals that one round of a check reads, with all their postings: some ten thousand under load."""


def content(rows: Iterable[Row]) -> bytes:
    """The digest of postings; each row has the posting's columns, then account, bucket and cents of an entry.

    A posting without entries has one row that ends in nothing. The order of rows does not matter.
    """
    return _digest(
        (number, at, narrative, receipt or "", account or 0, bucket or "", cents or 0)
        for number, at, narrative, receipt, account, bucket, cents in rows
    )


def content_of(postings: Sequence[Posting]) -> bytes:
    """The digest of postings about to be written."""
    return _digest(line for each in postings for line in _lines(each))


def _lines(posting: Posting) -> list[Row]:
    """What is sealed of it; who pays whom is the transaction's, and not."""
    at, receipt = instant(posting.at), posting.receipt or ""
    return [
        (posting.number, at, posting.narrative, receipt, each.account, each.bucket.value, each.cents)
        for each in posting.entries
    ]


def _digest(lines: Iterable[Row]) -> bytes:
    return sha256(msgspec.json.encode(sorted(lines))).digest()


def chained(before: bytes, added: bytes) -> bytes:
    """The digest of a seal: before it that of the last one, or nothing."""
    return sha256(before + added).digest()


def check(
    seals_after: Callable[[int, int], Sequence[Row]], journal: Callable[[int, int], Sequence[Row]]
) -> Checked:
    """Holds the whole journal against its seals.

    ``seals_after`` reads some seals after a number; ``journal`` the rows of the postings after a number, up
    to and with another, in their order.
    """
    digest, last, sealed, unsealed = b"", 0, 0, 0
    while seals := [Seal(*row) for row in seals_after(last, MOST_AT_ONCE)]:
        rows = journal(last, seals[-1].last)
        place = 0
        for seal in seals:
            covered: list[Row] = []
            while place < len(rows) and rows[place][0] <= seal.last:
                covered.append(rows[place])
                place += 1
            early = {row[0] for row in covered if row[0] < seal.first}
            if early and sealed:
                return Checked(sealed=sealed, unsealed=unsealed, stray=min(early))
            unsealed += len(early)
            digest = chained(digest, content(row for row in covered if row[0] >= seal.first))
            if digest != seal.digest:
                return Checked(sealed=sealed, unsealed=unsealed, broken=seal)
            sealed, last = sealed + 1, seal.last
    rest = sorted({row[0] for row in journal(last, 2**63 - 1)})
    if rest and sealed and not seals_after(last, 1):  # what was added since the last look has its seal
        return Checked(sealed=sealed, unsealed=unsealed, stray=rest[0])
    return Checked(sealed=sealed, unsealed=unsealed + (0 if sealed else len(rest)))
