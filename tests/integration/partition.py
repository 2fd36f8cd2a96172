#!/usr/bin/env python3
"""The network between clients and a worker, or between a worker and PostgreSQL, is cut without a word and heals: what was
answered is charged, each request once, the others are served meanwhile, and all go on by themselves.

Each is a machine of its own, in a network namespace. Ends with 77, saying so, where the system gives none."""

import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "chaos"))
import scene  # noqa: E402  (it needs that path)
import namespaces  # noqa: E402
from asking import ALLOWANCE, AskingCase, Load  # noqa: E402
from ledgers import PostgresLedger, SqliteLedger  # noqa: E402
from postgresql import Postgresql  # noqa: E402

PARTITIONS = max(2, scene.POINTS // 10)
SENDS = 26  # of a client: a worker lets an account ask 60 times an hour, and twins are one
ACCOUNTS = 4  # that a client has in each, one after the other: enough until the last moment
OUTSIDE, WITHIN = 77, 78  # the networks of clients, and of the database


class Partitioned(AskingCase):
    """Machines, two networks, and workers between them."""

    outside = within = None

    def start_worker(self):
        machine = namespaces.Machine(self)
        machine.join(self.within)
        worker = scene.Serve(self, words=("--insecure-http",), address=machine.join(self.outside), inside=machine.inside)
        worker.machine = machine
        return worker

    def load(self, workers, chains, **how):
        """That they ask, until it has `ended`."""
        self.ended = threading.Event()
        begin_at = {client: place % 2 for place, chain in enumerate(chains) for client in chain}
        return Load(chains, lambda client: client.ask_among(workers, begin_at[client], SENDS, self.ended, pause=0.25, **how))

    def check_that_all_go_on(self, workers, now, clients):
        self.check_after_the_kill(clients)
        for client in now:
            client.ask_until_answered(workers)
        self.check_everybody_answered(clients)
        self.assertEqual([worker.process.poll() for worker in workers], [None] * len(workers))


class BetweenClientsAndWorker(Partitioned):
    def make_ledger(self):
        return SqliteLedger(self)

    def test_at_random_moments(self):
        worker, clients = self.start_worker(), []
        for point in range(PARTITIONS):
            chains = self.chains(f"of-{point}", ACCOUNTS)
            now = [client for chain in chains for client in chain]
            clients += now
            answers, lasts = self.random.randrange(20), self.random.choice((0.1, 1, 4)) * self.random.random()
            with self.subTest(point=point, answers=answers, lasts=lasts):
                load = self.load([worker], chains, timeout=3)  # shorter than the longest, longer than the shortest
                try:
                    load.wait_for(answers)
                    time.sleep(self.random.uniform(0, 0.02))
                    worker.machine.pull_out(self.outside)
                    time.sleep(lasts)
                    worker.machine.plug_in(self.outside)
                    load.wait_for_new(10)
                finally:
                    self.ended.set()
                    load.finish()
                self.check_that_all_go_on([worker], now, clients)
        worker.stop()

    def test_discover_says_so_and_finds_all_when_it_heals(self):
        worker = self.start_worker()
        words = ("discover", "--insecure-http", "--server", worker.url, "--operator-key", "operator/public/operator.pub",
                 "--token-file", self.token("alice"), "--contacts", "contacts.vcf", "--state", "client/state", "--format", "json")
        worker.machine.pull_out(self.outside)
        run = self.blindbook(*words)
        self.assertEqual(run.code, 1, run)
        self.assertRegex(run.err, "did not answer in time|No route to host")  # the second where nobody asked before
        worker.machine.plug_in(self.outside)
        found = self.good(*words).json()
        self.assertEqual((len(found["matches"]), found["allowance_left"]), (5, ALLOWANCE - 64))
        worker.stop()


class BetweenWorkerAndDatabase(Partitioned):
    def make_ledger(self):
        machine = namespaces.Machine(self)
        server = Postgresql(self.path / "postgresql", machine.join(self.within), inside=machine.inside)
        self.addCleanup(server.kill)
        server.create()
        server.start()
        return PostgresLedger(server)

    def test_at_random_moments_the_other_worker_goes_on(self):
        workers, clients = [self.start_worker(), self.start_worker()], []
        for point in range(PARTITIONS):
            chains = self.chains(f"of-{point}", ACCOUNTS)
            now = [client for chain in chains for client in chain]
            clients += now
            # Longer than a worker waits for a silent server, or shorter.
            answers, lasts = self.random.randrange(20), (1, 14)[point % 2] * self.random.uniform(0.9, 1.1)
            parted = workers[point // 2 % 2]
            with self.subTest(point=point, answers=answers, lasts=lasts, parted=parted.address):
                load = self.load(workers, chains)
                try:
                    load.wait_for(answers)
                    time.sleep(self.random.uniform(0, 0.02))
                    parted.machine.pull_out(self.within)
                    load.wait_for_new(10)
                    time.sleep(lasts)
                    parted.machine.plug_in(self.within)
                finally:
                    self.ended.set()
                    load.finish()
                self.check_that_all_go_on(workers, now, clients)
                last = self.client(f"dora-{point}")
                clients.append(last)
                last.unanswered = last.make_request()
                last.ask_until_answered([parted])
                self.check_everybody_answered(clients)
        for worker in workers:
            worker.stop()


if __name__ == "__main__":
    namespaces.enter()
    Partitioned.outside, Partitioned.within = namespaces.Switch(OUTSIDE), namespaces.Switch(WITHIN)
    scene.main()
