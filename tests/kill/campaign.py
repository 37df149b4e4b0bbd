"""One data folder through many deaths: each life is loaded and killed, the next one is checked."""

import os
import random
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.kill.asking import Asked, Mix
from tests.kill.checker import Found, check, files, is_settled
from tests.kill.disk import Disk
from tests.kill.load import CONNECTIONS, Load, ask_all
from tests.kill.platforms import Platform, fused, production
from tests.kill.receiver import Receiver
from tests.kill.stages import Death, Killer, Stage
from tests.patience import until

STARTING = 1_600
"""Milliseconds within which a start is done on most machines; a later kill is one of an idle platform."""


class Row(msgspec.Struct):
    """One stage's line in the table of `make prove`."""

    kills: int = 0
    acknowledged: int = 0
    resent: int = 0


class Life(msgspec.Struct, frozen=True):
    """When a killed platform lived, and what was promised meanwhile."""

    stage: Stage
    started: float
    died: float
    acknowledged: int


def deaths(seed: int, stages: Sequence[Stage]) -> list[Death]:
    """A death at each of these stages, in an order and at passages that the seed chooses."""
    chance = random.Random(seed)
    order = chance.sample(stages, len(stages))
    return [_death(stage, chance) for stage in (Stage.FIRST_START, *order)]


def _death(stage: Stage, chance: random.Random) -> Death:
    match stage.killer:
        case Killer.CHANCE:
            longest = 600 if stage is Stage.RANDOM else STARTING
            return Death(stage, chance.randint(0, longest))
        case Killer.PLATFORM if stage is not Stage.PICKED:
            return Death(stage, chance.randint(1, 20), early=chance.random() < 0.2)
        case _:
            return Death(stage, chance.randint(1, 200), early=chance.random() < 0.2)


