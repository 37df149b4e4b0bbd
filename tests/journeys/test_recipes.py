"""`docs/first-integration.md`, `recipes.md` and `moving.md` as they stand, each program a process of its own.

FastAPI and Django are in the full checks only: SALIO_FRAMEWORKS names the folder that has them (`.ci/run`).
"""

import json
import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from salio.sandbox.testdata.operators import PASSWORD
from salio.sandbox.testdata.passkeys import PUBLISHED_PASSKEYS
from salio.wire.receipts import is_receipt
from tests.documents import shown
from tests.journeys.bodies import MERCHANT, PAYER, answer_prompts
from tests.journeys.running import Platform
from tests.journeys.subjects import PAYING_SHORT_CODE
from tests.journeys.test_receiver import listening
from tests.ports import free_port
from tests.tidy.source import ROOT

FOLDER = os.environ.get("SALIO_FRAMEWORKS", "")
needs_frameworks = pytest.mark.skipif(not FOLDER, reason="needs SALIO_FRAMEWORKS, which .ci/run makes")
LOOKS = 2_000
"""Each asks the program, which takes some milliseconds: nobody sleeps."""


class Written:
    """The files of a document in a folder, and what their programs are given."""

    def __init__(self, document: str, folder: Path, platform: Platform) -> None:
        for name, text in shown(document).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        self.folder = folder
        self.port = free_port()
        self.environ = {name: value for name, value in os.environ.items() if not name.endswith("_proxy")} | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(folder), FOLDER]),
            "MPESA": f"http://127.0.0.1:{platform.port}",
            "MPESA_KEY": platform.app.key,
            "MPESA_SECRET": platform.app.secret,
            "MPESA_PASSWORD": PASSWORD,
            "MPESA_CALLBACKS": f"http://127.0.0.1:{self.port}/callbacks",
        }

    def run(self, *arguments: str, code: int = 0) -> str:
        """What a program of Python's prints, to its end."""
        ran = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ran.returncode == code, ran.stderr
        return ran.stdout

    @contextmanager
    def serving(self, application: str) -> Iterator[None]:
        """An application, from when it listens."""
        command = [sys.executable, "-m", "uvicorn", application, "--port", str(self.port)]
        command += ["--lifespan", "off"] if application.startswith("shop") else []
        with subprocess.Popen(
            command, cwd=self.folder, env=self.environ, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stderr is not None
            try:
                assert any("running on" in line for line in iter(process.stderr.readline, ""))
                yield
            finally:
                process.terminate()
                process.communicate()

    def ask(self, method: str = "GET") -> dict[str, str]:
        """`/balance` of the application."""
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/balance", method=method)
        with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # ours
            told: dict[str, str] = json.load(answer)
        return told

    def balance(self) -> str:
        """What the application knows of the Working Account, as soon as it does."""
        for _ in range(LOOKS):
            found = self.ask()
            if found:
                return found["Working Account"]
        raise AssertionError("no balance came")


def test_the_first_integration(documented: Platform, tmp_path: Path) -> None:
    """The program asks, receives and prints. Its tests are run with the fixtures' own, in tests/testing."""
    assert "Working Account KES" in Written("first-integration", tmp_path, documented).run("balance.py")


def test_the_plain_script(documented: Platform, tmp_path: Path) -> None:
    """Beside `salio listen`."""
    written = Written("recipes", tmp_path, documented)
    written.environ["MPESA_CALLBACKS"] = f"http://127.0.0.1:{written.port}"
    with listening(tmp_path / "payments.db", written.port):
        assert "Working Account" in written.run("nightly.py")
    written.environ["MPESA_SECRET"] = "wrong"
    written.run("nightly.py", code=1)


def test_the_shop(documented: Platform, tmp_path: Path) -> None:
    """A customer is paid; another is charged on the phone, and then gets the payment back."""
    written = Written("recipes", tmp_path, documented)
    written.environ |= {
        "MPESA_CALLBACKS": f"http://127.0.0.1:{written.port}",
        "MPESA_PASSKEY": PUBLISHED_PASSKEYS[MERCHANT],
    }
    written.environ |= {"MPESA_RECORD": "payer.db", "MPESA_SHORT_CODE": PAYING_SHORT_CODE}
    with listening(tmp_path / "payer.db", written.port):
        assert is_receipt(written.run("shop.py", "pay", "254708374149", "20.50").strip())
    answer_prompts(documented, "cancel")
    written.environ |= {"MPESA_RECORD": "merchant.db", "MPESA_SHORT_CODE": MERCHANT}
    with listening(tmp_path / "merchant.db", written.port), ThreadPoolExecutor(1) as pool:
        charged = pool.submit(written.run, "shop.py", "charge", PAYER, "73")
        while not charged.done():
            answer_prompts(documented, "right_pin")
        receipt = charged.result().strip()
        assert is_receipt(written.run("shop.py", "return", receipt, "73").strip())
        written.run("shop.py", "return", receipt, "73", code=1)


def test_what_moves(documented: Platform) -> None:
    """The calls that stand for another SDK's."""
    ((_, text),) = shown("moving").items()
    names = {
        "consumer_key": documented.app.key,
        "consumer_secret": documented.app.secret,
        "password": PASSWORD,
    }
    exec(text.replace("127.0.0.1:8282", f"127.0.0.1:{documented.port}"), names)  # noqa: S102  # our own document


@needs_frameworks
def test_fastapi(documented: Platform, tmp_path: Path) -> None:
    """Asked over HTTP, received by the mounted receiver, handled into the record's file."""
    written = Written("recipes", tmp_path, documented)
    with written.serving("web:app"):
        assert written.ask("POST")["conversation"].startswith("AG_")
        assert float(written.balance()) > 0


@needs_frameworks
def test_django(documented: Platform, tmp_path: Path) -> None:
    """A project as Django makes it, the document's files in it, and the command beside the server."""
    start = ["-m", "django", "startproject", "shop", "."]
    subprocess.run(
        [sys.executable, *start], cwd=tmp_path, env=os.environ | {"PYTHONPATH": FOLDER}, check=True
    )
    settings = tmp_path / "shop" / "settings.py"
    said = re.sub(r"INSTALLED_APPS = \[", 'INSTALLED_APPS = ["shop",', settings.read_text("utf-8"))
    settings.write_text(said, "utf-8")
    written = Written("recipes", tmp_path, documented)
    for command in (["makemigrations", "shop"], ["migrate"]):
        written.run("manage.py", *command)
    with (
        written.serving("shop.asgi:application"),
        closing(Follow(written)),
    ):
        assert written.ask("POST")["conversation"].startswith("AG_")
        assert float(written.balance()) > 0


class Follow:
    """`python manage.py follow`, which ends in order when it is told to."""

    def __init__(self, written: Written) -> None:
        command = [sys.executable, "manage.py", "follow"]
        self._process = subprocess.Popen(command, cwd=written.folder, env=written.environ)

    def close(self) -> None:
        """Its exit status says that it ended by itself."""
        self._process.terminate()
        assert self._process.wait(30) == 0
