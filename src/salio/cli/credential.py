"""``salio credential``: an initiator's password becomes a SecurityCredential."""

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, started_before, text_or_input

EXAMPLES = """Examples:

  salio credential 'Safaricom999!*!'
  salio credential - < password.txt
  salio credential - --certificate production < password.txt
  salio credential - --certificate MyCertificate.cer < password.txt"""


def credential(
    password: Annotated[
        str, Parameter(allow_leading_hyphen=True, help="The initiator's password; - reads standard input.")
    ],
    /,
    *,
    certificate: Annotated[
        str | None,
        Parameter(
            help="Certificate or public key, PEM or DER, or sandbox or production for Safaricom's; that of"
            " the data folder if not given."
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Print the SecurityCredential of a password, and nothing else."""
    from salio.client.certificates import BUNDLED, bundled
    from salio.wire.credentials import KeyNotRsa, UnreadableCertificate, UnusablePassword, make_credential

    if certificate in BUNDLED:
        source, content = certificate, bundled(certificate)
    else:
        path = Path(certificate) if certificate else started_before(data).keys / "certificate.pem"
        source, content = str(path), path.read_bytes()
    try:
        print(make_credential(text_or_input(password), content))
    except UnusablePassword as error:
        raise CommandError(f"{error}") from error
    except (KeyNotRsa, UnreadableCertificate) as error:
        raise CommandError(f"{source}: {error}") from error
