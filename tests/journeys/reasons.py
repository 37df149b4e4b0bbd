"""The named causes as two tables: what is asked, and the words of X-Salio-Reason."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from salio.core.access.apps import Product, Throttle
from salio.wire.apis import OAUTH_PATH, Api
from tests.builders import NOW, ago
from tests.journeys.client import Answer, basic, bearer
from tests.journeys.running import ABSENT, BALANCE, JSON, STATUS, Platform
from tests.journeys.subjects import C2B_RECEIPT, TRANSACTIONS

WRONG = "Safaricom999!*?"


def escaped(text: str) -> str:
    """The pattern of exactly this text."""
    return re.escape(text)


@dataclass(frozen=True)
class Failure:
    """A well-formed request whose result fails, and the reason in the callback's request."""

    what: str
    pattern: str
    changes: Mapping[str, Any]
    api: Api = BALANCE
    credential: Callable[[Platform], str] | None = None
    """Makes another than the right one."""
    short_codes: frozenset[str] = field(default_factory=frozenset)
    """Of the app that asks, if it is not the test data's."""

    def asked(self, platform: Platform) -> dict[str, str]:
        """Asks, and waits for the callback; its headers."""
        changes = dict(self.changes)
        if self.credential is not None:
            changes["SecurityCredential"] = self.credential(platform)
        app = platform.add_app(short_codes=self.short_codes) if self.short_codes else None
        return platform.result(self.api, changes, app=app).headers


def _who(what: str, text: str, initiator: str) -> Failure:
    return Failure(what, escaped(text), {"Initiator": initiator})


ANOTHER = next(each for each in TRANSACTIONS if each.credit_party == "600000" and each.receipt != C2B_RECEIPT)
FAILURES = [
    _who("unknown initiator", "no initiator nobody at 600000", "nobody"),
    _who(
        "a close name",
        "no initiator testapiusr at 600000; did you mean testapiuser of 600000?",
        "testapiusr",
    ),
    _who(
        "another short code's initiator",
        "no initiator Testapi772 at 600000; that name exists at 600772: "
        "send PartyA and Initiator that go together",
        "Testapi772",
    ),
    _who(
        "many short codes' initiator",
        "no initiator testapi at 600000; that name exists at 174379, 572572, 600134, 600310, 600610 "
        "and 21 more: send PartyA and Initiator that go together",
        "testapi",
    ),
    _who("another script", r"no initiator \xd1and\xfa at 600000", "Ñandú"),
    Failure(
        "an initiator that only others have",
        escaped("no initiator headoffice at 600000"),
        {"Initiator": "headoffice"},
        short_codes=frozenset({"600000"}),
    ),
    _who(
        "channel Web",
        "initiator webuser of 600000 is of the Web channel, not API: use one that was made for the API",
        "webuser",
    ),
    _who(
        "role missing",
        "initiator norole of 600000 lacks the role Balance Query ORG API; "
        "it has: Business Paybill Org API initiator",
        "norole",
    ),
    Failure(
        "the other API's role missing",
        escaped(
            "initiator norole of 600000 lacks the role Transaction Status query ORG API; "
            "it has: Business Paybill Org API initiator"
        ),
        {"Initiator": "norole"},
        api=STATUS,
    ),
    _who(
        "dormant by hand",
        "initiator dormant of 600000 is dormant, put to rest by hand, last used on 2026-04-18: "
        "it has to be activated again",
        "dormant",
    ),
    _who(
        "dormant by disuse",
        "initiator unused of 600000 is dormant, last used on 2026-05-17: it has to be activated again",
        "unused",
    ),
    _who(
        "password expired",
        "the password of initiator expired of 600000 expired on 2026-07-17: set a new one",
        "expired",
    ),
    _who(
        "locked",
        "initiator locked of 600000 is locked after 5 wrong passwords, until it is unlocked",
        "locked",
    ),
    Failure(
        "another app's short code",
        r"PartyA 600000 is not a short code of the app, nor below one; app app \d+ has: 600782",
        {},
        short_codes=frozenset({"600782"}),
    ),
    Failure(
        "a short code that nobody has",
        r"PartyA 699999 is not a short code of the app, nor below one; app app \d+ has: 600134",
        {"PartyA": "699999"},
        short_codes=frozenset({"600134"}),
    ),
    Failure(
        "no till",
        escaped("PartyA 600000 is not a till, as IdentifierType 2 says"),
        {"IdentifierType": "2"},
    ),
    Failure(
        "another API's command",
        escaped(
            "CommandID is not AccountBalance, which this API needs; "
            "TransactionStatusQuery belongs to the Transaction Status API"
        ),
        {"CommandID": "TransactionStatusQuery"},
    ),
    Failure(
        "the command of an API that is not served here",
        escaped(
            "CommandID is not TransactionStatusQuery, which this API needs; "
            "BusinessPayment belongs to the B2C API"
        ),
        {"CommandID": "BusinessPayment"},
        api=STATUS,
    ),
    Failure(
        "a command misspelt",
        escaped(
            "CommandID is not AccountBalance, which this API needs; a CommandID has no spaces and its own "
            "capitals, as in AccountBalance of the Account Balance API"
        ),
        {"CommandID": "Account balance"},
    ),
    Failure(
        "nobody's command",
        escaped("CommandID is not AccountBalance, which this API needs"),
        {"CommandID": WRONG},
    ),
    Failure(
        "no such receipt",
        escaped("no transaction of 600000 has receipt UZZ0000001"),
        {"TransactionID": "UZZ0000001"},
        api=STATUS,
    ),
    Failure(
        "another organization's receipt, in the same words",
        escaped("no transaction of 600000 has receipt MBN31H462N"),
        {"TransactionID": "MBN31H462N"},
        api=STATUS,
    ),
    Failure(
        "two transactions",
        escaped("TransactionID and OriginalConversationID name different transactions"),
        {"OriginalConversationID": ANOTHER.originator_conversation_id},
        api=STATUS,
    ),
]


