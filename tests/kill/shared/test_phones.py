"""Customers answer while gateways and the deciding core are killed: whoever was heard decides the payment."""

import json
import random
import urllib.error

import pytest

from salio.core.requests.prompts import CustomerWord
from salio.wire.apis import Api
from tests.journeys.bodies import MERCHANT
from tests.journeys.test_samples import sample
from tests.kill.receiver import Receiver
from tests.kill.shared.books import is_settled, look
from tests.kill.shared.staging import Staging, send
from tests.patience import until
from tests.proof import proof_count, proof_times

PHONES = ("254708374149", "254700000000", "254722000000")
ROUNDS = 10 if proof_times() else 2
"""In which every phone rings once; amounts tell them apart."""
CODES = {
    CustomerWord.PIN_RIGHT: 0,
    CustomerWord.PIN_WRONG: 2001,
    CustomerWord.PIN_LOCKED: 8006,
    CustomerWord.CANCELLED: 1032,
    CustomerWord.NOT_ANSWERED: 1037,
}
GONE = (OSError, urllib.error.URLError)


class Customers:
    """Prompts and answers, whichever gateway lives."""

    def __init__(self, staging: Staging, receiver: Receiver, chance: random.Random) -> None:
        self._staging = staging
        self._receiver = receiver
        self._chance = chance
        self.words: dict[str, CustomerWord] = {}
        """By CheckoutRequestID what the customer said and was told to be kept."""
        self.paid = 0
        """Shillings."""

    def ring(self, phone: str, amount: int) -> None:
        """That phone rings; refused, or with nobody to take it, it is asked for again."""
        url = self._receiver.url("ok", amount)
        here = {"Amount": amount, "PartyA": phone, "PhoneNumber": phone, "CallBackURL": url}
        body = json.dumps(sample("express_request") | here).encode()
        until("the prompt is taken", lambda: self._post(Api.EXPRESS.path, body)[0] == 200)
        until("the phone rings", lambda: phone in self._shown())

    def answer(self, phone: str, amount: int) -> None:
        """Whoever learns nothing says the same again, until it is kept or was."""
        word, checkout = self._chance.choice(list(CustomerWord)), self._shown()[phone]
        body = json.dumps({"msisdn": phone, "answer": word.value}).encode()
        until("the answer is kept", lambda: self._post("/_salio/prompts/answer", body)[0] in {200, 404})
        self.words[checkout] = word
        self.paid += amount if word is CustomerWord.PIN_RIGHT else 0

    def _shown(self) -> dict[str, str]:
        listed = until("a gateway answers", lambda: self._post("/_salio/prompts", None)[1])
        return {each["msisdn"]: each["checkout_request_id"] for each in json.loads(listed)["prompts"]}

    def _post(self, path: str, body: bytes | None) -> tuple[int, bytes]:
        gateway = self._chance.choice(self._staging.supervisor.of("gateway"))
        headers = {"Authorization": f"Bearer {self._staging.token}", "Content-Type": "application/json"}
        try:
            status, told = send(gateway, path, body, headers)
        except GONE:
            return 0, b""
        return status, told if status == 200 else b""


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(proof_count(small=1, large=10)))
def test_p2_no_death_loses_a_customers_answer(seed: int, staging: Staging, receiver: Receiver) -> None:
    """Each prompt ends once, as its customer was told to be heard; the merchant has what was paid."""
    chance = random.Random(seed)
    customers = Customers(staging, receiver, chance)
    before = _held(staging)
    for place in range(ROUNDS):
        amounts = {phone: 10 * place + number for number, phone in enumerate(PHONES, 1)}
        # A phone whose answer is kept and not yet decided would end a second prompt with 1001.
        until("no phone shows anything", lambda: not look(staging.url, "SELECT * FROM prompt"))
        for phone, amount in amounts.items():
            customers.ring(phone, amount)
        for phone in chance.sample(PHONES, len(PHONES)):
            victims = [staging.leader(), chance.choice(staging.supervisor.of("gateway"))]
            staging.supervisor.kill(chance.choice(victims))
            customers.answer(phone, amounts[phone])
    until("all is told", lambda: is_settled(staging.url))
    told = [json.loads(each.body)["Body"]["stkCallback"] for each in receiver.callbacks]
    codes = {each["CheckoutRequestID"]: each["ResultCode"] for each in told}
    assert codes == {checkout: CODES[word] for checkout, word in customers.words.items()}
    assert len(told) == len(codes) == ROUNDS * len(PHONES)
    assert _held(staging) - before == 100 * customers.paid
    assert look(staging.url, "SELECT * FROM prompt") == []
    staging.supervisor.end()


def _held(staging: Staging) -> int:
    """What the merchant's customers have paid, in cents."""
    held = "SELECT sum(available) AS cents FROM account WHERE kind = 'Utility Account' AND holder = "
    return int(look(staging.url, f"{held}'{MERCHANT}'")[0]["cents"])
