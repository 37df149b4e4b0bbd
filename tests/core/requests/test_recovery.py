"""Recovered requests, one of which the platform may have died of: named, suspected, given up."""

from collections.abc import Collection

import pytest

from salio.core.ports import AcceptedRequest, StoreUnavailableError
from salio.core.requests.asking import PresentedCredential
from salio.core.requests.outcomes import Outcome
from salio.core.requests.processor import MOST_AT_ONCE
from salio.core.requests.recovery import CALM_WITHIN
from salio.core.requests.transaction_status import FoundTransactions
from tests.builders import PASSWORD, WRONG, FakeVault, a_status_query, a_transaction, an_app
from tests.core.requests.running import OUTAGE, ShakyStore, running

DONE, BAD, FAILED = Outcome.SUCCEEDED, Outcome.PASSWORD_WRONG, Outcome.INTERNAL_FAILURE


class KnownDeaths:
    """Deaths as an earlier process left them; fits :class:`salio.core.ports.Deaths`."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self.kept: Collection[str] | None = None
        self.in_hand: str | None = None

    def keep(self, conversation_ids: Collection[str]) -> None:
        """Notes what was to be kept."""
        self.kept = set(conversation_ids)

    def over(self, conversation_id: str) -> int:
        """As the test says."""
        return self.counts.get(conversation_id, 0)

    def take_in_hand(self, conversation_id: str) -> None:
        """Notes it."""
        self.in_hand = conversation_id

    def put_down(self) -> None:
        """Notes it."""
        self.in_hand = None


class WatchingVault(FakeVault):
    """Notes whose death it would have been."""

    def __init__(self, deaths: KnownDeaths) -> None:
        super().__init__()
        self._deaths = deaths
        self.blamed: list[str | None] = []

    def open_credential(self, credential: str) -> PresentedCredential:
        """Opens it."""
        self.blamed.append(self._deaths.in_hand)
        return super().open_credential(credential)


class WatchingStore(ShakyStore):
    """Notes whose death a read would have been."""

    def __init__(self, deaths: KnownDeaths) -> None:
        super().__init__()
        self._deaths = deaths
        self.blamed: list[str | None] = []

    def find_transactions(
        self, receipts: Collection[str], originator_conversation_ids: Collection[str]
    ) -> FoundTransactions:
        """Reads."""
        self.blamed.append(self._deaths.in_hand)
        return super().find_transactions(receipts, originator_conversation_ids)


class World:
    """A processor whose queue an earlier process left, and what it knows of deaths."""

    def __init__(self, *credentials: str, deaths: dict[int, int] | None = None, calm: bool = True) -> None:
        """``deaths`` are counts by the request's number."""
        self.calm = calm
        self.deaths = KnownDeaths()
        self.vault, self.store = WatchingVault(self.deaths), WatchingStore(self.deaths)
        self.run = running(
            vault=self.vault,
            store=self.store,
            transactions=[a_transaction()],
            deaths=self.deaths,
            calm=lambda: self.calm,
        )
        self.ids = [self._left_behind(each) for each in credentials]
        self.deaths.counts = {self.ids[number - 1]: count for number, count in (deaths or {}).items()}
        self.run.processor.recover(self.store.undecided())

    def _left_behind(self, credential: str) -> str:
        """A request that only the store knows of."""
        request = self.run.intake.draft(an_app(), a_status_query())
        with self.store.unit() as unit:
            unit.add_requests([AcceptedRequest(request, credential)])
        return request.conversation_id

    def decided(self) -> list[int]:
        """The numbers of the decided, in the order of being told."""
        return [request.number for request, _ in self.run.decided]


def test_p25_each_is_named_while_it_is_decided() -> None:
    """Nobody else is; when all are durable nothing is kept, and nobody is named any more."""
    world = World(PASSWORD, WRONG, PASSWORD)
    world.run.submit()
    world.run.drain()
    world.run.submit()
    world.run.drain()
    assert world.vault.blamed == [*world.ids, None, None]
    assert world.run.outcomes() == [DONE, BAD, DONE, DONE, DONE]
    assert world.deaths.kept == set()