@dataclass(frozen=True)
class Refusal:
    """A request that is not accepted, and the reason in the answer."""

    what: str
    pattern: str
    asked: Callable[[Platform], Answer]


def _body(what: str, text: str, /, **changes: Any) -> Refusal:
    return Refusal(what, escaped(text), lambda platform: platform.ask(BALANCE, changes))


def _with(platform: Platform, token: str) -> Answer:
    return platform.send("POST", BALANCE.path, [("Authorization", bearer(token)), JSON], b"{}")


def _issued(platform: Platform, app: int, seconds_ago: int = 0) -> str:
    mint = platform.sandbox.desk.mint
    return platform.on_loop(lambda: mint.issue(app, ago(seconds=seconds_ago) if seconds_ago else NOW))


def _revoked(platform: Platform) -> Answer:
    token = platform.token(new=True)
    platform.revoke(token)
    platform.forget_tokens()
    return _with(platform, token)


def _twice(platform: Platform, throttle: Throttle) -> Answer:
    app = platform.add_app(throttle=throttle)
    assert platform.ask(BALANCE, app=app).status == 200
    return platform.ask(BALANCE, app=app)


def _same_id(platform: Platform) -> Answer:
    app = platform.add_app()
    chosen = {"OriginatorConversationID": "rent-1"}
    assert platform.ask(BALANCE, chosen, app=app).status == 200
    return platform.ask(BALANCE, chosen, app=app)


def _form(platform: Platform, media_type: str) -> Answer:
    body = b"Initiator=testapiuser&PartyA=600000"
    return platform.post(BALANCE, body, headers=[("Content-Type", media_type)])


