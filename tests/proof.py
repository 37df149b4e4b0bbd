"""How long a proof runs: a share of it in `make test`, the whole of it in `make prove`.

A proof is an ordinary test that asks `proof_count` how much to do. The answer depends
on SALIO_PROVE: unset or 0 means the small count, N means N times the large one (`make prove TIMES=N`).
"""

import os


def proof_times() -> int:
    """How many times the large count is asked for; 0 in an ordinary test run."""
    return int(os.environ.get("SALIO_PROVE") or 0)


def proof_count(small: int, large: int) -> int:
    """The number of rounds a proof does now.

    >>> seeds = range(proof_count(small=200, large=10_000))
    """
    return proof_times() * large or small
