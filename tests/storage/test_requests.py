"""What every store keeps to: requests, how they ended, and how that was told."""

from dataclasses import dataclass
from typing import Any

import pytest

from salio.core.ledger.accounts import AccountBalance, AccountKind, Balance
from salio.core.ports import AcceptedRequest
from salio.core.requests.deliveries import Attempt, OpenDelivery
from salio.core.requests.findings import FOUND
from salio.core.requests.outcomes import (
    BalanceFacts,
    Conclusion,
    Decision,
    Outcome,
    PromptFacts,
    StatusFacts,
)
from salio.core.requests.queries import Query
from salio.core.transactions.transaction import Charge, ChargedSide
from tests.builders import (
    a_conclusion,
    a_status_query,
    a_transaction,
    accepted,
    ago,
    an_attempt,
    an_end,
)
from tests.core.audit.noting import a_note
from tests.core.requests.test_express_payment import a_push
from tests.storage.conftest import Place
from tests.storage.samples import DAY, chosen, conclude, keep
from tests.stores import AnyStore

# --- accepted requests -----------------------------------------------------------------------------------

FULL = accepted(
    7,
    credential="c2VjcmV0",
    query=a_status_query(receipt=None, original_conversation_id="1-2-3", occasion="Ünïcode 🦁", remarks="\0"),
    unknown_members=("Extra", "Weitere"),
    chosen_by_caller=True,
    profile="observed",
)


@pytest.mark.parametrize("request_", [accepted(1), FULL], ids=["plain", "with everything"])
def test_an_accepted_request_comes_back_as_it_was(store: AnyStore, request_: AcceptedRequest) -> None:
    """Every member of the request and its credential are there until the decision."""
    keep(store, request_)
    assert store.undecided() == [request_]


def test_undecided_is_oldest_first(store: AnyStore) -> None:
    """Requests wait in the order of their numbers, in whatever order they were kept."""
    keep(store, accepted(3), accepted(1))
    keep(store, accepted(2))
    assert [each.request.number for each in store.undecided()] == [1, 2, 3]


@pytest.mark.parametrize("numbers", [[], [1], [5, 2]], ids=str)
def test_next_request_number(store: AnyStore, numbers: list[int]) -> None:
    """The number after the highest ever given; 1 in a new store."""
    keep(store, *map(accepted, numbers))
    assert store.next_request_number() == max(numbers, default=0) + 1


def test_a_number_is_kept_once(store: AnyStore) -> None:
    """A second request of a number is refused, and nothing of its unit is kept."""
    keep(store, accepted(1))
    with pytest.raises(Exception, match=r"UNIQUE|unique"):
        keep(store, accepted(2), accepted(1))
    assert [each.request.number for each in store.undecided()] == [1]


@pytest.mark.parametrize(
    ("groups", "duplicates"),
    [
        pytest.param([[chosen(1, "a"), chosen(2, "a")]], [{2}], id="within a group"),
        pytest.param([[chosen(1, "a")], [chosen(2, "a")]], [set(), {2}], id="across groups"),
        pytest.param([[chosen(1, "a"), chosen(2, "a", app=2)]], [set()], id="another app"),
        pytest.param([[chosen(1, "a"), chosen(2, "b")]], [set()], id="another id"),
        pytest.param(
            [[chosen(1, "a"), chosen(2, "b"), chosen(3, "a"), chosen(4, "b")]], [{3, 4}], id="two of four"
        ),
        pytest.param(
            [[accepted(1, originator_conversation_id="a")], [chosen(2, "a")]], [set(), set()], id="given"
        ),
    ],
)
def test_duplicates(store: AnyStore, groups: list[list[AcceptedRequest]], duplicates: list[set[int]]) -> None:
    """A caller's id counts once per app; the duplicates are named and not kept."""
    assert [keep(store, *group) for group in groups] == duplicates
    numbers = {each.request.number for group in groups for each in group}
    assert {each.request.number for each in store.undecided()} == numbers - set().union(*duplicates)


def test_an_id_stays_used_after_a_restart(place: Place) -> None:
    """A duplicate is one, whichever process kept the first."""
    keep(place.open(), chosen(1, "a"))
    assert keep(place.open(), chosen(2, "a")) == {2}


