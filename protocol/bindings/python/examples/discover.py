#!/usr/bin/env python3
"""discover.py URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER..: prints a line "NUMBER LABEL" for each match, then how many
numbers were newly evaluated. Numbers are in E.164. A key that is kept beside the state protects nothing: an app has it in the
system's key store."""

import os
import sys
from pathlib import Path

import blindbook


def save_atomically(path: Path, state: bytes) -> None:
    """A crash leaves the old state or the new one."""
    with open(path.with_suffix(".new"), "wb") as out:
        out.write(state)
        out.flush()
        os.fsync(out.fileno())
    os.replace(out.name, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name, too
    finally:
        os.close(folder)


def main(url: str, invitation: str, token_file: str, state_folder: str, *numbers: str) -> None:
    folder = Path(state_folder)
    folder.mkdir(mode=0o700, exist_ok=True)
    key_file, state_file = folder / "key", folder / "state"
    if not key_file.exists():
        save_atomically(key_file, blindbook.new_key())
    state = state_file.read_bytes() if state_file.exists() else b""
    with blindbook.Client(invitation, key_file.read_bytes(), state) as client:
        for number in numbers:
            client.add(number)
        result = blindbook.discover(client, Path(token_file).read_text().strip(), blindbook.Http(url),
                                    lambda state: save_atomically(state_file, state))
    for match in result.matches:
        print(match.number, match.label or "")
    print(result.evaluated)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except blindbook.Error as error:
        sys.exit(f"{type(error).__name__} {error.rule}: {error}")
