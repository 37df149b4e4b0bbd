"""``python -m tests.fuzz``: every target under atheris in turn, its finds kept in the corpus; `make fuzz`.

Prints a row for each target. An input on which a target fails is printed as a line for the corpus, and the
command ends with 1.
"""

import argparse
import importlib
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tests.fuzz import corpus
from tests.fuzz.targets import TARGETS
from tests.fuzz.targets.ways import way_of

LONGEST = 4096
"""Bytes of an input. A request's body may have more, but nothing in a parser depends on it."""
MOST_KEPT = 42_000
"""Bytes of a target's corpus as committed: seven of them stay below 300 kB."""
WORDS = Path(__file__).with_name("words.txt")

STATUS = re.compile(r"cov: (\d+) ft: (\d+)")
EXECUTED = re.compile(r"stat::number_of_executed_units: *(\d+)")
ROW = "{:<14}{:>9}{:>13}{:>8}{:>9}{:>10}{:>10}"


@dataclass(frozen=True)
class Run:
    """What one target's run came to."""

    seconds: int
    """Fewer than were asked for where it failed."""
    executions: int
    coverage: int
    """Edges of the instrumented code that were passed, as libFuzzer counts them."""
    features: int
    """The same with how often, roughly."""
    failures: list[bytes]


def main() -> int:
    """Runs the chosen targets one after another."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seconds", type=int, default=600, help="how long each target runs")
    parser.add_argument("--only", nargs="*", choices=TARGETS, default=TARGETS, help="these targets only")
    chosen = parser.parse_args()
    print(ROW.format("target", "seconds", "executions", "inputs", "bytes", "edges", "features"), flush=True)
    failed = False
    for target in chosen.only:
        run = fuzz(target, chosen.seconds)
        kept = corpus.read(target)
        size = sum(map(len, kept))
        cells = (target, run.seconds, run.executions, len(kept), size, run.coverage, run.features)
        print(ROW.format(*cells), flush=True)
        for failure in run.failures:
            print(f"{target} fails on, as a line of its corpus:\n{failure!r}", flush=True)
        failed = failed or bool(run.failures)
    return int(failed)


def fuzz(target: str, seconds: int) -> Run:
    """Lets one target run, and adds to its corpus the finds that reach what nothing in it does."""
    with tempfile.TemporaryDirectory(prefix=f"salio-fuzz-{target}-") as name:
        known, finds, failures = (Path(name) / each for each in ("known", "finds", "failures"))
        for folder in (known, finds, failures):
            folder.mkdir()
        _spread(known, corpus.read(target))
        usual = [f"-max_len={LONGEST}", "-timeout=10", f"-artifact_prefix={failures}/"]
        ending = [f"-max_total_time={seconds}", "-print_final_stats=1", f"-dict={WORDS}"]
        began = time.monotonic()
        said = _run(target, *usual, *ending, "-use_value_profile=1", str(finds), str(known))
        took = round(time.monotonic() - began)
        _run(target, *usual, "-merge=1", str(known), str(finds))
        corpus.write(target, _bounded(corpus.read(target), _looked_at(target, _gathered(known))))
        return _read_run(took, said, _gathered(failures))


def _read_run(seconds: int, said: str, failures: list[bytes]) -> Run:
    executed = EXECUTED.search(said)
    if executed is None and not failures:
        raise SystemExit(f"it did not run:\n{said[-4000:]}")
    edges, features = STATUS.findall(said)[-1] if STATUS.search(said) else (0, 0)
    return Run(seconds, int(executed[1]) if executed else 0, int(edges), int(features), failures)


def _run(target: str, *options: str) -> str:
    """What libFuzzer says. Its exit code says no more than the failures that it leaves."""
    command = [sys.executable, "-m", "tests.fuzz.runner", target, *options]
    return subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False).stderr


def _spread(folder: Path, inputs: list[bytes]) -> None:
    for each in inputs:
        (folder / sha256(each).hexdigest()).write_bytes(each)


def _gathered(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.iterdir()]


def _looked_at(target: str, inputs: list[bytes]) -> list[bytes]:
    """Those that go a way: a byte that names none may come to name one."""
    ways = importlib.import_module(f"tests.fuzz.targets.{target}").WAYS
    return [each for each in inputs if way_of(each, ways) is not None]


def _bounded(before: list[bytes], now: list[bytes]) -> list[bytes]:
    """What was there before, and of the rest the shortest, as many as may be committed."""
    kept = list(before)
    size = sum(len(repr(each)) + 1 for each in before)
    for each in sorted(set(now) - set(before), key=lambda each: (len(repr(each)), each)):
        size += len(repr(each)) + 1
        if size > MOST_KEPT:
            break
        kept.append(each)
    return kept


if __name__ == "__main__":
    sys.exit(main())
