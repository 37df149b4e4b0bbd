"""The rules that a sandbox's settings stand for."""

import random
from collections.abc import Callable

from salio.core.parties.operators import OperatorRules
from salio.delivery.hosts import OutboxSettings
from salio.platform.environment import Rules
from salio.platform.settings import Settings
from salio.sandbox.faults import Chance


def chances(seed: str | None) -> Callable[[int], Chance]:
    """Each fault draws its share by itself, so that with a seed no other changes whom it touches."""

    def chance(number: int) -> Chance:
        return random.Random(None if seed is None else f"{seed} {number}").random  # noqa: S311 - whom to touch

    return chance


def rules_of(settings: Settings, *, reasons_told: bool, registered_once: bool) -> Rules:
    """Of the whole environment; ``reasons_told``: results leave with their cause beside them."""
    return Rules(
        operators=operator_rules_of(settings),
        longest_wait=settings.longest_wait,
        most_waiting=settings.most_waiting,
        outbox=OutboxSettings(reasons_told=reasons_told),
        registered_once=registered_once,
    )


def operator_rules_of(settings: Settings) -> OperatorRules:
    """Of operators alone."""
    return OperatorRules(trust_foreign_credentials=settings.trust_foreign_credentials)
