#!/usr/bin/env python3
"""A service: serve.py FOLDER PORT. FOLDER is what `blindbook init --unsealed-key` and `publish` made. Listens on this machine
alone, for a proxy that speaks TLS, and prints the address. The ledger is in memory; a real one is durable before it answers."""

import hashlib
import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

import blindbook

folder, port = Path(sys.argv[1]), int(sys.argv[2])
public, config = folder / "public", json.loads((folder / "config.json").read_text())
operator, announcement = (public / "operator.pub").read_text(), (public / "announcement.bba").read_bytes()
server = blindbook.Server()
for file in (folder / "keys").glob("?" * 32 + ".key"):  # the others are not of epochs
    server.add_epoch(operator, announcement, blindbook.open_key_file(file.read_bytes(), file.stem))
root = bytes.fromhex(config["root_public_key"])
tokens = blindbook.Tokens(hashlib.sha256(b"blindbook-v1 root\0" + root).hexdigest()[:32])
for issuer in config["issuers"]:
    tokens.add_issuer(issuer["name"], issuer["kid"], bytes.fromhex(issuer["public_key"]))
policy, lock = blindbook.AllowancePolicy(**config["allowance"]), Lock()
allowances: dict[tuple[str, str], blindbook.Allowance] = {}
left: dict[tuple[tuple[str, str], bytes], int] = {}
REFUSALS = {blindbook.BadInput: 401, blindbook.PeerMisbehaved: 400, blindbook.Spent: 429}


def evaluate(bearer: str, body: bytes) -> bytes:
    now = int(time.time())
    account = tokens.check(bearer.removeprefix("Bearer "), now)
    work = server.accept(body, now)
    with lock:  # the same request is charged once
        if (account, work.digest) not in left:
            before = allowances.get(account) or blindbook.Allowance.of_new_account(policy, now)
            allowances[account], left[account, work.digest] = before.spend(policy, work.cost, now)
    return work.answer(left[account, work.digest])


class Service(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/v1/announcement":
            return self.answer(200, (public / "announcement.bba").read_bytes())  # anew: publish replaces it
        file = (public / f"{self.path.removeprefix('/v1/')}.bbd").resolve()
        known = public.resolve() in file.parents and file.is_file()
        return self.answer(200, file.read_bytes()) if known else self.answer(404)

    def do_POST(self) -> None:
        try:
            body = self.rfile.read(min(int(self.headers["Content-Length"] or 0), 1 << 18))
            self.answer(200, evaluate(self.headers["Authorization"] or "", body))
        except blindbook.Error as error:
            status = 410 if error.rule == "server.epoch" else REFUSALS.get(type(error), 503)
            self.answer(status, b'{"type":"urn:blindbook:problem:allowance"}' if status == 429 else b"")

    def answer(self, status: int, body: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


service = ThreadingHTTPServer(("127.0.0.1", port), Service)
print(f"listening on http://127.0.0.1:{service.server_port}", flush=True)
service.serve_forever()
