"""`salio app` lists apps, adds one, changes one, seen by whoever follows the portal database."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from salio.cli.__main__ import main
from salio.cli.apps_shown import PRODUCTS
from salio.core.access.apps import UNTHROTTLED, App, Product, Throttle
from salio.core.access.tokens import TokenState, judge
from salio.platform.folder import SANDBOX, DataFolder
from salio.sandbox.testdata import parties
from salio.storage.sqlite.access import SqliteAccessStore
from salio.vault.app_secrets import AppSecrets
from salio.vault.keys import KeyRing
from salio.vault.tokens import TokenMint
from tests.cli.conftest import KEY, SECRET
from tests.stores import in_file
from tests.vault.samples import Seeded


@pytest.fixture
def keys(data: Path) -> KeyRing:
    """Of the same folder's platform."""
    return KeyRing.open(data / "keys" / SANDBOX, SANDBOX, entropy=Seeded(3))


@pytest.fixture
def access(data: Path) -> SqliteAccessStore:
    """The portal database as a running platform has it open."""
    return SqliteAccessStore(in_file(data / "portal.db", "portal"))


class Salio:
    """`salio app …` on one folder."""

    def __init__(self, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._data = data
        self._capsys = capsys

    def says(self, *arguments: str) -> str:
        """What it prints when all is well."""
        assert main(["app", *arguments, "--data", str(self._data)]) == 0
        return self._capsys.readouterr().out

    def describes(self, *arguments: str) -> dict[str, Any]:
        """The same as JSON."""
        described: dict[str, Any] = json.loads(self.says(*arguments, "--json"))
        return described

    def refuses(self, *arguments: str) -> str:
        """What it says on standard error when it cannot."""
        assert main(["app", *arguments, "--data", str(self._data)]) == 1
        printed = self._capsys.readouterr()
        assert printed.out == ""
        return printed.err


@pytest.fixture
def salio(data: Path, capsys: pytest.CaptureFixture[str]) -> Salio:
    """The command on this test's folder."""
    return Salio(data, capsys)


def stored(access: SqliteAccessStore, number: int) -> App:
    """The app of that number."""
    return next(each for each in access.apps() if each.number == number)


# --- add -------------------------------------------------------------------------------------------------


def test_a_new_app_has_the_documented_defaults(
    salio: Salio, access: SqliteAccessStore, keys: KeyRing
) -> None:
    """25 a second, 25 at once, 100,000 a day (rulings, Answers); every product, every short code."""
    version = access.version()
    described = salio.describes("add", "  Shop ")
    assert access.version() > version
    key, secret = described.pop("consumer_key"), described.pop("consumer_secret")
    assert described == {
        "number": 2,
        "name": "Shop",
        "profile": "documented",
        "products": ["balance", "status", "b2c", "b2b", "tax", "c2b", "express", "reversal"],
        "short_codes": sorted(parties.short_codes()),
        "throttle": {"per_second": 25, "burst": 25, "per_day": 100_000},
        "enabled": True,
        "tokens_valid_from": None,
    }
    assert (len(key), len(secret)) == (48, 64)
    app, secrets = stored(access, 2), AppSecrets(keys, entropy=Seeded(4))
    assert (app.consumer_key, app.throttle, app.products) == (key, Throttle(), frozenset(Product))
    assert app.secret_digest == secrets.digest_secret(secret)
    assert secrets.unseal_secret(app.secret_sealed) == secret


@pytest.mark.parametrize(
    ("arguments", "member", "expected"),
    [
        (["--product", "balance"], "products", frozenset({Product.ACCOUNT_BALANCE})),
        (["--product", "status", "--product", "status"], "products", frozenset({Product.TRANSACTION_STATUS})),
        (
            ["--short-code", "600000", "--short-code", "600782"],
            "short_codes",
            frozenset({"600000", "600782"}),
        ),
        (["--wire", "observed"], "profile", "observed"),
        (["--per-second", "1"], "throttle", Throttle(per_second=1)),
        (["--burst", "7", "--per-day", "9"], "throttle", Throttle(burst=7, per_day=9)),
        (["--unthrottled"], "throttle", UNTHROTTLED),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_an_app_is_given(
    salio: Salio, access: SqliteAccessStore, arguments: list[str], member: str, expected: object
) -> None:
    """Instead of the default; the rest keeps its own."""
    salio.says("add", "Shop", *arguments)
    assert getattr(stored(access, 2), member) == expected


@pytest.mark.parametrize("product", Product, ids=lambda product: product.word)
def test_any_product_can_be_given_and_taken_away(
    salio: Salio, access: SqliteAccessStore, product: Product
) -> None:
    """To a new app, and to and from one that is there."""
    salio.says("add", "Shop", "--product", product.word)
    assert stored(access, 2).products == {product}
    salio.says("set", "2", "--no-product", product.word)
    assert stored(access, 2).products == set()
    assert salio.describes("set", "2", "--product", product.word)["products"] == [product.word]
    assert stored(access, 2).products == {product}


def test_add_for_people(salio: Salio, access: SqliteAccessStore) -> None:
    """A line for each setting."""
    printed = salio.says("add", "Shop", "--short-code", "600000")
    app = stored(access, 2)
    assert f"consumer key     {app.consumer_key}\n" in printed
    assert "\nconsumer secret  " in printed
    assert "\nthrottle         25/s, burst 25, 100,000/day\n" in printed
    assert "\nshort codes      600000\n" in printed


def test_add_keeps_to_the_screen(salio: Salio) -> None:
    """What one copies is never broken; the short codes go on below themselves."""
    lines = salio.says("add", "Shop").splitlines()
    assert max(len(line) for line in lines if "secret" not in line) <= 80
    shown = [line[17:].strip().removesuffix(",") for line in lines]
    assert ", ".join(sorted(parties.short_codes())) in ", ".join(shown)


def test_two_at_once_get_two_numbers(data: Path, access: SqliteAccessStore) -> None:
    """The number is chosen in the transaction that adds the app."""
    command = [sys.executable, "-m", "salio.cli", "app", "add", "Twin", "--data", str(data), "--json"]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(4)]
    numbers = {json.loads(process.communicate()[0])["number"] for process in started}
    assert numbers == {2, 3, 4, 5} == {each.number for each in access.apps()} - {1}


def test_the_test_apps_number_stays_free(salio: Salio, access: SqliteAccessStore, data: Path) -> None:
    """Where the first start broke off before it had added its app, the next still can."""
    connection = in_file(data / "portal.db")
    connection.execute("DELETE FROM app")
    connection.close()
    assert salio.describes("add", "Shop")["number"] == 2
    assert [each.number for each in access.apps()] == [2]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["  "], "needs a name"),
        (["x" * 65], "at most 64 characters, this one 65"),
        (["two\nlines"], "printable"),
        (["Shop", "--short-code", "999999", "--short-code", "600000"], "999999: no such short code"),
        (["Shop", "--unthrottled", "--per-day", "5"], "--unthrottled lifts every limit"),
    ],
    ids=["empty", "long", "unprintable", "short code", "limits"],
)
def test_add_says_what_is_wrong(
    salio: Salio, access: SqliteAccessStore, arguments: list[str], words: str
) -> None:
    """And adds nothing."""
    assert words in salio.refuses("add", *arguments)
    assert [each.number for each in access.apps()] == [1]