def test_p25_each_is_named_while_its_facts_are_read() -> None:
    """For whatever is found of it may be what kills; afterwards a batch is read in one go again."""
    world = World(PASSWORD, PASSWORD)
    world.run.drain()
    assert world.store.blamed == world.ids
    for _ in range(3):
        world.run.submit(query=a_status_query())
    world.run.drain()
    assert world.store.blamed == [*world.ids, None]


@pytest.mark.parametrize(
    ("deaths", "outcome", "opened"),
    [(0, DONE, 3), (1, DONE, 3), (2, DONE, 3), (3, FAILED, 2), (4, FAILED, 2)],
)
def test_p25_three_deaths_are_enough(deaths: int, outcome: Outcome, opened: int) -> None:
    """It ends as an internal failure, unread and undecided, with its cause; its neighbours as ever."""
    world = World(PASSWORD, PASSWORD, PASSWORD, deaths={2: deaths})
    world.run.drain()
    ends = {request.number: conclusion.decision for request, conclusion in world.run.decided}
    assert [ends[number].outcome for number in (1, 2, 3)] == [DONE, outcome, DONE]
    assert len(world.vault.blamed) == opened
    if outcome is FAILED:
        assert ends[2].cause == f"the platform died {deaths} times while it decided this"


def test_p25_suspects_come_last_and_alone() -> None:
    """Everything else is durable before the platform may die again; who had fewer deaths goes first."""
    world = World(*[PASSWORD] * 5, deaths={1: 2, 2: 1, 4: 3})
    turns = []
    for _ in range(3):
        world.run.turn()
        turns.append(world.decided())
    assert turns == [[3, 4, 5], [3, 4, 5, 2], [3, 4, 5, 2, 1]]
    assert world.store.undecided() == []
    assert world.deaths.kept == set()


def test_p25_suspects_wait_for_deliveries() -> None:
    """A death would interrupt them; and though it never gets calm, a suspect does not wait for ever."""
    world = World(PASSWORD, PASSWORD, PASSWORD, deaths={1: 1, 2: 1}, calm=False)
    processor = world.run.processor
    world.run.drain()
    assert world.decided() == [3]
    assert (processor.waiting(), processor.due(), processor.patience()) == (2, 2, 0.5)
    world.run.clock.advance(seconds=CALM_WITHIN)
    world.run.drain()
    assert world.decided() == [3, 1]
    world.calm = True
    world.run.drain()
    assert world.decided() == [3, 1, 2]
    assert (processor.waiting(), processor.patience()) == (0, None)


def test_p25_an_outage_gives_nobody_another_chance() -> None:
    """What was given up and could not be written is given up again, not decided."""
    world = World(PASSWORD, PASSWORD, deaths={1: 3})
    world.store.commits.append(OUTAGE)
    with pytest.raises(StoreUnavailableError):
        world.run.turn()
    assert world.deaths.kept == set(world.ids)
    world.run.drain()
    assert world.run.outcomes() == [FAILED, DONE]
    assert set(world.vault.blamed) == {world.ids[1]}


def test_an_outage_while_recovered_facts_are_read() -> None:
    """Nothing is decided without its facts, and nobody stays named."""
    world = World(PASSWORD, PASSWORD)
    world.store.reads.extend([None, OUTAGE])
    with pytest.raises(StoreUnavailableError):
        world.run.turn()
    assert (world.deaths.in_hand, world.vault.blamed) == (None, [])
    world.run.drain()
    assert world.run.outcomes() == [DONE, DONE]


def test_a_recovered_batch_has_its_bound() -> None:
    """As any other."""
    world = World(*[PASSWORD] * (MOST_AT_ONCE + 2))
    world.run.turn()
    assert len(world.decided()) == MOST_AT_ONCE
    world.run.drain()
    assert world.decided() == list(range(1, MOST_AT_ONCE + 3))
