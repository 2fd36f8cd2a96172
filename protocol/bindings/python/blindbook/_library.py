"""libblindbook: found, loaded and called; what it refuses is raised."""

from __future__ import annotations

import ctypes
import os
import sys
from ctypes import POINTER, byref, c_int, c_size_t
from typing import Any

from blindbook import errors
from blindbook._functions import (ABI_VERSION, BAD_STATUS, SHORT_BUFFER, WITH_STATUS, WITHOUT_STATUS, ErrorTexts)


def _load() -> ctypes.CDLL:
    """$BLINDBOOK_LIBRARY where that is set, else what the system's loader finds. ImportError says what to do."""
    name = os.environ.get("BLINDBOOK_LIBRARY") or (
        "libblindbook.0.dylib" if sys.platform == "darwin" else "libblindbook.so.0")
    try:
        found = ctypes.CDLL(name)
    except OSError as error:
        raise ImportError(f"{name} cannot be loaded ({error}): install blindbook's library (cmake --install, then ldconfig), "
                          "or set BLINDBOOK_LIBRARY to its path") from error
    try:
        for name_of, (result, arguments) in WITHOUT_STATUS.items():
            function = getattr(found, name_of)
            function.restype, function.argtypes = result, arguments
        for name_of, arguments in WITH_STATUS.items():
            function = getattr(found, name_of)
            function.restype, function.argtypes = c_int, [*arguments, POINTER(ErrorTexts)]
    except AttributeError as error:
        raise ImportError(f"{name} is older than this package, which needs a function that it lacks: {error}") from error
    version = found.bb_abi_version()
    if version < ABI_VERSION:
        raise ImportError(f"{name} has version {version} of the ABI, and this package needs {ABI_VERSION}")
    return found


library = _load()


def _status(name: str, *arguments: Any) -> int:
    """BB_OK or BB_SHORT_BUFFER; the others are raised."""
    texts = ErrorTexts()
    status = int(getattr(library, name)(*arguments, byref(texts)))
    if status not in (0, SHORT_BUFFER):
        # The header: take an unknown status for BB_UNAVAILABLE.
        kind: type[errors.Error] = getattr(errors, BAD_STATUS.get(status, "Unavailable"))
        raise kind(*(text.decode(errors="replace") for text in (texts.rule, texts.message, texts.hint)))
    return status


def call(name: str, *arguments: Any) -> None:
    """Calls a function that writes to no buffer of a size of its own choice."""
    status = _status(name, *arguments)
    assert status == 0, f"{name} has no buffer that could be short"


def bytes_from(name: str, *before: Any, after: tuple[Any, ...] = (), room: int = 4096) -> bytes:
    """What the function writes to the buffer and its size, which stand between `before` and `after`. Where `room` does not
    suffice it is called again, so have it suffice where the work is long."""
    size = c_size_t(room)
    while True:
        out = ctypes.create_string_buffer(size.value)
        if _status(name, *before, out, byref(size), *after) == 0:
            return out.raw[: size.value]


def text_from(name: str, *before: Any) -> str:
    """The same of a text, without its null byte."""
    return bytes_from(name, *before)[:-1].decode()


def texts_from(name: str, *before: Any, room: int = 1024) -> tuple[str, str]:
    """The same of a function that writes two texts, at the end."""
    sizes = c_size_t(room), c_size_t(room)
    while True:
        outs = [ctypes.create_string_buffer(size.value) for size in sizes]
        if _status(name, *before, outs[0], byref(sizes[0]), outs[1], byref(sizes[1])) == 0:
            first, second = (out.raw[: size.value - 1].decode() for out, size in zip(outs, sizes))
            return first, second


def fixed_from(name: str, *before: Any, size: int) -> bytes:
    """The `size` bytes that the function writes to its last argument."""
    out = ctypes.create_string_buffer(size)
    call(name, *before, out)
    return out.raw
