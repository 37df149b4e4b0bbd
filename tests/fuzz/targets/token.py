"""Access tokens: nothing but what the mint issued is honoured, in one spelling, by way of one header.

The first byte chooses: any text as a token, a token bent in the places that the rest names, or a whole
Authorization header in which `TOKEN` stands for a good token.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from salio.core.access.registry import AppRegistry
from salio.core.access.tokens import TOKEN_LIFE, TokenClaim
from salio.gateway.bearer import app_of
from salio.gateway.refused import Refused
from salio.vault.entropy import ALPHANUMERICS
from salio.vault.tokens import TOKEN_LENGTH, TokenMint
from salio.wire.oauth import HEADER_LIMIT
from salio.wire.refusals import Refusal
from tests.builders import NOW, FakeClock, an_app
from tests.fuzz.targets.keys import key_ring
from tests.fuzz.targets.ways import way_of
from tests.vault.samples import Seeded

SERIALS = 2**22

Read = Callable[[TokenMint, str], TokenClaim | None]


def check(data: bytes, *, read: Read = TokenMint.read) -> None:
    """Fails if a text that was not issued is honoured, or an issued one is not, or its claim is another."""
    mint = TokenMint(key_ring(), entropy=Seeded(7))
    way = way_of(data, WAYS)
    if way is not None:
        way(mint, data[1:], read)


def _any_text(mint: TokenMint, data: bytes, read: Read) -> None:
    """A fuzzer sees what is compared and so learns tokens that were issued; nothing else has a claim."""
    token = data.decode("utf-8", "surrogateescape")
    claim = read(mint, token)
    if claim is not None:
        before = (claim.serial - 1) % SERIALS
        again = TokenMint(key_ring(), entropy=before.to_bytes)
        assert again.issue(claim.app_number, claim.issued_at) == token, "honoured, and never issued"


def _bent(mint: TokenMint, data: bytes, read: Read) -> None:
    """Four bytes of app, four of time, then pairs: a place, and the character that comes there."""
    app_number = int.from_bytes(data[:4])
    moment = datetime.fromtimestamp(int.from_bytes(data[4:8]), UTC)
    token = mint.issue(app_number, moment)
    claim = TokenMint(key_ring(), entropy=Seeded(9)).read(token)
    assert claim is not None
    assert (claim.app_number, claim.issued_at) == (app_number, moment)
    assert read(mint, token) == claim
    bent = list(token)
    for place, character in zip(data[8::2], data[9::2], strict=False):
        bent[place % TOKEN_LENGTH] = ALPHANUMERICS[character % len(ALPHANUMERICS)]
    stranger = TokenMint(key_ring(), entropy=Seeded(9))
    assert read(stranger, "".join(bent)) == (claim if "".join(bent) == token else None)


def _header(mint: TokenMint, data: bytes, _read: Read) -> None:
    header = data.decode("latin-1")
    app, token = an_app(), mint.issue(an_app().number, NOW)
    sent = header.replace("TOKEN", token)
    late = header.startswith("late")
    clock = FakeClock(NOW + TOKEN_LIFE if late else NOW + TOKEN_LIFE - timedelta(seconds=1))
    scope = {"headers": [(b"authorization", sent.removeprefix("late").encode("latin-1"))]}
    try:
        found = app_of(scope, mint=mint, apps=AppRegistry([app]), clock=clock)
    except Refused as refused:
        assert refused.refusal in {Refusal.TOKEN_INVALID, Refusal.HEADER_INVALID}
        assert token not in refused.cause
        assert not _rightly_sent(sent, token)
    else:
        assert found == app
        assert _rightly_sent(sent, token)


def _rightly_sent(header: str, token: str) -> bool:
    scheme, *words = header.split(" ")
    given = [word for word in words if word]
    return (
        scheme.lower() == "bearer" and len(header) <= HEADER_LIMIT and given == [token] and words[-1] == token
    )


WAYS = (_any_text, _bent, _header)
