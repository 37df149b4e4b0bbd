"""The results with a natural cause, as one table: what is asked, and the code of each API and profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from salio.core.requests.outcomes import Outcome
from salio.core.transactions.kinds import TransactionKind
from salio.core.transactions.states import TransactionState
from salio.wire.apis import Api
from salio.wire.result_codes import ResultCode
from tests.journeys.running import ABSENT, BALANCE, STATUS, Platform
from tests.journeys.subjects import C2B_RECEIPT, transaction
from tests.journeys.templates import faulty_operator

Codes = Mapping[Api, tuple[ResultCode, ResultCode]]
"""By API: the code in `documented`, and in `observed`."""


def both(documented: ResultCode, observed: ResultCode) -> Codes:
    """The same on both APIs."""
    return {BALANCE: (documented, observed), STATUS: (documented, observed)}


@dataclass(frozen=True)
class Ending:
    """One way in which a well-formed request ends."""

    what: str
    outcome: Outcome
    codes: Codes
    cause: str
    """What the kept cause says; a part of it."""
    changes: Mapping[str, Any]
    password: str = ""
    """Another one than the right one."""
    short_codes: frozenset[str] = field(default_factory=frozenset)
    """Of the app that asks, if it is not the test data's."""

    def asked(self, platform: Platform) -> dict[str, Any]:
        """The changes, with the credential."""
        password = {"SecurityCredential": platform.credential(self.password)} if self.password else {}
        return {**self.changes, **password}


_NOT_OWN = both(ResultCode.PRIMARY_PARTY_NOT_PERMITTED, ResultCode.PRIMARY_PARTY_NOT_PERMITTED)
_UNKNOWN: Codes = {
    BALANCE: (ResultCode.INITIATOR_UNRESOLVED, ResultCode.INITIATOR_INFORMATION_INVALID),
    STATUS: (ResultCode.OPERATOR_UNKNOWN, ResultCode.INITIATOR_INFORMATION_INVALID),
}
_DORMANT = both(ResultCode.INITIATOR_NOT_ACTIVE, ResultCode.INITIATOR_INFORMATION_INVALID)
_LOCKED = both(ResultCode.CREDENTIAL_CHECK_FAILED, ResultCode.CREDENTIAL_LOCKED)
_PASSWORD = both(ResultCode.CREDENTIAL_CHECK_FAILED, ResultCode.INITIATOR_INFORMATION_INVALID)
_RECEIPT: Codes = {STATUS: (ResultCode.RECEIPT_UNKNOWN, ResultCode.RECEIPT_UNKNOWN)}
_CONFLICT: Codes = {STATUS: (ResultCode.PARAMETERS_INVALID, ResultCode.PARAMETERS_INVALID)}
_SUCCESS = both(ResultCode.SUCCESS, ResultCode.SUCCESS)

_WRONG = "Safaricom999!*?"
_ANOTHER_AT_600000 = transaction(TransactionKind.C2B, TransactionState.DECLINED)
_AT_600310 = transaction(TransactionKind.B2C, TransactionState.COMPLETED)


def _who(what: str, outcome: Outcome, codes: Codes, initiator: str, cause: str, password: str = "") -> Ending:
    return Ending(what, outcome, codes, cause, {"Initiator": initiator}, password)


def _which(what: str, outcome: Outcome, codes: Codes, cause: str, **changes: Any) -> Ending:
    return Ending(what, outcome, codes, cause, changes)


