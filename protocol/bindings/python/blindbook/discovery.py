"""A run of the client, from the announcement to the matches."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Optional, Protocol

from blindbook.client import Client, Need, Refusal, Result
from blindbook.errors import BadInput, Error, Unavailable

_MAX_ANNOUNCEMENT = 1 << 20


class Transport(Protocol):
    """What discover() needs of network code: Http has it."""

    def get(self, path: str, sink: Callable[[bytes], object]) -> int:
        """GET without the token, best over another connection than post(): the status; the body of a 200 to `sink`."""
        ...

    def post(self, path: str, body: bytes, token: str) -> tuple[int, bytes]:
        """POST of application/octet-stream with "Authorization: Bearer <token>": the status and the body."""
        ...


def discover(client: Client, token: str, transport: Transport, save: Callable[[bytes], object], *,
             now: Optional[int] = None, scheduled: bool = False,
             progress: Optional[Callable[[int, int], object]] = None) -> Result:
    """Which of the client's numbers subscribe. `save` writes the state where it survives a crash: it is called before the
    request is sent, and at the end, also after an error. `progress` is told the elements that are blinded, and all of them.
    Errors of the client; Unavailable and BadInput of the transport, "service.token", "service.busy", .."""
    client.begin(token, int(time.time()) if now is None else now, scheduled=scheduled)
    try:
        while (need := client.need) != Need.NOTHING:
            if need == Need.ANNOUNCEMENT:
                client.take_announcement(_fetch_announcement(transport))
            elif need == Need.STEP:
                done, total = client.step()
                if progress is not None:
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


def _fetch_announcement(transport: Transport) -> bytes:
    out = bytearray()

    def take(chunk: bytes) -> None:
        out.extend(chunk)
        if len(out) > _MAX_ANNOUNCEMENT:
            raise Unavailable("http.too-long", "the answer is longer than any valid one")

    status = transport.get("/v1/announcement", take)
    if status != 200:
        raise _refused(status)
    return bytes(out)


def _evaluate(client: Client, token: str, transport: Transport) -> None:
    status, body = transport.post("/v1/evaluate", client.request(), token)
    if status == 200:
        client.take_answer(body)
    elif status == 410:
        client.take_refusal(Refusal.EPOCH_GONE)
    elif status == 429 and _member(body, "type").endswith(":allowance"):
        client.take_refusal(Refusal.ALLOWANCE_SPENT)
    else:
        raise _refused(status, _member(body, "detail"))


def _read_directory(client: Client, transport: Transport) -> None:
    status = transport.get(client.directory_path, client.feed_directory)
    if status == 200:
        client.finish_directory()
    elif status in (404, 410):
        client.directory_gone()
    else:
        raise _refused(status)


def _refused(status: int, detail: str = "") -> Error:
    if status == 401:
        why = f": {detail}" if detail.isprintable() and 0 < len(detail) <= 200 else ""
        return BadInput("service.token", f"the service does not accept the access token{why}", "ask for a new token")
    if status == 429:
        return Unavailable("service.rate", "the service was asked too often", "try again later")
    if status == 503:
        return Unavailable("service.busy", "the service is busy", "try again later")
    return Unavailable("service.status", f"the service answered with HTTP {status}", "try again later")


def _member(body: bytes, name: str) -> str:
    """A text of a problem (RFC 9457); empty when there is none."""
    try:
        problem = json.loads(body)
    except ValueError:
        return ""
    text = problem.get(name) if isinstance(problem, dict) else None
    return text if isinstance(text, str) else ""
