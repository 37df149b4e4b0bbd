"""The bank test holds against each other: results, confirmations, statements, status queries, balances."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple

from tests.kill.abroad import CENTS
from tests.kill.asking import BALANCE
from tests.kill.bank import Balances, Bank, Rows
from tests.kill.bank_orders import (
    BRINGER,
    BY_CUSTOMERS,
    C2B,
    CLOSED,
    CONFIRMED,
    EXPRESS,
    INTO,
    REVERSAL,
    Order,
)
from tests.kill.hands import CODES
from tests.kill.receiver import Callback

SHORT, UNKNOWN = "1", "2032"
NOT_REVERSED = {SHORT, "R000001"}
"""The shop has not enough since a settlement; or the payment was put back before."""

UNASKED = {"17", "1001"}
"""The customer paid the same a moment ago; two were asked for in one moment. No phone showed it."""
UNANSWERED = "1037"
"""On a slow machine a minute may end between two lives, or between two looks at the phones."""
STATES = {"1032": "Cancelled", UNANSWERED: "Expired"}
"""By code the state of what a phone showed and nobody paid; all others are declined."""
ARRIVAL, CLEARING = "International Money Transfer", "Clearing of Uncleared Funds"
CUSTOMER, EARNED = "MMF Account For Customer", ("M-PESA", "M-PESA Charges Revenue Account")
BY_HAND = 20
"""How many of the first and of the last acts of each sort are asked for: there are thousands."""
Statements = Mapping[tuple[str, str], Rows]
BY_OPERATORS = {"Organization Revenue Settlement", "Organization Withdrawal of Funds"}


class Subject(NamedTuple):
    """A transaction that is asked for, and what is to be told of it."""

    short_code: str
    members: Mapping[str, str]
    state: str
    receipt: str | None
    """None: whatever it is."""
    cents: int | None = None

    def check(self, result: Mapping[str, Any]) -> None:
        """Whether that was told."""
        if self.state == UNKNOWN:
            assert str(result["ResultCode"]) == UNKNOWN, (self, result)
            return
        found = _parameters(result)
        assert found["TransactionStatus"] == self.state, (self, found)
        assert self.receipt in (None, found["ReceiptNo"]), (self, found)
        assert self.cents in (None, _cents(found["Amount"])), (self, found)


class Audit:
    """Of a bank in which all is finished."""

    def __init__(self, bank: Bank, callbacks: Sequence[Callback]) -> None:
        self._bank = bank
        self._callbacks = callbacks
        self.paid: list[tuple[Order, str]] = []
        """What was paid, and its receipt."""
        self.refused: list[tuple[Order, Mapping[str, Any]]] = []
        """Prompts that were shown and not paid, and their callbacks."""
        self.not_reversed: list[tuple[Order, dict[str, Any]]] = []
        """Reversals that could not be, and their results."""
        self.read: dict[int, tuple[Order, Balances]] = {}
        """By marker what was told of an organization's balances."""
        self.closed: set[int] = set()
        """Cents of all accounts of the closed short code together, as balance queries told them."""

    def check(self) -> None:
        """Everything."""
        told = self._told()
        for order in self._bank.orders.made:
            if order.marker in told:
                self._sort(order, told[order.marker])
            else:
                assert not order.acknowledged, f"promised, and nobody was told: {order}"
        originals = Counter(order.original for order, _ in self.paid if order.original)
        assert set(originals.values()) <= {1}, "a payment was put back twice"
        assert len(self.closed) == 1, f"of a short code that pays nobody: {self.closed}"
        statements = self._bank.statements()
        self._check_statements(statements)
        self._check_readings(statements)
        self._check_books()
        self._check_charges()
        self._check_abroad()
        self._check_statuses(told)
        self._check_prompts(told)

    def _told(self) -> dict[int, dict[str, Any]]:
        """By marker what its receiver was told: one thing, be it twice."""
        told: defaultdict[int, set[bytes]] = defaultdict(set)
        for each in self._callbacks:
            name = each.path.rpartition("/")[2]
            if each.path == CONFIRMED:
                told[int(json.loads(each.body)["BillRefNumber"])].add(each.body)
            elif name.isdigit():
                told[int(name)].add(each.body)
        assert [bodies for bodies in told.values() if len(bodies) != 1] == []
        return {marker: json.loads(*bodies) for marker, bodies in told.items()}

    def _sort(self, order: Order, told: dict[str, Any]) -> None:
        """All went well, but for some reversals."""
        if order.kind.path == C2B:
            self.paid.append((order, told["TransID"]))
            return
        if order.kind.path == EXPRESS:
            self._sort_prompt(order, told["Body"]["stkCallback"])
            return
        result = told["Result"]
        if order.kind.path == BALANCE:
            text = _parameters(result)["AccountBalance"]
            self.read[order.marker] = order, _balances(text)
            if order.kind.short_code == CLOSED:
                self.closed.add(_whole(text))
        elif str(result["ResultCode"]) == "0":
            self.paid.append((order, result["TransactionID"]))
        else:
            assert order.kind.path == REVERSAL, (order, result)
            assert str(result["ResultCode"]) in NOT_REVERSED, (order, result)
            self.not_reversed.append((order, result))

    def _sort_prompt(self, order: Order, told: Mapping[str, Any]) -> None:
        """It ended as somebody at the phone had it, in whatever life."""
        code, checkout = str(told["ResultCode"]), told["CheckoutRequestID"]
        assert order.answer.get("CheckoutRequestID", checkout) == checkout, (order, told)
        done = self._bank.hands.done.get(checkout, set())
        allowed = set().union(*(CODES[each] for each in done)) if done else UNASKED
        assert code in {*allowed, UNANSWERED}, (order, told, done)
        if code == "0":
            items = {each["Name"]: each.get("Value") for each in told["CallbackMetadata"]["Item"]}
            assert _cents(items["Amount"]) == order.cents, (order, told)
            self.paid.append((order, items["MpesaReceiptNumber"]))
        elif done or code == UNANSWERED:
            self.refused.append((order, told))

    def _check_statements(self, statements: Statements) -> None:
        """Each payment is there once, with its amount; what is there besides, operators did."""
        moved: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
        for (short_code, account), lines in statements.items():
            for before, line in pairwise(lines):
                assert _cents(line["balance"]) == _cents(before["balance"]) + _moved(line), (before, line)
            for line in lines:
                moved[short_code, account, line["receipt"]].append(_moved(line))
        for order, receipt in self.paid:
            sign = 1 if order.kind.path in BY_CUSTOMERS else -1
            found = moved.pop((order.kind.short_code, order.kind.account, receipt))
            assert found == [sign * order.cents], (order, found)
            into = INTO.get(order.kind.members.get("CommandID", ""))
            if into is not None:
                found = moved.pop((order.kind.members["PartyB"], into, receipt))
                assert found == [order.cents], (order, found)
        answered = {each.get("receipt") for each in self._bank.operated}
        unknown = {receipt for _, _, receipt in moved} - answered
        assert len(unknown) <= self._bank.unanswered, unknown
        narratives = {line["narrative"] for line in chain(*statements.values()) if line["receipt"] in unknown}
        assert narratives <= BY_OPERATORS, narratives

    def _check_readings(self, statements: Statements) -> None:
        """Whatever was read over HTTP, the account held at some moment; in the end what the store holds."""
        for order, told in self.read.values():
            short_code, account = order.kind.short_code, order.kind.account
            lines = statements[short_code, account]
            balances = {_cents(line["balance"]) for line in lines}
            balances |= {_cents(line["balance"]) - _moved(line) for line in lines[:1]}
            available, reserved, uncleared = told[f"{account.title()} Account"]
            assert min(available, reserved, uncleared) >= 0, (order, told)
            assert not lines or available + reserved in balances, (order, told)
        for order in self._bank.last_read:
            _, told = self.read[order.marker]
            assert told == self._bank.standing(order.kind.short_code), (order, told)

    def _check_books(self) -> None:
        assert self._bank.reserved() == self._bank.reserved_before
        checked = self._bank.check()
        assert checked["holds"], checked
        assert checked["unsealed"] == 0

    def _check_charges(self) -> None:
        """Of each payment from or to a customer every cent: each side's share of the charge is its own."""
        moved: defaultdict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
        for row in self._bank.moved():
            moved[row["receipt"]][row["holder"], row["kind"]] += row["cents"]
        for order, receipt in self.paid:
            if not order.customer:
                continue
            sign = 1 if order.kind.path in BY_CUSTOMERS else -1
            party, (owed, borne) = order.kind.short_code, order.kind.shares
            wanted = {
                (party, "Utility Account"): sign * order.cents,
                (order.customer, CUSTOMER): -sign * order.cents - borne,
                (party, "Charges Paid Account"): -owed,
                EARNED: owed + borne,
            }
            found = {place: cents for place, cents in moved[receipt].items() if cents}
            assert found == {place: cents for place, cents in wanted.items() if cents}, (order, found)

    def _check_abroad(self) -> None:
        """What arrived is what was told, or died with its answer; all of it was cleared, once."""
        assert self._bank.uncleared() == self._bank.uncleared_before
        abroad = self._bank.abroad
        uncleared = [row for row in self._bank.moved() if row["bucket"] == "uncleared"]
        for receiver, told in abroad.arrived.items():
            rows = [row for row in uncleared if row["holder"] == receiver]
            came = [row["cents"] for row in rows if row["narrative"] == ARRIVAL]
            cleared = [row["cents"] for row in rows if row["narrative"] == CLEARING]
            assert set(came) == {CENTS}, came
            assert told <= len(came) <= told + abroad.unanswered[receiver], (receiver, len(came), told)
            assert len(came) + len(cleared) == len(rows)
            assert sum(came) + sum(cleared) == 0

    def _check_statuses(self, told: Mapping[int, dict[str, Any]]) -> None:
        """Each payment is asked for: by its conversation, or by its receipt where a customer paid unasked;
        and whatever was declined, and some of what was done by hand.
        """
        subjects: list[Subject] = []
        for order, receipt in self.paid:
            result = told[order.marker].get("Result")
            subject = {"TransactionID": receipt}
            if result is not None:
                subject = {"OriginalConversationID": result["OriginatorConversationID"]}
            elif order.kind.path == EXPRESS:
                subject = _prompted(told[order.marker]["Body"]["stkCallback"])
            subjects.append(Subject(order.kind.short_code, subject, "Completed", receipt, order.cents))
        for order, callback in self.refused:
            state = STATES.get(str(callback["ResultCode"]), "Declined")
            subjects.append(Subject(order.kind.short_code, _prompted(callback), state, None, order.cents))
        subjects += [*self._unreversed(), *self._by_hand()]
        first = len(self._bank.orders.made)
        self._bank.ask(first, [(each.short_code, each.members) for each in subjects])
        answers = self._told()
        for marker, each in enumerate(subjects, first):
            each.check(answers[marker]["Result"])

    def _unreversed(self) -> Iterator[Subject]:
        """One that lacked the money was declined; of one that could not be there is no transaction."""
        for order, result in self.not_reversed:
            members = {"OriginalConversationID": result["OriginatorConversationID"]}
            state = "Declined" if str(result["ResultCode"]) == SHORT else UNKNOWN
            yield Subject(order.kind.short_code, members, state, None, order.cents)

    def _by_hand(self) -> Iterator[Subject]:
        """Settlements, withdrawals and transfers from abroad that were told as done."""
        done = [each for each in self._bank.operated if "receipt" in each]
        for each in [*done[:BY_HAND], *done[-BY_HAND:]]:
            yield Subject(
                each["short_code"], {"TransactionID": each["receipt"]}, "Completed", each["receipt"]
            )
        for receipt in [*self._bank.abroad.receipts[:BY_HAND], *self._bank.abroad.receipts[-BY_HAND:]]:
            yield Subject(BRINGER, {"TransactionID": receipt}, "Completed", receipt, CENTS)

    def _check_prompts(self, told: Mapping[int, dict[str, Any]]) -> None:
        """The query of the API for prompts answers each as its callback did."""
        callbacks = [each["Body"]["stkCallback"] for each in told.values() if "Body" in each]
        answers = self._bank.ask_of_prompts([each["CheckoutRequestID"] for each in callbacks])
        for callback, answer in zip(callbacks, answers, strict=True):
            assert answer.get("ResultCode") == str(callback["ResultCode"]), (callback, answer)


def _prompted(told: Mapping[str, Any]) -> dict[str, str]:
    return {"OriginalConversationID": told["MerchantRequestID"]}


def _parameters(result: Mapping[str, Any]) -> dict[str, Any]:
    given = result["ResultParameters"]["ResultParameter"]
    return {each["Key"]: each.get("Value") for each in given}


def _whole(text: str) -> int:
    """Of a balance's text: what is current and uncleared, in cents, of all accounts together."""
    rows = (row.split("|") for row in text.split("&"))
    return sum(_cents(current) + _cents(uncleared) for _, _, current, _, _, uncleared in rows)


def _balances(text: str) -> Balances:
    """By kind of account available, reserved and uncleared, in cents."""
    rows = (row.split("|") for row in text.split("&"))
    return {kind: tuple(map(_cents, rest)) for kind, _, _, *rest in rows}


def _cents(text: str) -> int:
    return round(float(text) * 100)


def _moved(line: Mapping[str, Any]) -> int:
    return _cents(line["paid_in"] or "0") - _cents(line["withdrawn"] or "0")
