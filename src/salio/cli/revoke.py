"""``salio revoke``: an access token ends before its time."""

from contextlib import closing
from typing import Annotated

from cyclopts import Parameter

from salio.cli.beside import Beside
from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, text_or_input

EXAMPLES = """Examples:

  salio revoke "$TOKEN"
  echo "$TOKEN" | salio revoke -"""


def revoke(
    token: Annotated[
        str, Parameter(allow_leading_hyphen=True, help="The access token; - reads standard input.")
    ],
    /,
    *,
    data: Data = DEFAULT_DATA,
) -> None:
    """Revoke an access token; a platform that runs on the folder refuses it within a second."""
    from salio.vault.tokens import TokenMint

    beside = Beside(data, to_write=True)
    with closing(beside.access):
        claim = TokenMint(beside.keys, entropy=beside.entropy).read(text_or_input(token).strip())
        if claim is None:
            raise CommandError(f"this is not a token of the platform in {beside.folder.path}")
        beside.access.revoke(claim)
    print(f"revoked: the token that app {claim.app_number} got at {claim.issued_at:%Y-%m-%dT%H:%M:%SZ}")
