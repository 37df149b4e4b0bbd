"""The OpenAPI document: as committed, whole, and true to what the wire does."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest

from salio import __version__
from salio.gateway import openapi, openapi_c2b, pages
from salio.gateway.app import api_endpoints
from salio.gateway.openapi_errors import (
    OF_A_GRANT,
    OF_A_PROMPT,
    OF_A_PROMPT_QUERY,
    OF_A_QUERY,
    OF_A_REGISTRATION,
)
from salio.gateway.routes import QUESTIONS
from salio.portal import inbox_pages
from salio.sandbox.kinds import TOKEN_REFUSALS
from salio.wire import (
    account_balance,
    b2b_payment,
    b2c_payment,
    express_query,
    fields,
    results,
    transaction_status,
)
from salio.wire.acknowledgements import ResponseCode
from salio.wire.apis import OAUTH_PATH, Api
from salio.wire.balance_text import AccountAmounts
from salio.wire.profile import PROFILES, Profile
from salio.wire.reason import REASON, reason
from salio.wire.refusals import Refusal, answer
from salio.wire.result_codes import ResultCode
from tests.builders import NOW, FakeClock
from tests.gateway.json_schema import faults, resolved
from tests.portal.samples import Kept
from tests.wire.examples import (
    CREDENTIAL,
    CREDENTIAL_LENGTH,
    balance_members,
    express_members,
    express_query_members,
    payment_members,
    reversal_members,
    sample,
    status_members,
    tax_members,
    top_up_members,
    without,
)

GOLDEN = Path(__file__).parents[2] / "docs" / "openapi.json"
DOCUMENT: Mapping[str, Any] = json.loads(openapi.document(__version__))
COMPONENTS = DOCUMENT["components"]
HEAD = results.ResultHead("515-5258779-3", "AG_20200123_0000417fed8ed666e976", "UHP0000000")
METHODS = {"get", "post"}
APIS = pytest.mark.parametrize("api", results.WITH_RESULT, ids=lambda api: api.value)
TABLES = {each.path: each.table for each in QUESTIONS} | {Api.EXPRESS_QUERY.path: express_query.TABLE}
PATHS = pytest.mark.parametrize("path", TABLES, ids=lambda path: path.removeprefix("/mpesa/"))
BOTH_PROFILES = pytest.mark.parametrize("profile", PROFILES.values(), ids=list(PROFILES))


def operation(api: Api) -> Mapping[str, Any]:
    """One API's operation."""
    return DOCUMENT["paths"][api.path]["post"]  # type: ignore[no-any-return] # of JSON


def schema_of(path: str) -> Mapping[str, Any]:
    """The schema of the request that a path takes."""
    body = DOCUMENT["paths"][path]["post"]["requestBody"]
    return resolved(body["content"]["application/json"]["schema"]["$ref"], DOCUMENT)


def members_of(path: str) -> dict[str, object]:
    """A well-formed request."""
    members = {
        Api.ACCOUNT_BALANCE: balance_members,
        Api.TRANSACTION_STATUS: status_members,
        Api.B2C: payment_members,
        Api.B2B: top_up_members,
        Api.TAX_REMITTANCE: tax_members,
        Api.C2B: lambda: dict(openapi_c2b.SIMULATION),
        Api.EXPRESS: express_members,
        Api.EXPRESS_QUERY: express_query_members,
        Api.REVERSAL: reversal_members,
    }
    return members[TABLES[path].api]()


def callback(api: Api, name: str) -> Mapping[str, Any]:
    """The body of one callback."""
    (path,) = operation(api)["callbacks"][name].values()
    return path["post"]["requestBody"]["content"]["application/json"]  # type: ignore[no-any-return] # of JSON


def nodes(node: object = DOCUMENT) -> Iterator[Mapping[str, Any]]:
    """Every object of the document."""
    if isinstance(node, dict):
        yield node
    for child in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        yield from nodes(child)


# --- the document as such --------------------------------------------------------------------------------


def test_the_committed_document_is_this_one() -> None:
    """docs/openapi.json is what the code says today."""
    fresh = GOLDEN.exists() and GOLDEN.read_bytes() == openapi.document(__version__)
    assert fresh, "docs/openapi.json is out of date: run `make openapi`, look at the difference and commit it"


