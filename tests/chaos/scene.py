"""What the drivers in this folder share: the program in a folder of its own, and what a crash may leave of its files.

Expects the path of the program in BLINDBOOK and of the library that lets its calls go wrong in CALL_FAULTS_LIBRARY.
BLINDBOOK_CHAOS_POINTS is how many random points a driver tries (10), BLINDBOOK_CHAOS_SEED which (a new one each time,
printed).
"""

import hashlib
import http.client
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/support"))

from ledgers import SqliteLedger  # noqa: E402  (it needs that path)

POINTS = int(os.environ.get("BLINDBOOK_CHAOS_POINTS", "10"))
SEED = int(os.environ.get("BLINDBOOK_CHAOS_SEED") or random.SystemRandom().randrange(1 << 32))
KILLED = -signal.SIGKILL


def main():
    print(f"{POINTS} random points; these again: BLINDBOOK_CHAOS_SEED={SEED}", flush=True)
    unittest.main(module=sys.modules["__main__"], verbosity=2)


class Run:
    """A run of the program that has ended."""

    def __init__(self, words, code, out, err):
        self.words, self.code, self.out, self.err = words, code, out, err

    def __str__(self):
        return f"blindbook {' '.join(self.words)} ended with {self.code}\n{self.out}{self.err}"

    def json(self):
        return json.loads(self.out)


