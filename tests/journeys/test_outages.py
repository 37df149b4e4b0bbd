"""A store that cannot commit: refused clearly, nothing kept, and everything works again by itself."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from salio.core.requests.outcomes import Admission
from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import Api
from salio.wire.refusals import Refusal
from tests.journeys.client import basic
from tests.journeys.conftest import Fresh
from tests.journeys.reaching import reaches
from tests.journeys.running import BALANCE, STATUS


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody else writes to the file, and does not come to an end."""
    with closing(sqlite3.connect(database, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@reaches(Admission.INTERNAL_ERROR, ResponseCode.INTERNAL_ERROR)
def test_p4_a_locked_store_declines(fresh: Fresh) -> None:
    """ResponseCode 100000004 while it lasts; then accepted again, without a restart."""
    platform = fresh()
    platform.token()
    with locked(platform.data / "sandbox.db"):
        answer = platform.ask(BALANCE)
        assert answer.status == 200
        assert answer.json["ResponseCode"] == "100000004"
        assert answer.json["ResponseDescription"] == "Internal Server Error"
        assert platform.send("GET", "/readyz").status == 503
        assert platform.send("GET", "/healthz").status == 200
    assert [platform.result(api).code for api in Api] == ["0", "0"]
    assert platform.send("GET", "/readyz").status == 200
    assert platform.kept() == 2
    assert platform.receiver.heard(answer.json["ConversationID"]) == []
    assert [each.cause for each in platform.refusals()] == [Admission.INTERNAL_ERROR.value]


@reaches(Refusal.INTERNAL_ERROR)
def test_a_fault_in_the_gateway(fresh: Fresh) -> None:
    """HTTP 500 `500.003.1001` and no more: here a new token cannot be made the only one."""
    platform = fresh(single_token=True)
    with locked(platform.data / "portal.db"):
        answer = platform.grant(basic(platform.app.key, platform.app.secret))
        assert answer.error == (500, "500.003.1001", "Internal Server Error")
    assert platform.refusal(answer).cause == "StoreUnavailableError in the gateway"
    assert platform.result(STATUS).code == "0"


def test_apps_that_cannot_be_read_are_refused(fresh: Fresh) -> None:
    """Whoever cannot see which tokens are revoked honours none (design, Speed); until it can again."""
    platform = fresh()
    platform.token()
    with closing(sqlite3.connect(platform.data / "portal.db")) as beside:
        (products,) = beside.execute("SELECT products FROM app").fetchone()
        for value, code in (("damaged", 401), (products, 200)):
            with beside:
                beside.execute("UPDATE app SET products = ?", [value])
            platform.on_loop(platform.sandbox.follow_access)
            assert platform.ask(BALANCE).status == code
