"""Moments and fourteen digits."""

from datetime import UTC, datetime, timedelta, timezone, tzinfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import times

MOMENTS = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have no zone


class Nowhere(tzinfo):
    """A zone without an offset: a datetime that carries it is as good as naive."""

    def utcoffset(self, _moment: datetime | None) -> timedelta | None:
        """None: unknown."""
        return None

    def dst(self, _moment: datetime | None) -> timedelta | None:
        """None: unknown."""
        return None

    def tzname(self, _moment: datetime | None) -> str:
        """Somewhere."""
        return "nowhere"


def test_prints_east_africa_time() -> None:
    """A moment is told as the clocks of Nairobi show it, whatever zone it came in."""
    moment = datetime(2020, 1, 9, 9, 57, 10, 999_999, tzinfo=UTC)
    assert times.to_text(moment) == "20200109125710"
    assert times.to_number(moment) == 20200109125710
    assert times.to_text(moment.astimezone(timezone(timedelta(hours=-8)))) == "20200109125710"


def test_the_day_turns_in_east_africa() -> None:
    """At nine in the evening UTC it is tomorrow there."""
    assert times.to_date_text(datetime(2020, 1, 8, 20, 59, 59, tzinfo=UTC)) == "20200108"
    assert times.to_date_text(datetime(2020, 1, 8, 21, 0, 0, tzinfo=UTC)) == "20200109"


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param(datetime(2020, 1, 9), id="naive"),  # noqa: DTZ001 - it is what is refused
        pytest.param(datetime(2020, 1, 9, tzinfo=Nowhere()), id="zone without offset"),
        pytest.param(datetime.max.replace(tzinfo=UTC), id="edge of the calendar"),
    ],
)
def test_refuses_moments_it_cannot_tell(moment: datetime) -> None:
    """A moment without an offset is no moment."""
    for tell in (times.to_text, times.to_number, times.to_date_text):
        with pytest.raises(times.UntellableTime):
            tell(moment)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("2020010912571", id="thirteen digits"),
        pytest.param("202001091257100", id="fifteen digits"),
        pytest.param("20200230125710", id="30 February"),
        pytest.param("20200109245710", id="hour 24"),
        pytest.param("20200109125760", id="second 60"),
        pytest.param("00000109125710", id="year 0"),
        pytest.param("20200109125710\n", id="newline"),
        pytest.param("２０２００１０９１２５７１０", id="full-width digits"),  # noqa: RUF001 - they are the point
        pytest.param(-20200109125710, id="negative number"),
        pytest.param(20200109, id="short number"),
        pytest.param(10**5000, id="five thousand digits"),
        pytest.param(True, id="truth"),
    ],
)
def test_refuses_what_is_no_moment(text: str | int) -> None:
    """What is not fourteen digits of a real moment has a named error."""
    with pytest.raises(times.MalformedTime):
        times.from_text(text)


@given(MOMENTS)
def test_round_trip(moment: datetime) -> None:
    """A moment is read back from text and from number, but for its fraction of a second."""
    whole = moment.replace(microsecond=0)
    assert times.from_text(times.to_text(moment)) == whole
    if moment.year >= 1000:
        assert times.from_text(times.to_number(moment)) == whole


@given(st.text() | st.integers() | st.from_regex(r"[0-9]{14}", fullmatch=True))
def test_garbage_has_a_named_error(text: str | int) -> None:
    """Nothing raises anything but MalformedTime."""
    try:
        moment = times.from_text(text)
    except times.MalformedTime:
        return
    assert moment.utcoffset() == timedelta(hours=3)
