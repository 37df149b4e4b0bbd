"""M-PESA Express in the OpenAPI document: true to what the wire does."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from salio.wire import express_push, express_query
from salio.wire.apis import Api
from salio.wire.profile import Profile
from salio.wire.result_codes import ResultCode
from tests.builders import NOW
from tests.gateway.json_schema import faults
from tests.gateway.test_openapi import BOTH_PROFILES, DOCUMENT, callback, operation
from tests.wire.examples import sample


def answer_of(api: Api) -> Mapping[str, Any]:
    """The body of an operation's answer."""
    return operation(api)["responses"]["200"]["content"]["application/json"]  # type: ignore[no-any-return] # of JSON


def test_the_examples_of_prompts_are_the_documents_own() -> None:
    """As M-PESA Express and its query print them, but that all answers tell of one prompt."""
    asked = {
        api: operation(api)["requestBody"]["content"]["application/json"]["examples"]["sample"]["value"]
        for api in (Api.EXPRESS, Api.EXPRESS_QUERY)
    }
    assert asked[Api.EXPRESS] == sample("express_request")
    assert asked[Api.EXPRESS_QUERY].keys() == sample("express_query_request").keys()
    taken = answer_of(Api.EXPRESS)["examples"]["accepted"]["value"]
    assert taken == sample("express_acknowledgement")
    ids = {name: taken[name] for name in ("MerchantRequestID", "CheckoutRequestID")}
    assert answer_of(Api.EXPRESS_QUERY)["examples"]["paid"]["value"] == sample("express_query_answer") | ids
    for name, printed in (("paid", "express_callback"), ("cancelled", "express_failed_callback")):
        ended = sample(printed)["Body"]["stkCallback"] | ids  # type: ignore[index] # of JSON
        assert callback(Api.EXPRESS, "ended")["examples"][name]["value"] == {"Body": {"stkCallback": ended}}


@BOTH_PROFILES
@pytest.mark.parametrize("code", ResultCode)
def test_the_end_of_a_prompt_fits(code: ResultCode, profile: Profile) -> None:
    """Told to CallBackURL, and to whoever asks."""
    paid = express_push.Paid(cents=150, receipt="UHP31H462N", paid_at=NOW, payer="254708374149")
    body = express_push.callback("m", "c", code, paid if code is ResultCode.SUCCESS else None, profile)
    assert [*faults(json.loads(body), callback(Api.EXPRESS, "ended")["schema"], DOCUMENT)] == []
    answered = json.loads(express_query.answer("m", "c", code, profile))
    assert [*faults(answered, answer_of(Api.EXPRESS_QUERY)["schema"], DOCUMENT)] == []
