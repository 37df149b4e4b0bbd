"""The stages of a request's way at which the platform is killed, and who kills it there."""

import enum

import msgspec


class Killer(enum.Enum):
    """Who sends SIGKILL."""

    PLATFORM = "the platform itself, in the very statement"
    CALLER = "the caller that got the acknowledgement"
    RECEIVER = "the receiver of the callback"
    CHANCE = "the test, at a random moment"


class Stage(enum.Enum):
    """Where death comes: the fault catalogue's stages in their order, then moments that no table knows."""

    PARSED = ("1 parsed", Killer.PLATFORM)
    ACCEPT_COMMITTED = ("2 accept committed", Killer.PLATFORM)
    ACK_SENT = ("3 ack sent", Killer.CALLER)
    PICKED = ("4 picked", Killer.PLATFORM)
    DECIDED = ("5 decided", Killer.PLATFORM)
    RESULT_COMMITTED = ("6 result committed", Killer.PLATFORM)
    ATTEMPT_COMMITTED = ("7 attempt row committed", Killer.PLATFORM)
    CONNECTED = ("8 connected", Killer.RECEIVER)
    BYTES_SENT = ("9 bytes sent", Killer.RECEIVER)
    ANSWER_READ = ("10 answer read", Killer.PLATFORM)
    OUTCOME_COMMITTED = ("11 outcome committed", Killer.PLATFORM)
    RANDOM = ("at random under load", Killer.CHANCE)
    RECOVERING = ("at random during a start", Killer.CHANCE)
    FIRST_START = ("at random during the first start", Killer.CHANCE)

    def __init__(self, title: str, killer: Killer) -> None:
        self.title = title
        self.killer = killer


class Death(msgspec.Struct, frozen=True):
    """One kill to come."""

    stage: Stage
    passage: int
    """At which passage of the stage; for random moments, milliseconds after load or start began."""
    early: bool = False
    """Whether the stage counts from the start, so that recovery itself may die."""
