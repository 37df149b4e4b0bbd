"""The platform as ``salio up`` runs it, but that some credentials kill the process that opens them.

    python -m tests.kill.poisonable DATA POISON

POISON is a file with such credentials, one a line; it may come later. SIGKILL is what a process meets that
wants more memory than there is, and leaves as little behind as a fault in a library written in C.
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import msgspec

from salio.core.parties.operators import Operator
from salio.core.ports import Vault
from salio.core.requests.asking import PresentedCredential
from salio.platform.environment import Outside
from salio.platform.serve import run
from salio.platform.settings import Settings
from tests.kill.runner import announce

LONGEST_WAIT = timedelta(hours=1)
"""A request that waited longer is not decided; none shall be saved by that on a machine that is slow."""


class PoisonableVault:
    """The production vault behind a look at the file."""

    def __init__(self, vault: Vault, poison: Path) -> None:
        self._vault = vault
        self._poison = poison

    def open_credential(self, credential: str) -> PresentedCredential:
        """Opens it, or dies."""
        if self._poison.exists() and credential in self._poison.read_text("ascii").split():
            os.kill(os.getpid(), signal.SIGKILL)
        return self._vault.open_credential(credential)

    def remember(self, credential: str, operator: Operator) -> None:
        """As the vault."""
        self._vault.remember(credential, operator)

    def forget(self, operator: Operator) -> None:
        """As the vault."""
        self._vault.forget(operator)


def main(data: str, poison: str) -> None:
    """Serves until it dies or is told to stop."""

    def around(outside: Outside) -> Outside:
        return msgspec.structs.replace(outside, vault=PoisonableVault(outside.vault, Path(poison)))

    run(Settings(data=Path(data), port=0, longest_wait=LONGEST_WAIT), announce, around=around)


if __name__ == "__main__":
    main(*sys.argv[1:])
