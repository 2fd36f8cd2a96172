#!/usr/bin/env python3
"""A service in forty lines: serve.py FOLDER PORT. FOLDER is what `blindbook init --unsealed-key` and `publish` made. The
ledger is in memory: a real one is durable, and is written before the answer."""

import json
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock

import blindbook

folder, port = Path(sys.argv[1]), int(sys.argv[2])
public, config = folder / "public", json.loads((folder / "config.json").read_text())
announcement = (public / "announcement.bba").read_bytes()
server = blindbook.Server()
for key in (folder / "keys").glob("*.key"):
    if len(key.stem) == 32:  # the others are not of epochs
        server.add_epoch((public / "operator.pub").read_text(), announcement, blindbook.open_key_file(key.read_bytes(), key.stem))
tokens = blindbook.Tokens(sys.argv[3])
for issuer in config["issuers"]:
    tokens.add_issuer(issuer["name"], issuer["kid"], bytes.fromhex(issuer["key"]))
policy, ledger, charged, lock = blindbook.AllowancePolicy(), {}, {}, Lock()


class Service(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/v1/announcement":
            return self.answer(200, announcement)
        file = (public / "directory" / f"{self.path.removeprefix('/v1/directory/')}.bbd").resolve()
        known = public.resolve() in file.parents and file.is_file()
        return self.answer(200, file.read_bytes()) if known else self.answer(404)

    def do_POST(self):
        now = int(time.time())
        try:
            account = tokens.check(self.headers.get("Authorization", "").removeprefix("Bearer "), now)
            work = server.accept(self.rfile.read(int(self.headers["Content-Length"])), now)
            with lock:
                if (account, work.digest) not in charged:
                    level = ledger.get(account) or blindbook.Allowance.of_new_account(policy, now)
                    ledger[account], charged[account, work.digest] = level.spend(policy, work.cost, now)
            self.answer(200, work.answer(charged[account, work.digest]))
        except blindbook.BadInput:
            self.answer(401)
        except blindbook.PeerMisbehaved:
            self.answer(400)
        except blindbook.Unavailable:
            self.answer(410)
        except blindbook.Spent:
            self.answer(429, b'{"type":"urn:blindbook:problem:allowance"}')

    def answer(self, status, body=b""):
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", port), Service).serve_forever()
