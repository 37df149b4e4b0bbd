"""A store that cannot commit: refused clearly, nothing kept, and everything works again by itself."""

import threading

from salio.core.requests.outcomes import Admission
from salio.wire.acknowledgements import ResponseCode
from salio.wire.refusals import Refusal
from tests.journeys.client import basic
from tests.journeys.conftest import Fresh
from tests.journeys.reaching import reaches
from tests.journeys.running import BALANCE, QUERIES, STATUS
from tests.patience import until


@reaches(Admission.INTERNAL_ERROR, ResponseCode.INTERNAL_ERROR)
def test_p3_p4_a_store_out_of_reach_declines(fresh: Fresh) -> None:
    """ResponseCode 100000004 while it lasts; then accepted again, without a restart."""
    platform = fresh()
    platform.token()
    with platform.beside.out_of_reach():
        answer = platform.ask(BALANCE)
        assert answer.status == 200
        assert answer.json["ResponseCode"] == "100000004"
        assert answer.json["ResponseDescription"] == "Internal Server Error"
        assert platform.send("GET", "/readyz").status == 503
        assert platform.send("GET", "/healthz").status == 200
    assert [platform.result(api).code for api in QUERIES] == ["0", "0"]
    assert platform.send("GET", "/readyz").status == 200
    assert platform.kept() == 2
    assert platform.receiver.heard(answer.json["ConversationID"]) == []
    assert [each.cause for each in platform.refusals()] == [Admission.INTERNAL_ERROR.value]


@reaches(Refusal.INTERNAL_ERROR)
def test_a_fault_in_the_gateway(fresh: Fresh) -> None:
    """HTTP 500 `500.003.1001` and no more: here a new token cannot be made the only one."""
    platform = fresh(single_token=True)
    with platform.beside.out_of_reach("portal"):
        answer = platform.grant(basic(platform.app.key, platform.app.secret))
        assert answer.error == (500, "500.003.1001", "Internal Server Error")
    assert platform.refusal(answer).cause == "StoreUnavailableError in the gateway"
    assert platform.result(STATUS).code == "0"


def test_apps_that_cannot_be_read_are_refused(fresh: Fresh) -> None:
    """Whoever cannot see which tokens are revoked honours none (design, Speed); until it can again."""
    platform = fresh()
    platform.token()
    [(products,)] = platform.rows("SELECT products FROM app", database="portal")
    for value, code in (("damaged", 401), (products, 200)):
        platform.beside.change("UPDATE app SET products = ?", value, database="portal")
        platform.on_loop(platform.sandbox.follow_access)
        assert platform.ask(BALANCE).status == code


def test_p3_apps_out_of_reach_are_refused(fresh: Fresh) -> None:
    """The same while their server is away, and they are honoured again as soon as it is back."""
    platform = fresh()
    platform.token()
    with platform.beside.out_of_reach("portal"):
        platform.on_loop(platform.sandbox.follow_access)
        assert platform.ask(BALANCE).status == 401
    platform.on_loop(platform.sandbox.follow_access)
    assert platform.ask(BALANCE).status == 200


def test_an_inbox_that_waits_for_its_server_holds_nobody_up(fresh: Fresh) -> None:
    """While it is read others are answered; when the server goes on, it is shown."""
    platform = fresh()
    shown: list[int] = []
    looking = threading.Thread(target=lambda: shown.append(platform.send("GET", "/inbox/demo").status))
    with platform.beside.kept_waiting("inbox") as is_waited_for:
        looking.start()
        until("the inbox waits", is_waited_for)
        assert platform.send("GET", "/healthz").status == 200
        assert (shown, is_waited_for()) == ([], True)
    looking.join()
    assert shown == [200]
