"""Every kind of movement, whatever fails, on every engine: against a naive ledger (P4).

The model knows nothing of batches, units or ways back. It reads how each request ended, in the order in which
they were decided, and does that by hand; book, store and journal have to agree with it after every turn.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from salio.core.cycle import Cycle
from salio.core.ledger.accounts import FREE_TO_RUN_NEGATIVE, Balance
from salio.core.parties.registration import DefaultAction
from salio.core.ports import DoubtfulCommitError, StoreUnavailableError
from salio.core.requests.funds import FundsAct, FundsCarriedOut, Settlement, Withdrawal
from salio.core.requests.queries import CustomerPayment, Query
from salio.core.requests.registrations import Registering
from salio.core.requests.validation import Asked, ValidatorWord
from salio.storage.postgres.connection import Session
from tests import postgres
from tests.builders import MSISDN, a_balance_query, a_customer_payment, a_payment, a_status_query
from tests.core.requests.country import (
    APP,
    ASKED,
    BULK,
    CLUB,
    COLLECTOR,
    KINDS,
    NUMBERS,
    SHOP,
    STALL,
    settle_down,
)
from tests.core.requests.naive import CUSTOMER, SERVICES, NaiveLedger
from tests.core.requests.paying import POOR, RICH
from tests.core.requests.reversing import a_reversal
from tests.core.requests.running import OUTAGE, Running, ShakyPostgresStore, ShakyStore, running
from tests.core.requests.trading import a_bill, a_tax
from tests.proof import proof_count
from tests.stores import in_file

STRANGER = "254722333333"
AMOUNTS = st.sampled_from([15_000, 1_000, 7_001, 500, 30_000, 60_000, 50])
CUSTOMERS = st.sampled_from([RICH, RICH, RICH, POOR, MSISDN, STRANGER])
BAD_ROW = ValueError("bad row")
SUMS = "SELECT account, bucket, sum(cents) FROM entry GROUP BY account, bucket"
Rows = Callable[[str], Iterable[Sequence[Any]]]
"""Reads the store's tables."""
Opened = tuple[Any, Rows]
"""A store, empty."""


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


PAY_BILL, BUY_GOODS = SERVICES
RECEIPTS = _paid_in(PAY_BILL, SHOP, CLUB) | _paid_in(BUY_GOODS, STALL)
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
)


class Watched:
    """The processor as the cycle sees it: notes what became of each item, in the order of the decisions."""

    def __init__(self, run: Running, naive: NaiveLedger) -> None:
        self._run, self._naive = run, naive
        self.write = run.processor.write
        self.is_built_upon, self.put_back = run.processor.is_built_upon, run.processor.put_back
        self.open: set[int] = set()
        """Numbers of those whose organization was asked and has not spoken."""

    def take(self) -> Sequence[Any]:
        """What is decided now follows what is registered now."""
        self._naive.registered = {each.short_code: each for each in self._run.registrations.all()}
        return self._run.processor.take()

    def settle(self, batch: Sequence[Any]) -> None:
        """Durable: the naive ledger learns of it."""
        told = len(self._run.decided)
        self._run.processor.settle(batch)
        self._tell(batch, told)

    def spoil(self, item: Any, error: Exception) -> None:
        """Refused: what was written instead, if anything was."""
        told = len(self._run.decided)
        self._run.processor.spoil(item, error)
        if not isinstance(item, FundsCarriedOut):
            self._tell([item], told)

    def _tell(self, batch: Sequence[Any], told: int) -> None:
        ended = {request.number: (request, end) for request, end in self._run.decided[told:]}
        for each in batch:
            if isinstance(each, FundsCarriedOut):
                assert isinstance(each.wanted, FundsAct)
                self._naive.acted(each.wanted, each.outcome)
                continue
            number = each.accepted.request.number
            if number in ended:
                self._naive.concluded(*ended[number])
            else:
                assert isinstance(each, Asked)
                self._naive.asked(each.accepted.request)
                self.open.add(number)