def test_every_reference_leads_somewhere() -> None:
    """No schema is named that is not there, and none is there that is not named."""
    references = [node["$ref"] for node in nodes() if isinstance(node.get("$ref"), str)]
    for reference in references:
        resolved(reference, DOCUMENT)
    there = {f"#/components/{kind}/{name}" for kind in ("schemas", "headers") for name in COMPONENTS[kind]}
    assert set(references) == there


def test_operations_are_named_apart() -> None:
    """Each has an id of its own, a tag that is declared, and its path's parameters."""
    operations = [each[method] for each in DOCUMENT["paths"].values() for method in METHODS & each.keys()]
    identifiers = [each["operationId"] for each in operations]
    assert len(identifiers) == len(set(identifiers))
    assert {tag for each in operations for tag in each["tags"]} == {tag["name"] for tag in DOCUMENT["tags"]}


def test_every_route_is_described() -> None:
    """Gateway, pages and inbox answer on these paths and no others, by these methods."""
    certificate = pages.Certificate(b"", b"", b"")
    served = pages.routes(certificate=certificate, ready=bool, metrics=bytes, openapi=b"")
    served += inbox_pages.routes(clock=FakeClock(), keep=Kept().keep, latest=Kept().latest)
    routes = {each.path: {name.lower() for name in each.methods or ()} - {"head"} for each in served}
    routes |= {OAUTH_PATH: {"get"}} | {path: {"post"} for api in Api for path in api.paths}
    assert {path: METHODS & each.keys() for path, each in DOCUMENT["paths"].items()} == routes
    assert {path.decode() for path in api_endpoints(None)} <= routes.keys()  # type: ignore[arg-type] # asked for paths alone


def test_every_example_fits_its_schema() -> None:
    """Whoever copies one copies something valid."""
    shown = [
        (value, node["schema"])
        for node in nodes()
        if "schema" in node
        for value in [*(each["value"] for each in node.get("examples", {}).values()), node.get("example")]
        if value is not None
    ]
    assert len(shown) > 40
    assert [fault for value, schema in shown for fault in faults(value, schema, DOCUMENT)] == []


# --- requests --------------------------------------------------------------------------------------------


@PATHS
def test_every_field_is_described(path: str) -> None:
    """Each row of the wire's table, under each of its spellings, with its meaning and whether it must be."""
    schema = schema_of(path)
    assert set(schema["properties"]) == TABLES[path].names
    for field in TABLES[path].fields:
        assert schema["properties"][field.name]["description"].startswith(field.meaning)
        assert (field.name in schema["required"]) == (field.required and not field.unless)


@PATHS
@pytest.mark.parametrize(
    "value",
    [
        *(None, "", " ", "x", "x" * 64, "x" * 65, "x" * 100, "x" * 101, "a\0", "a\x7f", "caf\u00e9", "a b"),
        *("600000", 600000, "254708374149", "0600000", "60000", "6000", 10**12, -600000, 1.5, True, [], {}),
        *(1, 2, 4, 3, "1", "2", "4", "3", " 4", CREDENTIAL, "####", "http://x", "HTTPS://x/y?z", "ftp://x"),
        *(
            "http://x y",
            "http://x#f",
            "http://" + "x" * 2041,
            "http://x/" + "y" * 2039,
            "http://x/" + "y" * 2040,
        ),
    ],
    ids=lambda value: repr(value)[:30],
)
def test_schema_and_wire_agree(path: str, value: object) -> None:
    """What the wire accepts, the schema allows; what the schema forbids, the wire refuses."""
    for field in TABLES[path].fields:
        members = members_of(path) | {field.name: value}
        if accepted(path, members):
            assert not [*faults(members, schema_of(path), DOCUMENT)], field.name


@PATHS
def test_limits_are_the_wires_own(path: str) -> None:
    """A text of exactly the greatest length passes; one character more does not."""
    for field in TABLES[path].fields:
        longest = schema_of(path)["properties"][field.name].get("maxLength")
        if longest is None:
            continue
        text = "http://x/".ljust(longest, "y") if field.kind == "URL" else "x" * longest
        assert accepted(path, members_of(path) | {field.name: text}), field.name
        assert not accepted(path, members_of(path) | {field.name: text + "x"}), field.name


@PATHS
def test_what_must_be_there_must_be_there(path: str) -> None:
    """Leaving a field out is refused by the schema exactly where the wire refuses it."""
    gone = [field.name for field in TABLES[path].fields]
    for names in [*([name] for name in gone), ["TransactionID", "OriginalConversationID"]]:
        members = without(members_of(path), *names)
        assert accepted(path, members) == (not [*faults(members, schema_of(path), DOCUMENT)]), names


