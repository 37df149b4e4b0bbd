"""A program under `salio run` that speaks the Model Context Protocol on its standard input and output."""

import json
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.cli.redirected import command, surroundings
from tests.patience import PATIENCE

VERSION = "2024-11-05"
"""Of the protocol; the newest programs speak it too."""


class Conversation:
    """Asks one thing after the other, as an agent does."""

    def __init__(self, process: "subprocess.Popen[str]", said: Path) -> None:
        self._process = process
        self._said = said
        self._asked = 0

    def begin(self) -> None:
        """Who is there, and in which version."""
        client = {"name": "tests", "version": "1"}
        self._ask("initialize", {"protocolVersion": VERSION, "capabilities": {}, "clientInfo": client})
        self._write({"method": "notifications/initialized"})

    def call(self, tool: str, **arguments: object) -> dict[str, Any]:
        """What a tool answers: the protocol's `result`, or its `error` by that name."""
        answer = self._ask("tools/call", {"name": tool, "arguments": arguments})
        result: dict[str, Any] = answer.get("result") or {"error": answer["error"]}
        return result

    def _ask(self, method: str, params: Mapping[str, object]) -> dict[str, Any]:
        self._asked += 1
        self._write({"id": self._asked, "method": method, "params": params})
        assert self._process.stdout is not None
        for line in self._process.stdout:
            answer: dict[str, Any] = json.loads(line)
            if answer.get("id") == self._asked:
                return answer
        raise AssertionError(self._said.read_text("utf-8"))

    def _write(self, message: Mapping[str, object]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        self._process.stdin.flush()


@contextmanager
def conversing(
    program: Sequence[str], data: Path, said: Path, more: Mapping[str, str]
) -> Iterator[Conversation]:
    """The program, until its input ends; what it and `salio run` say besides goes to the file ``said``."""
    with (
        said.open("wb") as errors,
        subprocess.Popen(
            command("--others", "refuse", "--data", str(data), "--", *program),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=surroundings(more),
        ) as process,
    ):
        enough = threading.Timer(PATIENCE, process.kill)
        enough.start()
        try:
            conversation = Conversation(process, said)
            conversation.begin()
            yield conversation
            process.communicate()
        except BaseException:
            process.kill()
            raise
        finally:
            enough.cancel()
    assert process.returncode == 0, said.read_text("utf-8")
