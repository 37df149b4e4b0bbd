"""``salio reset``: a running sandbox goes back to its test data."""

import msgspec

from salio.cli import control
from salio.cli.options import DEFAULT_DATA, Data, Json

EXAMPLES = """Examples:

  salio reset
  salio snapshot take before      to come back to what is there now"""


def reset(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """Begin anew with the test data. Keys, consumer key and secret, and snapshots stay."""
    done = control.call(data, "POST", "/_salio/reset")
    if json:
        print(msgspec.json.encode(done).decode())
    else:
        print("reset: test data as at a first start, the machine's time, no faults but the plan's")
