"""What a tracker raises besides what asking raises."""

from salio.wire.errors import SalioError


class RecordUnavailable(SalioError):  # noqa: N818  # says what is the matter
    """The record cannot be read or written: nothing was noted. What was noted before it stays so."""

    mitigation = "See to the disk and to the file's rights; nothing that was kept is lost."


class NeedsAPerson(SalioError):  # noqa: N818  # says what is the matter
    """So often was asked, and no result came: somebody has to look. Should one come after all, it counts."""

    mitigation = "Look it up at the platform; `salio pending` lists it until a result comes."
