"""The client, without I/O: docs/embedding.md has its loop, discovery.py runs it over HTTP."""

from __future__ import annotations

import ctypes
import enum
from ctypes import c_size_t
from dataclasses import dataclass

from blindbook import _library
from blindbook._library import buffer_from, call, text_argument, text_from


class Need(enum.IntEnum):
    """What a run waits for."""

    NOTHING = 0
    ANNOUNCEMENT = 1
    STEP = 2
    ANSWER = 3
    DIRECTORY = 4


class Refusal(enum.IntEnum):
    """Refusals of a service that a run can live with."""

    EPOCH_GONE = 1  # 410
    ALLOWANCE_SPENT = 2  # 429 whose problem type ends in ":allowance"


@dataclass(frozen=True)
class Match:
    """A contact who subscribes. `label` is None where the directory has none."""

    number: str
    label: str | None


@dataclass(frozen=True)
class Result:
    """What a run has come to. `allowance_left` is None when nothing was asked for."""

    matches: list[Match]
    evaluated: int
    not_looked_up: int
    unopened_labels: int
    partial: bool
    allowance_left: int | None
    edition: int
    epoch: bytes
    head: bytes


class Client(_library.Handle):
    """One person's client of one operator. `key` (32 bytes, see new_key()) seals the state, which is what state() gave
    last. Raises BadInput for an invitation or a state that cannot be used. For one thread at a time."""

    _free = "bb_client_free"

    def __init__(self, invitation: str, key: bytes, state: bytes = b"") -> None:
        super().__init__()
        if len(key) != _library.KEY_BYTES:
            raise _library.BadInput("python.key", f"the key does not have {_library.KEY_BYTES} bytes")
        call("bb_client_new", text_argument(invitation), key, state or None, len(state), ctypes.byref(self._handle))

    @property
    def service_url(self) -> str:
        """Such as "https://city.example"."""
        return text_from("bb_client_service_url", self._handle)

    def add(self, number: str) -> None:
        """Adds a number in E.164. The whole address book is added before begin()."""
        call("bb_client_add_identifier", self._handle, text_argument(number))

    def begin(self, token: str, now: int, *, scheduled: bool = False) -> None:
        """Begins a run for the account of `token`; `scheduled` when a timer started it and not a person."""
        call("bb_client_begin", self._handle, text_argument(token), now, int(scheduled))

    @property
    def need(self) -> Need:
        return Need(_library.library.bb_client_need(self._handle))

    @property
    def state_changed(self) -> bool:
        """Whether state() would give what it has not given yet."""
        return bool(_library.library.bb_client_state_changed(self._handle))

    def state(self) -> bytes:
        """All that must survive, sealed: to be written durably before a request is sent, and after errors too."""
        return buffer_from("bb_client_state", self._handle)

    def take_announcement(self, announcement: bytes) -> None:
        call("bb_client_take_announcement", self._handle, announcement, len(announcement))

    @property
    def evidence(self) -> bytes:
        """The announcements that contradict each other, when take_announcement() found such; otherwise empty."""
        return buffer_from("bb_client_evidence", self._handle)

    def step(self, max_items: int = 256) -> tuple[int, int]:
        """Blinds some more; elements done, and in all."""
        done, total = c_size_t(), c_size_t()
        call("bb_step", self._handle, max_items, ctypes.byref(done), ctypes.byref(total))
        return done.value, total.value

    def request(self) -> bytes:
        """The body of POST /v1/evaluate, once state() was asked for; the same however often."""
        return buffer_from("bb_client_request", self._handle)

    def take_answer(self, answer: bytes) -> None:
        call("bb_client_take_answer", self._handle, answer, len(answer))

    def take_refusal(self, refusal: Refusal) -> None:
        call("bb_client_take_refusal", self._handle, int(refusal))

    @property
    def directory_path(self) -> str:
        return text_from("bb_client_directory_path", self._handle)

    def restart_directory(self) -> None:
        """After a download that failed half-way."""
        call("bb_client_restart_directory", self._handle)

    def feed_directory(self, chunk: bytes) -> None:
        call("bb_client_feed_directory", self._handle, chunk, len(chunk))

    def finish_directory(self) -> None:
        call("bb_client_finish_directory", self._handle)

    def directory_gone(self) -> None:
        call("bb_client_directory_gone", self._handle)

    def result(self) -> Result:
        """Once the run has ended with matches; ApiMisuse before."""
        result = _library.Result()
        call("bb_client_result", self._handle, ctypes.byref(result))
        return Result(
            matches=[self._match(index) for index in range(result.matches)], evaluated=result.evaluated,
            not_looked_up=result.not_looked_up, unopened_labels=result.unopened_labels, partial=bool(result.partial),
            allowance_left=None if result.allowance_left < 0 else result.allowance_left, edition=result.edition,
            epoch=bytes(result.epoch), head=bytes(result.head))

    def _match(self, index: int) -> Match:
        number, label = ctypes.create_string_buffer(32), ctypes.create_string_buffer(1024)
        number_size, label_size = c_size_t(len(number)), c_size_t(len(label))
        call("bb_client_match", self._handle, index, number, ctypes.byref(number_size), label, ctypes.byref(label_size))
        return Match(number.value.decode(), label.value.decode() or None)


def new_key() -> bytes:
    """A key for a client's state, to be kept where the system keeps keys."""
    out = ctypes.create_string_buffer(_library.KEY_BYTES)
    call("bb_random", out, len(out))
    return out.raw
