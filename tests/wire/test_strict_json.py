"""Bodies: one object that everybody reads alike, or a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire.strict_json import MalformedBody, NumberText, read_object

from .examples import SAMPLES

MEMBERS = st.dictionaries(
    st.text(st.characters(exclude_categories=["Cs"])),
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers(-(10**30), 10**30)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3),
        max_leaves=8,
    ),
    max_size=6,
)


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLES.glob("*.json")))
def test_reads_every_sample(name: str) -> None:
    """Each JSON sample of the documents is a body."""
    body = (SAMPLES / name).read_bytes()
    assert read_object(body) == json.loads(body, parse_float=NumberText)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        pytest.param(b"", "the body is empty", id="empty"),
        pytest.param(b" \r\n\t", "the body is empty", id="blank"),
        pytest.param(b"{", "not JSON: Expecting property name", id="cut"),
        pytest.param(b"{'a': 1}", "not JSON: Expecting property name", id="single quotes"),
        pytest.param(b'{"a": 1,}', "not JSON: ", id="trailing comma"),
        pytest.param(
            b'{"a": 1} x', "something follows the JSON value at line 1, column 10", id="trailing text"
        ),
        pytest.param(b'{"a": 1}{"a": 1}', "something follows the JSON value", id="two objects"),
        pytest.param(b'{"a": 1}\x00', "something follows the JSON value", id="trailing NUL"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', "the body begins with a byte order mark", id="byte order mark"),
        pytest.param(b'{"a": "\xff"}', "not UTF-8: byte 7", id="invalid UTF-8"),
        pytest.param('{"a": 1}'.encode("utf-16"), "not UTF-8: byte 0", id="UTF-16"),
        pytest.param(b"[]", "the body is JSON, but not an object", id="list"),
        pytest.param(b'"text"', "the body is JSON, but not an object", id="text"),
        pytest.param(b"null", "the body is JSON, but not an object", id="null"),
        pytest.param(b'{"PartyA": 1, "PartyA": 1}', "two members are named `PartyA`", id="one name twice"),
        pytest.param(
            b'{"x": [{"y": 1, "\\u0079": 2}]}', "two members are named `y`", id="twice, deep, escaped"
        ),
        pytest.param(b'{"a": NaN}', "NaN is no JSON number", id="NaN"),
        pytest.param(b'{"a": Infinity}', "Infinity is no JSON number", id="Infinity"),
        pytest.param(b'{"a": -Infinity}', "-Infinity is no JSON number", id="minus Infinity"),
        pytest.param(
            b'{"a": ' + b"1" * 5000 + b"}", "a number has 5000 digits, 100 allowed", id="i15-5,000 digits"
        ),
        pytest.param(b'{"a": 01}', "not JSON: ", id="leading zero"),
        pytest.param(b'{"a":' * 100_000, "nested too deeply", id="i5-deep objects"),
        pytest.param(b"[" * 100_000, "nested too deeply", id="i5-deep lists"),
        pytest.param(b"Initiator=a&PartyA=600000", "looks like a form body", id="form body"),
        pytest.param(
            b'{"a": "line\nbreak"}', "not JSON: Invalid control character", id="raw newline in text"
        ),
    ],
)
def test_says_why_not(body: bytes, reason: str) -> None:
    """A body that is refused has a reason in words."""
    with pytest.raises(MalformedBody) as caught:
        read_object(body)
    assert reason in caught.value.reason
    assert len(caught.value.reason) < 120


def test_a_long_name_is_cut_in_the_reason() -> None:
    """A reason stays short and printable, whatever the member is called."""
    name = json.dumps("\x1b\u202e\ud800" + "n" * 500)
    with pytest.raises(MalformedBody) as caught:
        read_object(f"{{{name}: 1, {name}: 2}}".encode())
    assert caught.value.reason.isprintable()
    assert caught.value.reason.isascii()
    assert len(caught.value.reason) < 80


@pytest.mark.parametrize("text", ["1e5", "600000.0", "1E400", "-0.5"])
def test_fractions_stay_as_written(text: str) -> None:
    """A number with a fraction or exponent never becomes a float."""
    assert read_object(f'{{"a": {text}}}'.encode()) == {"a": NumberText(text)}


@given(MEMBERS)
def test_round_trip(members: dict[str, object]) -> None:
    """Whatever another program writes as JSON is read as it was meant."""
    assert read_object(json.dumps(members).encode()) == members


@given(st.binary() | st.text(st.sampled_from('{}[]":,0123456789.eE+-\\u ntrue')).map(str.encode))
def test_garbage_has_a_named_error(body: bytes) -> None:
    """No bytes raise anything but MalformedBody."""
    try:
        members = read_object(body)
    except MalformedBody:
        return
    assert isinstance(members, dict)
