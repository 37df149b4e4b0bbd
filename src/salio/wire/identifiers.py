"""The ids that the platform gives out. Each carries the number of its request, and a check on it.

A request is found by its number, without an index over texts; the check tells ids made here from most
foreign ones (it is no signature: whoever looks a request up compares the whole id). Forms: wire facts 2.4.

    documented   37412-5258779-3                      noise with a check, the number, a digit of noise
                 AG_20200123_00000417feed8ed66676     ten digits of number, eight of noise, two of check
    observed     21dc-4436-8408-ee2f032ee36b9257921   a UUID's tail that ends in the check, the number
                 AG_20260825_0100201480ucukatfpxz     as above in base 36; the last is never hexadecimal
    both         ws_CO_21072024125243250000003421     M-PESA Express: day and time, check, number
"""

import re
from collections.abc import Callable
from datetime import datetime

from salio.wire import times
from salio.wire.profile import Profile

NUMBER_LIMIT = 16**10
"""One more than the largest number: a million million requests."""
NOISE_LENGTH = 16
"""Bytes of noise that each id is made with."""

_ALPHABET = "0123456789abcdefghijklmnopqrstuvwxyz"
_PAIRS = [first + second for first in _ALPHABET for second in _ALPHABET]
_TO_BASE_36 = bytes(ord(_ALPHABET[byte % 36]) for byte in range(256))

_THREE_NUMBERS = re.compile(r"([1-9][0-9]{0,5})-(0|[1-9][0-9]{0,12})-([1-9])")
_UUID_TAIL = re.compile(
    r"([0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{10})([0-9a-f]{2})(0|[1-9][0-9]{0,12})",
)
_CHECKOUT = re.compile(r"ws_CO_([0-9]{14})([0-9]{3})([0-9]{9}|[1-9][0-9]{9,12})")
_HEX_CONVERSATION = re.compile(r"AG_([0-9]{8})_([0-9a-f]{10})([0-9a-f]{8})([0-9a-f]{2})")
_CONVERSATION = re.compile(r"AG_([0-9]{8})_([0-9a-z]{10})([0-9a-z]{8})([0-9a-z][g-z])")


def originator_conversation_id(profile: Profile, number: int, noise: bytes) -> str:
    """The OriginatorConversationID of the request with that number, made with 16 bytes of noise.

    Raises:
        ValueError: number or noise out of bounds.
    """
    _bounded(number, noise)
    if profile.identifiers_as_numbers:
        return _three_numbers(number, noise)
    return _uuid_tail(number, noise)


def request_id(profile: Profile, number: int, noise: bytes) -> str:
    """The requestId of an answer: in the form of an OriginatorConversationID (rulings, Two wire profiles)."""
    return originator_conversation_id(profile, number, noise)


def conversation_id(profile: Profile, moment: datetime, number: int, noise: bytes) -> str:
    """`AG_`, the day in East Africa, and 20 digits that carry the number.

    Raises:
        ValueError: number or noise out of bounds, or a naive moment.
    """
    _bounded(number, noise)
    day = times.to_date_text(moment)
    if profile.conversation_base == 16:
        tail = noise[:4].hex()
        return f"AG_{day}_{number:010x}{tail}{_check(number, day + tail) % 256:02x}"
    tail = noise[:8].translate(_TO_BASE_36).decode("ascii")
    return f"AG_{day}_{_base_36(number)}{tail}{_base_36_check(number, day + tail)}"


def checkout_request_id(moment: datetime, number: int) -> str:
    """`ws_CO_`, day and time in East Africa, a check, and the number with nine digits or more.

    Raises:
        ValueError: the number is out of bounds, or the moment naive.
    """
    if not 0 <= number < NUMBER_LIMIT:
        raise ValueError(f"a request's number is 0 to {NUMBER_LIMIT - 1}")
    stamp = f"{times.local(moment):%d%m%Y%H%M%S}"
    return f"ws_CO_{stamp}{_check(number, stamp) % 1000:03d}{number:09d}"


def number_in(text: str) -> int | None:
    """The request number that an id of either profile carries; None for an id that was not made here."""
    for form, read in _READERS:
        match = form.fullmatch(text)
        if match is not None:
            return read(*match.groups())
    return None


def _bounded(number: int, noise: bytes) -> None:
    if not 0 <= number < NUMBER_LIMIT:
        raise ValueError(f"a request's number is 0 to {NUMBER_LIMIT - 1}")
    if len(noise) != NOISE_LENGTH:
        raise ValueError(f"{NOISE_LENGTH} bytes of noise expected, {len(noise)} given")


def _check(number: int, tail: str) -> int:
    """A number below 5,003 that depends on both: small ids of other makers rarely agree."""
    return (number * 1_000_003 + int(tail, 36) * 31 + 17) % 5_003


def _base_36(number: int) -> str:
    rest, fifth = divmod(number, 1296)
    rest, fourth = divmod(rest, 1296)
    rest, third = divmod(rest, 1296)
    first, second = divmod(rest, 1296)
    return _PAIRS[first] + _PAIRS[second] + _PAIRS[third] + _PAIRS[fourth] + _PAIRS[fifth]


def _base_36_check(number: int, tail: str) -> str:
    first, second = divmod(_check(number, tail) % 720, 20)
    return _ALPHABET[first] + _ALPHABET[16 + second]


def _three_numbers(number: int, noise: bytes) -> str:
    last = 1 + noise[2] % 9
    first = (1 + (noise[0] | noise[1] << 8) % 1030) * 97 + (number * 31 + last * 7 + 11) % 97
    return f"{first}-{number}-{last}"


def _uuid_tail(number: int, noise: bytes) -> str:
    digits = noise.hex()
    node = digits[10:20]
    variant = "89ab"[noise[15] & 3]
    return (
        f"{digits[:4]}-4{digits[4:7]}-{variant}{digits[7:10]}-{node}{_check(number, node) % 256:02x}{number}"
    )


def _read_three_numbers(first: str, middle: str, last: str) -> int | None:
    number = int(middle)
    agrees = int(first) % 97 == (number * 31 + int(last) * 7 + 11) % 97
    return number if agrees and number < NUMBER_LIMIT else None


def _read_uuid_tail(tail: str, check: str, digits: str) -> int | None:
    number = int(digits)
    agrees = f"{_check(number, tail[-10:]) % 256:02x}" == check
    return number if agrees and number < NUMBER_LIMIT else None


def _read_hex_conversation(day: str, digits: str, tail: str, check: str) -> int | None:
    number = int(digits, 16)
    return number if f"{_check(number, day + tail) % 256:02x}" == check else None


def _read_conversation(day: str, digits: str, tail: str, check: str) -> int | None:
    number = int(digits, 36)
    return number if number < NUMBER_LIMIT and _base_36_check(number, day + tail) == check else None


def _read_checkout(stamp: str, check: str, digits: str) -> int | None:
    number = int(digits)
    agrees = f"{_check(number, stamp) % 1000:03d}" == check
    return number if agrees and number < NUMBER_LIMIT else None


_READERS: tuple[tuple[re.Pattern[str], Callable[..., int | None]], ...] = (
    (_THREE_NUMBERS, _read_three_numbers),
    (_CHECKOUT, _read_checkout),
    (_HEX_CONVERSATION, _read_hex_conversation),
    (_CONVERSATION, _read_conversation),
    (_UUID_TAIL, _read_uuid_tail),
)
