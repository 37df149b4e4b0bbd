"""What every engine offers beyond the core's ports: the same, whichever it is."""

import enum
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Protocol

import msgspec

from salio.core.access.apps import App
from salio.core.audit.inbox import ReceivedCallback
from salio.core.audit.refusals import RefusedRequest
from salio.core.audit.stories import Story
from salio.core.ledger.accounts import Account
from salio.core.ledger.statement import Selection
from salio.core.ledger.tariffs import LimitRow, TariffBand
from salio.core.parties.customers import Customer
from salio.core.parties.operators import Operator
from salio.core.parties.organizations import Organization
from salio.core.ports import AccessStore, Store, StoreUnavailableError, Unit

if TYPE_CHECKING:  # both load SQLAlchemy, which not everybody has who catches an error of this module
    from salio.storage.books import Progress
    from salio.storage.statements import Statement


class UnfitServerError(StoreUnavailableError):
    """A database server that cannot keep what the platform promises; the text says why and what to do.

    At the start it ends the process; later it is as if the server were away, until it keeps them again.
    """


class InUseError(Exception):
    """Others run on the database that this process cannot share it with; the text says who."""


class Duty(enum.Enum):
    """What a process does for the environment."""

    ALL = "all"
    GATEWAY = "gateway"
    CORE = "core"
    DELIVERY = "delivery"


class Tenure(Protocol):
    """This process's place among those that share the environment, and its right to decide, if it has it."""

    def begin(self) -> None:
        """Takes a place; raises :class:`InUseError` and :class:`UnfitServerError`."""
        ...

    def lead(self) -> bool:
        """Takes the right to decide if nobody has it."""
        ...

    def leader(self) -> str:
        """Who decides, or did last."""
        ...

    def renew(self) -> int | None:
        """Holds both longer; the store's time in microseconds, or ``None`` if another process took either.

        Raises StoreUnavailableError: then it is not known.
        """
        ...

    def end(self) -> None:
        """Gives up what it holds."""
        ...


class Seal(msgspec.Struct, frozen=True):
    """From ``first`` to ``last``: the numbers of one commit's postings."""

    last: int
    first: int
    digest: bytes


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of the journal found."""

    sealed: int = 0
    """Seals that hold."""
    unsealed: int = 0
    """Postings from before there were seals."""
    broken: Seal | None = None
    """The first that does not; what lies behind it was not looked at."""
    stray: int | None = None
    """The first posting that no seal covers though it ought to have one."""

    @property
    def holds(self) -> bool:
        """Whether the journal is what was written."""
        return self.broken is None and self.stray is None


class FoundingUnit(Unit, Protocol):
    """A unit that parties, accounts and tariffs can be added in too."""

    def add_organizations(self, organizations: Sequence[Organization]) -> None:
        """Adds organizations, parents before children."""
        ...

    def add_customers(self, customers: Sequence[Customer]) -> None:
        """Adds customers."""
        ...

    def add_operators(self, operators: Sequence[Operator]) -> None:
        """Adds operators."""
        ...

    def add_accounts(self, accounts: Sequence[Account]) -> None:
        """Opens accounts at zero: only a posting moves them."""
        ...

    def add_tariffs(self, bands: Sequence[TariffBand], limits: Sequence[LimitRow]) -> None:
        """Adds bands of tariffs, and limits."""
        ...


class EnvironmentStore(Store, Protocol):
    """One environment's store, opened."""

    def unit(self, *, at_once: bool = False) -> AbstractContextManager[FoundingUnit]:
        """As the core's; more can be added in it."""
        ...

    def inbox(self, name: str, most: int) -> list[ReceivedCallback]:
        """The newest callbacks of one inbox, newest first."""
        ...

    def check_journal(self) -> Checked:
        """Holds the journal against its seals."""
        ...

    def is_empty(self) -> bool:
        """Whether no organization was ever added."""
        ...

    def close(self) -> None:
        """Lets go of it."""
        ...


class PortalStore(AccessStore, Protocol):
    """The portal's store, opened."""

    def unit(self) -> AbstractContextManager[None]:
        """One transaction: nobody else writes between what the block reads and what it writes."""
        ...

    def add_apps(self, apps: Sequence[App]) -> None:
        """Adds apps."""
        ...

    def save_app(self, app: App) -> None:
        """Writes the state of a known app."""
        ...

    def close(self) -> None:
        """Lets go of it."""
        ...


