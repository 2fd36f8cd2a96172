#!/usr/bin/env python3
"""A Matrix homeserver as far as OpenID goes: stub_homeserver.py SERVER-NAME. Each user's access token is "secret of" and
their name; prints its URL."""

import json
import re
import secrets
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

REQUEST_TOKEN = re.compile("/_matrix/client/v3/user/([^/]+)/openid/request_token")
USERINFO = "/_matrix/federation/v1/openid/userinfo"


class Homeserver(ThreadingHTTPServer):
    """`known` holds whose each OpenID token is, or a function that answers with a handler; `asked` what was asked."""

    daemon_threads = True

    def __init__(self, name, certified=None):
        """`certified`: a folder with cert.pem and key.pem, to speak TLS."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.name, self.known, self.asked = name, {}, []
        self.url = f"http{'s' if certified else ''}://127.0.0.1:{self.server_port}"
        if certified:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certified / "cert.pem", certified / "key.pem")
            self.socket = context.wrap_socket(self.socket, server_side=True)

    def handle_error(self, request, client_address):
        """Clients that do not trust it, or wait no longer, are what tests are about."""


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        url = urlsplit(self.path)
        whose = self.server.known.get(parse_qs(url.query).get("access_token", [""])[0])
        if url.path != USERINFO or whose is None:
            self.answer(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Access Token unknown or expired"})
        elif callable(whose):
            whose(self)
        else:
            self.answer(200, {"sub": whose})

    def do_POST(self):
        path = REQUEST_TOKEN.fullmatch(self.path)
        user = unquote(path[1]) if path else ""
        if self.headers["Authorization"] != f"Bearer secret of {user}":
            return self.answer(401, {"errcode": "M_UNKNOWN_TOKEN", "error": "Invalid access token"})
        token = secrets.token_urlsafe(18)
        self.server.known[token] = user
        self.answer(200, {"access_token": token, "token_type": "Bearer", "matrix_server_name": self.server.name,
                          "expires_in": 3600})

    def answer(self, status, body):
        self.answer_bytes(status, json.dumps(body).encode())

    def answer_bytes(self, status, body, headers=()):
        self.send_response(status)
        for name, value in (("Content-Type", "application/json"), ("Content-Length", str(len(body))), *headers):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    with Homeserver(sys.argv[1]) as server:
        print(server.url, flush=True)
        server.serve_forever()
