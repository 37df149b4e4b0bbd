"""What is measured, and on which platform."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from salio.core.access.guesses import ALLOWED
from salio.sandbox.testdata.operators import PASSWORD
from salio.sandbox.testdata.whole import APP_NUMBER
from salio.vault.keys import KeyRing
from salio.vault.tokens import TokenMint
from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.credentials import make_credential
from tests.kill.platforms import Platform
from tests.timing import bad
from tests.timing.measuring import Rounds, Samples
from tests.timing.wires import Landing, Line

RIGHT = "right password"
KNOWN, UNKNOWN = "known initiator, wrong password", "unknown initiator"
INITIATOR = "testapiuser"
Series = Mapping[str, Samples]


@contextmanager
def running(folder: Path) -> Iterator[Platform]:
    """The measured platform, in a process of its own."""
    command = [sys.executable, "-m", "tests.timing.runner", str(folder / "data")]
    platform = Platform(command, folder / "log")
    try:
        assert platform.welcome(), platform.errors()
        yield platform
        assert platform.end() == 0, platform.errors()
    finally:
        platform.abandon()


def credentials(platform: Platform, rounds: int) -> Series:
    """The right password and every class of bad credential, each after a right one, so that nothing locks."""
    with closing(Landing()) as landing, closing(Line(platform.port)) as line:
        ask = _Questions(platform, landing.url)
        right = ask.question(INITIATOR, ask.right)
        classes = {RIGHT: [right]}
        for name, made in bad.credentials(ask.key, PASSWORD).items():
            classes[name] = [ask.question(INITIATOR, each) for each in made]
        return Rounds(line, classes, landing=landing, before=right).run(rounds)


def initiators(platform: Platform, rounds: int) -> Series:
    """A wrong password for an initiator that there is, and for one that there is not."""
    with closing(Landing()) as landing, closing(Line(platform.port)) as line:
        ask = _Questions(platform, landing.url)
        wrong = bad.credentials(ask.key, PASSWORD)[bad.WRONG]
        classes = {
            KNOWN: [ask.question(INITIATOR, each) for each in wrong],
            UNKNOWN: [ask.question(INITIATOR[::-1], each) for each in wrong],
        }
        right = ask.question(INITIATOR, ask.right)
        return Rounds(line, classes, landing=landing, before=right).run(rounds)


def tokens(platform: Platform, rounds: int) -> Series:
    """Tokens that are none."""
    made = bad.tokens(platform.token(), _foreign_tokens())
    classes = {name: [_post(each, b"{}") for each in pool] for name, pool in made.items()}
    with closing(Line(platform.port)) as line:
        return Rounds(line, classes).run(rounds)


def secrets(platform: Platform, rounds: int) -> Series:
    """Consumer keys that there are, and that there are not."""
    with closing(Line(platform.port)) as line:
        return Rounds(line, _guesses(platform)).run(rounds)


def throttled_secrets(platform: Platform, rounds: int) -> Series:
    """The same after guesses enough: the clock is stopped, nothing refills, and the throttle strikes."""
    classes = _guesses(platform)
    with closing(Line(platform.port)) as line:
        line.ask(_command("clock/stop"))
        for pool in classes.values():
            for _ in range(ALLOWED.burst):
                line.ask(pool[0])
        found = Rounds(line, classes).run(rounds)
        line.ask(_command("clock/run"))
        return found


def _guesses(platform: Platform) -> Mapping[str, Sequence[bytes]]:
    said = platform.said
    made = bad.pairs(said["consumer_key"], said["consumer_secret"])
    return {name: [_get(each) for each in pool] for name, pool in made.items()}


def _foreign_tokens() -> list[str]:
    """Of the test app at a platform with other keys."""
    with TemporaryDirectory() as folder:
        keys = KeyRing.open(Path(folder) / "keys", "sandbox", entropy=os.urandom)
        mint = TokenMint(keys, entropy=os.urandom)
        return [mint.issue(APP_NUMBER, datetime.now(UTC)) for _ in range(bad.POOL)]


class _Questions:
    """Writes requests as bytes, ready to be sent."""

    def __init__(self, platform: Platform, result_url: str) -> None:
        status, pem = platform.get("/certificate.pem")
        assert status == 200
        status, public = platform.get("/public-key.pem")
        assert status == 200
        key = load_pem_public_key(public)
        assert isinstance(key, RSAPublicKey)
        self.key = key
        self.right = make_credential(PASSWORD, pem)
        self._token = platform.token()
        self._url = result_url

    def question(self, initiator: str, credential: str) -> bytes:
        """A balance query."""
        body = {
            "Initiator": initiator,
            "SecurityCredential": credential,
            "CommandID": Api.ACCOUNT_BALANCE.command,
            "PartyA": "600000",
            "IdentifierType": "4",
            "Remarks": "ok",
            "QueueTimeOutURL": self._url,
            "ResultURL": self._url,
        }
        return _post(self._token, json.dumps(body).encode())


def _post(token: str, body: bytes) -> bytes:
    return (
        f"POST {Api.ACCOUNT_BALANCE.path} HTTP/1.1\r\nHost: platform\r\nAuthorization: Bearer {token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


def _get(pair: str) -> bytes:
    return (
        f"GET {OAUTH_PATH}?grant_type=client_credentials HTTP/1.1\r\nHost: platform\r\n"
        f"Authorization: Basic {pair}\r\n\r\n"
    ).encode()


def _command(path: str) -> bytes:
    """A word to the sandbox's control."""
    return (
        f"POST /_salio/{path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        "Content-Length: 2\r\n\r\n{}"
    ).encode()