def accepted(path: str, members: Mapping[str, object]) -> bool:
    """Whether the wire reads these members."""
    try:
        read = fields.read(TABLES[path], members, PROFILES["documented"], CREDENTIAL_LENGTH)
    except fields.InvalidField:
        return False
    return read.get("password") != ""  # what is no password is read, and opens nothing


# --- answers ---------------------------------------------------------------------------------------------

OF_SOME = {
    Api.EXPRESS: OF_A_PROMPT,
    Api.EXPRESS_QUERY: OF_A_PROMPT_QUERY,
    Api.C2B_REGISTER: OF_A_REGISTRATION,
}
CASES: list[tuple[Api | None, Refusal]] = [
    (api, refusal) for api in Api for refusal in OF_SOME.get(api, OF_A_QUERY)
]
CASES += [(None, refusal) for refusal in OF_A_GRANT]


@BOTH_PROFILES
@pytest.mark.parametrize(("api", "refusal"), CASES)
def test_every_error_is_described(api: Api | None, refusal: Refusal, profile: Profile) -> None:
    """Under its status, with its code among those allowed and a body that fits the schema."""
    given = answer(refusal, api=api, profile=profile, request_id="1-2-3", detail="X")
    endpoint = operation(api) if api else DOCUMENT["paths"][OAUTH_PATH]["get"]
    response = endpoint["responses"][str(given.status)]
    assert f"`{given.code}`" in response["description"]
    if given.body:
        schema = response["content"]["application/json"]["schema"]
        assert [*faults(json.loads(given.body), schema, DOCUMENT)] == []


def test_no_refusal_is_left_out() -> None:
    """Each belongs to a query, a prompt, a registration or the token; what only a fault gives, too."""
    told = {*OF_A_QUERY, *OF_A_PROMPT, *OF_A_PROMPT_QUERY, *OF_A_REGISTRATION, *OF_A_GRANT}
    assert told == set(Refusal)
    assert {Refusal[name.upper()] for name in TOKEN_REFUSALS} <= set(OF_A_GRANT)


def test_every_refusal_may_tell_its_reason() -> None:
    """In the header of our own, never as a promise: production does not send it. So may the callbacks."""
    answers = [COMPONENTS["responses"][name] for name in ("PathUnknown", "Unread")]
    answers += [operation(api)["responses"]["200"] for api in Api]
    for path in (OAUTH_PATH, *(path for api in Api for path in api.paths)):
        (described,) = DOCUMENT["paths"][path].values()
        answers += [each for status, each in described["responses"].items() if status != "200"]
    for each in answers:
        assert resolved(each["headers"][REASON]["$ref"], DOCUMENT) == COMPONENTS["headers"]["Reason"]
    parameters = [
        each
        for api in results.WITH_RESULT
        for path in operation(api)["callbacks"].values()
        for described in path.values()
        for each in described["post"]["parameters"]
    ]
    callbacks = 2 * len(results.WITH_RESULT)
    assert [(each["name"], each["in"]) for each in parameters] == [(REASON, "header")] * callbacks
    assert not [each for each in (*parameters, COMPONENTS["headers"]["Reason"]) if each.get("required")]


@pytest.mark.parametrize("cause", ["", " a\n", "caf\u00e9 \ud800", "x" * 400, "why \x00 " * 100], ids=repr)
def test_every_reason_fits(cause: str) -> None:
    """Whatever the cause quotes."""
    assert [*faults(reason(cause), COMPONENTS["headers"]["Reason"]["schema"], DOCUMENT)] == []


def test_every_response_code_is_described() -> None:
    """The codes of the acknowledgement are the wire's."""
    schema = DOCUMENT["components"]["schemas"]["Acknowledgement"]["properties"]["ResponseCode"]
    assert schema["enum"] == [code.code for code in ResponseCode]


# --- callbacks -------------------------------------------------------------------------------------------


@APIS
@BOTH_PROFILES
@pytest.mark.parametrize("code", [code for code in ResultCode if code is not ResultCode.SUCCESS])
def test_every_failure_fits(code: ResultCode, profile: Profile, api: Api) -> None:
    """The result of each failure fits the callback's schema."""
    body = results.failed_result(HEAD, api, code, profile, fields=["PartyA"], completed_at=NOW)
    assert [*faults(json.loads(body), callback(api, "result")["schema"], DOCUMENT)] == []


