"""libblindbook.so by ctypes: the functions of blindbook.h with their types, and how their results become Python's."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
from collections.abc import Callable
from ctypes import POINTER, c_char, c_char_p, c_int, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64, c_void_p
from typing import Any

from blindbook.errors import ApiMisuse, BadInput, Error, PeerMisbehaved, Spent, Unavailable

ABI_VERSION = 1
KEY_BYTES = 32
SHORT_BUFFER = 6

_ERRORS: dict[int, type[Error]] = {1: PeerMisbehaved, 2: BadInput, 3: ApiMisuse, 4: Unavailable, 5: Spent}


class ErrorTexts(ctypes.Structure):
    _fields_ = [("status", c_int), ("rule", c_char * 64), ("message", c_char * 256), ("hint", c_char * 256)]


class Result(ctypes.Structure):
    _fields_ = [("matches", c_size_t), ("evaluated", c_size_t), ("not_looked_up", c_size_t),
                ("unopened_labels", c_size_t), ("partial", c_int), ("allowance_left", c_int64), ("edition", c_uint32),
                ("epoch", c_uint8 * 16), ("head", c_uint8 * 32)]


class AllowancePolicy(ctypes.Structure):
    _fields_ = [("initial", c_uint32), ("capacity", c_uint32), ("refill_per_day", c_uint32)]


class AllowanceLevel(ctypes.Structure):
    _fields_ = [("level", c_uint64), ("refilled_at", c_uint64)]


class TokenRequest(ctypes.Structure):
    _fields_ = [("issuer", c_char_p), ("kid", c_char_p), ("audience", c_char_p), ("account", c_char_p),
                ("issued_at", c_uint64), ("life", c_uint64)]


_SIZE = POINTER(c_size_t)
_BYTES = c_char_p  # read by the library, with a size beside it
_OUT = c_void_p  # written by the library
_TEXT = c_char_p
_ERROR = POINTER(ErrorTexts)

# Every function that returns a status, without its last argument, which is the error.
_FUNCTIONS: dict[str, list[Any]] = {
    "bb_random": [_OUT, c_size_t],
    "bb_client_new": [_TEXT, _BYTES, _BYTES, c_size_t, POINTER(c_void_p)],
    "bb_client_service_url": [c_void_p, _OUT, _SIZE],
    "bb_client_add_identifier": [c_void_p, _TEXT],
    "bb_client_begin": [c_void_p, _TEXT, c_uint64, c_int],
    "bb_client_state": [c_void_p, _OUT, _SIZE],
    "bb_client_take_announcement": [c_void_p, _BYTES, c_size_t],
    "bb_client_evidence": [c_void_p, _OUT, _SIZE],
    "bb_step": [c_void_p, c_size_t, _SIZE, _SIZE],
    "bb_client_request": [c_void_p, _OUT, _SIZE],
    "bb_client_take_answer": [c_void_p, _BYTES, c_size_t],
    "bb_client_take_refusal": [c_void_p, c_int],
    "bb_client_directory_path": [c_void_p, _OUT, _SIZE],
    "bb_client_restart_directory": [c_void_p],
    "bb_client_feed_directory": [c_void_p, _BYTES, c_size_t],
    "bb_client_finish_directory": [c_void_p],
    "bb_client_directory_gone": [c_void_p],
    "bb_client_result": [c_void_p, POINTER(Result)],
    "bb_client_match": [c_void_p, c_size_t, _OUT, _SIZE, _OUT, _SIZE],
    "bb_server_new": [POINTER(c_void_p)],
    "bb_server_add_epoch": [c_void_p, _TEXT, _BYTES, c_size_t, _BYTES, c_size_t, _OUT],
    "bb_key_file_open": [_BYTES, c_size_t, _TEXT, _TEXT, _BYTES, _OUT, _SIZE],
    "bb_server_accept": [c_void_p, _BYTES, c_size_t, c_uint64, POINTER(c_void_p)],
    "bb_evaluation_digest": [c_void_p, _OUT],
    "bb_evaluation_step": [c_void_p, c_size_t, _SIZE, _SIZE],
    "bb_evaluation_answer": [c_void_p, c_uint32, _OUT, _SIZE],
    "bb_allowance_new": [POINTER(AllowancePolicy), c_uint64, POINTER(AllowanceLevel)],
    "bb_allowance_spend": [POINTER(AllowancePolicy), POINTER(AllowanceLevel), c_uint32, c_uint64, POINTER(c_uint32),
                           POINTER(c_uint64)],
    "bb_directory_new": [c_void_p, _BYTES, c_uint32, c_uint16, _TEXT, POINTER(c_void_p)],
    "bb_directory_add": [c_void_p, _TEXT, _TEXT],
    "bb_directory_finish": [c_void_p, _OUT, _SIZE, _OUT],
    "bb_token_mint": [_BYTES, POINTER(TokenRequest), _OUT, _SIZE],
    "bb_token_public_key": [_BYTES, _OUT],
    "bb_tokens_new": [_TEXT, POINTER(c_void_p)],
    "bb_tokens_add_issuer": [c_void_p, _TEXT, _TEXT, _BYTES],
    "bb_tokens_check": [c_void_p, _TEXT, c_uint64, _OUT, _SIZE, _OUT, _SIZE],
}


def _load() -> ctypes.CDLL:
    """$BLINDBOOK_LIBRARY, else what the system's loader finds."""
    name = os.environ.get("BLINDBOOK_LIBRARY") or ctypes.util.find_library("blindbook") or "libblindbook.so.0"
    library = ctypes.CDLL(name)
    library.bb_abi_version.restype = c_int
    if library.bb_abi_version() < ABI_VERSION:
        raise ImportError(f"{name} has ABI version {library.bb_abi_version()}, this package needs {ABI_VERSION}")
    library.bb_version.restype = c_char_p
    for name, arguments in _FUNCTIONS.items():
        function = getattr(library, name)
        function.argtypes = [*arguments, _ERROR]
        function.restype = c_int
    for name in ("bb_client_free", "bb_server_free", "bb_evaluation_free", "bb_directory_free", "bb_tokens_free"):
        getattr(library, name).argtypes = [c_void_p]
        getattr(library, name).restype = None
    library.bb_client_need.argtypes = [c_void_p]
    library.bb_client_state_changed.argtypes = [c_void_p]
    library.bb_evaluation_cost.argtypes = [c_void_p]
    library.bb_evaluation_cost.restype = c_uint32
    return library


