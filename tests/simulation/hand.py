"""The hand: draws one step after another from a seed. Every seed has a temper of its own."""

from collections.abc import Callable
from datetime import timedelta
from random import Random

from salio.core.parties.organizations import ChargeBearer
from salio.delivery.hosts import OutboxSettings
from salio.platform.environment import Rules
from tests.simulation.crashes import PLACES, Health
from tests.simulation.errands import SwitchErrand, clears, receives, settles, withdraws
from tests.simulation.hands import WORDS
from tests.simulation.network import HOSTS, Mood
from tests.simulation.sabotage import Sabotage
from tests.simulation.trade import STRANGER
from tests.simulation.world import World

WEIGHTS = {
    "ask": 30.0,
    "turn": 40.0,
    "carry": 30.0,
    "resume": 20.0,
    "wait a little": 20.0,
    "wait long": 2.0,
    "hang up": 1.0,
    "light the fuse": 8.0,
    "die": 1.0,
    "disk": 2.0,
    "poison": 2.0,
    "wall clock": 1.0,
    "moods": 4.0,
    "act": 3.0,
    "abroad": 4.0,
    "switch": 3.0,
    "phone": 15.0,
    "instruct": 8.0,
    "apps": 1.0,
    "operators": 0.5,
}
ALWAYS = {"ask", "turn", "carry", "resume", "wait a little", "light the fuse"}
POISONS = ("request", "conclusion", "conclusion", "conclusion for good", "attempt", "end")
JUMPS = (-86_400, -3_600, -61, -1, 1, 61, 3_600, 86_400, 8_640_000, 280_000_000, -280_000_000)
"""Seconds: from a leap to years beyond what receipts can say."""


