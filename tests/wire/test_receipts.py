"""Receipts and the dates they carry."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import receipts, times

DAYS = st.datetimes(datetime(2017, 1, 2), datetime(2031, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have no zone


@pytest.mark.parametrize(
    ("receipt", "day"),
    [
        pytest.param("NEF61H8J60", date(2019, 5, 15), id="TS, request"),
        pytest.param("MBN31H462N", date(2018, 2, 23), id="TS, receipt"),
        pytest.param("OA90000000", date(2020, 1, 9), id="AB, result"),
        pytest.param("UHP0000000", date(2026, 8, 25), id="production, 2026"),
        pytest.param("TAH5J2K991", date(2025, 1, 17), id="production, 2025"),
        pytest.param("ZLV0000001", date(2031, 12, 31), id="last day"),
        pytest.param("LA10000001", date(2017, 1, 1), id="first day"),
    ],
)
def test_reads_the_date(receipt: str, day: date) -> None:
    """The first three letters are year, month and day."""
    assert receipts.date_of(receipt) == day
    assert receipts.is_receipt(receipt)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("nef61h8j60", id="lower case"),
        pytest.param("NEF61H8J6", id="nine"),
        pytest.param("LXXXXXX1234", id="TS's eleven"),
        pytest.param("KEF61H8J60", id="year before 2017"),
        pytest.param("NMF61H8J60", id="month thirteen"),
        pytest.param("NE061H8J60", id="day zero"),
        pytest.param("NBU61H8J60", id="30 February"),
        pytest.param("NEF61H8J6O\n", id="newline"),
        pytest.param("NEF61H8J6é", id="accent"),
    ],
)
def test_refuses_what_is_no_receipt(text: str) -> None:
    """Another form or an impossible date is no receipt."""
    assert not receipts.is_receipt(text)
    with pytest.raises(receipts.MalformedReceipt):
        receipts.date_of(text)


@pytest.mark.parametrize("year", [pytest.param(2016, id="before"), pytest.param(2032, id="after")])
def test_years_without_a_letter(year: int) -> None:
    """Before 2017 and after 2031 there is no letter, and the error says so."""
    with pytest.raises(receipts.UndatableReceipt, match=f"no letter for the year {year}: 2017 to 2031"):
        receipts.date_prefix(datetime(year, 6, 1, tzinfo=UTC))


def test_the_date_is_east_africas() -> None:
    """A receipt made after nine in the evening UTC is tomorrow's."""
    assert receipts.date_prefix(datetime(2026, 8, 24, 21, tzinfo=UTC)) == "UHP"
    assert receipts.query_transaction_id(datetime(2026, 8, 24, 21, tzinfo=UTC)) == "UHP0000000"


@pytest.mark.parametrize("serial", [0, -1, 36**7])
def test_serials_out_of_range(serial: int) -> None:
    """Serial 0 is the id of the day's queries; beyond seven digits there is no room."""
    with pytest.raises(ValueError, match="serial"):
        receipts.make(datetime(2026, 8, 25, tzinfo=UTC), serial)


def test_serials_are_base_36() -> None:
    """The last seven are the serial, zeros first."""
    assert receipts.make(datetime(2026, 8, 25, tzinfo=UTC), 36) == "UHP0000010"
    assert receipts.make(datetime(2026, 8, 25, tzinfo=UTC), 36**7 - 1) == "UHPZZZZZZZ"


@given(DAYS, st.integers(1, 36**7 - 1))
def test_round_trip(moment: datetime, serial: int) -> None:
    """What is made is a receipt of that day with that serial."""
    receipt = receipts.make(moment, serial)
    assert receipts.date_of(receipt) == times.local(moment).date()
    assert int(receipt[3:], 36) == serial


@given(st.text(max_size=12) | st.from_regex(r"[0-9A-Z]{10}", fullmatch=True))
def test_garbage_has_a_named_error(text: str) -> None:
    """No text raises anything: it is a receipt or not."""
    assert receipts.is_receipt(text) in {True, False}
