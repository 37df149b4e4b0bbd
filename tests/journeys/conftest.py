"""Platforms for journeys: one for each wire profile that all tests of a worker share, and fresh ones."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from salio.core.ports import Clock
from salio.platform.folder import DataFolder
from salio.platform.sandbox import Around
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from tests.builders import FakeClock
from tests.engines import POSTGRESQL, SQLITE
from tests.journeys.provoking import flush, remove_faults
from tests.journeys.receiver import Receiver
from tests.journeys.running import QUERIES, Platform
from tests.journeys.templates import copied, make_template

Template = Callable[[str], Path]
Fresh = Callable[..., Platform]


@pytest.fixture(scope="session")
def receiver() -> Iterator[Receiver]:
    """Takes the callbacks of every platform."""
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="session", params=[SQLITE, POSTGRESQL])
def engine(request: pytest.FixtureRequest) -> str:
    """What the platforms keep their data in: each in turn."""
    return str(request.param)


@pytest.fixture(scope="session")
def template(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """The data folder of a profile after its first start, made when it is first asked for."""
    made: dict[str, Path] = {}

    def of(wire: str) -> Path:
        if wire not in made:
            made[wire] = make_template(tmp_path_factory.mktemp("template") / "data", wire, engine)
        return made[wire]

    return of


@pytest.fixture(scope="session")
def shared(
    template: Template, receiver: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Platform]]:
    """The one platform of a profile, whose time stands still at NOW."""
    running: dict[str, Platform] = {}

    def of(wire: str) -> Platform:
        if wire not in running:
            settings = copied(template(wire), tmp_path_factory.mktemp(wire) / "data", wire=wire)
            running[wire] = Platform(settings, receiver, FakeClock()).start()
        return running[wire]

    yield of
    for each in running.values():
        each.stop()


@pytest.fixture(scope="session", params=list(PROFILES))
def platform(request: pytest.FixtureRequest, shared: Callable[[str], Platform]) -> Platform:
    """The shared platform of each profile in turn."""
    return shared(request.param)


@pytest.fixture(scope="module", params=list(PROFILES))
def untouched(
    request: pytest.FixtureRequest,
    template: Template,
    receiver: Receiver,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Platform]:
    """A platform of each profile in turn on which nobody pays: the accounts hold what the test data say."""
    settings = copied(
        template(request.param), tmp_path_factory.mktemp("untouched") / "data", wire=request.param
    )
    platform = Platform(settings, receiver, FakeClock()).start()
    yield platform
    platform.stop()
    platform.drop()


@pytest.fixture
def faulty(platform: Platform) -> Iterator[Platform]:
    """The same at rest, without a fault before and after."""
    flush(platform)
    remove_faults(platform)
    yield platform
    remove_faults(platform)


@pytest.fixture(scope="session")
def documented(shared: Callable[[str], Platform]) -> Platform:
    """The shared platform that speaks as the pages say."""
    return shared("documented")


@pytest.fixture(scope="session")
def observed(shared: Callable[[str], Platform]) -> Platform:
    """The shared platform that speaks as was seen on the wire."""
    return shared("observed")


@pytest.fixture(params=QUERIES, ids=lambda api: api.name.lower())
def api(request: pytest.FixtureRequest) -> Api:
    """Each of the two questions in turn."""
    return Api(request.param)


@pytest.fixture
def fresh(template: Template, receiver: Receiver, tmp_path: Path) -> Iterator[Fresh]:
    """Starts a platform of the test's own: ``fresh("observed", clock=clock, most_waiting=2)``."""
    receiver.forget()
    running: list[Platform] = []

    def start(
        wire: str = "documented",
        *,
        clock: Clock | None = None,
        reasons_told: bool = True,
        registered_once: bool = False,
        around: Around = lambda outside: outside,
        **settings: Any,
    ) -> Platform:
        folder = tmp_path / f"data-{len(running)}"
        chosen = copied(template(wire), folder, wire=wire, **settings)
        platform = Platform(
            chosen,
            receiver,
            clock or FakeClock(),
            reasons_told=reasons_told,
            registered_once=registered_once,
            around=around,
        )
        running.append(platform.start())
        return running[-1]

    yield start
    for each in running:
        each.stop()
        each.drop()


@pytest.fixture
def sandbox(fresh: Fresh) -> Platform:
    """A platform of the test's own, signed so that commands find it."""
    platform = fresh()
    DataFolder(platform.data).sign(f"http://127.0.0.1:{platform.port}")
    return platform