def test_usage_adds_up(store: AnyStore) -> None:
    """Counts of a day are added by app, and days are apart."""
    with store.unit() as unit:
        unit.add_usage(DAY, {1: 2, 2: 5})
        unit.add_usage(DAY, {1: 3})
        unit.add_usage("2026-08-17", {1: 1})
    assert store.usage(DAY) == {1: 5, 2: 5}
    assert store.usage("2026-08-17") == {1: 1}
    assert store.usage("2026-08-18") == {}


# --- conclusions -----------------------------------------------------------------------------------------

CONCLUSIONS = [
    *(
        pytest.param(Decision(outcome, "why"), id=outcome.name)
        for outcome in Outcome
        if outcome is not Outcome.SUCCEEDED
    ),
    pytest.param(Decision(Outcome.PARAMETERS_CONFLICT, fields=("TransactionID", "x")), id="fields"),
    pytest.param(Decision(Outcome.SUCCEEDED, facts=BalanceFacts(())), id="no accounts"),
    pytest.param(
        Decision(
            Outcome.SUCCEEDED,
            facts=BalanceFacts(
                tuple(AccountBalance(kind, "KES", Balance(-(2**62), 2, 3)) for kind in AccountKind)
            ),
        ),
        id="every account",
    ),
    pytest.param(Decision(Outcome.SUCCEEDED, facts=StatusFacts(a_transaction())), id="a transaction"),
    pytest.param(
        Decision(
            Outcome.SUCCEEDED,
            facts=StatusFacts(
                a_transaction(
                    charge=Charge("Pay Bill Charge", 500, ChargedSide.CREDIT),
                    reason="reason",
                    finalised_at=None,
                    conversation_id=None,
                    originator_conversation_id=None,
                )
            ),
        ),
        id="a charged transaction",
    ),
]


@pytest.mark.parametrize("decision", CONCLUSIONS)
def test_a_conclusion_comes_back_as_it_was(store: AnyStore, decision: Decision) -> None:
    """The outcome, its cause and every fact."""
    keep(store, accepted(1))
    conclusion = Conclusion(number=1, decided_at=ago(microseconds=1), decision=decision)
    with store.unit() as unit:
        unit.add_conclusions([conclusion])
    assert store.due([1]) == [(accepted(1).request, conclusion)]


def test_a_conclusion_closes_the_intake_and_opens_a_delivery(place: Place) -> None:
    """A decided request no longer waits, its credential is gone for good, and its delivery is open."""
    store = place.open()
    keep(store, accepted(1, credential="a credential"), accepted(2))
    with store.unit() as unit:
        unit.add_conclusions([a_conclusion(1)])
    assert [each.request.number for each in store.undecided()] == [2]
    assert store.undelivered() == [OpenDelivery(number=1)]
    assert place.rows("SELECT number FROM intake") == [(2,)]


def test_a_request_ends_once(store: AnyStore) -> None:
    """P2: a second conclusion is refused, and nothing of its unit is kept."""
    conclude(store, 1)
    keep(store, accepted(2))
    with pytest.raises(Exception, match=r"UNIQUE|unique"), store.unit() as unit:
        unit.add_conclusions([a_conclusion(2), a_conclusion(1)])
    assert [each.number for each in store.undelivered()] == [1]
    assert [each.request.number for each in store.undecided()] == [2]


def test_due(store: AnyStore) -> None:
    """Requests come with their conclusions, by number; undecided and unknown ones do not come."""
    conclude(store, *range(1, 301))
    keep(store, accepted(301))
    found = store.due([*range(1, 400)])
    assert [request.number for request, _ in found] == list(range(1, 301))
    assert all(request.number == conclusion.number for request, conclusion in found)
    assert store.due([]) == []


