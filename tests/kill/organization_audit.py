"""What must be true of an organization's record and of the platform's store once both are quiet: by
statements of the audit's own over both, and by what the campaign and the handlers wrote down.

An order is known again by its marker, whatever ids it has; what it moved, by the entries of the ledger.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec

from tests.kill.checker import Read, check_ledger, opened
from tests.kill.organization_life import Effect, effects

MOVING = ("B2C", "B2B", "TransactionReversal", "Express")
"""What orders are called in a record."""
NOBODY_KNOWS = {"17"}
"""The code of what waited too long, or failed inside the platform: it ends no request."""
FINAL = {("TransactionStatus", each) for each in ("Completed", "Cancelled", "Declined", "Expired")}
STILL_ASKING = "4999"
HEARD = 200
"""What a receiver answers once it has kept a callback."""
UNCOUNTED = {"Charges Paid Account", "M-PESA Charges Revenue Account"}
"""Charges move beside an order's own amount; the postings balance all the same."""
MEANWHILE = 2_000_000_000
"""Nanoseconds between the loss of a turn with its server's session and the effect of whoever had it."""


WITHIN = 0
"""In the place of a life's number: whoever wrote within the record's transaction."""


class Death(msgspec.Struct, frozen=True):
    """Somebody's, between two moments of the machine's monotonic clock, in nanoseconds."""

    whom: str
    life: int | None
    """None: the record's server, or its sessions."""
    before: int
    after: int


class Order(msgspec.Struct, frozen=True):
    """One that the record holds."""

    request: int
    kind: str
    state: str
    content: dict[str, Any]

    @property
    def marker(self) -> str:
        return str(self.content["account_reference" if self.kind == "Express" else "remarks"])

    @property
    def cents(self) -> int:
        return int(Decimal(self.content["amount"]) * 100)


