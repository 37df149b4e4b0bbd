"""The fixtures for pytest, in runs of pytest of their own."""

import re
from pathlib import Path

import pytest

from tests.documents import shown

pytest_plugins = ["pytester"]

DOCUMENT = Path(__file__).parents[2] / "docs" / "testing.md"

ALONE = ("-p", "no:salio", "-p", "salio.testing.plugin", "-p", "no:cacheprovider")
"""The plugin as it stands here, whether or not an installed one would be found by its entry point."""

MORE = '''
import asyncio
import urllib.request
from datetime import UTC, datetime, timedelta

import pytest

import salio
from salio.testing import ControlError


@pytest.mark.parametrize("round", range(4))
def test_each_finds_the_test_data_alone(salio_platform, salio_client, salio_faults, salio_clock, round):
    """Whatever the test before has left."""
    assert salio_platform.control.call("GET", "requests")["entries"] == []
    assert salio_faults.list() == []
    assert abs(salio_clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    salio_client.balance().result()
    salio_faults.add(lose="result")
    salio_clock.advance(days=1)


def test_tasks(salio_async_client):
    """The result is waited for while the event loop goes on."""

    async def journey():
        async with salio_async_client as client:
            asked = await asyncio.gather(client.balance(), client.status("MBN31H462N", short_code="600000"))
            return await asyncio.gather(*(each.result() for each in asked))

    assert [each.code for each in asyncio.run(journey())] == ["0", "2032"]


def test_another_initiator(salio_platform, expect_result):
    """Of the test data, or one that is none."""
    with salio_platform.client(salio_platform.initiator_of("600310")) as client:
        assert expect_result(client.status("MBN31H462N")).transaction.status == "Completed"
    with salio_platform.client(salio_platform.initiator_of("600310", password="wrong")) as client:
        expect_result(client.balance(), code="18")


def test_time(salio_clock):
    """Stands, is set and goes on."""
    moment = datetime(2027, 1, 1, tzinfo=UTC)
    salio_clock.stop()
    assert salio_clock.set(moment) == salio_clock.now() == moment
    assert salio_clock.run() >= moment


def test_faults(salio_faults):
    """By their numbers; a word that is not known is told."""
    numbers = [salio_faults.add(lose="result"), salio_faults.add(decline="overloaded", share=0.5)]
    salio_faults.remove(numbers[0])
    assert [each["number"] for each in salio_faults.list()] == numbers[1:]
    salio_faults.clear()
    assert salio_faults.list() == []
    with pytest.raises(ControlError, match="lose"):
        salio_faults.add(lose="hope")


def test_what_a_result_that_never_comes_is_called(salio_client, salio_faults):
    """Late, as of any client."""
    salio_faults.add(end="queue_timed_out", next=1)
    with pytest.raises(salio.client.errors.ResultLate, match="17 queue timed out"):
        salio_client.balance().result(timeout=1)


def test_it_is_real(salio_platform):
    """Anybody may ask; the certificate is there as a file too."""
    with urllib.request.urlopen(f"{salio_platform.base_url}/certificate.pem") as answer:
        assert answer.read() == salio_platform.certificate.read_bytes()
    assert (salio_platform.data / "platform.json").exists()
'''

FAILING = """
def test_lost(salio_client, salio_faults, expect_result):
    salio_faults.add(lose="result", next=1)
    expect_result(salio_client.balance())


def test_code(salio_client, expect_result):
    expect_result(salio_client.balance(), code="18")


def test_unknown(expect_result):
    expect_result("AG_nobody")
"""

OBSERVED = '''
def test_observed(salio_client):
    """As it was seen, and credentials of another certificate are taken."""
    raw = salio_client.balance().result().raw
    assert '"ResultCode":0,' in raw


def test_foreign(salio_platform):
    """Safaricom's own certificate is bundled with the client; one such credential in 400 reads as text."""
    import msgspec

    def asked():
        foreign = msgspec.structs.replace(salio_platform.initiator, certificate="sandbox")
        with salio_platform.client(foreign) as client:
            return client.balance().result().succeeded

    assert asked() or asked()
'''

WITHOUT = '''
import sys


class Missing:
    """A machine on which the platform's extra was never installed."""

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "pycurl":
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def test_nothing_is_imported():
    assert [each for each in sys.modules if each.startswith("salio.") and "testing" not in each] == []
    assert "sqlalchemy" not in sys.modules


def test_the_extra_is_named():
    sys.meta_path.insert(0, Missing())


def test_it_is_missing(salio_platform):
    pass
'''


def examples(language: str) -> list[str]:
    """Those of the document."""
    return re.findall(rf"```{language}\n(.*?)```", DOCUMENT.read_text("utf-8"), re.DOTALL)


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """A run of pytest whose warnings are errors."""
    return pytester.runpytest_subprocess(*ALONE, "-W", "error", "-p", "no:randomly", *arguments)


def test_the_document_and_more(pytester: pytest.Pytester) -> None:
    """Every example runs as it stands; two workers have a platform each."""
    pytester.makepyfile(test_document="".join(examples("python")), test_more=MORE)
    for name, text in shown("first-integration").items():
        pytester.path.joinpath(name).write_text(text, "utf-8")
    pytester.syspathinsert()
    result = run(pytester, "-n", "2")
    result.assert_outcomes(passed=20)


def test_what_is_said_of_a_result_that_does_not_come(pytester: pytest.Pytester) -> None:
    """What became of the request, in a line, at the test's own line."""
    pytester.makepyfile(FAILING)
    result = run(pytester)
    result.assert_outcomes(failed=3)
    result.stdout.fnmatch_lines(
        [
            ">       expect_result(salio_client.balance())",
            "E       Failed: no result of AG_* came. AccountBalance of 600000 by testapiuser: undelivered; "
            "0 succeeded; lost on purpose: fault 1: lose result",
            "E       Failed: ResultCode 18 was expected, and 0 came: The service request is *",
            "E       Failed: no result of AG_nobody: nothing here is called so*",
        ]
    )
    result.stdout.no_fnmatch_line("*During handling*")


def test_settings(pytester: pytest.Pytester) -> None:
    """The other profile, and credentials that were made for Safaricom."""
    (ini,) = examples("ini")
    pytester.makefile(".ini", pytest=re.sub(r" +#.*", "", ini))
    pytester.makepyfile(OBSERVED)
    run(pytester).assert_outcomes(passed=2)


@pytest.mark.parametrize("setting", ["salio_wire", "salio_foreign_credentials"])
def test_a_setting_that_is_none(pytester: pytest.Pytester, setting: str) -> None:
    """Says what it may be."""
    pytester.makefile(".ini", pytest=f"[pytest]\n{setting} = often")
    pytester.makepyfile("def test(salio_platform): pass")
    result = run(pytester)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([f"E *UsageError: {setting} is * or *, not 'often'"])


def test_a_run_that_asks_for_nothing(pytester: pytest.Pytester) -> None:
    """Imports nothing; and who has not the platform is told which extra brings it."""
    pytester.makepyfile(WITHOUT)
    result = run(pytester)
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["this needs pycurl, which is not installed: pip install 'salio?platform?'"])
