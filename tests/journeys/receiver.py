"""An organization's own endpoint: takes every callback and keeps it with its headers."""

import json
import threading
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.patience import PATIENCE


@dataclass(frozen=True)
class Callback:
    """One POST as it came."""

    path: str
    headers: dict[str, str]
    raw: bytes

    @property
    def result(self) -> dict[str, Any]:
        """The one member of the envelope."""
        envelope = json.loads(self.raw)
        if list(envelope) == ["Body"]:
            envelope = envelope["Body"]
        ((name, inner),) = envelope.items()
        assert name in {"Result", "stkCallback"}
        return dict(inner)

    @property
    def code(self) -> str:
        """``ResultCode``, whether it came as text or as a number."""
        return str(self.result["ResultCode"])

    @property
    def parameters(self) -> dict[str, Any]:
        """Key to value of the result's parameters; ``None`` for one that says nothing."""
        given = self.result.get("ResultParameters", {"ResultParameter": []})["ResultParameter"]
        listed = given if isinstance(given, list) else [given]
        return {each["Key"]: each.get("Value") for each in listed}


ACCEPTED = b'{"ResultCode":0,"ResultDesc":"Accepted"}'


@dataclass(frozen=True)
class Answer:
    """What is answered at a path, and after which event."""

    body: bytes = ACCEPTED
    status: int = 200
    after: threading.Event | None = None


class Receiver:
    """Listens on loopback; whoever waits is told by an event, never by a pause."""

    def __init__(self) -> None:
        self._came: defaultdict[str, list[Callback]] = defaultdict(list)
        self._news = threading.Condition()
        self._answers: dict[str, Answer] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self._take, self._answers))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def url(self, path: str = "/result") -> str:
        """Its address."""
        return f"http://127.0.0.1:{self._server.server_port}{path}"

    def wait(self, conversation_id: str) -> Callback:
        """The callback of that conversation, or at that path if it is no result; fails if there is none in
        time, or more than one.
        """
        with self._news:
            assert self._news.wait_for(lambda: self._came[conversation_id], PATIENCE), "no callback came"
            (callback,) = self._came[conversation_id]
            return callback

    def heard(self, conversation_id: str) -> list[Callback]:
        """What has come for that conversation so far."""
        with self._news:
            return list(self._came[conversation_id])

    def forget(self) -> None:
        """Whatever came is gone: platforms that begin anew may give an id that another gave before."""
        with self._news:
            self._came.clear()

    def answer(self, path: str, answer: Answer) -> None:
        """Answers so there, instead of taking everything at once."""
        self._answers[path] = answer

    def close(self) -> None:
        """Ends the thread and frees the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _take(self, callback: Callback) -> None:
        with self._news:
            said = json.loads(callback.raw)
            name = callback.path
            if "Result" in said:
                name = said["Result"]["ConversationID"]
            elif "Body" in said:
                name = said["Body"]["stkCallback"]["MerchantRequestID"]
            self._came[name].append(callback)
            self._news.notify_all()


def _handler(take: Any, answers: dict[str, Answer]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = answers.get(self.path, Answer())
            take(Callback(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            if answer.after is not None:
                answer.after.wait(PATIENCE)
            self.send_response(answer.status)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            with suppress(BrokenPipeError):  # nobody listens any more
                self.wfile.write(answer.body)

        def log_message(self, *_: Any) -> None:
            """Says nothing."""

    return Handler
