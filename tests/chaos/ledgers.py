"""What a ledger holds, whichever engine keeps it.

BLINDBOOK_CHAOS_LEDGER=postgresql has the drivers that ask chosen_ledger() use PostgreSQL, for which they start a server of
their own; otherwise it is SQLite.
"""

import os
import shutil
import sqlite3
import time

from postgresql import Postgresql

UNITS = 86400  # of a level, in one evaluation


class Holdings:
    """The rows of a ledger at one moment."""

    def __init__(self, requests, levels, spent, total):
        self.requests = requests  # (account, digest) -> how often it came again
        self.levels = levels      # account -> evaluations left
        self.spent = spent        # account -> evaluations it used
        self.total = total        # evaluations of the whole service


def holdings(query, hexadecimal):
    """`query` answers a statement with rows of strings; `hexadecimal` writes a digest as such."""
    requests = {(account, bytes.fromhex(digest)): int(retries)
                for account, digest, retries in query(f"SELECT account, {hexadecimal}, retries FROM request")}
    levels = {account: int(level) for account, level in query("SELECT account, level FROM account")}
    assert all(level % UNITS == 0 for level in levels.values()), "a level that no charge leaves"
    spent = {account: int(evaluations) for account, evaluations in
             query("SELECT account, sum(evaluations) FROM spending GROUP BY account")}
    [[total]] = query("SELECT coalesce(sum(evaluations), 0) FROM daily WHERE issuer = ''")
    return Holdings(requests, {account: level // UNITS for account, level in levels.items()}, spent, int(total))


class SqliteLedger:
    """blindbook.db of an operator's folder."""

    def __init__(self, case, folder="operator"):
        self._case, self._folder = case, folder

    def words(self):
        """By which serve uses it."""
        return ()

    def holdings(self):
        """Of what a crash left, as it is: read in a copy, so that no repair of it is ours. Nobody may be writing."""
        copy = self._case.path / "ledger-copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        for name in ("blindbook.db", "blindbook.db-wal"):
            if (self._case.path / self._folder / name).exists():
                shutil.copy(self._case.path / self._folder / name, copy / name)
        database = sqlite3.connect(copy / "blindbook.db")
        try:
            self._case.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            return holdings(lambda statement: database.execute(statement).fetchall(), "hex(digest)")
        finally:
            database.close()


class PostgresLedger:
    """The schema blindbook of a database `blindbook`, which is made. It is in `server`; whoever puts another server in its place
    gives a `uri` that names them all."""

    def __init__(self, server, uri=None):
        self.server = server
        self._uri = uri or server.uri()
        server.sql("CREATE DATABASE blindbook", database="postgres")

    def words(self):
        return ("--ledger", self._uri)

    def holdings(self):
        """Once nothing is under way that workers began which are dead."""
        until = time.monotonic() + 60
        while self.server.sql("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'blindbook' AND state <> 'idle'"
                               ) != [["0"]]:
            assert time.monotonic() < until, "a transaction does not end"
            time.sleep(0.02)
        return holdings(lambda statement: self.server.sql(f"SET search_path = blindbook; {statement}"),
                        "encode(digest, 'hex')")


def chosen_ledger(case):
    """The ledger that the environment asks for; what it needs lasts as long as the test."""
    if os.environ.get("BLINDBOOK_CHAOS_LEDGER") != "postgresql":
        return SqliteLedger(case)
    server = Postgresql(case.path / "postgresql")
    case.addCleanup(server.kill)
    server.create()
    server.start()
    return PostgresLedger(server)
