"""Whoever holds the customers' phones: answers what rings, until nobody listens any more."""

import http.client
import itertools
import threading
from collections import defaultdict

from tests.kill.platforms import Platform

HANDS = ("right_pin", "right_pin", "wrong_pin", "right_pin", "cancel", "right_pin", "locked_pin", "no_answer")
"""What is done, in turn."""
CODES = {
    "right_pin": {"0", "1"},
    "wrong_pin": {"2001"},
    "locked_pin": {"8006"},
    "cancel": {"1032"},
    "no_answer": {"1037"},
}
"""Who enters the right PIN pays, or cannot."""


class Hands:
    """Through all lives: an answer that a death swallowed is given again, perhaps another."""

    def __init__(self) -> None:
        self.done: defaultdict[str, set[str]] = defaultdict(set)
        """By CheckoutRequestID what was done at the phone, whether or not anybody learned of it."""
        self.rang_again = 0
        """Prompts that a phone showed in a second life."""
        self.first: dict[int, str] = {}
        """By life the prompt that was the first to be seen in it."""
        self._seen: dict[str, int] = {}
        self._words = itertools.cycle(HANDS)

    def hold(self, platform: Platform, rest: float = 0.01, *, leaves_one: bool = False) -> None:
        """Answers most of what rings, some of it later, until the platform dies. `rest`: seconds between two
        looks at the phones. `leaves_one`: rings until then.
        """
        pause = threading.Event()
        for turn in itertools.count():
            try:
                for place, each in enumerate(self.look(platform)):
                    left = leaves_one and each["checkout_request_id"] == self.first[platform.pid]
                    if (turn + place) % 3 and not left:
                        self.answer(platform, each)
            except (OSError, http.client.HTTPException, ValueError):  # died before it answered, or within
                return
            pause.wait(rest)

    def look(self, platform: Platform) -> list[dict[str, str]]:
        """What phones show."""
        status, said = platform.control("GET", "prompts")
        assert status == 200, said
        shown: list[dict[str, str]] = said["prompts"]
        phones = [each["msisdn"] for each in shown]
        assert len(set(phones)) == len(phones), f"a phone shows two prompts: {shown}"
        for each in shown:
            checkout = each["checkout_request_id"]
            self.first.setdefault(platform.pid, checkout)
            self.rang_again += self._seen.get(checkout, platform.pid) != platform.pid
            self._seen[checkout] = platform.pid
        return shown

    def answer(self, platform: Platform, shown: dict[str, str]) -> None:
        """Enters a PIN, or cancels."""
        word = next(self._words)
        self.done[shown["checkout_request_id"]].add(word)
        status, said = platform.control("POST", "prompts/answer", msisdn=shown["msisdn"], answer=word)
        assert status == 200, said
        assert said["checkout_request_id"] == shown["checkout_request_id"], (shown, said)

    def answer_all(self, platform: Platform) -> None:
        """Until no phone shows anything."""
        while shown := self.look(platform):
            for each in shown:
                self.answer(platform, each)
