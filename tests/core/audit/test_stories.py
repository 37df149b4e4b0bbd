"""A story tells which states its request has been in."""

import pytest

from salio.core.audit.stories import Step, Story
from salio.core.requests.outcomes import Decision, Outcome
from tests.builders import NOW, a_conclusion, a_request, an_attempt, an_end

TIMED_OUT = Decision(Outcome.QUEUE_TIMED_OUT, "waited 61 s")


@pytest.mark.parametrize(
    ("story", "steps"),
    [
        (Story(request=a_request()), [Step.ACCEPTED]),
        (Story(request=a_request(), conclusion=a_conclusion()), [Step.ACCEPTED, Step.DECIDED]),
        (
            Story(request=a_request(), conclusion=a_conclusion(), attempt=an_attempt()),
            [Step.ACCEPTED, Step.DECIDED],
        ),
        (
            Story(request=a_request(), conclusion=a_conclusion(), end=an_end(status=201, fault=None)),
            [Step.ACCEPTED, Step.DECIDED, Step.DELIVERED],
        ),
        (
            Story(request=a_request(), conclusion=a_conclusion(), end=an_end(status=500, fault=None)),
            [Step.ACCEPTED, Step.DECIDED, Step.UNDELIVERED],
        ),
        (
            Story(request=a_request(), conclusion=a_conclusion(), end=an_end(status=None, fault="refused")),
            [Step.ACCEPTED, Step.DECIDED, Step.UNDELIVERED],
        ),
        (
            Story(
                request=a_request(),
                conclusion=a_conclusion(decision=TIMED_OUT),
                end=an_end(ended_at=NOW, status=200, fault=None),
            ),
            [Step.ACCEPTED, Step.TIMED_OUT, Step.DELIVERED],
        ),
    ],
    ids=["accepted", "decided", "sent", "delivered", "answered with 500", "no answer", "timed out"],
)
def test_the_states_follow_from_what_is_recorded(story: Story, steps: list[Step]) -> None:
    """Design, 1; only an ended attempt ends a story."""
    assert list(story.steps) == steps
    assert story.is_over == (story.end is not None)
