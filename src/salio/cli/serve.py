"""``salio serve``: one process of a platform that several share on PostgreSQL."""

from datetime import timedelta
from typing import Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from salio.cli.options import DEFAULT_DATA, Data

EXAMPLES = """Examples:

  salio migrate --data ./staging --database postgresql://salio@db/salio
  salio serve gateway --data ./staging --port 8282 --gateways 2
  salio serve gateway --data ./staging --port 8283 --gateways 2
  salio serve core --data ./staging
  salio serve core --data ./staging        waits, and decides when the first dies
  salio serve delivery --data ./staging --status-port 8301      /readyz and /metrics there

Each machine needs the keys: copy the data folder that `salio migrate` made."""

_PORT = Parameter(validator=Number(gte=0, lte=65535), help="Port to listen on; 0 takes a free one.")
_OVERLOAD = Parameter(
    validator=Number(gte=1), help="Waiting requests at which new ones are told of an overload."
)
_GATEWAYS = Parameter(
    validator=Number(gte=1),
    help="How many gateways the load balancer spreads requests over: each lets pass an equal share of an "
    "app's spike arrest. Quotas are counted together.",
)
_QUEUE_LIMIT = Parameter(
    validator=Number(gt=0, lte=86_400), help="Seconds that a request may wait before QueueTimeOutURL is told."
)

StatusPort = Annotated[
    int | None,
    Parameter(
        validator=Number(gte=0, lte=65535),
        help="Port for /healthz, /readyz and /metrics; without it there are none.",
    ),
]
StatusHost = Annotated[str, Parameter(help="Address of that port.")]


def build(sort_key: int) -> App:
    """The group of commands."""
    app = App(
        name="serve",
        help="Run one process of a platform that several share on PostgreSQL: any number of each.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    app.command(gateway, help_epilogue=EXAMPLES)
    app.command(core, help_epilogue=EXAMPLES)
    app.command(delivery, help_epilogue=EXAMPLES)
    return app


def gateway(
    *,
    data: Data = DEFAULT_DATA,
    host: Annotated[str, Parameter(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, _PORT] = 8282,
    wire: Annotated[
        Literal["documented", "observed"], Parameter(help="How whoever is not known is answered.")
    ] = "documented",
    token_policy: Annotated[
        Literal["several", "single"],
        Parameter(help="Whether a new token leaves an app's earlier ones valid."),
    ] = "several",  # noqa: S107 - a policy
    overload: Annotated[int, _OVERLOAD] = 20_000,
    gateways: Annotated[int, _GATEWAYS] = 1,
) -> None:
    """Answer HTTP: tokens, both questions, the inbox; keep what is accepted for whoever decides."""
    from salio.platform.processes.run import run
    from salio.platform.settings import Settings
    from salio.storage.ports import Duty

    single = token_policy == "single"  # noqa: S105 - a policy
    settings = Settings(
        data=data,
        host=host,
        port=port,
        wire=wire,
        single_token=single,
        most_waiting=overload,
        gateways=gateways,
    )
    run(Duty.GATEWAY, settings, _announce)


def core(
    *,
    data: Data = DEFAULT_DATA,
    queue_limit: Annotated[float, _QUEUE_LIMIT] = 60,
    foreign_credentials: Annotated[
        Literal["refuse", "trust"],
        Parameter(help="What to do with a SecurityCredential made with another certificate."),
    ] = "refuse",
    status_host: StatusHost = "127.0.0.1",
    status_port: StatusPort = None,
) -> None:
    """Decide: one core at a time, by a lease of three seconds; the others wait."""
    from salio.platform.processes.run import run
    from salio.platform.settings import Settings
    from salio.storage.ports import Duty

    settings = Settings(
        data=data,
        longest_wait=timedelta(seconds=queue_limit),
        trust_foreign_credentials=foreign_credentials == "trust",
        status_host=status_host,
        status_port=status_port,
    )
    run(Duty.CORE, settings, _announce)


def delivery(
    *, data: Data = DEFAULT_DATA, status_host: StatusHost = "127.0.0.1", status_port: StatusPort = None
) -> None:
    """Send results: each is claimed by one of these processes, and taken over when it dies."""
    from salio.platform.processes.run import run
    from salio.platform.settings import Settings
    from salio.storage.ports import Duty

    settings = Settings(data=data, status_host=status_host, status_port=status_port)
    run(Duty.DELIVERY, settings, _announce)


def _announce(said: str) -> None:
    print(f"Salio: {said}. Ctrl-C ends it.", flush=True)
