"""The fault catalogue's rows on tokens and initiators that no other test covers."""

import base64
import json
import re
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from salio.core.parties.operators import Operator
from salio.core.ports import Vault
from salio.core.requests.asking import PresentedCredential
from salio.core.requests.outcomes import Outcome
from salio.platform.clock import SystemClock
from salio.platform.environment import Outside
from salio.wire.apis import OAUTH_PATH, Api
from tests.builders import NOW, FakeClock
from tests.journeys.client import Answer, basic, bearer, send
from tests.journeys.conftest import Fresh
from tests.journeys.raw import exchange
from tests.journeys.running import BALANCE, JSON, Platform
from tests.journeys.test_requests import HEADER, TOKEN
from tests.patience import PATIENCE

GRANTS = 1_000


def test_a3_a_token_with_any_bit_flipped(documented: Platform, api: Api) -> None:
    """Of 224 tokens one bit away none is honoured; all that still look like tokens hear the same."""
    token = documented.token().encode()
    flipped = [
        token[:place] + bytes([token[place] ^ 1 << bit]) + token[place + 1 :]
        for place in range(len(token))
        for bit in range(8)
    ]
    assert len(set(flipped)) == 224
    told = set()
    for each in flipped:
        head = b"POST %s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" % api.path.encode()
        heard = exchange(documented.port, [head + b"Authorization: Bearer " + each + b"\r\n\r\n"])
        (status,) = heard.statuses
        if each.isalnum():
            body = json.loads(heard.content.partition(b"\r\n\r\n")[2])
            told.add((status, body["errorCode"], body["errorMessage"]))
        else:
            assert status in (400, HEADER[api][0])
    assert told == {TOKEN[api]}
    headers = [("Authorization", bearer(token.decode())), JSON]
    assert documented.send("POST", api.path, headers, b"{}").message.endswith("Invalid CommandID")


def test_a3_every_part_of_a_token_is_no_token(documented: Platform, api: Api) -> None:
    """Cut short at either end, it is not honoured."""
    token = documented.token()
    for part in [token[:end] for end in range(1, len(token))] + [token[start:] for start in range(1, 28)]:
        answer = documented.send("POST", api.path, [("Authorization", bearer(part)), JSON], b"{}")
        assert answer.error == TOKEN[api]


def guess(platform: Platform, key: str, secret: str, source: str = "127.0.0.1") -> Answer:
    """A request for a token from one of this machine's addresses."""
    headers = [("Authorization", basic(key, secret))]
    path = f"{OAUTH_PATH}?grant_type=client_credentials"
    return send(platform.port, "GET", path, headers, source=source)


def test_a7_guesses_are_counted_by_key_and_hurt_nobody(platform: Platform) -> None:
    """Fifty wrong secrets at once from fifty addresses: 25 are wrong, 25 too many, to the last one. The right
    secrets in between are granted, those of the attacked app too.
    """
    attacked, other = platform.add_app(), platform.add_app()
    wrong = [(attacked.key, f"guess {number}", f"127.0.1.{number + 1}") for number in range(50)]
    right = [(each.key, each.secret, "127.0.0.1") for each in (attacked, other)] * 5
    before = len(platform.refusals())
    with ThreadPoolExecutor(60) as pool:
        answers = list(pool.map(lambda given: guess(platform, *given), wrong + right))
    told = Counter(each.status for each in answers[:50])
    assert told == {400: 25, 500 if platform.profile == "documented" else 429: 25}
    assert [each.status for each in answers[50:]] == [200] * 10
    refused = platform.refusals()
    assert len(refused) == before + 50
    often = "wrong consumer secret, too often: 25 at once and 1 a second allowed"
    assert Counter(each.cause for each in refused[:50]) == {"wrong consumer secret": 25, often: 25}
    assert {each.app_number for each in refused[:50]} == {attacked.number}
    assert guess(platform, other.key, "wrong").status == 400


