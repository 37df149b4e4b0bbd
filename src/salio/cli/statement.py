"""``salio statement``: an account's entries with its running balance, on the screen or as a file."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json, Msisdns, databases_beside, started_before

if TYPE_CHECKING:
    from salio.core.ledger.accounts import Account
    from salio.core.ledger.statement import Selection, StatementLine
    from salio.storage.ports import Journal

EXAMPLES = """Examples:

  salio statement 600310                    the latest twenty entries
  salio statement 600310 --account charges-paid
  salio statement 600310 --from 2026-08-01 --to 2026-08-31 --kind b2c
  salio statement 600310 --party 254708374149 --limit 0
  salio statement 600310 --receipt UHG41H4CTJ
  salio statement 600310 --xlsx august.xlsx --from 2026-08-01 --to 2026-08-31
  salio statement 600310 --csv all.csv --force
  salio statement 600310 --limit 0 --json   for programs, one JSON object a line"""

TELL_EVERY = 100_000
"""Lines of an export between two words on how far it is."""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The filters as they were typed."""

    account: Annotated[
        str | None, Parameter(help="Which: utility, working, charges-paid … The first if you say nothing.")
    ] = None
    since: Annotated[
        str | None, Parameter(name="--from", help="From this day or minute on, in East Africa Time.")
    ] = None
    until: Annotated[
        str | None, Parameter(name="--to", help="Up to this day, all of it, or before this minute.")
    ] = None
    kind: Annotated[str | None, Parameter(help="Of transactions: c2b, b2c, b2b, reversal, imt.")] = None
    party: Annotated[str | None, Parameter(help="Only what was paid to or by this short code or MSISDN.")] = (
        None
    )
    receipt: Annotated[str | None, Parameter(help="Only this transaction's entries.")] = None


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Output:
    """What is made of the entries."""

    limit: Annotated[
        int, Parameter(validator=Number(gte=0), help="How many; 0 for all. A file holds all.")
    ] = 20
    after: Annotated[int | None, Parameter(help="Go on behind the entry of this number.")] = None
    oldest_first: Annotated[
        bool, Parameter(negative="", show_default=False, help="Begin with the oldest, as files do.")
    ] = False
    msisdns: Msisdns = False
    csv: Annotated[Path | None, Parameter(help="Write all of it to this file as CSV.")] = None
    xlsx: Annotated[Path | None, Parameter(help="Write all of it to this file as XLSX.")] = None
    force: Annotated[bool, Parameter(negative="", show_default=False, help="Replace the file.")] = False
    json: Json = False


