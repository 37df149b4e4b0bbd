"""What time and passwords do to an operator."""

from datetime import UTC, datetime, timedelta

import pytest

from salio.core.parties.operators import OperatorRules, OperatorStatus
from tests.builders import NOW, ago, an_operator

RULES = OperatorRules()


def test_the_settings() -> None:
    """Passwords live 90 days, 90 days of rest make dormant, five wrong passwords lock (rulings)."""
    assert (
        OperatorRules(
            password_life=timedelta(days=90),
            dormant_after=timedelta(days=90),
            wrong_passwords_allowed=5,
            trust_foreign_credentials=False,
        )
        == RULES
    )


@pytest.mark.parametrize(
    ("last_used_at", "now", "dormant"),
    [
        pytest.param("2026-01-01T09:00", "2026-01-01T09:00", False, id="in use"),
        pytest.param("2026-01-01T09:00", "2026-04-01T08:59", False, id="ninety days less a minute"),
        pytest.param("2026-01-01T09:00", "2026-04-01T23:59", False, id="on the ninetieth day, any time"),
        pytest.param("2026-01-01T09:00", "2026-04-02T00:00", True, id="after the ninetieth day"),
        pytest.param(
            "2026-01-01T09:00", "2025-12-31T09:00", False, id="used in the future: the clock was set back"
        ),
    ],
)
def test_dormant_by_rest(last_used_at: str, now: str, *, dormant: bool) -> None:
    """Rest is counted in days, because the day of use is what is kept: nobody is put to rest too early."""
    used, then = (datetime.fromisoformat(each).replace(tzinfo=UTC) for each in (last_used_at, now))
    assert RULES.is_dormant(an_operator(last_used_at=used), then) is dormant


def test_dormant_by_hand() -> None:
    """An operator put to rest by hand is dormant though used a moment ago."""
    assert RULES.is_dormant(an_operator(status=OperatorStatus.DORMANT), NOW)


def test_password_expires_at() -> None:
    """A password lives ninety days from when it was set, to the second."""
    operator = an_operator(password_set_at=ago(days=90))
    assert RULES.password_expires_at(operator) == NOW


def test_wrong_passwords_lock_at_the_fifth() -> None:
    """Each wrong password is counted; the fifth in a row locks."""
    operator = an_operator()
    seen = []
    for _ in range(5):
        operator = RULES.after_wrong_password(operator)
        seen.append((operator.wrong_passwords, operator.status))
    active = [(count, OperatorStatus.ACTIVE) for count in range(1, 5)]
    assert seen == [*active, (5, OperatorStatus.LOCKED)]


def test_the_number_allowed_is_a_setting() -> None:
    """With one wrong password allowed the first one locks."""
    strict = OperatorRules(wrong_passwords_allowed=1)
    assert strict.after_wrong_password(an_operator()).status is OperatorStatus.LOCKED


def test_right_password_forgets_wrong_ones() -> None:
    """A right password sets the count back to zero."""
    after = RULES.after_right_password(an_operator(wrong_passwords=4), NOW)
    assert after == an_operator(wrong_passwords=0, last_used_at=NOW)


def test_right_password_on_a_new_day_is_noted() -> None:
    """The first use of a day is worth a write."""
    after = RULES.after_right_password(an_operator(last_used_at=ago(days=1)), NOW)
    assert after == an_operator(last_used_at=NOW)


def test_right_password_again_writes_nothing() -> None:
    """A further use on the same day leaves the very same object, so that nothing is written."""
    operator = an_operator(last_used_at=ago(hours=2))
    assert RULES.after_right_password(operator, NOW) is operator
