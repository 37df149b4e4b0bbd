"""The gateway as one ASGI application: the APIs straight from a table, everything else through Starlette."""

from collections.abc import Awaitable, Mapping

from salio.gateway.desk import Desk
from salio.gateway.http import Endpoint, Receive, Scope, Send
from salio.gateway.oauth import OAuthEndpoint
from salio.gateway.prompt_query import PromptQueryEndpoint
from salio.gateway.questions import QuestionEndpoint
from salio.gateway.registering import RegisterEndpoint
from salio.gateway.routes import QUESTIONS
from salio.wire.apis import OAUTH_PATH, Api


def api_endpoints(desk: Desk) -> Mapping[bytes, Endpoint]:
    """Every API by its exact path, as bytes: an encoded or doubled slash is another path."""
    endpoints: dict[bytes, Endpoint] = {OAUTH_PATH.encode(): OAuthEndpoint(desk)}
    registering = RegisterEndpoint(desk)
    endpoints |= {path.encode(): registering for path in Api.C2B_REGISTER.paths}
    endpoints[Api.EXPRESS_QUERY.path.encode()] = PromptQueryEndpoint(desk)
    endpoints |= {each.path.encode(): QuestionEndpoint(each, desk) for each in QUESTIONS}
    return endpoints


class Gateway:
    """Sends a request to its API; to the pages if it is none of them."""

    def __init__(self, endpoints: Mapping[bytes, Endpoint], pages: Endpoint) -> None:
        self._endpoints = endpoints
        self._pages = pages

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """The ASGI callable."""
        endpoint = self._endpoints.get(scope["raw_path"]) if scope["type"] == "http" else None
        return (endpoint or self._pages)(scope, receive, send)

    @classmethod
    def like(cls, other: "Gateway") -> "Gateway":
        """Another one that sends requests where that one does now."""
        return cls(other._endpoints, other._pages)

    def become(self, other: "Gateway") -> None:
        """Sends whoever comes from here on where the other does."""
        self._endpoints, self._pages = other._endpoints, other._pages
