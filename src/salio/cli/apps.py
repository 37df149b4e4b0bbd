"""``salio app``: lists the developers' apps, adds one, changes one, whether or not the platform runs."""

import sys
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

import cyclopts
import msgspec
from cyclopts import Parameter
from cyclopts.validators import Number

from salio.cli import control
from salio.cli.apps_shown import PRODUCTS, as_json, as_text, print_table
from salio.cli.beside import Beside
from salio.cli.errors import CommandError
from salio.cli.options import DEFAULT_DATA, Data, Json, data_option
from salio.core.access.apps import UNTHROTTLED, App, Product, Throttle

if TYPE_CHECKING:
    Word = str
else:
    Word = Literal[tuple(PRODUCTS)]
    """What the command line calls a product; a new product is one here at once."""

EXAMPLES = """Examples:

  salio app list
  salio app add Shop
  salio app set 2 --per-second 5

  salio app COMMAND --help    the options of a command, with examples"""

LIST_EXAMPLES = """Examples:

  salio app list
  salio app list --json"""

ADD_EXAMPLES = """Examples:

  salio app add Shop
  salio app add Shop --product balance --short-code 600000 --short-code 600610
  salio app add Load --unthrottled --json"""

SET_EXAMPLES = """Examples:

  salio app set 2 --per-second 5 --burst 10 --per-day 1000
  salio app set 2 --product b2b --product tax --no-product reversal
  salio app set 2 --disable
  salio app set 2 --revoke-tokens"""

LONGEST_NAME = 64
"""No page gives a length; a name stands in a line of the log."""

Wire = Literal["documented", "observed"]

_WIRE_HELP = "How it is spoken to: as documented, or as Safaricom was seen to answer."
_SWITCH = Parameter(negative="", show_default=False)


def _whole(_type: object, tokens: Sequence[cyclopts.Token]) -> int:
    """Instead of cyclopts' own reading, which rounds 1.5."""
    try:
        return int(tokens[0].value)
    except ValueError:
        raise ValueError(f"{tokens[0].value} is not a whole number.") from None


_LIMIT = Parameter(
    converter=_whole,
    validator=Number(gte=1, lte=1_000_000_000),  # no limit of anybody's, and its arithmetic stays exact
)


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Limits:
    """An app's throttle as options; ``None`` was not given. A new app's are the core's defaults."""

    per_second: Annotated[int | None, _LIMIT, Parameter(help="Requests a second; a new app has 25.")] = None
    burst: Annotated[
        int | None, _LIMIT, Parameter(help="Requests at once after a pause; a new app has 25.")
    ] = None
    per_day: Annotated[
        int | None, _LIMIT, Parameter(help="Accepted requests a day; a new app has 100,000.")
    ] = None
    unthrottled: Annotated[bool, _SWITCH, Parameter(help="No limit at all.")] = False

    def over(self, before: Throttle) -> Throttle:
        """The throttle with what was given in its place."""
        numbers = {"per_second": self.per_second, "burst": self.burst, "per_day": self.per_day}
        given = {name: number for name, number in numbers.items() if number is not None}
        if self.unthrottled and given:
            raise CommandError("--unthrottled lifts every limit: leave it out, or the limits beside it")
        throttle = UNTHROTTLED if self.unthrottled else msgspec.structs.replace(before, **given)
        if self.burst is not None and throttle.per_second is None:
            raise CommandError(
                "--burst belongs to a limit a second, which this app lacks: give --per-second too"
            )
        return throttle


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Products:
    """What changes of an app's products, as options."""

    product: Annotated[
        list[Word] | None, Parameter(negative="", help="An API it may call as well; repeatable.")
    ] = None
    no_product: Annotated[
        list[Word] | None, Parameter(negative="", help="An API it may call no more; repeatable.")
    ] = None

    def over(self, before: frozenset[Product]) -> frozenset[Product]:
        """The products with these added and those taken away."""
        both = set(self.product or ()) & set(self.no_product or ())
        if both:
            raise CommandError(f"{min(both)} is both given and taken away: leave one out")
        added = {PRODUCTS[each] for each in self.product or ()}
        return (before | added) - {PRODUCTS[each] for each in self.no_product or ()}


def build(*, sort_key: int) -> cyclopts.App:
    """The group of commands."""
    group = cyclopts.App(
        name="app",
        help="List the apps of developers, add one, change one.",
        help_epilogue=EXAMPLES,
        sort_key=sort_key,
    )
    group.command(list_apps, name="list", sort_key=1, help_epilogue=LIST_EXAMPLES)
    group.command(add_app, name="add", sort_key=2, help_epilogue=ADD_EXAMPLES)
    group.command(set_app, name="set", sort_key=3, help_epilogue=SET_EXAMPLES)
    return group


def list_apps(*, data: Data = DEFAULT_DATA, json: Json = False) -> None:
    """List every app, without its secret; as JSON one object a line."""
    with closing(Beside(data).access) as access:
        apps = access.apps()
    if not json:
        print_table(apps)
        return
    for app in apps:
        print(as_json(app))


