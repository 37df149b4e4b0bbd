"""The value of X-Salio-Reason: whatever a cause quotes, one line of printable ASCII."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire.reason import LIMIT, reason

FIELD_VALUE = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
"""RFC 9110, 5.5, without what it calls obsolete: no space at either end, no tab, nothing beyond ASCII."""

anything = st.text() | st.text(st.sampled_from("\r\n\t\0 :\x7f\x85\u2028éa"), max_size=500)


@given(anything)
def test_it_is_one_field_value(cause: str) -> None:
    """Never empty, never longer than the cap, and nothing in it ends the header or begins another."""
    value = reason(cause)
    assert FIELD_VALUE.fullmatch(value)
    assert len(value) <= LIMIT


@given(st.from_regex(FIELD_VALUE, fullmatch=True).filter(lambda text: len(text) <= LIMIT))
def test_what_is_one_already_stays_as_it_is(cause: str) -> None:
    """The causes that the platform words itself are told as they are kept."""
    assert reason(cause) == cause


@given(anything)
def test_twice_is_once(cause: str) -> None:
    """What was made a field value is one."""
    assert reason(reason(cause)) == reason(cause)


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        ("a\r\nX-Evil: 1", "a\\x0d\\x0aX-Evil: 1"),
        ("no initiator Ñandú at 600000", "no initiator \\xd1and\\xfa at 600000"),
        (" \t why \n", "why"),
        ("x" * 301, "x" * 297 + "..."),
        ("", "no cause was kept"),
        ("\n", "no cause was kept"),
    ],
    ids=["line's end", "another script", "white space around", "too long", "nothing", "nothing but a line"],
)
def test_examples(cause: str, expected: str) -> None:
    """What is replaced can still be read."""
    assert reason(cause) == expected
