"""What a turn of the processor writes: its decisions and acts, what they moved, and what phones show."""

from collections.abc import Mapping, Sequence

from salio.core.ledger.postings import changes_of
from salio.core.parties.acts import CarriedOut
from salio.core.ports import Unit
from salio.core.requests import funds
from salio.core.requests.decided import Decided
from salio.core.requests.outcomes import Outcome
from salio.core.requests.prompts import AnsweredMeanwhileError, CustomerWord, Prompt
from salio.core.requests.queries import ExpressPayment
from salio.core.requests.validation import Asked

Done = CarriedOut | funds.FundsCarriedOut
Step = Decided | Asked | Done
"""Decisions first, then what was done by hand upon what they left."""


def write(unit: Unit, batch: Sequence[Step]) -> None:
    """Writes outcomes and the operators that changed, together; of an operator its last state.

    Raises :class:`AnsweredMeanwhileError`.
    """
    changed = {each.changed.number: each.changed for each in batch if each.changed is not None}
    if changed:
        unit.save_operators(list(changed.values()))
    decided = [each for each in batch if isinstance(each, Decided)]
    moved = [each.moved for each in batch if each.moved is not None]
    if moved:
        unit.add_transactions([each.transaction for each in moved if each.is_new])
        unit.save_transactions([each.transaction for each in moved if not each.is_new])
        postings = [each.posting for each in moved if each.posting is not None]
        if postings:
            unit.add_postings(postings, changes_of(postings))
    asked = [each for each in batch if isinstance(each, Asked)]
    _write_prompts(unit, asked, decided)
    unit.add_conclusions([each.conclusion for each in decided])


def _write_prompts(unit: Unit, asked: Sequence[Asked], decided: Sequence[Decided]) -> None:
    shown = {
        each.accepted.request.number: each.question.transaction.receipt
        for each in asked
        if isinstance(each.question, Prompt)
    }
    if shown:
        unit.add_prompts(shown)
    ended = {
        each.accepted.request.number: each
        for each in decided
        if isinstance(each.accepted.request.query, ExpressPayment)
    }
    if ended:
        _refuse_to_pass_over(unit.end_prompts(ended), ended)


def _refuse_to_pass_over(words: Mapping[int, CustomerWord], ended: Mapping[int, Decided]) -> None:
    """Whoever was told that the answer is kept was told the truth."""
    unheard = {
        number: word
        for number, word in words.items()
        if word is not CustomerWord.NOT_ANSWERED and _has_expired(ended[number])
    }
    if unheard:
        raise AnsweredMeanwhileError(unheard)


def _has_expired(decided: Decided) -> bool:
    was_shown = decided.movement is not None and decided.movement.before is not None
    return was_shown and decided.conclusion.decision.outcome is Outcome.PHONE_UNREACHABLE
