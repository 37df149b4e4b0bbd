"""The root of what the organization's side raises; each error has a name of its own below it."""


class SalioError(Exception):
    """Something that Salio's organization's side could not do. Its text holds no secret."""

    code: str = ""
    """What the wire said, where it said a code."""
    mitigation: str = ""
    """What to do: as the page advises, else in our own words. Empty for a code that no page knows."""
    request_id: str = ""
    """The other side's id of the request, where it gave one."""


class UnreadableBody(SalioError):  # noqa: N818  # says what is the matter
    """What came is no callback. `reason` says why, to a developer; the body itself stays with the caller."""

    mitigation = "Keep the body apart: `salio decode` tells what else it may be."

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnreadableAnswer(SalioError):  # noqa: N818  # says what is the matter
    """A result came, but what it answers is in a form that nobody has seen. `result.raw` keeps it whole."""

    mitigation = "Read it by hand in the result's `raw` and `parameters`."

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class UnusableOrder(SalioError):  # noqa: N818  # says what is the matter
    """An order holds what no platform takes. Nothing was sent. `field` names it as the wire does."""

    mitigation = "Correct the value; compare it with the API's page."

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason
