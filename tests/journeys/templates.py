"""Data folders as after a first start, made once for each profile and engine, then copied."""

import asyncio
import shutil
from collections.abc import Mapping
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import msgspec

from salio.core.parties.operators import Channel, Operator, OperatorStatus
from salio.core.parties.roles import Role
from salio.platform.databases import choose_database, databases_of
from salio.platform.folder import PRODUCTION, SANDBOX, DataFolder
from salio.platform.sandbox import Sandbox
from salio.platform.settings import Settings
from salio.sandbox.testdata.operators import PASSWORD
from salio.vault.credentials import CredentialReader
from salio.vault.keys import KeyRing
from tests import postgres
from tests.builders import NOW, QUERY_ROLES, FakeClock, ago
from tests.engines import POSTGRESQL, SQLITE
from tests.journeys.subjects import BALANCE_SHORT_CODE


def role_operator(role: Role) -> str:
    """The name of the initiator who has that role alone."""
    return f"only-{role.name.lower()}"


FAULTS: Mapping[str, Mapping[str, Any]] = {
    "web": {"channel": Channel.WEB},
    "dormant": {"status": OperatorStatus.DORMANT},
    "unused": {"last_used_at": ago(days=91)},
    "norole": {"roles": frozenset[Role]()},
    "locked": {"status": OperatorStatus.LOCKED, "wrong_passwords": 5},
    "expired": {"password_set_at": ago(days=90)},
}
"""What can be wrong with an initiator, in the order of the checks."""


def faulty_operator(*faults: str) -> str:
    """The name of the initiator who has these faults and no others."""
    return "-".join(faults)


def _operators(digest: bytes) -> list[Operator]:
    """At 600000: for every role an initiator who has no other; for every two faults one who has both."""
    named: dict[str, Mapping[str, Any]] = {role_operator(role): {"roles": frozenset({role})} for role in Role}
    named |= {faulty_operator(each): FAULTS[each] for each in ("unused",)}
    named |= {
        faulty_operator(*pair): {**FAULTS[pair[0]], **FAULTS[pair[1]]} for pair in combinations(FAULTS, 2)
    }
    usual = Operator(
        number=1000,
        short_code=BALANCE_SHORT_CODE,
        name="",
        channel=Channel.API,
        roles=QUERY_ROLES,
        password_digest=digest,
        password_set_at=ago(days=5),
        last_used_at=ago(days=1),
    )
    return [
        msgspec.structs.replace(usual, number=1000 + number, name=name, **changes)
        for number, (name, changes) in enumerate(named.items())
    ]


def make_template(folder: Path, wire: str, engine: str) -> Path:
    """A data folder with the test data of a start at NOW, the operators above, and keys that were renewed."""
    data_folder = DataFolder(folder)
    data_folder.take()
    choose_database(data_folder, postgres.new_database() if engine == POSTGRESQL else SQLITE)
    sandbox = Sandbox(Settings(data=folder, wire=wire), data_folder, FakeClock(NOW))

    async def start_and_stop() -> None:
        await sandbox.start()
        await sandbox.stop()

    asyncio.run(start_and_stop())
    data_folder.leave()
    keys = KeyRing.load(data_folder.keys)
    keys.renew(SANDBOX, entropy=bytes, at=ago(days=20))
    KeyRing.open(data_folder.other_keys, PRODUCTION, entropy=bytes)
    digest = CredentialReader(keys, entropy=bytes).digest(PASSWORD)
    with closing(databases_of(data_folder).store()) as store, store.unit() as unit:
        unit.add_operators(_operators(digest))
    return folder


def copied(template: Path, folder: Path, **settings: Any) -> Settings:
    """The settings of a platform on a copy of the template."""
    shutil.copytree(template, folder)
    original = DataFolder(folder).database_url()
    if original is not None:
        DataFolder(folder).remember_database(postgres.new_database(original))
    return msgspec.structs.replace(Settings(data=folder), **settings)
