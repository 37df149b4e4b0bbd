"""What commands share about the data folder."""

from pathlib import Path

import pytest

from salio.cli.__main__ import main
from salio.cli.options import data_option
from tests.stores import in_file


@pytest.mark.parametrize(
    ("folder", "option"),
    [("salio-data", ""), ("/tmp/x", " --data /tmp/x"), ("my data", " --data 'my data'")],  # noqa: S108 - not used
)
def test_the_option_to_repeat(folder: str, option: str) -> None:
    """Nothing for the default; quoted for the shell."""
    assert data_option(Path(folder)) == option


@pytest.mark.parametrize(
    "arguments",
    [
        ["testdata"],
        ["log"],
        ["revoke", "x"],
        ["credential", "x"],
        ["app", "list"],
        ["app", "add", "x"],
        ["app", "set", "1", "--enable"],
    ],
    ids=" ".join,
)
def test_without_a_platforms_data_it_says_how_to_make_some(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str]
) -> None:
    """And makes nothing itself."""
    folder = tmp_path / "none"
    assert main([*arguments, "--data", str(folder)]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == (
        f"salio: there is no platform's data in {folder}: start one with `salio up --data {folder}`, "
        "or name its folder with --data\n"
    )
    assert not folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [["testdata"], ["log"], ["revoke", "x"], ["app", "list"], ["app", "add", "x"]],
    ids=" ".join,
)
@pytest.mark.parametrize(
    ("revision", "words"),
    [("9999", "run the newer Salio"), (None, "were written by an older Salio: run `salio up` once")],
    ids=["newer", "older"],
)
def test_another_schema_is_told(
    capsys: pytest.CaptureFixture[str],
    data: Path,
    arguments: list[str],
    revision: str | None,
    words: str,
) -> None:
    """Commands beside a platform never upgrade its database."""
    for name in ("sandbox", "portal"):
        connection = in_file(data / f"{name}.db")
        connection.execute("DELETE FROM alembic_version")
        if revision is not None:
            connection.execute("INSERT INTO alembic_version VALUES (?)", (revision,))
        connection.close()
    assert main([*arguments, "--data", str(data)]) == 1
    assert words in capsys.readouterr().err
