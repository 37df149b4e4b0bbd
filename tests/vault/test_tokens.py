"""Access tokens prove themselves, look random, and cannot be bent."""

import string
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.core.access import tokens
from salio.core.access.tokens import TokenClaim
from salio.vault.keys import KeyRing
from salio.vault.tokens import TokenMint
from tests.vault.samples import NOW, Seeded

ALPHANUMERICS = string.ascii_letters + string.digits
FIRST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
LAST_MOMENT = datetime(2106, 2, 7, 6, 28, 15, tzinfo=UTC)
DAYS = [moment.replace(tzinfo=None) for moment in (FIRST_MOMENT, LAST_MOMENT)]


@pytest.fixture
def mint(keys: KeyRing) -> TokenMint:
    """A mint that knows no token yet."""
    return TokenMint(keys, entropy=Seeded(7))


def test_the_mint_fits_the_cores_port(mint: TokenMint) -> None:
    """The type checker proves it."""
    port: tokens.TokenMint = mint
    assert port is mint


@given(
    app_number=st.integers(0, 2**32 - 1),
    moment=st.datetimes(*DAYS, timezones=st.just(UTC)),
)
def test_a_token_comes_back(keys: KeyRing, app_number: int, moment: datetime) -> None:
    """App and whole second, from the mint that issued it and from another process with the same keys."""
    mint = TokenMint(keys, entropy=Seeded(8))
    token = mint.issue(app_number, moment)
    claim = mint.read(token)
    assert claim is not None
    assert (claim.app_number, claim.issued_at) == (app_number, moment.replace(microsecond=0))
    assert mint.read(token) == claim == TokenMint(keys, entropy=Seeded(9)).read(token)


@given(token=st.one_of(st.text(), st.text(ALPHANUMERICS, min_size=28, max_size=28)))
def test_garbage_is_no_token(keys: KeyRing, token: str) -> None:
    """Any text at all: None, never an exception."""
    assert TokenMint(keys, entropy=Seeded(7)).read(token) is None


def test_a3_every_other_character_at_every_position_is_refused(mint: TokenMint) -> None:
    """A3: 28 times 61 tokens that differ in one place, and the right one still counts."""
    token = mint.issue(1, NOW)
    bent = [
        token[:place] + other + token[place + 1 :]
        for place in range(28)
        for other in ALPHANUMERICS
        if other != token[place]
    ]
    assert len(bent) == 28 * 61
    assert [each for each in bent if mint.read(each) is not None] == []
    assert mint.read(token) is not None


@pytest.mark.parametrize(
    "token",
    ["", "A", "A" * 27, "A" * 28, "A" * 29, "9" * 28, "é" * 28, "٣" * 28, "\ud800" * 28, "_" * 28, " " * 28],
    ids=ascii,
)
def test_odd_texts_are_no_tokens(mint: TokenMint, token: str) -> None:
    """Wrong length, wrong characters, numbers too large."""
    assert mint.read(token) is None


@pytest.mark.parametrize(
    "bend", [str.lower, str.upper, str.swapcase, "{} ".format, " {}".format, "{}=".format]
)
def test_a_token_has_one_spelling(mint: TokenMint, bend: object) -> None:
    """Case counts, and nothing is trimmed."""
    assert callable(bend)
    assert mint.read(bend(mint.issue(1, NOW))) is None


def test_a3_a_token_of_other_keys_is_refused(mint: TokenMint, other_keys: KeyRing) -> None:
    """A3: another environment's token."""
    assert mint.read(TokenMint(other_keys, entropy=Seeded(7)).issue(1, NOW)) is None


def test_tokens_look_like_darajas(mint: TokenMint) -> None:
    """28 letters and digits (Authorization, sample), none alike, even of one app and second."""
    tokens = [mint.issue(1, NOW) for _ in range(5_000)]
    assert len(set(tokens)) == len(tokens)
    assert {len(token) for token in tokens} == {28}
    assert set("".join(tokens)) == set(ALPHANUMERICS)


def test_tokens_of_neighbours_share_nothing(mint: TokenMint) -> None:
    """Two tokens of one app and second agree in no more places than chance has it."""
    tokens = [mint.issue(1, NOW) for _ in range(500)]
    pairs = list(pairwise(tokens))
    alike = sum(one == two for pair in pairs for one, two in zip(*pair, strict=True))
    assert alike / (len(pairs) * 28) < 2 / 62


def test_the_zone_of_the_moment_does_not_matter(mint: TokenMint) -> None:
    """A claim is in UTC."""
    token = mint.issue(1, NOW.astimezone(timezone(timedelta(hours=3))))
    claim = mint.read(token)
    assert claim is not None
    assert (claim.issued_at, claim.issued_at.tzinfo) == (NOW, UTC)


def test_serials_count_and_begin_again(keys: KeyRing) -> None:
    """22 bits: after the last comes the first."""
    mint = TokenMint(keys, entropy=(2**22 - 2).to_bytes)
    claims = [mint.read(mint.issue(1, NOW)) for _ in range(3)]
    assert claims == [TokenClaim(1, NOW, serial) for serial in (2**22 - 1, 0, 1)]


def test_a_seed_repeats_its_tokens(keys: KeyRing) -> None:
    """Design, 6."""
    twins = [TokenMint(keys, entropy=Seeded(7)) for _ in range(2)]
    assert len({mint.issue(1, NOW) for mint in twins}) == 1


@pytest.mark.parametrize(
    ("app_number", "moment"),
    [
        (-1, NOW),
        (2**32, NOW),
        (1, datetime(1969, 12, 31, tzinfo=UTC)),
        (1, LAST_MOMENT + timedelta(seconds=1)),
    ],
    ids=["app below", "app above", "moment before", "moment after"],
)
def test_what_does_not_fit_is_not_issued(mint: TokenMint, app_number: int, moment: datetime) -> None:
    """Never a token that claims something else."""
    with pytest.raises(ValueError, match="no token can claim app"):
        mint.issue(app_number, moment)


def test_the_memory_is_bounded(keys: KeyRing) -> None:
    """The oldest makes room and is verified anew when it comes again."""
    mint = TokenMint(keys, entropy=Seeded(7), capacity=3)
    tokens = [mint.issue(number, NOW) for number in range(5)]
    claims = [mint.read(token) for token in tokens]
    assert repr(mint) == "TokenMint(3 tokens known)"
    assert [mint.read(token) for token in tokens] == claims


def test_forgeries_are_not_remembered(mint: TokenMint) -> None:
    """Garbage pushes nobody out."""
    for number in range(100):
        mint.read(f"{number:028}")
    assert repr(mint) == "TokenMint(0 tokens known)"