@pytest.mark.parametrize("option", ["--per-second", "--burst", "--per-day"])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "x", "1000000001"])
@pytest.mark.parametrize("command", [["add", "Shop"], ["set", "1"]], ids=lambda value: value[0])
def test_a_limit_is_a_positive_number(
    capsys: pytest.CaptureFixture[str], data: Path, command: list[str], option: str, value: str
) -> None:
    """Anything else is refused, naming the option."""
    with pytest.raises(SystemExit) as ended:
        main(["app", *command, option, value, "--data", str(data)])
    assert ended.value.code
    assert option in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["add"],
        ["add", "x", "--product", "other"],
        ["set", "1", "--no-product", "other"],
        ["set", "1", "--enable", "--disable"],
        ["set"],
        ["other"],
    ],
    ids=" ".join,
)
def test_what_cannot_be_read_is_refused(
    capsys: pytest.CaptureFixture[str], data: Path, arguments: list[str]
) -> None:
    """With an exit status, and the words on standard error."""
    with pytest.raises(SystemExit) as ended:
        main(["app", *arguments, "--data", str(data)])
    assert ended.value.code
    assert "Error" in capsys.readouterr().err


# --- list ------------------------------------------------------------------------------------------------


def test_list_for_people(salio: Salio) -> None:
    """Every app within 80 columns, whatever it is called; no secret."""
    secret = salio.describes("add", "[red]" + "Ü" * 59, "--product", "status")["consumer_secret"]
    salio.says("set", "2", "--disable")
    printed = salio.says("list")
    for word in ("Salio", "documented", "none", "yes", "[red]", "25/s, burst 25 ", "no "):
        assert word in printed
    assert SECRET not in printed
    assert secret not in printed
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize(
    ("taken", "shown"),
    [
        ((), "all"),
        (("tax",), "all but tax"),
        (("tax", "express"), "all but tax, express"),
        (("balance", "status", "b2c", "b2b", "tax"), "c2b, express, reversal"),
        (tuple(PRODUCTS), "none"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_products_for_people(
    salio: Salio, monkeypatch: pytest.MonkeyPatch, taken: tuple[str, ...], shown: str
) -> None:
    """In few words; and however narrow the screen is, no word is broken."""
    salio.says("add", "Shop")
    salio.says("set", "2", "--disable", *(option for each in taken for option in ("--no-product", each)))
    monkeypatch.setenv("COLUMNS", "160")
    assert f"documented   {shown}   " in salio.says("list")
    monkeypatch.setenv("COLUMNS", "80")
    words = salio.says("list").split()
    assert set(shown.split()) <= set(words)
    assert {"Number", "Products", "Enabled"} <= set(words)


def test_list_as_json(salio: Salio) -> None:
    """One object a line, with every short code; no secret."""
    salio.says("add", "Shop", "--short-code", "600000")
    first, second = map(json.loads, salio.says("list", "--json").splitlines())
    assert (first["number"], first["consumer_key"]) == (1, KEY)
    assert first["throttle"] == {"per_second": None, "burst": 25, "per_day": None}
    assert (second["number"], second["name"], second["short_codes"]) == (2, "Shop", ["600000"])
    assert "consumer_secret" not in first | second


def test_list_of_none(salio: Salio, data: Path) -> None:
    """No app, no line."""
    connection = in_file(data / "portal.db")
    connection.execute("DELETE FROM app")
    connection.close()
    assert salio.says("list", "--json") == ""


# --- set -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["1", KEY], ids=["number", "key"])
def test_set_finds_by_number_and_by_key(salio: Salio, access: SqliteAccessStore, which: str) -> None:
    """Others follow by the version."""
    version = access.version()
    assert salio.describes("set", which, "--per-day", "5")["throttle"]["per_day"] == 5
    assert access.version() > version
    assert stored(access, 1).throttle == Throttle(per_second=None, per_day=5)


@pytest.mark.parametrize(
    ("steps", "member", "expected"),
    [
        (
            ["--per-second 3", "--burst 4", "--per-day 5"],
            "throttle",
            Throttle(per_second=3, burst=4, per_day=5),
        ),
        (["--unthrottled"], "throttle", UNTHROTTLED),
        (["--wire observed"], "profile", "observed"),
        (
            ["--product b2b --product tax", "--no-product status --product c2b"],
            "products",
            frozenset({Product.B2B, Product.TAX_REMITTANCE, Product.C2B}),
        ),
        (["--disable"], "enabled", False),
        (["--disable", "--enable"], "enabled", True),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_set_changes_what_was_given(
    salio: Salio, access: SqliteAccessStore, steps: list[str], member: str, expected: object
) -> None:
    """And nothing else, its secret least of all."""
    salio.says("add", "Shop", "--short-code", "600000", "--product", "status")
    before = stored(access, 2)
    for step in steps:
        assert "secret" not in salio.says("set", "2", *step.split())
    after = stored(access, 2)
    assert getattr(after, member) == expected
    assert {name for name in App.__struct_fields__ if getattr(before, name) != getattr(after, name)} <= {
        member
    }


@pytest.mark.parametrize("stale", [False, True], ids=["after an orderly end", "after a death"])
def test_a6_a_token_holds_until_the_apps_tokens_are_ended(
    salio: Salio, access: SqliteAccessStore, keys: KeyRing, data: Path, *, stale: bool
) -> None:
    """Those issued until then are void at once, the one issued next is good, and another app's stay."""
    mint = TokenMint(keys, entropy=Seeded(5))

    def state(token: str) -> TokenState:
        claim = mint.read(token)
        assert claim is not None
        app = stored(access, claim.app_number)
        return judge(claim, app, revoked=claim in access.revoked(), now=datetime.now(UTC))

    if stale:
        DataFolder(data).sign("http://127.0.0.1:9")
    number = salio.describes("add", "Shop")["number"]
    old, other = mint.issue(number, datetime.now(UTC)), mint.issue(1, datetime.now(UTC))
    assert state(old) is TokenState.VALID
    assert "\ntokens           void if issued before 20" in salio.says("set", str(number), "--revoke-tokens")
    assert state(old) is TokenState.REVOKED
    assert state(other) is TokenState.VALID
    new = mint.issue(number, datetime.now(UTC))
    assert state(new) is TokenState.VALID
    salio.says("set", str(number), "--disable")
    assert (state(old), state(new)) == (TokenState.REVOKED, TokenState.APP_DISABLED)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["7", "--enable"], "no app has this number or consumer key: `salio app list --data "),
        (["1"], "nothing to change: `salio app set --help`"),
        (["1", "--burst", "5"], "--burst belongs to a limit a second"),
        (["1", "--unthrottled", "--burst", "5"], "--unthrottled lifts every limit"),
        (["1", "--product", "tax", "--no-product", "tax"], "tax is both given and taken away"),
    ],
    ids=["unknown", "nothing", "burst alone", "both", "given and taken away"],
)
def test_set_says_what_is_wrong(
    salio: Salio, access: SqliteAccessStore, arguments: list[str], words: str
) -> None:
    """And changes nothing."""
    before = access.apps()
    assert words in salio.refuses("set", *arguments)
    assert access.apps() == before


def test_the_test_apps_profile_is_not_for_long(capsys: pytest.CaptureFixture[str], data: Path) -> None:
    """`salio up --wire` sets it at each start, so whoever sets it here is told."""
    for which, warned in (("--wire", True), ("--disable", False)):
        arguments = [which, "observed"] if warned else [which]
        assert main(["app", "set", "1", *arguments, "--data", str(data)]) == 0
        assert ("the next `salio up` sets again" in capsys.readouterr().err) is warned


@pytest.mark.parametrize("command", ["list", "add", "set"])
def test_help_has_examples(capsys: pytest.CaptureFixture[str], command: str) -> None:
    """Each begins with the command itself, and keeps to 80 columns."""
    assert main(["app", command, "--help"]) == 0
    shown = capsys.readouterr().out
    assert f"Examples:\n\n  salio app {command}" in shown
    assert max(map(len, shown.splitlines())) <= 80
