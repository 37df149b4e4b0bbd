"""The corpus of each target: a text file with one input on a line, as Python writes bytes.

So git, reviewers and editors can read it, whatever the bytes are.
"""

import ast
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "corpus"


def read(target: str, folder: Path = FOLDER) -> list[bytes]:
    """A target's inputs; none if it has no corpus yet."""
    file = folder / f"{target}.txt"
    if not file.exists():
        return []
    inputs = [ast.literal_eval(line) for line in file.read_text("ascii").splitlines()]
    assert all(isinstance(each, bytes) for each in inputs)
    return inputs


def write(target: str, inputs: Iterable[bytes], folder: Path = FOLDER) -> None:
    """Replaces them: each input once, the shortest first."""
    kept = sorted(set(inputs), key=lambda each: (len(each), each))
    (folder / f"{target}.txt").write_text("".join(f"{each!r}\n" for each in kept), "ascii")
