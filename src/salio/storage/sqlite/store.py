"""One environment's store in one SQLite file: the core's :class:`~salio.core.ports.Store`."""

import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

from salio.core.audit.inbox import ReceivedCallback
from salio.core.audit.notes import Note
from salio.core.audit.refusals import RefusedRequest
from salio.core.ledger.accounts import Account, Balance
from salio.core.ledger.day_totals import DayTotal
from salio.core.ledger.postings import Posting
from salio.core.ledger.tariffs import LimitRow, TariffBand
from salio.core.parties.customers import Customer
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Operator
from salio.core.parties.organizations import ChargeBearer, Organization
from salio.core.parties.registration import Registration
from salio.core.ports import AcceptedRequest, StoreWouldWaitError
from salio.core.requests.deliveries import Attempt, AttemptEnd, OpenDelivery
from salio.core.requests.findings import FOUND
from salio.core.requests.outcomes import Conclusion
from salio.core.requests.prompts import CustomerWord
from salio.core.requests.queries import Request
from salio.core.requests.transaction_status import FoundTransactions
from salio.core.transactions.originals import Original
from salio.core.transactions.transaction import Transaction
from salio.storage import rows, tariff_rows
from salio.storage.ports import Checked
from salio.storage.seals import chained, check, content_of
from salio.storage.sqlite import statements
from salio.storage.sqlite.connection import IMPATIENCE, PATIENCE, reaching

REFUSALS_KEPT = 100_000

PRIMARY_CODE = 0xFF
"""The byte of SQLite's extended codes that says what it is."""

CROWD = 520
"""Rows of one commit that many payments came to: 64 balance queries are fewer."""
SHORT_LOG = "PRAGMA wal_autocheckpoint = 1000"
"""4 MB, then the log is copied into the file: whoever waits for that waits less."""
LONG_LOG = "PRAGMA wal_autocheckpoint = 4000"
"""16 MB: such a commit is slow itself, and a page that many payments touch is copied once for several."""


