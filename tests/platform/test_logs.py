"""The log: one line a record, and no secret in it."""

import io
import subprocess
import sys
from typing import Any

import pytest

from salio.platform.logs import REDACTED, SECRET_NAMES, Unfailing, redact


@pytest.mark.parametrize("name", sorted(SECRET_NAMES))
@pytest.mark.parametrize(
    "within",
    [
        pytest.param(lambda member: member, id="itself"),
        pytest.param(lambda member: {"body": member}, id="in an object"),
        pytest.param(lambda member: {"a": {"b": {"c": member}}}, id="deep"),
        pytest.param(lambda member: {"requests": [1, [member]]}, id="in a list"),
        pytest.param(lambda member: {"pair": ("x", member)}, id="in a tuple"),
    ],
)
def test_secrets_are_blanked_by_their_names(name: str, within: Any) -> None:
    """At any depth, in any case."""
    for spelt in (name, name.upper(), name.title()):
        told = redact(None, "info", within({spelt: "canary", "kept": 1}))
        assert "canary" not in repr(told)
        assert REDACTED in repr(told)
        assert "'kept': 1" in repr(told)


def test_what_was_handed_over_stays_as_it_is() -> None:
    """The log blanks a copy; names that are no text do not stop it."""
    body = {"password": "canary", 1: None}
    assert redact(None, "info", {"body": body})["body"] == {"password": REDACTED, 1: None}
    assert body["password"] == "canary"


SCRIPT = """
import logging, structlog
from salio.platform.logs import configure_logging
configure_logging()
structlog.get_logger().info("met", password="canary", number=7)
logging.getLogger("uvicorn.error").warning("theirs")
try:
    raise ValueError("why")
except ValueError:
    structlog.get_logger().exception("failed", request_id="1-1-1")
"""


def test_lines_go_to_standard_error() -> None:
    """Ours and the server's; a fault with its traceback."""
    ran = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True)
    assert ran.stdout == ""
    assert "event='met'" in ran.stderr
    assert "number=7" in ran.stderr
    assert "canary" not in ran.stderr
    assert "WARNING uvicorn.error theirs" in ran.stderr
    assert "ValueError: why" in ran.stderr
    assert "request_id='1-1-1'" in ran.stderr


class Full(io.StringIO):
    """A disk without room."""

    def write(self, _text: str) -> int:
        """Never."""
        raise OSError(28, "No space left on device")

    def flush(self) -> None:
        """Never."""
        raise OSError(28, "No space left on device")


def test_a_log_that_cannot_be_written_stops_nobody() -> None:
    """Its lines are lost, the work goes on; the same with a closed stream."""
    closed = io.StringIO()
    closed.close()
    for stream in (Full(), closed):
        unfailing = Unfailing(stream)
        assert unfailing.write("line") == 4
        unfailing.flush()
    kept = io.StringIO()
    Unfailing(kept).write("line")
    assert kept.getvalue() == "line"
