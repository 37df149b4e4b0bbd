"""``salio credential``: an initiator's password becomes a SecurityCredential."""

from pathlib import Path
from typing import Annotated

import msgspec
from cyclopts import Parameter

from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json, started_before, text_or_input

EXAMPLES = """Examples:

  salio credential 'Safaricom999!*!'
  salio credential - < password.txt
  salio credential - --certificate production < password.txt
  salio credential - --certificate MyCertificate.cer < password.txt
  salio credential - --certificate http://127.0.0.1:8282/certificate.pem"""


def credential(
    password: Annotated[
        str, Parameter(allow_leading_hyphen=True, help="The initiator's password; - reads standard input.")
    ],
    /,
    *,
    certificate: Annotated[
        str | None,
        Parameter(
            help="Certificate or public key, PEM or DER, as a file or a URL; or sandbox or production for"
            " Safaricom's; that of the data folder if not given."
        ),
    ] = None,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Print the SecurityCredential of a password, and nothing else."""
    from salio.wire.credentials import KeyNotRsa, UnreadableCertificate, UnusablePassword, make_credential

    source, content = _certificate(certificate, data)
    try:
        made = make_credential(text_or_input(password), content)
    except UnusablePassword as error:
        raise CommandError(f"{error}") from error
    except (KeyNotRsa, UnreadableCertificate) as error:
        raise CommandError(f"{source}: {error}") from error
    print(msgspec.json.encode({"security_credential": made}).decode() if json else made)


def _certificate(named: str | None, data: Path) -> tuple[str, bytes]:
    """Where it is, and what it is. Raises CommandError, UnusableSetting, OSError."""
    from salio.client.certificates import BUNDLED, bundled

    if named in BUNDLED:
        return named, bundled(named)
    if named and "://" in named:
        return named, _fetched(named)
    path = Path(named) if named else started_before(data).keys / "certificate.pem"
    return str(path), path.read_bytes()


def _fetched(url: str) -> bytes:
    """As the client does: from this machine, or over https. Raises CommandError, UnusableSetting."""
    from salio.client import transport
    from salio.client.environments import checked
    from salio.client.settings import Options
    from salio.client.steps import Failure, Request

    request = Request("GET", checked(url, "the certificate's URL", allow_http=False), {})
    with transport.open_client(Options(), None) as http:
        told = transport.exchange(http, request)
    if isinstance(told, Failure):
        raise CommandError(f"no certificate at {url}: {told.why}")
    if told.status != 200:
        raise CommandError(f"no certificate at {url}: HTTP {told.status}")
    return told.body
