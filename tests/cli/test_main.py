"""The command begins fast, and says in a line what it lacks."""

import subprocess
import sys
from pathlib import Path

import pytest

from salio import __version__
from salio.cli.__main__ import EXTRAS, main

WITHOUT = """
import sys
from salio.cli.__main__ import main

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
sys.exit(main({arguments!r}))
"""
"""A machine on which one module was never installed."""
WITHOUT_ANY = WITHOUT.replace("== {missing!r}", "in {missing!r}")
"""One on which none of several was."""


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Runs code in a Python of its own."""
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version(capsys: pytest.CaptureFixture[str], option: str) -> None:
    """One line."""
    assert main([option]) == 0
    assert capsys.readouterr().out == f"salio {__version__}\n"


def test_the_version_loads_nothing() -> None:
    """So it comes at once: no command line library, none of our own halves."""
    heavy = "{'cyclopts', 'rich', 'msgspec', 'salio.core', 'salio.wire', 'salio.cli.app'}"
    ran = python(
        "import sys; from salio.cli.__main__ import main; main(['--version']); "
        f"sys.exit(str(sorted({heavy} & set(sys.modules))))"
    )
    assert ran.stderr == "[]\n"


def test_building_the_commands_loads_no_half() -> None:
    """Help needs neither the platform nor a database."""
    heavy = "{'salio.platform', 'salio.storage', 'salio.vault', 'sqlalchemy', 'uvicorn', 'cryptography'}"
    ran = python(
        "import sys; from salio.cli.__main__ import main; main(['--help']); "
        f"sys.exit(str(sorted({heavy} & set(sys.modules))))"
    )
    assert ran.stderr == "[]\n"


@pytest.mark.parametrize(
    ("missing", "arguments", "extra"),
    [
        ("cyclopts", ["--help"], "cli"),
        ("rich", ["testdata"], "cli"),
        ("uvicorn", ["up"], "cli"),
        ("pycurl", ["up"], "platform"),
        ("sqlalchemy", ["log"], "platform"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_missing_extra_is_named(data: Path, missing: str, arguments: list[str], extra: str) -> None:
    """With the command that installs it."""
    option = [] if arguments == ["--help"] else ["--data", str(data)]
    ran = python(WITHOUT.format(missing=missing, arguments=[*arguments, *option]))
    assert ran.returncode == 1
    assert (
        ran.stderr == f"salio: this needs {missing}, which is not installed: pip install 'salio[{extra}]'\n"
    )


def test_a_missing_module_of_nobodys_is_a_fault_of_ours() -> None:
    """It keeps its traceback."""
    ran = python(WITHOUT.format(missing="shlex", arguments=["--help"]))
    assert "ModuleNotFoundError" in ran.stderr


def test_the_extras_are_those_of_the_project() -> None:
    """Each module that the command may miss comes with the extra that it names."""
    import tomllib

    project = Path(__file__).parents[2] / "pyproject.toml"
    declared = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = {
        extra: {line.partition(">")[0].replace("-", "_") for line in declared[extra]} for extra in EXTRAS
    }
    assert named["cli"] == EXTRAS["cli"]
    assert named["platform"] == EXTRAS["platform"] | {"salio[cli]"}


def test_a_closed_pipe_ends_it_quietly(data: Path) -> None:
    """`salio testdata | head`: no traceback."""
    with subprocess.Popen(
        [sys.executable, "-m", "salio.cli", "testdata", "--json", "--data", str(data)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()


@pytest.mark.parametrize(
    "arguments",
    [
        "credential abc --certificate sandbox",
        "explain 18",
        "decode 2032",
        "token --profile none",
        "balance --profile none --record none.db",
        "pending --record none.db",
        "end 1 --as failed --because x --record none.db",
        "forget --before 2026-01-01 --because x --record none.db",
        "listen --record RECORD --host 192.0.2.1",
        "run --platform http://127.0.0.1:9 -- true",
    ],
)
def test_what_the_extra_of_the_commands_is_enough_for(tmp_path: Path, arguments: str) -> None:
    """As docs/client.md lists them: none asks for a module of the platform's."""
    given = arguments.replace("RECORD", str(tmp_path / "record.db")).split()
    code = WITHOUT_ANY.format(missing=sorted(EXTRAS["platform"]), arguments=given)
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert "this needs" not in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_local_profile_needs_the_platform(tmp_path: Path) -> None:
    """It is beside one: the extra is named."""
    code = WITHOUT_ANY.format(
        missing=sorted(EXTRAS["platform"]), arguments=["balance", "--data", str(tmp_path)]
    )
    for name in ("sandbox.db", "portal.db"):
        (tmp_path / name).touch()
    (tmp_path / "keys" / "sandbox").mkdir(parents=True)
    assert "pip install 'salio[platform]'" in python(code).stderr
