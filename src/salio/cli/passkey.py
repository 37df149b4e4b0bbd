"""``salio passkey``: what a short code signs M-PESA Express with."""

from typing import Annotated

from cyclopts import Parameter

from salio.cli.options import DEFAULT_DATA, Data, started_before

EXAMPLES = """Examples:

  salio passkey 174379
  salio passkey 174379 --data ./salio-data"""


def passkey(
    short_code: Annotated[str, Parameter(help="The BusinessShortCode.")], /, *, data: Data = DEFAULT_DATA
) -> None:
    """Print the passkey of a short code, and nothing else.

    Password of a request is base64 of the short code, this, and the request's Timestamp.
    """
    from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
    from salio.vault.keys import KeyRing
    from salio.vault.passkeys import Passkeys

    print(Passkeys(KeyRing.load(started_before(data).keys), PUBLISHED_PASSKEYS).of(short_code))