@pytest.mark.parametrize("query", [a_status_query(), a_push(description="rent")], ids=["a query", "a prompt"])
def test_looked_up_by_its_number(store: AnyStore, query: Query) -> None:
    """A request comes without a conclusion until it ends, and with it from then on; an unknown one never."""
    waiting = accepted(2, query=query)
    keep(store, waiting)
    conclude(store, 1)
    assert store.look_up(1) == (accepted(1).request, a_conclusion(1))
    assert store.look_up(2) == (waiting.request, None)
    assert store.look_up(3) is None
    paid = Decision(Outcome.SUCCEEDED, facts=PromptFacts(a_transaction()), receipt="UHG0000002")
    conclusion = Conclusion(number=2, decided_at=ago(seconds=1), decision=paid)
    with store.unit() as unit:
        unit.add_conclusions([conclusion])
    assert store.look_up(2) == (waiting.request, conclusion)


# --- deliveries ------------------------------------------------------------------------------------------


@dataclass
class Delivery:
    """Attempts and their ends, in the order of happening; and what is open afterwards."""

    starts: list[Attempt]
    ended: bool
    left: list[OpenDelivery]


AGAIN = an_attempt(started_at=ago(seconds=-60), resent=True)
WHY: dict[str, Any] = {
    "outcome": a_conclusion().decision.outcome,
    "cause": a_conclusion().decision.cause,
}
"""What comes with an attempt, so that its reason is told again."""


@pytest.mark.parametrize(
    "delivery",
    [
        pytest.param(Delivery([], False, [OpenDelivery(number=1)]), id="not begun"),
        pytest.param(
            Delivery([an_attempt()], False, [OpenDelivery(number=1, attempt=an_attempt(), **WHY)]),
            id="interrupted",
        ),
        pytest.param(
            Delivery([an_attempt(), AGAIN], False, [OpenDelivery(number=1, attempt=AGAIN, **WHY)]),
            id="interrupted twice",
        ),
        pytest.param(Delivery([an_attempt()], True, []), id="ended"),
        pytest.param(Delivery([an_attempt(), AGAIN], True, []), id="ended the second time"),
        pytest.param(Delivery([], True, []), id="ended without an attempt"),
    ],
)
def test_undelivered_after_a_crash(place: Place, delivery: Delivery) -> None:
    """P3: an open delivery is found with the last attempt's bytes, whether it was already sent again, and why
    the request failed.
    """
    store = place.open()
    conclude(store, 1)
    for start in delivery.starts:
        with store.unit() as unit:
            unit.start_attempts([start])
    if delivery.ended:
        with store.unit() as unit:
            unit.end_attempts([an_end()])
    assert place.open().undelivered() == delivery.left


def test_what_a_second_look_found_comes_with_the_attempt(store: AnyStore) -> None:
    """A resend is told what the first was; other notes are none of it."""
    conclude(store, 1, 2)
    with store.unit() as unit:
        unit.start_attempts([an_attempt(1), an_attempt(2)])
        unit.add_notes([a_note(1, text="lost on purpose"), a_note(1, text=f"{FOUND}it was OAEP")])
        unit.add_notes([a_note(2, text="lost on purpose")])
    cause = a_conclusion().decision.cause
    assert [each.cause for each in store.undelivered()] == [f"{cause}; it was OAEP", cause]


def test_undelivered_is_oldest_first(store: AnyStore) -> None:
    """Deliveries wait in the order of their requests."""
    conclude(store, 3, 1)
    conclude(store, 2)
    assert [each.number for each in store.undelivered()] == [1, 2, 3]


@pytest.mark.parametrize("again", [False, True], ids=["first", "resend"])
def test_an_attempt_starts_once(store: AnyStore, *, again: bool) -> None:
    """P3: neither the first attempt nor the one after a crash can be recorded twice."""
    conclude(store, 1)
    with store.unit() as unit:
        unit.start_attempts([an_attempt(), AGAIN])
    with pytest.raises(Exception, match=r"UNIQUE|unique"), store.unit() as unit:
        unit.start_attempts([AGAIN if again else an_attempt()])


def test_a_delivery_ends_once(store: AnyStore) -> None:
    """P3: a second end is refused."""
    conclude(store, 1)
    with store.unit() as unit:
        unit.start_attempts([an_attempt()])
        unit.end_attempts([an_end(status=None, fault="timed out")])
    with pytest.raises(Exception, match=r"UNIQUE|unique"), store.unit() as unit:
        unit.end_attempts([an_end()])