class Hand:
    """Moves one world."""

    def __init__(self, seed: int, sabotage: Sabotage | None = None) -> None:
        self.chance = Random(f"hand {seed}")
        self.world = World(seed, sabotage=sabotage, rules=self._rules())
        if self.chance.random() < 0.2:
            self.world.trust_foreign_credentials()
            self.world.do("restart with trust", lambda: self.world.die("to trust foreign credentials"))
        self._weights = {name: weight * self._zeal(name) for name, weight in WEIGHTS.items()}
        self._deadly = PLACES[seed % len(PLACES)]
        """Where this seed dies most."""
        self._burst = self.chance.choice((1, 2, 4, 8))

    def _rules(self) -> Rules:
        """A platform of the usual size, or one that is always full somewhere."""
        roomy, narrow = (
            Rules(),
            OutboxSettings(per_host=3, total=8, first_share=1, most_at_once=4, held=2, hosts_remembered=2),
        )
        return Rules(
            most_waiting=6 if self.chance.random() < 0.15 else roomy.most_waiting,
            outbox=narrow if self.chance.random() < 0.4 else roomy.outbox,
        )

    def _zeal(self, name: str) -> float:
        """How fond this seed is of a kind of step; some it never does."""
        return self.chance.choice((0.3, 1.0, 3.0) if name in ALWAYS else (0.0, 0.0, 1.0, 4.0))

    def run(self, steps: int | None = None) -> World:
        """Draws and does all steps, then lets the world come to rest."""
        count = steps if steps is not None else self.chance.randrange(60, 260)
        try:
            names, weights = list(self._weights), list(self._weights.values())
            for name in self.chance.choices(names, weights, k=count):
                self._step(name)
            self.world.settle()
        finally:
            self.world.close()
        return self.world

    def _step(self, name: str) -> None:
        steps: dict[str, Callable[[], None]] = {
            "ask": self._ask,
            "turn": self.world.turn,
            "carry": self.world.carry,
            "resume": self.world.resume,
            "wait a little": lambda: self.world.time.advance(self.chance.choice((0.001, 0.05, 0.3, 2.0))),
            "wait long": lambda: self.world.time.advance(self.chance.choice((11.0, 59.0, 62.0, 3_700.0))),
            "hang up": self.world.hang_up,
            "light the fuse": self._light,
            "die": self._die,
            "disk": self._disk,
            "poison": self._poison,
            "wall clock": self._jump,
            "moods": self._moods,
            "act": self._act,
            "abroad": self._abroad,
            "switch": self._switch,
            "phone": self._phone,
            "instruct": self._instruct,
            "apps": self._apps,
            "operators": self._operators,
        }
        self.world.do(name, steps[name])

    def _ask(self) -> None:
        most = 150 if self.chance.random() < 0.002 else self._burst
        for _ in range(self.chance.randrange(1, most + 1)):
            self.world.ask()

    def _light(self) -> None:
        if self.chance.random() < 0.3:
            self.world.fuse.light(self.chance.randrange(1, 60))
            return
        place = self._deadly if self.chance.random() < 0.7 else self.chance.choice(PLACES)
        self.world.fuse.light(self.chance.choice((1, 1, 2, 5)), place)

    def _die(self) -> None:
        """Now, and perhaps again before the next process stands."""
        touches = self.chance.randrange(1, 8) if self.chance.random() < 0.4 else 0
        self.world.die("between two steps", lambda: self.world.fuse.light(touches))

    def _disk(self) -> None:
        health = self.chance.choice((Health.WELL, Health.WELL, *Health))
        self.world.log.note(f"  the disk is {health.value}")
        self.world.disk.turn(health)

    def _poison(self) -> None:
        disk = self.world.disk
        disk.poison = self.chance.choice(("", "", *POISONS))
        disk.poisoned_place = self.chance.randrange(7)
        self.world.log.note(f"  poison: {disk.poison} {disk.poisoned_place}")

    def _jump(self) -> None:
        seconds = self.chance.choice(JUMPS)
        self.world.time.wall += timedelta(seconds=seconds)
        self.world.log.note(f"  the wall clock jumps by {seconds} s to {self.world.time.wall}")

    def _moods(self) -> None:
        host = self.chance.choice(HOSTS).partition(":")[0]
        mood = self.chance.choice(tuple(Mood))
        self.world.network.moods[host] = mood
        self.world.log.note(f"  {host} is {mood.value}")

    def _act(self) -> None:
        """Somebody settles, or withdraws some of what is there, or too much."""
        short_code = self.chance.choice(self.world.writer.short_codes)
        cents = self.chance.choice((None, None, 100, 50_000, 10_000_000))
        self.world.act(settles(short_code) if cents is None else withdraws(short_code, cents))

    def _abroad(self) -> None:
        """Money comes from abroad, or what came is cleared; few get any, so that some of it is spent."""
        trade, chance = self.world.writer.trade, self.chance
        holder = chance.choice((*trade.customers[:3], *self.world.writer.short_codes[:2], STRANGER))
        if chance.random() < 0.4:
            self.world.act(clears(holder))
            return
        cents = chance.choice((100, 50_000, 3_000_000, 40_000_000))
        self.world.act(receives(holder, cents, chance.choice(self.world.writer.short_codes)))

    def _switch(self) -> None:
        """An organization has others bear its charges, or decides otherwise where it cannot be asked."""
        short_code = self.chance.choice(self.world.writer.short_codes)
        value = self.chance.choice((True, True, False, *ChargeBearer))
        self.world.act(SwitchErrand(short_code, value))

    def _instruct(self) -> None:
        """Somebody instructs, if any payment waits for it."""
        place, accepts = self.chance.randrange(4), self.chance.random() < 0.6
        self.world.hands.instruct_one(self.world.environment, place, accepts=accepts)

    def _phone(self) -> None:
        """Somebody answers a prompt, if any phone shows one."""
        place, word = self.chance.randrange(4), self.chance.choice(WORDS)
        self.world.hands.answer_one(self.world.environment, place, word)

    def _apps(self) -> None:
        number = self.chance.randrange(2, 7)
        if self.chance.random() < 0.2:
            self.world.log.note(f"  app {number} is removed")
            self.world.remove_app(number)
            return
        short_codes = self.chance.sample(self.world.writer.short_codes, 3)
        self.world.log.note(f"  app {number} has {short_codes}")
        self.world.change_app(number, short_codes)

    def _operators(self) -> None:
        self.world.change_operator(self.chance.choice(sorted(self.world.passwords)))
