"""What ``salio up`` can be told."""

from datetime import timedelta
from pathlib import Path

import msgspec

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 8282
DEFAULT_DATA = Path("salio-data")


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """One platform's settings; the defaults are those of ``salio up``."""

    data: Path = DEFAULT_DATA
    database: str | None = None
    """``sqlite`` or a ``postgresql://`` URL; ``None``: wherever the folder's data are."""
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    status_host: str = DEFAULT_HOST
    status_port: int | None = None
    """Where a process that answers no requests says how it is; ``None`` for nowhere."""
    wire: str = "documented"
    seed: str | None = None
    """Makes identifiers and test secrets repeatable."""
    trust_foreign_credentials: bool = False
    single_token: bool = False
    longest_wait: timedelta = timedelta(seconds=60)
    most_waiting: int = 20_000
    """Requests that may wait to be decided before the door says that it is overloaded."""
    gateways: int = 1
    """How many gateways share an app's spike arrest."""
    most_connections: int = 2_000
    """Open at once from one address of another machine, or from one IPv6 network of 64 bits."""
    faults: Path | None = None
    """A file of faults that are in force from the start."""
    remember_ciphertexts: bool = True
    """Off only where a benchmark wants a decryption for every request."""
    drain: timedelta = timedelta(seconds=10)
    """How long a stop waits for what is under way."""


class Running(msgspec.Struct, frozen=True, kw_only=True):
    """What a started platform tells the person who started it."""

    base_url: str
    data: str
    profile: str
    consumer_key: str
    consumer_secret: str
    certificate: str
    inbox_url: str
    security_credential: str
    """Of the initiator ``testapiuser`` at 600000."""
