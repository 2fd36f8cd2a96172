"""The client, without I/O: docs/embedding.md has its loop, discovery.py runs it."""

from __future__ import annotations

import enum
from ctypes import byref, c_size_t, create_string_buffer
from dataclasses import dataclass
from typing import Any, Optional

from blindbook import _arguments as arguments
from blindbook._arguments import Buffer
from blindbook._functions import KEY_BYTES, Outcome
from blindbook._handle import Handle
from blindbook._library import bytes_from, call, library, text_from, texts_from


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
    label: Optional[str]


@dataclass(frozen=True)
class Result:
    """What a run has come to. `not_looked_up` counts numbers for which the allowance or the largest batch did not suffice,
    `partial` says that it was the allowance; `allowance_left` is None when nothing was asked for. `head` is of the operator's
    log, to be compared over another channel."""

    matches: list[Match]
    evaluated: int
    not_looked_up: int
    unopened_labels: int
    partial: bool
    allowance_left: Optional[int]
    edition: int
    epoch: bytes
    head: bytes


class Client(Handle):
    """One person's client of one operator. `key` (32 bytes, new_key()) seals the state, which is what state() gave last.
    BadInput "invitation.syntax", "state.key", "state.format", "state.content", "state.operator"."""

    def __init__(self, invitation: str, key: Buffer, state: Buffer = b"") -> None:
        saved = arguments.data(state, "the state")
        super().__init__("bb_client_new", "bb_client_free", arguments.text(invitation, "the invitation"),
                         arguments.data(key, "the key", KEY_BYTES), saved, len(saved))

    @property
    def service_url(self) -> str:
        """Such as "https://city.example"."""
        with self._alone() as handle:
            return text_from("bb_client_service_url", handle)

    def add(self, number: str) -> None:
        """Adds a number in E.164, "+493023125000". The whole address book is added before begin(): nothing that is fetched
        may depend on it. BadInput "identifier.syntax"; ApiMisuse "run.order" while a run is in hand."""
        self._call("bb_client_add_identifier", arguments.text(number, "the number"))

    def add_number(self, raw: str, region: Optional[str] = None) -> int:
        """Adds what a person wrote, "030 23125000 / 01", in the numbering plan of `region`, such as "DE"; without one only
        numbers with a country code are taken. How many numbers it was. BadInput "capi.number" (the message says why),
        "contact.region"; ApiMisuse "capi.unsupported" (the library has no libphonenumber), "run.order"."""
        count = c_size_t()
        self._call("bb_client_add_number", arguments.text(raw, "the number"),
                   None if region is None else arguments.text(region, "the region"), byref(count))
        return count.value

    def begin(self, token: str, now: int, *, scheduled: bool = False) -> None:
        """Begins a run for the account of `token`, an access token, at `now`, in Unix seconds. `scheduled` when a timer
        started it and not a person. Ends a run that is in hand. BadInput "token.encoding"."""
        self._call("bb_client_begin", arguments.text(token, "the token"), arguments.whole(now, "the time", 64),
                   int(bool(scheduled)))

    @property
    def need(self) -> Need:
        """NOTHING when no run is in hand, or it has ended: by an error, or with matches."""
        with self._alone() as handle:
            return Need(library.bb_client_need(handle))

    @property
    def state_changed(self) -> bool:
        """Whether state() would give what it has not given yet."""
        with self._alone() as handle:
            return bool(library.bb_client_state_changed(handle))

    def state(self) -> bytes:
        """All that must survive, sealed: to be written durably before a request is sent, and after errors too."""
        with self._alone() as handle:
            return bytes_from("bb_client_state", handle)

    # Each step below is ApiMisuse "run.order" when the run waits for something else. Another error ends the run.

    def take_announcement(self, announcement: Buffer) -> None:
        """What GET /v1/announcement gave, whole. PeerMisbehaved; Unavailable "announcement.not-an-envelope" (a captive
        portal, say), "announcement.stale"."""
        self._take("bb_client_take_announcement", announcement, "the announcement")

    @property
    def evidence(self) -> bytes:
        """The announcements that contradict each other, when take_announcement() found such: keep them, and show them to
        others. Otherwise empty."""
        with self._alone() as handle:
            return bytes_from("bb_client_evidence", handle)

    def step(self, max_items: int = 256) -> tuple[int, int]:
        """Blinds up to `max_items` more elements, 20 us each; elements done, and in the whole run."""
        done, total = c_size_t(), c_size_t()
        self._call("bb_step", arguments.whole(max_items, "max_items", 32), byref(done), byref(total))
        return done.value, total.value

    def request(self) -> bytes:
        """The body of POST /v1/evaluate; the same bytes however often. ApiMisuse "capi.unsaved" before state() was asked
        for: what is sent is charged, and must survive a crash."""
        with self._alone() as handle:
            return bytes_from("bb_client_request", handle)

    def take_answer(self, answer: Buffer) -> None:
        """The body of the 200 to that request: checks its proof. PeerMisbehaved; Unavailable "service.not-an-answer"."""
        self._take("bb_client_take_answer", answer, "the answer")

    def take_refusal(self, refusal: Refusal) -> None:
        """The service refused: the run goes on otherwise, or ends with Spent or Unavailable."""
        self._call("bb_client_take_refusal", arguments.whole(refusal, "the refusal", 31))

    @property
    def directory_path(self) -> str:
        """The path to GET, without the token."""
        with self._alone() as handle:
            return text_from("bb_client_directory_path", handle)

    def restart_directory(self) -> None:
        """Reads it anew, after a download that failed half-way."""
        self._call("bb_client_restart_directory")

    def feed_directory(self, chunk: Buffer) -> None:
        """The next bytes of the directory, in pieces of any size. PeerMisbehaved; Unavailable "service.not-an-answer"."""
        self._take("bb_client_feed_directory", chunk, "the directory")

    def finish_directory(self) -> None:
        """All of it was fed: checks it against the announcement, and forms the matches. PeerMisbehaved."""
        self._call("bb_client_finish_directory")

    def directory_gone(self) -> None:
        """The service answered 404 or 410 to that path: the run asks for the announcement again."""
        self._call("bb_client_directory_gone")

    def result(self) -> Result:
        """Once the run has ended with matches; ApiMisuse "run.order" before."""
        outcome = Outcome()
        with self._alone() as handle:
            call("bb_client_result", handle, byref(outcome))
            found = [texts_from("bb_client_match", handle, index) for index in range(outcome.matches)]
        return Result(
            matches=[Match(number, label or None) for number, label in found], evaluated=outcome.evaluated,
            not_looked_up=outcome.not_looked_up, unopened_labels=outcome.unopened_labels, partial=bool(outcome.partial),
            allowance_left=None if outcome.allowance_left < 0 else outcome.allowance_left, edition=outcome.edition,
            epoch=bytes(outcome.epoch), head=bytes(outcome.head))

    def _call(self, name: str, *values: Any) -> None:
        with self._alone() as handle:
            call(name, handle, *values)

    def _take(self, name: str, value: Buffer, what: str) -> None:
        taken = arguments.data(value, what)
        self._call(name, taken, len(taken))


def new_key() -> bytes:
    """A key for a client's state, to be kept where the system keeps keys."""
    out = create_string_buffer(KEY_BYTES)
    call("bb_random", out, KEY_BYTES)
    return out.raw
