"""``salio up``: the sandbox on this machine, in one process, until Ctrl-C."""

from datetime import timedelta
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import Parameter
from cyclopts.validators import Number

from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Database, Json, data_option, program, refuse_other_engines

if TYPE_CHECKING:
    from salio.platform.settings import Running

EXAMPLES = """Examples:

  salio up
  salio up --wire observed --port 9000 --data ./observed
  salio up --foreign-credentials trust     take credentials that were made with
                                           Safaricom's own certificate
  salio up --database postgresql://salio@localhost/salio
  salio up --seed 7 --data "$(mktemp -d)"  the same identifiers in every run"""


_QUEUE_LIMIT = Parameter(
    validator=Number(gt=0, lte=86_400), help="Seconds that a request may wait before QueueTimeOutURL is told."
)
_OVERLOAD = Parameter(
    validator=Number(gte=1), help="Waiting requests at which new ones are told of an overload."
)


def up(  # noqa: PLR0913 - each is an option
    *,
    wire: Annotated[
        Literal["documented", "observed"],
        Parameter(help="How the test app is spoken to: as documented, or as Safaricom was seen to answer."),
    ] = "documented",
    host: Annotated[str, Parameter(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[
        int, Parameter(validator=Number(gte=0, lte=65535), help="Port to listen on; 0 takes a free one.")
    ] = 8282,
    production_port: Annotated[
        int | None, Parameter(help="Of later versions: this one serves the sandbox only.")
    ] = None,
    data: Data = DEFAULT_DATA,
    seed: Annotated[
        str | None, Parameter(help="Make identifiers and test keys repeatable; on loopback only.")
    ] = None,
    database: Database = None,
    foreign_credentials: Annotated[
        Literal["refuse", "trust"],
        Parameter(help="What to do with a SecurityCredential made with another certificate."),
    ] = "refuse",
    token_policy: Annotated[
        Literal["several", "single"],
        Parameter(help="Whether a new token leaves an app's earlier ones valid."),
    ] = "several",  # noqa: S107 - a policy
    queue_limit: Annotated[float, _QUEUE_LIMIT] = 60,
    overload: Annotated[int, _OVERLOAD] = 20_000,
    faults: Annotated[
        Path | None, Parameter(help="A TOML file of faults that are in force from the start (salio fault).")
    ] = None,
    json: Json = False,
) -> None:
    """Start the sandbox: gateway, M-PESA core, delivery and inbox in one process, with test data."""
    _refuse_what_is_to_come(production_port)
    refuse_other_engines(database)
    _refuse_a_seed_in_public(seed, host)
    from salio.platform.serve import run
    from salio.platform.settings import Settings

    settings = Settings(
        data=data,
        database=database,
        host=host,
        port=port,
        wire=wire,
        seed=seed,
        trust_foreign_credentials=foreign_credentials == "trust",
        single_token=token_policy == "single",  # noqa: S105 - a policy
        longest_wait=timedelta(seconds=queue_limit),
        most_waiting=overload,
        faults=faults,
    )
    run(settings, lambda running: _announce(running, data, json=json))


def _refuse_what_is_to_come(production_port: int | None) -> None:
    if production_port is not None:
        raise CommandError(
            "--production-port: this version serves the sandbox only; leave the option out, "
            "and set the sandbox's port with --port"
        )


def _refuse_a_seed_in_public(seed: str | None, host: str) -> None:
    """A seed makes test secrets and identifiers guessable (design, 6)."""
    from salio.sandbox.control.guard import is_loopback

    if seed is not None and not is_loopback(host):
        raise CommandError(
            f"--seed makes keys and identifiers guessable, so it is for loopback only, not for {host}: "
            "leave out --seed, or --host"
        )


def _announce(running: "Running", data: Path, *, json: bool) -> None:
    from salio.cli.welcome import as_json, as_text

    has_curl = which("curl") is not None
    lines = [as_json(running)] if json else as_text(running, program(), data_option(data), has_curl=has_curl)
    print("\n".join(lines), flush=True)
