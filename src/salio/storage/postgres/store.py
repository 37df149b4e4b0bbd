"""One environment's store in PostgreSQL: the core's :class:`~salio.core.ports.Store`."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec

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
from salio.storage.postgres import statements
from salio.storage.postgres.connection import Fence, Proof, Session
from salio.storage.seals import check, content_of

REFUSALS_KEPT = 100_000


class PostgresUnit:
    """The writes of one turn, each in one statement, on the writer's connection."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.proof: Proof | None = None
        """Of one row that only this unit can have written: with it, all of them are there."""

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Keeps the requests; the numbers of those whose OriginatorConversationID the app used before."""
        duplicates = self._claim_chosen_ids(
            [each.request for each in accepted if each.request.chosen_by_caller]
        )
        kept = [each for each in accepted if each.request.number not in duplicates]
        statements.add_requests.run(
            self._session, [(*rows.request_row(each.request), each.credential) for each in kept]
        )
        self._prove(
            statements.proof_of_request, [(each.request.number, each.request.accepted_at) for each in kept]
        )
        return duplicates

    def _claim_chosen_ids(self, requests: Sequence[Request]) -> set[int]:
        if not requests:
            return set()
        chosen = [(each.app_number, each.originator_conversation_id, each.number) for each in requests]
        claimed = self._session.fetch(statements.claim_chosen_ids, *zip(*chosen, strict=True))
        return {each.number for each in requests} - {row[0] for row in claimed}

    def add_usage(self, day: str, accepted: Mapping[int, int]) -> None:
        """Adds to the day's count of accepted requests, by app number."""
        if accepted:
            apps = sorted(accepted)  # one order for all, so that two units never wait for each other
            counts = [accepted[app] for app in apps]
            self._session.queue(statements.add_usage, [day] * len(apps), apps, counts)

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Records how requests ended, drops their credentials and opens their deliveries."""
        statements.add_conclusions.run(self._session, [rows.conclusion_row(each) for each in conclusions])
        self._prove(statements.proof_of_conclusion, [(each.number, each.decided_at) for each in conclusions])

    def add_prompts(self, receipts: Mapping[int, str]) -> None:
        """Phones show these from now on, if they did not before."""
        if receipts:
            self._session.queue(statements.add_prompts, list(receipts), list(receipts.values()))

    def answer_prompts(self, words: Mapping[int, CustomerWord]) -> Collection[int]:
        """Keeps answers; the numbers of those that a phone shows and nobody had answered."""
        if not words:
            return ()
        kept = [row[0] for row in self._session.fetch(statements.prompts_to_answer, list(words))]
        if kept:
            self._session.queue(statements.answer_prompts, kept, [words[each].value for each in kept])
        return kept

    def end_prompts(self, numbers: Collection[int]) -> Mapping[int, CustomerWord]:
        """No phone shows these any more; how those that had been answered were."""
        if not numbers:
            return {}
        shown = self._session.fetch(statements.prompts_to_end, list(numbers))
        if shown:
            self._session.queue(statements.end_prompts, [row[0] for row in shown])
        return rows.read_words(shown)

    def save_operators(self, operators: Sequence[Operator]) -> None:
        """Writes the state of known operators."""
        statements.save_operators.run(self._session, [rows.operator_row(each) for each in operators])

    def save_charge_bearers(self, bearers: Mapping[str, ChargeBearer]) -> None:
        """Writes who bears the charges of organizations, by short code."""
        saved = [(short_code, bearer.value) for short_code, bearer in sorted(bearers.items())]
        statements.save_charge_bearers.run(self._session, saved)

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Marks attempts as started and keeps their bytes; a resend keeps only its instant."""
        first = [rows.attempt_row(each) for each in attempts if not each.resent]
        again = [(each.number, rows.instant(each.started_at)) for each in attempts if each.resent]
        statements.add_attempts.run(self._session, first)
        statements.add_resends.run(self._session, again)
        for resent, statement in ((False, statements.proof_of_attempt), (True, statements.proof_of_resend)):
            started = [(each.number, each.started_at) for each in attempts if each.resent is resent]
            self._prove(statement, started)

    def end_attempts(self, ends: Sequence[AttemptEnd]) -> None:
        """Records how attempts ended and closes their deliveries."""
        ended = [(each.number, rows.instant(each.ended_at), each.status, each.fault) for each in ends]
        statements.add_attempt_ends.run(self._session, ended)
        self._prove(statements.proof_of_end, [(each.number, each.ended_at) for each in ends])

    def add_refusals(self, refusals: Sequence[RefusedRequest]) -> None:
        """Keeps refused requests with their causes; the oldest make room."""
        statements.add_refusals.run(self._session, [rows.refusal_row(each) for each in refusals])
        self._session.queue(statements.drop_old_refusals, REFUSALS_KEPT)

    def add_notes(self, notes: Sequence[Note]) -> None:
        """Keeps notes on requests."""
        kept = [rows.note_row(each) for each in notes]
        statements.add_notes.run(self._session, kept)
        if kept and self.proof is None:
            self.proof = Proof(statements.proof_of_note, tuple(kept[0][1:]))

    def add_postings(self, postings: Sequence[Posting], changes: Mapping[int, Balance]) -> None:
        """Appends to the journal, seals what was appended, and adds the changes to the balances."""
        statements.add_postings.run(self._session, rows.posting_rows(postings))
        statements.add_entries.run(self._session, rows.entry_rows(postings, {}))
        added = [(number, *msgspec.structs.astuple(change)) for number, change in sorted(changes.items())]
        statements.change_balances.run(self._session, added)
        if postings:
            sealed = (postings[-1].number, postings[0].number, content_of(postings))
            self._session.queue(statements.add_seal, *sealed)

    def add_organizations(self, organizations: Sequence[Organization]) -> None:
        """Adds organizations, parents before children."""
        statements.add_organizations.run(
            self._session, [rows.organization_row(each) for each in organizations]
        )

    def add_customers(self, customers: Sequence[Customer]) -> None:
        """Adds customers."""
        statements.add_customers.run(self._session, [rows.customer_row(each) for each in customers])

    def add_operators(self, operators: Sequence[Operator]) -> None:
        """Adds operators."""
        statements.add_operators.run(self._session, [rows.operator_row(each) for each in operators])

    def add_accounts(self, accounts: Sequence[Account]) -> None:
        """Opens accounts at zero: only a posting moves them."""
        statements.add_accounts.run(self._session, [rows.account_row(each, Balance()) for each in accounts])

    def add_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Adds transactions."""
        statements.add_transactions.run(self._session, [rows.transaction_row(each) for each in transactions])
        statements.add_reversals.run(self._session, rows.reversal_rows(transactions))

    def save_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Writes later states of known transactions."""
        statements.save_transactions.run(self._session, [rows.transaction_row(each) for each in transactions])

    def save_registrations(self, registrations: Sequence[Registration]) -> None:
        """Writes what is registered for short codes, each instead of what was before."""
        if registrations:
            kept = [rows.registration_row(each) for each in registrations]
            self._session.queue(statements.save_registrations, *zip(*kept, strict=True))

    def add_tariffs(self, bands: Sequence[TariffBand], limits: Sequence[LimitRow]) -> None:
        """Adds bands of tariffs, and limits."""
        statements.add_tariffs.run(self._session, [tariff_rows.tariff_row(each) for each in bands])
        statements.add_limits.run(self._session, [tariff_rows.limit_row(each) for each in limits])

    def add_to_inbox(self, callbacks: Sequence[ReceivedCallback]) -> None:
        """Keeps callbacks that came to the built-in inbox."""
        kept = [(None, each.inbox, rows.instant(each.received_at), each.body) for each in callbacks]
        statements.add_inbox.run(self._session, kept)

    def _prove(self, statement: str, written: Sequence[tuple[int, datetime]]) -> None:
        if written:
            number, at = written[0]
            self.proof = Proof(statement, (number, rows.instant(at)))

    def touch(self) -> None:
        """Writes to the log: a commit of nothing would not reach the disk."""
        self._session.execute(statements.touch)


