"""What several gateways share."""

from contextlib import closing

import msgspec

from salio.core.access.apps import Throttle
from salio.platform.filling import find_app
from salio.storage.postgres.databases import PostgresDatabases
from salio.wire.apis import Api
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
