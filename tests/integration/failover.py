#!/usr/bin/env python3
"""The primary that keeps the ledger dies at a random moment, its disk with it, while many ask two workers, and its synchronous
standby is promoted: what was answered is charged there, each request once, and the workers go on by themselves."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "chaos"))
import scene  # noqa: E402  (it needs that path)
from asking import AskingCase, Load  # noqa: E402
from ledgers import PostgresLedger  # noqa: E402
from postgresql import Postgresql, free_port  # noqa: E402

FAILOVERS = max(3, scene.POINTS // 5)
SENDS = 28  # of a client: a worker lets an account ask 60 times an hour, and twins are one
ACCOUNTS = 5  # that a client has in each, one after the other: enough until the last moment
PAUSE = 0.25
STANDBY = "standby"


class Failover(AskingCase):
    def make_ledger(self):
        self.primary, self.standby = (Postgresql(self.path / name, "127.0.0.1", free_port()) for name in ("first", "second"))
        for server in (self.primary, self.standby):
            self.addCleanup(server.kill)
        self.primary.create()
        self.primary.start()
        # As docs/operator/postgresql.md says: the URI names both.
        hosts = ",".join(f"127.0.0.1:{server.port}" for server in (self.primary, self.standby))
        ledger = PostgresLedger(self.primary, f"postgresql://postgres@{hosts}/blindbook?target_session_attrs=read-write")
        self.add_standby()
        return ledger

    def add_standby(self):
        """Until nothing is committed that it has not."""
        self.standby.create_standby_of(self.primary, STANDBY)
        self.standby.start()
        self.primary.sql(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'", database="postgres")
        self.primary.sql("SELECT pg_reload_conf()", database="postgres")
        self.primary.wait_until("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'", "1")

    def fail_over(self, hangs):
        """`hangs`: a moment before the primary dies it sends the standby nothing any more, so that charges wait."""
        if hangs:
            [[sender]] = self.primary.sql("SELECT pid FROM pg_stat_replication", database="postgres")
            os.kill(int(sender), signal.SIGSTOP)
            time.sleep(self.random.uniform(0, 0.3))
        self.primary.remove()
        time.sleep(self.random.uniform(0, 0.5))
        self.standby.promote()
        self.primary, self.standby = self.standby, self.primary
        self.kept.server = self.primary

    def test_what_was_answered_outlives_the_primary(self):
        workers, clients, lost = [scene.Serve(self), scene.Serve(self)], [], 0
        for point in range(FAILOVERS):
            chains = self.chains(f"of-{point}", ACCOUNTS)
            now = [client for chain in chains for client in chain]
            clients += now
            self.fail_over_under_load(workers, chains, hangs=point % 2 == 0)
            lost += sum(client.unanswered is not None for client in now)
            self.check_after_the_kill(clients)
            for client in now:
                client.ask_until_answered(workers)
            self.check_everybody_answered(clients)
            self.assertEqual([worker.process.poll() for worker in workers], [None, None])
            self.add_standby()
        print(f"{FAILOVERS} failovers; {len({key for client in clients for key in client.answered})} requests answered, {lost} "
              "cut off and sent again", flush=True)
        for worker in workers:
            worker.stop()

    def fail_over_under_load(self, workers, chains, hangs):
        """Returns when clients were answered again."""
        begin_at = {client: place % 2 for place, chain in enumerate(chains) for client in chain}
        ended = threading.Event()
        load = Load(chains, lambda client: client.ask_among(workers, begin_at[client], SENDS, ended, PAUSE))
        try:
            load.wait_for(self.random.randrange(40))
            time.sleep(self.random.uniform(0, 0.02))
            self.fail_over(hangs)
            load.wait_for_new(20)
        finally:
            ended.set()
            load.finish()


if __name__ == "__main__":
    scene.main()
