"""An issuer of access tokens (docs/spec/token.md): the back end of a messenger, which says who may ask its operator's
service.

    python3 -m blindbook.issuer --operator-id ID --name NAME FILE

makes a key, writes the issuer to FILE, and prints the entry for "issuers" in the operator's config.json. `blindbook status`
prints the operator's id as "fingerprint".
"""

from __future__ import annotations

import argparse
import json
import os
import re
import stat
import sys
import time
from pathlib import Path

from blindbook import BadInput, mint_token, new_key, token_public_key

LIFE = 600  # seconds that a token lives


class Issuer:
    """What `python3 -m blindbook.issuer` wrote. BadInput "python.issuer": no such file, or others may use it."""

    def __init__(self, file: str | os.PathLike[str]) -> None:
        try:
            with open(file, encoding="utf-8") as opened:
                mode = stat.S_IMODE(os.fstat(opened.fileno()).st_mode)
                members = json.load(opened)
            self._name, self._operator_id = str(members["name"]), str(members["operator_id"])
            self._key = bytes.fromhex(members["key"])
            self._kid = key_id(token_public_key(self._key))
        except OSError as error:
            raise BadInput("python.issuer", f"{file} cannot be read: {error.strerror}") from error
        except (ValueError, KeyError, TypeError) as error:
            raise BadInput("python.issuer", f"{file} holds no issuer",
                           "make one with python3 -m blindbook.issuer") from error
        if mode & 0o007:
            raise BadInput("python.issuer", f"everybody may use the key in {file}", f"chmod 600 {file}")

    def token(self, account: str) -> str:
        """A token by which `account` may ask, for LIFE seconds from now. BadInput "token.account"."""
        return mint_token(self._key, issuer=self._name, kid=self._kid, audience=self._operator_id, account=account,
                          issued_at=int(time.time()), life=LIFE)


def key_id(public_key: bytes) -> str:
    """The `kid` of a key, as `blindbook init` names its own."""
    return public_key[:8].hex()


def make_issuer(file: str | os.PathLike[str], name: str, operator_id: str) -> dict[str, str]:
    """Writes a new issuer to `file`, for its owner alone; its entry in config.json. FileExistsError, OSError."""
    key = new_key()
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump({"name": name, "operator_id": operator_id, "key": key.hex()}, out)
        out.write("\n")
        out.flush()
        os.fsync(out.fileno())
    public_key = token_public_key(key)
    return {"name": name, "kid": key_id(public_key), "alg": "EdDSA", "public_key": public_key.hex()}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python3 -m blindbook.issuer", description="Makes an issuer of access tokens.")
    parser.add_argument("--operator-id", required=True, metavar="ID", help="what `blindbook status` prints as fingerprint")
    parser.add_argument("--name", required=True, help="what the operator calls it, such as messenger")
    parser.add_argument("file", type=Path, help="where its key goes")
    arguments = parser.parse_args()
    if not re.fullmatch("[0-9a-f]{32}", arguments.operator_id):
        parser.error("an operator's id has 32 hex digits")
    if not 1 <= len(arguments.name.encode()) <= 255:
        parser.error("a name has 1 to 255 bytes")
    try:
        print(json.dumps(make_issuer(arguments.file, arguments.name, arguments.operator_id)))
    except OSError as error:
        sys.exit(f"blindbook: error: {arguments.file} cannot be written: {error.strerror}")


if __name__ == "__main__":
    main()