class PostgresStore:
    """Fits :class:`salio.core.ports.Store`. One user at a time: the writer, or its commit."""

    def __init__(self, session: Session, fence: Callable[[], Fence] | None = None) -> None:
        """``fence``: what must hold when a unit begins, and until it is committed."""
        self._session = session
        self._fence = fence

    @contextmanager
    def unit(self, *, at_once: bool = False) -> Iterator[PostgresUnit]:
        """One transaction: committed whole at the end of the block, or not at all. None is ``at_once``."""
        if at_once:
            raise StoreWouldWaitError("PostgreSQL: each row is sent to the server")
        unit = PostgresUnit(self._session)
        with self._session.transaction(None if self._fence is None else self._fence(), lambda: unit.proof):
            yield unit

    def find_transactions(
        self, receipts: Collection[str], originator_conversation_ids: Collection[str]
    ) -> FoundTransactions:
        """The transactions of these receipts and conversations."""
        by_receipt = self._session.fetch(statements.transactions_by_receipt, list(receipts))
        by_id = self._session.fetch(
            statements.transactions_by_conversation, list(originator_conversation_ids)
        )
        conversations: dict[str, list[Transaction]] = {}
        for row in by_id:
            conversations.setdefault(row[1], []).append(rows.read_transaction(row))
        return FoundTransactions({row[0]: rows.read_transaction(row) for row in by_receipt}, conversations)

    def find_originals(self, receipts: Collection[str]) -> Mapping[str, Original]:
        """The transactions of these receipts with what they moved, by receipt."""
        return rows.read_originals(self._session.fetch(statements.originals, list(receipts)))

    def next_request_number(self) -> int:
        """The number after the highest ever given."""
        return int(self._session.fetch(statements.highest_request)[0][0] or 0) + 1

    def next_posting_number(self) -> int:
        """The number after the highest in the journal."""
        return int(self._session.fetch(statements.highest_posting)[0][0] or 0) + 1

    def totals_since(self, moment: datetime) -> dict[int, DayTotal]:
        """What transactions brought into and took out of each account since then, by account number."""
        found = self._session.fetch(statements.totals_since, rows.instant(moment))
        return {row[0]: DayTotal(int(row[1]), int(row[2])) for row in found}

    def tariffs(self) -> tuple[list[TariffBand], list[LimitRow]]:
        """Every band and every limit there ever was."""
        bands, limits = (
            self._session.fetch(statements.all_tariffs),
            self._session.fetch(statements.all_limits),
        )
        return [tariff_rows.read_tariff(row) for row in bands], [
            tariff_rows.read_limit(row) for row in limits
        ]

    def registrations(self) -> list[Registration]:
        """Where organizations hear of their customers' payments."""
        return [rows.read_registration(row) for row in self._session.fetch(statements.all_registrations)]

    def check_journal(self) -> Checked:
        """Holds the journal against its seals."""
        return check(
            lambda after, most: self._session.fetch(statements.seals_after, after, most),
            lambda after, until: self._session.fetch(statements.journal_between, after, until),
        )

    def customers_words(self) -> Mapping[int, CustomerWord]:
        """By request how prompts were answered, whose payments have not ended."""
        return rows.read_words(self._session.fetch(statements.customers_words))

    def undecided(self) -> list[AcceptedRequest]:
        """Accepted requests without a conclusion, oldest first."""
        found = self._session.fetch(statements.undecided)
        return [rows.read_accepted(row) for row in found]

    def undelivered(self) -> list[OpenDelivery]:
        """Conclusions whose delivery has not ended, oldest first, with the attempts they had."""
        found = self._session.fetch(statements.undelivered, FOUND + "%")
        return [rows.read_open_delivery(tuple(row)) for row in found]

    def due(self, numbers: Sequence[int]) -> list[tuple[Request, Conclusion]]:
        """The requests and conclusions of these numbers, in their order."""
        return [rows.read_due(tuple(row)) for row in self._session.fetch(statements.due, list(numbers))]

    def look_up(self, number: int) -> tuple[Request, Conclusion | None] | None:
        """The request of that number, and how it ended if it has."""
        found = [tuple(row) for row in self._session.fetch(statements.look_up, number)]
        return rows.read_looked_up(found[0]) if found else None

    def directory(self) -> Directory:
        """Every party, read anew."""
        return Directory(
            map(rows.read_organization, self._session.fetch(statements.all_organizations)),
            map(rows.read_customer, self._session.fetch(statements.all_customers)),
            map(rows.read_operator, self._session.fetch(statements.all_operators)),
        )

    def accounts(self) -> tuple[list[Account], dict[int, Balance]]:
        """Every account and the balance of each by its number."""
        read = [rows.read_account(row) for row in self._session.fetch(statements.all_accounts)]
        return [account for account, _ in read], {account.number: balance for account, balance in read}

    def usage(self, day: str) -> dict[int, int]:
        """Accepted requests of the day, by app number."""
        return {row[0]: row[1] for row in self._session.fetch(statements.usage_of_day, day)}

    def inbox(self, name: str, most: int) -> list[ReceivedCallback]:
        """The newest callbacks of one inbox, newest first."""
        return [
            rows.read_callback(row) for row in self._session.fetch(statements.inbox_of_name, name, most, 0)
        ]

    def is_empty(self) -> bool:
        """Whether no organization was ever added."""
        return not self._session.fetch(statements.all_organizations)

    def close(self) -> None:
        """Ends the connection."""
        self._session.close()
