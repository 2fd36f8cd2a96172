#!/usr/bin/env python3
"""mixed_traffic.py --url URL --admin URL --pid PID --operator DIR --tokens DIR --numbers FILE --out DIR --seconds N

What a service meets in ordinary and in hostile hours, all at once, for N seconds: requests to evaluate of every size, sent
again, overspent, malformed, with tokens of every wrong kind; downloads, whole and resumed; paths, fields and names that
hold numbers and accounts; publications, erasures, scrapes. Each account comes from an address of its own, 127.x.y.z.

DIR/tokens has one file for each account, its name. FILE has a number as E.164 without plus on each line; what is sent are
their hashed elements, unblinded, so that a search knows them. Writes into --out: `metrics`, every scrape of /metrics and /readyz;
`memory`, a line "seconds bytes" of resident memory for each second; `counts`, what was answered, as JSON. Ends with 1 when
the service did what it may not.
"""
import argparse
import collections
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import ristretto255_reference as group  # noqa: E402  (it is no package)

SIZES = (16, 64, 256, 1024)
WEIGHTS = (60, 25, 10, 5)
CLIENTS = 4
ALG_NONE = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIiwia2lkIjoieCJ9.eyJzdWIiOiJzY2hpbmRlcmhhbm5lcyJ9."


