"""What the model of every movement draws: requests of every kind, and acts; most can be carried out."""

from collections.abc import Sequence

from hypothesis import strategies as st

from salio.core.requests.abroad import Arrival, Clearing
from salio.core.requests.funds import Settlement, Withdrawal
from salio.core.requests.queries import Query
from tests.builders import MSISDN, a_balance_query, a_customer_payment, a_payment
from tests.core.requests.country import BULK, CLUB, COLLECTOR, KINDS, SHOP, STALL
from tests.core.requests.naive_rules import SERVICES
from tests.core.requests.paying import POOR, RICH
from tests.core.requests.test_express_payment import a_push
from tests.core.requests.trading import a_bill, a_tax

STRANGER = "254722333333"
AMOUNTS = st.sampled_from([15_000, 1_000, 7_001, 500, 30_000, 60_000, 50])
CUSTOMERS = st.sampled_from([RICH, RICH, RICH, POOR, MSISDN, STRANGER])
PHONES = (*[None] * 6, RICH, STRANGER)
MERCHANTS = (*[None] * 12, SHOP, "999999")


HOLDERS = (RICH, POOR, MSISDN, SHOP, STALL)
"""To whom money comes from abroad."""


def _one_of(*favourites: str) -> st.SearchStrategy[str]:
    """Mostly one of these, now and then any short code."""
    return st.sampled_from([*favourites * (8 // len(favourites)), *KINDS])


def _moves(command: str, payers: Sequence[str], whom: Sequence[str]) -> st.SearchStrategy[Query]:
    return st.builds(
        a_bill, command=st.just(command), party=_one_of(*payers), receiver=_one_of(*whom), cents=AMOUNTS
    )


def _own_moves(command: str, *parties: str) -> st.SearchStrategy[Query]:
    return st.tuples(_one_of(*parties), AMOUNTS).map(
        lambda drawn: a_bill(command=command, party=drawn[0], receiver=drawn[0], cents=drawn[1])
    )


def _paid_in(command: str, *parties: str) -> st.SearchStrategy[Query]:
    return st.builds(
        a_customer_payment, command=st.just(command), party=_one_of(*parties), payer=CUSTOMERS, cents=AMOUNTS
    )


def _asked_for(command: str, *parties: str) -> st.SearchStrategy[Query]:
    """Mostly at the payer's own phone, and by whoever is paid."""
    drawn = st.tuples(
        _one_of(*parties), CUSTOMERS, AMOUNTS, st.sampled_from(PHONES), st.sampled_from(MERCHANTS)
    )
    return drawn.map(
        lambda each: a_push(
            command=command,
            party=each[0],
            payer=each[1],
            cents=each[2],
            phone=each[3] or each[1],
            merchant=each[4] or each[0],
        )
    )


PAY_BILL, BUY_GOODS = SERVICES
RECEIPTS = _paid_in(PAY_BILL, SHOP, CLUB) | _paid_in(BUY_GOODS, STALL)
PUSHES = _asked_for(PAY_BILL, SHOP, CLUB) | _asked_for(BUY_GOODS, STALL)
PAYMENTS = st.one_of(
    st.builds(a_payment, party=_one_of(BULK), receiver=CUSTOMERS, cents=AMOUNTS),
    _moves("BusinessPayBill", [SHOP, CLUB], [SHOP, CLUB]),
    _moves("BusinessBuyGoods", [SHOP, CLUB], [STALL]),
    _moves("BusinessPayToBulk", [SHOP, CLUB], [BULK, SHOP, "600001"]),
    _own_moves("BusinessTransferFromMMFToUtility", SHOP, CLUB),
    _own_moves("MerchantTransferFromMerchantToWorking", STALL),
    st.builds(a_tax, party=_one_of(SHOP, CLUB), receiver=st.just(COLLECTOR), cents=AMOUNTS),
    st.builds(a_balance_query, party=st.sampled_from(sorted(KINDS))),
)
ACTS = st.one_of(
    st.builds(lambda short_code: Settlement(short_code=short_code), _one_of(SHOP, CLUB, STALL, BULK)),
    st.builds(
        lambda short_code, cents: Withdrawal(short_code=short_code, cents=cents), _one_of(SHOP, CLUB), AMOUNTS
    ),
    st.builds(
        lambda receiver, cents: Arrival(
            through=COLLECTOR, receiver=receiver, cents=cents, sender="Ada", country="GB"
        ),
        st.sampled_from([*HOLDERS, STRANGER]),
        AMOUNTS,
    ),
    st.builds(lambda holder: Clearing(holder=holder), st.sampled_from([*HOLDERS, *HOLDERS, STRANGER])),
)
