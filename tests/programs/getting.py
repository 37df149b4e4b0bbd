"""Gets the programs of `programs.txt` from their registries: `python -m tests.programs.getting FOLDER`.

Each comes into a folder of its own, by its language's own installer; no script of a package is run. One that
cannot be had is told of and left out: a registry may be out of reach, or an installer missing.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.programs.listed import GOT, Program, programs

PATIENCE = 180.0
"""Seconds for one of them."""


class NotGotError(Exception):
    """Why not, in a line."""


def commands(program: Program, folder: Path) -> list[list[str]]:
    """What gets it into that folder."""
    match program.language:
        case "python":
            uv = str(Path(sys.executable).with_name("uv"))
            into = ["--quiet", "--python", str(folder / "bin" / "python")]
            return [
                [uv, "venv", "--quiet", "--python", sys.executable, str(folder)],
                [uv, "pip", "install", *into, program.requirement, *program.besides],
            ]
        case "node":
            silent = [
                "--ignore-scripts",
                "--no-audit",
                "--no-fund",
                "--fetch-retries",
                "0",
                "--loglevel",
                "error",
            ]
            return [["npm", "install", *silent, "--prefix", str(folder), program.requirement]]
        case "php":
            silent = ["--no-interaction", "--no-scripts", "--quiet"]
            return [["composer", "require", *silent, "--working-dir", str(folder), program.requirement]]
        case other:
            raise ValueError(other)


def get(program: Program, all_of_them: Path) -> None:
    """Gets it unless it is there. Raises NotGotError, and leaves no half of it."""
    folder = program.folder(all_of_them)
    if (folder / GOT).exists():
        return
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        for command in commands(program, folder):
            _run(command)
    except NotGotError:
        shutil.rmtree(folder)
        raise
    (folder / GOT).touch()


def _run(command: list[str]) -> None:
    if shutil.which(command[0]) is None:
        raise NotGotError(f"needs {command[0]}")
    environ = os.environ | {"COMPOSER_ALLOW_SUPERUSER": "1"}
    try:
        ran = subprocess.run(
            command,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotGotError(f"{command[0]} took longer than {PATIENCE:.0f} s") from error
    if ran.returncode:
        said = (ran.stderr or ran.stdout).strip().splitlines() or ["it said nothing"]
        raise NotGotError(f"{Path(command[0]).name} ended with {ran.returncode}: {said[0]}")


def main(all_of_them: Path) -> None:
    """Gets all that can be had."""
    for each in programs():
        try:
            get(each, all_of_them)
        except NotGotError as error:
            sys.stderr.write(f"{each.requirement} could not be got, so its tests are skipped: {error}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
