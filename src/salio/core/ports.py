"""What the core needs from outside, as protocols; each is consumed here and fitted elsewhere.

A store hands out *units*: everything that one turn of the cycle writes is committed together or not at all.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol

import msgspec

from salio.core.access.apps import App
from salio.core.access.tokens import TokenClaim
from salio.core.audit.inbox import ReceivedCallback
from salio.core.audit.notes import Note
from salio.core.audit.refusals import RefusedRequest
from salio.core.ledger.accounts import Account, Balance
from salio.core.ledger.day_totals import DayTotal
from salio.core.ledger.postings import Posting
from salio.core.ledger.tariffs import LimitRow, TariffBand
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Operator
from salio.core.parties.organizations import ChargeBearer
from salio.core.parties.registration import Registration
from salio.core.requests.asking import PresentedCredential
from salio.core.requests.deliveries import Attempt, AttemptEnd, OpenDelivery
from salio.core.requests.findings import Doubt, Finding
from salio.core.requests.outcomes import Admission, Conclusion, Outcome
from salio.core.requests.prompts import CustomerWord, PromptUnit
from salio.core.requests.provoked import Breach, Mishap, Provoked
from salio.core.requests.queries import Aimed, Request
from salio.core.requests.transaction_status import FoundTransactions
from salio.core.transactions.originals import Original
from salio.core.transactions.states import TransactionState
from salio.core.transactions.transaction import Transaction


class StoreUnavailableError(Exception):
    """The store cannot commit anything now (disk full, locked, connection lost); it may again later."""


class StoreConflictError(StoreUnavailableError):
    """Another transaction of the store was in the way of one, which kept nothing: it may be tried again."""


class StoreWouldWaitError(StoreUnavailableError):
    """A unit that was to wait for nothing would have to: for another program, or a server."""


class DoubtfulCommitError(StoreUnavailableError):
    """The store went away in the middle of a commit: nobody knows yet whether it was made."""

    def __init__(self, text: str, committed: Callable[[], bool]) -> None:
        """``committed`` asks the store; it raises StoreUnavailableError as long as it cannot be asked."""
        super().__init__(text)
        self.committed = committed


class Clock(Protocol):
    """Time, passed in so that a test or a simulation owns it."""

    def now(self) -> datetime:
        """The wall clock, aware, in UTC."""
        ...

    def monotonic(self) -> float:
        """Seconds that never step back, for limits and waits."""
        ...


class Identifiers(Protocol):
    """New identifiers, in the form of a wire profile."""

    def conversation(self, profile: str, number: int, at: datetime) -> tuple[str, str]:
        """OriginatorConversationID and ConversationID for the request of that number."""
        ...

    def checkout(self, number: int, at: datetime) -> str:
        """CheckoutRequestID for the request of that number: of a prompt, in the place of a ConversationID."""
        ...

    def request_id(self, profile: str) -> str:
        """The ``requestId`` of a refusal."""
        ...


class Vault(Protocol):
    """Keys and what they open."""

    def open_credential(self, credential: str) -> PresentedCredential:
        """Decrypts a SecurityCredential; never raises, never tells how it failed."""
        ...

    def remember(self, credential: str, operator: Operator) -> None:
        """Keeps in memory that this very ciphertext held the operator's password."""
        ...

    def forget(self, operator: Operator) -> None:
        """Drops what is remembered of an operator: its password, lock or roles changed."""
        ...


class Receipts(Protocol):
    """Makes receipts: each request has one, should it become a transaction."""

    def receipt(self, number: int, at: datetime) -> str:
        """The receipt of the request of that number; the same number and day give the same one."""
        ...


class SecondLook(Protocol):
    """Finds out how a refused credential was made, beside the decisions' way; production has none."""

    def look(self, doubt: Doubt, tell: Callable[[Finding | None], None]) -> None:
        """Calls ``tell`` once, in the writer's thread and soon in any case, perhaps before it returns.

        ``None``: nobody looked, for too many wait or it took too long.
        """
        ...


class SecretDigests(Protocol):
    """Compares consumer secrets without keeping them."""

    def digest_secret(self, secret: str) -> bytes:
        """The keyed digest that an app's row holds."""
        ...