class Traffic:
    def __init__(self, arguments):
        self.arguments = arguments
        self.port = int(arguments.url.rpartition(":")[2])
        self.admin_port = int(arguments.admin.rpartition(":")[2])
        self.accounts = sorted(path.name for path in pathlib.Path(arguments.tokens).iterdir())
        self.tokens = {name: (pathlib.Path(arguments.tokens) / name).read_text().strip() for name in self.accounts}
        self.numbers = pathlib.Path(arguments.numbers).read_text().split()
        self.elements = [group.encode(group.hash_to_group(f"tel:+{number}".encode())) for number in self.numbers]
        self.end = time.monotonic() + arguments.seconds
        self.lock = threading.Lock()
        self.statuses = collections.Counter()
        self.evaluations = {}  # (account, digest) -> cost, of what was answered
        self.faults = []
        self.epoch, self.edition = "", 0
        self.read_announcement()

    # What is asked

    def read_announcement(self):
        out = subprocess.run([os.environ["BLINDBOOK"], "inspect", f"{self.arguments.operator}/public/announcement.bba",
                              "--format", "json"], stdout=subprocess.PIPE, check=True).stdout
        [epoch] = json.loads(out)["epochs"]
        self.epoch, self.edition = epoch["id"], epoch["edition"]

    def request_of(self, choice, size):
        chosen = b"".join(choice.choices(self.elements, k=size))
        return b"\xbbEQ1\x01\x01" + bytes.fromhex(self.epoch) + size.to_bytes(2, "big") + chosen

    def ask(self, address, method, path, body=None, headers=None):
        """(status, body), or None where the connection ended without an answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60, source_address=(address, 0))
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            content = answer.read()
        except (OSError, http.client.HTTPException) as error:
            with self.lock:
                self.statuses[type(error).__name__] += 1
            return None
        finally:
            connection.close()
        with self.lock:
            self.statuses[str(answer.status)] += 1
        return answer.status, content

    def evaluate(self, address, account, body, token=None):
        answer = self.ask(address, "POST", "/v1/evaluate", body,
                          {"Authorization": f"Bearer {token or self.tokens[account]}",
                           "Content-Type": "application/octet-stream"})
        if answer and answer[0] == 200:
            digest = hashlib.sha256(b"blindbook-v1 evaluate\0" + body).digest()
            if answer[1][5:21] != digest[:16]:
                self.fault("an answer to another request")
            with self.lock:
                self.evaluations[account, digest] = int.from_bytes(body[22:24], "big")
        return answer

    def fault(self, text):
        with self.lock:
            self.faults.append(text)

    def act(self, choice, kind):
        index = choice.randrange(len(self.accounts))
        account, number = self.accounts[index], choice.choice(self.numbers)
        address = f"127.{1 + index % 250}.{1 + index // 250}.77"
        body = self.request_of(choice, choice.choices(SIZES, WEIGHTS)[0])
        if kind == "evaluate":
            answer = self.evaluate(address, account, body)
            if answer and answer[0] == 200 and choice.random() < 0.2:
                for _ in range(choice.randrange(1, 12)):  # more often than it may
                    self.evaluate(address, account, body)
        elif kind == "malformed":
            broken = choice.choice((b"", b"\xbbXX1" + body[4:], body[:-1], body + b"\0", body[:22] + b"\0\x11" + body[24:],
                                    body[:-32] + b"\xff" * 32, body[:-32] + bytes(32), b"tel:+" + number.encode(),
                                    body[:6] + bytes(16) + body[22:]))
            answer = self.evaluate(address, account, broken)
            if answer and answer[0] == 200:
                self.fault("a malformed request was answered")
        elif kind == "token":
            token = choice.choice(("", "x", ALG_NONE, self.tokens[account][:-4] + "AAAA", self.tokens[account] + ".x",
                                   "A" * 3000, number, f"{account}:{number}"))
            answer = self.ask(address, "POST", "/v1/evaluate", body, {"Authorization": f"Bearer {token}"})
            if answer and answer[0] not in (401, 431):
                self.fault(f"a wrong token was answered with {answer[0]}")
        elif kind == "get":
            path = choice.choice(("/v1/announcement", "/healthz", f"/v1/directory/{self.epoch}/{self.edition}",
                                  f"/v1/patch/{self.epoch}/{max(1, self.edition - 1)}-{self.edition}", "/v1/log?from=1"))
            headers = {"Range": "bytes=20-", "If-Range": '"x"'} if choice.random() < 0.3 else {}
            self.ask(address, choice.choice(("GET", "GET", "HEAD")), path, None, headers)
        elif kind == "strange":
            path = choice.choice((f"/v1/+{number}", f"/v1/lookup?number={number}&account={account}", f"/{account}",
                                  "/../keys", "/metrics", "/readyz", "/v1/evaluate"))
            self.ask(address, choice.choice(("GET", "POST", "PUT", "DELETE", f"X-{account}")), path,
                     f"number=+{number}".encode(), {"X-Account": account, "Cookie": f"number={number}",
                                                    "X-Forwarded-For": address, "User-Agent": f"{account}/{number}"})
        else:
            self.ask(address, "POST", "/v1/evaluate", iter([number.encode()]), {"Transfer-Encoding": "chunked"})

    # Who asks

    def client(self, seed):
        choice = random.Random(seed)
        kinds = ("evaluate", "malformed", "token", "get", "strange", "chunked")
        while time.monotonic() < self.end:
            self.act(choice, choice.choices(kinds, (50, 15, 10, 15, 8, 2))[0])
            if self.arguments.seconds > 60:
                time.sleep(choice.expovariate(10))  # about as much as one core evaluates with ease

    def watch(self):
        """Scrapes, and reads the memory, each second."""
        out = pathlib.Path(self.arguments.out)
        began = time.monotonic()
        with open(out / "metrics", "w") as metrics, open(out / "memory", "w") as memory:
            while time.monotonic() < self.end:
                for path in ("/metrics", "/readyz"):
                    connection = http.client.HTTPConnection("127.0.0.1", self.admin_port, timeout=60)
                    connection.request("GET", path)
                    answer = connection.getresponse()
                    # Without sums of seconds and the like, among whose digits any number stands by chance in an hour.
                    metrics.write(re.sub(r"(?m)^(process_\S+|\S+_sum\S*) .*$", r"\1", answer.read().decode()))
                    connection.close()
                    if answer.status != 200:
                        self.fault(f"{path} answers with {answer.status}")
                status = pathlib.Path(f"/proc/{self.arguments.pid}/status").read_text()
                resident = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
                memory.write(f"{time.monotonic() - began:.0f} {int(resident) * 1024}\n")
                memory.flush()
                time.sleep(1)

    def operate(self):
        """Publishes one number more or less each time, and erases one now and then."""
        folder, turn = self.arguments.operator, 0
        while time.monotonic() < self.end:
            time.sleep(max(0, min(self.end - time.monotonic(), 1 if self.arguments.seconds < 60 else 60)))
            turn += 1
            rows = "".join(f"+{number},@x{at}:city.example,yes\n" for at, number in enumerate(self.numbers)
                           if (at + turn) % 5 != 0)
            published = subprocess.run([os.environ["BLINDBOOK"], "publish", "--data", folder, "--subscribers", "-",
                                        "--allow-shrink"], input=f"number,label,discoverable\n{rows}", text=True,
                                       stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            if published.returncode != 0:
                self.fault(f"a publication failed: {published.stderr}")
            if turn % 7 == 0:
                subprocess.run([os.environ["BLINDBOOK"], "erase", "--data", folder], input=f"+{self.numbers[0]}\n",
                               text=True, stdout=subprocess.DEVNULL, check=True)
            self.read_announcement()

    def run(self):
        def guarded(work, *words):
            try:
                work(*words)
            except Exception as error:  # a thread's end is a fault of the run
                self.fault(f"{work.__name__}: {error!r}")
        threads = [threading.Thread(target=guarded, args=(self.client, seed)) for seed in range(CLIENTS)]
        threads += [threading.Thread(target=guarded, args=(work,)) for work in (self.watch, self.operate)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("url", "admin", "operator", "tokens", "numbers", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--pid", required=True, type=int)
    parser.add_argument("--seconds", required=True, type=float)
    traffic = Traffic(parser.parse_args())
    traffic.run()
    counts = {"statuses": traffic.statuses, "requests_charged": len(traffic.evaluations),
              "evaluations": sum(traffic.evaluations.values()), "faults": traffic.faults[:20]}
    (pathlib.Path(traffic.arguments.out) / "counts").write_text(json.dumps(counts))
    return 1 if traffic.faults else 0


if __name__ == "__main__":
    sys.exit(main())
