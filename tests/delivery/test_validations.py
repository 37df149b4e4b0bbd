"""Asking organizations: what each answer means, and that a slow one delays nobody else."""

from collections.abc import Sequence

import pytest

from salio.core.audit.notes import Note
from salio.core.ports import AcceptedRequest
from salio.core.requests.deliveries import Attempt, AttemptEnd
from salio.core.requests.validation import Asked, Question, ValidatorWord, Word
from salio.core.transactions.states import TransactionState
from salio.delivery.hosts import OutboxSettings
from salio.delivery.validations import Validations
from tests.builders import NOW, FakeClock, a_customer_payment, a_request, a_transaction

ACCEPTED = b'{"ResultCode": "0", "ResultDesc": "Accepted", "ThirdPartyTransID": "7"}'


class Network:
    """Fits :class:`salio.delivery.transport.Transport`; keeps what was posted."""

    def __init__(self) -> None:
        self.posted: list[Attempt] = []

    def post(self, attempts: Sequence[Attempt]) -> None:
        """Keeps them."""
        self.posted += attempts


UNKNOWN = 9
"""Of that request nobody waits for a word."""


class World:
    """Validations, and all that they tell."""

    def __init__(self, per_host: int = 4) -> None:
        self.network = Network()
        self.notes: list[Note] = []
        self.heard: list[tuple[int, Word]] = []
        self.woken = 0
        self.validations = Validations(
            clock=FakeClock(),
            transport=self.network,
            note=self.notes.append,
            heard=self._hear,
            wake=self._wake,
            settings=OutboxSettings(per_host=per_host),
        )

    def ask(self, number: int, url: str = "http://shop/pay") -> None:
        """One payment to be validated."""
        accepted = AcceptedRequest(a_request(number=number, query=a_customer_payment()), "")
        question = Question(
            url=url,
            transaction=a_transaction(state=TransactionState.AUTHORIZED),
            is_bill=True,
            bill_reference=None,
            whole_number_told=False,
        )
        self.validations.ask([Asked(accepted, question)])

    def end(
        self, number: int, status: int | None = 200, fault: str | None = None, answer: bytes = b""
    ) -> None:
        """How the question ended."""
        end = AttemptEnd(number=number, ended_at=NOW, status=status, fault=fault, asked=True, answer=answer)
        self.validations.ended([end])

    def _hear(self, number: int, word: Word) -> bool:
        self.heard.append((number, word))
        return number != UNKNOWN

    def _wake(self) -> None:
        self.woken += 1


def test_a_question_leaves_once() -> None:
    """As a question, whose answer is wanted."""
    world = World()
    world.ask(1)
    (attempt,) = world.network.posted
    assert (attempt.number, attempt.url, attempt.asks) == (1, "http://shop/pay", True)
    assert b'"OrgAccountBalance":""' in attempt.body
    assert world.validations.under_way() == 1


ENDS = {
    "accepted": (200, None, ACCEPTED, True, "accepted by the organization: 0 Accepted"),
    "rejected": (200, None, b'{"ResultCode": "C2B00011"}', False, "rejected by the organization: C2B00011"),
    "no JSON": (200, None, b"OK", None, "nobody answered the validation (HTTP 200, no ResultCode)"),
    "not 2xx": (500, None, ACCEPTED, None, "nobody answered the validation (HTTP 500, no ResultCode)"),
    "out of reach": (
        None,
        "too late",
        b"",
        None,
        "nobody answered the validation (too late)",
    ),
    "cut off": (200, "cut off", ACCEPTED, None, "nobody answered the validation (cut off)"),
}


@pytest.mark.parametrize(("status", "fault", "answer", "accepts", "said"), ENDS.values(), ids=ENDS)
def test_what_an_answer_means(
    status: int | None, fault: str | None, answer: bytes, accepts: bool | None, said: str
) -> None:
    """The processor hears it, the log has it, and the writer is woken."""
    world = World()
    world.ask(1)
    world.end(1, status, fault, answer)
    word = ValidatorWord(accepts=accepts, said=said, third_party_id="7" if accepts else None)
    assert world.heard == [(1, word)]
    assert [each.text for each in world.notes] == [f"validation: {said}"]
    assert (world.woken, world.validations.under_way()) == (1, 0)


def test_a_slow_organization_delays_nobody_else() -> None:
    """It has so many places, and who waits for one leaves when one is free."""
    world = World(per_host=2)
    for number in range(1, 4):
        world.ask(number)
    world.ask(4, "http://other/pay")
    assert [each.number for each in world.network.posted] == [1, 2, 4]
    world.end(1, answer=ACCEPTED)
    assert [each.number for each in world.network.posted] == [1, 2, 4, 3]


def test_nobody_is_told_after_the_end() -> None:
    """Its state is gone; nor of what was never asked."""
    world = World()
    world.ask(1)
    world.end(2)
    world.validations.shut()
    world.end(1, answer=ACCEPTED)
    assert (world.heard, world.notes) == ([], [])


def test_a_word_that_came_another_way() -> None:
    """It is passed on and noted, unless nobody waits for it any more."""
    world = World()
    word = ValidatorWord(accepts=False, said="rejected by the organization")
    assert world.validations.hear(1, word, "instruction")
    assert not world.validations.hear(UNKNOWN, word, "instruction")
    assert world.heard == [(1, word), (UNKNOWN, word)]
    assert [each.text for each in world.notes] == ["instruction: rejected by the organization"]
    assert world.woken == 1