library = _load()


def call(name: str, *arguments: Any) -> None:
    """Calls a function of _FUNCTIONS; what it returns but success is raised."""
    error = ErrorTexts()
    status = getattr(library, name)(*arguments, ctypes.byref(error))
    if status != 0:
        raise _ERRORS.get(status, Unavailable)(
            error.rule.decode(), error.message.decode(), error.hint.decode())


def text_argument(text: str) -> bytes:
    """`text` for a function that reads to the first null byte."""
    if "\0" in text:
        raise BadInput("python.null", "the text holds a null character")
    return text.encode()


def buffer_from(name: str, *before: Any, after: tuple[Any, ...] = ()) -> bytes:
    """What the function writes to the buffer that stands between `before` and `after`: asks for its size first."""
    function: Callable[..., int] = getattr(library, name)
    size = c_size_t(0)
    error = ErrorTexts()
    status = function(*before, None, ctypes.byref(size), *after, ctypes.byref(error))
    if status == 0:
        return b""
    if status != SHORT_BUFFER:
        raise _ERRORS.get(status, Unavailable)(error.rule.decode(), error.message.decode(), error.hint.decode())
    out = ctypes.create_string_buffer(size.value)
    call(name, *before, out, ctypes.byref(size), *after)
    return out.raw[: size.value]


def text_from(name: str, *before: Any) -> str:
    return buffer_from(name, *before)[:-1].decode()


class Handle:
    """An opaque handle of the library, freed with the object."""

    _free: str

    def __init__(self) -> None:
        self._handle = c_void_p()

    def close(self) -> None:
        """Frees it at once; every later use is an error."""
        handle, self._handle = self._handle, c_void_p()
        getattr(library, self._free)(handle)

    def __enter__(self):
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            self.close()
