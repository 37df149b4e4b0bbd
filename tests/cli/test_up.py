"""`salio up` refuses what it cannot do before it touches anything; its journey is proved elsewhere."""

from pathlib import Path

import pytest

from salio.cli.__main__ import main


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--production-port", "8283"], "this version serves the sandbox only"),
        (["--database", "sqlite:///x.db"], "in the folder that --data names"),
        (["--seed", "7", "--host", "0.0.0.0"], "for loopback only, not for 0.0.0.0"),  # noqa: S104 - refused
        (["--seed", "7", "--host", "::"], "for loopback only"),
        (["--seed", "7", "--host", "example.com"], "for loopback only"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_not_to_be_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: list[str], words: str
) -> None:
    """In one line that says what to do; no folder is made."""
    folder = tmp_path / "data"
    assert main(["up", *arguments, "--data", str(folder)]) == 1
    error = capsys.readouterr().err
    assert error.startswith("salio: ")
    assert words in error
    assert error.count("\n") == 1
    assert not folder.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ["--port", "65536"],
        ["--port", "-1"],
        ["--queue-limit", "0"],
        ["--queue-limit", "nan"],
        ["--overload", "0"],
        ["--wire", "both"],
        ["--foreign-credentials", "maybe"],
        ["--token-policy", "none"],
    ],
    ids=" ".join,
)
def test_values_out_of_range(tmp_path: Path, arguments: list[str]) -> None:
    """Refused by the command line itself."""
    with pytest.raises(SystemExit) as ended:
        main(["up", *arguments, "--data", str(tmp_path / "data")])
    assert ended.value.code
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_made(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """Named, with what to do, and without a traceback."""
    (tmp_path / "file").write_text("in the way", encoding="ascii")
    assert main(["up", "--port", "0", "--data", str(tmp_path / "file" / "data")]) == 1
    error = capsys.readouterr().err
    assert f"the data folder {tmp_path / 'file' / 'data'} is a file, or lies below one" in error
    assert "choose another with --data" in error
