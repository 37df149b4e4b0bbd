"""The one header of ours: why a request was refused or failed, in words, where the platform may say so.

Daraja sends no such header, so only a sandbox does. It carries the cause that the log keeps.
"""

from salio.wire.wording import shown

REASON = "X-Salio-Reason"
LIMIT = 300
"""Characters; a cause that says more is cut, and ends in three dots."""


def reason(cause: str) -> str:
    """The cause as a field value (RFC 9110, 5.5): one line of printable ASCII, without spaces at its ends.

    Whatever the cause quotes, nothing in it can end the header or begin another.
    """
    return shown(cause.strip(), LIMIT) or "no cause was kept"
