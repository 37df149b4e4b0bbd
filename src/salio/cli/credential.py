"""``salio credential``: an initiator's password becomes a SecurityCredential."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, started_before, text_or_input

EXAMPLES = """Examples:

  salio credential 'Safaricom999!*!'
  salio credential - < password.txt
  salio credential - --certificate SandboxCertificate.cer < password.txt"""


def credential(
    password: Annotated[
        str, Parameter(allow_leading_hyphen=True, help="The initiator's password; - reads standard input.")
    ],
    /,
    *,
    certificate: Annotated[
        Path | None,
        Parameter(help="Certificate or public key, PEM or DER; that of the data folder if not given."),
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Print the SecurityCredential of a password, and nothing else."""
    from salio.wire.credentials import KeyNotRsa, UnreadableCertificate, UnusablePassword, make_credential

    path = certificate or started_before(data).keys / "certificate.pem"
    try:
        print(make_credential(text_or_input(password), path.read_bytes()))
    except UnusablePassword as error:
        raise CommandError(f"{error}") from error
    except (KeyNotRsa, UnreadableCertificate) as error:
        raise CommandError(f"{path}: {error}") from error
