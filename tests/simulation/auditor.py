"""The auditor: believes nobody, keeps its own ledger of what was asked, told, sent and received.

It reads the tables with SQL of its own and imports nothing of the platform. After every step it holds P1 to
P5 (design, 3) against what it sees; the first one that does not hold is raised as a :class:`Breach`.
"""

import re
import sqlite3
from collections import defaultdict

import msgspec

from tests.simulation import bodies, tables
from tests.simulation.asks import EXPRESS_PATH, REGISTER_PATH, Ask, conversation, own_id, tag_of
from tests.simulation.books import BookKeeper
from tests.simulation.payments import Payments
from tests.simulation.phones import Phones
from tests.simulation.reach import Locks, Reach
from tests.simulation.switches import Switches
from tests.simulation.tables import Breach, Reader, Tables, only_grew, require

SEALED = re.compile(r"[A-Za-z0-9+/]{300,}=*")
"""What may be a SecurityCredential."""
LATE = "queue timed out"
OURS = "internal failure"


class Auditor:
    """Sees every step; see the module."""

    def __init__(
        self,
        environment: sqlite3.Connection,
        portal: sqlite3.Connection,
        passwords: dict[int, str],
        longest_wait: int,
    ) -> None:
        self._environment = environment
        self._longest_wait = longest_wait * 1_000_000
        self.reach = Reach(environment, portal)
        self.locks = Locks(environment, self.reach, passwords)
        self._books = BookKeeper(environment)
        self.payments = Payments(environment)
        self.phones = Phones()
        self.switches = Switches()
        self._asks: dict[str, Ask] = {}
        self._acknowledged: dict[str, tuple[str, str | None]] = {}
        """Since the last look."""
        self._registered: list[Ask] = []
        """Registrations that were acknowledged since the last look."""
        self._refused: set[str] = set()
        self._numbers: dict[str, int] = {}
        """Of requests, by the tag of their ask."""
        self._by_conversation: dict[str, int] = {}
        self._life = 1
        self._departures: defaultdict[int, list[tuple[int, str, bytes]]] = defaultdict(list)
        self._answers: defaultdict[int, list[int | None]] = defaultdict(list)
        self._marked: dict[int, int] = {}
        self._remarked: dict[int, int] = {}
        """The lives in which an attempt was marked as started, and as started again."""
        self._changes = -1
        self._tables = Reader(environment)
        self._seen = self._tables.read()

    # --- what it witnesses -------------------------------------------------------------------------------

    def asked(self, ask: Ask) -> None:
        """A request is about to leave its organization."""
        self._asks[ask.tag] = ask

    def told(self, ask: Ask, status: int, body: bytes) -> None:
        """An organization got the answer to its request."""
        answer = msgspec.json.decode(body)
        if status == 200 and answer["ResponseCode"] == "0" and ask.path == REGISTER_PATH:
            self._registered.append(ask)
            return
        if status == 200 and answer["ResponseCode"] == "0":
            self._acknowledged[ask.tag] = own_id(answer), conversation(answer)
            return
        self._refused.add(ask.tag)
        require(ask.tag not in self._numbers, "P7", f"{ask.tag} is kept and was refused all the same")
        documented = "errorCode" in answer if status != 200 else answer["ResponseCode"] != "0"
        require(documented, "P7", f"{ask.tag} was answered {status} {body!r}")

    def died(self) -> None:
        """The platform's process ended."""
        self._life += 1
        self.locks.died()
        self.payments.died()
        self.phones.died()

    def departed(self, number: int, url: str, body: bytes) -> None:
        """Bytes leave the platform: recorded before, once, and once more only after a death."""
        require(self._named(body) == number, "P5", f"what leaves as {number} speaks of {self._named(body)}")
        row = self._environment.execute(
            "SELECT url, body FROM attempt WHERE number = ?", (number,)
        ).fetchone()
        require(row is not None, "P3", f"{number} leaves and no attempt is recorded")
        require(row[1] == body, "P3", f"{number} leaves with other bytes than recorded")
        require(row[0] == url, "P5", f"{number} leaves for {url}, recorded was {row[0]}")
        self._read(number, body)
        earlier = self._departures[number]
        if earlier:
            self._again(number, earlier)
        earlier.append((self._life, url, body))

    def arrived(self, url: str, body: bytes, status: int | None) -> None:
        """A receiver got a result."""
        number = self._named(body)
        require(url == self._address(number), "P5", f"{number} arrives at {url}, not its own address")
        self._answers[number].append(status)
        sent = [each for each in self._departures[number] if each[1:] == (url, body)]
        require(
            len(self._answers[number]) <= len(sent), "P3", f"{number} arrives more often than it was recorded"
        )

    def asked_whether(self, url: str, body: bytes) -> None:
        """A question leaves the platform: of a payment that waits for it, to whom it concerns."""
        notice = msgspec.json.decode(body)
        self.payments.asked_whether(notice["TransID"])
        wanted = {
            ask.members.get("ValidationURL") for ask in self._registrations_of(notice["BusinessShortCode"])
        }
        require(url in wanted, "P5", f"{notice} is asked of {url}, registered was {wanted}")

    def heard(self, number: int, status: int | None, answer: bytes) -> None:
        """What came of a question."""
        self.payments.heard(number, status, answer)

    def _registrations_of(self, short_code: str) -> list[Ask]:
        """Whatever was asked to be registered for it."""
        asks = (each for each in self._asks.values() if each.path == REGISTER_PATH)
        return [each for each in asks if each.party == short_code]

    def _again(self, number: int, earlier: list[tuple[int, str, bytes]]) -> None:
        require(len(earlier) == 1, "P3", f"{number} leaves a third time")
        require(earlier[0][0] < self._life, "P3", f"{number} leaves twice in one life")
        marked = self._environment.execute("SELECT 1 FROM resend WHERE number = ?", (number,)).fetchone()
        require(marked is not None, "P3", f"{number} leaves again and no resend is recorded")
        ended = self._environment.execute("SELECT 1 FROM attempt_end WHERE number = ?", (number,)).fetchone()
        require(ended is None, "P3", f"{number} leaves again after its end")

    def _read(self, number: int, body: bytes) -> None:
        """What the bytes say is what was decided."""
        row = self._environment.execute(
            "SELECT outcome, decision FROM conclusion WHERE number = ?", (number,)
        ).fetchone()
        require(row is not None, "P2", f"{number} leaves and nothing was decided")
        facts = msgspec.json.decode(row[1])["facts"]
        bodies.check(number, msgspec.json.decode(body), row[0], facts)

    def _named(self, body: bytes) -> int:
        """The request that a result or a confirmation speaks of."""
        told = msgspec.json.decode(body)
        if "Body" in told:
            named = told["Body"]["stkCallback"]["CheckoutRequestID"]
        else:
            named = told["Result"]["ConversationID"] if "Result" in told else self._paid(told["TransID"])
        row = self._environment.execute(
            "SELECT number FROM request WHERE conversation_id = ?", (named,)
        ).fetchone()
        require(row is not None, "P1", f"a result leaves for {named}, which nobody asked")
        return int(row[0])

    def _paid(self, receipt: str) -> str | None:
        """The conversation of a customer's payment."""
        row = self._environment.execute(
            "SELECT json_extract(details, '$.conversation_id') FROM transaction_ WHERE receipt = ?",
            (receipt,),
        ).fetchone()
        return row[0] if row is not None else None

    def _address(self, number: int) -> str:
        """Where the end of a request is to be told, as its organization wrote it, then or before."""
        query, outcome, decision = self._environment.execute(
            "SELECT query, outcome, decision FROM request LEFT JOIN conclusion USING (number)"
            " WHERE number = ?",
            (number,),
        ).fetchone()
        ask = self._asks[tag_of(msgspec.json.decode(query))]
        if ask.path == EXPRESS_PATH:
            return str(ask.members["CallBackURL"])
        if ask.initiator is None:
            url = msgspec.json.decode(decision)["facts"]["url"]
            wanted = {each.members.get("ConfirmationURL") for each in self._registrations_of(ask.party)}
            require(url in wanted, "P5", f"{number} is confirmed to {url}, registered was {wanted}")
            return str(url)
        return str(ask.members["QueueTimeOutURL" if outcome == LATE else "ResultURL"])

    # --- what it finds in the tables ---------------------------------------------------------------------

    def look(self) -> None:
        """Checks everything that must hold at any time."""
        if self._environment.total_changes != self._changes:
            self._changes = self._environment.total_changes
            now = self._tables.read()
            self._look_at_requests(now)
            self._look_at_conclusions(now)
            self._look_at_deliveries(now)
            self._books.look()
            self.locks.look()
            before, self._seen = self._seen, now
            self.switches.look(before, now)
            broken = self._refused & self._numbers.keys()
            require(not broken, "P7", f"refused and kept all the same: {sorted(broken)}")
        else:
            self.switches.look(self._seen, self._seen)
        self.payments.look_at_acts(self._seen)
        while self._acknowledged:
            self._look_for(*self._acknowledged.popitem())
        while self._registered:
            self._look_for_registration(self._registered.pop())

    def _look_for(self, tag: str, ids: tuple[str, str | None]) -> None:
        """A request was acknowledged since the last look; that no row ever goes is checked elsewhere."""
        require(tag in self._numbers, "P1", f"{tag} was acknowledged and is not kept")
        kept = self._seen.requests[self._numbers[tag]][1:3]
        fits = kept == ids or (
            ids[1] is None and kept[0] == ids[0]
        )  # C2B tells but the first, in one profile
        require(fits, "P1", f"{tag} was acknowledged as {ids}, kept is {kept}")

    def _look_for_registration(self, ask: Ask) -> None:
        """One was acknowledged since the last look: it is there, or one that was asked for later."""
        later = [each for each in self._registrations_of(ask.party) if each.serial >= ask.serial]
        names = ("ResponseType", "ConfirmationURL", "ValidationURL")
        wanted = [tuple(each.members.get(name) for name in names) for each in later]
        kept = self._seen.registrations.get(ask.party, ())[:3]
        require(kept in wanted, "P1", f"{ask.tag} was acknowledged, kept is {kept}")

    def _look_at_requests(self, now: Tables) -> None:
        require(only_grew(self._seen.requests, now.requests), "P1", "a request vanished or changed")
        for number in now.requests.keys() - self._seen.requests.keys():
            app, _, conversation, _, query, _ = now.requests[number]
            tag = tag_of(msgspec.json.decode(query))
            ask = self._asks.get(tag)
            require(ask is not None and ask.app == app, "P1", f"request {number} is nobody's: {tag}")
            require(tag not in self._numbers, "P2", f"{tag} is kept twice")
            require(conversation not in self._by_conversation, "P2", f"{conversation} names two requests")
            self._numbers[tag] = self._by_conversation[conversation] = number
        for number in now.requests.keys() - now.conclusions.keys():
            require(number in now.intake, "P1", f"request {number} waits for nothing: it was lost")
        kept_too_long = now.intake.keys() & now.conclusions.keys()
        require(not kept_too_long, "P6", f"the credentials of {sorted(kept_too_long)} outlive the decision")

    def _look_at_conclusions(self, now: Tables) -> None:
        require(only_grew(self._seen.conclusions, now.conclusions), "P2", "a conclusion vanished or changed")
        new = sorted(now.conclusions.keys() - self._seen.conclusions.keys())
        for number in new:
            require(number in now.requests, "P1", f"{number} is concluded and its request is not kept")
        self.payments.look(self._seen, now, self._by_conversation)
        self.phones.look(self._seen, now, self._by_conversation, sure=not self.locks.blurred)
        waited = self.payments.waited | self.phones.waited
        for number in self.payments.begun:
            ask = self._asks[tag_of(msgspec.json.decode(now.requests[number][4]))]
            own = self.reach.owns(ask.app, ask.party)
            require(own, "P5", f"{ask.tag} is set aside, and {ask.party} is not app {ask.app}'s")
        for number in new:
            self._look_at_conclusion(number, now, waited=number in waited)

    def _look_at_conclusion(self, number: int, now: Tables, *, waited: bool) -> None:
        decided_at, outcome, decision = now.conclusions[number]
        accepted_at, query = now.requests[number][3:5]
        late = decided_at - accepted_at > self._longest_wait
        in_time = outcome == OURS or waited  # whoever waits for a word waits in no queue
        require(late == (outcome == LATE) or in_time, "P2", f"{number} is {outcome}: late is {late}")
        asked, end = msgspec.json.decode(query), msgspec.json.decode(decision)
        ask, facts = self._asks[tag_of(asked)], end["facts"]
        require((facts is None) == (outcome != "succeeded"), "P2", f"{number} is {outcome} with {facts}")
        if facts is not None and not waited:  # what was authorized is paid, whatever became of the app
            self.reach.check(ask, facts, self._seen.transactions)
        self.payments.concluded(number, ask, asked, end)
        self.phones.concluded(number, ask, outcome)
        if ask.initiator is not None:
            self.locks.concluded(ask, outcome)

    def _look_at_deliveries(self, now: Tables) -> None:
        for what in ("attempts", "resends", "ends"):
            grew = only_grew(getattr(self._seen, what), getattr(now, what))
            require(grew, "P3", f"something among the {what} vanished or changed")
        require(not now.outbox.keys() & now.ends.keys(), "P3", "a delivery is open and ended")
        dropped = now.conclusions.keys() - now.outbox.keys() - now.ends.keys()
        require(not dropped, "P3", f"silently dropped: {sorted(dropped)}")
        for number in now.attempts.keys() - self._seen.attempts.keys():
            require(number in now.conclusions, "P2", f"{number} is to leave and nothing was decided")
            self._marked[number] = self._life
            address = self._address(number)
            url = now.attempts[number][0]
            require(url == address, "P5", f"{number} is to leave for {url}, its address is {address}")
        for number in now.resends.keys() - self._seen.resends.keys():
            first = self._marked.get(number, self._life)
            require(first < self._life, "P3", f"{number} is sent again though nobody died")
            self._remarked[number] = self._life
        for number in now.ends.keys() - self._seen.ends.keys():
            self._look_at_end(number, now)

    def _look_at_end(self, number: int, now: Tables) -> None:
        status, fault, _ = now.ends[number]
        require((status is None) != (fault is None), "P3", f"{number} ended with {status} and {fault}")
        if status is not None:
            answered = self._answers[number]
            require(status in answered, "P3", f"{number} ended with {status}, answered was {answered}")
        marked, remarked = self._marked.get(number), self._remarked.get(number)
        if marked is None and fault is not None and fault.startswith("nobody is told"):
            self._look_at_untold(number, now)
        if marked is None:
            require(fault is not None, "P3", f"{number} ended with {status} and never began")
            return
        if fault is not None and "could not be recorded before it left: PoisonError" in fault:
            return  # the hand made the store refuse the mark of the second attempt
        again = remarked is not None
        interrupted = fault is not None and "interrupted" in fault
        require(again == (marked < self._life), "P3", f"{number} of an earlier life was not sent again")
        twice = again and remarked is not None and remarked < self._life
        require(
            interrupted == twice, "P3", f"{number} ended as {fault or status}, interrupted twice is {twice}"
        )

    def _look_at_untold(self, number: int, now: Tables) -> None:
        """Nobody is told of a customer's payment that was not made, or where nothing is registered."""
        ask = self._asks[tag_of(msgspec.json.decode(now.requests[number][4]))]
        facts = msgspec.json.decode(now.conclusions[number][2])["facts"]
        prompted = ask.path == EXPRESS_PATH
        told = prompted or ask.initiator is not None or (facts is not None and facts["url"] is not None)
        require(not told, "P3", f"nobody is told of {number}: {ask.tag}")

    # --- when all is done --------------------------------------------------------------------------------

    def rest(self) -> None:
        """Checks what must hold when nothing is under way any more."""
        self.look()
        self._books.look(thorough=True)
        now = self._seen
        undecided = now.requests.keys() - now.conclusions.keys()
        require(not undecided, "P2", f"never concluded: {sorted(undecided)}")
        require(not now.outbox, "P3", f"never delivered: {sorted(now.outbox)}")
        twice = self._environment.execute(
            "SELECT app, originator_conversation_id FROM request WHERE chosen_by_caller"
            " GROUP BY 1, 2 HAVING COUNT(*) > 1"
        ).fetchall()
        require(not twice, "P2", f"the caller's own ids name two requests: {twice}")
        self.payments.rest()
        self.phones.rest()
        self._look_for_secrets()
        self._look_at_usage()

    def _look_for_secrets(self) -> None:
        text = tables.everything(self._environment)
        passwords = {ask.password for ask in self._asks.values() if ask.password}
        credentials = {ask.members.get("SecurityCredential") for ask in self._asks.values()}
        shown = {each for each in passwords if each in text} | credentials.intersection(SEALED.findall(text))
        require(not shown, "P6", f"{len(shown)} secrets are in the tables")

    def _look_at_usage(self) -> None:
        counted = self._environment.execute("SELECT day, app, accepted FROM usage ORDER BY 1, 2").fetchall()
        kept = self._environment.execute(
            "SELECT date(accepted_at / 1000000, 'unixepoch'), app, COUNT(*) FROM request"
            " GROUP BY 1, 2 ORDER BY 1, 2"
        ).fetchall()
        if counted != kept:
            raise Breach("P7", f"the quota counts {counted}, kept were {kept}")
