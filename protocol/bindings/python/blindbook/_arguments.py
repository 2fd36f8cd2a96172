"""What crosses to the library, checked before it does: ctypes itself would cut numbers and read beyond short bytes."""

from __future__ import annotations

from typing import Optional, Union

from blindbook.errors import BadInput

#: What may be handed in where bytes are wanted.
Buffer = Union[bytes, bytearray, memoryview]


def text(value: str, what: str) -> bytes:
    """`value` for a function that reads to the first null byte. BadInput "python.text"."""
    if not isinstance(value, str):
        raise TypeError(f"{what} must be str, not {type(value).__name__}")
    if "\0" in value:
        raise BadInput("python.text", f"{what} holds a null character")
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise BadInput("python.text", f"{what} holds half a surrogate pair") from None


def data(value: Buffer, what: str, size: Optional[int] = None) -> bytes:
    """`value` as bytes, of `size` where one is given. BadInput "python.size"."""
    if not isinstance(value, (bytes, bytearray, memoryview)):
        raise TypeError(f"{what} must be bytes, not {type(value).__name__}")
    out = bytes(value)
    if size is not None and len(out) != size:
        raise BadInput("python.size", f"{what} must have {size} bytes, not {len(out)}")
    return out


def whole(value: int, what: str, bits: int) -> int:
    """`value` as an unsigned number of `bits`. BadInput "python.range"."""
    if not isinstance(value, int):
        raise TypeError(f"{what} must be int, not {type(value).__name__}")
    if not 0 <= value < 1 << bits:
        raise BadInput("python.range", f"{what} must be a number from 0 to {(1 << bits) - 1}")
    return value