def statement(
    holder: Annotated[str, Parameter(name="SHORT_CODE", help="Whose account; an MSISDN does too.")],
    /,
    *,
    wanted: Wanted | None = None,
    output: Output | None = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show an account's entries: when, why, with whom, how much, and what the account held after each.

    The balance is what is available and reserved together. Times are East Africa Time.
    """
    output = output or Output()
    if output.json and (output.csv is not None or output.xlsx is not None):
        raise CommandError("--json goes to the screen, --csv and --xlsx to a file: say one of them")
    with closing(databases_beside(started_before(data)).journal()) as journal:
        selection = selected(journal, holder, wanted or Wanted())
        if output.csv is not None or output.xlsx is not None:
            _export(journal, selection, output)
        else:
            _show(journal, msgspec.structs.replace(selection, newest_first=not output.oldest_first), output)


# --- what is wanted ----------------------------------------------------------------------------------


def selected(journal: "Journal", holder: str, wanted: Wanted) -> "Selection":
    """What the words mean; raises CommandError for those that mean nothing."""
    from salio.core.ledger.accounts import PLATFORM_HOLDER
    from salio.core.ledger.statement import Selection
    from salio.core.transactions.kinds import TransactionKind

    kinds = {each.value.casefold(): each for each in TransactionKind}
    kind = None if wanted.kind is None else kinds.get(wanted.kind.casefold())
    if wanted.kind is not None and kind is None:
        raise CommandError(f"there is no such kind of transaction: {', '.join(kinds)} are")
    if wanted.party is not None and holder == PLATFORM_HOLDER:
        raise CommandError("the platform is no party to a transaction: leave --party out")
    since = None if wanted.since is None else moment(wanted.since, "--from")
    until = None if wanted.until is None else moment(wanted.until, "--to", last=True)
    if since is not None and until is not None and since > until:
        raise CommandError(
            f"--from {wanted.since} is later than --to {wanted.until}: the span is reversed, exchange them"
        )
    return Selection(
        account=_account(journal.accounts(holder), holder, wanted.account),
        since=since,
        until=until,
        kind=kind,
        party=wanted.party,
        receipt=wanted.receipt,
    )


def _account(accounts: "Sequence[Account]", holder: str, name: str | None) -> "Account":
    from salio.core.ledger.accounts import AccountKind
    from salio.wire.wording import shown

    held = {_word(each): each for each in accounts}
    if not held:
        raise CommandError(f"{shown(holder)} holds no account: `salio testdata` lists short codes")
    if name is None:
        usual = (AccountKind.UTILITY, AccountKind.MERCHANT, AccountKind.WORKING)
        return next((each for kind in usual for each in accounts if each.kind is kind), accounts[0])
    found = held.get(name.casefold())
    if found is None:
        raise CommandError(f"{shown(holder)} has no such account: it holds {', '.join(held)}")
    return found


def _word(account: "Account") -> str:
    """``charges-paid``."""
    return account.kind.name.lower().replace("_", "-")


def moment(text: str, option: str, *, last: bool = False) -> datetime:
    """Of ``2026-08-16`` or ``2026-08-16T12:30``, in East Africa; ``last``: all of the day is meant."""
    from salio.core.ledger.day_totals import EAST_AFRICA

    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"{option} takes a day like 2026-08-16, or a minute like 2026-08-16T12:30"
        ) from error
    day_alone = len(text) <= len("2026-08-16")
    if day_alone and last:
        read += timedelta(days=1)
    return read if read.tzinfo is not None else read.replace(tzinfo=EAST_AFRICA)


def as_it_may_be_seen(lines: "Iterable[StatementLine]", *, msisdns: bool) -> "Iterator[StatementLine]":
    """The lines, with no more of each MSISDN than its last three digits unless all of it is wanted."""
    from salio.platform.entries import masked

    for line in lines:
        if msisdns:
            yield line
        else:
            yield msgspec.structs.replace(
                line, party=line.party and masked(line.party), narrative=masked(line.narrative)
            )


# --- on the screen -----------------------------------------------------------------------------------


def _show(journal: "Journal", selection: "Selection", output: Output) -> None:
    from salio.cli.statement_shown import as_json, table

    found = journal.statement(selection)
    limit, after = output.limit, output.after
    lines = found.lines(after) if limit == 0 else iter(found.page(after, limit + 1))
    told = as_it_may_be_seen(islice(lines, limit or None), msisdns=output.msisdns)
    if output.json:
        for line in told:
            print(as_json(line))
        return
    shown = list(told)
    if not shown:
        print("no entries")
        return
    table(selection.account, shown)
    if next(lines, None) is not None:
        print(f"more: the same with --after {shown[-1].number}")


# --- as a file ---------------------------------------------------------------------------------------


def _export(journal: "Journal", selection: "Selection", output: Output) -> None:
    for path in (output.csv, output.xlsx):
        if path is not None and not path.parent.is_dir():
            raise CommandError(f"{path}: there is no such folder")
        if path is not None and path.exists() and not output.force:
            raise CommandError(f"{path} is there already: name another file, or say --force")
    for path, write in ((output.csv, _write_csv), (output.xlsx, _write_xlsx)):
        if path is None:
            continue
        lines = as_it_may_be_seen(journal.statement(selection).lines(), msisdns=output.msisdns)
        draft = path.with_name(f"{path.name}.draft")
        try:
            write(draft, _counted(lines, path), selection.account.currency)
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)


def _write_csv(path: Path, lines: "Iterable[StatementLine]", currency: str) -> None:
    from salio.portal.statement_files import write_csv

    with path.open("w", encoding="utf-8", newline="") as file:
        write_csv(file, lines, currency)


def _write_xlsx(path: Path, lines: "Iterable[StatementLine]", currency: str) -> None:
    from salio.portal.statement_files import write_xlsx

    write_xlsx(path, lines, currency)


def _counted(lines: "Iterable[StatementLine]", path: Path) -> "Iterator[StatementLine]":
    count = 0
    for line in lines:
        yield line
        count += 1
        if count % TELL_EVERY == 0:
            print(f"{count:,} entries", file=sys.stderr)
    print(f"{count:,} entries in {path}", file=sys.stderr)
