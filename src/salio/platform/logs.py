"""Logging: structured lines on standard error, with one processor that lets no secret through."""

import logging
import sys
from collections.abc import MutableMapping
from contextlib import suppress
from typing import Any, TextIO, cast

import structlog

SECRET_NAMES = frozenset(
    {
        "security_credential",
        "credential",
        "password",
        "consumer_secret",
        "secret",
        "token",
        "authorization",
        "otp",
    }
)
REDACTED = "[redacted]"


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Blanks every member that may hold a secret, at any depth, by its name."""
    event.update(_redacted(dict(event)))
    return event


def _redacted(value: Any) -> Any:
    """A copy: what was handed to the log stays as it is."""
    if isinstance(value, dict):
        return {name: _member(name, each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(each) for each in value]
    return value


def _member(name: object, value: Any) -> Any:
    return REDACTED if str(name).lower() in SECRET_NAMES else _redacted(value)


class Unfailing:
    """A stream whose lines may be lost: a log on a full disk must never stop the work that it tells of."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes what it can."""
        with suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flushes what it can."""
        with suppress(OSError, ValueError):
            self._stream.flush()


def configure_logging() -> None:
    """One line a record, on standard error; the server's own records go the same way."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            redact,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", Unfailing(sys.stderr))),
        cache_logger_on_first_use=True,
    )
