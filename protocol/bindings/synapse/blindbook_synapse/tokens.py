"""Access tokens for the users of a Matrix homeserver, for the OpenID token that it gave them: docs/spec/token.md.

TokenService is a WSGI application (PEP 3333), keeps nothing and logs nothing. `python3 -m blindbook_synapse` serves it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from socket import SHUT_RDWR, socket
from ssl import create_default_context
from threading import Event, Timer
from typing import Any
from urllib.parse import urlencode, urlsplit

from blindbook import BadInput
from blindbook.issuer import LIFE, Issuer

PATH = "/_blindbook/token"
MAX_BYTES = 4096  # of a request, and of the homeserver's answer: both have some hundred


class Refused(Exception):
    """`status` of HTTP and the error code of Matrix by which a request is refused."""

    def __init__(self, status: str, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.body = status, {"errcode": code, "error": text}


def _member(body: bytes, name: str) -> str:
    """The string `name` of a JSON object; empty where there is none. A deep nest is a RecursionError, not a ValueError."""
    try:
        value = json.loads(body)[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return value if isinstance(value, str) else ""


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _cut_off(connection: socket, late: Event) -> None:
    late.set()
    with suppress(OSError):  # it ended meanwhile
        connection.shutdown(SHUT_RDWR)


@dataclass(frozen=True)
class Homeserver:
    """`url` is where its API is, `name` what stands behind the colon of its users, `timeout` how many seconds it has for the
    whole of an answer. It is asked over TLS, under certificates of the system or of the file `trust`, unless it is on this
    machine. BadInput for a URL that says otherwise."""

    url: str
    name: str
    timeout: float = 10.0
    trust: str | None = None

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or "@" in parts.netloc:
            raise BadInput("synapse.url", f"{self.url} is not where a homeserver is", "it is such as https://matrix.city.example")
        if parts.scheme == "http" and not _is_this_machine(parts.hostname):
            raise BadInput("synapse.tls", f"{self.url} would show OpenID tokens to the network", "give an https URL")

    def _connection(self) -> HTTPConnection:
        parts = urlsplit(self.url)
        if parts.scheme == "http":
            return HTTPConnection(parts.netloc, timeout=self.timeout)
        return HTTPSConnection(parts.netloc, timeout=self.timeout, context=create_default_context(cafile=self.trust))

    def user_of(self, openid_token: str) -> str:
        """Whom it gave this OpenID token."""
        silence = Refused("503 Service Unavailable", "M_UNKNOWN", "the homeserver does not answer")
        connection, late = self._connection(), Event()
        limit: Timer | None = None
        try:  # http.client follows no redirect
            connection.connect()
            limit = Timer(self.timeout, _cut_off, (connection.sock, late))  # a socket's own begins anew with every byte
            limit.daemon = True
            limit.start()
            connection.request("GET", f"{urlsplit(self.url).path.rstrip('/')}/_matrix/federation/v1/openid/userinfo?"
                               + urlencode({"access_token": openid_token}))
            answer = connection.getresponse()
            body = answer.read(MAX_BYTES + 1)
        except (OSError, HTTPException) as error:
            raise silence from error
        finally:
            if limit:
                limit.cancel()
            connection.close()
        if late.is_set():
            raise silence
        if answer.status == 401:
            raise Refused("401 Unauthorized", "M_UNKNOWN_TOKEN", "the homeserver does not know this OpenID token")
        user = _member(body, "sub") if answer.status == 200 and len(body) <= MAX_BYTES else ""
        if not re.fullmatch("@[!-9;-~]+:[!-~]+", user) or len(user) > 255:
            raise Refused("502 Bad Gateway", "M_UNKNOWN", "the homeserver does not say whose OpenID token this is")
        if user.partition(":")[2] != self.name:
            raise Refused("403 Forbidden", "M_FORBIDDEN", f"this user is not one of {self.name}")
        return user


class TokenService:
    """Knows the homeservers that it is given, and asks no other, whatever a request names."""

    def __init__(self, homeservers: Homeserver | Iterable[Homeserver], issuer: Issuer) -> None:
        known = [homeservers] if isinstance(homeservers, Homeserver) else list(homeservers)
        self._homeservers, self._issuer = {one.name: one for one in known}, issuer
        if len(self._homeservers) != len(known) or not known:
            raise BadInput("synapse.server-name", "a homeserver is named twice, or none is", "each has a name of its own")

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        try:
            status, body = "200 OK", json.dumps({"token": self._token(environ), "expires_in": LIFE}).encode()
        except Refused as refused:
            status, body = refused.status, json.dumps(refused.body).encode()
        start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body))),
                                ("Cache-Control", "no-store")])
        return [body]

    def _token(self, environ: dict[str, Any]) -> str:
        if environ["PATH_INFO"] != PATH or environ["REQUEST_METHOD"] != "POST":
            raise Refused("404 Not Found", "M_UNRECOGNIZED", f"there is POST {PATH} and nothing else")
        size = environ.get("CONTENT_LENGTH", "")
        if not re.fullmatch("[0-9]{1,9}", size) or not 0 < int(size) <= MAX_BYTES:
            raise Refused("413 Content Too Large", "M_TOO_LARGE", f"a request has 1 to {MAX_BYTES} bytes")
        given = environ["wsgi.input"].read(int(size))
        openid_token, server_name = _member(given, "access_token"), _member(given, "matrix_server_name")
        if not re.fullmatch("[!-~]+", openid_token) or not server_name:
            raise Refused("400 Bad Request", "M_BAD_JSON", "this is not what a homeserver answers to request_token")
        homeserver = self._homeservers.get(server_name)
        if homeserver is None:
            raise Refused("403 Forbidden", "M_FORBIDDEN", f"this service is for users of {', '.join(self._homeservers)}")
        return self._issuer.token(homeserver.user_of(openid_token))
