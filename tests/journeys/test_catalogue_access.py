"""The fault catalogue's rows on tokens and initiators that no other test covers."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from salio.core.requests.outcomes import Outcome
from salio.wire.apis import Api
from tests.journeys.client import basic, bearer
from tests.journeys.conftest import Fresh
from tests.journeys.raw import exchange
from tests.journeys.running import BALANCE, JSON, Platform
from tests.journeys.test_requests import HEADER, TOKEN

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


def test_a7_wrong_secrets_hurt_nobody_else(platform: Platform) -> None:
    """Fifty wrong secrets at once are refused alike; right ones in between are granted all the while."""
    attacked, other = platform.add_app(), platform.add_app()
    pairs = [(attacked.key, f"guess {number}") for number in range(50)]
    pairs += [(each.key, each.secret) for each in (attacked, other)] * 5
    before = len(platform.refusals())
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda pair: platform.grant(basic(*pair)), pairs))
    assert [each.status for each in answers] == [400] * 50 + [200] * 10
    refused = platform.refusals()
    assert len(refused) == before + 50
    assert {each.cause for each in refused[:50]} == {"wrong consumer secret"}
    assert {each.app_number for each in refused[:50]} == {attacked.number}


def counts(platform: Platform) -> dict[str, int]:
    """How many rows each table has, in both files."""
    found = {}
    for database in ("sandbox", "portal"):
        for (table,) in platform.rows(
            "SELECT name FROM sqlite_master WHERE type = 'table'", database=database
        ):
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


def test_a14_bad_ciphertexts_are_told_apart_by_nobody(fresh: Fresh, api: Api) -> None:
    """Each is acknowledged like a good one and ends like any wrong password; their times are not proved."""
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
