"""Callbacks lost, late, doubled, early, reordered and forged, everybody killed at random, the server of the
record too: every request ends, its effect is there once, and none is wrong (C4 to C8, C13).
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engines import POSTGRESQL, SQLITE
from tests.kill.mutual import Mutual
from tests.kill.records import record_place
from tests.proof import proof_count

REQUESTS = proof_count(small=120, large=10_000)
PROCESSES = {SQLITE: 1, POSTGRESQL: 2}
"""On a server one takes over what another has lost with its session."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1])
@pytest.mark.parametrize("engine", PROCESSES)
def test_c4_c5_c6_c7_c8_c13_every_request_ends_once(
    tmp_path: Path, engine: str, seed: int, record_property: Callable[[str, object], None]
) -> None:
    """In the state that the platform's own bytes say, with its effect in the same transaction."""
    with record_place(engine, tmp_path, seed) as place:
        campaign = Mutual(tmp_path, place, seed, REQUESTS, processes=PROCESSES[engine])
        try:
            campaign.run()
            found = campaign.judge()
        finally:
            campaign.close()
    record_property("organization", repr(found))
    assert found.wrong == []
    assert sum(found.states.values()) >= REQUESTS
    assert set(found.states) <= {"settled", "failed", "needs a person"}
    assert found.states["settled"] > REQUESTS / 3  # the rest fails by faults, on a slow machine more of them
    assert found.verdicts["forged"] > 0
    assert found.askings > REQUESTS
