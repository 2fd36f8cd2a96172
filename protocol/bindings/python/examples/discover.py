#!/usr/bin/env python3
"""discover.py URL INVITATION TOKEN-FILE STATE-FOLDER NUMBER..: prints a line "NUMBER LABEL" for each match, then how many
numbers were newly evaluated: what a test compares."""

import os
import sys
from pathlib import Path

import blindbook

url, invitation, token, folder = sys.argv[1:5]
folder = Path(folder)
folder.mkdir(exist_ok=True)
key_file, state_file = folder / "key", folder / "state"
if not key_file.exists():
    key_file.write_bytes(blindbook.new_key())
state = state_file.read_bytes() if state_file.exists() else b""


def save(state):
    with open(folder / "state.new", "wb") as out:
        out.write(state)
        out.flush()
        os.fsync(out.fileno())
    os.replace(folder / "state.new", state_file)


with blindbook.Client(invitation, key_file.read_bytes(), state) as client:
    for number in sys.argv[5:]:
        client.add(number)
    result = blindbook.discover(client, Path(token).read_text().strip(), blindbook.Http(url), save)
for match in result.matches:
    print(match.number, match.label)
print(result.evaluated)