class SqliteUnit:
    """The writes of one turn, on the writer's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Keeps the requests; the numbers of those whose OriginatorConversationID the app used before."""
        duplicates = self._claim_chosen_ids(
            [each.request for each in accepted if each.request.chosen_by_caller]
        )
        kept = (
            [each for each in accepted if each.request.number not in duplicates] if duplicates else accepted
        )
        statements.add_requests.run(self._connection, [rows.request_row(each.request) for each in kept])
        statements.add_intake.run(self._connection, [(each.request.number, each.credential) for each in kept])
        return duplicates

    def _claim_chosen_ids(self, requests: Sequence[Request]) -> set[int]:
        duplicates = set()
        for each in requests:
            key = (each.app_number, each.originator_conversation_id)
            if self._connection.execute(statements.chosen_before, key).fetchone():
                duplicates.add(each.number)
            else:
                statements.add_chosen_ids.run(self._connection, [(*key, each.number)])
        return duplicates

    def add_usage(self, day: str, accepted: Mapping[int, int]) -> None:
        """Adds to the day's count of accepted requests, by app number."""
        for app, count in accepted.items():
            self._connection.execute(statements.add_usage, (day, app, count))

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Records how requests ended, drops their credentials and opens their deliveries."""
        statements.add_conclusions.run(self._connection, [rows.conclusion_row(each) for each in conclusions])

    def add_prompts(self, receipts: Mapping[int, str]) -> None:
        """Phones show these from now on, if they did not before."""
        shown = [(number, receipt, None) for number, receipt in receipts.items()]
        statements.add_prompts.run(self._connection, shown)

    def answer_prompts(self, words: Mapping[int, CustomerWord]) -> Collection[int]:
        """Keeps answers; the numbers of those that a phone shows and nobody had answered."""
        answer = statements.answer_prompt
        return [
            number
            for number, word in words.items()
            if self._connection.execute(answer, (word.value, number)).rowcount
        ]

    def end_prompts(self, numbers: Collection[int]) -> Mapping[int, CustomerWord]:
        """No phone shows these any more; how those that had been answered were."""
        answered = rows.read_words(statements.words_of.find(self._connection, list(numbers)))
        statements.end_prompts.run(self._connection, [(each,) for each in numbers])
        return answered

    def save_operators(self, operators: Sequence[Operator]) -> None:
        """Writes the state of known operators."""
        for each in operators:
            number, *columns = rows.operator_row(each)
            self._connection.execute(statements.save_operator, (*columns, number))

    def save_charge_bearers(self, bearers: Mapping[str, ChargeBearer]) -> None:
        """Writes who bears the charges of organizations, by short code."""
        for short_code, bearer in bearers.items():
            self._connection.execute(statements.save_charge_bearer, (bearer.value, short_code))

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Marks attempts as started and keeps their bytes; a resend keeps only its instant."""
        first = [rows.attempt_row(each) for each in attempts if not each.resent]
        again = [(each.number, rows.instant(each.started_at)) for each in attempts if each.resent]
        statements.add_attempts.run(self._connection, first)
        statements.add_resends.run(self._connection, again)

    def end_attempts(self, ends: Sequence[AttemptEnd]) -> None:
        """Records how attempts ended and closes their deliveries."""
        statements.add_attempt_ends.run(
            self._connection,
            [(each.number, rows.instant(each.ended_at), each.status, each.fault) for each in ends],
        )

    def add_refusals(self, refusals: Sequence[RefusedRequest]) -> None:
        """Keeps refused requests with their causes; the oldest make room."""
        statements.add_refusals.run(self._connection, [rows.refusal_row(each) for each in refusals])
        self._connection.execute(statements.drop_old_refusals, (REFUSALS_KEPT,))

    def add_notes(self, notes: Sequence[Note]) -> None:
        """Keeps notes on requests."""
        statements.add_notes.run(self._connection, [rows.note_row(each) for each in notes])

    def add_postings(self, postings: Sequence[Posting], changes: Mapping[int, Balance]) -> None:
        """Appends to the journal, seals what was appended, and adds the changes to the balances.

        ``changes``: what the postings come to, for every account of theirs.
        """
        added = [(number, each.available, each.reserved, each.uncleared) for number, each in changes.items()]
        changed = statements.change_balances.run(self._connection, added)
        held = {number: current - changes[number].current for number, current in changed}
        statements.add_entries.run(self._connection, rows.entry_rows(postings, held))
        # Behind its entries: each posting is refused by the database unless they sum to zero.
        statements.add_postings.run(self._connection, rows.posting_rows(postings))
        if postings:
            self._seal(postings)

    def _seal(self, postings: Sequence[Posting]) -> None:
        latest = self._connection.execute(statements.latest_seal).fetchone()
        digest = chained(latest[0] if latest else b"", content_of(postings))
        statements.add_seals.run(self._connection, [(postings[-1].number, postings[0].number, digest)])

    def add_organizations(self, organizations: Sequence[Organization]) -> None:
        """Adds organizations, parents before children."""
        statements.add_organizations.run(
            self._connection, [rows.organization_row(each) for each in organizations]
        )

    def add_customers(self, customers: Sequence[Customer]) -> None:
        """Adds customers."""
        statements.add_customers.run(self._connection, [rows.customer_row(each) for each in customers])

    def add_operators(self, operators: Sequence[Operator]) -> None:
        """Adds operators."""
        statements.add_operators.run(self._connection, [rows.operator_row(each) for each in operators])

    def add_accounts(self, accounts: Sequence[Account]) -> None:
        """Opens accounts at zero: only a posting moves them."""
        statements.add_accounts.run(
            self._connection, [rows.account_row(each, Balance()) for each in accounts]
        )

    def add_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Adds transactions."""
        statements.add_transactions.run(
            self._connection, [rows.transaction_row(each) for each in transactions]
        )
        statements.add_reversals.run(self._connection, rows.reversal_rows(transactions))

    def save_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Writes later states of known transactions."""
        statements.save_transactions.run(
            self._connection, [rows.transaction_row(each) for each in transactions]
        )

    def save_registrations(self, registrations: Sequence[Registration]) -> None:
        """Writes what is registered for short codes, each instead of what was before."""
        for each in registrations:
            self._connection.execute(statements.save_registration, rows.registration_row(each))

    def add_tariffs(self, bands: Sequence[TariffBand], limits: Sequence[LimitRow]) -> None:
        """Adds bands of tariffs, and limits."""
        statements.add_tariffs.run(self._connection, [tariff_rows.tariff_row(each) for each in bands])
        statements.add_limits.run(self._connection, [tariff_rows.limit_row(each) for each in limits])

    def add_to_inbox(self, callbacks: Sequence[ReceivedCallback]) -> None:
        """Keeps callbacks that came to the built-in inbox."""
        kept = [(None, each.inbox, rows.instant(each.received_at), each.body) for each in callbacks]
        statements.add_inbox.run(self._connection, kept)

    def touch(self) -> None:
        """Writes the file's first page again: an empty commit would succeed on a full disk."""
        self._connection.execute("PRAGMA user_version = 0")