class Passkeys(Protocol):
    """What organizations that prompt customers sign in with."""

    def opened_by(self, password: str, short_code: str, timestamp: str) -> bool:
        """Whether that password is the short code's for that moment; takes as long for any wrong one."""
        ...


class Faults(Protocol):
    """What goes wrong because somebody asked for it; in production nothing does.

    Each method is asked at one place of a request's way, and answers ``None`` for a request that goes on as
    ever. Where ``query`` may be ``None``, a token is asked for.
    """

    @property
    def in_force(self) -> bool:
        """Whether there are any: without, nobody need ask."""
        ...

    def refusal(self, app_number: int, query: Aimed | None) -> Provoked[str] | None:
        """The gateway's refusal, by name, that a request gets instead of being taken."""
        ...

    def breach(self, app_number: int, query: Aimed | None) -> Provoked[Breach] | None:
        """What happens to the connection instead of an answer's leaving it."""
        ...

    def admission(self, app_number: int, query: Aimed) -> Provoked[Admission] | None:
        """What the core says at its door instead of taking a request."""
        ...

    def mishap(self, app_number: int, query: Aimed | None) -> Provoked[Mishap] | None:
        """What happens to the acknowledgement of a request that was taken."""
        ...

    def hold(self, app_number: int, query: Aimed) -> Provoked[int] | None:
        """The number of the fault that keeps a request from being decided, as long as :meth:`holds`."""
        ...

    def holds(self, number: int) -> bool:
        """Whether the fault of that number is still there."""
        ...

    def outcome(self, app_number: int, query: Aimed) -> Provoked[Outcome] | None:
        """How a request ends instead of being decided."""
        ...

    def contradiction(
        self, app_number: int, query: Aimed, recorded: TransactionState
    ) -> Provoked[TransactionState] | None:
        """The state that the answer claims for a transaction in another one."""
        ...

    def delay(self, app_number: int, query: Aimed) -> Provoked[None] | None:
        """How long a result waits before it may leave."""
        ...

    def loss(self, app_number: int, query: Aimed) -> Provoked[None] | None:
        """Whether a request's result is lost instead of being posted."""
        ...

    def double(self, app_number: int, query: Aimed) -> Provoked[None] | None:
        """Whether a request's result is posted twice."""
        ...


class Deaths(Protocol):
    """What earlier processes died over: outlives the process, unlike all else that is not in the store."""

    def keep(self, conversation_ids: Collection[str]) -> None:
        """Forgets what is known of all other requests."""
        ...

    def over(self, conversation_id: str) -> int:
        """How many processes died while they had this request in hand."""
        ...

    def take_in_hand(self, conversation_id: str) -> None:
        """From here on a death counts against this request. Never raises."""
        ...

    def put_down(self) -> None:
        """From here on it counts against none. Never raises."""
        ...


class AcceptedRequest(msgspec.Struct, frozen=True):
    """A request and the SecurityCredential kept beside it until the decision."""

    request: Request
    credential: str


