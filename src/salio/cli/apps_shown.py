"""Apps as ``salio app`` prints them: in a table, one whole, or as JSON. A secret is shown only when given."""

from collections.abc import Mapping, Sequence
from textwrap import wrap

import msgspec

from salio.core.access.apps import App, Product, Throttle

PRODUCTS: Mapping[str, Product] = {product.word: product for product in Product}
"""By the word of the command line."""

_COLUMNS = ("Number", "Name", "Profile", "Products", "Short codes", "Throttle", "Enabled")
_WHOLE = frozenset({"Number", "Profile", "Throttle", "Enabled"})
_LONGEST = max(map(len, PRODUCTS))
"""Of the words, none of which is broken: the longest is the last, and has no comma."""
_INDENT = 17


def as_json(app: App, secret: str | None = None) -> str:
    """One line with everything."""
    members: dict[str, object] = {"number": app.number, "name": app.name, "consumer_key": app.consumer_key}
    if secret is not None:
        members["consumer_secret"] = secret
    members |= {
        "profile": app.profile,
        "products": _products(app),
        "short_codes": sorted(app.short_codes),
        "throttle": app.throttle,
        "enabled": app.enabled,
        "tokens_valid_from": app.tokens_valid_from,
    }
    return msgspec.json.encode(members).decode()


def as_text(app: App, secret: str | None = None) -> str:
    """One app whole, a line for each of its settings."""
    lines = [("number", str(app.number)), ("name", app.name), ("consumer key", app.consumer_key)]
    if secret is not None:
        lines.append(("consumer secret", secret))
    lines += [
        ("profile", app.profile),
        ("products", ", ".join(_products(app))),
        ("short codes", _folded(", ".join(sorted(app.short_codes)))),
        ("throttle", ", ".join(_limits(app.throttle))),
        ("enabled", _enabled(app)),
    ]
    if app.tokens_valid_from is not None:
        lines.append(("tokens", f"void if issued before {app.tokens_valid_from:%Y-%m-%dT%H:%M:%SZ}"))
    return "\n".join(f"{name:<{_INDENT}}{value}" for name, value in lines)


def print_table(apps: Sequence[App]) -> None:
    """A line for each app, within the terminal's width."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in _COLUMNS:
        table.add_column(
            column,
            no_wrap=column in _WHOLE,
            overflow="fold",
            min_width=_LONGEST if column == "Products" else 0,
        )
    for app in apps:
        table.add_row(
            str(app.number),
            app.name,
            app.profile,
            _products_in_words(app),
            str(len(app.short_codes)),
            "\n".join(_limits(app.throttle)),
            _enabled(app),
        )
    Console(highlight=False, markup=False, emoji=False).print(table)


def _products(app: App) -> list[str]:
    return [word for word, product in PRODUCTS.items() if product in app.products]


def _products_in_words(app: App) -> str:
    """Of most products those are named that it lacks."""
    has = _products(app)
    lacks = [word for word in PRODUCTS if word not in has]
    if not lacks:
        return "all"
    return f"all but {', '.join(lacks)}" if len(lacks) < len(has) else ", ".join(has) or "none"


def _limits(throttle: Throttle) -> list[str]:
    limits = []
    if throttle.per_second is not None:
        limits.append(f"{throttle.per_second:,}/s, burst {throttle.burst:,}")
    if throttle.per_day is not None:
        limits.append(f"{throttle.per_day:,}/day")
    return limits or ["none"]


def _enabled(app: App) -> str:
    return "yes" if app.enabled else "no"


def _folded(text: str) -> str:
    """Within 80 columns, below itself."""
    return f"\n{'':<{_INDENT}}".join(wrap(text, 80 - _INDENT))
