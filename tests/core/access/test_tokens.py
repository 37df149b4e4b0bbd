"""Whether a token's claim still holds, to the second."""

from datetime import datetime, timedelta

import pytest

from salio.core.access.apps import App
from salio.core.access.tokens import TOKEN_LIFE, TokenState, issue_moment, judge
from tests.builders import NOW, a_claim, ago, an_app

DISABLED = an_app(enabled=False)


def test_a_token_lives_an_hour() -> None:
    """Authorization, Overview: "Token Expiry: 3600 seconds"."""
    assert timedelta(seconds=3600) == TOKEN_LIFE
    assert a_claim().expires_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("issued_at", "state"),
    [
        pytest.param(NOW, TokenState.VALID, id="new"),
        pytest.param(ago(seconds=3599), TokenState.VALID, id="in its last second"),
        pytest.param(ago(seconds=3599, microseconds=999_999), TokenState.VALID, id="a microsecond before"),
        pytest.param(ago(seconds=3600), TokenState.EXPIRED, id="at the very second"),
        pytest.param(ago(seconds=3601), TokenState.EXPIRED, id="a second after"),
        pytest.param(ago(seconds=-10), TokenState.VALID, id="from ten seconds ahead: the clock was set back"),
    ],
)
def test_expires_to_the_second_a2(issued_at: datetime, state: TokenState) -> None:
    """A token counts up to its last microsecond and not one longer (fault catalogue, A2)."""
    assert judge(a_claim(issued_at=issued_at), an_app(), revoked=False, now=NOW) is state


@pytest.mark.parametrize(
    ("app", "revoked", "issued_at", "state"),
    [
        pytest.param(None, True, ago(hours=1), TokenState.EXPIRED, id="expired before all else"),
        pytest.param(None, True, NOW, TokenState.APP_UNKNOWN, id="app unknown before revoked"),
        pytest.param(DISABLED, True, NOW, TokenState.REVOKED, id="revoked before disabled"),
        pytest.param(DISABLED, False, NOW, TokenState.APP_DISABLED, id="disabled"),
        pytest.param(an_app(), True, NOW, TokenState.REVOKED, id="revoked"),
        pytest.param(
            an_app(tokens_valid_from=NOW),
            False,
            ago(microseconds=1),
            TokenState.REVOKED,
            id="before the rotation",
        ),
        pytest.param(an_app(tokens_valid_from=NOW), False, NOW, TokenState.VALID, id="at the rotation"),
    ],
)
def test_first_reason_wins_a6(
    app: App | None, issued_at: datetime, state: TokenState, *, revoked: bool
) -> None:
    """Of several reasons the first is told (fault catalogue, A6: rotation, disabled app, revocation)."""
    assert judge(a_claim(issued_at=issued_at), app, revoked=revoked, now=NOW) is state


@pytest.mark.parametrize(
    ("valid_from", "moment"),
    [
        pytest.param(None, NOW, id="never revoked"),
        pytest.param(ago(hours=1), NOW, id="revoked an hour ago"),
        pytest.param(NOW, NOW, id="at the end of that second"),
        pytest.param(ago(seconds=-0.4), ago(seconds=-0.4), id="within that second"),
        pytest.param(ago(seconds=-1), ago(seconds=-1), id="at its beginning"),
        pytest.param(ago(days=-100), ago(days=-100), id="the clock was set back"),
    ],
)
def test_a_new_token_is_not_dead_with_the_old_ones(valid_from: datetime | None, moment: datetime) -> None:
    """One asked for before the moment that they were revoked up to counts from that moment."""
    app = an_app(tokens_valid_from=valid_from)
    assert issue_moment(app, NOW) == moment
    assert judge(a_claim(issued_at=moment), app, revoked=False, now=NOW) is TokenState.VALID
