"""Requests that the platform dies of at every start: each is found and given up, all others go on."""

import signal
from pathlib import Path

import msgspec
import pytest

from salio.core.requests.recovery import MOST_DEATHS
from salio.wire.credentials import make_credential
from tests.kill.asking import PASSWORD, POISONED, Asked
from tests.kill.campaign import Campaign
from tests.kill.checker import is_settled
from tests.kill.platforms import Platform, poisonable
from tests.patience import until
from tests.proof import proof_times

ASKED = 40

PLACES = [[0], [20], [39], [5, 30], [5, 6, 7]] if proof_times() else [[20]]
"""Which of the requests are poison, in the order of asking."""


@pytest.mark.slow
@pytest.mark.parametrize("places", PLACES, ids=str)
def test_p25_requests_that_kill_at_every_start(places: list[int], campaign: Campaign, tmp_path: Path) -> None:
    """So many deaths for each, then it ends with 17; no other's result is lost, and none is sent twice."""
    poison = tmp_path / "poison"
    command = poisonable(campaign.data, poison)
    with campaign.platform(command) as platform:
        assert platform.welcome(), platform.errors()
        campaign.prepare(platform)
        assert platform.control("POST", "faults", hold="queue")[0] == 200
        asked = campaign.ask(platform, ASKED, lambda drawn: spoil(platform, drawn, places, poison))
        assert all(each.acknowledged for each in asked)
        campaign.kill(platform)
    for _ in range(MOST_DEATHS * len(places)):
        with campaign.platform(command) as platform:
            assert not survives(platform, campaign.data)
            assert campaign.mourn(platform) == -signal.SIGKILL
            assert (campaign.data / "recovering.json").exists()
    with campaign.platform(command) as platform:
        assert survives(platform, campaign.data), platform.errors()
        found = campaign.settle(platform)
        assert not (campaign.data / "recovering.json").exists()
        assert platform.end() == 0
    assert (found.acknowledged, found.resent) == (ASKED, 0)
    alerts = [line for line in platform.log.read_text("utf-8").splitlines() if "died_over_a_request" in line]
    assert len(alerts) == MOST_DEATHS * len(places)
    for place in places:
        conversation = asked[place].answer["ConversationID"]
        told = [line for line in alerts if conversation in line]
        assert ["given_up=True" in line for line in told] == [False] * (MOST_DEATHS - 1) + [True]


def spoil(platform: Platform, drawn: list[Asked], places: list[int], poison: Path) -> None:
    """Gives the requests at these places right credentials that the platform dies of."""
    _, certificate = platform.get("/certificate.pem")
    for place in places:
        asked = drawn[place]
        credential = make_credential(PASSWORD.decode(), certificate)
        with poison.open("a", encoding="ascii") as file:
            file.write(credential + "\n")
        members = msgspec.json.decode(asked.body)
        asked.body = msgspec.json.encode({**members, "SecurityCredential": credential})
        asked.expected = POISONED


def survives(platform: Platform, data: Path) -> bool:
    """Whether it decides and delivers everything that it found, and lives."""
    if not platform.welcome():
        return False
    until("settled or dead", lambda: platform.process.poll() is not None or is_settled(data))
    return platform.process.poll() is None
