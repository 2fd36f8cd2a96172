"""blindbook.h as ctypes needs it told. A test compares it with the header, name by name and type by type."""

from __future__ import annotations

from ctypes import (POINTER, Structure, c_char, c_char_p, c_int, c_int64, c_size_t, c_uint8, c_uint16, c_uint32, c_uint64,
                    c_void_p)
from typing import Any

ABI_VERSION = 1
KEY_BYTES = 32

BAD_STATUS = {1: "PeerMisbehaved", 2: "BadInput", 3: "ApiMisuse", 4: "Unavailable", 5: "Spent"}
SHORT_BUFFER = 6


class ErrorTexts(Structure):
    _fields_ = [("status", c_int), ("rule", c_char * 64), ("message", c_char * 256), ("hint", c_char * 256)]


class Outcome(Structure):
    _fields_ = [("matches", c_size_t), ("evaluated", c_size_t), ("not_looked_up", c_size_t),
                ("unopened_labels", c_size_t), ("partial", c_int), ("allowance_left", c_int64), ("edition", c_uint32),
                ("epoch", c_uint8 * 16), ("head", c_uint8 * 32)]


class Policy(Structure):
    _fields_ = [("initial", c_uint32), ("capacity", c_uint32), ("refill_per_day", c_uint32)]


class Level(Structure):
    _fields_ = [("level", c_uint64), ("refilled_at", c_uint64)]


class TokenRequest(Structure):
    _fields_ = [("issuer", c_char_p), ("kid", c_char_p), ("audience", c_char_p), ("account", c_char_p),
                ("issued_at", c_uint64), ("life", c_uint64)]


_HANDLE = c_void_p
_NEW = POINTER(c_void_p)  # where a new handle is written
_TEXT = c_char_p  # read, to its null byte
_BYTES = c_char_p  # read, with a size beside it or by contract
_OUT = c_void_p  # written
_SIZE = POINTER(c_size_t)

# Every function that returns a status, without its last argument, which is the error.
WITH_STATUS: dict[str, list[Any]] = {
    "bb_random": [_OUT, c_size_t],
    "bb_client_new": [_TEXT, _BYTES, _BYTES, c_size_t, _NEW],
    "bb_client_service_url": [_HANDLE, _OUT, _SIZE],
    "bb_client_add_identifier": [_HANDLE, _TEXT],
    "bb_client_add_number": [_HANDLE, _TEXT, _TEXT, _SIZE],
    "bb_client_begin": [_HANDLE, _TEXT, c_uint64, c_int],
    "bb_client_state": [_HANDLE, _OUT, _SIZE],
    "bb_client_take_announcement": [_HANDLE, _BYTES, c_size_t],
    "bb_client_evidence": [_HANDLE, _OUT, _SIZE],
    "bb_step": [_HANDLE, c_size_t, _SIZE, _SIZE],
    "bb_client_request": [_HANDLE, _OUT, _SIZE],
    "bb_client_take_answer": [_HANDLE, _BYTES, c_size_t],
    "bb_client_take_refusal": [_HANDLE, c_int],
    "bb_client_directory_path": [_HANDLE, _OUT, _SIZE],
    "bb_client_restart_directory": [_HANDLE],
    "bb_client_feed_directory": [_HANDLE, _BYTES, c_size_t],
    "bb_client_finish_directory": [_HANDLE],
    "bb_client_directory_gone": [_HANDLE],
    "bb_client_result": [_HANDLE, POINTER(Outcome)],
    "bb_client_match": [_HANDLE, c_size_t, _OUT, _SIZE, _OUT, _SIZE],
    "bb_server_new": [_NEW],
    "bb_server_add_epoch": [_HANDLE, _TEXT, _BYTES, c_size_t, _BYTES, c_size_t, _OUT],
    "bb_key_file_open": [_BYTES, c_size_t, _TEXT, _TEXT, _BYTES, _OUT, _SIZE],
    "bb_server_accept": [_HANDLE, _BYTES, c_size_t, c_uint64, _NEW],
    "bb_evaluation_digest": [_HANDLE, _OUT],
    "bb_evaluation_step": [_HANDLE, c_size_t, _SIZE, _SIZE],
    "bb_evaluation_answer": [_HANDLE, c_uint32, _OUT, _SIZE],
    "bb_allowance_new": [POINTER(Policy), c_uint64, POINTER(Level)],
    "bb_allowance_spend": [POINTER(Policy), POINTER(Level), c_uint32, c_uint64, POINTER(c_uint32), POINTER(c_uint64)],
    "bb_directory_new": [_HANDLE, _BYTES, c_uint32, c_uint16, _TEXT, _NEW],
    "bb_directory_add": [_HANDLE, _TEXT, _TEXT],
    "bb_directory_finish": [_HANDLE, _OUT, _SIZE, _OUT],
    "bb_token_mint": [_BYTES, POINTER(TokenRequest), _OUT, _SIZE],
    "bb_token_public_key": [_BYTES, _OUT],
    "bb_tokens_new": [_TEXT, _NEW],
    "bb_tokens_add_issuer": [_HANDLE, _TEXT, _TEXT, _BYTES],
    "bb_tokens_check": [_HANDLE, _TEXT, c_uint64, _OUT, _SIZE, _OUT, _SIZE],
}

# The others: what they return, and their arguments.
WITHOUT_STATUS: dict[str, tuple[Any, list[Any]]] = {
    "bb_abi_version": (c_int, []),
    "bb_version": (c_char_p, []),
    "bb_client_free": (None, [_HANDLE]),
    "bb_client_need": (c_int, [_HANDLE]),
    "bb_client_state_changed": (c_int, [_HANDLE]),
    "bb_server_free": (None, [_HANDLE]),
    "bb_evaluation_free": (None, [_HANDLE]),
    "bb_evaluation_cost": (c_uint32, [_HANDLE]),
    "bb_directory_free": (None, [_HANDLE]),
    "bb_tokens_free": (None, [_HANDLE]),
}