class Serve:
    """The service, on a free port of `address`. `inside` are the words before its command by which it runs elsewhere, such as in
    a namespace; `words` are more of its own."""

    def __init__(self, scene, environment=None, folder="operator", words=(), address="127.0.0.1", inside=()):
        self.log = open(scene.path / f"serve-{len(scene.processes)}.log", "w+b")
        scene.addCleanup(self.log.close)
        self.process = subprocess.Popen(
            [*inside, scene.program, "serve", "--data", folder, "--listen", f"{address}:0", *words], cwd=scene.path,
            env={**scene.environment, **(environment or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=self.log, text=True)
        scene.processes.append(self.process)
        line = self.process.stdout.readline()
        if not line.startswith("listening on http"):
            raise AssertionError(f"serve did not start: {line}{self.said()}")
        self.url = line.split()[-1]
        self.address, self.port = address, int(self.url.rpartition(":")[2])

    def said(self):
        self.log.seek(0)
        return self.log.read().decode()

    def kill(self):
        self.process.kill()
        self.wait()

    def wait(self):
        code = self.process.wait()
        self.process.stdout.close()
        self.log.close()
        return code

    def stop(self):
        self.process.terminate()
        code = self.process.wait()
        if code != 0:
            raise AssertionError(f"serve ended with {code}: {self.said()}")
        self.wait()


class Case(unittest.TestCase):
    """A test in an empty folder of its own; nothing that it started outlives it."""

    def setUp(self):
        self.path = Path(tempfile.mkdtemp(prefix="blindbook-chaos-"))
        self.addCleanup(shutil.rmtree, self.path, ignore_errors=True)
        self.processes = []
        self.addCleanup(self.end_processes)
        self.program = os.environ["BLINDBOOK"]
        self.random = random.Random(f"{SEED} {self.id()}")
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        self.environment = {**kept, "HOME": str(self.path), "XDG_STATE_HOME": str(self.path / "state-home")}

    def end_processes(self):
        for process in self.processes:
            process.kill()
            process.wait()
            for stream in (process.stdin, process.stdout, process.stderr):
                if stream:
                    stream.close()

    # --- running the program

    def faults(self, plan, log=None, only_while=None):
        """The environment in which the program meets `plan`, such as kill:7."""
        out = {"LD_PRELOAD": os.environ["CALL_FAULTS_LIBRARY"], "CALL_FAULTS": plan}
        if log:
            out["CALL_FAULTS_LOG"] = str(self.path / log)
        if only_while:
            out["CALL_FAULTS_WHILE"] = str(self.path / only_while)
        return out

    def start(self, *words, environment=None, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE):
        process = subprocess.Popen([self.program, *words], cwd=self.path, env={**self.environment, **(environment or {})},
                                   stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process

    def finish(self, process):
        out, err = process.communicate()
        self.processes.remove(process)
        run = Run(process.args[1:], process.returncode, out, err)
        log = ('{"time":',) if run.words[0] == "serve" else ()  # what a service says while it runs
        if not all(line.startswith(("blindbook: ", *log)) for line in err.splitlines()):
            self.fail(f"a line without its prefix: {run}")
        return run

    def blindbook(self, *words, **how):
        return self.finish(self.start(*words, **how))

    def good(self, *words, **how):
        run = self.blindbook(*words, **how)
        self.assertEqual(run.code, 0, run)
        return run

    def calls_of(self, mode, *words, **where):
        """The calls that a run makes in that mode when nothing goes wrong: [(name, object)], the K-th at K - 1."""
        log = self.path / "calls"
        log.unlink(missing_ok=True)
        self.good(*words, environment={**self.faults(f"{mode}:1000000000", log="calls"), **where})
        return [tuple(line.split(" ", 2)[1:]) for line in log.read_text().splitlines()]

    # --- an operator

    def make_operator(self, initial=None):
        """The folder operator, published from subscribers.csv, of which there are 20 unless it is there; accounts get
        `initial` evaluations and no more."""
        self.good("init", "--data", "operator", "--operator", "City of Example", "--unsealed-key",
                  "--root-key-out", "root.key")
        if initial:
            file = self.path / "operator/config.json"
            config = json.loads(file.read_text())
            config["allowance"] = {"initial": initial, "capacity": initial, "refill_per_day": 0}
            file.write_text(json.dumps(config))
        if not (self.path / "subscribers.csv").exists():
            self.write_subscribers(20)
        self.publish()

    def write_subscribers(self, count):
        rows = [f"+4930231250{n:02},@user{n}:city.example,yes" for n in range(count)]
        (self.path / "subscribers.csv").write_text("\n".join(["number,label,discoverable", *rows, ""]))

    publication = ("publish", "--data", "operator", "--subscribers", "subscribers.csv")

    def publish(self):
        return self.good(*self.publication)

    def token(self, account):
        """The name of a file with an access token."""
        name = f"token-{account}"
        text = self.good("token", "--data", "operator", "--account", account, "--ttl", "24h").out
        (self.path / name).write_text(text)
        return name

    def write_contacts(self, numbers=range(5)):
        cards = [f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:User {n}\r\nTEL:+4930231250{n:02}\r\nEND:VCARD\r\n" for n in numbers]
        (self.path / "contacts.vcf").write_text("".join(cards), newline="")

    # --- what it left

    def public(self, folder="operator"):
        """The announcement that is public, whose directory stands there whole; None where nothing was published."""
        return self.whole_edition(self.path / folder / "public/announcement.bba",
                                  lambda id, edition: (self.path / folder / f"public/directory/{id}/{edition}.bbd").read_bytes())

    def whole_edition(self, file, read_directory):
        if not file.exists():
            return None
        announcement = announced(file.read_bytes())
        self.assertEqual(len(announcement["epochs"]), 1)
        for epoch in announcement["epochs"]:
            directory = read_directory(epoch["id"], epoch["edition"])
            self.assertEqual((len(directory), hashlib.sha256(directory).hexdigest()), (epoch["size"], epoch["root"]),
                             "the directory is not the announced one")
        return announcement

    def check_audit(self, folder="operator"):
        """The audit trail holds together; what a crash cut off is at its end, or named by the entry behind it. Its
        entries."""
        entries, head, between = [], bytes(32), b""
        for line in (self.path / folder / "audit.jsonl").read_bytes().split(b"\n"):
            try:
                entry = json.loads(line)
            except ValueError:
                between += line + b"\n"
                continue
            cut_off = {"bytes": len(between), "sha256": hashlib.sha256(between).hexdigest()} if between else None
            self.assertEqual((entry["seq"], entry["previous"], entry.get("cut_off")),
                             (len(entries) + 1, head.hex(), cut_off))
            entries.append(entry)
            head, between = hashlib.sha256(b"blindbook-v1 audit\0" + line).digest(), b""
        return entries

    def check_log(self, folder="operator"):
        """Every announcement follows the one before it and stands in the audit trail, and what is public is among them.
        How many there are."""
        log = {int(file.stem): file.read_bytes() for file in (self.path / folder / "log").glob("[0-9]*.bba")}
        self.assertEqual(sorted(log), list(range(1, len(log) + 1)))
        head = bytes(32)
        for seq in sorted(log):
            announcement = announced(log[seq])
            self.assertEqual((announcement["seq"], announcement["previous_head"]), (seq, head.hex()))
            head = hashlib.sha256(b"blindbook-v1 log\0" + head + hashlib.sha256(log[seq]).digest()).digest()
        self.assertLessEqual(set(log), {entry["counts"].get("announcement") for entry in self.check_audit(folder)})
        public = self.path / folder / "public/announcement.bba"
        if public.exists():
            self.assertIn(public.read_bytes(), log.values())
        return len(log)

    def assert_no_leftovers(self, *folders):
        """No file stands there under a name that only a write in progress has."""
        found = [str(path) for folder in folders for path in (self.path / folder).rglob("*")
                 if re.fullmatch(r"\..+\.\w{6}|.+\.part", path.name)]
        self.assertEqual(found, [])

    def ledger(self):
        """What a ledger in SQLite holds: {(account, digest)}, {account: evaluations left}."""
        held = SqliteLedger(self).holdings()
        return set(held.requests), held.levels


class Discovering(Case):
    """A published operator, its service, and accounts that discover: each has 1,000 evaluations and gets no more."""

    allowance = 1000

    def setUp(self):
        super().setUp()
        self.make_operator(initial=self.allowance)
        self.write_contacts()
        self.serve = Serve(self)
        self.accounts = 0

    def take_another_account(self):
        self.accounts += 1
        self.account = f"account-{self.accounts}"
        self.token_file = self.token(self.account)

    def discover_words(self, url, state):
        """A run of that account, which looks for contacts.vcf at that address and keeps `state`."""
        return ("discover", "--server", url, "--operator-key", "operator/public/operator.pub", "--token-file", self.token_file,
                "--contacts", "contacts.vcf", "--state", state, "--format", "json")


def fetch(port, path):
    """Status and body of what a service on loopback answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def announced(object):
    """What an announcement says; its envelope is magic(8) || signature(64) || JSON."""
    return json.loads(object[72:])


def evaluate_requests(proxy):
    """The bodies of the whole evaluate requests that a RecordingProxy has seen."""
    return [request.body for connection in proxy.connections for request, _ in connection.exchanges
            if request.complete and request.start_line.startswith("POST /v1/evaluate ")]


def digest_of(body):
    """What the ledger knows a request by (docs/spec/evaluate.md)."""
    return hashlib.sha256(b"blindbook-v1 evaluate\0" + body).digest()


def batch_size_of(body):
    return int.from_bytes(body[22:24], "big")
