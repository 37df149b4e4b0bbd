"""Cents and text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import amounts


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        pytest.param(0, "0.00", id="nothing"),
        pytest.param(1, "0.01", id="one cent"),
        pytest.param(99, "0.99", id="below a shilling"),
        pytest.param(100, "1.00", id="a shilling"),
        pytest.param(70000000, "700000.00", id="AB's working account"),
        pytest.param(-154000, "-1540.00", id="AB's charges paid account"),
        pytest.param(-5, "-0.05", id="five cents owed"),
        pytest.param(-100, "-1.00", id="a shilling owed"),
    ],
)
def test_prints_two_decimals(cents: int, text: str) -> None:
    """An amount has two decimals and its sign, and is read back as it was."""
    assert amounts.to_text(cents) == text
    assert amounts.from_text(text) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        pytest.param("300", 30000, id="whole"),
        pytest.param("300.5", 30050, id="one decimal"),
        pytest.param("-0.00", 0, id="minus nothing"),
    ],
)
def test_reads_shorter_forms(text: str, cents: int) -> None:
    """Fewer than two decimals are understood."""
    assert amounts.from_text(text) == cents


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("1e5", id="exponent"),
        pytest.param("1_000", id="underscore"),
        pytest.param("1,000", id="comma"),
        pytest.param("+1", id="plus"),
        pytest.param(" 1", id="space"),
        pytest.param("1\n", id="newline"),
        pytest.param("1.", id="point without decimals"),
        pytest.param(".5", id="decimals without whole"),
        pytest.param("1.005", id="three decimals"),
        pytest.param("007", id="leading zeros"),
        pytest.param("٣٠٠", id="arabic-indic digits"),
        pytest.param("9" * 5000, id="five thousand digits"),
        pytest.param("NaN", id="not a number"),
    ],
)
def test_refuses_other_writings(text: str) -> None:
    """What is not plain digits with at most two decimals has a named error."""
    with pytest.raises(amounts.MalformedAmount):
        amounts.from_text(text)


@given(st.integers(-(10**17), 10**17))
def test_round_trip(cents: int) -> None:
    """Every amount is read back as it was printed."""
    assert amounts.from_text(amounts.to_text(cents)) == cents


@given(st.text())
def test_garbage_has_a_named_error(text: str) -> None:
    """No text raises anything but MalformedAmount."""
    try:
        cents = amounts.from_text(text)
    except amounts.MalformedAmount:
        return
    assert amounts.from_text(amounts.to_text(cents)) == cents
