"""The commands, and what is said when one of them cannot do its work."""

import sys
from collections.abc import Sequence

from cyclopts import App

from salio import __version__
from salio.cli import (
    apps,
    certificate,
    charges,
    clock,
    fault,
    initiator,
    phone,
    serve,
    snapshot,
    transfer,
    validation,
)
from salio.cli.asking import BALANCE_EXAMPLES, STATUS_EXAMPLES, TOKEN_EXAMPLES, balance, status, token
from salio.cli.by_hand import END_EXAMPLES, FORGET_EXAMPLES, end, forget
from salio.cli.check import EXAMPLES as CHECK_EXAMPLES
from salio.cli.check import check
from salio.cli.credential import EXAMPLES as CREDENTIAL_EXAMPLES
from salio.cli.credential import credential
from salio.cli.decode import EXAMPLES as DECODE_EXAMPLES
from salio.cli.decode import decode_body
from salio.cli.errors import explain
from salio.cli.explain import EXAMPLES as EXPLAIN_EXAMPLES
from salio.cli.explain import explain_codes
from salio.cli.funds import SETTLE_EXAMPLES, WITHDRAW_EXAMPLES, settle, withdraw
from salio.cli.listen import EXAMPLES as LISTEN_EXAMPLES
from salio.cli.listen import listen
from salio.cli.log import EXAMPLES as LOG_EXAMPLES
from salio.cli.log import log
from salio.cli.migrate import EXAMPLES as MIGRATE_EXAMPLES
from salio.cli.migrate import migrate
from salio.cli.passkey import EXAMPLES as PASSKEY_EXAMPLES
from salio.cli.passkey import passkey
from salio.cli.pending import EXAMPLES as PENDING_EXAMPLES
from salio.cli.pending import pending
from salio.cli.reset import EXAMPLES as RESET_EXAMPLES
from salio.cli.reset import reset
from salio.cli.revoke import EXAMPLES as REVOKE_EXAMPLES
from salio.cli.revoke import revoke
from salio.cli.run import EXAMPLES as RUN_EXAMPLES
from salio.cli.run import run as run_program
from salio.cli.statement import EXAMPLES as STATEMENT_EXAMPLES
from salio.cli.statement import statement
from salio.cli.testdata import EXAMPLES as TESTDATA_EXAMPLES
from salio.cli.testdata import show_testdata
from salio.cli.up import EXAMPLES as UP_EXAMPLES
from salio.cli.up import up

INTRODUCTION = "M-PESA's Daraja on your own machine: balance and transaction status queries, end to end."

EXAMPLES = """Examples:

  salio up                        start the sandbox; it prints what to paste
  salio run -- COMMAND            run a program against it that asks Safaricom
  salio balance --wait            ask it for a balance, and wait for the result
  salio testdata                  short codes, initiators and receipts to try
  salio log --follow              watch what becomes of each request
  salio COMMAND --help            the options of a command, with examples"""


def build() -> App:
    """The application; building it loads no half of Salio."""
    app = App(
        name="salio",
        help=INTRODUCTION,
        help_format="plaintext",
        help_epilogue=EXAMPLES,
        version=f"salio {__version__}",
    )
    app.command(up, sort_key=1, help_epilogue=UP_EXAMPLES)
    app.command(run_program, name="run", sort_key=2, help_epilogue=RUN_EXAMPLES)
    app.command(show_testdata, name="testdata", sort_key=2, help_epilogue=TESTDATA_EXAMPLES)
    app.command(token, sort_key=3, help_epilogue=TOKEN_EXAMPLES)
    app.command(balance, sort_key=3, help_epilogue=BALANCE_EXAMPLES)
    app.command(status, sort_key=3, help_epilogue=STATUS_EXAMPLES)
    app.command(log, sort_key=3, help_epilogue=LOG_EXAMPLES)
    app.command(statement, sort_key=3, help_epilogue=STATEMENT_EXAMPLES)
    app.command(check, sort_key=3, help_epilogue=CHECK_EXAMPLES)
    app.command(listen, sort_key=3, help_epilogue=LISTEN_EXAMPLES)
    app.command(pending, sort_key=3, help_epilogue=PENDING_EXAMPLES)
    app.command(end, sort_key=3, help_epilogue=END_EXAMPLES)
    app.command(forget, sort_key=3, help_epilogue=FORGET_EXAMPLES)
    app.command(explain_codes, name="explain", sort_key=4, help_epilogue=EXPLAIN_EXAMPLES)
    app.command(decode_body, name="decode", sort_key=4, help_epilogue=DECODE_EXAMPLES)
    app.command(credential, sort_key=5, help_epilogue=CREDENTIAL_EXAMPLES)
    app.command(passkey, sort_key=5, help_epilogue=PASSKEY_EXAMPLES)
    app.command(revoke, sort_key=6, help_epilogue=REVOKE_EXAMPLES)
    app.command(certificate.build(sort_key=6))
    app.command(apps.build(sort_key=7))
    app.command(clock.build(sort_key=8))
    app.command(fault.build(sort_key=9))
    app.command(initiator.build(sort_key=10))
    app.command(validation.build(sort_key=10))
    app.command(phone.build(sort_key=10))
    app.command(transfer.build(sort_key=10))
    app.command(charges.build(sort_key=10))
    app.command(settle, sort_key=10, help_epilogue=SETTLE_EXAMPLES)
    app.command(withdraw, sort_key=10, help_epilogue=WITHDRAW_EXAMPLES)
    app.command(snapshot.build(sort_key=11))
    app.command(reset, sort_key=12, help_epilogue=RESET_EXAMPLES)
    app.command(migrate, sort_key=13, help_epilogue=MIGRATE_EXAMPLES)
    app.command(serve.build(sort_key=14))
    return app


def run(arguments: Sequence[str]) -> int:
    """Runs one command line; the exit status. A known trouble is one line on standard error."""
    try:
        build()(list(arguments), result_action="return_value")
    except (BrokenPipeError, ModuleNotFoundError):
        raise
    except Exception as error:
        said = explain(error)
        if said is None:
            raise
        print(f"salio: {said}", file=sys.stderr)
        return 1
    return 0
