"""The ids that the platform gives out."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire import identifiers, times
from salio.wire.profile import DOCUMENTED, OBSERVED, PROFILES, Profile

NUMBERS = st.integers(0, identifiers.NUMBER_LIMIT - 1)
NOISE = st.binary(min_size=16, max_size=16)
MOMENTS = st.datetimes(datetime(2017, 1, 2), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds have no zone
ANY_PROFILE = st.sampled_from(list(PROFILES.values()))
MOMENT = datetime(2020, 1, 23, 9, tzinfo=UTC)
UUID_TAIL = r"[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}[0-9]+"


@given(NUMBERS, NOISE)
def test_forms_of_the_originators_id(number: int, noise: bytes) -> None:
    """Three numbers as the pages print it, or a UUID's tail and a counter as it was seen; 64 at most."""
    documented = identifiers.originator_conversation_id(DOCUMENTED, number, noise)
    observed = identifiers.originator_conversation_id(OBSERVED, number, noise)
    assert re.fullmatch(r"[0-9]+-[0-9]+-[0-9]+", documented)
    assert re.fullmatch(UUID_TAIL, observed)
    assert max(len(documented), len(observed)) <= 64


@given(NUMBERS, NOISE, MOMENTS)
def test_forms_of_the_conversation_id(number: int, noise: bytes, moment: datetime) -> None:
    """AG, the day, and twenty digits: hexadecimal in one profile, base 36 in the other."""
    assert re.fullmatch(
        r"AG_[0-9]{8}_[0-9a-f]{20}",
        identifiers.conversation_id(DOCUMENTED, moment, number, noise),
    )
    assert re.fullmatch(
        r"AG_[0-9]{8}_[0-9a-z]{20}",
        identifiers.conversation_id(OBSERVED, moment, number, noise),
    )


@given(ANY_PROFILE, NUMBERS, NOISE, MOMENTS)
def test_the_number_comes_back(profile: Profile, number: int, noise: bytes, moment: datetime) -> None:
    """Each id tells the number of its request, whichever profile made it."""
    assert identifiers.number_in(identifiers.originator_conversation_id(profile, number, noise)) == number
    assert identifiers.number_in(identifiers.conversation_id(profile, moment, number, noise)) == number
    assert identifiers.number_in(identifiers.request_id(profile, number, noise)) == number


@given(NUMBERS, MOMENTS)
def test_a_prompts_id(number: int, moment: datetime) -> None:
    """`ws_CO_`, the moment in East Africa and more digits, the same in both profiles; it tells its number."""
    text = identifiers.checkout_request_id(moment, number)
    assert re.fullmatch(r"ws_CO_[0-9]{14}[0-9]{12,16}", text)
    assert text[6:20] == f"{times.local(moment):%d%m%Y%H%M%S}"
    assert identifiers.number_in(text) == number


@given(NUMBERS, MOMENTS, st.integers(20, 22))
def test_a_prompts_id_whose_check_disagrees(number: int, moment: datetime, place: int) -> None:
    """It was not made here."""
    text = identifiers.checkout_request_id(moment, number)
    changed = text[:place] + str((int(text[place]) + 1) % 10) + text[place + 1 :]
    assert identifiers.number_in(changed) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("515-5258779-3", id="AB, acknowledgement"),
        pytest.param("16917-22577599-3", id="AB, result"),
        pytest.param("AG_20200123_0000417fed8ed666e976", id="AB, conversation"),
        pytest.param("AG_20200206_00005e091a8ec6b9eac5", id="AB, result's conversation"),
        pytest.param("1236-7134259-1", id="TS, acknowledgement"),
        pytest.param("AG_20210709_1234409f86436c583e3f", id="TS, conversation"),
        pytest.param("7071-4170-a0e5-8345632bad442144258", id="TS, request"),
        pytest.param("AG_20260825_010020480ucukatfpxp2", id="production, 2026"),
        pytest.param("21dc-4436-8408-ee2f032ee36b9257921", id="production, 2025"),
        pytest.param("600997_Test_32et3241ed8yu", id="a caller's own"),
        pytest.param("ws_CO_1007202409152617172396192", id="M-PESA Express, acknowledgement"),
        pytest.param("ws_CO_191220191020363925", id="M-PESA Express, callback"),
        pytest.param("ws_CO_DMZ_123212312_2342347678234", id="M-PESA Express query"),
        pytest.param("", id="empty"),
        pytest.param("1-1-1\n", id="newline"),
        pytest.param("١-١-١", id="other digits"),  # noqa: RUF001 - they are the point
    ],
)
def test_foreign_ids_carry_no_number(text: str) -> None:
    """An id that was not made here tells nothing."""
    assert identifiers.number_in(text) is None


@given(
    st.text()
    | st.from_regex(
        r"AG_[0-9]{8}_[0-9a-z]{20}|ws_CO_[0-9]{26,31}|[0-9]{1,9}-[0-9]{1,30}-[0-9]{1,3}", fullmatch=True
    )
)
def test_garbage_raises_nothing(text: str) -> None:
    """Any text is answered with a number within bounds or None."""
    number = identifiers.number_in(text)
    assert number is None or 0 <= number < identifiers.NUMBER_LIMIT


def test_small_numbers_begin_with_zeros() -> None:
    """As the ids of the documents' time did."""
    text = identifiers.conversation_id(DOCUMENTED, MOMENT, 0x41, bytes(16))
    assert text.startswith("AG_20200123_0000000041")


@pytest.mark.parametrize("number", [-1, identifiers.NUMBER_LIMIT])
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_numbers_out_of_bounds(profile: Profile, number: int) -> None:
    """A number that would not come back is refused."""
    with pytest.raises(ValueError, match="number is 0 to"):
        identifiers.originator_conversation_id(profile, number, bytes(16))
    with pytest.raises(ValueError, match="number is 0 to"):
        identifiers.conversation_id(profile, MOMENT, number, bytes(16))
    with pytest.raises(ValueError, match="number is 0 to"):
        identifiers.checkout_request_id(MOMENT, number)


def test_noise_has_a_length() -> None:
    """Sixteen bytes, neither fewer nor more."""
    with pytest.raises(ValueError, match="16 bytes of noise"):
        identifiers.request_id(DOCUMENTED, 1, bytes(15))
