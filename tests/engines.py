"""Which tests do not run on every engine, and why.

Whatever asks for the fixture ``engine``, however indirectly, runs on SQLite and on PostgreSQL, but for what
stands here: below each reason the tests, as paths below ``tests``, or whole modules. They are deselected, not
skipped: a skipped test might have run. ``tests/tidy/test_engines.py`` holds this page to its word.
"""

import os
from collections.abc import Mapping

import pytest

SQLITE, POSTGRESQL = "sqlite", "postgresql"
ALL = "all"
"""As SALIO_ENGINES: what an ordinary run spares PostgreSQL runs there too; ``sqlite``: nothing does."""


def read(table: str) -> dict[str, str]:
    """By test or module the reason above it."""
    found: dict[str, str] = {}
    reason = ""
    for line in filter(None, table.splitlines()):
        if line.startswith("  "):
            found[line.strip()] = reason
        else:
            reason = line
    return found


ONLY_SQLITE = read("""
snapshots and resets copy SQLite's files; PostgreSQL has tools of its own
  journeys/test_state.py
  journeys/test_state_calls.py::test_a_name_is_taken_once
  journeys/test_state_calls.py::test_a_snapshot_that_is_not_there
  journeys/test_state_calls.py::test_the_commands
""")

ONLY_POSTGRESQL = read("""
a file stays readable under its reader; only a server can go away
  journeys/test_outages.py::test_an_inbox_that_waits_for_its_server_holds_nobody_up
  journeys/test_outages.py::test_p3_apps_out_of_reach_are_refused
there are no snapshots of what a server keeps
  journeys/test_state_calls.py::test_a_server_has_tools_of_its_own
""")

SPARED_POSTGRESQL = read("""
it ends at the gateway's door; of a refusal the store sees the same row whatever its cause
  journeys/test_answers.py
  journeys/test_catalogue_access.py
  journeys/test_catalogue_frames.py
  journeys/test_catalogue_input.py
  journeys/test_connections.py
  journeys/test_oauth.py
  journeys/test_parameters.py
  journeys/test_reasons.py
  journeys/test_requests.py
the faults of the sandbox are kept in memory
  journeys/test_every_code.py
  journeys/test_fault_aims.py
  journeys/test_faults.py
  journeys/test_faults_of_answers.py
the keys and the clock are the process's own
  journeys/test_certificate.py
  journeys/test_control.py
  journeys/test_second_look.py
what they write is in the stores' one contract; the journeys beside them go the same way
  journeys/test_abroad.py
  journeys/test_acts.py
  journeys/test_b2b.py
  journeys/test_b2c.py
  journeys/test_c2b.py
  journeys/test_charges.py
  journeys/test_day.py
  journeys/test_endings.py
  journeys/test_express.py
  journeys/test_reversal.py
  journeys/test_validation.py
  journeys/test_faults_of_results.py
  journeys/test_funds.py
  journeys/test_phones.py
  journeys/test_process.py
it is the organization's side that is tried; what it asks is asked of both engines by others
  journeys/test_asking_commands.py
  journeys/test_client.py
  journeys/test_receiver.py
  journeys/test_recipes.py
its lives wait for each other's right to decide, three seconds each
  kill/test_payments.py::test_l3_l14_no_death_loses_or_doubles_a_payment
limits of a process, on the way to a store that they keep from work
  journeys/test_catalogue_throttle.py::test_connections_that_say_nothing
  journeys/test_catalogue_throttle.py::test_t4_a_flood_refuses_nobody_else
""")

PROFILE = "the profile is the wire's: the store is given the same rows"
"""Why PostgreSQL is spared every profile but ``documented``; the long proofs try all of them."""


FOR_PROOFS = (
    "it ends at the gateway's door; of a refusal the store sees the same row whatever its cause",
    "the faults of the sandbox are kept in memory",
    "its lives wait for each other's right to decide, three seconds each",
)
"""Reasons for which only the long proofs try PostgreSQL too."""


def wanted() -> str:
    """What SALIO_ENGINES says; nothing in an ordinary run, of five minutes."""
    return os.environ.get("SALIO_ENGINES", "")


def why_not(item: pytest.Item, wanted: str) -> str | None:
    """Why this variant of a test does not run; ``None`` if it does."""
    engine = _parameters(item).get("engine")
    if engine is None:
        return None
    if engine == SQLITE:
        return _reason(item, ONLY_POSTGRESQL)
    reason = _reason(item, ONLY_SQLITE) if wanted != SQLITE else "only SQLite is asked for"
    if reason is None:
        spared = _reason(item, SPARED_POSTGRESQL)
        reason = spared if wanted != ALL or (spared in FOR_PROOFS and not _proving()) else None
    if reason is None and _profile(item) == "observed" and not _proving():
        reason = PROFILE
    return reason


def _proving() -> bool:
    return bool(os.environ.get("SALIO_PROVE"))


def _reason(item: pytest.Item, table: Mapping[str, str]) -> str | None:
    module, _, test = item.nodeid.removeprefix("tests/").partition("::")
    return table.get(f"{module}::{test.partition('[')[0]}", table.get(module))


def _profile(item: pytest.Item) -> object:
    """The wire profile of a variant, as a parameter says or the platform that it shares."""
    given = _parameters(item)
    shared = "observed" if "observed" in getattr(item, "fixturenames", ()) else None
    return given.get("platform", given.get("wire", shared))


def _parameters(item: pytest.Item) -> Mapping[str, object]:
    return item.callspec.params if isinstance(item, pytest.Function) and hasattr(item, "callspec") else {}
