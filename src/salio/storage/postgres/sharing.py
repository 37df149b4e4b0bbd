"""What the processes of one environment share it by: who they are, and which of them decides.

All times are the server's own, so that no machine's clock matters (fault catalogue, P22). A process that may
not write any more learns so from the server, in the very transaction that it tries to commit: what guards it
is a lock on a row that whoever takes over has to change (a fence).
"""

from collections.abc import Mapping
from contextlib import suppress

from salio.core.ports import StoreUnavailableError
from salio.storage.migrate import NewerDatabaseError
from salio.storage.ports import Duty, InUseError, UnfitServerError
from salio.storage.postgres import statements
from salio.storage.postgres.connection import Fence, Session

HELD_SECONDS = 3
"""How long a place, or the right to decide, is held without being renewed."""

STRIPE = 1
"""The number of the one stripe there is."""

LEADING = frozenset({Duty.ALL, Duty.CORE})
"""The duties whose writes are true only while no other process decides."""

SENDING = frozenset({Duty.ALL, Duty.DELIVERY})
"""The duties that send results."""


class PostgresTenure:
    """Fits :class:`salio.storage.ports.Tenure`."""

    def __init__(self, session: Session, duty: Duty, name: str, knows: Mapping[str, str]) -> None:
        """``knows``: the newest revision of each line that this process's program knows."""
        self._knows = knows
        self._session = session
        self._duty = duty
        self._name = name
        self.number = 0
        """Of its place, and what it claims is claimed by."""
        self._epoch: int | None = None

    @property
    def epoch(self) -> int:
        """Of this process's right to decide; 0 as long as it never had it."""
        return self._epoch or 0

    def fence(self) -> Fence:
        """Holds as long as no other process decides, or has taken over what this one claimed."""
        if self._duty in LEADING:
            return Fence(statements.fence_of_stripe, (STRIPE, self._epoch))
        return Fence(statements.fence_of_process, (self.number,))

    def begin(self) -> None:
        """Takes a place.

        Raises :class:`InUseError`: a process that does everything shares with nobody; and
        :class:`UnfitServerError`: of more than one stripe, or a copy, nobody here knows how to take care.
        """
        with self._session.transaction():
            self._session.execute(statements.lock_processes)
            former = self._session.fetch(statements.forget_process, self._duty.value, self._name)
            self._session.execute(statements.release_claims, [row[0] for row in former])
            self._refuse_company()
            self._refuse_more_stripes()
            self._refuse_what_was_taken_away()
            self._refuse_to_repeat()
            self._session.fetch(statements.raise_blocks)
            entered = self._session.fetch(
                statements.enter_process,
                self._duty.value,
                self._name,
                HELD_SECONDS,
                self._knows["environment"],
                self._knows["portal"],
            )
            self.number = int(entered[0][0])

    def lead(self) -> bool:
        """Takes the right to decide if nobody has it, or a former life of this process."""
        taken = self._session.fetch(statements.take_stripe, STRIPE, self._name, HELD_SECONDS)
        if taken:
            self._epoch = int(taken[0][0])
        return bool(taken)

    def leader(self) -> str:
        """Who decides, or did last."""
        return str(self._session.fetch(statements.holder_of_stripe, STRIPE)[0][0])

    def renew(self) -> int | None:
        """Holds everything longer; the server's time in microseconds, or ``None`` if another took it.

        What expired and nobody took is held on: nobody else has changed anything.
        """
        if self._epoch is not None and not self._session.fetch(
            statements.renew_stripe, STRIPE, self._epoch, HELD_SECONDS
        ):
            return None
        held = self._session.fetch(statements.renew_process, self.number, HELD_SECONDS)
        return int(held[0][0]) if held else None

    def time(self) -> int:
        """The server's, in microseconds since 1970, UTC."""
        return int(self._session.fetch(statements.server_time)[0][0])

    def end(self) -> None:
        """Gives everything up, so that others need not wait; a server that is gone learns it by the time."""
        with suppress(StoreUnavailableError):
            if self._epoch is not None:
                self._session.execute(statements.give_up_stripe, STRIPE, self._epoch)
            with self._session.transaction():
                self._session.execute(statements.release_claims, [self.number])
                self._session.execute(statements.remove_processes, [self.number])
        self._session.close()

    def _refuse_what_was_taken_away(self) -> None:
        """A post step waits for the processes that are there; who comes during it sees it here."""
        for line, revision in self._session.fetch(statements.post_steps):
            if revision > self._knows[line]:
                raise NewerDatabaseError(
                    f"the database has post steps of schema {revision}, this Salio knows up to "
                    f"{self._knows[line]}: run the newer Salio"
                )

    def _refuse_to_repeat(self) -> None:
        """Results that are open in a copy may have left the original since."""
        if self._duty in SENDING and not self._session.fetch(statements.is_home)[0][0]:
            raise UnfitServerError(
                "this database was copied from another, which may have sent the results that are open here: "
                "nothing is sent from it. When the other is gone for good, say `salio migrate --adopt`, and "
                "they are sent, perhaps once more"
            )

    def _refuse_more_stripes(self) -> None:
        stripes = int(self._session.fetch(statements.count_stripes)[0][0])
        if stripes != 1:
            raise UnfitServerError(
                f"the database has {stripes} stripes: this version knows how to run exactly one, because "
                "transfers between stripes are not designed yet; remove the others"
            )

    def _refuse_company(self) -> None:
        present = self._session.fetch(statements.living_processes)
        in_the_way = [f"{duty} {name}" for duty, name in present if Duty.ALL in (Duty(duty), self._duty)]
        if in_the_way:
            raise InUseError(
                f"other processes run on this database ({', '.join(in_the_way)}): a platform in one process "
                "shares it with nobody; stop them, or give this one a database of its own"
            )
