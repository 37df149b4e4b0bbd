"""Programs of others under `salio run`, and what the platform says became of their questions."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from salio.sandbox.testdata.operators import PASSWORD
from salio.wire.credentials import make_credential
from tests.cli.redirected import run, surroundings
from tests.programs.listed import GOT, folder, program

SCRIPTS = Path(__file__).with_name("scripts")
INITIATOR, SHORT_CODE, RECEIPT = "testapi", "600310", "MBN31H462N"
BOTH = ["AccountBalance", "TransactionStatusQuery"]

TRIES = 3
"""What was made with Safaricom's certificate is noise to our key; one in 400 looks like a wrong password."""


@dataclass(frozen=True)
class Given:
    """A platform's folder, and the keys of its app."""

    data: Path
    key: str
    secret: str
    certificate: Path

    @property
    def environ(self) -> dict[str, str]:
        """What the scripts are configured with."""
        return {
            "MPESA_KEY": self.key,
            "MPESA_SECRET": self.secret,
            "MPESA_PASSWORD": PASSWORD,
            "MPESA_INITIATOR": INITIATOR,
            "MPESA_SHORT_CODE": SHORT_CODE,
            "MPESA_RECEIPT": RECEIPT,
            "MPESA_CREDENTIAL": self.credential,
        }

    @property
    def credential(self) -> str:
        """The initiator's password, encrypted for this platform."""
        return make_credential(PASSWORD, self.certificate.read_bytes())

    def log(self) -> list[dict[str, Any]]:
        """What `salio log` tells, oldest first."""
        command = [sys.executable, "-m", "salio.cli", "log", "--json", "--data", str(self.data)]
        told = subprocess.run(command, env=surroundings(), capture_output=True, text=True, check=True).stdout
        return [json.loads(line) for line in told.splitlines()]


def needs_program(name: str) -> pytest.MarkDecorator:
    """For a test of a program that its registry may not have given."""
    reason = f"{program(name).requirement} could not be got: `make programs` says why"
    return pytest.mark.skipif(not (folder(name) / GOT).exists(), reason=reason)


def read_by(command: Sequence[str], given: Given, *options: str, more: dict[str, str]) -> dict[str, Any]:
    """What a script printed that asked for both, and that the platform answered both."""
    before = 0
    for _ in range(TRIES):
        ran = run(
            *options,
            "--others",
            "refuse",
            "--data",
            str(given.data),
            "--",
            *command,
            more=given.environ | more,
        )
        became = given.log()[before:]
        if not any(each.get("result_code") == "18" for each in became):
            break
        before += len(became)
    assert ran.returncode == 0, ran.stderr
    assert [each["api"] for each in became] == BOTH
    assert {(each["state"], each["result_code"]) for each in became} == {("delivered", "0")}
    read: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return read
