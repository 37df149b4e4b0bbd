"""Which servers may be trusted with what is promised to be kept."""

from collections.abc import Mapping
from typing import Any

from salio.storage.ports import UnfitServerError

OLDEST = 15
"""The oldest version that is supported."""

PROMISES: Mapping[str, str] = {
    "fsync": "what is committed must be on the disk",
    "full_page_writes": "a page that a crash tore in two must be whole again",
    "synchronous_commit": "an acknowledgement leaves only after its commit is on the disk",
}
"""The server's settings that may not be off, and why."""


_SETTINGS = "SELECT name, setting FROM pg_settings WHERE name = ANY($1)"
_VERSION = "server_version_num"


async def check(connection: Any) -> None:
    """Raises :class:`UnfitServerError` for a server that is too old, or breaks a promise."""
    found = await connection.fetch(_SETTINGS, [_VERSION, *PROMISES])
    settings = {str(name): str(setting) for name, setting in found}
    if why := why_unfit(int(settings[_VERSION]), settings):
        raise UnfitServerError(f"PostgreSQL {why}")


def why_unfit(version: int, settings: Mapping[str, str]) -> str | None:
    """Why a server of that version, with these settings, cannot keep what is promised; ``None`` if it can."""
    if version < OLDEST * 10_000:
        return f"has version {version // 10_000}: Salio needs {OLDEST} or later"
    off = next((name for name in PROMISES if settings[name] == "off"), None)
    return None if off is None else f"has {off} off, but {PROMISES[off]}: turn it on"
