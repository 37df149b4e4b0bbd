"""Whole programs that nobody here wrote, as they are, under `salio run`: servers for agents, and a command.

They are configured, no more: the endpoint of the first and its reading of the results are its own too.
"""

from pathlib import Path
from typing import Any

from salio.sandbox.testdata.operators import PASSWORD
from tests.cli.redirected import needs, run
from tests.ports import free_port
from tests.programs.conversing import conversing
from tests.programs.listed import folder
from tests.programs.running import BOTH, INITIATOR, RECEIPT, SHORT_CODE, Given, needs_program
from tests.programs.tunnel import needs_a_name, tunnel

PATH_SECRET = "long-enough-to-be-a-path"
MEANT = "Initiator: missing; did you mean `Initiator`: you sent `InitiatorName`"
"""What the log tells of both that are refused."""


@needs_a_name
@needs_program("mpesa-daraja-mcp")
def test_a_server_that_receives_and_reads(given: Given, tmp_path: Path) -> None:
    """It asks for all three, keeps what comes to its own endpoint, and tells both as it read them."""
    port = free_port()
    with tunnel(port, tmp_path / "tunnel.pem") as public:
        configured = {
            "DARAJA_CONSUMER_KEY": given.key,
            "DARAJA_CONSUMER_SECRET": given.secret,
            "DARAJA_SHORTCODE": SHORT_CODE,
            "DARAJA_INITIATOR_NAME": INITIATOR,
            "DARAJA_INITIATOR_PASSWORD": PASSWORD,
            "DARAJA_CERT_PATH": str(given.certificate),
            "DARAJA_CALLBACK_BASE_URL": public.url,
            "DARAJA_CALLBACK_LISTEN": f"127.0.0.1:{port}",
            "DARAJA_CALLBACK_TOKEN": PATH_SECRET,
            "DARAJA_STATE_DB": str(tmp_path / "state.db"),
            "DARAJA_CONFIG_DIR": str(tmp_path),
            "SSL_CERT_FILE": str(public.certificate),
        }
        program = [str(folder("mpesa-daraja-mcp") / "bin" / "mpesa-daraja-mcp")]
        with conversing(program, given.data, tmp_path / "said", configured) as agent:
            assert structured(agent.call("mpesa_check_credentials"))["ok"] is True
            balance = structured(agent.call("mpesa_account_balance"))
            status = structured(agent.call("mpesa_transaction_status", transaction_id=RECEIPT))
            public.wait(2)
            of_balance, of_status = (
                structured(agent.call("mpesa_get_result", id=each["ids"]["conversation_id"]))
                for each in (balance, status)
            )
    assert (of_balance["status"], of_status["status"]) == ("SUCCESS", "SUCCESS")
    assert of_balance["raw"]["balances"][0]["account"] == "Working Account"
    assert of_status["raw"]["parameters"]["TransactionStatus"] == "Completed"
    assert of_status["raw"]["parameters"]["ReceiptNo"] == RECEIPT
    assert [(each["api"], each["state"], each["result_code"]) for each in given.log()] == [
        (api, "delivered", "0") for api in BOTH
    ]


def structured(result: dict[str, Any]) -> dict[str, Any]:
    """A tool's answer as it means it for programs."""
    assert not result.get("isError"), result
    content: dict[str, Any] = result["structuredContent"]
    return content


@needs("node")
@needs_program("@meshark/safaricom-daraja-mcp")
def test_a_server_that_names_a_member_wrongly(given: Given, tmp_path: Path) -> None:
    """Its token is granted, its queries are refused; the log tells the member that it means."""
    configured = {
        "DARAJA_CONSUMER_KEY": given.key,
        "DARAJA_CONSUMER_SECRET": given.secret,
        "DARAJA_BUSINESS_SHORT_CODE": SHORT_CODE,
        "DARAJA_PASS_KEY": "none",
        "DARAJA_INITIATOR_NAME": INITIATOR,
        "DARAJA_INITIATOR_PASSWORD": PASSWORD,
    }
    urls = {
        "result_url": "https://shop.example/",
        "queue_timeout_url": "https://shop.example/",
        "remarks": "ok",
    }
    program = [str(folder("@meshark/safaricom-daraja-mcp") / "node_modules" / ".bin" / "mcp-daraja")]
    with conversing(program, given.data, tmp_path / "said", configured) as agent:
        granted = agent.call("daraja_generate_token")
        refusals = [
            agent.call("daraja_account_balance", **urls),
            agent.call("daraja_transaction_status", transaction_id=RECEIPT, **urls),
        ]
    assert "Token generated" in granted["content"][0]["text"]
    assert all("Bad Request - Invalid Initiator" in each["error"]["message"] for each in refusals)
    assert [each["cause"] for each in given.log()] == [MEANT] * 2


@needs_program("pesa-cli")
def test_a_command_that_names_a_member_wrongly(given: Given, tmp_path: Path) -> None:
    """It says that its keys are good, and prints the refusal of its balance query."""
    configured = {
        "PESA_CONFIG": str(tmp_path / "config.json"),
        "DARAJA_CONSUMER_KEY": given.key,
        "DARAJA_CONSUMER_SECRET": given.secret,
        "DARAJA_SHORTCODE": SHORT_CODE,
        "DARAJA_INITIATOR_NAME": INITIATOR,
        "DARAJA_SECURITY_CREDENTIAL": given.credential,
    }
    options = ("--others", "refuse", "--data", str(given.data))
    pesa = str(folder("pesa-cli") / "bin" / "pesa")
    authenticated = run(*options, "--", pesa, "auth", more=configured)
    refused = run(*options, "--", pesa, "balance", more=configured)
    assert (authenticated.returncode, "Authenticated" in authenticated.stdout) == (0, True)
    assert (refused.returncode, "Bad Request - Invalid Initiator" in refused.stdout) == (1, True)
    assert [each["cause"] for each in given.log()] == [MEANT]
