"""What programs trust under `salio run` is what they trusted before, and the local authority."""

import shutil
import subprocess
from pathlib import Path

import pytest

from salio.redirect.authority import Authority
from salio.redirect.trust import NAMED_BY, PASSWORD, write_trust
from tests.redirect.world import NOW

BEGIN = b"-----BEGIN CERTIFICATE-----"


@pytest.mark.parametrize("variable", NAMED_BY)
def test_the_bundle_keeps_what_was_trusted(tmp_path: Path, variable: str) -> None:
    """The roots of a company's own file, those of the machine, and ours; each once."""
    ours, theirs = Authority.new(NOW).pem, Authority.new(NOW).pem
    company = tmp_path / "company.pem"
    company.write_bytes(b"# comments are none\n" + theirs + theirs)
    bundle = write_trust(tmp_path, ours, {variable: str(company)}).bundle.read_bytes()
    assert bundle.count(ours.strip()) == bundle.count(theirs.strip()) == 1
    machine = write_trust(_new(tmp_path), ours, {}).bundle.read_bytes()
    assert bundle.count(BEGIN) == machine.count(BEGIN) + 1


def test_a_file_that_is_not_there_adds_nothing(tmp_path: Path) -> None:
    """As whoever reads the variable would find."""
    ours = Authority.new(NOW).pem
    trust = write_trust(tmp_path, ours, dict.fromkeys(NAMED_BY, str(tmp_path / "missing")))
    assert ours.strip() in trust.bundle.read_bytes()


def test_settings_of_php(tmp_path: Path) -> None:
    """For its curl and its streams."""
    trust = write_trust(tmp_path, Authority.new(NOW).pem, {})
    assert (trust.php / "salio.ini").read_text("utf-8") == (
        f'curl.cainfo = "{trust.bundle}"\nopenssl.cafile = "{trust.bundle}"\n'
    )


@pytest.mark.skipif(shutil.which("keytool") is None, reason="needs a Java")
def test_the_store_of_java(tmp_path: Path) -> None:
    """Java finds as many trusted certificates in it as the bundle has."""
    trust = write_trust(tmp_path, Authority.new(NOW).pem, {})
    command = ["keytool", "-list", "-keystore", str(trust.java), "-storepass", PASSWORD]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert listed.count("trustedCertEntry") == trust.bundle.read_bytes().count(BEGIN)


def _new(folder: Path) -> Path:
    made = folder / "another"
    made.mkdir()
    return made
