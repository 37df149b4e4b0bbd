"""The AccountBalance parameter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from salio.wire.balance_text import AccountAmounts, MalformedBalance, print_accounts, read_accounts

CENTS = st.integers(-(10**15), 10**15)
NAMES = st.text(st.characters(exclude_characters="|&", exclude_categories=["Cs"]), min_size=1, max_size=30)
ACCOUNTS = st.builds(
    AccountAmounts, NAMES, st.from_regex(r"[A-Z]{3}", fullmatch=True), CENTS, CENTS, CENTS, CENTS
)


def test_a_mixed_account() -> None:
    """Current is available plus reserved, in this order (wire facts 2.5)."""
    account = AccountAmounts("Working Account", "KES", 34656883, 618683, 34038200, 0)
    text = "Working Account|KES|346568.83|6186.83|340382.00|0.00"
    assert print_accounts((account,)) == text
    assert read_accounts(text) == (account,)


@given(st.lists(ACCOUNTS, min_size=1, max_size=6).map(tuple))
def test_l15_round_trip(accounts: tuple[AccountAmounts, ...]) -> None:
    """Accounts are read back as they were printed."""
    assert read_accounts(print_accounts(accounts)) == accounts


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        pytest.param("", "1 pieces", id="empty"),
        pytest.param("Working Account|KES|1.00|1.00|0.00", "5 pieces", id="an amount short"),
        pytest.param("&", "1 pieces", id="a separator alone"),
        pytest.param("Working Account|KES|1.00|1.00|0.00|0.00&&", "1 pieces", id="two separators"),
        pytest.param("|KES|1.00|1.00|0.00|0.00", "no name", id="no name"),
        pytest.param("Working Account|kes|1.00|1.00|0.00|0.00", "currency", id="currency in lower case"),
        pytest.param("Working Account|KES|1e3|1.00|0.00|0.00", "not an amount", id="exponent"),
        pytest.param("Working Account|KES|١.00|1.00|0.00|0.00", "not an amount", id="other digits"),  # noqa: RUF001 - they are the point
    ],
)
def test_refuses_other_texts(text: str, reason: str) -> None:
    """A text that is no list of accounts has a named error that keeps it."""
    with pytest.raises(MalformedBalance, match=reason) as caught:
        read_accounts(text)
    assert caught.value.text == text


def test_a_separator_may_end_the_text() -> None:
    """It loses no account."""
    text = "Working Account|KES|1.00|1.00|0.00|0.00"
    assert read_accounts(f"{text}&") == read_accounts(text)


@given(st.text(st.sampled_from("|&KES.-0123456789aé")))
def test_garbage_has_a_named_error(text: str) -> None:
    """No text raises anything but MalformedBalance."""
    try:
        accounts = read_accounts(text)
    except MalformedBalance:
        return
    assert read_accounts(print_accounts(accounts)) == accounts


@pytest.mark.parametrize("name", ["A|B", "A&B"])
def test_names_do_not_hold_separators(name: str) -> None:
    """An account that could not be read back is not printed."""
    with pytest.raises(ValueError, match="separator"):
        print_accounts((AccountAmounts(name, "KES", 0, 0, 0, 0),))
