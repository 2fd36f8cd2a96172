"""Gives users of a Matrix homeserver access tokens of the blindbook service:

    python3 -m blindbook_synapse --homeserver http://127.0.0.1:8008 --server-name city.example --issuer messenger.issuer

It listens on this machine alone: the proxy before the homeserver has the certificate, and limits rates.
"""

import argparse
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from blindbook import BadInput
from blindbook.issuer import Issuer
from blindbook_synapse.tokens import Homeserver, TokenService


class Handler(WSGIRequestHandler):
    timeout = 10  # seconds that a client may be silent

    def log_message(self, *_: object) -> None:
        """Addresses of users stand in no log."""


class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m blindbook_synapse", description="Gives users of a Matrix homeserver "
                                     "access tokens of the blindbook service.")
    parser.add_argument("--homeserver", required=True, action="append", metavar="URL",
                        help="where its API is: http://127.0.0.1:8008, or https elsewhere; may come again, each with its name")
    parser.add_argument("--server-name", required=True, action="append", metavar="NAME",
                        help="behind the colon of its users: city.example; in the order of --homeserver")
    parser.add_argument("--ca-file", metavar="FILE", help="trust these certificates instead of the system's")
    parser.add_argument("--issuer", required=True, metavar="FILE", help="what python3 -m blindbook.issuer made")
    parser.add_argument("--port", type=int, default=8009, help="of 127.0.0.1, to listen on (8009); 0 picks a free one")
    arguments = parser.parse_args()
    if len(arguments.homeserver) != len(arguments.server_name):
        parser.error("each --homeserver has a --server-name")
    try:
        homeservers = [Homeserver(url, name, trust=arguments.ca_file)
                       for url, name in zip(arguments.homeserver, arguments.server_name)]
        service = TokenService(homeservers, Issuer(arguments.issuer))
        server = make_server("127.0.0.1", arguments.port, service, Server, Handler)
    except (BadInput, OSError) as error:
        sys.exit(f"blindbook: error: {error}")
    with server:
        print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main()
