"""Nothing undocumented, nothing slow, no traceback: 2,000 requests made from both documents, or 100,000."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from shutil import rmtree
from typing import Any
from urllib.parse import urlsplit

import pytest

from salio.wire.apis import Api
from salio.wire.profile import PROFILES
from tests.journeys.client import send
from tests.kill.checker import opened
from tests.kill.platforms import Platform, production
from tests.openapi.control import question
from tests.openapi.document import Document
from tests.openapi.documents import DOCUMENTS
from tests.openapi.explorer import Explorer, Undocumented
from tests.openapi.public import PUBLIC
from tests.proof import proof_count
from tests.tidy.source import ROOT

JSON = ("Content-Type", "application/json")
REQUESTS = 500
"""Of one batch, which is one life of a platform; the batches take the wire profiles in turn."""
BATCHES = proof_count(small=2, large=100)
"""Of each document."""
FEW = 100
"""Requests within which what is spoilt has to be seen."""
BOOKS = ("account", "posting", "entry", "transaction_", "organization", "customer")
"""What nothing but a payment may change."""


@contextmanager
def running(folder: Path, wire: str) -> Iterator[Platform]:
    """A platform as people start it; it has to end in order, and its log to be free of tracebacks."""
    platform = Platform([*production(folder / "data"), "--wire", wire], folder / "log")
    try:
        assert platform.welcome()
        yield platform
        assert platform.process.poll() is None, f"it died: {platform.errors()}"
        assert platform.end() == 0, platform.errors()
    finally:
        platform.abandon()
    log = platform.log.read_text("utf-8", "replace")
    assert "Traceback" not in log
    assert "internal_error" not in log


def books(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """The ledger and what stands in it, row by row."""
    with opened(folder / "data" / "sandbox.db") as store:
        return {
            table: [tuple(row) for row in store.execute(f"SELECT * FROM {table} ORDER BY 1")]  # noqa: S608 - a name of the table above
            for table in BOOKS
        }


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(BATCHES))
@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))
def test_nothing_undocumented_nothing_slow_no_traceback(
    document: Document, batch: int, tmp_path: Path
) -> None:
    """Whatever is sent, the answer is in the document and comes within a second; nothing is left behind."""
    wire = list(PROFILES)[batch % len(PROFILES)]
    with running(tmp_path, wire) as platform:
        before = books(tmp_path)
        with closing(_explorer(platform, document, batch)) as explorer:
            explorer.explore(REQUESTS, json.loads(platform.get(document.served)[1]))
        assert explorer.sent >= REQUESTS
        assert explorer.operations.keys() == explorer.described
        if document is PUBLIC:
            _at_rest(platform, explorer, tmp_path)
            _only_paid(before, books(tmp_path))
        else:
            _well_again(platform)
            assert books(tmp_path) == before
    rmtree(tmp_path / "data")  # the next hundred want some room


def _explorer(platform: Platform, document: Document, batch: int, **how: float) -> Explorer:
    return Explorer(platform.base_url, document, partial(document.know, platform), batch, **how)


def _well_again(platform: Platform) -> None:
    """Whatever the control did, a reset undoes it: a question is answered, and its result comes."""
    assert platform.control("POST", "reset") == (200, {"reset": True})
    body = question(Api.ACCOUNT_BALANCE, platform.said)
    asked = [JSON, ("Authorization", f"Bearer {platform.token()}")]
    taken = send(platform.port, "POST", Api.ACCOUNT_BALANCE.path, asked, json.dumps(body).encode())
    assert (taken.status, taken.json["ResponseCode"]) == (200, "0")
    assert platform.control("POST", "flush") == (200, {"idle": True})
    status, received = platform.get(f"{urlsplit(platform.said['inbox_url']).path}?format=json")
    assert status == 200
    results = [each["body"]["Result"] for each in json.loads(received)]
    ours = [each for each in results if each["ConversationID"] == taken.json["ConversationID"]]
    assert [str(each["ResultCode"]) for each in ours] == ["0"]


def _only_paid(
    before: dict[str, list[tuple[object, ...]]], after: dict[str, list[tuple[object, ...]]]
) -> None:
    """Payments went on the journal's end, parties are who they were, and everything sums to zero."""
    for table in ("organization", "customer"):
        assert after[table] == before[table]
    for table in ("posting", "entry"):
        assert after[table][: len(before[table])] == before[table]
    assert set(before["transaction_"]) <= set(after["transaction_"])
    assert sum(sum(map(int, map(str, row[4:]))) for row in after["account"]) == 0


