"""Money from abroad in the bank test: it arrives uncleared, and is cleared, through all lives."""

import http.client
import itertools
from collections import Counter

from tests.kill.bank_orders import BRINGER, BROUGHT
from tests.kill.platforms import Platform

SHILLINGS = "2"
CENTS = 200
SENT = {"through": BRINGER, "amount": SHILLINGS, "sender": "Ada", "country": "GB"}


class Abroad:
    """Who brings it, and what was answered."""

    def __init__(self) -> None:
        self.arrived: Counter[str] = Counter()
        """By receiver how often it was told that money had arrived."""
        self.receipts: list[str] = []
        """Of what was told."""
        self.unanswered: Counter[str] = Counter()
        """By receiver how often nobody said."""

    def bring(self, platform: Platform) -> None:
        """To each in turn; now and then what has arrived is cleared. Until nobody answers."""
        for turn, receiver in enumerate(itertools.cycle(BROUGHT)):
            asking = ""
            try:
                if turn % 5 == 0:
                    self._clear(platform, receiver)
                asking = receiver
                status, said = platform.control("POST", "transfers/receive", receiver=receiver, **SENT)
            except (OSError, http.client.HTTPException, ValueError):  # died before it answered, or within
                self.unanswered.update([asking] if asking else [])
                return
            assert status == 200, said
            self.arrived[receiver] += 1
            self.receipts.append(str(said["receipt"]))

    def clear_all(self, platform: Platform) -> None:
        """Nothing is uncleared afterwards."""
        for receiver in BROUGHT:
            self._clear(platform, receiver)

    def _clear(self, platform: Platform, receiver: str) -> None:
        status, said = platform.control("POST", "transfers/clear", holder=receiver)
        assert status == 200, said