class Mark(msgspec.Struct, frozen=True, kw_only=True):
    """Where a reader of the log stands: what it was told up to there is committed, and all of it was told."""

    number: int = 0
    """Of the last that it was told."""
    writer: int = 0
    """The transaction that wrote that."""
    seen: str = ""
    """PostgreSQL's snapshot of which it was told everything."""
    until: str = ""
    """The snapshot that it is being told of; empty: the next one that there is."""


class Stories(Protocol):
    """What one environment's store tells about its requests and refusals, to whoever changes nothing."""

    def content(self) -> int:
        """Another number once the whole content was replaced by another: by a snapshot, by a reset."""
        ...

    def latest(self, most: int) -> tuple[list[Story], Mark]:
        """The stories of the latest requests, at most so many, oldest first; and where one stands then."""
        ...

    def following(self, mark: Mark, most: int) -> tuple[list[Story], Mark]:
        """The stories of requests committed since, at most so many, each once; and where one stands then."""
        ...

    def first_stories(self, after: int, most: int) -> list[Story]:
        """The stories of the first requests after a number, at most so many."""
        ...

    def stories_of(self, numbers: Sequence[int]) -> list[Story]:
        """The stories of these requests as they stand now, in the order of their numbers."""
        ...

    def latest_refusals(self, most: int) -> tuple[list[RefusedRequest], Mark]:
        """As :meth:`latest`."""
        ...

    def following_refusals(self, mark: Mark, most: int) -> tuple[list[RefusedRequest], Mark]:
        """As :meth:`following`."""
        ...

    def refusals_by_id(self, request_id: str) -> list[RefusedRequest]:
        """The refusals that were given this requestId: it is unique only within the life of a process."""
        ...

    def chosen(self, originator_conversation_id: str) -> list[int]:
        """The numbers of the requests whose callers brought this id, one for each app."""
        ...

    def close(self) -> None:
        """Lets go of the store."""
        ...


class BooksChecked(msgspec.Struct, frozen=True, kw_only=True):
    """What a check of the seals and of the books found."""

    journal: Checked
    accounts: int = 0
    postings: int = 0
    entries: int = 0
    transactions: int = 0
    """Those without a posting included."""
    fault: str | None = None
    """The first fault, in words that name its row."""

    @property
    def holds(self) -> bool:
        """Whether everything is as it was written, and adds up."""
        return self.journal.holds and self.fault is None


class Journal(Protocol):
    """What was posted, for whoever changes nothing."""

    def accounts(self, holder: str) -> list[Account]:
        """The accounts of a short code, an MSISDN or the platform."""
        ...

    def statement(self, selection: Selection) -> "Statement":
        """An account's entries, page by page."""
        ...

    def check(self, progress: "Progress") -> BooksChecked:
        """Holds the journal against its seals, and the balances against the journal."""
        ...

    def close(self) -> None:
        """Lets go of the store."""
        ...


class Databases(Protocol):
    """Where an environment's content and the portal's are kept. Each call opens a connection of its own."""

    def secure(self) -> None:
        """Sees to it that what is there, and what will be committed, is on the disk.

        Raises StoreUnavailableError, or an error of the engine that says which promise cannot be kept.
        """
        ...

    def migrate(self) -> None:
        """Brings both to this program's schema; raises :class:`~salio.storage.migrate.NewerDatabaseError`."""
        ...

    def backup_command(self) -> str | None:
        """What a person copies them with; ``None`` where their files can be copied beside the platform."""
        ...

    def are_current(self) -> bool:
        """Whether both have this program's schema; raises NewerDatabaseError."""
        ...

    def tenure(self, duty: Duty, name: str) -> Tenure:
        """A place for this process; whoever had that duty under that name is dead."""
        ...

    def store(self, tenure: Tenure | None = None) -> EnvironmentStore:
        """The environment's store; writes are refused when the tenure is lost."""
        ...

    def access(self) -> PortalStore:
        """The portal's store."""
        ...

    def access_to_read(self) -> PortalStore:
        """The portal's store on a connection that changes nothing, not even by mistake."""
        ...

    def stories(self) -> Stories:
        """The environment's stories, on a connection that changes nothing."""
        ...

    def journal(self) -> Journal:
        """The environment's journal, on a connection that changes nothing."""
        ...
