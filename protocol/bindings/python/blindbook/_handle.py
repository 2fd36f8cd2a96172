"""Handles of the library: freed once, used by one thread at a time, never after they are freed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_void_p
from types import TracebackType
from typing import Any, Optional, TypeVar

from blindbook._library import call, library
from blindbook.errors import ApiMisuse

Self = TypeVar("Self", bound="Handle")


class Pointer:
    """Freed when the last object that needs it lets go. `needs` are those that must outlive it."""

    def __init__(self, free: str, value: c_void_p, *needs: Pointer) -> None:
        self.value = value
        self._needs = needs
        self._free = getattr(library, free)

    def __del__(self) -> None:
        self._free(self.value)


class Handle:
    """What stands behind an object of this package. Calls of several threads wait for one another."""

    def __init__(self, make: str, free: str, *arguments: Any, needs: Optional[Pointer] = None) -> None:
        self._lock = threading.RLock()
        self._pointer: Optional[Pointer] = None
        made = c_void_p()
        call(make, *arguments, byref(made))
        self._pointer = Pointer(free, made, *([] if needs is None else [needs]))

    def close(self) -> None:
        """Frees it at once; every later use is ApiMisuse "python.closed"."""
        with self._lock:
            self._pointer = None

    def __enter__(self: Self) -> Self:
        return self

    def __exit__(self, kind: Optional[type[BaseException]], error: Optional[BaseException],
                 trace: Optional[TracebackType]) -> None:
        self.close()

    def _held(self) -> Pointer:
        """For calls that may run beside one another."""
        pointer = self._pointer
        if pointer is None:
            raise ApiMisuse("python.closed", f"the {type(self).__name__} is closed")
        return pointer

    @contextmanager
    def _alone(self) -> Iterator[c_void_p]:
        with self._lock:
            yield self._held().value