REFUSED_INITIATORS = [
    Ending(
        "a short code that nobody has",
        Outcome.PARTY_NOT_OWN,
        _NOT_OWN,
        "not a short code of the app",
        {"PartyA": "699999"},
    ),
    Ending(
        "another app's short code",
        Outcome.PARTY_NOT_OWN,
        _NOT_OWN,
        "PartyA 600000 is not a short code of the app, nor below one",
        {},
        short_codes=frozenset({"600782"}),
    ),
    Ending(
        "the head office of the app's store",
        Outcome.PARTY_NOT_OWN,
        _NOT_OWN,
        "PartyA 700100 is not a short code of the app",
        {"PartyA": "700100", "Initiator": "headoffice"},
        short_codes=frozenset({"700110"}),
    ),
    Ending(
        "a sister store",
        Outcome.PARTY_NOT_OWN,
        _NOT_OWN,
        "PartyA 700120 is not a short code of the app",
        {"PartyA": "700120", "Initiator": "testapi"},
        short_codes=frozenset({"700110"}),
    ),
    Ending(
        "type 2 for what is no till",
        Outcome.PARTY_NOT_OWN,
        _NOT_OWN,
        "PartyA 600000 is not a till, as IdentifierType 2 says",
        {"IdentifierType": "2"},
    ),
    Ending(
        "an MSISDN's balance",
        Outcome.PARTY_NOT_OWN,
        {BALANCE: (ResultCode.PRIMARY_PARTY_NOT_PERMITTED, ResultCode.PRIMARY_PARTY_NOT_PERMITTED)},
        "PartyA is an MSISDN",
        {"PartyA": "254708374149", "IdentifierType": "1"},
    ),
    _who("nobody", Outcome.INITIATOR_UNKNOWN, _UNKNOWN, "nobody", "no initiator nobody at 600000"),
    _who(
        "another case",
        Outcome.INITIATOR_UNKNOWN,
        _UNKNOWN,
        "TestApiUser",
        "no initiator TestApiUser at 600000",
    ),
    _who(
        "another short code's",
        Outcome.INITIATOR_UNKNOWN,
        _UNKNOWN,
        "Testapi772",
        "no initiator Testapi772 at 600000; that name exists at 600772",
    ),
    _who(
        "of the Web channel",
        Outcome.INITIATOR_UNKNOWN,
        _UNKNOWN,
        "webuser",
        "webuser of 600000 is of the Web channel",
    ),
    _who("a person", Outcome.INITIATOR_UNKNOWN, _UNKNOWN, "administrator", "is of the Web channel, not API"),
    _who("dormant by hand", Outcome.INITIATOR_DORMANT, _DORMANT, "dormant", "dormant of 600000 is dormant"),
    _who("unused for 91 days", Outcome.INITIATOR_DORMANT, _DORMANT, "unused", "last used on 2026-05-17"),
    _who("without the role", Outcome.ROLE_MISSING, _NOT_OWN, "norole", "norole of 600000 lacks the role"),
    _who("locked", Outcome.INITIATOR_LOCKED, _LOCKED, "locked", "locked after 5 wrong passwords"),
    _who("password expired", Outcome.PASSWORD_EXPIRED, _PASSWORD, "expired", "expired on 2026-07-17"),
    Ending(
        "password wrong",
        Outcome.PASSWORD_WRONG,
        _PASSWORD,
        "wrong password for initiator testapi of 600134",
        {"PartyA": "600134", "Initiator": "testapi"},
        password=_WRONG,
    ),
    Ending(
        "password in another case",
        Outcome.PASSWORD_WRONG,
        _PASSWORD,
        "wrong password for initiator testapi of 600610",
        {"PartyA": "600610", "Initiator": "testapi"},
        password="safaricom999!*!",
    ),
    Ending(
        "password with a line's end",
        Outcome.PASSWORD_WRONG,
        _PASSWORD,
        "wrong password for initiator testapi of 600638",
        {"PartyA": "600638", "Initiator": "testapi"},
        password="Safaricom999!*!\n",
    ),
    Ending(
        "a credential of noise",
        Outcome.PASSWORD_WRONG,
        _PASSWORD,
        "wrong password for initiator testapi of 600966",
        {"PartyA": "600966", "Initiator": "testapi", "SecurityCredential": "A" * 342 + "=="},
    ),
]
"""Rulings, "A refused initiator", row by row."""

_FIRST = {
    "web": (Outcome.INITIATOR_UNKNOWN, _UNKNOWN),
    "dormant": (Outcome.INITIATOR_DORMANT, _DORMANT),
    "unused": (Outcome.INITIATOR_DORMANT, _DORMANT),
    "norole": (Outcome.ROLE_MISSING, _NOT_OWN),
    "locked": (Outcome.INITIATOR_LOCKED, _LOCKED),
    "expired": (Outcome.PASSWORD_EXPIRED, _PASSWORD),
}
_ORDER = list(_FIRST)
ORDER_OF_CHECKS = [
    *(
        _who(f"{first} before {second}", *_FIRST[first], faulty_operator(first, second), "")
        for place, first in enumerate(_ORDER)
        for second in _ORDER[place + 1 :]
        if not (first == "dormant" and second == "locked")  # one column holds both
    ),
    *(
        _who(f"{name} before a wrong password", *_FIRST[fault], name, "", _WRONG)
        for name, fault in (
            ("webuser", "web"),
            ("dormant", "dormant"),
            ("norole", "norole"),
            ("locked", "locked"),
            ("expired", "expired"),
        )
    ),
]
"""Of two faults the earlier one is told, and a wrong password is never counted behind another fault."""

