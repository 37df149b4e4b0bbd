"""mpesakit by its own calls: a token, a balance and a status, and an endpoint for the results.

Prints what it read as one JSON object, for the test.
"""

import json
import os
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

from mpesakit import MpesaClient
from mpesakit.security import generate_security_credential


class Endpoint(HTTPServer):
    """Takes results, one after the other."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.came: list[dict[str, Any]] = []
        self.url = f"http://127.0.0.1:{self.server_port}/"

    def next(self) -> dict[str, Any]:
        """Waits for the next one."""
        self.handle_request()
        return self.came[-1]


class Handler(BaseHTTPRequestHandler):
    """Keeps what is posted."""

    server: Endpoint

    def do_POST(self) -> None:
        """Answers with success."""
        self.server.came.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


def parameter(result: dict[str, Any], key: str) -> str:
    """The value of a result's parameter."""
    pairs = result["Result"]["ResultParameters"]["ResultParameter"]
    return next(str(each["Value"]) for each in pairs if each["Key"] == key)


def of_its_own_model(mpesa: MpesaClient, balance: dict[str, Any], status: dict[str, Any]) -> dict[str, bool]:
    """Whether the library's own models read the two results."""
    read = mpesa.process_account_balance_callback(balance).Result
    try:
        mpesa.process_transactions_callback(status)
    except ValueError:
        fits = False
    else:
        fits = True
    return {"model_has_balance": read.ResultParameter is not None, "model_has_status": fits}


def main() -> None:
    """Asks both, and waits for both."""
    environment = os.environ["MPESA_ENVIRONMENT"]
    mpesa = MpesaClient(os.environ["MPESA_KEY"], os.environ["MPESA_SECRET"], environment)
    password = os.environ["MPESA_PASSWORD"]
    with Endpoint() as endpoint:
        asked = {
            "initiator": os.environ["MPESA_INITIATOR"],
            "security_credential": generate_security_credential(password, environment=environment),
            "party_a": int(os.environ["MPESA_SHORT_CODE"]),
            "identifier_type": 4,
            "remarks": "ok",
            "result_url": endpoint.url,
            "queue_timeout_url": endpoint.url,
        }
        mpesa.balance.query(command_id="AccountBalance", **asked)
        balance = endpoint.next()
        receipt = os.environ["MPESA_RECEIPT"]
        mpesa.transactions.query_status(transaction_id=receipt, command_id="TransactionStatusQuery", **asked)
        status = endpoint.next()
    read = {
        "balance": parameter(balance, "AccountBalance"),
        "status": parameter(status, "TransactionStatus"),
        **of_its_own_model(mpesa, balance, status),
    }
    sys.stdout.write(json.dumps(read) + "\n")


main()