class Campaign:
    """The lives of one data folder, with everything that callers and receivers wrote down."""

    def __init__(self, folder: Path, seed: int, receiver: Receiver, disk: Disk | None = None) -> None:
        """With a disk of its own, each death is a loss of power too."""
        self.data = folder / "data"
        self._log = folder / "platform.log"
        self._seed = seed
        self._receiver = receiver
        self._disk = disk
        self._mix: Mix | None = None
        self._token = ""
        self._kills: list[float] = []
        self.lives: list[Life] = []
        self.found: Found | None = None

    @property
    def asked(self) -> list[Asked]:
        """Everything that was ever asked."""
        return self._mix.asked if self._mix is not None else []

    @contextmanager
    def platform(self, command: list[str]) -> Iterator[Platform]:
        """A platform that is gone afterwards, whatever happened."""
        platform = Platform(self._disk.under(command) if self._disk is not None else command, self._log)
        try:
            yield platform
        finally:
            platform.abandon()

    def live(self, death: Death) -> None:
        """One life: what the last one left is checked, then comes load, and death at its stage.

        Deaths in the platform's own code need the fuse; all others meet the command that people run, which
        thus has to take up what a fuse left half-done.
        """
        by_fuse = death.stage.killer is Killer.PLATFORM
        command = fused(self.data, death if death.early else None) if by_fuse else production(self.data)
        before = self.promised()
        with self.platform(command) as platform:
            if death.stage in (Stage.FIRST_START, Stage.RECOVERING):
                _after(death.passage, platform.strike)
            elif platform.welcome():
                self.prepare(platform)
                if not death.early:
                    self.settle(platform)
                    self._retry(platform)
                self._die(platform, death)
            platform.bury()
        self._kills.append(platform.died)
        if self._disk is not None:
            self._disk.lose_power(self.data)
        promised = self.promised() - before
        self.lives.append(Life(death.stage, platform.started, platform.died, promised))

    def kill(self, platform: Platform) -> None:
        """A death outside of a :meth:`live`; whoever asks meanwhile is not answered."""
        platform.strike()
        platform.bury()
        self._kills.append(platform.died)

    def mourn(self, platform: Platform) -> int:
        """A death that nobody ordered; the exit code."""
        code = platform.gone()
        self._kills.append(platform.died)
        return code

    def finish(self) -> Found:
        """The last life: everything is finished, checked, and ended in order; then checked at rest."""
        with self.platform(production(self.data)) as platform:
            assert platform.welcome(), platform.errors()
            self.prepare(platform)
            self._retry(platform)
            self.settle(platform)
            assert platform.end() == 0
        return self.check()

    def prepare(self, platform: Platform) -> None:
        """What callers need once for each data folder: tokens outlive the platform that gave them."""
        if self._mix is None:
            _, certificate = platform.get("/certificate.pem")
            self._mix = Mix(self._seed, self._receiver.url, certificate)
            self._token = platform.token()

    def settle(self, platform: Platform) -> Found:
        """Waits until all is decided and delivered, and checks it."""
        until(f"settled; {platform.errors()}", lambda: is_settled(self.data))
        return self.check()

    def check(self) -> Found:
        """Holds store, callers and receivers against each other."""
        self.found = check(files(self.data), self.asked, self._receiver.callbacks, self._kills)
        return self.found

    def ask(self, platform: Platform, count: int, spoil: Callable[[list[Asked]], None]) -> list[Asked]:
        """Asks so many, once ``spoil`` has had them, and waits for the answers."""
        assert self._mix is not None
        asked = [self._mix.next() for _ in range(count)]
        spoil(asked)
        ask_all(platform.port, self._token, asked)
        return asked

    def load(
        self,
        platform: Platform,
        on_acknowledgement: Callable[[], None] | None = None,
        *,
        connections: int = CONNECTIONS,
    ) -> Load:
        """Load on this platform, already on."""
        assert self._mix is not None
        load = Load(
            platform.port,
            self._token,
            self._mix.next,
            connections=connections,
            on_acknowledgement=on_acknowledgement,
        )
        load.start()
        return load

    def table(self) -> dict[str, Row]:
        """What to say of each stage."""
        rows = {stage.title: Row() for stage in Stage}
        for life in self.lives:
            rows[life.stage.title].kills += 1
            rows[life.stage.title].acknowledged += life.acknowledged
        for moment in self.found.resent_at if self.found is not None else ():
            life = next(each for each in self.lives if moment <= each.died)
            rows[life.stage.title].resent += 1
        return rows

    def promised(self) -> int:
        """How many requests were acknowledged until now."""
        return sum(each.acknowledged for each in list(self.asked))

    def refused(self) -> int:
        """How many were told that they were not kept."""
        return sum(each.fate == "refused" for each in list(self.asked))

    def until_promised(self, count: int) -> None:
        """Waits for so many acknowledgements."""
        until(f"{count} acknowledgements", lambda: self.promised() >= count)

    def _retry(self, platform: Platform) -> None:
        """Callers with ids of their own ask again what was never answered: it was kept whole, or not."""
        unanswered = [each for each in self.asked if each.own_id is not None and not each.status]
        ask_all(platform.port, self._token, unanswered)
        for each in unanswered:
            assert each.acknowledged or each.answer.get("errorCode") == "500.002.1001", each

    def _die(self, platform: Platform, death: Death) -> None:
        """Load until the platform is dead."""
        striking = _Countdown(death.passage, platform)
        receiver, killer = self._receiver, death.stage.killer
        receiver.hang_up = death.stage is Stage.CONNECTED
        receiver.on_connect = striking.count if death.stage is Stage.CONNECTED else None
        receiver.on_body = striking.count if death.stage is Stage.BYTES_SENT else None
        if killer is Killer.PLATFORM and not death.early:
            platform.arm(death)
        load = self.load(platform, striking.count if killer is Killer.CALLER else None)
        if killer is Killer.CHANCE:
            _after(death.passage, platform.strike)
        until(f"{death}; {platform.errors()}", lambda: platform.process.poll() is not None)
        receiver.on_connect = receiver.on_body = None
        receiver.hang_up = False
        load.join()


class _Countdown:
    """Kills at the n-th count; whoever counts later finds nobody to kill."""

    def __init__(self, left: int, platform: Platform) -> None:
        self._left = left
        self._platform = platform

    def count(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(self._platform.pid, signal.SIGKILL)


def _after(milliseconds: int, strike: Callable[[], None]) -> None:
    """The random moment of a random kill."""
    threading.Event().wait(milliseconds / 1000)
    strike()
