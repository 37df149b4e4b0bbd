"""The fuzz targets without a fuzzer: each corpus goes through its target, which sees a broken parser."""

import base64
import importlib
import json
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from salio.core.access.tokens import TokenClaim
from salio.core.requests.asking import PresentedCredential
from salio.receiver.arrivals import Kind
from salio.receiver.judging import Judged, Known, Told, judge
from salio.vault.credentials import CredentialReader
from salio.vault.entropy import ALPHANUMERICS
from salio.vault.tokens import TokenMint
from salio.wire.apis import Api
from salio.wire.balance_text import AccountAmounts, read_accounts
from salio.wire.callbacks import Result, read_result
from salio.wire.members import Given
from salio.wire.oauth import read_basic
from salio.wire.payments import CustomerPayment, read_payment
from salio.wire.strict_json import MalformedBody, read_object
from tests.builders import NOW
from tests.fuzz import corpus
from tests.fuzz.targets import TARGETS, balance_text, basic_header, body, callback, credential, token, url
from tests.fuzz.targets.keys import key_ring
from tests.fuzz.targets.ways import name_of, way_of
from tests.wire.examples import (
    balance_members,
    express_members,
    express_query_members,
    payment_members,
    reversal_members,
    sample,
    status_members,
    tax_members,
    top_up_members,
)

LARGEST = 300_000
"""Bytes of all corpora as they are committed."""

Check = Callable[[bytes], None]


def target(name: str) -> Check:
    """A target's check."""
    check: Check = importlib.import_module(f"tests.fuzz.targets.{name}").check
    return check


@pytest.mark.parametrize("name", TARGETS)
def test_every_input_of_the_corpus_holds(name: str) -> None:
    """What a fuzzer has found stays found."""
    inputs = corpus.read(name)
    assert len(inputs) >= 10
    for each in inputs:
        target(name)(each)


@pytest.mark.parametrize("name", TARGETS)
def test_a_target_takes_any_bytes(name: str) -> None:
    """None and one, so that a fuzzer can begin anywhere."""
    for each in (b"", *(bytes([first]) for first in range(256))):
        target(name)(each)


def test_the_corpora_are_small() -> None:
    """Each target has one, nothing else lies there, and together they stay below 300 kB."""
    files = {file.stem: file.stat().st_size for file in corpus.FOLDER.iterdir()}
    assert set(files) == set(TARGETS)
    assert sum(files.values()) <= LARGEST


def test_a_corpus_comes_back(tmp_path: Path) -> None:
    """Any bytes are a line of text, and each input is kept once."""
    inputs = [bytes(range(256)), b"", b"\n", b"'\"\\", b""]
    corpus.write("any", inputs, tmp_path)
    assert set(corpus.read("any", tmp_path)) == set(inputs)
    assert len(corpus.read("any", tmp_path)) == 4


WELL_FORMED = {
    Api.ACCOUNT_BALANCE: balance_members(),
    Api.TRANSACTION_STATUS: status_members(),
    Api.B2C: payment_members(),
    Api.B2B: top_up_members(),
    Api.TAX_REMITTANCE: tax_members(),
    Api.C2B: sample("c2b_simulate_request"),
    Api.C2B_REGISTER: sample("c2b_register_request"),
    Api.EXPRESS: express_members(),
    Api.EXPRESS_QUERY: express_query_members(),
    Api.REVERSAL: reversal_members(),
}


@pytest.mark.parametrize("way", range(len(body.WAYS)), ids=[f"{each} {own.name}" for each, own in body.WAYS])
def test_every_table_knows_its_forms(way: int) -> None:
    """A well-formed body is taken on each path, and each of its fields is looked at."""
    path, profile = body.WAYS[way]
    members = WELL_FORMED[body.DOORS[path].api]
    body.DOORS[path].read(members, profile, body.CREDENTIAL_LENGTH)
    body.check(name_of(way) + json.dumps(members).encode())


def test_every_path_has_its_place() -> None:
    """One that is new comes last, so that each input of the corpus stays what it was."""
    assert set(body.PATHS) == set(body.DOORS)
    assert len(body.PATHS) == len(body.DOORS)


def test_a_byte_names_a_way_or_none() -> None:
    """Another way takes nothing from the ways before it."""
    for ways in ("ab", "abc"):
        assert [way_of(each, ways) for each in (b"0", b"1x", b"/", b"\xff", b"")] == [
            "a",
            "b",
            None,
            None,
            None,
        ]
    assert [way_of(b"2", "ab"), way_of(b"2", "abc")] == [None, "c"]
    assert name_of(2) == b"2"


@pytest.mark.parametrize("name", TARGETS)
def test_every_input_goes_a_way(name: str) -> None:
    """None is kept that is not looked at."""
    ways = importlib.import_module(f"tests.fuzz.targets.{name}").WAYS
    assert [each for each in corpus.read(name) if way_of(each, ways) is None] == []


# --- each target sees ------------------------------------------------------------------------------------


def _last_wins(given: bytes) -> dict[str, object]:
    """The standard library's own way with two members of one name."""
    try:
        value = json.loads(given)
    except ValueError as error:
        raise MalformedBody("not JSON") from error
    assert isinstance(value, dict)
    return value


def _no_lists(given: bytes) -> dict[str, object]:
    members = read_object(given)
    if any(isinstance(each, list) for each in members.values()):
        raise MalformedBody("not JSON: a list")
    return members


