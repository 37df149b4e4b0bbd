"""Where ``salio`` and ``python -m salio.cli`` begin. The version is told before anything is loaded."""

import os
import sys
from collections.abc import Sequence

from salio import __version__

EXTRAS = {
    "postgres": frozenset({"asyncpg"}),
    "cli": frozenset({"cyclopts", "keyring", "rich", "uvicorn"}),
    "platform": frozenset(
        {
            "alembic",
            "httptools",
            "jinja2",
            "prometheus_client",
            "pycurl",
            "sqlalchemy",
            "starlette",
            "structlog",
            "uvloop",
            "xlsxwriter",
        }
    ),
}
"""Which extra brings which module; ``salio[platform]`` includes the other."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; the exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given in (["--version"], ["-V"]):
        print(f"salio {__version__}")
        return 0
    try:
        from salio.cli.app import run

        return run(given)
    except ModuleNotFoundError as error:
        return _missing(error)
    except BrokenPipeError:
        return _nobody_reads()


def _missing(error: ModuleNotFoundError) -> int:
    """Names the extra that brings the module; a module of nobody's is a fault of ours."""
    module = (error.name or "").partition(".")[0]
    extra = next((extra for extra, modules in EXTRAS.items() if module in modules), None)
    if extra is None:
        raise error
    print(
        f"salio: this needs {module}, which is not installed: pip install 'salio[{extra}]'", file=sys.stderr
    )
    return 1


def _nobody_reads() -> int:
    """``salio log | head`` closes our output; nothing more may be flushed into it."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return 1


if __name__ == "__main__":
    sys.exit(main())
