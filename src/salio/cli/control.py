"""Calls the control of a running sandbox, from beside its data folder."""

import http.client
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from salio.cli.beside import Beside
from salio.cli.errors import CommandError
from salio.cli.options import data_option

SECONDS = 60
"""A flush may take 30."""


class NotRunningError(CommandError):
    """No sandbox of the folder answers."""


def call(data: Path, method: str, path: str, body: object = None) -> dict[str, Any]:
    """The platform's answer; raises NotRunningError where none runs, CommandError with what it says."""
    from salio.sandbox.control.guard import KEY_HEADER

    beside = Beside(data)
    beside.access.close()
    base_url = beside.base_url()
    nobody = NotRunningError(
        f"no sandbox of {beside.folder.path} answers at {base_url}: start it with "
        f"`salio up{data_option(data)}`"
    )
    if beside.signed() is None:
        raise nobody
    headers = {KEY_HEADER: beside.keys.control_key(), "Content-Type": "application/json"}
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=SECONDS)
    try:
        connection.request(method, path, msgspec.json.encode(body or {}), headers)
        answer = connection.getresponse()
        said: dict[str, Any] = msgspec.json.decode(answer.read())
    except (OSError, http.client.HTTPException, msgspec.DecodeError):
        raise nobody from None
    finally:
        connection.close()
    if answer.status == http.client.FORBIDDEN:  # this folder's key: it is another folder's platform
        raise nobody
    if answer.status != http.client.OK:
        raise CommandError(str(said.get("error", f"the sandbox answered {answer.status}")))
    return said
