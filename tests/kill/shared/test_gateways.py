"""Two gateways of one environment: what ends at one ends at the other, and they count together."""

import pytest

from tests.kill.platforms import until
from tests.kill.shared.staging import Staging, wait

QUOTA = 50
APART = 0.05
"""Seconds between requests, which go to the gateways by turns."""
BEYOND = 10
"""What both may accept together beyond the quota: each learns of the other's within half a second."""


@pytest.mark.slow
def test_gateways_share_revocations_and_quotas(staging: Staging) -> None:
    """A revoked token is dead at both within a second; a day's quota is one for both."""
    gateways = staging.supervisor.of("gateway")
    token = staging.new_token()
    assert all(staging.ask(each, token).acknowledged for each in gateways)
    staging.salio("revoke", token)
    until(
        "both refuse it",
        lambda: not any(staging.ask(each, token).acknowledged for each in gateways),
        patience=1.0,
    )
    token = staging.new_token(staging.add_app("--per-day", str(QUOTA), "--per-second", "1000"))
    for _ in range(QUOTA):
        for gateway in gateways:
            staging.ask(gateway, token)
            wait(APART)
    accepted = sum(each.acknowledged for each in staging.mix.asked[-2 * QUOTA :])
    assert QUOTA <= accepted <= QUOTA + BEYOND
    staging.settle()
    staging.supervisor.end()
