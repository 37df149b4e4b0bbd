"""The processor: takes accepted requests in batches and decides each by pure rules."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

import msgspec

from salio.core.access.registry import AppRegistry
from salio.core.audit.notes import Note
from salio.core.ledger.ledger import Ledger, MovementRefusedError
from salio.core.parties.acts import ActRefusal
from salio.core.parties.changes import Changes
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Operator
from salio.core.ports import AcceptedRequest, Clock, Deaths, Faults, Store, StoreUnavailableError, Unit, Vault
from salio.core.requests.acts import ActAnswered, Acts, AnyAct
from salio.core.requests.decided import Decided, failure
from salio.core.requests.holding import Holding
from salio.core.requests.judge import NOTHING_FOUND, DecisionRules, Judge
from salio.core.requests.prompts import AnsweredMeanwhileError, CustomerWord, Prompt
from salio.core.requests.provoked import NO_FAULTS
from salio.core.requests.queries import Request
from salio.core.requests.recovery import NO_DEATHS, Recovery
from salio.core.requests.registrations import Registrations
from salio.core.requests.touches import Touches
from salio.core.requests.transaction_status import FoundTransactions
from salio.core.requests.validation import Asked, Question, Word
from salio.core.requests.waiting import Waiting
from salio.core.requests.writing import Done, Step, write

MOST_AT_ONCE = 128
"""A turn's share where acknowledgements wait for it: enough to fill a commit, and soon decided."""

Undone = TypeVar("Undone", bound=Decided | Asked)