@APIS
@BOTH_PROFILES
def test_the_timeout_notice_fits(profile: Profile, api: Api) -> None:
    """So does the notice that a request waited too long."""
    body = results.timeout_notice(HEAD, api, profile)
    assert [*faults(json.loads(body), callback(api, "queueTimeout")["schema"], DOCUMENT)] == []


@BOTH_PROFILES
def test_a_balance_fits(profile: Profile) -> None:
    """And a balance."""
    accounts = (AccountAmounts("Working Account", "KES", 1, 1, 0, 0),)
    body = account_balance.result(HEAD, accounts, NOW, profile)
    assert [*faults(json.loads(body), callback(Api.ACCOUNT_BALANCE, "result")["schema"], DOCUMENT)] == []


@pytest.mark.parametrize(("debit", "credit"), [(None, None), ("a|KES|1.00", None), (None, "b|KES|1.00")])
@BOTH_PROFILES
def test_a_status_fits(profile: Profile, debit: str | None, credit: str | None) -> None:
    """And a status, whoever bears the charge."""
    transaction = transaction_status.TransactionDetails(
        debit_party_name="254708374149 - John Doe",
        credit_party_name="600000 - Shop",
        originator_conversation_id=None,
        conversation_id=None,
        initiated_at=NOW,
        finalised_at=None,
        debit_account_type=None,
        debit_party_charges=debit,
        credit_party_charges=credit,
        reason=None,
        reason_type=None,
        transaction_status="Initiated",
        amount=1,
        receipt="UHP31H462N",
    )
    body = transaction_status.result(HEAD, transaction, profile)
    assert [*faults(json.loads(body), callback(Api.TRANSACTION_STATUS, "result")["schema"], DOCUMENT)] == []


@BOTH_PROFILES
def test_a_payment_fits(profile: Profile) -> None:
    """And a payment."""
    payment = b2c_payment.PaymentDetails(
        amount=1050, receiver_name="254708374149 - ", utility_funds=1, working_funds=0, charges_paid_funds=-1
    )
    body = b2c_payment.result(HEAD, payment, NOW, profile)
    assert [*faults(json.loads(body), callback(Api.B2C, "result")["schema"], DOCUMENT)] == []


@BOTH_PROFILES
@pytest.mark.parametrize("api", [Api.B2B, Api.TAX_REMITTANCE], ids=lambda api: api.value)
@pytest.mark.parametrize("charge", [0, 3_000])
def test_a_payment_to_an_organization_fits(profile: Profile, api: Api, charge: int) -> None:
    """With a bill, an occasion and a charge, or without."""
    working = AccountAmounts("Working Account", "KES", 5, 5, 0, 0)
    payment = b2b_payment.PaymentDetails(
        amount=1050, charge=charge, receiver_name="600000 - ", debited=working
    )
    head = msgspec.structs.replace(HEAD, reference={"BillReferenceNumber": "1" * charge})
    body = b2b_payment.result(head, api, payment, NOW, profile)
    assert [*faults(json.loads(body), callback(api, "result")["schema"], DOCUMENT)] == []


# --- the documents' samples ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("api", "prefix"),
    [*zip(results.WITH_RESULT, ("ab", "ts", "b2c", "top_up", "tax", "reversal"), strict=True)],
)
def test_the_examples_are_the_documents_own(api: Api, prefix: str) -> None:
    """Request, acknowledgement and result as the pages print them, but for the slips."""
    spoken = operation(api)
    request = spoken["requestBody"]["content"]["application/json"]["examples"]["sample"]["value"]
    printed = {name.replace(" ", ""): value for name, value in sample(f"{prefix}_request").items()}
    credential = str(printed["SecurityCredential"]).replace("===", "==")
    credential = re.sub("[ .\u2026]", "", credential)  # what was cut out
    assert request == printed | {"SecurityCredential": credential}
    answered = spoken["responses"]["200"]["content"]["application/json"]["examples"]["accepted"]["value"]
    assert answered == sample(f"{prefix}_acknowledgement")
    sent = json.dumps(callback(api, "result")["examples"]["success"]["value"])
    result = json.dumps(sample(f"{prefix}_result"))
    name = '{"Key": "%s", "Value": "254708374149 - John Doe"}'
    assert sent == result.replace(name % "DebitPartyName", name % "CreditPartyName")
