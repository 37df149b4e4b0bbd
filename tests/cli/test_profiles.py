"""Profiles hold no secret; those come from the environment, or from the system's keyring."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.cli.errors import CommandError
from salio.cli.profiles import VARIABLES, Profile, Secrets, profiles_directory, read_profile, record_of

SHOP = """
[shop]
environment = "http://127.0.0.1:9"
initiator = "shopapi"
short_code = "600000"
result_url = "https://shop.example/result"
"""
KEYRING = """
def get_password(service, name):
    return "kept" if (service, name) == ("salio/shop", "consumer_secret") else None
"""
ERRORS = """
class KeyringError(Exception): pass
"""
LOCKED = """
from keyring import errors
def get_password(service, name):
    raise errors.KeyringError("it is locked")
"""
FIND = """
from salio.cli.errors import CommandError
from salio.cli.profiles import Secrets
import sys
sys.modules.update({blocked})
try:
    print(Secrets("shop", {{}}).find("consumer_secret"))
except CommandError as error:
    print(error)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of profiles."""
    path = tmp_path / "profiles.toml"
    path.write_text(SHOP, "utf-8")
    return path


def test_a_profile(file: Path) -> None:
    """Read by its name."""
    assert read_profile(file, "shop") == Profile(
        environment="http://127.0.0.1:9",
        initiator="shopapi",
        short_code="600000",
        result_url="https://shop.example/result",
    )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", None),
        ("shop.db", "/etc/salio/shop.db"),
        ("/srv/shop.db", "/srv/shop.db"),
        ("postgresql://shop@db/shop", "postgresql://shop@db/shop"),
    ],
)
def test_where_a_record_is(said: str, found: str | None) -> None:
    """A file beside the profiles unless it says more; a PostgreSQL where its URL says."""
    assert record_of(said, Path("/etc/salio")) == found


@pytest.mark.parametrize(
    ("given", "found"),
    [("/elsewhere", "/elsewhere/salio"), ("relative", "~/.config/salio"), (None, "~/.config/salio")],
)
def test_where_profiles_are(given: str | None, found: str) -> None:
    """Where XDG_CONFIG_HOME says, if that is a whole path."""
    environ = {} if given is None else {"XDG_CONFIG_HOME": given}
    assert profiles_directory(environ) == Path(found).expanduser()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[other]\nenvironment = 'sandbox'", "there is no profile shop in .*: there are local, other"),
        ("[shop]\nenvironment = 5", r"\[shop\]: Expected `str`, got `int`"),
        ("[shop]", "missing required field `environment`"),
        ("[shop]\nenvironment = 'sandbox'\ncolour = 'hunter2'", "unknown field `colour`"),
        ("shop = 'hunter2'", "Expected `object`, got `str`"),
        ("[shop", "is no TOML"),
        ("\xff", "is no TOML"),
        ("[local]\nenvironment = 'sandbox'", "local is the data folder's platform"),
        ("[shop]\nconsumer_secret = 'hunter2'", "holds no secrets: take consumer_secret out"),
        ("[other]\npassword = 'hunter2'", "holds no secrets: take password out"),
        ("consumer_key = 'hunter2'", "holds no secrets: take consumer_key out"),
        ("[shop]\nrecord = 'postgresql://shop:hunter2@db/shop'", "take the password out of record"),
        ("[shop]\nrecord = 'postgresql://db/shop?password=hunter2'", "take the password out of record"),
    ],
)
def test_a_file_that_cannot_be_used(tmp_path: Path, content: str, words: str) -> None:
    """Says what is the matter, without what it holds."""
    path = tmp_path / "profiles.toml"
    path.write_text(content, "latin-1")
    with pytest.raises(CommandError, match=words) as caught:
        read_profile(path, "shop")
    assert "hunter2" not in str(caught.value)


def test_without_a_file(tmp_path: Path) -> None:
    """There is only the local one."""
    with pytest.raises(CommandError, match=r"there is no profile shop in .*: there are local$"):
        read_profile(tmp_path / "profiles.toml", "shop")


def test_secrets() -> None:
    """The environment's before the keyring's, each under its own name."""
    kept = {("salio/shop", "initiator_password"): "kept", ("salio/shop", "consumer_key"): "kept"}
    secrets = Secrets("shop", {"SALIO_CONSUMER_KEY": "said"}, lambda *asked: kept.get(asked))
    assert secrets.find("consumer_key") == ("consumer_key", "said")
    assert secrets.find("security_credential", "initiator_password") == ("initiator_password", "kept")
    with pytest.raises(CommandError, match="has no consumer_secret: set SALIO_CONSUMER_SECRET, or keep it"):
        secrets.find("consumer_secret")


@pytest.mark.parametrize(
    ("module", "blocked", "printed"),
    [
        (KEYRING, "{}", "('consumer_secret', 'kept')"),
        (LOCKED, "{}", "which says: it is locked"),
        (KEYRING, "{'keyring': None}", "which needs pip install 'salio[cli]'"),
    ],
    ids=["kept", "locked", "not installed"],
)
def test_the_systems_keyring(tmp_path: Path, module: str, blocked: str, printed: str) -> None:
    """Asked when nothing else has the secret, if it is installed."""
    package = tmp_path / "keyring"
    package.mkdir()
    (package / "__init__.py").write_text(module, "utf-8")
    (package / "errors.py").write_text(ERRORS, "utf-8")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    ran = subprocess.run(
        [sys.executable, "-c", FIND.format(blocked=blocked)],
        env=os.environ | {"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert printed in ran.stdout


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("SALIO_CONSUMER_SECRET", "the profile shop has no consumer_secret"),
        ("SALIO_INITIATOR_PASSWORD", "the profile shop has no initiator_password"),
        (
            "",
            "or the inbox of a Salio platform, and this profile's results go to https://shop.example/result",
        ),
    ],
    ids=["secret", "password", "nothing"],
)
def test_the_command_says_what_it_lacks(file: Path, missing: str, words: str) -> None:
    """Before anything is sent; no secret is on the command line, nor in what is said."""
    folder = file.parent / "salio"
    folder.mkdir()
    file.rename(folder / file.name)
    given = {each: "hunter2" for each in VARIABLES.values() if each != "SALIO_SECURITY_CREDENTIAL"}
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SALIO_")}
    environ |= {name: value for name, value in given.items() if name != missing}
    ran = subprocess.run(
        [sys.executable, "-m", "salio.cli", "balance", "--profile", "shop", "--wait"],
        env=environ
        | {"XDG_CONFIG_HOME": str(file.parent), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert words in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert "hunter2" not in ran.stderr


@pytest.mark.parametrize("command", ["token", "balance", "status"])
def test_help_has_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """Each begins with the command itself, and keeps to 80 columns."""
    assert main([command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"Examples:\n\n  salio {command}" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_no_platform_ever_ran(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Nor any profile was named."""
    assert main(["balance", "--data", str(tmp_path / "none")]) == 1
    assert "start one with `salio up --data" in capsys.readouterr().err
