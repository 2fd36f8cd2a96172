"""A service's side, without I/O: evaluation and publication."""

from __future__ import annotations

from ctypes import byref, c_size_t, create_string_buffer
from typing import Optional

from blindbook import _arguments as arguments
from blindbook._arguments import Buffer
from blindbook._functions import KEY_BYTES
from blindbook._handle import Handle
from blindbook._library import bytes_from, call, fixed_from, library

EPOCH_ID_BYTES = 16
DIGEST_BYTES = 32
MAX_KEY_BYTES = 128


class Server(Handle):
    """The keys of the epochs that a service evaluates under. Once every epoch is added, several threads may use it at
    once."""

    def __init__(self) -> None:
        super().__init__("bb_server_new", "bb_server_free")

    def add_epoch(self, operator_key: str, announcement: Buffer, secret_key: Buffer) -> bytes:
        """Adds the epoch of `announcement` (public/announcement.bba) whose key this is; `operator_key` is the line in
        operator.pub. The epoch's id. BadInput "operator.key", "oprf.secret-key", "server.no-epoch"; errors of the
        announcement."""
        signed, key = arguments.data(announcement, "the announcement"), arguments.data(secret_key, "the secret key")
        with self._alone() as handle:
            return fixed_from("bb_server_add_epoch", handle, arguments.text(operator_key, "the operator's key"), signed,
                              len(signed), key, len(key), size=EPOCH_ID_BYTES)

    def accept(self, body: Buffer, now: int) -> Evaluation:
        """Takes the body of a request apart. PeerMisbehaved: answer 400; Unavailable "server.epoch": answer 410."""
        return Evaluation(self, body, now)


class Evaluation(Handle):
    """One admitted request. Charge `cost`, durably and once for each `digest`, before answer()."""

    def __init__(self, server: Server, body: Buffer, now: int) -> None:
        held, request = server._held(), arguments.data(body, "the body")
        super().__init__("bb_server_accept", "bb_evaluation_free", held.value, request, len(request),
                         arguments.whole(now, "the time", 64), needs=held)

    @property
    def cost(self) -> int:
        """In evaluations."""
        with self._alone() as handle:
            return int(library.bb_evaluation_cost(handle))

    @property
    def digest(self) -> bytes:
        """Names the request in the ledger: the same request is never charged twice."""
        with self._alone() as handle:
            return fixed_from("bb_evaluation_digest", handle, size=DIGEST_BYTES)

    def step(self, max_items: int = 256) -> tuple[int, int]:
        """Evaluates up to `max_items` more elements, 40 us each; done, and in all."""
        done, total = c_size_t(), c_size_t()
        with self._alone() as handle:
            call("bb_evaluation_step", handle, arguments.whole(max_items, "max_items", 32), byref(done), byref(total))
        return done.value, total.value

    def answer(self, allowance_left: int) -> bytes:
        """Evaluates what is left, and proves all of it: the body of the 200. `allowance_left`: what the account has left, in
        whole evaluations."""
        left = arguments.whole(allowance_left, "what is left", 32)
        with self._alone() as handle:
            self.step(self.cost)
            return bytes_from("bb_evaluation_answer", handle, left, room=64 + 32 * (self.cost + 4))


class Directory(Handle):
    """One directory in the making, of an epoch of `server`: docs/spec/directory.md. `label_bytes` and `label_template` are 0
    and "" where there are no labels. ApiMisuse "server.no-epoch"; BadInput "label.template"."""

    def __init__(self, server: Server, epoch: Buffer, edition: int, label_bytes: int = 0, label_template: str = "") -> None:
        held = server._held()
        super().__init__("bb_directory_new", "bb_directory_free", held.value,
                         arguments.data(epoch, "the epoch's id", EPOCH_ID_BYTES), arguments.whole(edition, "the edition", 32),
                         arguments.whole(label_bytes, "label_bytes", 16), arguments.text(label_template, "the template"),
                         needs=held)

    def add(self, number: str, label: Optional[str] = None) -> None:
        """Adds a subscriber who agreed to be found. `label` is whole, as "@anna:city.example". BadInput "identifier.syntax",
        "label.*": the row is not added. ApiMisuse "run.order" after finish()."""
        with self._alone() as handle:
            call("bb_directory_add", handle, arguments.text(number, "the number"),
                 None if label is None else arguments.text(label, "the label"))

    def finish(self) -> tuple[bytes, bytes]:
        """The file, and its SHA-256, which the announcement names; the same however often."""
        root = create_string_buffer(DIGEST_BYTES)
        with self._alone() as handle:
            return bytes_from("bb_directory_finish", handle, after=(root,)), root.raw


def open_key_file(file: Buffer, name: str, passphrase: Optional[str] = None, slot: Optional[Buffer] = None) -> bytes:
    """The secret in a key file that `blindbook init` made, for Server.add_epoch() and mint_token(); `name` is the file's
    without ".key". `slot` is the content of its .slot file. Takes 0.4 s and 128 MiB where it is sealed. BadInput "key.format",
    "key.passphrase", "key.sealed"."""
    sealed = arguments.data(file, "the file")
    return bytes_from("bb_key_file_open", sealed, len(sealed), arguments.text(name, "the name"),
                      None if passphrase is None else arguments.text(passphrase, "the passphrase"),
                      None if slot is None else arguments.data(slot, "the slot", KEY_BYTES), room=MAX_KEY_BYTES)
