"""Fixtures for pytest, there as soon as Salio is installed (entry point `pytest11`).

Nothing of the platform is imported before a test asks for one. A run, or each worker of pytest-xdist, has one
platform of its own; each test finds it with the test data alone, without faults, at the machine's time.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from salio.client.async_client import AsyncClient
    from salio.client.client import Client
    from salio.platform.in_thread import Begun
    from salio.testing.control import Clock, Faults
    from salio.testing.platform import ExpectResult, Platform
    from salio.wire.answers import Acknowledgement
    from salio.wire.callbacks import Result


def pytest_addoption(parser: pytest.Parser) -> None:
    """What the platform of a run is like."""
    parser.addini("salio_wire", "salio: the wire profile, documented or observed", default="documented")
    parser.addini(
        "salio_foreign_credentials",
        "salio: trust takes SecurityCredentials that were made with Safaricom's own certificate",
        default="refuse",
    )


@pytest.fixture(scope="session")
def _salio_begun(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Begun"]:
    """The platform of this run, or of this worker."""
    try:
        from salio.platform.in_thread import running
    except ModuleNotFoundError as error:
        pytest.fail(
            f"this needs {error.name}, which is not installed: pip install 'salio[platform]'", pytrace=False
        )
    wire = _one_of(pytestconfig, "salio_wire", "documented", "observed")
    foreign = _one_of(pytestconfig, "salio_foreign_credentials", "refuse", "trust")
    folder = tmp_path_factory.mktemp("salio") / "data"
    with running(folder, wire=wire, trust_foreign_credentials=foreign == "trust") as begun:
        yield begun


def _one_of(config: pytest.Config, name: str, *words: str) -> str:
    said = str(config.getini(name))
    if said not in words:
        raise pytest.UsageError(f"{name} is {' or '.join(words)}, not {said!r}")
    return said


@pytest.fixture
def salio_platform(_salio_begun: "Begun") -> "Platform":
    """The whole platform, in this process, on a free port, as it is after a first start."""
    from salio.testing.platform import Platform

    platform = Platform(_salio_begun)
    platform.reset()
    return platform


@pytest.fixture
def salio_client(salio_platform: "Platform") -> Iterator["Client"]:
    """A client that asks it: `salio_client.balance().result()`."""
    with salio_platform.client() as client:
        yield client


@pytest.fixture
def salio_async_client(salio_platform: "Platform") -> "AsyncClient":
    """The same for tasks; `async with` closes it."""
    return salio_platform.async_client()


@pytest.fixture
def salio_clock(salio_platform: "Platform") -> "Clock":
    """The platform's clock."""
    return salio_platform.clock


@pytest.fixture
def salio_faults(salio_platform: "Platform") -> "Faults":
    """What goes wrong on demand, until the end of the test."""
    return salio_platform.faults


@pytest.fixture
def expect_result(salio_platform: "Platform") -> "ExpectResult":
    """Waits for the result of an acknowledgement, without sleeping; fails with what became of it."""
    from salio.client.errors import ResultLate

    def expect(asked: "Acknowledgement | str", *, code: str | None = None) -> "Result":
        __tracebackhide__ = True
        why = ""
        try:
            result = salio_platform.result(asked if isinstance(asked, str) else asked.conversation_id or "")
        except ResultLate as late:
            why = str(late)
        if why:
            pytest.fail(why)
        if code is not None and result.code != code:
            pytest.fail(f"ResultCode {code} was expected, and {result.code} came: {result.description}")
        return result

    return expect
