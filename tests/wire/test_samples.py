"""Whatever the pages show that an organization is sent: read to its type, and explained whole."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from salio.wire.answered import Balance
from salio.wire.answers import Acknowledgement, read_acknowledgement
from salio.wire.callbacks import Result, read_callback
from salio.wire.decoded import NO_PAGE, Decoded, decode
from salio.wire.payments import CustomerPayment
from salio.wire.wording import shown
from tests.wire import captures
from tests.wire.captures import sample

NAMES = sorted(each.stem for each in Path(captures.SAMPLES).iterdir())
ACKNOWLEDGEMENTS = [each for each in NAMES if each.endswith("_acknowledgement")]
CALLBACKS = [each for each in NAMES if each.endswith(("_result", "_callback", "_payment"))]
ANSWERS = [*ACKNOWLEDGEMENTS, *CALLBACKS, "express_query_answer"]
SENT = [each for each in NAMES if each.endswith("_request")]
UNTOLD = {"ResultType"}
"""Told only if it says that more follows."""


def test_every_sample_has_its_place() -> None:
    """A file that is new is a request, or it is read and explained below."""
    assert {*ANSWERS, *SENT, "token"} == set(NAMES)


@pytest.mark.parametrize("name", ACKNOWLEDGEMENTS)
def test_every_acknowledgement_is_read(name: str) -> None:
    """With the ids that its API gives: both, or of C2B the one under its misspelt name."""
    found = read_acknowledgement(200, sample(name))
    assert isinstance(found, Acknowledgement)
    assert found.originator_conversation_id
    assert bool(found.conversation_id) is not name.startswith("c2b_")


@pytest.mark.parametrize("name", CALLBACKS)
def test_every_callback_is_read(name: str) -> None:
    """A customer's payment as one, all else as a result that says whether it was done."""
    found = read_callback(sample(name))
    if name.endswith("_payment"):
        assert isinstance(found, CustomerPayment)
        return
    assert isinstance(found, Result)
    assert found.succeeded is ("failed" not in name)
    assert found.conversation_id
    assert found.originator_conversation_id


@pytest.mark.parametrize("name", ANSWERS)
def test_every_sample_is_explained(name: str) -> None:
    """Nothing in it is unknown, and nothing that it says is left out."""
    found = decode(sample(name))
    words = f"{found.kind.value} {found.meaning} {found.remedy}"
    assert found.meaning
    assert NO_PAGE not in words
    assert "unknown" not in words.lower()
    told = [found.code, found.said, *(each.value for each in found.facts)]
    assert [
        each for each in _said(json.loads(sample(name), parse_float=str), found) if each not in told
    ] == []


def _said(value: object, found: Decoded, name: str = "") -> Iterator[str]:
    """Each member's and each parameter's value, as a person is told it."""
    if isinstance(value, dict):
        keyed = value.get("Key", value.get("Name"))
        members = [(keyed, value.get("Value"))] if keyed else list(value.items())
        for key, each in members:
            yield from _said(each, found, str(key))
    elif isinstance(value, list):
        for each in value:
            yield from _said(each, found, name)
    elif value not in (None, "") and name not in UNTOLD and not _in_a_table(found, name):
        yield _as_told(str(value), name)


def _in_a_table(found: Decoded, name: str) -> bool:
    return isinstance(found.answer, Balance) and name == "AccountBalance"


def _as_told(value: str, name: str) -> str:
    """A parameter that is a moment of either form is written as people write it."""
    for form in ("%Y%m%d%H%M%S", "%d.%m.%Y %H:%M:%S"):
        if name.endswith(("Time", "Date")) and name != "TransTime":
            try:
                return f"{datetime.strptime(value, form):%Y-%m-%d %H:%M:%S} EAT"  # noqa: DTZ007  # as it is said
            except ValueError:
                continue
    return shown(value, 200)
