"""Passkeys: derived, one for each short code, and what is signed with them."""

import base64
import json
import re

import pytest

from salio.core import ports
from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.vault.keys import KeyRing
from salio.vault.passkeys import Passkeys
from salio.wire.express_push import make_password
from tests.wire.captures import sample

SHORT_CODE, TIMESTAMP = "600000", "20260816123000"


@pytest.fixture(scope="module")
def passkeys(keys: KeyRing) -> Passkeys:
    """The sandbox's."""
    return Passkeys(keys, PUBLISHED_PASSKEYS)


def test_they_fit_the_cores_port(passkeys: Passkeys) -> None:
    """The type checker proves it."""
    port: ports.Passkeys = passkeys
    assert port is passkeys


def test_one_for_each_short_code(passkeys: Passkeys, keys: KeyRing, other_keys: KeyRing) -> None:
    """64 hexadecimal digits, the same after a restart, others elsewhere."""
    own = [passkeys.of(str(short_code)) for short_code in range(600_000, 600_020)]
    assert all(re.fullmatch("[0-9a-f]{64}", each) for each in own)
    assert len(set(own)) == 20
    assert Passkeys(keys).of(SHORT_CODE) == own[0]
    assert Passkeys(other_keys).of(SHORT_CODE) != own[0]


def test_the_published_one(passkeys: Passkeys, keys: KeyRing) -> None:
    """Where it is published the page's sample signs in as printed; elsewhere it does not."""
    members = json.loads(sample("express_request"))
    signed = members["Password"], str(members["BusinessShortCode"]), members["Timestamp"]
    assert passkeys.opened_by(*signed)
    assert not Passkeys(keys).opened_by(*signed)


def test_what_opens(passkeys: Passkeys) -> None:
    """Base64 of short code, passkey and timestamp."""
    password = make_password(SHORT_CODE, passkeys.of(SHORT_CODE), TIMESTAMP)
    assert passkeys.opened_by(password, SHORT_CODE, TIMESTAMP)


def encoded(text: str) -> str:
    """In base64."""
    return base64.b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("made", "short_code", "timestamp"),
    [
        pytest.param("{right}", "600001", TIMESTAMP, id="another short code"),
        pytest.param("{right}", SHORT_CODE, "20260816123001", id="another moment"),
        pytest.param("{right}=", SHORT_CODE, TIMESTAMP, id="padded"),
        pytest.param(" {right}", SHORT_CODE, TIMESTAMP, id="a space"),
        pytest.param("{passkey}", SHORT_CODE, TIMESTAMP, id="the passkey alone"),
        pytest.param("", SHORT_CODE, TIMESTAMP, id="empty"),
        pytest.param("\u00e9", SHORT_CODE, TIMESTAMP, id="not ASCII"),
        pytest.param(encoded(SHORT_CODE + TIMESTAMP), SHORT_CODE, TIMESTAMP, id="without the passkey"),
    ],
)
def test_what_does_not(passkeys: Passkeys, made: str, short_code: str, timestamp: str) -> None:
    """Each part counts, and so does each character."""
    passkey = passkeys.of(SHORT_CODE)
    right = make_password(SHORT_CODE, passkey, TIMESTAMP)
    assert not passkeys.opened_by(made.format(right=right, passkey=passkey), short_code, timestamp)