class Audit:
    """Of one campaign; `wrong` is what it finds."""

    def __init__(
        self,
        rows: Callable[[str], list[Any]],
        store: Path,
        plain: Path,
        deaths: Sequence[Death],
        nonce_of: Callable[[str], bytes | None],
    ) -> None:
        self._rows = rows
        self._plain_effects = plain
        self._deaths = deaths
        self._nonce_of = nonce_of
        self.orders: Counter[str] = Counter()
        """By kind, state, and whether money moved."""
        self.plain = 0
        """Effects of plain handlers."""
        self.again = 0
        """Effects of ends that had one before."""
        self._excused: set[tuple[int, int]] = set()
        """By the moment of a loss of turns and the life of a plain handler: each once."""
        with opened(store) as connection:
            connection.execute("BEGIN")
            self._read: Read = lambda statement: [dict(row) for row in connection.execute(statement)]
            self.wrong = list(self._all())

    def _all(self) -> Iterator[str]:
        check_ledger(self._read)
        attempts = self._read("SELECT url, body, status FROM attempt JOIN attempt_end USING (number)")
        yield from self._wrong_callbacks(attempts)
        yield from self._wrong_orders()
        yield from self._wrong_calls_for_a_person(attempts)
        yield from self._wrong_effects()

    # --- callbacks ------------------------------------------------------------------------------------

    def _wrong_callbacks(self, attempts: Sequence[dict[str, Any]]) -> Iterator[str]:
        """What was sent was noted before; what ended a request was sent, byte for byte, to its own address,
        or was the answer of a query.
        """
        noted = {row[0] for row in self._rows("SELECT nonce FROM asking")}
        sent = {(self._nonce_of(each["url"]), each["body"]) for each in attempts}
        yield from (f"an address was never noted: {body!r}" for nonce, body in sent if nonce not in noted)
        statement = (
            "SELECT request.number, nonce, body FROM request "
            "JOIN callback ON callback.number = request.callback WHERE callback.kind <> 'answer'"
        )
        for number, nonce, body in self._rows(statement):
            if (nonce, body) not in sent:
                yield f"request {number} ended by what the platform never sent: {body!r}"

    # --- money ----------------------------------------------------------------------------------------

    def _wrong_orders(self) -> Iterator[str]:
        """Each was sent as one order and accepted once at most, and moved what its end says, once or not."""
        orders = list(self._orders())
        by_marker = {each.marker: each for each in orders}
        if len(by_marker) < len(orders):
            yield "an order was noted as two requests, or sent again"
        conversations = self._accepted()
        yield from (f"{each} was never noted" for each in conversations.keys() - by_marker.keys())
        moved = self._moved()
        reversals: Counter[str] = Counter()
        for each in orders:
            accepted = conversations.get(each.marker, [])
            if len(accepted) > 1:
                yield f"{each} was accepted {len(accepted)} times"
            found = [movement for conversation in accepted for movement in moved[conversation]]
            self.orders[f"{each.kind}, {each.state}, {'moved' if found else 'not moved'}"] += 1
            if len(found) > 1 or (found and found[0] != self._expected(each)):
                yield f"{each} moved {found}, and not {self._expected(each)}"
            if bool(found) != (each.state == "settled") and each.state != "needs a person":
                yield f"{each} moved {found or 'nothing'}"
            if found and each.kind == "TransactionReversal":
                reversals[each.content["receipt"]] += 1
        yield from (
            f"{receipt} was put back {count} times" for receipt, count in reversals.items() if count > 1
        )

    def _orders(self) -> Iterator[Order]:
        """Once for each time that an order was about to be sent."""
        for number, kind, state, query in self._rows(_ORDERS):
            said = json.loads(query)
            if said["kind"] == kind:
                yield Order(number, kind, state, said["query"])

    def _accepted(self) -> dict[str, list[str]]:
        """By marker the conversations under which the platform has taken an order."""
        found = defaultdict(list)
        for row in self._read("SELECT originator_conversation_id AS conversation, query FROM request"):
            query = json.loads(row["query"])
            if query["type"] in ("b2c", "b2b", "reversal", "express"):
                marker = query["account_reference" if query["type"] == "express" else "remarks"]
                found[marker].append(row["conversation"])
        return dict(found)

    def _moved(self) -> defaultdict[str, list[dict[str, int]]]:
        """By conversation each posting of its transaction: by holder how many cents, charges aside."""
        statement = """
            SELECT transaction_.originator_conversation_id AS conversation, posting.number, holder,
              account.kind, cents
            FROM transaction_ JOIN posting ON posting.receipt = transaction_.receipt
            JOIN entry ON entry.posting = posting.number JOIN account ON account.number = entry.account
        """
        postings: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        for row in self._read(statement):
            if row["kind"] not in UNCOUNTED:
                postings[row["conversation"], row["number"]][row["holder"]] += row["cents"]
        moved = defaultdict(list)
        for (conversation, _), cents in postings.items():
            net = {holder: each for holder, each in cents.items() if each}
            if net:
                moved[conversation].append(net)
        return moved

    def _expected(self, order: Order) -> dict[str, int]:
        """By holder what the order moves, as it was noted."""
        said = order.content
        match order.kind:
            case "B2C":
                payer, payee = said["party_a"], said["msisdn"]
            case "B2B":
                payer, payee = said["party_a"], said["party_b"]
            case "Express":
                payer, payee = said["payer"], said["short_code"]
            case _:
                payer, payee = said["party_a"], self._payer_of(said["receipt"])
        return {payer: -order.cents, payee: order.cents}

    def _payer_of(self, receipt: str) -> str:
        paid = self._read(f"SELECT payer FROM posting WHERE receipt = '{receipt}'")  # noqa: S608 - of our own
        return str(paid[0]["payer"])

    # --- people ---------------------------------------------------------------------------------------

    def _wrong_calls_for_a_person(self, attempts: Sequence[dict[str, Any]]) -> Iterator[str]:
        """Only where nothing that the organization was told says how it ended, and it asked if it could."""
        waiting: dict[bytes, tuple[int, bool]] = {}
        askings: defaultdict[int, list[bool]] = defaultdict(list)
        for number, kind, nonce, query, first_id in self._rows(_OF_A_PERSON):
            about_order = kind in MOVING and json.loads(query)["kind"] != kind
            waiting[bytes(nonce)] = number, about_order
            askings[number].append(first_id is not None)
        for each in attempts:
            found = waiting.get(self._nonce_of(each["url"]) or b"")
            heard = each["status"] == HEARD and "/result/" in each["url"]
            if found and heard and _tells(json.loads(each["body"]), about_order=found[1]):
                yield f"request {found[0]} needs a person, and was told {each['body']!r}"
        for number, known in askings.items():
            if any(known) and len(known) == 1:
                yield f"request {number} needs a person, and nobody was asked about it"
        for number, body in self._rows(_ANSWERED_A_PERSON):
            if str(json.loads(body)["ResultCode"]) != STILL_ASKING:
                yield f"request {number} needs a person, and was answered {body!r}"

    # --- effects --------------------------------------------------------------------------------------

    def _wrong_effects(self) -> Iterator[str]:
        """Each end has its effect: once within the record's transaction; by the plain handler once more only
        after the death of whoever did it before. The last is of the request's state; a refusal has none.
        """
        ends = {row[0]: (row[1], row[2]) for row in self._rows("SELECT number, request, ended FROM handling")}
        done = defaultdict(list)
        for each in self._effects():
            done[each.ending].append(each)
            if ends.get(each.ending) != (each.request, each.state):
                yield f"{each} is of no end: {ends.get(each.ending)}"
        yield from (f"end {each} is lost" for each in ends if each not in done)
        for ending, found in done.items():
            in_order = sorted(found, key=lambda each: each.at)
            for earlier, later in pairwise(in_order):
                self.again += 1
                if not self._may_follow(earlier, later):
                    yield f"end {ending} was handled again without need: {earlier}, {later}"
        last = {request: state for _, (request, state) in sorted(ends.items())}
        for number, state, first in self._rows(_ENDED):
            if last.get(number, "failed" if first == "refused" else "none") != state:
                yield f"request {number} is {state}, its effect {last.get(number)}"

    def _effects(self) -> Iterator[Effect]:
        """Both handlers'; within a transaction it is nobody's, for no death matters to it."""
        found = effects(self._plain_effects)
        self.plain = len(found)
        yield from found
        for ending, request, state, at in self._rows("SELECT ending, request, state, at FROM effect"):
            yield Effect(ending=ending, request=request, state=state, again=False, life=WITHIN, at=at)

    def _may_follow(self, earlier: Effect, later: Effect) -> bool:
        """Only whoever dies between an effect and its note is followed by another; and whoever loses the turn
        with the server's session may have one plain handler at work then, and no more. Within a transaction
        it is done once.
        """
        if earlier.life == later.life == WITHIN:
            return False
        deaths = [each for each in self._deaths if each.before <= later.at]
        if any(each.life == earlier.life and earlier.at <= each.after for each in deaths):
            return later.again or later.life == WITHIN
        plain = later.life if earlier.life == WITHIN else earlier.life
        for each in deaths:
            excuse = (each.before, plain)
            if each.life is None and earlier.at - MEANWHILE <= each.after and excuse not in self._excused:
                self._excused.add(excuse)
                return True
        return False


