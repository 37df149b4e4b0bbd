"""What each process says of itself over HTTP."""

from functools import partial

import pytest

from salio.wire.apis import Api
from tests.kill.receiver import Receiver
from tests.patience import until
from tests.serving import Environment, Process

BALANCE = Api.ACCOUNT_BALANCE.path


def at_zero(process: Process, name: str) -> bool:
    """Whether that figure is."""
    return process.figure(name) == 0


def test_a_request_is_counted_on_its_way_through_all_three(served: Environment, receiver: Receiver) -> None:
    """Acknowledged by a gateway, decided by the core that leads, delivered; nothing is left."""
    gateway = served.start("gateway")
    core = served.start("core", "--status-port", "0")
    waiting = served.start("core", "--status-port", "0")
    delivery = served.start("delivery", "--status-port", "0")
    for each in (gateway, core, waiting, delivery):
        assert each.get("/healthz") == (200, "ok\n")
        assert each.get("/readyz") == (200, "ready\n")
        assert each.figure("process_resident_memory_bytes") > 0
    until("it decides", lambda: core.figure("salio_deciding"))
    assert (core.figure("salio_epoch"), waiting.figure("salio_epoch")) == (1, 0)
    assert waiting.figure("salio_deciding") == 0
    body = served.balance_query(receiver.url("ok", 1))
    assert gateway.post(BALANCE, body, served.token(gateway))[0] == 200
    until("it is delivered", lambda: delivery.figure("salio_results_delivered_total"))
    assert gateway.figure("salio_requests_acknowledged_total") == 1
    assert core.figure("salio_requests_decided_total") == 1
    for process, names in {
        gateway: ("salio_requests_undecided", "salio_results_open"),
        core: ("salio_requests_in_hand",),
        delivery: ("salio_results_undelivered_total", "salio_results_waiting", "salio_results_in_flight"),
    }.items():
        for name in names:
            until(f"{name} is 0", partial(at_zero, process, name))
    core.end()
    until("the other decides", lambda: waiting.figure("salio_deciding"))
    assert waiting.figure("salio_epoch") == 2


def test_nothing_listens_unless_it_is_asked_to(served: Environment) -> None:
    """And what listens has no page but those."""
    assert "http" not in served.start("delivery").said
    assert served.start("core", "--status-port", "0").get("/openapi.json")[0] == 404


@pytest.mark.parametrize("duty", ["core", "delivery"])
def test_a_process_whose_store_is_gone_is_not_ready(served: Environment, duty: str) -> None:
    """It lives, says so, and says so again when the store is back."""
    process = served.start(duty, "--status-port", "0")
    until("ready", lambda: process.get("/readyz")[0] == 200)
    with served.database_away():
        until("not ready", lambda: process.get("/readyz") == (503, "the store is out of reach\n"))
        assert process.get("/healthz")[0] == 200
    until("ready again", lambda: process.get("/readyz")[0] == 200)
