"""`salio run` with programs of many kinds: none of them knows of it, and each is served by the platform."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.redirected import HEARD, URL, answering, needs, needs_namespaces, run

JAVA = """
import java.net.*;
import java.net.http.*;
public class Ask {
  public static void main(String[] given) throws Exception {
    var bytes = new URL(given[0]).openConnection().getInputStream().readAllBytes();
    System.out.println(new String(bytes));
    var request = HttpRequest.newBuilder(URI.create(given[0])).build();
    System.out.println(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}
"""
NODE_HTTPS = "require('https').get(process.argv[1], said => said.pipe(process.stdout))"
NODE_FETCH = "fetch(process.argv[1]).then(said => said.text()).then(text => process.stdout.write(text))"
PHP_CURL = "$c = curl_init($argv[1]); curl_exec($c);"
PHP_STREAMS = "echo file_get_contents($argv[1]);"
URLLIB = "import sys, urllib.request as u; print(u.urlopen(sys.argv[1]).read().decode(), end='')"
HTTPX = "import sys, httpx2; print(httpx2.get(sys.argv[1]).text, end='')"


@pytest.fixture(scope="module")
def platform() -> Iterator[str]:
    """One that runs."""
    with answering() as base_url:
        yield base_url


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(["curl", "-sS", URL], marks=needs("curl"), id="curl"),
        pytest.param([sys.executable, "-c", URLLIB, URL], id="urllib"),
        pytest.param([sys.executable, "-c", HTTPX, URL], id="httpx2"),
        pytest.param(["php", "-r", PHP_CURL, URL], marks=needs("php"), id="php-curl"),
    ],
)
def test_a_program_that_follows_the_environment(platform: str, tmp_path: Path, program: list[str]) -> None:
    """Asks the platform, and trusts what it is shown; the request is as if Safaricom were asked."""
    ran = run("--platform", platform, "--data", str(tmp_path), "--others", "refuse", "--", *program)
    assert (ran.stdout, ran.returncode) == (HEARD, 0), ran.stderr


@needs("javac")
def test_java(platform: str, tmp_path: Path) -> None:
    """Both of its clients."""
    source = tmp_path / "Ask.java"
    source.write_text(JAVA, "utf-8")
    ran = run("--platform", platform, "--data", str(tmp_path), "--", "java", str(source), URL)
    assert (ran.stdout, ran.returncode) == (f"{HEARD}\n" * 2, 0), ran.stderr


@needs_namespaces
@pytest.mark.parametrize(
    "program",
    [
        pytest.param(["curl", "-sS", "--noproxy", "*", URL], marks=needs("curl"), id="curl"),
        pytest.param(["node", "-e", NODE_HTTPS, URL], marks=needs("node"), id="node-https"),
        pytest.param(["node", "-e", NODE_FETCH, URL], marks=needs("node"), id="node-fetch"),
        pytest.param(["php", "-r", PHP_STREAMS, URL], marks=needs("php"), id="php-streams"),
    ],
)
def test_a_program_that_knows_no_proxy(platform: str, tmp_path: Path, program: list[str]) -> None:
    """Believes the names, which mean this machine there."""
    ran = run("--hosts", "--platform", platform, "--data", str(tmp_path), "--", *program)
    assert (ran.stdout, ran.returncode) == (HEARD, 0), ran.stderr


@needs_namespaces
@needs("curl")
def test_other_hosts_are_reached_from_a_network_of_ones_own(platform: str, tmp_path: Path) -> None:
    """Through the proxy; what is not there is said."""
    with answering() as other:
        named = other.replace("127.0.0.1", "localhost")
        program = ["curl", "-sS", "--noproxy", "", f"{named}/there"]
        ran = run("--hosts", "--platform", platform, "--data", str(tmp_path), "--", *program)
    assert (ran.stdout, ran.returncode) == (f'{{"host":"{named[7:]}","path":"/there"}}', 0), ran.stderr


@needs_namespaces
def test_the_user_stays_the_same(platform: str, tmp_path: Path) -> None:
    """And the machine's own table of hosts."""
    before = Path("/etc/hosts").read_bytes()
    whoever = subprocess.run(["id", "-u"], capture_output=True, text=True, check=True).stdout
    ran = run(
        "--hosts", "--platform", platform, "--data", str(tmp_path), "--", "sh", "-c", "id -u; cat /etc/hosts"
    )
    assert ran.stdout.startswith(f"{whoever}127.0.0.1 sandbox.safaricom.co.ke api.safaricom.co.ke\n")
    assert Path("/etc/hosts").read_bytes() == before


@needs_namespaces
@needs("curl")
@needs("setpriv")
def test_somebody_with_no_right_but_to_make_namespaces(platform: str, tmp_path: Path) -> None:
    """As most users are."""
    few = ["setpriv", "--bounding-set", "-sys_admin,-net_admin,-net_bind_service"]
    before = few if os.geteuid() == 0 else []
    options = ("--hosts", "--platform", platform, "--data", str(tmp_path))
    ran = run(*options, "--", "sh", "-c", f"curl -sS --noproxy '*' {URL}; id -u", before=before)
    assert (ran.stdout, ran.returncode) == (f"{HEARD}{os.geteuid()}\n", 0), ran.stderr


@needs_namespaces
def test_where_the_rights_do_not_allow_it(tmp_path: Path) -> None:
    """A line says so, and what to do; the program is not run."""
    forbidding = "echo 0 > /proc/sys/user/max_user_namespaces; echo 0 > /proc/sys/user/max_net_namespaces; "
    inside = f"{forbidding} exec {sys.executable} -m salio.cli run --hosts --data {tmp_path} -- echo ran"
    ran = subprocess.run(
        ["unshare", "--map-root-user", "sh", "-c", inside], capture_output=True, text=True, check=False
    )
    assert ran.returncode == 1
    assert ran.stdout == ""
    assert ran.stderr.startswith("salio: --hosts needs a mount and a network namespace of its own, ")
    assert "leave out --hosts" in ran.stderr
    assert ran.stderr.count("\n") == 1
