"""What the list of programs says stands in the documents too."""

import pytest

from tests.programs.getting import commands
from tests.programs.listed import Program, programs
from tests.tidy.source import ROOT

TOLD = (ROOT / "docs" / "run.md").read_text("utf-8")


@pytest.mark.parametrize("program", programs(), ids=lambda each: each.name)
def test_the_document_names_it(program: Program) -> None:
    """With the version that is got and what it needs besides, and there is an installer for it."""
    assert f"{program.name} {program.version}" in TOLD
    assert all(f"`{each}`" in TOLD for each in program.besides)
    assert program.requirement in commands(program, ROOT)[-1]
