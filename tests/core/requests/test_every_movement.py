"""Every kind of movement, whatever fails, on every engine: against a naive ledger (P4).

The model knows nothing of batches, units or ways back. It reads how each request ended, in the order in which
they were decided, and does that by hand; book, store and journal have to agree with it after every turn.
"""

from collections.abc import Callable, Iterator, Sequence
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

from salio.core.cycle import Cycle, Stage
from salio.core.ledger.accounts import FREE_TO_RUN_NEGATIVE, Balance
from salio.core.parties.organizations import ChargeBearer, Organization
from salio.core.parties.registration import DefaultAction
from salio.core.ports import AcceptedRequest, DoubtfulCommitError, StoreUnavailableError
from salio.core.requests.bearers import Bearers, Bearing, BearingRefusal
from salio.core.requests.intake import Submission
from salio.core.requests.outcomes import Admission
from salio.core.requests.prompts import ANSWERED_WITHIN, CustomerWord, Prompt
from salio.core.requests.queries import ExpressPayment, PaymentByCustomer, Query
from salio.core.requests.registrations import Registering
from salio.core.requests.validation import ValidatorWord
from tests.builders import FakeReceipts, a_status_query
from tests.core.requests.country import APP, ASKED, BORNE, NUMBERS, settle_down
from tests.core.requests.drawn import ACTS, PAYMENTS, PUSHES, RECEIPTS
from tests.core.requests.naive import NaiveLedger
from tests.core.requests.naive_acts import AnyMoneyAct
from tests.core.requests.naive_rules import CUSTOMER
from tests.core.requests.places import Opened, Rows, file, memory, server
from tests.core.requests.reversing import a_reversal
from tests.core.requests.running import OUTAGE, running
from tests.core.requests.watched import Watched
from tests.proof import proof_count

BAD_ROW = ValueError("bad row")
HANDS = (*[CustomerWord.PIN_RIGHT] * 3, *CustomerWord)
"""What is done to phones that ring."""
SUMS = "SELECT account, bucket, sum(cents) FROM entry GROUP BY account, bucket"