def test_a7_guesses_flow_back(fresh: Fresh) -> None:
    """After the 25 one a second is allowed, an hour gives 25 again; neither a step of the wall clock nor a
    grant gives any.
    """
    clock = FakeClock()
    platform = fresh(clock=clock)
    app = platform.add_app()

    def told(times: int) -> list[int]:
        return [guess(platform, app.key, "wrong").status for _ in range(times)]

    assert told(26) == [400] * 25 + [500]
    clock.set_wall(NOW + timedelta(hours=1))
    platform.token(app, new=True)
    assert told(1) == [500]
    clock.advance(seconds=1)
    assert told(2) == [400, 500]
    clock.advance(hours=1)
    assert told(26) == [400] * 25 + [500]


def test_a7_a_stopped_clock_keeps_nobody_out(fresh: Fresh) -> None:
    """While the sandbox's time stands still no guess flows back, and the right secret is granted."""
    platform = fresh(clock=SystemClock())
    assert platform.send("POST", "/_salio/clock/stop", [JSON], b"{}").status == 200
    app = platform.add_app()
    assert [guess(platform, app.key, "wrong").status for _ in range(27)] == [400] * 25 + [500] * 2
    assert guess(platform, app.key, app.secret).status == 200


@pytest.mark.parametrize("known", [True, False], ids=["an app's key", "nobody's key"])
def test_a17_a_throttle_tells_no_key(platform: Platform, known: bool) -> None:
    """The answers to thirty guesses in a row are the same whether an app has the key or not."""
    key = platform.add_app().key if known else platform.sandbox.secrets.new_consumer_key()
    answers = [guess(platform, key, f"guess {number}") for number in range(30)]
    often = 500 if platform.profile == "documented" else 429
    assert [each.status for each in answers] == [400] * 25 + [often] * 5
    wrong, often_told = ({without_id(each) for each in part} for part in (answers[:25], answers[25:]))
    assert (len(wrong), len(often_told)) == (1, 1)
    assert {each.headers["content-type"] for each in answers} == {"application/json"}


def without_id(answer: Answer) -> bytes:
    """The body but for its requestId, which is another each time."""
    return re.sub(rb'"requestId":"[^"]*",', b"", answer.body)


def counts(platform: Platform) -> dict[str, int]:
    """How many rows each table has, in both files."""
    found = {}
    for database in ("sandbox", "portal"):
        for table in platform.beside.tables(database):
            whole = f"SELECT count(*) FROM {table}"  # noqa: S608 - a name of our own schema
            found[table] = platform.rows(whole, database=database)[0][0]
    return found


