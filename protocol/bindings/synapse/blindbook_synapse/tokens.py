"""Access tokens for the users of a Matrix homeserver, for the OpenID token that it gave them: docs/spec/token.md.

TokenService is a WSGI application (PEP 3333), keeps nothing and logs nothing. `python3 -m blindbook_synapse` serves it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

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


@dataclass(frozen=True)
class Homeserver:
    """`url` is where its API is, `name` what stands behind the colon of its users, `timeout` how many seconds it may be
    silent."""

    url: str
    name: str
    timeout: float = 10.0

    def check(self, server_name: str) -> None:
        if server_name != self.name:
            raise Refused("403 Forbidden", "M_FORBIDDEN", f"this service is for users of {self.name}")

    def user_of(self, openid_token: str) -> str:
        """Whom it gave this OpenID token."""
        parts = urlsplit(self.url)
        connection = (HTTPSConnection if parts.scheme == "https" else HTTPConnection)(parts.netloc, timeout=self.timeout)
        try:  # http.client follows no redirect
            connection.request("GET", f"{parts.path.rstrip('/')}/_matrix/federation/v1/openid/userinfo?"
                               + urlencode({"access_token": openid_token}))
            answer = connection.getresponse()
            body = answer.read(MAX_BYTES + 1)
        except (OSError, HTTPException) as error:
            raise Refused("503 Service Unavailable", "M_UNKNOWN", "the homeserver does not answer") from error
        finally:
            connection.close()
        if answer.status == 401:
            raise Refused("401 Unauthorized", "M_UNKNOWN_TOKEN", "the homeserver does not know this OpenID token")
        user = _member(body, "sub") if answer.status == 200 and len(body) <= MAX_BYTES else ""
        if not re.fullmatch("@[!-9;-~]+:[!-~]+", user) or len(user) > 255:
            raise Refused("502 Bad Gateway", "M_UNKNOWN", "the homeserver does not say whose OpenID token this is")
        self.check(user.partition(":")[2])
        return user


class TokenService:
    def __init__(self, homeserver: Homeserver, issuer: Issuer) -> None:
        self._homeserver, self._issuer = homeserver, issuer

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
        self._homeserver.check(server_name)
        return self._issuer.token(self._homeserver.user_of(openid_token))