class Movements(RuleBasedStateMachine):
    """Requests, acts, organizations that speak, refused items, lost stores and restarts in any order."""

    def __init__(self, store: Any, rows: Rows) -> None:
        super().__init__()
        self.store, self.rows = store, rows
        self.naive = NaiveLedger()
        self.paid: list[tuple[str, PaymentByCustomer]] = []
        """By receipt, made or not."""
        self.parties: dict[int, str] = {}
        """By the number of each request its PartyA."""
        self.passed = 0
        """Seconds since the beginning."""
        self.borne = dict(self.naive.books.bearers)
        """By short code who bears charges, as somebody was told."""
        self.is_unsure = False
        """Whether nobody knows what became of the last commit."""
        self._start(settle_down)
        self.all_agree()

    def _start(self, settle: Callable[[Any], None] = lambda _: None) -> None:
        self.run = running(store=self.store, settle=settle)
        self.run.clock.advance(seconds=self.passed)
        self.run.apps.refresh([APP], [], [])
        standing = {each.short_code: each.charges_borne_by for each in self.run.directory.organizations()}
        assert standing == self.borne
        self.bearers = Bearers(self.run.directory, self._told_bearers)
        self.watched = Watched(self.run, self.naive, self.borne)
        doors: list[Stage[Any]] = [self.run.registrations, self.bearers, self.run.intake]
        self.run.cycle = Cycle(self.store, [self.watched, *doors])

    def _told_bearers(self, answered: Sequence[tuple[object, Organization | BearingRefusal]]) -> None:
        for wanted, end in answered:
            if isinstance(end, Organization):
                assert end.charges_borne_by is wanted
                self.borne[end.short_code] = end.charges_borne_by

    # --- what comes ----------------------------------------------------------------------------------------

    @rule(
        queries=st.lists(RECEIPTS | PUSHES | PAYMENTS, min_size=1, max_size=6),
        poisoned=st.sets(st.integers(0, 12), max_size=2),
    )
    def submit(self, queries: list[Query], poisoned: set[int]) -> None:
        """Some requests come in; the store will refuse what some of them end with."""
        for place, query in enumerate(queries):
            if isinstance(query, ExpressPayment) and self.run.processor.prompted(query.phone):
                self._turned_away(query)
                continue
            number = self._submit(query)
            if place in poisoned:
                self.store.poisoned.add(number)

    def _submit(self, query: Query) -> int:
        request = self.run.submit(query=query, app=APP)
        self.store.poisoned.discard(request.number)  # of a request that was lost at the door
        self.parties[request.number] = query.party
        if isinstance(query, PaymentByCustomer):
            receipt = FakeReceipts().receipt(request.number, request.accepted_at)
            self.paid.append((receipt, query))
        return request.number

    def _turned_away(self, query: ExpressPayment) -> None:
        """While a phone shows a prompt, the door lets no other one in."""
        assert self.is_unsure or self.naive.prompts.rings(query.phone)
        request = self.run.intake.draft(APP, query)
        refused = self.run.intake.submit(Submission(AcceptedRequest(request, ""), request.number))
        assert refused is Admission.SUBSCRIBER_LOCKED

    @precondition(lambda self: self.paid)
    @rule(
        places=st.lists(st.integers(0, 3), min_size=1, max_size=3), slip=st.sampled_from([0, 0, 0, 0, 0, 1])
    )
    def give_back(self, places: list[int], slip: int) -> None:
        """Late payments are to be reversed, made or not, and perhaps more than once."""
        for place in places:
            receipt, paid = self.paid[-1 - place % len(self.paid)]
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
    def act(self, act: AnyMoneyAct) -> None:
        """Somebody settles or withdraws by hand, brings money from abroad or clears it."""
        assert self.run.processor.submit(act) is None

    @rule(short_code=st.sampled_from(sorted(BORNE)), bearer=st.sampled_from(ChargeBearer))
    def bear(self, short_code: str, bearer: ChargeBearer) -> None:
        """Others are to bear an organization's charges."""
        assert self.bearers.submit(Bearing(short_code=short_code, bearer=bearer, answer=bearer)) is None

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
        for brings_urls in (True, False):
            assert self.run.registrations.submit(Registering(wanted, None, brings_urls=brings_urls)) is None

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

    @precondition(lambda self: self._prompts())
    @rule(
        words=st.lists(
            st.sampled_from([CustomerWord.PIN_RIGHT] * 3 + [*CustomerWord]), min_size=1, max_size=3
        )
    )
    def answer(self, words: list[CustomerWord]) -> None:
        """Whoever holds a phone that rings enters a PIN, or cancels."""
        for number, word in zip(self._prompts(), words, strict=False):
            self._answer(number, word)

    def _answer(self, number: int, word: CustomerWord) -> None:
        self.naive.prompts.answers[number] = word
        assert self.run.processor.heard(number, word)
        assert not self.run.processor.heard(number, CustomerWord.PIN_RIGHT)

    def _prompts(self) -> dict[int, Prompt]:
        """By request what phones show."""
        waiting = self.run.processor.waiting_for_words()
        return {
            each.accepted.request.number: each.question
            for each in waiting
            if isinstance(each.question, Prompt)
        }

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
        self.naive.prompts.died()
        self._start()
        self.run.processor.recover(self.store.undecided())

    @precondition(lambda self: self.passed < 3_000)
    @rule(seconds=st.sampled_from([1, 20, 40, 61]))
    def wait(self, seconds: int) -> None:
        """Time passes: prompts end, requests were too long in the queue. An hour would end instructions."""
        self.passed += seconds
        self.run.clock.advance(seconds=seconds)

    @rule()
    def calm(self) -> None:
        """Turns until nothing is left but organizations that have not spoken, and phones that ring."""
        self._drain()
        self.restart()
        self._drain()
        assert self._prompts().keys() == self.naive.prompts.open.keys()

    # --- what must hold ------------------------------------------------------------------------------------

    @invariant()
    def all_agree(self) -> None:
        """Book, store and journal say what the naive ledger says, and everything sums to zero."""
        book, (_, kept) = self.run.ledger.book, self.store.accounts()
        assert book.total("KES") == 0
        assert sum(each.current + each.uncleared for each in kept.values()) == 0
        if self.is_unsure:
            return
        wanted = {number: self.naive.books.balance(held) for held, number in NUMBERS.items()}
        assert kept == wanted
        assert book.all_balances() == wanted
        assert self.journal() == wanted
        assert not self.run.ledger.standing()
        phones = {number: prompt.phone for number, prompt in self._prompts().items()}
        assert phones.items() <= self.naive.prompts.ringing(phones).items()
        for (holder, kind), number in NUMBERS.items():
            assert kind in FREE_TO_RUN_NEGATIVE or wanted[number].available >= 0
            assert min(wanted[number].reserved, wanted[number].uncleared) >= 0
            if kind is CUSTOMER:
                received = self.run.ledger.totals.of(number, self.run.clock.now()).received
                assert received == self.naive.books.received[holder, kind]

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
        for place, number in enumerate(self._prompts()):
            if place % 3 < 2:
                self._answer(number, HANDS[place % len(HANDS)])
        self._drain()
        self.wait(int(ANSWERED_WITHIN.total_seconds()))
        self._drain()
        self.all_agree()
        assert not self.naive.prompts.open
        assert self.store.undecided() == []
        assert not any(self.naive.books.reserved.values())
        assert self.store.check_journal().holds


@pytest.mark.parametrize(
    ("places", "examples"),
    [
        pytest.param(memory, proof_count(50, 2_000), id="SQLite memory"),
        pytest.param(file, proof_count(3, 200), id="SQLite file"),
        pytest.param(server, proof_count(3, 200), id="PostgreSQL"),
    ],
)
def test_every_movement(places: Callable[[Path], Iterator[Opened]], examples: int, tmp_path: Path) -> None:
    """Whatever is paid, reversed, settled, withdrawn or brought from abroad, whatever fails meanwhile."""
    opened = places(tmp_path)

    class Here(Movements):
        """On this engine."""

        def __init__(self) -> None:
            super().__init__(*next(opened))

    long = settings(max_examples=examples, stateful_step_count=proof_count(30, 100))
    run_state_machine_as_test(Here, settings=long)
