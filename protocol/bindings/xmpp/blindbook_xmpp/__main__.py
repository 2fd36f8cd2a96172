"""Gives users of an XMPP server access tokens of the blindbook service:

    python3 -m blindbook_xmpp --jid blindbook.city.example --secret-file FILE --serves city.example --issuer FILE

It ends when the server does, or refuses it, with 1: whoever started it starts it again.
"""

import argparse
import asyncio
import sys
from pathlib import Path

from blindbook import BadInput
from blindbook.issuer import Issuer
from blindbook_xmpp.component import TokenComponent


async def serve(arguments: argparse.Namespace) -> str:
    """Why it has ended."""
    component = TokenComponent(arguments.jid, arguments.secret_file.read_text(encoding="utf-8").strip(), arguments.host,
                               arguments.port, arguments.serves, Issuer(arguments.issuer))
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def end(why: str) -> None:
        if not ended.done():
            ended.set_result(why)

    component.add_event_handler("session_start", lambda _: print(f"connected as {component.boundjid}", flush=True))
    component.add_event_handler("connection_failed", lambda error: end(f"the server cannot be reached: {error}"))
    component.add_event_handler("stream_error", lambda error: end(f"the server refuses: {error['condition']}"))
    component.add_event_handler("disconnected", lambda _: end("the server has closed the connection"))
    component.connect()
    return await ended


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m blindbook_xmpp", description="Gives users of an XMPP server access "
                                     "tokens of the blindbook service.")
    parser.add_argument("--jid", required=True, help="of this component: blindbook.city.example")
    parser.add_argument("--secret-file", required=True, type=Path, metavar="FILE", help="what it shares with the server")
    parser.add_argument("--serves", required=True, metavar="DOMAIN", help="whose users get tokens: city.example")
    parser.add_argument("--issuer", required=True, metavar="FILE", help="what python3 -m blindbook.issuer made")
    parser.add_argument("--host", default="127.0.0.1", help="where the server listens for components (127.0.0.1)")
    parser.add_argument("--port", type=int, default=5347, help="and its port there (5347)")
    arguments = parser.parse_args()
    try:
        sys.exit(f"blindbook: error: {asyncio.run(serve(arguments))}")
    except (BadInput, OSError) as error:
        sys.exit(f"blindbook: error: {error}")


if __name__ == "__main__":
    main()