def add_app(
    name: Annotated[str, Parameter(help="What people call it.")],
    /,
    *,
    product: Annotated[
        list[Word] | None,
        Parameter(negative="", help="An API it may call; repeatable. All if not given."),
    ] = None,
    short_code: Annotated[
        list[str] | None,
        Parameter(
            negative="", help="A short code it speaks for; repeatable. All of the test data if not given."
        ),
    ] = None,
    wire: Annotated[Wire, Parameter(help=_WIRE_HELP)] = "documented",
    limits: Limits = Limits(),
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Add an app, and print its consumer key and secret; a running platform knows it within a second."""
    from salio.sandbox.testdata.whole import APP_NUMBER
    from salio.vault.app_secrets import AppSecrets

    called = _checked_name(name)
    spoken_for = _checked_short_codes(short_code, data)
    throttle = limits.over(Throttle())
    beside = Beside(data, to_write=True)
    secrets = AppSecrets(beside.keys, entropy=beside.entropy)
    secret = secrets.new_consumer_secret()
    with closing(beside.access), beside.access.unit():
        # the test app's number stays free for it, should a first start have broken off before it was added
        highest = max((each.number for each in beside.access.apps()), default=APP_NUMBER)
        app = App(
            number=max(highest, APP_NUMBER) + 1,
            name=called,
            consumer_key=secrets.new_consumer_key(),
            secret_digest=secrets.digest_secret(secret),
            secret_sealed=secrets.seal_secret(secret),
            products=frozenset(PRODUCTS[each] for each in product or PRODUCTS),
            short_codes=spoken_for,
            profile=wire,
            throttle=throttle,
        )
        beside.access.add_apps([app])
    print(as_json(app, secret) if json else as_text(app, secret))


def set_app(
    which: Annotated[str, Parameter(name="APP", help="Its number or its consumer key.")],
    /,
    *,
    products: Products = Products(),
    limits: Limits = Limits(),
    wire: Annotated[Wire | None, Parameter(help=_WIRE_HELP)] = None,
    enable: Annotated[
        bool | None, Parameter(negative="--disable", help="Whether it may get tokens and use them.")
    ] = None,
    revoke_tokens: Annotated[
        bool, _SWITCH, Parameter(help="End its tokens: those issued until now are void.")
    ] = False,
    data: Data = DEFAULT_DATA,
    json: Json = False,
) -> None:
    """Change one app, and print it; a running platform follows within a second."""
    given = (products, limits, wire, enable, revoke_tokens)
    if given == (Products(), Limits(), None, None, False):
        raise CommandError("nothing to change: `salio app set --help` lists the options")
    beside = Beside(data, to_write=True)
    with closing(beside.access):
        found = _find(beside.access.apps(), which, data)
        limits.over(found.throttle)  # what cannot be is refused before anything is done
        products.over(found.products)
        revoke_here = revoke_tokens and not _revoked_by_the_platform(found, data)
        with beside.access.unit():
            before, now = _find(beside.access.apps(), which, data), datetime.now(UTC)
            app = msgspec.structs.replace(
                before,
                products=products.over(before.products),
                throttle=limits.over(before.throttle),
                profile=wire or before.profile,
                enabled=before.enabled if enable is None else enable,
                tokens_valid_from=_next_second(now) if revoke_here else before.tokens_valid_from,
            )
            beside.access.save_app(app)
    if revoke_here:
        time.sleep(1 - now.microsecond / 1_000_000)  # until a new token is a good one
    print(as_json(app) if json else as_text(app))
    _warn_of_the_test_app(app, wire)


def _revoked_by_the_platform(app: App, data: Data) -> bool:
    """A sandbox's clock may be another than the machine's: if one runs, it ends the tokens by its own."""
    try:
        control.call(data, "POST", "/_salio/tokens/revoke", {"app": app.number})
    except control.NotRunningError:
        return False
    return True


def _next_second(now: datetime) -> datetime:
    """A token knows the second of its issue only: to end those of this one, all of it has to count."""
    return now.replace(microsecond=0) + timedelta(seconds=1)


def _warn_of_the_test_app(app: App, wire: Wire | None) -> None:
    from salio.sandbox.testdata.whole import APP_NUMBER

    if wire is not None and app.number == APP_NUMBER:
        print(
            "salio: this is the test app, whose profile the next `salio up` sets again by its own --wire",
            file=sys.stderr,
        )


def _find(apps: Sequence[App], which: str, data: Data) -> App:
    found = next((each for each in apps if which in (str(each.number), each.consumer_key)), None)
    if found is None:
        raise CommandError(
            f"no app has this number or consumer key: `salio app list{data_option(data)}` shows them"
        )
    return found


def _checked_name(given: str) -> str:
    name = given.strip()
    if not name:
        raise CommandError("an app needs a name that is not empty")
    if len(name) > LONGEST_NAME:
        raise CommandError(f"an app's name has at most {LONGEST_NAME} characters, this one {len(name)}")
    if not name.isprintable():
        raise CommandError("an app's name is one line of printable characters")
    return name


def _checked_short_codes(given: Sequence[str] | None, data: Data) -> frozenset[str]:
    from salio.sandbox.testdata import parties
    from salio.wire.wording import shown

    known = parties.short_codes()
    unknown = [each for each in given or () if each not in known]
    if unknown:
        raise CommandError(
            f"{', '.join(map(shown, unknown))}: no such short code; "
            f"`salio testdata{data_option(data)}` lists them"
        )
    return frozenset(given or known)
