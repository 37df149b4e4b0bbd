"""What a tracker raises besides what asking raises."""

from salio.wire.errors import SalioError


class RecordUnavailable(SalioError):  # noqa: N818  # says what is the matter
    """The record cannot be read or written: nothing was noted. What was noted before it stays so."""

    mitigation = "See to the disk and to the file's rights; nothing that was kept is lost."


class NeedsAPerson(SalioError):  # noqa: N818  # says what is the matter
    """So often was asked, and no result came: somebody has to look. Should one come after all, it counts."""

    mitigation = "Look it up at the platform; `salio pending` lists it until a result comes, or `salio end`."


class NotPending(SalioError):  # noqa: N818  # says what is the matter
    """A person wants to end what has ended, or never was: nothing was changed."""

    mitigation = "`salio pending` lists what can be ended."


class EndedWithoutResult(SalioError):  # noqa: N818  # says what is the matter
    """The request has ended and no result of its own is to be waited for: a person has ended it, it was not
    accepted, or a status query says that it was never paid.
    """

    mitigation = "See the cause; `salio pending --trail` tells what was done by hand."
