"""The platform as production runs it, in that no reason leaves with an answer; its throttles let all pass.

    python -m tests.timing.runner DATA

Between two requests every bucket fills up again, unless the sandbox's clock is stopped.
"""

import sys
from pathlib import Path

import msgspec

from salio.platform.clock import SystemClock
from salio.platform.serve import run
from salio.platform.settings import Running, Settings

HASTE = 1e6


class HastyClock(SystemClock):
    """The machine's wall clock; the other one, by which throttles go, runs a million times as fast."""

    def monotonic(self) -> float:
        """Seconds that never step back."""
        return super().monotonic() * HASTE


def main(data: str) -> None:
    """Serves until it is told to stop."""
    run(Settings(data=Path(data), port=0), _announce, clock=HastyClock(), reasons_told=False)


def _announce(running: Running) -> None:
    sys.stdout.write(msgspec.json.encode(running).decode() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