def _last_colon(header: str) -> tuple[str, str]:
    key, secret = read_basic(header)
    whole = f"{key}:{secret}"
    return whole.rpartition(":")[0], whole.rpartition(":")[2]


def _anything_goes(header: str) -> tuple[str, str]:
    key, _, secret = base64.b64decode(header.split()[1]).decode().partition(":")
    return key, secret


def _last_ignored(mint: TokenMint, text: str) -> TokenClaim | None:
    claims = (mint.read(text[:-1] + each) for each in ALPHANUMERICS)
    return next((claim for claim in claims if claim is not None), None)


def _eternal(mint: TokenMint, text: str) -> TokenClaim | None:
    return TokenClaim(1, NOW, 1) if len(text) == 28 else mint.read(text)


def _no_guard(_text: str, _rules: object) -> None:
    return None


def _trimmed(reader: CredentialReader, text: str) -> PresentedCredential:
    presented = reader.open_credential(text)
    return msgspec.structs.replace(presented, readable=True)


def _oracle(reader: CredentialReader, text: str) -> PresentedCredential:
    """Looks at the padding itself: one noise in four hundred is readable by chance."""
    key = key_ring().private_key.private_numbers()
    block = pow(int.from_bytes(base64.b64decode(text)), key.d, key.public_numbers.n).to_bytes(256)
    presented = reader.open_credential(text)
    return presented if block[:2] == b"\0\2" else msgspec.structs.replace(presented, digest=b"bad padding")


def _through_float(text: str) -> tuple[AccountAmounts, ...]:
    accounts = read_accounts(text)
    return tuple(
        msgspec.structs.replace(each, current=int(float(f"{each.current / 100}") * 100)) for each in accounts
    )


def _one_of_a_key(given: Given) -> Result:
    result = read_result(given)
    return msgspec.structs.replace(
        result, parameters=tuple({each.key: each for each in result.parameters}.values())
    )


def _in_cents(given: Given) -> CustomerPayment:
    payment = read_payment(given)
    return msgspec.structs.replace(payment, amount=payment.amount * 100)


def _believing(kind: Kind, told: Told, _known: Known, *, own_address: bool) -> Judged:
    nothing = msgspec.structs.replace(callback.KNOWN, originator_conversation_id=None, conversation_id=None)
    return judge(kind, told, nothing, own_address=own_address)


BROKEN: dict[str, tuple[Callable[[bytes], None], bytes]] = {
    "the last of two members wins": (lambda data: body.check(data, read=_last_wins), b'0{"a":1,"a":2}'),
    "infinity is a number": (lambda data: body.check(data, read=_last_wins), b'0{"a":Infinity}'),
    "lists are refused": (lambda data: body.check(data, read=_no_lists), b'0{"a":[]}'),
    "a secret's colon divides": (
        lambda data: basic_header.check(data, basic=_last_colon),
        b"1key:se:cret",
    ),
    "control characters are let through": (
        lambda data: basic_header.check(data, basic=_anything_goes),
        b"1key:a\n",
    ),
    "a bent token is honoured": (
        lambda data: token.check(data, read=_last_ignored),
        b"1\0\0\0\1\x60\0\0\0\x1b\0",
    ),
    "any token is honoured": (lambda data: token.check(data, read=_eternal), b"0" + b"A" * 28),
    "every URL is let through": (lambda data: url.check(data, url=_no_guard), b"0http://127.1/"),
    "a user name is let through": (lambda data: url.check(data, url=_no_guard), b"0https://a@b/"),
    "every address is let through": (
        lambda data: url.check(data, address=_no_guard),
        b"1\x7f\0\0\1",
    ),
    "what is translated is let through": (
        lambda data: url.check(data, address=_no_guard),
        b"1" + bytes(10) + b"\xff\xff\xa9\xfe\xa9\xfe",
    ),
    "all is readable": (
        lambda data: credential.check(data, open_credential=_trimmed),
        b"1\xff\xfe",
    ),
    "bad padding shows": (
        lambda data: credential.check(data, open_credential=_oracle),
        b"2nothing",
    ),
    "figures pass through floats": (
        lambda data: balance_text.check(data, read=_through_float),
        b"0A|KES|999999999999999999.99|0|0|0",
    ),
    "one of two parameters is lost": (
        lambda data: callback.check(data, readers=callback.Readers(result=_one_of_a_key)),
        b'0{"ResultCode":0,"ResultParameters":{"ResultParameter":[{"Key":"a"},{"Key":"a"}]}}',
    ),
    "a payment is told in cents": (
        lambda data: callback.check(data, readers=callback.Readers(payment=_in_cents)),
        b'@{"TransID":"RKL51ZDR4F","TransAmount":"5.00"}',
    ),
    "ids are not compared": (
        lambda data: callback.check(data, readers=callback.Readers(judge=_believing)),
        b'A{"ResultCode":1,"ConversationID":"AG_2"}',
    ),
}
"""A parser with a known bug, and an input on which its target has to fail."""


@pytest.mark.parametrize(("broken", "data"), BROKEN.values(), ids=list(BROKEN))
def test_a_target_sees_a_broken_parser(broken: Callable[[bytes], None], data: bytes) -> None:
    """And the true parser passes on the same input."""
    name = broken.__code__.co_names[0]
    target(name)(data)
    with pytest.raises(AssertionError):
        broken(data)
