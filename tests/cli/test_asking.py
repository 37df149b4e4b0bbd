"""What `salio balance` and `salio status` say of a request that nobody waits for to its end."""

import json

import pytest

from salio.cli.__main__ import main
from salio.cli.asking import Asked, awaited
from salio.client.following import Acknowledged
from salio.client.inbox import InboxFollowed, InboxFollower
from salio.wire.callbacks import Result


class Interrupted(InboxFollowed):
    """Ctrl-C comes while its result is waited for."""

    def result(self, timeout: float | None) -> Result:  # noqa: ARG002  # a Followed has it
        raise KeyboardInterrupt


ACKNOWLEDGED = Acknowledged(
    conversation_id="AG_1",
    originator_conversation_id="1-2-3",
    code="0",
    description="Accept the service request successfully.",
    raw=b"{}",
    followed=Interrupted(InboxFollower("http://127.0.0.1:8282/inbox/demo")),
)


def test_ctrl_c_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    """What was acknowledged is printed, with its state, before the command ends."""
    with pytest.raises(KeyboardInterrupt):
        awaited(ACKNOWLEDGED, Asked(wait=True, json=True), lambda conversation: f"state of {conversation}")
    told = json.loads(capsys.readouterr().out)
    assert (told["conversation_id"], told["state"]) == ("AG_1", "state of AG_1")


def test_ctrl_c_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    """They have been told already."""
    with pytest.raises(KeyboardInterrupt):
        awaited(ACKNOWLEDGED, Asked(wait=True), str)
    assert capsys.readouterr().out == ""


def test_a_status_of_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Is refused in the words of the command, before a platform is looked for."""
    assert main(["status"]) == 1
    assert capsys.readouterr().err == (
        "salio: which transaction? Give its receipt, or --conversation with its id, or both\n"
    )