class Unit(PromptUnit, Protocol):
    """What one turn may write; set-based, each method called at most once or twice a turn."""

    def add_requests(self, accepted: Sequence[AcceptedRequest]) -> Collection[int]:
        """Keeps the requests; the numbers of those whose OriginatorConversationID the app used before."""
        ...

    def add_usage(self, day: str, accepted: Mapping[int, int]) -> None:
        """Adds to the day's count of accepted requests, by app number."""
        ...

    def add_conclusions(self, conclusions: Sequence[Conclusion]) -> None:
        """Records how requests ended, drops their credentials and opens their deliveries."""
        ...

    def save_operators(self, operators: Sequence[Operator]) -> None:
        """Writes the state of known operators."""
        ...

    def save_charge_bearers(self, bearers: Mapping[str, ChargeBearer]) -> None:
        """Writes who bears the charges of organizations, by short code."""
        ...

    def start_attempts(self, attempts: Sequence[Attempt]) -> None:
        """Marks attempts as started and keeps their bytes."""
        ...

    def end_attempts(self, ends: Sequence[AttemptEnd]) -> None:
        """Records how attempts ended and closes their deliveries."""
        ...

    def add_refusals(self, refusals: Sequence[RefusedRequest]) -> None:
        """Keeps refused requests with their causes; the oldest make room."""
        ...

    def add_notes(self, notes: Sequence[Note]) -> None:
        """Keeps notes on requests."""
        ...

    def add_to_inbox(self, callbacks: Sequence[ReceivedCallback]) -> None:
        """Keeps callbacks that came to the built-in inbox."""
        ...

    def add_postings(self, postings: Sequence[Posting], changes: Mapping[int, Balance]) -> None:
        """Appends to the journal, seals what was appended, and adds the changes to the balances.

        ``changes``: what the postings add to each account, by its number. Differences stay right whichever
        of a group's postings the store takes.
        """
        ...

    def save_registrations(self, registrations: Sequence[Registration]) -> None:
        """Writes what is registered for short codes, each instead of what was before."""
        ...

    def add_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Adds new transactions; a receipt that is there already is refused, and a second reversal of one."""
        ...

    def save_transactions(self, transactions: Sequence[Transaction]) -> None:
        """Writes later states of known transactions."""
        ...

    def touch(self) -> None:
        """Changes nothing that is ever read, and yet has to reach the disk: a probe of the store."""
        ...


class Store(Protocol):
    """One environment's store, as the one writer sees it."""

    def unit(self, *, at_once: bool = False) -> AbstractContextManager[Unit]:
        """Opens a unit, committed at the end of the block; raises :class:`StoreUnavailableError`.

        Any other exception means that something in the unit itself was refused; nothing of it is kept.
        ``at_once``: neither its beginning nor its rows wait for anything, its end alone does; raises
        :class:`StoreWouldWaitError` where there is no such unit.
        """
        ...

    def find_transactions(
        self, receipts: Collection[str], originator_conversation_ids: Collection[str]
    ) -> FoundTransactions:
        """The transactions of these receipts and conversations, read in one go."""
        ...

    def find_originals(self, receipts: Collection[str]) -> Mapping[str, Original]:
        """The transactions of these receipts with what they moved, by receipt, read in one go."""
        ...

    def next_request_number(self) -> int:
        """The number after the highest ever given."""
        ...

    def next_posting_number(self) -> int:
        """The number after the highest in the journal."""
        ...

    def totals_since(self, moment: datetime) -> dict[int, DayTotal]:
        """What transactions brought into and took out of each account since then, by account number."""
        ...

    def tariffs(self) -> tuple[list[TariffBand], list[LimitRow]]:
        """Every band and every limit there ever was."""
        ...

    def registrations(self) -> list[Registration]:
        """Where organizations hear of their customers' payments."""
        ...

    def customers_words(self) -> Mapping[int, CustomerWord]:
        """By request how prompts were answered, whose payments have not ended."""
        ...

    def undecided(self) -> list[AcceptedRequest]:
        """Accepted requests without a conclusion, oldest first."""
        ...

    def undelivered(self) -> list[OpenDelivery]:
        """Conclusions whose delivery has not ended, oldest first, with the attempts they had."""
        ...

    def due(self, numbers: Sequence[int]) -> list[tuple[Request, Conclusion]]:
        """The requests and conclusions of these numbers."""
        ...

    def look_up(self, number: int) -> tuple[Request, Conclusion | None] | None:
        """The request of that number, and how it ended if it has."""
        ...

    def directory(self) -> Directory:
        """Every party, read anew."""
        ...

    def accounts(self) -> tuple[list[Account], dict[int, Balance]]:
        """Every account and the balance of each by its number."""
        ...

    def usage(self, day: str) -> dict[int, int]:
        """Accepted requests of the day, by app number."""
        ...


class AccessStore(Protocol):
    """Apps and revoked tokens, which span the environments."""

    def version(self) -> int:
        """Moves whenever anything here changed, by whichever process."""
        ...

    def apps(self) -> list[App]:
        """Every app."""
        ...

    def revoked(self) -> list[TokenClaim]:
        """Tokens revoked before their time that have not expired by themselves."""
        ...

    def current(self) -> list[TokenClaim]:
        """The only valid token of each app that has one by policy."""
        ...

    def revoke(self, claim: TokenClaim) -> None:
        """Revokes one token, durably."""
        ...

    def make_current(self, claim: TokenClaim) -> None:
        """Records, durably, that this is now the app's only token."""
        ...
