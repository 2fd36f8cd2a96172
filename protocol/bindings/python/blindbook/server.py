"""A service's side, without I/O: evaluation, allowance, directories, access tokens."""

from __future__ import annotations

import ctypes
from ctypes import c_size_t, c_uint32, c_uint64
from dataclasses import dataclass

from blindbook import _library
from blindbook._library import buffer_from, call, text_argument
from blindbook.errors import Spent


class Server(_library.Handle):
    """The keys of the epochs that a service evaluates under."""

    _free = "bb_server_free"

    def __init__(self) -> None:
        super().__init__()
        call("bb_server_new", ctypes.byref(self._handle))

    def add_epoch(self, operator_key: str, announcement: bytes, secret_key: bytes) -> bytes:
        """Adds the epoch of `announcement` (public/announcement.bba) whose key this is; `operator_key` is the line in
        operator.pub. The epoch's id."""
        epoch = ctypes.create_string_buffer(16)
        call("bb_server_add_epoch", self._handle, text_argument(operator_key), announcement, len(announcement),
             secret_key, len(secret_key), epoch)
        return epoch.raw

    def accept(self, body: bytes, now: int) -> Evaluation:
        """Takes a request apart. PeerMisbehaved: answer 400; Unavailable "server.epoch": answer 410."""
        return Evaluation(self, body, now)


class Evaluation(_library.Handle):
    """One admitted request. Charge `cost`, durably and once for each `digest`, before answer()."""

    _free = "bb_evaluation_free"

    def __init__(self, server: Server, body: bytes, now: int) -> None:
        super().__init__()
        self._server = server  # must outlive this
        call("bb_server_accept", server._handle, body, len(body), now, ctypes.byref(self._handle))

    @property
    def cost(self) -> int:
        return _library.library.bb_evaluation_cost(self._handle)

    @property
    def digest(self) -> bytes:
        out = ctypes.create_string_buffer(32)
        call("bb_evaluation_digest", self._handle, out)
        return out.raw

    def step(self, max_items: int = 256) -> tuple[int, int]:
        """Evaluates some more elements; done, and in all."""
        done, total = c_size_t(), c_size_t()
        call("bb_evaluation_step", self._handle, max_items, ctypes.byref(done), ctypes.byref(total))
        return done.value, total.value

    def answer(self, allowance_left: int) -> bytes:
        """Evaluates what is left, and proves it: the body of the 200."""
        self.step(self.cost)
        return buffer_from("bb_evaluation_answer", self._handle, allowance_left)


@dataclass(frozen=True)
class AllowancePolicy:
    initial: int = 8192
    capacity: int = 16384
    refill_per_day: int = 320


@dataclass(frozen=True)
class Allowance:
    """What a ledger keeps of an account; `level` is in 1/86400 of an evaluation."""

    level: int
    refilled_at: int

    @staticmethod
    def of_new_account(policy: AllowancePolicy, now: int) -> Allowance:
        level = _library.AllowanceLevel()
        call("bb_allowance_new", _policy(policy), now, ctypes.byref(level))
        return Allowance(level.level, level.refilled_at)

    def spend(self, policy: AllowancePolicy, cost: int, now: int) -> tuple[Allowance, int]:
        """The allowance afterwards, and the whole evaluations left. Spent, with `retry_after` in seconds, when it does
        not cover `cost`."""
        level = _library.AllowanceLevel(self.level, self.refilled_at)
        left, retry = c_uint32(), c_uint64()
        try:
            call("bb_allowance_spend", _policy(policy), ctypes.byref(level), cost, now, ctypes.byref(left),
                 ctypes.byref(retry))
        except Spent as error:
            error.retry_after = retry.value  # type: ignore[attr-defined]
            raise
        return Allowance(level.level, level.refilled_at), left.value


def _policy(policy: AllowancePolicy) -> _library.AllowancePolicy:
    return _library.AllowancePolicy(policy.initial, policy.capacity, policy.refill_per_day)


class Directory(_library.Handle):
    """One directory in the making: docs/spec/directory.md."""

    _free = "bb_directory_free"

    def __init__(self, server: Server, epoch: bytes, edition: int, label_bytes: int = 0, label_template: str = "") -> None:
        super().__init__()
        self._server = server  # must outlive this
        call("bb_directory_new", server._handle, epoch, edition, label_bytes, text_argument(label_template),
             ctypes.byref(self._handle))

    def add(self, number: str, label: str | None = None) -> None:
        """Adds a subscriber who agreed to be found. BadInput, and the row is not added."""
        call("bb_directory_add", self._handle, text_argument(number), None if label is None else text_argument(label))

    def finish(self) -> tuple[bytes, bytes]:
        """The file, and its SHA-256, which the announcement names."""
        root = ctypes.create_string_buffer(32)
        return buffer_from("bb_directory_finish", self._handle, after=(root,)), root.raw


class Tokens(_library.Handle):
    """Whose access tokens are accepted: docs/spec/token.md. `audience` is the operator's id, in hex."""

    _free = "bb_tokens_free"

    def __init__(self, audience: str) -> None:
        super().__init__()
        call("bb_tokens_new", text_argument(audience), ctypes.byref(self._handle))

    def add_issuer(self, name: str, kid: str, public_key: bytes) -> None:
        call("bb_tokens_add_issuer", self._handle, text_argument(name), text_argument(kid), public_key)

    def check(self, token: str, now: int) -> tuple[str, str]:
        """Issuer and account that `token` speaks for. BadInput: answer 401."""
        issuer, account = ctypes.create_string_buffer(256), ctypes.create_string_buffer(256)
        issuer_size, account_size = c_size_t(len(issuer)), c_size_t(len(account))
        call("bb_tokens_check", self._handle, text_argument(token), now, issuer, ctypes.byref(issuer_size), account,
             ctypes.byref(account_size))
        return issuer.value.decode(), account.value.decode()


def mint_token(key: bytes, *, issuer: str, kid: str, audience: str, account: str, issued_at: int, life: int = 600) -> str:
    """A token for evaluation, signed with the Ed25519 seed `key` (32 bytes)."""
    request = _library.TokenRequest(text_argument(issuer), text_argument(kid), text_argument(audience),
                                    text_argument(account), issued_at, life)
    return _library.text_from("bb_token_mint", key, ctypes.byref(request))


def open_key_file(file: bytes, name: str, passphrase: str | None = None, slot: bytes | None = None) -> bytes:
    """The secret in a key file that `blindbook init` made; `name` is the file's without ".key"."""
    return buffer_from("bb_key_file_open", file, len(file), text_argument(name),
                       None if passphrase is None else text_argument(passphrase), slot)


def token_public_key(key: bytes) -> bytes:
    """The Ed25519 public key of the seed `key`."""
    out = ctypes.create_string_buffer(32)
    call("bb_token_public_key", key, out)
    return out.raw
