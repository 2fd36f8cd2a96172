"""HTTP by the standard library, for discover(). Each exchange has a connection of its own, so that nothing ties the public
objects, which are fetched without the token, to the account."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable
from typing import Optional
from urllib.parse import urlsplit

from blindbook.errors import BadInput, Unavailable

_CHUNK = 65536
_MAX_ANSWER = 1 << 20  # no valid answer to an evaluation is longer
_MAX_PROBLEM = 4096
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


class Http:
    """Carries the bytes of a run to the service at `url`. `context` is an ssl.SSLContext, by default the system's; `timeout`,
    in seconds, is for each read. Plain HTTP beyond this machine shows account and time to whoever listens, and lets whoever
    stands in between take the token: `insecure_http` allows it. BadInput "http.url", "usage.insecure-http"."""

    def __init__(self, url: str, *, context: Optional[ssl.SSLContext] = None, timeout: float = 30.0,
                 insecure_http: bool = False) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/"):
            raise BadInput("http.url", "the address is not a scheme, a host and perhaps a port")
        if parts.scheme == "http" and parts.hostname not in _THIS_MACHINE and not insecure_http:
            raise BadInput("usage.insecure-http", "plain HTTP shows the token to whoever stands in between", "use https")
        self._secure = parts.scheme == "https"
        self._netloc = parts.netloc
        self._context = context
        self._timeout = timeout

    def get(self, path: str, sink: Callable[[bytes], object]) -> int:
        """The status; the body of a 200 goes to `sink` as it arrives."""
        return self._exchange("GET", path, None, {}, sink)[0]

    def post(self, path: str, body: bytes, token: str) -> tuple[int, bytes]:
        """The status, and the body whatever it is."""
        out = bytearray()

        def take(chunk: bytes) -> None:
            out.extend(chunk)
            if len(out) > _MAX_ANSWER:
                raise Unavailable("http.too-long", "the answer is longer than any valid one")

        status, problem = self._exchange(
            "POST", path, body, {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}, take)
        return status, bytes(out) if status == 200 else problem

    def _exchange(self, method: str, path: str, body: Optional[bytes], headers: dict[str, str],
                  sink: Callable[[bytes], object]) -> tuple[int, bytes]:
        connection: http.client.HTTPConnection
        if self._secure:
            connection = http.client.HTTPSConnection(self._netloc, timeout=self._timeout, context=self._context)
        else:
            connection = http.client.HTTPConnection(self._netloc, timeout=self._timeout)
        try:
            answer = _answer(connection, method, path, body, headers)
            if answer.status != 200:
                return answer.status, _read(answer, _MAX_PROBLEM)
            while chunk := _read(answer, _CHUNK):
                sink(chunk)
            if answer.length:  # read(n) takes a connection that was cut for the end
                raise Unavailable("http.truncated", "the connection was cut before the answer ended", "try again")
            return 200, b""
        finally:
            connection.close()


def _answer(connection: http.client.HTTPConnection, method: str, path: str, body: Optional[bytes],
            headers: dict[str, str]) -> http.client.HTTPResponse:
    try:
        connection.connect()
    except ssl.SSLError as error:
        raise Unavailable("http.tls", f"no secure connection: {error}", "check the address, and the clock") from error
    except OSError as error:
        raise Unavailable("http.connect", f"no connection: {error}", "check the address, and that the service runs") from error
    try:
        connection.request(method, path, body=body, headers=headers)
        return connection.getresponse()
    except (OSError, http.client.HTTPException) as error:
        raise _broken(error) from error


def _read(answer: http.client.HTTPResponse, size: int) -> bytes:
    try:
        return answer.read(size)
    except (OSError, http.client.HTTPException) as error:
        raise _broken(error) from error


def _broken(error: Exception) -> Unavailable:
    if isinstance(error, socket.timeout):
        return Unavailable("http.timeout", "no answer in time", "try again later")
    if isinstance(error, (http.client.IncompleteRead, http.client.RemoteDisconnected, ConnectionError)):
        return Unavailable("http.truncated", "the connection was cut before the answer ended", "try again")
    return Unavailable("http.answer", f"the answer is not HTTP: {error}")
