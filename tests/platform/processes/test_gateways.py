"""What several gateways share."""

import json
from contextlib import closing

import msgspec

from salio.core.access.apps import Throttle
from salio.platform.filling import find_app
from salio.storage.postgres.databases import PostgresDatabases
from salio.wire.apis import Api
from tests.journeys.test_samples import sample
from tests.serving import Environment


def test_a_gateway_lets_pass_its_part_of_spike_arrest_t8(served: Environment) -> None:
    """Of ten places with five gateways it has two."""
    with closing(PostgresDatabases(served.url).access()) as access:
        app = find_app(access)
        assert app is not None
        throttle = Throttle(per_second=1, burst=10, per_day=None)
        access.save_app(msgspec.structs.replace(app, throttle=throttle))
    gateway = served.start("gateway", "--gateways", "5")
    token, body = served.token(gateway), served.balance_query("http://127.0.0.1:9/result")
    answers = [gateway.post(Api.ACCOUNT_BALANCE.path, body, token) for _ in range(4)]
    assert [status for status, _ in answers[:2]] == [200, 200]
    assert "500.003.02" in answers[3][1]  # the third might find a place that has flowed in meanwhile


def test_the_pages_prompt_at_a_gateway(served: Environment) -> None:
    """M-PESA Express' sample is taken as printed, by the passkey that `salio passkey` shows; while no core
    runs, the query says that it is under way.
    """
    gateway = served.start("gateway")
    token, pushed = served.token(gateway), sample("express_request")
    status, told = gateway.post(Api.EXPRESS.path, json.dumps(pushed).encode(), token)
    assert status == 200, told
    checkout = json.loads(told)["CheckoutRequestID"]
    signed = {name: pushed[name] for name in ("BusinessShortCode", "Password", "Timestamp")}
    asked = json.dumps(signed | {"CheckoutRequestID": checkout}).encode()
    status, told = gateway.post(Api.EXPRESS_QUERY.path, asked, token)
    assert (status, json.loads(told)["ResultCode"]) == (200, "4999")