class Processor:
    """The second stage. Owns the directory and the book: nobody else decides, or changes an operator."""

    def __init__(  # noqa: PLR0913 - everything that a decision may look at
        self,
        *,
        clock: Clock,
        vault: Vault,
        store: Store,
        apps: AppRegistry,
        directory: Directory,
        ledger: Ledger,
        registrations: Registrations,
        rules: DecisionRules,
        faults: Faults = NO_FAULTS,
        deaths: Deaths = NO_DEATHS,
        calm: Callable[[], bool] = lambda: True,
        note: Callable[[Note], None] = lambda _: None,
        decided: Callable[[Sequence[Decided]], None],
        asked: Callable[[Sequence[Asked]], None],
        act_answered: ActAnswered,
        most_at_once: int = MOST_AT_ONCE,
    ) -> None:
        """After each commit ``decided`` is told what to deliver, ``asked`` which organizations to ask for a
        word (which :meth:`heard` takes), none if only customers are asked, and ``act_answered`` what became
        of acts; ``note`` is told what a fault did to whom; ``calm`` says whether no delivery is under way.
        ``most_at_once``: how many requests a turn decides.
        """
        self._clock = clock
        self._vault = vault
        self._store = store
        self._directory = directory
        self._changes = Changes(directory)
        self._ledger = ledger
        self._faults = faults
        self._touches = Touches(faults)
        self._waiting = Waiting(clock)
        self._judge = Judge(
            vault=vault,
            store=store,
            apps=apps,
            directory=directory,
            ledger=ledger,
            registrations=registrations,
            rules=rules,
            touches=self._touches,
            prompted=self._waiting.is_engaged,
        )
        self._decided = decided
        self._most_at_once = most_at_once
        self._asked = asked
        self._words: dict[int, Word] = {}
        """By request what came of asking, until what follows of it is durable."""
        self._queue: deque[AcceptedRequest] = deque()
        self._spoilt: dict[int, Decided] = {}
        """By request what is written instead of a decision that the store refused, until that is durable."""
        self._acts = Acts(
            clock=clock,
            vault=vault,
            directory=directory,
            ledger=ledger,
            changes=self._changes,
            rules=rules.operators,
            answered=act_answered,
        )
        self._recovery = Recovery(deaths, clock=clock, calm=calm)
        self._holding = Holding(clock=clock, faults=faults, longest_wait=rules.longest_wait, note=note)

    def waiting(self) -> int:
        """How many requests wait to be decided, held ones and suspects too."""
        return len(self._queue) + self._holding.waiting() + self._recovery.waiting()

    def due(self) -> int:
        """How many of them could be decided now, or as soon as nothing else is."""
        return len(self._queue) + self._holding.due() + self._recovery.waiting() + self._waiting.overdue()

    def patience(self) -> float | None:
        """Seconds until the next turn is due though nobody asks for one; ``None`` if none is."""
        waits = (self._holding.patience(), self._recovery.patience(), self._waiting.patience())
        return min((each for each in waits if each is not None), default=None)

    def enqueue(self, accepted: Sequence[AcceptedRequest]) -> None:
        """Takes durable requests from intake."""
        self._queue.extend(self._holding.sift(accepted) if self._faults.in_force else accepted)

    def recover(self, accepted: Sequence[AcceptedRequest]) -> None:
        """Takes from the store, at the start, what an earlier process left undecided."""
        self.enqueue(self._recovery.begin(accepted))

    def heard(self, number: int, word: Word) -> bool:
        """Takes what came of asking: the request of that number is decided in the next turn.

        ``False`` if nobody's word is waited for, or another's came first.
        """
        accepted = self._waiting.answered(number)
        if accepted is None:
            return False
        self._words[number] = word
        self._recovery.resume([accepted.request])
        self._queue.append(accepted)
        return True

    def learn(self, number: int, word: CustomerWord) -> None:
        """Takes an answer that is durable, whether or not the prompt is waited for yet."""
        if not self.heard(number, word):
            self._words[number] = word

    def prompted(self, phone: str) -> bool:
        """Whether that phone shows a prompt."""
        return self._waiting.prompt_at(phone) is not None

    def asking(self) -> int:
        """How many requests wait for somebody's word."""
        return self._waiting.count()

    def waiting_for_words(self) -> list[Asked]:
        """Whose word is waited for, oldest first."""
        return self._waiting.all()

    def submit(self, act: AnyAct) -> ActRefusal | None:
        """Takes an act for the next turn: it follows the decisions of that turn, and precedes later ones.

        Says at once why it is not taken, if it is not.
        """
        return self._acts.submit(act)

    def shut(self) -> None:
        """Takes no more turns: whoever waits for an act or wants one later learns that nothing was kept."""
        self._acts.shut()

    def has_organization(self, short_code: str) -> bool:
        """Whether there is such a short code."""
        return self._directory.organization(short_code) is not None

    def name_of(self, party: str) -> str:
        """The name of a short code or MSISDN; empty when unknown."""
        return self._directory.name_of(party)

    def operators(self) -> list[Operator]:
        """Every operator as it stands now."""
        return self._directory.operators()

    def take(self) -> Sequence[Step]:
        """Decides the oldest requests, and then carries out the acts upon what these left.

        The facts of the whole batch are read in one go.
        """
        if not self._acts.are_waiting():
            return self._take_requests()
        try:
            decided = self._take_requests()
        except StoreUnavailableError:
            self._acts.refuse_waiting()
            raise
        return [*decided, *self._acts.take()]

    def _take_requests(self) -> Sequence[Decided | Asked]:
        if self._holding.waiting():
            self._queue.extendleft(reversed(self._holding.release()))
        overdue = self._waiting.release()
        self._recovery.resume(each.request for each in overdue)
        self._queue.extend(overdue)
        if self._recovery.under_way:
            return self._take_with_care()
        count = min(len(self._queue), self._most_at_once)
        if not count:
            return ()
        facts = self._judge.facts([self._queue[place].request for place in range(count)])
        now = self._clock.now()
        return [self._decide(self._queue.popleft(), found, now) for found in facts]

    def _take_with_care(self) -> Sequence[Decided | Asked]:
        """The same, one by one, while there are requests that an earlier process may have died over."""
        if self._recovery.waiting():
            self.enqueue(self._recovery.release())
        count = min(len(self._queue), self._most_at_once)
        facts = [self._find_with_care(self._queue[place].request) for place in range(count)]
        now = self._clock.now()
        return [self._decide_with_care(self._queue.popleft(), found, now) for found in facts]

    def _find_with_care(self, request: Request) -> FoundTransactions | Exception:
        if not self._recovery.may_be_looked_at(request):
            return NOTHING_FOUND
        with self._recovery.in_hand(request):
            return self._judge.find_alone(request)

    def _decide_with_care(
        self, accepted: AcceptedRequest, found: FoundTransactions | Exception, now: datetime
    ) -> Decided | Asked:
        given_up = self._recovery.given_up(accepted.request)
        with self._recovery.in_hand(accepted.request):
            if given_up is None:
                return self._decide(accepted, found, now)
            opened = self._judge.opened(accepted.request, found)
            return self._carry_out(self._judge.unpaid(accepted, given_up, opened, now), now)

    def write(self, unit: Unit, batch: Sequence[Step]) -> None:
        """Writes outcomes, movements and operators, together."""
        write(unit, batch)

    def settle(self, batch: Sequence[Step]) -> None:
        """All is durable: hand the outcomes on to delivery, and answer who waits for an act."""
        for each in batch:
            if each.changed is not None:
                self._changes.settle(each.changed)
        done = [each for each in batch if isinstance(each, Done)]
        steps = [self._instead(each) for each in batch if not isinstance(each, Done)]
        decided = [each for each in steps if isinstance(each, Decided)]
        asked = [each for each in steps if isinstance(each, Asked)]
        for each in (*decided, *asked, *done):
            if each.moved is not None:
                self._ledger.settle(each.moved)
        for each in decided:
            self._words.pop(each.accepted.request.number, None)
        if asked:
            self._waiting.add(asked)
            self._recovery.rest(each.accepted.request for each in asked)
            self._asked([each for each in asked if isinstance(each.question, Question)])
            self._hear_the_early(asked)
        if decided:
            self._judge.remember(each.conclusion for each in decided)
            self._touches.forget(each.accepted.request for each in decided)
            if self._recovery.under_way:
                self._recovery.concluded(each.accepted.request for each in decided)
            self._decided(decided)
        self._acts.settle(done)

    def _hear_the_early(self, asked: Sequence[Asked]) -> None:
        """Answers that came while their prompts were being committed; every other word has been used."""
        for each in asked:
            word = self._words.pop(each.accepted.request.number, None)
            if word is not None and isinstance(each.question, Prompt):
                self.heard(each.accepted.request.number, word)

    def spoil(self, item: Step, error: Exception) -> None:
        """The store refused this outcome: the request ends as an internal failure, with the cause kept.

        What its password did to the operator stays: a later request of the batch may have built upon it.
        What it moved is taken back, and those that may have built upon that are decided again; what its
        transaction had set aside before is free.
        Upon an act no request of its batch has built: it is undone.
        """
        if isinstance(item, Done):
            self._undo([item])
            self._acts.refuse([item])
            return
        if isinstance(error, AnsweredMeanwhileError):
            self._words.update(error.words)
            self.put_back([item], error)
            return
        at = item.conclusion.decided_at if isinstance(item, Decided) else self._clock.now()
        if item.moved is not None:
            self._ledger.take_back(item.moved)
        unpaid = self._judge.unpaid(item.accepted, failure(error), item.opened, at)
        identified = item.identified if isinstance(item, Decided) else None
        failed = self._carry_out(msgspec.structs.replace(unpaid, identified=identified), at)
        self._spoilt[item.accepted.request.number] = failed
        try:
            with self._store.unit() as unit:
                self.write(unit, [failed])
        except StoreUnavailableError:
            raise  # it is put back with all that follows it; or in doubt, and its end is still to come
        except Exception:
            self._undo([item])
            raise
        self.settle([failed])

    def is_built_upon(self, item: Step) -> bool:
        """Whether it made a transaction: whatever is decided after that has seen it, and the book with it.

        Or will end one, if it is refused.
        """
        return item.moved is not None or (isinstance(item, Asked) and item.opened is not None)

    def _instead(self, step: Decided | Asked) -> Decided | Asked:
        """What was written instead of a step that the store refused; else the step itself."""
        return self._spoilt.pop(step.accepted.request.number, step) if self._spoilt else step

    def put_back(self, batch: Sequence[Step], error: Exception) -> None:
        """The store is out of reach: undo what changed here, decide again later, and refuse the acts."""
        del error
        self._undo(batch)
        undone = [each.accepted for each in batch if not isinstance(each, Done)]
        self._queue.extendleft(reversed(undone))
        self._acts.refuse([each for each in batch if isinstance(each, Done)])

    def _undo(self, batch: Sequence[Step]) -> None:
        """Takes back what changed in memory, last first."""
        for each in reversed(batch):
            if each.before is not None and each.changed is not None:
                self._changes.undo(each.before, each.changed)
            instead = None if isinstance(each, Done) else self._spoilt.pop(each.accepted.request.number, None)
            if instead is not None and instead.moved is not None:
                self._ledger.take_back(instead.moved)
            if each.moved is not None:
                self._ledger.take_back(each.moved)
            if not isinstance(each, Done):
                self._waiting.disengage(each)

    def _decide(
        self, accepted: AcceptedRequest, found: FoundTransactions | Exception, now: datetime
    ) -> Decided | Asked:
        word = self._words.get(accepted.request.number) if self._words else None
        decided = self._judge.decide(accepted, found, now, word)
        try:
            decided = self._carry_out(decided, now)
        except MovementRefusedError as error:
            unpaid = self._judge.unpaid(accepted, failure(error), decided.opened, now)
            return self._carry_out(unpaid, now)
        if isinstance(decided, Decided):
            self._learn(decided)
        return decided

    def _carry_out(self, step: Undone, now: datetime) -> Undone:
        """Does to the books what the step does to them; raises :class:`MovementRefusedError`."""
        if step.movement is not None:
            step = msgspec.structs.replace(step, moved=self._ledger.make(step.movement, now))
        self._waiting.engage(step)
        return step

    def _learn(self, decided: Decided) -> None:
        """Later requests of the same batch see what this one changed."""
        identified = decided.identified
        if identified is None or identified.before is None or identified.after is None:
            return
        if decided.changed is not None:
            self._changes.make(identified.after)
        if identified.refusal is None:
            self._vault.remember(decided.accepted.credential, identified.after)
        elif decided.changed is not None:
            self._vault.forget(identified.before)
