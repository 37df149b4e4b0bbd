"""Who is asking, and may they: the checks that both questions share, in the documented order.

The order protects strangers: nobody whose app does not own the short code can learn anything about its
initiators, or lock one (rulings, "order of checks").
"""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from hmac import compare_digest
from itertools import islice

import msgspec

from salio.core.access.apps import App
from salio.core.parties.directory import Directory
from salio.core.parties.operators import Channel, Operator, OperatorRules, OperatorStatus
from salio.core.parties.organizations import Level
from salio.core.parties.roles import Right, gives, roles_that_give
from salio.core.requests.findings import NOT_OUR_KEY
from salio.core.requests.outcomes import Decision, Outcome
from salio.core.requests.queries import IdentifierType, Query

MOST_NAMED = 5
"""Short codes in one cause."""
MOST_COMPARED = 100
"""Names that an unknown one is compared with: each takes some 10 µs, and requests wait meanwhile."""


class PresentedCredential(msgspec.Struct, frozen=True):
    """A SecurityCredential after decryption: the keyed digest of what it held, and whether that was text.

    An unreadable one decrypts to noise (implicit rejection), so its digest matches nobody's.
    """

    digest: bytes
    readable: bool


NOTHING_PRESENTED = PresentedCredential(b"", readable=False)
"""Where nobody signs: a digest that no operator has."""