def _at_rest(platform: Platform, explorer: Explorer, folder: Path) -> None:
    """Nothing is under way; what was acknowledged, and nothing else, was kept, decided, delivered here."""
    flushed = send(platform.port, "POST", "/_salio/flush", [JSON], b"{}", timeout=60)
    assert (flushed.status, flushed.json) == (200, {"idle": True})
    with opened(folder / "data" / "sandbox.db") as store:
        ((kept, decided, delivered),) = store.execute(
            "SELECT (SELECT count(*) FROM request), (SELECT count(*) FROM conclusion),"
            " (SELECT count(*) FROM attempt_end WHERE status = 200 OR fault LIKE 'nobody is told%')"
        )
        called = {urlsplit(url).netloc for (url,) in store.execute("SELECT DISTINCT url FROM attempt")}
    assert (kept, decided, delivered) == (explorer.accepted,) * 3
    assert called <= {urlsplit(platform.base_url).netloc}, "somebody else's address was called"


# --- that it sees ------------------------------------------------------------------------------------------


def _forgets(document: dict[str, Any]) -> None:
    del document["paths"]["/oauth/v1/generate"]["get"]["responses"]["400"]


def _promises_text(document: dict[str, Any]) -> None:
    responses = document["paths"]["/inbox/{name}"]["post"]["responses"]
    responses["200"]["content"] = {"text/plain": {"schema": {"type": "string"}}}


def _promises_more(document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Grant"]["required"].append("scope")


def _promises_a_header(document: dict[str, Any]) -> None:
    header = {"Retry-After": {"required": True, "schema": {"type": "integer"}}}
    document["paths"]["/healthz"]["get"]["responses"]["200"]["headers"] = header


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        pytest.param(_forgets, "ST103 ", id="a status"),
        pytest.param(_promises_text, "ST105 ", id="a content type"),
        pytest.param(_promises_more, "ST108 ", id="a body"),
        pytest.param(_promises_a_header, "ST107 ", id="a header"),
    ],
)
def test_what_a_document_does_not_say_is_seen(
    sighted: Platform, spoil: Callable[[dict[str, Any]], None], told: str
) -> None:
    """Each kind of answer that the document has not, or has otherwise, ends the run with its name."""
    document = json.loads((ROOT / PUBLIC.golden).read_bytes())
    spoil(document)
    explorer = _explorer(sighted, PUBLIC, 0)
    with closing(explorer), pytest.raises(Undocumented, match=told) as seen:
        explorer.explore(FEW, document)
    assert "document public, seed 0\ncurl " in str(seen.value)


@pytest.mark.slow
def test_a_fault_of_ours_is_seen(tmp_path: Path) -> None:
    """A documented internal error ends the run too: nothing asked for one."""
    with running(tmp_path, "documented") as platform:
        fault = send(platform.port, "POST", "/_salio/faults", [JSON], b'{"refuse":"internal_error"}')
        assert fault.status == 200
        explorer = _explorer(platform, PUBLIC, 0)
        with closing(explorer), pytest.raises(Undocumented, match="500, and nothing was provoked"):
            explorer.explore(FEW, json.loads((ROOT / PUBLIC.golden).read_bytes()))


@pytest.mark.slow
def test_a_slow_answer_is_asked_for_again_and_then_told(sighted: Platform) -> None:
    """With no patience at all every answer is slow: three more times, then it is one too many."""
    explorer = _explorer(sighted, PUBLIC, 0, slow=0.0)
    with closing(explorer), pytest.raises(Undocumented, match="s, 3 times again"):
        explorer.explore(FEW, json.loads((ROOT / PUBLIC.golden).read_bytes()))
    assert (explorer.sent, explorer.repeated) == (4, 3)


@pytest.fixture(scope="module")
def sighted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform that is as it should be."""
    with running(tmp_path_factory.mktemp("sighted"), "documented") as platform:
        yield platform


@pytest.mark.parametrize("document", DOCUMENTS.values(), ids=list(DOCUMENTS))
def test_the_platform_hands_out_the_committed_document(sighted: Platform, document: Document) -> None:
    """So what is held against its answers is what people read."""
    assert sighted.get(document.served) == (200, (ROOT / document.golden).read_bytes())


def test_so_many_requests_are_sent() -> None:
    """Issue 3: 2,000 in `make test`, 100,000 in `make prove`; each batch counts its own."""
    wanted = proof_count(small=2_000, large=100_000)
    assert wanted <= len(DOCUMENTS) * BATCHES * REQUESTS
