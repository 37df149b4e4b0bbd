"""No secret is kept in clear, logged or answered: canaries through every door, then a look at every byte."""

import base64
import json
import logging
from collections.abc import Iterator

import pytest

from salio.core.requests.outcomes import Outcome
from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from tests.journeys.client import Answer, basic, bearer
from tests.journeys.conftest import Fresh
from tests.journeys.running import JSON, QUERIES, Platform

SECRET = "canary-Consumer-Secret-7"
WRONG_SECRET = "canary-Wrong-Secret-7"
WRONG_PASSWORD = "canary-Wrong-Password-7"
FORGED = "canaryForgedToken7abcdefghij"
SHORT_CREDENTIAL = base64.b64encode(b"canary-Short-Credential-7").decode()


def through_every_door(platform: Platform) -> Iterator[Answer]:
    """Requests that carry a secret wherever one can be, right and wrong."""
    app = platform.add_app(secret=SECRET)
    yield platform.grant(basic(app.key, WRONG_SECRET))
    yield platform.grant(basic(WRONG_SECRET, SECRET))
    yield platform.grant(f"Bearer {SECRET}")
    yield platform.grant(basic(app.key, SECRET), f"?grant_type={SECRET}")
    for api in QUERIES:
        for authorization in (bearer(FORGED), f"{FORGED} x", f"Basic {FORGED}"):
            yield platform.send("POST", api.path, [("Authorization", authorization), JSON], b"{}")
        yield platform.send("POST", f"{api.path}?access_token={FORGED}")
        yield platform.ask(api, {"SecurityCredential": SHORT_CREDENTIAL}, app=app)
        yield platform.ask(api, {"SecurityCredential": [SHORT_CREDENTIAL]}, app=app)
        yield platform.ask(api, {"Password": WRONG_PASSWORD, "Secret": SECRET}, app=app)
        yield platform.post(api, f'{{"SecurityCredential": "{SHORT_CREDENTIAL}"'.encode(), app=app)
        yield platform.post(api, f"Password={WRONG_PASSWORD}".encode(), app=app)
        yield platform.ask(api, {"SecurityCredential": platform.credential(WRONG_PASSWORD)}, app=app)


def forms(secret: str) -> list[bytes]:
    """The secret as it is, in base64 at each of the three places, and in hexadecimal."""
    plain = secret.encode()
    encoded = [base64.b64encode(b"x" * start + plain)[4:-4] for start in range(3)]
    return [plain, *encoded, plain.hex().encode()]


def in_tables(platform: Platform) -> str:
    """Every value of every table, as text."""
    told = []
    for database in ("sandbox", "portal"):
        for table in platform.beside.tables(database):
            whole = f"SELECT * FROM {table}"  # noqa: S608 - a name of our own schema
            told.append(repr(platform.rows(whole, database=database)))
    return "\n".join(told)


@pytest.mark.parametrize("wire", list(PROFILES))
def test_no_secret_stays(
    fresh: Fresh, wire: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    """Not in the files, whatever SQLite left in them, not in the logs, not in any answer or callback."""
    caplog.set_level(logging.DEBUG)
    platform = fresh(wire)
    answers = list(through_every_door(platform))
    platform.refusals()
    for each in answers:
        if each.status == 200 and b"ConversationID" in each.body:
            platform.receiver.wait(json.loads(each.body)["ConversationID"])
    token = platform.token()
    tables = in_tables(platform)
    files = [file for file in platform.data.rglob("*") if file.is_file() and "keys" not in file.parts]
    in_files = {"sandbox.db", "sandbox.db-wal", "portal.db", "portal.db-wal"}
    assert in_files.isdisjoint(names := {file.name for file in files}) or in_files <= names
    out, err = capfd.readouterr()
    haystacks = {
        **{file.name: file.read_bytes() for file in files},
        "tables": tables.encode(),
        "logs": (out + err + caplog.text).encode(),
        "answers": b"\n".join(each.body + repr(each.headers).encode() for each in answers),
    }
    secrets = [SECRET, WRONG_SECRET, WRONG_PASSWORD, FORGED, SHORT_CREDENTIAL, "Safaricom999!*!", token]
    secrets += [platform.app.secret]
    found = [
        (where, each)
        for where, hay in haystacks.items()
        for each in secrets
        for form in forms(each)
        if form in hay
    ]
    assert found == []


def test_a_credential_goes_with_its_decision(platform: Platform, api: Api) -> None:
    """Right or wrong, no table has the ciphertext any more once its request is decided."""
    for password in ("Safaricom999!*!", "another"):
        changes = {"PartyA": "600984", "Initiator": "testapi"}
        credential = platform.credential(password)
        platform.result(api, {**changes, "SecurityCredential": credential})
        assert platform.rows("SELECT * FROM intake") == []
        assert credential not in in_tables(platform)
    assert Outcome.PASSWORD_WRONG.value in in_tables(platform)
