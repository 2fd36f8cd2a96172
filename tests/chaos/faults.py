#!/usr/bin/env python3
"""Each way in which the network between `discover` and `serve` goes wrong, and what comes of it: the run finds what an
undisturbed one finds or says whose fault it is, the next run finds it, and both together are charged once.

The first table of docs/reliability.md is what this prints: fault_table.py says how.
"""

import fault_table
from recording_proxy import Fault, RecordingProxy

IDLE_BATCH = 16

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


class Faults(fault_table.FaultTable):
    columns = ("fault", "the run finds all, or exits with", "charged when it ended")

    def run_through(self, *faults):
        with RecordingProxy("127.0.0.1", self.serve.port, faults) as proxy:
            return self.blindbook(*self.discover_words(f"http://127.0.0.1:{proxy.port}", f"{self.account}/state"))

    def rows(self):
        self.take_another_account()
        wanted = self.run_through()
        self.assertEqual(wanted.code, 0, wanted)
        wanted, once = wanted.json(), self.charged(self.account)
        self.assertEqual(once, wanted["disclosed"]["batch"])
        self.assertGreater(len(wanted["matches"]), 0)
        for message, direction, path, changed in MESSAGES:
            for way, action, after, times in WAYS:
                if action == "double" and direction != "request":
                    continue  # nobody sends what was not asked for; whether it is met depends on when
                after = f"body+{changed}" if after is CHANGED else after
                action, _, seconds = action.partition("=")
                self.take_another_account()
                with self.subTest(f"the {message} {way}"):
                    run = self.run_through(Fault(action, direction, path, after, times, float(seconds or 0)))
                    outcome, charged = self.outcome(run, wanted), self.charged(self.account)
                    self.assertIn(charged, (0, once))
                    next = self.run_through()
                    self.assertEqual(self.outcome(next, wanted), "finds all", next)
                    # A run that has nothing to ask asks 16 that are nobody's.
                    self.assertIn(self.charged(self.account), (once, once + IDLE_BATCH), "not charged once for both runs together")
                    yield f"the {message} {way}", outcome, "one batch" if charged else "nothing"

    def test_every_fault_of_the_network_has_the_outcome_that_the_documents_say(self):
        self.compare_with_the_documents()


if __name__ == "__main__":
    fault_table.main()
