"""`salio run`: what it refuses, and that a program cannot tell that anybody stands between."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from tests.cli.redirected import HEARD, URL, answering, command, needs, run, surroundings
from tests.patience import PATIENCE
from tests.ports import free_port

UNTOUCHED = "nothing asked the proxy for Safaricom's hosts"


@pytest.fixture
def platform() -> Iterator[str]:
    """One that runs."""
    with answering() as base_url:
        yield base_url


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "say which program"),
        (["--platform", "http://127.0.0.1:1/base", "--", "true"], "a base URL like"),
        (["--platform", "http://[::1", "--", "true"], "a base URL like"),
        (["--platform", "127.0.0.1:8282", "--", "true"], "a base URL like http://127.0.0.1:8282"),
        (["--platform", "http://127.0.0.1:99999", "--", "true"], "a base URL like"),
        (["--platform", "http://u:p@127.0.0.1:8282", "--", "true"], "a base URL like"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], words: str
) -> None:
    """In one line that says what to do; no folder is made."""
    assert main(["run", "--data", str(tmp_path / "data"), *arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith("salio: ")
    assert words in error
    assert "u:p" not in error
    assert error.count("\n") == 1
    assert not (tmp_path / "data").exists()


def test_a_platform_that_is_not_there(tmp_path: Path) -> None:
    """Is found out before the program runs."""
    where = f"127.0.0.1:{free_port()}"
    ran = run("--platform", f"http://{where}", "--data", str(tmp_path), "--", "echo", "ran")
    assert ran.returncode == 1
    assert f"salio: no platform answers at {where}" in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize(
    ("program", "status"),
    [
        (["sh", "-c", "exit 7"], 7),
        (["true"], 0),
        (["sh", "-c", "kill -TERM $$"], -signal.SIGTERM),
        (["sh", "-c", "kill -KILL $$"], -signal.SIGKILL),
        (["salio-has-no-such-program"], 127),
        (["/etc/passwd"], 126),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_end_is_the_programs(platform: str, tmp_path: Path, program: list[str], status: int) -> None:
    """Its exit status, or the signal that it died of."""
    ran = run("--platform", platform, "--data", str(tmp_path), "--", *program)
    assert ran.returncode == status
    assert ran.stdout == ""
    assert (UNTOUCHED in ran.stderr) is (status not in {126, 127})


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_reach_the_program(platform: str, tmp_path: Path, number: signal.Signals) -> None:
    """It may do with them what it likes."""
    name = number.name.removeprefix("SIG")
    script = f"trap 'echo heard; exit 3' {name}; echo ready; while :; do read -t 1 x || :; done"
    with subprocess.Popen(
        command("--platform", platform, "--data", str(tmp_path), "--", "bash", "-c", script),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=surroundings(),
        start_new_session=True,  # no terminal of the person's who runs the tests
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "ready\n"
        running.send_signal(number)
        assert running.stdout.read() == "heard\n"
        assert running.wait(PATIENCE) == 3


def test_a_terminals_interrupt_comes_once(platform: str, tmp_path: Path) -> None:
    """The terminal sends it to everybody at once; the program does not get ours besides."""
    counting = "n=0; trap 'n=$((n+1)); echo heard' INT; echo ready; until read x; do :; done; exit $n"
    ours = command("--platform", platform, "--data", str(tmp_path), "--", "bash", "-c", counting)
    terminal = "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))"
    with subprocess.Popen(
        [sys.executable, "-c", terminal, *ours],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=surroundings(),
        start_new_session=True,
    ) as running:
        assert running.stdin is not None
        assert running.stdout is not None
        for awaited, typed in ((b"ready", b"\x03"), (b"heard", b"enough\n")):
            while awaited not in running.stdout.readline():
                assert running.poll() is None
            running.stdin.write(typed)
            running.stdin.flush()
        assert running.wait(PATIENCE) == 1


def test_standard_input_and_output_are_the_programs(platform: str, tmp_path: Path) -> None:
    """Untouched; what we say goes to standard error, and names no secret."""
    ran = subprocess.run(
        command("--platform", platform, "--data", str(tmp_path), "--", "cat"),
        input="typed",
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
        env=surroundings(),
    )
    assert ran.stdout == "typed"
    assert all(line.startswith("salio run: ") for line in ran.stderr.splitlines())
    assert "its --foreign-credentials trust" in ran.stderr


def test_nothing_is_left_behind(platform: str, tmp_path: Path) -> None:
    """The files of a run go with it; the local authority stays, for its owner alone."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    data = tmp_path / "data"
    ran = run(
        *(
            "--platform",
            platform,
            "--data",
            str(data),
            "--",
            "sh",
            "-c",
            'ls -ld "$(dirname $SSL_CERT_FILE)"',
        ),
        more={"TMPDIR": str(temporary)},
    )
    assert ran.stdout.startswith("drwx------")
    assert list(temporary.iterdir()) == []
    assert [each.name for each in (data / "redirect").iterdir()] == ["authority.pem"]
    assert (data / "redirect" / "authority.pem").stat().st_mode & 0o777 == 0o600


@needs("curl")
def test_other_hosts_are_refused_by_choice(platform: str, tmp_path: Path) -> None:
    """With a reason; Safaricom's are there all the same."""
    asked = f"curl -sS {URL}; echo; curl -sS http://example.com/"
    ran = run("--platform", platform, "--others", "refuse", "--data", str(tmp_path), "--", "sh", "-c", asked)
    said, refused = ran.stdout.splitlines()
    assert said == HEARD
    assert refused == "salio run: example.com:80: --others refuse lets only Safaricom's hosts be reached"
    assert UNTOUCHED not in ran.stderr


@needs("curl")
def test_who_is_refused_has_asked(platform: str, tmp_path: Path) -> None:
    """Over plain HTTP nobody is let through: that is no reason to say that nothing asked."""
    program = ["curl", "-sS", "http://sandbox.safaricom.co.ke/"]
    ran = run("--platform", platform, "--data", str(tmp_path), "--", *program)
    assert "is asked over https only" in ran.stdout
    assert UNTOUCHED not in ran.stderr


@pytest.mark.parametrize(
    ("program", "status", "why"),
    [
        ("salio-has-no-such-program", 127, "No such file or directory"),
        ("./none", 127, "No such file or directory"),
        ("/etc/passwd", 126, "Permission denied"),
    ],
)
def test_what_is_no_program_starts_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, program: str, status: int, why: str
) -> None:
    """No platform, no data folder: it is looked for first."""
    with pytest.raises(SystemExit) as ended:
        main(["run", "--data", str(tmp_path / "data"), "--", program])
    assert ended.value.code == status
    assert capsys.readouterr().err == f"salio run: {program}: {why}\n"
    assert not (tmp_path / "data").exists()


def test_the_environment_is_the_programs_otherwise(platform: str, tmp_path: Path) -> None:
    """What it was given it finds."""
    program = ["sh", "-c", "echo $PWD $GIVEN"]
    ran = run("--platform", platform, "--data", str(tmp_path), "--", *program, more={"GIVEN": "x"})
    assert ran.stdout == f"{Path.cwd()} x\n"