SUBJECTS = [
    _which(
        "no such receipt",
        Outcome.TRANSACTION_UNKNOWN,
        _RECEIPT,
        "no transaction of 600000 has receipt",
        TransactionID="UZZ0000001",
    ),
    _which("no receipt's form", Outcome.TRANSACTION_UNKNOWN, _RECEIPT, "has receipt x", TransactionID="x"),
    _which(
        "in lower case",
        Outcome.TRANSACTION_UNKNOWN,
        _RECEIPT,
        "has receipt",
        TransactionID=C2B_RECEIPT.lower(),
    ),
    _which(
        "another organization's",
        Outcome.TRANSACTION_UNKNOWN,
        _RECEIPT,
        "no transaction of 600000 has receipt MBN31H462N",
        TransactionID="MBN31H462N",
    ),
    _which(
        "another organization's conversation",
        Outcome.TRANSACTION_UNKNOWN,
        _RECEIPT,
        "has conversation 3211-416020-3",
        TransactionID=ABSENT,
        OriginalConversationID="3211-416020-3",
    ),
    _which(
        "no such conversation",
        Outcome.TRANSACTION_UNKNOWN,
        _RECEIPT,
        "has conversation 1-1-1",
        TransactionID=ABSENT,
        OriginalConversationID="1-1-1",
    ),
    _which(
        "a receipt, and a conversation that nobody had",
        Outcome.TRANSACTION_UNKNOWN,
        _RECEIPT,
        f"has receipt {C2B_RECEIPT} and conversation 1-1-1",
        OriginalConversationID="1-1-1",
    ),
    _which(
        "a customer who took no part",
        Outcome.TRANSACTION_UNKNOWN,
        _RECEIPT,
        "no transaction of 254722000000",
        PartyA="254722000000",
        IdentifierType="1",
    ),
    Ending(
        "a customer of another organization",
        Outcome.TRANSACTION_UNKNOWN,
        _RECEIPT,
        "no transaction of 254708374149",
        {"PartyA": "254708374149", "IdentifierType": "1", "TransactionID": "MBN31H462N"},
        short_codes=frozenset({"600000"}),
    ),
    _which(
        "two transactions",
        Outcome.PARAMETERS_CONFLICT,
        _CONFLICT,
        "TransactionID and OriginalConversationID name different transactions",
        OriginalConversationID=_ANOTHER_AT_600000.originator_conversation_id,
    ),
]
"""What a status query names and does not get."""

SUCCESSES = [
    _which("a short code", Outcome.SUCCEEDED, _SUCCESS, ""),
    Ending(
        "an app of one short code", Outcome.SUCCEEDED, _SUCCESS, "", {}, short_codes=frozenset({"600000"})
    ),
    _which(
        "the other party, a customer",
        Outcome.SUCCEEDED,
        {STATUS: _SUCCESS[STATUS]},
        "",
        PartyA="254708374149",
        IdentifierType="1",
    ),
    _which(
        "by conversation",
        Outcome.SUCCEEDED,
        {STATUS: _SUCCESS[STATUS]},
        "",
        TransactionID=ABSENT,
        OriginalConversationID=_ANOTHER_AT_600000.originator_conversation_id,
    ),
    _which(
        "by both, which agree",
        Outcome.SUCCEEDED,
        {STATUS: _SUCCESS[STATUS]},
        "",
        TransactionID=_ANOTHER_AT_600000.receipt,
        OriginalConversationID=_ANOTHER_AT_600000.originator_conversation_id,
    ),
    _which(
        "a customer whose initiator is the other side's",
        Outcome.SUCCEEDED,
        {STATUS: _SUCCESS[STATUS]},
        "",
        PartyA="254708374149",
        IdentifierType="1",
        Initiator="testapi",
        TransactionID=_AT_600310.receipt,
    ),
]
"""What is answered."""

ENDINGS = [*REFUSED_INITIATORS, *ORDER_OF_CHECKS, *SUBJECTS, *SUCCESSES]
