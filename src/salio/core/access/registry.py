"""The registry of apps: what a gateway knows of apps and revoked tokens, without asking the store."""

from collections.abc import Iterable

from salio.core.access.apps import App
from salio.core.access.tokens import TokenClaim


class AppRegistry:
    """Apps by number and by consumer key, and the tokens that were revoked before their time.

    Replaced as a whole (:meth:`refresh`) when the store's version moves, so that a reader never sees half
    of a change.
    """

    def __init__(
        self,
        apps: Iterable[App] = (),
        revoked: Iterable[TokenClaim] = (),
        current: Iterable[TokenClaim] = (),
    ) -> None:
        self.refresh(apps, revoked, current)

    def refresh(
        self, apps: Iterable[App], revoked: Iterable[TokenClaim], current: Iterable[TokenClaim]
    ) -> None:
        """Takes the store's present state; ``current`` names the only token of apps that have but one."""
        listed = list(apps)
        self._by_number = {app.number: app for app in listed}
        self._by_key = {app.consumer_key: app for app in listed}
        self._revoked = frozenset(revoked)
        self._current = {claim.app_number: claim for claim in current}
        self._sighted = True

    def lose_sight(self) -> None:
        """The store cannot be read: no token is honoured until it can, for who knows which are revoked.

        Apps stay known: requests that were accepted are decided all the same.
        """
        self._sighted = False

    def by_number(self, number: int) -> App | None:
        """The app of that number."""
        return self._by_number.get(number)

    def by_key(self, consumer_key: str) -> App | None:
        """The app of that consumer key."""
        return self._by_key.get(consumer_key)

    def make_current(self, claim: TokenClaim) -> None:
        """From now on this is the app's only token."""
        self._current[claim.app_number] = claim

    def why_revoked(self, claim: TokenClaim) -> str:
        """How a revoked token came to be so, in words that follow *revoked*."""
        if not self._sighted:
            return " or not, nobody can tell: the list of revoked tokens cannot be read"
        if claim in self._revoked:
            return ""
        replaced = self._current.get(claim.app_number, claim) != claim
        return ", a newer one took its place" if replaced else ", with all that the app had until then"

    def is_revoked(self, claim: TokenClaim) -> bool:
        """Whether this very token was revoked, or another has taken its place, or nobody can tell."""
        return (
            not self._sighted or claim in self._revoked or self._current.get(claim.app_number, claim) != claim
        )
