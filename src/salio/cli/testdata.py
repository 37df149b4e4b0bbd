"""``salio testdata``: what the sandbox was filled with, and the keys of its app."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import msgspec

from salio.cli.beside import Beside
from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json, data_option

if TYPE_CHECKING:
    from rich.table import Table

EXAMPLES = """Examples:

  salio testdata
  salio testdata --json --data ./salio-data"""

_TABLES: Mapping[str, tuple[str, ...]] = {
    "initiators": ("name", "short_code", "password", "purpose"),
    "short_codes": ("short_code", "kind", "name"),
    "receipts": ("receipt", "kind", "state", "short_code", "originator_conversation_id"),
}


def show_testdata(*, json: Json = False, data: Data = DEFAULT_DATA) -> None:
    """Print the test data: consumer key and secret, initiators, short codes, customers and receipts."""
    described, running = describe_folder(data)
    if json:
        print(msgspec.json.encode(described).decode())
    else:
        _show(described)
    if not running:
        print(
            f"salio: no platform of {data} runs; the base URL is where `salio up{data_option(data)}` starts "
            "one, unless it is given another port",
            file=sys.stderr,
        )


def describe_folder(data: Path) -> tuple[dict[str, object], bool]:
    """The test data of a platform's folder, and whether one runs on it. Raises CommandError."""
    from salio.sandbox.testdata.description import describe
    from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
    from salio.sandbox.testdata.whole import APP_NUMBER, build
    from salio.vault.app_secrets import AppSecrets
    from salio.vault.passkeys import Passkeys

    beside = Beside(data)
    with closing(beside.access):
        app = next((each for each in beside.access.apps() if each.number == APP_NUMBER), None)
    if app is None:
        raise CommandError(
            f"{beside.folder.path} holds no test data yet: run `salio up{data_option(data)}` to its end"
        )
    secrets = AppSecrets(beside.keys, entropy=beside.entropy)
    described = describe(
        build(now=datetime.now(UTC), digest=lambda _password: b""),  # nothing of either is described
        base_url=beside.base_url(),
        consumer_key=app.consumer_key,
        consumer_secret=secrets.unseal_secret(app.secret_sealed),
        certificate=str(beside.keys.certificate_path),
        control_key=beside.keys.control_key(),
        passkey_of=Passkeys(beside.keys, PUBLISHED_PASSKEYS).of,
    )
    return described, beside.signed() is not None


def _show(described: Mapping[str, object]) -> None:
    from rich.console import Console

    console = Console(highlight=False, markup=False, emoji=False)
    for member in ("base_url", "consumer_key", "consumer_secret", "certificate", "control_key"):
        console.print(f"{_title(member):<16} {described[member]}", soft_wrap=True)
    console.print(f"{'Passkeys':<16} `salio passkey SHORT_CODE` shows them")
    console.print(f"{'MSISDNs':<16} {', '.join(cast('Sequence[str]', described['msisdns']))}")
    for member, columns in _TABLES.items():
        console.print()
        console.print(_table(member, columns, cast("Sequence[Mapping[str, str]]", described[member])))


def _table(member: str, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> "Table":
    from rich import box
    from rich.table import Table

    table = Table(title=_title(member), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(_title(column), no_wrap=column != columns[-1], overflow="fold")
    for row in rows:
        table.add_row(*(row[column] for column in columns))
    return table


def _title(member: str) -> str:
    return member.replace("_", " ").capitalize().replace("url", "URL")