class Movements(RuleBasedStateMachine):
    """Requests, acts, organizations that speak, refused items, lost stores and restarts in any order."""

    def __init__(self, store: Any, rows: Rows) -> None:
        super().__init__()
        self.store, self.rows = store, rows
        self.naive = NaiveLedger()
        self.paid: list[tuple[int, CustomerPayment]] = []
        self.parties: dict[int, str] = {}
        """By the number of each request its PartyA."""
        self.is_unsure = False
        """Whether nobody knows what became of the last commit."""
        self._start(settle_down)
        self.all_agree()

    def _start(self, settle: Callable[[Any], None] = lambda _: None) -> None:
        self.run = running(store=self.store, settle=settle)
        self.run.apps.refresh([APP], [], [])
        self.watched = Watched(self.run, self.naive)
        self.run.cycle = Cycle(self.store, [self.watched, self.run.registrations, self.run.intake])

    # --- what comes ----------------------------------------------------------------------------------------

    @rule(
        queries=st.lists(RECEIPTS | PAYMENTS, min_size=1, max_size=6),
        poisoned=st.sets(st.integers(0, 12), max_size=2),
    )
    def submit(self, queries: list[Query], poisoned: set[int]) -> None:
        """Some requests come in; the store will refuse what some of them end with."""
        for place, query in enumerate(queries):
            number = self._submit(query)
            if place in poisoned:
                self.store.poisoned.add(number)

    def _submit(self, query: Query) -> int:
        number = self.run.submit(query=query, app=APP).number
        self.store.poisoned.discard(number)  # of a request that was lost at the door
        self.parties[number] = query.party
        if isinstance(query, CustomerPayment):
            self.paid.append((number, query))
        return number

    @precondition(lambda self: self.paid)
    @rule(
        places=st.lists(st.integers(0, 3), min_size=1, max_size=3), slip=st.sampled_from([0, 0, 0, 0, 0, 1])
    )
    def give_back(self, places: list[int], slip: int) -> None:
        """Late payments are to be reversed, made or not, and perhaps more than once."""
        for place in places:
            number, paid = self.paid[-1 - place % len(self.paid)]
            receipt = f"UHG{number:07d}"
            self._submit(a_reversal(party=paid.party, receipt=receipt, cents=paid.cents + slip))

    @precondition(lambda self: self.parties)
    @rule(place=st.integers(0, 9))
    def ask(self, place: int) -> None:
        """What became of a late request?"""
        number = sorted(self.parties)[-1 - place % len(self.parties)]
        own_id = f"documented-{number}"
        self._submit(
            a_status_query(receipt=None, original_conversation_id=own_id, party=self.parties[number])
        )

    @rule(act=ACTS)
    def act(self, act: FundsAct) -> None:
        """Somebody settles or withdraws by hand."""
        assert self.run.processor.submit(act) is None

    @rule(
        short_code=st.sampled_from(sorted(ASKED)),
        action=st.sampled_from(DefaultAction),
        on=st.booleans(),
        instructs=st.booleans(),
    )
    def register(self, short_code: str, action: DefaultAction, *, on: bool, instructs: bool) -> None:
        """An organization wants to be asked no more, or again, or something else where it cannot be."""
        wanted = msgspec.structs.replace(
            ASKED[short_code], default_action=action, validated=on, instructs=instructs
        )
        assert self.run.registrations.submit(Registering(wanted, None)) is None

    @precondition(lambda self: self.watched.open)
    @rule(words=st.lists(st.sampled_from([True, True, False, None]), min_size=1, max_size=3))
    def speak(self, words: list[bool | None]) -> None:
        """Organizations say whether they take a payment, or nobody answers."""
        for number, accepts in zip(sorted(self.watched.open), words, strict=False):
            self._speak(number, accepts)

    def _speak(self, number: int, accepts: bool | None) -> None:
        if accepts is None and self.naive.is_pending(number):
            accepts = False  # it could not be asked: now somebody decides, and says something
        self.naive.words[number] = accepts
        self.watched.open.remove(number)
        assert self.run.processor.heard(number, ValidatorWord(accepts=accepts, said="so"))

    # --- what happens --------------------------------------------------------------------------------------

    @rule(times=st.integers(1, 3))
    def go_on(self, times: int) -> None:
        """Turns in which nothing fails."""
        for _ in range(times):
            self._turn()

    @rule(
        failures=st.just([BAD_ROW, BAD_ROW, "doubt"])
        | st.lists(st.sampled_from([None, OUTAGE, BAD_ROW, "doubt"]), min_size=1, max_size=4),
        is_kept=st.booleans(),
    )
    def turn(self, failures: list[Any], *, is_kept: bool) -> None:
        """One turn, of which some commits fail, or end so that nobody knows how."""
        for each in failures:
            if each == "doubt" and is_kept:
                self.store.commits_then_doubts = DoubtfulCommitError("gone", lambda: True)
            elif each == "doubt":
                self.store.commits.append(DoubtfulCommitError("gone", lambda: False))
            else:
                self.store.commits.append(each)
        self._turn()

    def _turn(self) -> int:
        self.is_unsure = False
        try:
            return self.run.turn()
        except DoubtfulCommitError:
            self.is_unsure = True
        except StoreUnavailableError:
            pass
        except ValueError as error:
            if error is not BAD_ROW and "is poison" not in str(error):
                raise
        finally:
            self.store.commits.clear()
            self.store.commits_then_doubts = None
        return 1

    def _drain(self) -> None:
        while self._turn():
            pass

    @precondition(lambda self: not self.is_unsure)
    @rule()
    def restart(self) -> None:
        """The process dies, and another takes up what it left; whoever was asked is asked again."""
        self.naive.words.clear()
        self._start()
        self.run.processor.recover(self.store.undecided())

    @rule()
    def calm(self) -> None:
        """Turns until nothing is left but organizations that have not spoken."""
        self._drain()
        self.restart()
        self._drain()

    # --- what must hold ------------------------------------------------------------------------------------

    @invariant()
    def all_agree(self) -> None:
        """Book, store and journal say what the naive ledger says, and everything sums to zero."""
        book, (_, kept) = self.run.ledger.book, self.store.accounts()
        assert book.total("KES") == 0
        assert sum(each.current + each.uncleared for each in kept.values()) == 0
        if self.is_unsure:
            return
        wanted = {number: self.naive.balance(held) for held, number in NUMBERS.items()}
        assert kept == wanted
        assert book.all_balances() == wanted
        assert self.journal() == wanted
        assert not self.run.ledger.standing()
        for (holder, kind), number in NUMBERS.items():
            assert kind in FREE_TO_RUN_NEGATIVE or wanted[number].available >= 0
            assert wanted[number].reserved >= 0
            if kind is CUSTOMER:
                received = self.run.ledger.totals.of(number, self.run.clock.now()).received
                assert received == self.naive.received[holder, kind]

    def journal(self) -> dict[int, Balance]:
        """What the entries of each account add up to."""
        found = dict.fromkeys(NUMBERS.values(), Balance())
        for account, bucket, cents in self.rows(SUMS):
            found[account] = msgspec.structs.replace(found[account], **{bucket: int(cents)})
        return found

    def teardown(self) -> None:
        """In the end nothing is set aside, every request has one end, and the journal is what was written."""
        self.calm()
        while self.watched.open:
            self._speak(min(self.watched.open), None)
            self._drain()
        self.all_agree()
        assert self.store.undecided() == []
        assert not any(self.naive.reserved.values())
        assert self.store.check_journal().holds


