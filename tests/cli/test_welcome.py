"""What `salio up` prints can be read in 80 columns and pasted into a shell."""

import json
import os
import subprocess
from pathlib import Path

import pytest

from salio.cli.welcome import as_json, as_text, commands
from salio.platform.settings import Running

RUNNING = Running(
    base_url="http://127.0.0.1:8282",
    data="/srv/salio-data",
    profile="documented",
    consumer_key="k" * 48,
    consumer_secret="s" * 64,
    certificate="/srv/salio-data/keys/sandbox/certificate.pem",
    inbox_url="http://127.0.0.1:8282/inbox/demo",
    security_credential="/+" * 171 + "==",
)

CURL = """#!/bin/sh
for argument in "$@"; do printf '%s\\n' "$argument" >> "$SEEN/arguments"; done
if [ "$1" = -s ] && [ "$2" = -u ]; then echo '{"access_token":"AbC123","expires_in":"3599"}'
else cat > "$SEEN/body"; printf '{}'; fi
"""
"""Stands in for curl: notes what it is given, and answers as the token endpoint does."""


@pytest.fixture
def paste(tmp_path: Path) -> "Shell":
    """A shell into which commands are pasted."""
    return Shell(tmp_path)


class Shell:
    """bash with a curl that goes nowhere."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        curl = folder / "curl"
        curl.write_text(CURL, encoding="ascii")
        curl.chmod(0o755)

    def __call__(self, *pasted: str) -> str:
        """What the shell printed."""
        environment = {"PATH": f"{self.folder}:{os.environ['PATH']}", "SEEN": str(self.folder)}
        ran = subprocess.run(
            ["bash", "-eu"],
            input="\n".join(pasted) + "\n",
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        assert ran.stderr == ""
        return ran.stdout

    def arguments(self) -> list[str]:
        """Of every call of curl, one after the other."""
        return (self.folder / "arguments").read_text(encoding="ascii").splitlines()

    def body(self) -> dict[str, str]:
        """What the last call was to send."""
        found = json.loads((self.folder / "body").read_bytes())
        assert isinstance(found, dict)
        return found


def test_it_fits_the_screen() -> None:
    """80 columns, with these paths."""
    lines = "\n".join(as_text(RUNNING, "salio", "")).splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_it_says_where_everything_is() -> None:
    """Keys, certificate, folder, log, and where to look for results."""
    text = "\n".join(as_text(RUNNING, ".venv/bin/salio", " --data /srv/salio-data"))
    for word in (
        RUNNING.base_url,
        RUNNING.consumer_key,
        RUNNING.consumer_secret,
        RUNNING.certificate,
        RUNNING.data,
        RUNNING.inbox_url,
        ".venv/bin/salio log --follow --data /srv/salio-data",
        ".venv/bin/salio testdata --data /srv/salio-data",
    ):
        assert word in text


def test_the_token_command(paste: Shell) -> None:
    """Asks with key and secret, and keeps the token."""
    assert paste(commands(RUNNING)[0], 'echo "kept $TOKEN"') == "AbC123\nkept AbC123\n"
    assert paste.arguments() == [
        "-s",
        "-u",
        f"{RUNNING.consumer_key}:{RUNNING.consumer_secret}",
        "http://127.0.0.1:8282/oauth/v1/generate?grant_type=client_credentials",
    ]


@pytest.mark.parametrize(
    ("which", "path", "members"),
    [
        (
            1,
            "/mpesa/accountbalance/v1/query",
            {"Initiator": "testapiuser", "CommandID": "AccountBalance", "PartyA": "600000"},
        ),
        (
            2,
            "/mpesa/transactionstatus/v1/query",
            {
                "Initiator": "testapi",
                "CommandID": "TransactionStatusQuery",
                "PartyA": "600310",
                "TransactionID": "MBN31H462N",
            },
        ),
    ],
    ids=["balance", "status"],
)
def test_the_query_commands(paste: Shell, which: int, path: str, members: dict[str, str]) -> None:
    """Send well-formed JSON with the whole credential, and the token that was kept."""
    paste("TOKEN=AbC123", commands(RUNNING)[which])
    assert "Authorization: Bearer AbC123" in paste.arguments()
    assert f"http://127.0.0.1:8282{path}" in paste.arguments()
    body = paste.body()
    assert body["SecurityCredential"] == RUNNING.security_credential
    assert body["ResultURL"] == body["QueueTimeOutURL"] == RUNNING.inbox_url
    assert {name: body[name] for name in members} == members


def test_all_of_it_can_be_pasted_at_once(paste: Shell) -> None:
    """From the first heading on, as it stands on the screen."""
    text = "\n".join(as_text(RUNNING, "salio", ""))
    paste(text[text.index("# 1.") : text.index("Both results")])
    assert paste.arguments().count("-s") == 3


def test_for_programs() -> None:
    """One line with everything, and the commands as three texts."""
    line = as_json(RUNNING)
    assert "\n" not in line
    told = json.loads(line)
    assert told["base_url"] == RUNNING.base_url
    assert told["security_credential"] == RUNNING.security_credential
    assert told["commands"] == list(commands(RUNNING))


def test_without_curl_salio_asks_itself() -> None:
    """As on a machine that has only Python, pip, git and make."""
    text = "\n".join(as_text(RUNNING, "salio", " --data d", has_curl=False))
    assert "curl" not in text
    for asked in ("token", "balance --wait", "status MBN31H462N --wait"):
        assert f"\nsalio {asked} --data d\n" in text
