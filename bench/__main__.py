"""``python -m bench``: every figure of docs/performance.md, measured now, beside the bare server.

``python -m bench --quick`` takes two minutes; the whole takes about fifteen.
"""

import argparse

from bench import figures
from bench.machine import describe
from bench.rows import FULL, QUICK
from bench.scale import scale as ten_million


def main() -> None:
    """Runs the chosen figures in turn and prints a table row for each."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short runs, and no million of requests")
    parser.add_argument("--only", nargs="*", choices=sorted(figures.ALL), help="these figures only")
    parser.add_argument(
        "--scale", action="store_true", help="ten million transactions instead: three quarters of an hour"
    )
    chosen = parser.parse_args()
    scale = QUICK if chosen.quick else FULL
    print(describe())
    print(f"{'figure':<58}{'measured':>14}{'to reach':>14}")
    if chosen.scale:
        measured = ten_million((1_000, 100_000)) if chosen.quick else ten_million()
    else:
        wanted = [each for name, each in figures.ALL.items() if not chosen.only or name in chosen.only]
        measured = (row for measure in wanted for row in measure(scale))
    for row in measured:
        print(f"{row.name:<58}{row.value:>14}{row.target:>14}", flush=True)


if __name__ == "__main__":
    main()
