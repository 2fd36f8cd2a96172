#!/usr/bin/env python3
"""Each way in which the network between `discover` and `serve` goes wrong, and what comes of it: the run finds what an
undisturbed one finds or says whose fault it is, the next run finds it, and both together are charged once.

The table of docs/reliability.md is what this prints: `faults.py --table` writes it to standard output, the test compares.
"""

import re
import sys
import unittest
from pathlib import Path

import scene
from recording_proxy import Fault, RecordingProxy

ALLOWANCE = 1000
IDLE_BATCH = 16
DOCUMENT = Path(__file__).resolve().parent.parent.parent / "docs/reliability.md"

CHANGED = object()
ANNOUNCEMENT, DIRECTORY, EVALUATE = "/v1/announcement", "/v1/directory", "/v1/evaluate"
# Who it comes from, by which path, and a byte whose change has one outcome whatever the points are: of the request its
# first, of the answer one of the proof.
MESSAGES = (("announcement", "answer", ANNOUNCEMENT, 100), ("directory", "answer", DIRECTORY, 100),
            ("evaluate request", "request", EVALUATE, 0), ("evaluate answer", "answer", EVALUATE, 25 + 64 * 32 + 10))
# What happens, the fault, after how many bytes, and how often.
WAYS = (("is cut off before it begins", "cut", 0, 1), ("is cut off in its midst", "cut", "body+100", 1),
        ("is cut off each time it is tried", "cut", 0, 99), ("is the last its side sends: half-closed", "end", None, 1),
        ("ends half-way: half-closed", "end", "body+100", 1), ("comes a second late", "delay=1", 0, 1),
        ("stalls half-way for a second", "delay=1", "body+100", 1), ("comes twice", "double", None, 1),
        ("has a bit turned over in its body", "corrupt", CHANGED, 1),
        ("has a bit turned over in its first byte", "corrupt", 0, 1))


class Faults(scene.Case):
    def setUp(self):
        super().setUp()
        self.make_operator(initial=ALLOWANCE)
        self.write_contacts()
        self.serve = scene.Serve(self)
        self.accounts = 0

    def run_through(self, *faults):
        with RecordingProxy("127.0.0.1", self.serve.port, faults) as proxy:
            return self.blindbook(
                "discover", "--server", f"http://127.0.0.1:{proxy.port}", "--operator-key", "operator/public/operator.pub",
                "--token-file", self.token_file, "--contacts", "contacts.vcf", "--state", f"{self.account}/state",
                "--format", "json")

    def begin(self):
        self.accounts += 1
        self.account = f"account-{self.accounts}"
        self.token_file = self.token(self.account)

    def charged(self):
        """Evaluations of this account."""
        return ALLOWANCE - self.ledger()[1].get(self.account, ALLOWANCE)

    def outcome(self, run, wanted):
        if run.code == 0:
            self.assertEqual(run.json()["matches"], wanted["matches"], run)
            return "finds all"
        lines = [line.removeprefix("blindbook: ") for line in run.err.splitlines()]
        faults = [re.sub(r"127\.0\.0\.1:\d+", "the service", line) for line in lines if not line.startswith("warning: ")]
        self.assertTrue(faults, run)
        return f"{run.code}: {faults[0]}"

    def rows(self):
        self.begin()
        wanted = self.run_through()
        self.assertEqual(wanted.code, 0, wanted)
        wanted, once = wanted.json(), self.charged()
        self.assertEqual(once, wanted["disclosed"]["batch"])
        self.assertGreater(len(wanted["matches"]), 0)
        for message, direction, path, changed in MESSAGES:
            for way, action, after, times in WAYS:
                if action == "double" and direction != "request":
                    continue  # nobody sends what was not asked for; whether it is met depends on when
                after = f"body+{changed}" if after is CHANGED else after
                action, _, seconds = action.partition("=")
                self.begin()
                with self.subTest(f"the {message} {way}"):
                    run = self.run_through(Fault(action, direction, path, after, times, float(seconds or 0)))
                    outcome, charged = self.outcome(run, wanted), self.charged()
                    self.assertIn(charged, (0, once))
                    next = self.run_through()
                    self.assertEqual(self.outcome(next, wanted), "finds all", next)
                    # A run that has nothing to ask asks 16 that are nobody's.
                    self.assertIn(self.charged(), (once, once + IDLE_BATCH), "not charged once for both runs together")
                    yield f"| the {message} {way} | {outcome} | {'one batch' if charged else 'nothing'} |"

    def table(self):
        return "\n".join(["| fault | the run finds all, or exits with | charged when it ended |", "|---|---|---|", *self.rows(), ""])

    def test_every_fault_has_the_outcome_that_the_documents_say(self):
        table = self.table()
        if "--table" in sys.argv:
            print(table)
        else:
            self.assertIn(table, DOCUMENT.read_text(encoding="utf-8"),
                          f"docs/reliability.md does not hold the table of today:\n{table}")


if __name__ == "__main__":
    if "--table" in sys.argv:
        unittest.main(argv=sys.argv[:1])
    scene.main()
