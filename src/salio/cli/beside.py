"""Works beside a running platform: its keys, its portal database, and where it listens."""

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from salio.cli.options import DEFAULT_BASE_URL, databases_beside, started_before

if TYPE_CHECKING:
    from salio.platform.folder import DataFolder
    from salio.storage.ports import PortalStore
    from salio.vault.entropy import Entropy


class Beside:
    """What a command may use of a platform's folder, whether or not the platform runs."""

    def __init__(self, data: Path, *, to_write: bool = False) -> None:
        """Raises CommandError where no platform ever ran, NewerDatabaseError, VaultError."""
        from salio.platform.folder import SANDBOX
        from salio.platform.identifiers import entropy_of
        from salio.vault.keys import KeyRing

        self.folder: DataFolder = started_before(data)
        databases = databases_beside(self.folder)
        self.entropy: Entropy = entropy_of(None, "commands")
        self.keys: KeyRing = KeyRing.open(self.folder.keys, SANDBOX, entropy=self.entropy)
        self.access: PortalStore = databases.access() if to_write else databases.access_to_read()

    def base_url(self) -> str:
        """Where the running platform says it listens; the usual place when none runs."""
        return self.signed() or DEFAULT_BASE_URL

    def signed(self) -> str | None:
        """Where the platform that ran last says it listens, perhaps still; ``None`` after an orderly end."""
        from salio.platform.folder import Signpost

        try:
            return msgspec.json.decode(self.folder.signpost.read_bytes(), type=Signpost).base_url
        except (FileNotFoundError, msgspec.DecodeError):
            return None
