"""The bare server: uvicorn and a raw ASGI callable that reads the body and answers an acknowledgement."""

import socket
import sys
from typing import Any

import uvicorn

ANSWER = (
    b'{"OriginatorConversationID":"515-5258779-3","ConversationID":"AG_20200123_0000417fed8ed666e976",'
    b'"ResponseCode":"0","ResponseDescription":"Accept the service request successfully"}'
)
GRANT = b'{"access_token":"token","expires_in":"3599"}'
HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(ANSWER))]


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Reads whatever comes and answers; a client that needs a token first gets one."""
    while (await receive()).get("more_body"):
        pass
    if scope["method"] == "GET":
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS[:1]})
        await send({"type": "http.response.body", "body": GRANT})
        return
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": ANSWER})


if __name__ == "__main__":
    listener = socket.create_server(("127.0.0.1", 0))
    sys.stdout.write(f"{listener.getsockname()[1]}\n")
    sys.stdout.flush()
    config = uvicorn.Config(
        app, http="httptools", loop="uvloop", lifespan="off", access_log=False, log_level="warning"
    )
    uvicorn.Server(config).run(sockets=[listener])