class Asking(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the rules may look at besides the question: a snapshot, taken for one decision."""

    app: App
    credential: PresentedCredential
    directory: Directory
    rules: OperatorRules
    now: datetime


class Identified(msgspec.Struct, frozen=True):
    """The answer of the checks: the refusal, or none; the operator as found, and as the checks leave it."""

    refusal: Decision | None
    before: Operator | None = None
    after: Operator | None = None


def short_codes_to_act_for(asking: Asking, short_code: str) -> list[str]:
    """The short codes whose initiators may ask about this one: itself, and those above within reach."""
    return asking.directory.within_reach(short_code, asking.app.short_codes)


def own_party(query: Query, asking: Asking, field: str = "PartyA") -> Decision | None:
    """The refusal if the party is not the app's own: a head office may look below, but not pay from there."""
    if query.party in asking.app.short_codes:
        return None
    return _not_own(_why_out_of_reach(query.party, asking.app, "a short code of the app", field))


def party_in_reach(query: Query, asking: Asking) -> tuple[list[str], Decision | None]:
    """The short codes whose initiators may ask about PartyA, or the refusal if PartyA is out of reach."""
    short_codes = short_codes_to_act_for(asking, query.party)
    if not short_codes:
        return [], _not_own(_why_out_of_reach(query.party, asking.app))
    if query.identifier_type is IdentifierType.TILL and not _is_till(query.party, asking):
        return [], _not_own(f"PartyA {query.party} is not a till, as IdentifierType 2 says")
    return short_codes, None


def _why_out_of_reach(
    party: str, app: App, wanted: str = "a short code of the app, nor below one", field: str = "PartyA"
) -> str:
    """The same for a short code that nobody has and for one of others: it names only what the app has."""
    has = _some(sorted(app.short_codes))
    return f"{field} {party} is not {wanted}; app {app.name} has: {has}"


def _some(texts: Sequence[str]) -> str:
    """The first few of them."""
    more = len(texts) - MOST_NAMED
    return (", ".join(texts[:MOST_NAMED]) or "none") + (f" and {more} more" if more > 0 else "")


def _not_own(cause: str) -> Decision:
    return Decision(Outcome.PARTY_NOT_OWN, cause)


def _is_till(short_code: str, asking: Asking) -> bool:
    organization = asking.directory.organization(short_code)
    return organization is not None and organization.level is Level.TILL


def identify(query: Query, short_codes: list[str], right: Right, asking: Asking) -> Identified:
    """Finds the initiator at the nearest of the short codes and checks it, first failure first."""
    operator = asking.directory.operator(query.initiator, short_codes)
    if operator is None:
        return Identified(
            Decision(Outcome.INITIATOR_UNKNOWN, _why_unknown(query.initiator, short_codes, asking))
        )
    refusal = _standing(operator, right, asking)
    if refusal is not None:
        return Identified(refusal, operator, operator)
    return _password(operator, asking)


def _standing(operator: Operator, right: Right, asking: Asking) -> Decision | None:
    """Channel, activity, role, lock and age of the password: all before the password itself."""
    rules, now = asking.rules, asking.now
    if operator.channel is not Channel.API:
        channel = f"of the {operator.channel.value} channel, not API: use one that was made for the API"
        return Decision(Outcome.INITIATOR_UNKNOWN, f"{_who(operator)} is {channel}")
    if rules.is_dormant(operator, now):
        return Decision(Outcome.INITIATOR_DORMANT, f"{_who(operator)} is dormant, {_why_dormant(operator)}")
    if not gives(operator.roles, right):
        needed = " or ".join(role.value for role in roles_that_give(right))
        has = ", ".join(sorted(role.value for role in operator.roles)) or "none"
        return Decision(Outcome.ROLE_MISSING, f"{_who(operator)} lacks the role {needed}; it has: {has}")
    if operator.status is OperatorStatus.LOCKED:
        count = operator.wrong_passwords
        why = f"after {count} wrong passwords" if count else "by hand"
        return Decision(Outcome.INITIATOR_LOCKED, f"{_who(operator)} is locked {why}, until it is unlocked")
    if now >= rules.password_expires_at(operator):
        expired = f"expired on {rules.password_expires_at(operator):%Y-%m-%d}"
        return Decision(
            Outcome.PASSWORD_EXPIRED, f"the password of {_who(operator)} {expired}: set a new one"
        )
    return None


def _who(operator: Operator) -> str:
    return f"initiator {operator.name} of {operator.short_code}"


def _why_dormant(operator: Operator) -> str:
    last_used = f"last used on {operator.last_used_at:%Y-%m-%d}"
    by_hand = "put to rest by hand, " if operator.status is OperatorStatus.DORMANT else ""
    return f"{by_hand}{last_used}: it has to be activated again"


def _password(operator: Operator, asking: Asking) -> Identified:
    """Compares digests in constant time; counts a wrong password, forgets earlier ones after a right one."""
    credential, rules = asking.credential, asking.rules
    trusted = rules.trust_foreign_credentials and not credential.readable
    if compare_digest(credential.digest, operator.password_digest) or trusted:
        return Identified(None, operator, rules.after_right_password(operator, asking.now))
    after = rules.after_wrong_password(operator)
    count = f"{after.wrong_passwords} in a row, locked at {rules.wrong_passwords_allowed}"
    cause = f"wrong password for initiator {operator.name} of {operator.short_code} ({count}){NOT_OUR_KEY}"
    return Identified(Decision(Outcome.PASSWORD_WRONG, cause), operator, after)


def _why_unknown(name: str, short_codes: list[str], asking: Asking) -> str:
    """Where that name or a close one is an initiator's: at the app's own short codes, never at others."""
    here = f"no initiator {name} at {' or '.join(short_codes)}"
    own = sorted(asking.app.short_codes)
    elsewhere = [each for each in own if asking.directory.operator(name, [each]) is not None]
    if elsewhere:
        return f"{here}; that name exists at {_some(elsewhere)}: send PartyA and Initiator that go together"
    near = [each for each in short_codes if each in asking.app.short_codes]
    meant = _close_initiator(name, [*near, *(each for each in own if each not in near)], asking.directory)
    return f"{here}; did you mean {meant.name} of {meant.short_code}?" if meant is not None else here


def _close_initiator(name: str, short_codes: list[str], directory: Directory) -> Operator | None:
    """The initiator whose name is most like this one; of two that are equally so, the earlier one."""
    known: dict[str, Operator] = {}
    for each in islice(directory.operators_at(short_codes), MOST_COMPARED):
        if each.channel is Channel.API:
            known.setdefault(each.name.casefold(), each)
    close = get_close_matches(name.casefold(), known, n=1)
    return known[close[0]] if close else None
