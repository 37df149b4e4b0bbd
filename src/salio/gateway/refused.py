"""A refusal on its way out, or silence: raised by any step, answered and recorded in one place."""

from salio.core.access.apps import App
from salio.core.requests.provoked import Breach
from salio.wire.refusals import Refusal


class Refused(Exception):  # noqa: N818 - a refusal is an answer, not an error of ours
    """This request is refused. ``cause`` is for the log, and for who asks where reasons are told: nobody's
    secret, and nothing that the asker may not see. ``detail`` travels always (a field, a method).
    """

    def __init__(self, refusal: Refusal, cause: str, *, detail: str = "", app: App | None = None) -> None:
        super().__init__(cause)
        self.refusal = refusal
        self.cause = cause
        self.detail = detail
        self.app = app
        self.field = detail if refusal is Refusal.FIELD_INVALID else None
        self.unproven = False
        """Whether the app is only what the caller says it is: it is answered like anybody."""
        self.counted = False
        """Whether the request holds a place of the app's quota, to be given back."""
        self.throttled = False
        """Whether the app asks too often, so that its connection rests."""
        self.close = False
        """Whether the rest of the request is left unread."""


class Unanswered(Exception):  # noqa: N818 - as a refusal
    """This request gets no answer at all, because a fault wants it; ``cause`` names the fault."""

    def __init__(self, breach: Breach, cause: str, *, app: App) -> None:
        super().__init__(cause)
        self.breach = breach
        self.cause = cause
        self.app = app
        self.kept = False
        """Whether the request was taken all the same: its story tells of it, and it keeps its place."""
        self.counted = False
        """As of a refusal."""
