"""The machine that a figure was measured on, in a line."""

import os
import platform
import sqlite3
from pathlib import Path


def describe() -> str:
    """Processor, cores, kernel, Python and SQLite."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    cores = len(os.sched_getaffinity(0))
    return (
        f"{cpu}, {cores} cores, Linux {platform.release()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
