"""The bank test: payments of every kind through HTTP while the platform is killed (P1, P2, P4).

Customers pay and are paid, two organizations pay each other, taxes go out, payments are put back, charges are
settled, money is withdrawn; `kill -9` strikes in the middle, and the next life goes on. No shilling is lost,
none moves twice, and whoever reads all balances meanwhile finds that they come to the same.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from salio.cli.__main__ import main
from tests.engines import POSTGRESQL, SQLITE
from tests.kill.asking import BALANCE
from tests.kill.bank import Bank
from tests.kill.bank_audit import Audit
from tests.kill.bank_orders import BROUGHT, KINDS, SHOP, Kind
from tests.kill.checker import opened
from tests.kill.platforms import living, midway, production
from tests.kill.receiver import Receiver
from tests.proof import proof_count, proof_times

LIVES = proof_count(small=2, large=20)
PAID_BEFORE_DEATH = 400 if proof_times() else 120
"""Acknowledged orders that a life lives to see."""
BANK = "M-PESA - Bank"


@pytest.fixture(params=[SQLITE, POSTGRESQL])
def engine(request: pytest.FixtureRequest) -> str:
    """Where the books are kept."""
    return str(request.param)


@pytest.fixture
def bank(engine: str, tmp_path: Path, receiver: Receiver) -> Iterator[Bank]:
    """One that nobody has paid through."""
    bank = Bank(tmp_path, engine, receiver)
    yield bank
    bank.close()


@pytest.mark.slow
def test_l3_l14_no_death_loses_or_doubles_a_payment(bank: Bank, receiver: Receiver) -> None:
    """Every read sums to the total; results, statements and status queries agree; nothing stays reserved."""
    for _ in range(LIVES):
        bank.live(PAID_BEFORE_DEATH)
    bank.finish()
    audit = Audit(bank, receiver.callbacks)
    audit.check()
    paid = {_name(order.kind) for order, _ in audit.paid}
    assert paid == {_name(each) for each in KINDS if each.path != BALANCE}
    assert {_name(order.kind) for order, _ in audit.read.values()} == {_name(each) for each in KINDS} - paid
    assert {each["to"] for each in bank.operated if "receipt" in each} > {BANK}
    assert bank.reads > LIVES
    assert set(bank.abroad.arrived) == set(BROUGHT)
    assert audit.refused
    assert bank.hands.rang_again >= LIVES


def _name(kind: Kind) -> tuple[str, str, str]:
    return kind.path, kind.short_code, kind.members.get("CommandID", "")


STATEMENTS = (
    "INSERT INTO transaction_",
    "UPDATE account",
    "INSERT INTO entry",
    "INSERT INTO posting",
    "INSERT INTO seal",
    "COMMIT",
)
"""What a settlement writes, and the end of it."""
TABLES = ("account", "transaction_", "entry", "posting", "seal")
SETTLED = {"Working Account": 41_000 + 1_507_500 - 9_000, "Utility Account": 0, "Charges Paid Account": 0}
"""Of the shop, by the test data's balances."""


@pytest.mark.slow
def test_l6_a_settlement_killed_between_its_steps(tmp_path: Path) -> None:
    """Before each statement of it in turn: nothing of it is there afterwards; then it is done, whole."""
    data, log = tmp_path / "data", tmp_path / "log"
    with living(production(data), log) as platform:
        assert platform.end() == 0
    before = books(data)
    for each in STATEMENTS:
        with living(midway(data), log) as platform:
            platform.tell(each)
            assert platform.process.stdout is not None
            assert platform.process.stdout.readline() == b"told\n"
            with suppress(OSError):
                platform.control("POST", "organizations/settle", short_code=SHOP)
            platform.bury()
        assert books(data) == before, each
    with living(production(data), log) as platform:
        assert platform.control("POST", "organizations/settle", short_code=SHOP)[0] == 200
        assert platform.end() == 0
    assert main(["check", "--data", str(data)]) == 0
    changed = set(books(data)["account"]) - set(before["account"])
    held = {kind: available for _, holder, kind, _, available, _, _ in changed if holder == SHOP}
    assert held == SETTLED


def books(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """All that is written of money."""
    with opened(data / "sandbox.db") as store:
        store.row_factory = None
        return {each: store.execute(f"SELECT * FROM {each}").fetchall() for each in TABLES}  # noqa: S608 - of a list