class SqliteStore:
    """Fits :class:`salio.core.ports.Store`. One user at a time: the writer, or its commit."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._log = ""
        """How long the log may become: what was said last."""

    @contextmanager
    def unit(self, *, at_once: bool = False) -> Iterator[SqliteUnit]:
        """One transaction: committed whole at the end of the block, or not at all.

        ``at_once``: raises StoreWouldWaitError while another program writes.
        """
        with reaching():
            self._begin(at_once=at_once)
            before = self._connection.total_changes
            try:
                yield SqliteUnit(self._connection)
                self._limit_log(self._connection.total_changes - before)
                self._connection.execute("COMMIT")
            except BaseException:
                self._roll_back()
                raise

    def _begin(self, *, at_once: bool) -> None:
        if not at_once:
            self._connection.execute("BEGIN IMMEDIATE")
            return
        self._connection.execute(IMPATIENCE)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & PRIMARY_CODE == sqlite3.SQLITE_BUSY:
                raise StoreWouldWaitError("another program writes to the file") from error
            raise
        finally:
            self._connection.execute(PATIENCE)

    def _limit_log(self, changes: int) -> None:
        """The commit of so many rows copies the log into the file, if it is longer than this."""
        log = LONG_LOG if changes >= CROWD else SHORT_LOG
        if log is not self._log:
            self._connection.execute(log)
            self._log = log

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    def find_transactions(
        self, receipts: Collection[str], originator_conversation_ids: Collection[str]
    ) -> FoundTransactions:
        """The transactions of these receipts and conversations."""
        with reaching():
            by_receipt = statements.transactions_by_receipt.find(self._connection, list(receipts))
            by_id = statements.transactions_by_conversation.find(
                self._connection, list(originator_conversation_ids)
            )
        conversations: dict[str, list[Transaction]] = {}
        for row in by_id:
            conversations.setdefault(row[1], []).append(rows.read_transaction(row))
        return FoundTransactions({row[0]: rows.read_transaction(row) for row in by_receipt}, conversations)

    def find_originals(self, receipts: Collection[str]) -> Mapping[str, Original]:
        """The transactions of these receipts with what they moved, by receipt."""
        with reaching():
            return rows.read_originals(statements.originals.find(self._connection, list(receipts)))

    def next_request_number(self) -> int:
        """The number after the highest ever given."""
        return int(self._read(statements.highest_request)[0][0] or 0) + 1

    def next_posting_number(self) -> int:
        """The number after the highest in the journal."""
        return int(self._read(statements.highest_posting)[0][0] or 0) + 1

    def totals_since(self, moment: datetime) -> dict[int, DayTotal]:
        """What transactions brought into and took out of each account since then, by account number."""
        found = self._read(statements.totals_since, (rows.instant(moment),))
        return {row[0]: DayTotal(int(row[1]), int(row[2])) for row in found}

    def tariffs(self) -> tuple[list[TariffBand], list[LimitRow]]:
        """Every band and every limit there ever was."""
        bands, limits = self._read(statements.all_tariffs), self._read(statements.all_limits)
        return [tariff_rows.read_tariff(row) for row in bands], [
            tariff_rows.read_limit(row) for row in limits
        ]

    def registrations(self) -> list[Registration]:
        """Where organizations hear of their customers' payments."""
        return [rows.read_registration(row) for row in self._read(statements.all_registrations)]

    def check_journal(self) -> Checked:
        """Holds the journal against its seals."""
        return check(
            lambda after, most: self._read(statements.seals_after, (after, most, 0)),
            lambda after, until: self._read(statements.journal_between, (after, until)),
        )

    def customers_words(self) -> Mapping[int, CustomerWord]:
        """By request how prompts were answered, whose payments have not ended."""
        return rows.read_words(self._read(statements.customers_words))

    def undecided(self) -> list[AcceptedRequest]:
        """Accepted requests without a conclusion, oldest first."""
        found = self._read(statements.undecided)
        return [rows.read_accepted(row) for row in found]

    def undelivered(self) -> list[OpenDelivery]:
        """Conclusions whose delivery has not ended, oldest first, with the attempts they had."""
        return [rows.read_open_delivery(row) for row in self._read(statements.undelivered, (FOUND + "%",))]

    def due(self, numbers: Sequence[int]) -> list[tuple[Request, Conclusion]]:
        """The requests and conclusions of these numbers, in their order."""
        with reaching():
            found = statements.due.find(self._connection, list(numbers))
        return [rows.read_due(row) for row in found]

    def look_up(self, number: int) -> tuple[Request, Conclusion | None] | None:
        """The request of that number, and how it ended if it has."""
        found = self._read(statements.look_up, (number,))
        return rows.read_looked_up(found[0]) if found else None

    def directory(self) -> Directory:
        """Every party, read anew."""
        return Directory(
            map(rows.read_organization, self._read(statements.all_organizations)),
            map(rows.read_customer, self._read(statements.all_customers)),
            map(rows.read_operator, self._read(statements.all_operators)),
        )

    def accounts(self) -> tuple[list[Account], dict[int, Balance]]:
        """Every account and the balance of each by its number."""
        read = [rows.read_account(row) for row in self._read(statements.all_accounts)]
        return [account for account, _ in read], {account.number: balance for account, balance in read}

    def usage(self, day: str) -> dict[int, int]:
        """Accepted requests of the day, by app number."""
        return {row[0]: row[1] for row in self._read(statements.usage_of_day, (day,))}

    def inbox(self, name: str, most: int) -> list[ReceivedCallback]:
        """The newest callbacks of one inbox, newest first."""
        return [rows.read_callback(row) for row in self._read(statements.inbox_of_name, (name, most, 0))]

    def is_empty(self) -> bool:
        """Whether no organization was ever added."""
        return not self._read(statements.all_organizations)

    def close(self) -> None:
        """Closes the file; SQLite folds its log back in."""
        self._connection.close()

    def _read(self, statement: str, parameters: Sequence[object] = ()) -> list[rows.Row]:
        with reaching():
            return self._connection.execute(statement, parameters).fetchall()