def test_a9_a_thousand_tokens_at_once(fresh: Fresh) -> None:
    """All different and all good, and none of them takes a row anywhere."""
    platform = fresh()
    before = counts(platform)
    with ThreadPoolExecutor(32) as pool:
        tokens = set(pool.map(lambda _: platform.token(new=True), range(GRANTS)))
    assert len(tokens) == GRANTS
    assert counts(platform) == before
    for each in sorted(tokens)[:: GRANTS // 20]:
        headers = [("Authorization", bearer(each)), JSON]
        assert platform.send("POST", BALANCE.path, headers, b"{}").message.endswith("Invalid CommandID")


@pytest.mark.parametrize("name", ["access_token", "Authorization", "token"])
def test_a10_a_token_counts_in_its_header_alone(platform: Platform, api: Api, name: str) -> None:
    """In the query or in the body it is as if it were not there."""
    token, kept = platform.token(), platform.kept()
    body = json.dumps(platform.body(api, {name: token})).encode()
    for given in (token, f"Bearer%20{token}"):
        assert platform.send("POST", f"{api.path}?{name}={given}", [JSON], body).error == HEADER[api]
    assert platform.kept() == kept


def test_a10_a_token_in_the_body_is_not_kept(platform: Platform, api: Api) -> None:
    """Beside a good header it is an unknown member: its name is noted, its value nowhere."""
    token = platform.token(new=True)
    callback = platform.result(api, {"access_token": token})
    assert callback.code == "0"
    (row,) = platform.rows(
        "SELECT * FROM request WHERE conversation_id = ?", [callback.result["ConversationID"]]
    )
    assert "access_token" in repr(row)
    assert token not in repr(row)


def bad_ciphertexts(platform: Platform) -> dict[str, bytes]:
    """Five classes of what is no encrypted password: by length, range and padding."""
    key = load_pem_public_key(platform.sandbox.keys.public_key_pem)
    assert isinstance(key, RSAPublicKey)
    numbers = key.public_numbers()

    def sealed(block: bytes) -> bytes:
        return pow(int.from_bytes(block, "big"), numbers.e, numbers.n).to_bytes(256, "big")

    return {
        "zero": bytes(256),
        "beyond the modulus": b"\xff" * 256,
        "no block": sealed(b"\0\1" + b"\xaa" * 254),
        "no end of the padding": sealed(b"\0\2" + b"\xaa" * 254),
        "padding too short": sealed(b"\0\2" + b"\xaa" * 3 + b"\0" + b"x" * 250),
    }


class PatientVault:
    """The production vault; it opens no credential before it is told to, or the patience ends."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.told = threading.Event()
        self.in_time: list[bool] = []

    def open_credential(self, credential: str) -> PresentedCredential:
        """Holds up everything that the platform's one thread does."""
        self.in_time.append(self.told.wait(PATIENCE))
        return self._vault.open_credential(credential)

    def remember(self, credential: str, operator: Operator) -> None:
        """As the vault."""
        self._vault.remember(credential, operator)

    def forget(self, operator: Operator) -> None:
        """As the vault."""
        self._vault.forget(operator)


def test_a14_the_acknowledgement_leaves_before_the_credential_is_opened(fresh: Fresh, api: Api) -> None:
    """It is read while the vault still waits: what the credential holds cannot show in the answer's time."""
    vaults: list[PatientVault] = []

    def around(outside: Outside) -> Outside:
        vaults.append(PatientVault(outside.vault))
        return msgspec.structs.replace(outside, vault=vaults[0])

    platform = fresh(around=around)
    platform.token()
    conversation = platform.ask(api).json["ConversationID"]
    vaults[0].told.set()
    assert platform.receiver.wait(conversation).code == "0"
    assert vaults[0].in_time == [True]


def test_a14_bad_ciphertexts_are_told_apart_by_nobody(fresh: Fresh, api: Api) -> None:
    """Each is acknowledged like a good one and ends like any wrong password; tests/timing measures."""
    platform = fresh()
    answers, results = set(), set()
    for each in bad_ciphertexts(platform).values():
        given = {"SecurityCredential": base64.b64encode(each).decode()}
        answer = platform.ask(api, given)
        result = platform.receiver.wait(answer.json["ConversationID"]).result
        assert platform.end(result["ConversationID"]).outcome == Outcome.PASSWORD_WRONG.value
        for told in (answer.json, result):
            told.pop("ConversationID"), told.pop("OriginatorConversationID")
        answers.add((answer.status, tuple(answer.headers), json.dumps(answer.json)[-40:]))
        results.add(json.dumps(result))
    assert len(answers) == 1
    assert len(results) == 1


def ledger(platform: Platform) -> list[list[Any]]:
    """Every account, posting and entry as it stands."""
    statements = ("SELECT * FROM account", "SELECT * FROM posting", "SELECT * FROM entry")
    return [platform.rows(each) for each in statements]


def test_a15_the_same_bytes_again_are_another_query(platform: Platform, api: Api) -> None:
    """Answered twice with ids of their own; not an account, not a posting moves."""
    before = ledger(platform)
    body = json.dumps(platform.body(api)).encode()
    first, second = (platform.post(api, body).json["ConversationID"] for _ in range(2))
    assert first != second
    assert [platform.receiver.wait(each).code for each in (first, second)] == ["0", "0"]
    assert ledger(platform) == before