# --- on every engine -------------------------------------------------------------------------------------


def memory(_: Path) -> Iterator[Opened]:
    """SQLite in memory."""
    while True:
        store = ShakyStore()
        with closing(store):
            yield store, store._connection.execute


def file(folder: Path) -> Iterator[Opened]:
    """SQLite in a file."""
    for number in count():
        store = ShakyStore(in_file(folder / f"{number}.db"))
        with closing(store):
            yield store, store._connection.execute


def server(_: Path) -> Iterator[Opened]:
    """A real PostgreSQL."""
    while True:
        session = Session(postgres.empty_database(), "sandbox")
        with closing(session):
            yield ShakyPostgresStore(session), session.fetch


@pytest.mark.parametrize(
    ("places", "examples"),
    [
        pytest.param(memory, proof_count(50, 2_000), id="SQLite memory"),
        pytest.param(file, proof_count(3, 200), id="SQLite file"),
        pytest.param(server, proof_count(3, 200), id="PostgreSQL"),
    ],
)
def test_every_movement(places: Callable[[Path], Iterator[Opened]], examples: int, tmp_path: Path) -> None:
    """Whatever is paid, reversed, settled and withdrawn, and whatever fails meanwhile."""
    opened = places(tmp_path)

    class Here(Movements):
        """On this engine."""

        def __init__(self) -> None:
            super().__init__(*next(opened))

    long = settings(max_examples=examples, stateful_step_count=proof_count(30, 100))
    run_state_machine_as_test(Here, settings=long)
