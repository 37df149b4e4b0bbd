"""Where an organization hears of its customers' payments (Register URL, Request Parameter Definition)."""

import enum

import msgspec


class DefaultAction(enum.Enum):
    """What becomes of a payment whose validation nobody answers (Register URL, ResponseType)."""

    COMPLETED = "Completed"
    CANCELLED = "Cancelled"


class Registration(msgspec.Struct, frozen=True, kw_only=True):
    """What is registered for a short code."""

    short_code: str
    default_action: DefaultAction = DefaultAction.COMPLETED
    confirmation_url: str | None = None
    """None: payments are made, and nobody is told."""
    validation_url: str | None = None
    validated: bool = False
    """Whether external validation is switched on: off, until somebody asks for it."""
    instructs: bool = False
    """Whether the organization decides by hand, in its own time, where its validator cannot be reached (TS,
    FAQ 3: the partner's instruction). Else the default action is taken at once.
    """