REFUSALS = [
    Refusal(
        "token expired",
        escaped("the token is expired since 2026-08-16 09:29:59 UTC: ask for a new one"),
        lambda platform: _with(platform, _issued(platform, platform.app.number, seconds_ago=3601)),
    ),
    Refusal("token revoked", escaped("the token is revoked: ask for a new one"), _revoked),
    Refusal(
        "a forged token, or another environment's",
        escaped(
            "the token was not issued by this platform: it is another environment's, or was cut or changed"
        ),
        lambda platform: _with(platform, "c9SQxWWhmdVRlyh0zh8gZDTkubVF"),
    ),
    Refusal(
        "a token of an app that is gone",
        escaped("the token is of an app that no longer exists: use the key and secret of another app"),
        lambda platform: _with(platform, _issued(platform, 999_999)),
    ),
    Refusal(
        "a token of a disabled app",
        escaped("the token is of a disabled app: use the key and secret of another app"),
        lambda platform: _with(platform, _issued(platform, platform.add_app(enabled=False).number)),
    ),
    Refusal(
        "no token",
        escaped("no Authorization header"),
        lambda platform: platform.send("POST", BALANCE.path, [JSON], b"{}"),
    ),
    Refusal(
        "Basic where Bearer is meant",
        escaped("the scheme is not Bearer"),
        lambda platform: platform.send(
            "POST", BALANCE.path, [("Authorization", basic("a", "b")), JSON], b"{}"
        ),
    ),
    Refusal(
        "no product",
        r"app app \d+ lacks the product Account Balance; it has: none",
        lambda platform: platform.ask(BALANCE, app=platform.add_app(products=frozenset())),
    ),
    Refusal(
        "another product",
        r"app app \d+ lacks the product Account Balance; it has: Transaction Status",
        lambda platform: platform.ask(
            BALANCE, app=platform.add_app(products=frozenset({Product.TRANSACTION_STATUS}))
        ),
    ),
    _body(
        "a field misspelt",
        "Initiator: missing; did you mean `Initiator`: you sent `InitiatorName`",
        Initiator=ABSENT,
        InitiatorName="testapiuser",
    ),
    _body("a field left out", "Initiator: missing", Initiator=ABSENT),
    Refusal(
        "a header smuggled in a name",
        escaped(r"Initiator: missing; did you mean `Initiator`: you sent `Initiator\x0d\x0aX: 1`"),
        lambda platform: platform.ask(BALANCE, {"Initiator": ABSENT, "Initiator\r\nX: 1": "testapiuser"}),
    ),
    Refusal(
        "a form body under a JSON content type",
        escaped('not JSON: it looks like a form body (name=value); send a JSON object, {"Initiator": "..."}'),
        lambda platform: _form(platform, "application/json"),
    ),
    Refusal(
        "a form",
        escaped(
            "Content-Type is 'application/x-www-form-urlencoded'; send application/json and a JSON object"
        ),
        lambda platform: _form(platform, "application/x-www-form-urlencoded"),
    ),
    _body(
        "a number where text was meant",
        "Initiator: is a number, text expected: put it in quotes",
        Initiator=600000,
    ),
    _body("a list where text was meant", "Remarks: is a list, text expected", Remarks=["ok"]),
    _body(
        "a credential that is none",
        "SecurityCredential: base64 of 3 bytes, 256 expected",
        SecurityCredential="QUJD",
    ),
    Refusal(
        "an OriginatorConversationID twice",
        escaped("OriginatorConversationID: the app used this OriginatorConversationID before"),
        _same_id,
    ),
    Refusal(
        "spike arrest",
        escaped("spike arrest: 1 a second with a burst of 1 allowed"),
        lambda platform: _twice(platform, Throttle(per_second=1, burst=1)),
    ),
    Refusal(
        "quota",
        escaped("quota: 1 a day allowed, until midnight UTC"),
        lambda platform: _twice(platform, Throttle(per_second=None, per_day=1)),
    ),
    Refusal(
        "another method",
        escaped("GET where POST is asked for"),
        lambda platform: platform.send("GET", BALANCE.path),
    ),
    Refusal(
        "another method on a page",
        escaped("DELETE on a page that has no such method"),
        lambda platform: platform.send("DELETE", "/healthz"),
    ),
    Refusal(
        "no such path",
        escaped("nothing answers on this path"),
        lambda platform: platform.send("POST", "/mpesa/accountbalance/v2/query"),
    ),
    Refusal(
        "wrong consumer secret",
        escaped("wrong consumer secret"),
        lambda platform: platform.grant(basic(platform.app.key, "wrong")),
    ),
    Refusal(
        "unknown consumer key",
        escaped("unknown consumer key"),
        lambda platform: platform.grant(basic("nobody", platform.app.secret)),
    ),
    Refusal(
        "no Basic authentication",
        escaped("0 Authorization headers, one is needed"),
        lambda platform: platform.send("GET", f"{OAUTH_PATH}?grant_type=client_credentials"),
    ),
    Refusal(
        "no grant type",
        escaped("grant_type must be given once, as client_credentials"),
        lambda platform: platform.grant(basic(platform.app.key, platform.app.secret), ""),
    ),
]