_ORDERS = f"""
SELECT request.number, request.kind, request.state, asking.query
FROM request JOIN asking ON asking.request = request.number WHERE request.kind IN {MOVING}
"""  # noqa: S608 - of our own words
_OF_A_PERSON = """
SELECT request.number, request.kind, nonce, query,
  CASE request.kind WHEN 'Express' THEN conversation_id ELSE originator_conversation_id END
FROM request JOIN asking ON asking.request = request.number
WHERE request.state = 'needs a person' ORDER BY asking.number
"""
_ENDED = """
SELECT request.number, request.state, asking.state FROM request JOIN asking ON asking.number = (
  SELECT min(first.number) FROM asking AS first WHERE first.request = request.number)
"""
_ANSWERED_A_PERSON = """
SELECT request.number, body FROM request JOIN asking ON asking.request = request.number
JOIN callback ON callback.asking = asking.number
WHERE request.state = 'needs a person' AND callback.kind = 'answer'
"""


def _tells(told: dict[str, Any], *, about_order: bool) -> bool:
    """Whether a result says how the request has ended: its own, or that of a status query about an order."""
    if "Body" in told:
        return True
    code = str(told["Result"]["ResultCode"])
    if not about_order:
        return code not in NOBODY_KNOWS
    given = told["Result"].get("ResultParameters", {}).get("ResultParameter", [])
    return code == "0" and any((each["Key"], each.get("Value")) in FINAL for each in given)
