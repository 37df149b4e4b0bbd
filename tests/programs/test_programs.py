"""Libraries that nobody here wrote, as they are, under `salio run`: they get a token and ask both questions.

The scripts beside only configure them and have an endpoint. `make programs` gets the libraries and runs this.
"""

import shutil
import subprocess
from typing import Any

import pytest

from tests.cli.redirected import needs, needs_namespaces
from tests.programs.listed import folder
from tests.programs.running import SCRIPTS, Given, needs_program, read_by

ENVIRONMENTS = ["sandbox", "production"]


def says_both(read: dict[str, Any]) -> bool:
    """The balance's text and the status, as the program read them out of the two results."""
    return str(read["balance"]).startswith("Working Account|KES|") and read["status"] == "Completed"


@needs_program("mpesakit")
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_mpesakit(given: Given, environment: str) -> None:
    """Gets both results; its own models drop the balance of the one and refuse the other."""
    python = str(folder("mpesakit") / "bin" / "python")
    command = [python, str(SCRIPTS / "with_mpesakit.py")]
    read = read_by(command, given, more={"MPESA_ENVIRONMENT": environment})
    assert says_both(read)
    assert (read["model_has_balance"], read["model_has_status"]) == (False, False)


@needs_program("mainfinity-django-mpesa")
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_library_of_djangos(given: Given, environment: str) -> None:
    """Its services ask, its views take both results in, and its table has them as they came."""
    python = str(folder("mainfinity-django-mpesa") / "bin" / "python")
    command = [python, str(SCRIPTS / "with_django_mpesa.py")]
    assert says_both(read_by(command, given, more={"MPESA_ENVIRONMENT": environment}))


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize(
    ("name", "script", "options"),
    [
        pytest.param(
            "mpesa-node", "with_mpesa_node.js", [], marks=needs_program("mpesa-node"), id="mpesa-node"
        ),
        pytest.param(
            "mpesa-api",
            "with_mpesa_api.js",
            ["--hosts"],
            marks=[needs_program("mpesa-api"), needs_namespaces],
            id="mpesa-api",
        ),
    ],
)
def test_a_library_of_nodes(
    given: Given, name: str, script: str, options: list[str], environment: str
) -> None:
    """Reads both results; one that knows no proxy does so with `--hosts`."""
    more = {"MPESA_ENVIRONMENT": environment, "NODE_PATH": str(folder(name) / "node_modules")}
    assert says_both(read_by(["node", str(SCRIPTS / script)], given, *options, more=more))


def needs_php(autoload: str) -> pytest.MarkDecorator:
    """For a test of a library that the distribution may not have installed."""
    look = f"exit(stream_resolve_include_path('{autoload}') ? 0 : 1);"
    there = (
        shutil.which("php") is not None and subprocess.run(["php", "-r", look], check=False).returncode == 0
    )
    return pytest.mark.skipif(not there, reason=f"PHP has no {autoload}: a package of Debian's")


@pytest.mark.parametrize("environment", ENVIRONMENTS)
@pytest.mark.parametrize(
    ("client", "options"),
    [
        pytest.param("guzzle", [], marks=needs_php("GuzzleHttp/autoload.php"), id="guzzle"),
        pytest.param(
            "symfony", [], marks=needs_php("Symfony/Component/HttpClient/autoload.php"), id="symfony"
        ),
        pytest.param("curl", [], marks=needs("php"), id="curl"),
        pytest.param("streams", ["--hosts"], marks=[needs("php"), needs_namespaces], id="streams"),
    ],
)
def test_an_http_client_of_phps(given: Given, client: str, options: list[str], environment: str) -> None:
    """Reads both results; the requests are the script's own, the client is not."""
    command = ["php", str(SCRIPTS / "with_http_client.php"), client]
    assert says_both(read_by(command, given, *options, more={"MPESA_ENVIRONMENT": environment}))


@needs("php")
@needs_program("safaricom/mpesa")
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_safaricoms_library_for_php(given: Given, environment: str) -> None:
    """Reads both results."""
    command = ["php", str(SCRIPTS / "with_mpesa_php_sdk.php"), str(folder("safaricom/mpesa"))]
    assert says_both(read_by(command, given, more={"MPESA_ENVIRONMENT": environment}))
