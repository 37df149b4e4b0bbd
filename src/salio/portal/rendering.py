"""Templates to pages: everything is escaped, nothing is loaded from elsewhere, no script runs."""

import base64
import hashlib

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response


class Pages:
    """The templates of this package, and the headers that every page of theirs is sent with."""

    def __init__(self, environment: str, *, forms: bool = False) -> None:
        """``environment`` is named in the header of every page; with ``forms`` a page may send to its own
        origin.
        """
        self._templates = Environment(
            loader=PackageLoader("salio.portal"),
            autoescape=True,
            undefined=StrictUndefined,
            auto_reload=False,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals["environment"] = environment
        self._headers = {
            "Content-Security-Policy": _policy(
                self._templates.get_template("style.css").render(), sends_to="'self'" if forms else "'none'"
            ),
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        }

    def page(self, template: str, **facts: object) -> Response:
        """The page that a template makes of these facts."""
        text = self._templates.get_template(template).render(facts)
        return HTMLResponse(text, headers=self._headers)


def _policy(style: str, *, sends_to: str) -> str:
    """Nothing but this one stylesheet, by its hash, and the icon in the page itself."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        f"base-uri 'none'; form-action {sends_to}; frame-ancestors 'none'"
    )
