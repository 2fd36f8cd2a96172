"""A run of the client over HTTP: public objects over one connection, evaluations with the token over another."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from blindbook.client import Client, Need, Refusal, Result
from blindbook.errors import BadInput, Unavailable

_CHUNK = 65536


class Http:
    """Carries the bytes of a run to the service at `url`; `context` is an ssl.SSLContext, by default the system's."""

    def __init__(self, url: str, *, context=None, timeout: float = 30.0) -> None:
        parts = urlsplit(url)
        self._make = (
            (lambda: http.client.HTTPSConnection(parts.netloc, timeout=timeout, context=context))
            if parts.scheme == "https" else (lambda: http.client.HTTPConnection(parts.netloc, timeout=timeout)))

    def get(self, path: str, sink: Callable[[bytes], None]) -> int:
        """The status; the body of a 200 goes to `sink` as it arrives."""
        return self._exchange("GET", path, None, {}, sink)[0]

    def post(self, path: str, body: bytes, token: str) -> tuple[int, bytes]:
        """The status, and the body whatever it is."""
        out = bytearray()
        status, rest = self._exchange(
            "POST", path, body,
            {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}, out.extend)
        return status, bytes(out) if status == 200 else rest

    def _exchange(self, method: str, path: str, body: bytes | None, headers: dict[str, str],
                  sink: Callable[[bytes], None]) -> tuple[int, bytes]:
        connection = self._make()
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            if answer.status != 200:
                return answer.status, answer.read(4096)
            while chunk := answer.read(_CHUNK):
                sink(chunk)
            return 200, b""
        except (OSError, http.client.HTTPException) as error:
            raise Unavailable("python.http", f"the service cannot be reached: {error}") from error
        finally:
            connection.close()


def discover(client: Client, token: str, transport: Http, save: Callable[[bytes], None], *, now: int | None = None,
             scheduled: bool = False, progress: Callable[[int, int], None] | None = None) -> Result:
    """Which of the client's numbers subscribe. `save` writes the state where it survives a crash. Errors of the client;
    Unavailable "python.http" and "python.status", BadInput "service.token"."""
    client.begin(token, int(time.time()) if now is None else now, scheduled=scheduled)
    try:
        while (need := client.need) != Need.NOTHING:
            if need == Need.ANNOUNCEMENT:
                announcement = bytearray()
                _expect_ok(transport.get("/v1/announcement", announcement.extend))
                client.take_announcement(bytes(announcement))
            elif need == Need.STEP:
                done, total = client.step()
                if progress:
                    progress(done, total)
            elif need == Need.ANSWER:
                save(client.state())
                _evaluate(client, token, transport)
            else:
                _read_directory(client, transport)
        return client.result()
    finally:
        if client.state_changed:
            save(client.state())


def _evaluate(client: Client, token: str, transport: Http) -> None:
    status, body = transport.post("/v1/evaluate", client.request(), token)
    if status == 410:
        client.take_refusal(Refusal.EPOCH_GONE)
    elif status == 429 and _problem_type(body).endswith(":allowance"):
        client.take_refusal(Refusal.ALLOWANCE_SPENT)
    elif status == 401:
        raise BadInput("service.token", "the service does not accept the access token", "ask for a new token")
    else:
        _expect_ok(status)
        client.take_answer(body)


def _read_directory(client: Client, transport: Http) -> None:
    status = transport.get(client.directory_path, client.feed_directory)
    if status in (404, 410):
        client.directory_gone()
    else:
        _expect_ok(status)
        client.finish_directory()


def _expect_ok(status: int) -> None:
    if status != 200:
        raise Unavailable("python.status", f"the service answered with HTTP {status}", "try again later")


def _problem_type(body: bytes) -> str:
    """The type of a problem (RFC 9457); empty when the body is none."""
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    kind = problem.get("type") if isinstance(problem, dict) else None
    return kind if isinstance(kind, str) else ""
