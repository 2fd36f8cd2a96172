"""A PostgreSQL of a test's own, in Python what postgresql.sh is to scripts; and its standbys, which take over when it dies.

It refuses to be root, and is nobody then. Its files are in one folder, which everybody may have to enter but only it writes.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

SYSTEM_MEMORY = re.compile(r"^\s*\d+\s+(\d+)\s*$")  # a line of postmaster.pid: key and id


def newest_programs():
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Postgresql:
    """One server, with its cluster, its log and its socket in `folder`, on `address` if one is given. `inside` are the words
    before a command by which it runs elsewhere, such as in a namespace."""

    def __init__(self, folder, address=None, port=5432, inside=()):
        self.folder, self.address, self.port = Path(folder), address, port
        self._inside = tuple(inside)
        self._programs = newest_programs()
        self._nobody = ("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups") if os.getuid() == 0 else ()
        self._process = None
        self._log = None

    # --- its life

    def create(self):
        """An empty cluster, whose superuser is postgres and which trusts everybody who reaches it."""
        self._make_folder()
        self._run("initdb", "--pgdata", self._cluster, "--username", "postgres", "--auth", "trust", "--locale", "C",
                  "--encoding", "UTF8", "--no-sync")
        with open(self._cluster / "pg_hba.conf", "a") as rights:
            rights.write("host all all samenet trust\n")

    def create_standby_of(self, primary, name):
        """The cluster of a standby that streams from `primary`, by that name."""
        self._make_folder()
        self._run("pg_basebackup", "--pgdata", self._cluster, "--dbname",
                  f"host={primary.host} port={primary.port} user=postgres application_name={name}", "--write-recovery-conf",
                  "--wal-method", "stream", "--checkpoint", "fast", "--no-sync")

    def start(self, *settings):
        """`settings` are such as synchronous_standby_names=first. Returns when it answers."""
        self._log = open(self.folder / "log", "ab")
        # Killed processes leave no memory behind that has a name, but for what kill() removes.
        given = ("fsync=off", f"listen_addresses={self.address or ''}", "dynamic_shared_memory_type=mmap", *settings)
        self._process = subprocess.Popen(
            [*self._inside, *self._nobody, self._programs / "postgres", "-D", self._cluster, "-k", self.folder, "-p", str(self.port),
             *(word for setting in given for word in ("-c", setting))],
            cwd="/", stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log)
        until = time.monotonic() + 60
        while subprocess.run([self._programs / "pg_isready", "--quiet", "--host", self.folder, "--port", str(self.port)],
                             cwd="/").returncode != 0:
            if self._process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"there is no server: {self.said()}")
            time.sleep(0.05)

    def kill(self):
        """All its processes die at once, as with the machine; harmless when it is dead."""
        if self._process is None:
            return
        if self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGSTOP)  # so that it makes no more of them
            for process in children_of(self._process.pid):
                os.kill(process, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
        self._process = None
        self._log.close()
        self._remove_memory()

    def remove(self):
        """Kills it, and its disk goes too."""
        self.kill()
        shutil.rmtree(self.folder)

    def promote(self):
        """Makes the standby a primary; returns when it is."""
        self._run("pg_ctl", "promote", "--pgdata", self._cluster, "--wait")

    def said(self):
        return (self.folder / "log").read_text(errors="replace")

    # --- its use

    @property
    def host(self):
        return self.address or str(self.folder)

    def uri(self):
        """For the database blindbook."""
        return f"postgresql://postgres@/blindbook?host={self.host}&port={self.port}"

    def sql(self, statement, database="blindbook"):
        """Rows of strings."""
        done = subprocess.run(
            ["psql", "--quiet", "--no-psqlrc", "--no-align", "--tuples-only", "--field-separator", "\t", "--set", "ON_ERROR_STOP=1",
             "--host", self.folder, "--port", str(self.port), "--username", "postgres", "--dbname", database, "--command", statement],
            cwd="/", capture_output=True, text=True)
        if done.returncode != 0:
            raise AssertionError(f"{statement}: {done.stderr}")
        return [line.split("\t") for line in done.stdout.splitlines()]

    def wait_until(self, statement, wanted="t"):
        """Until the statement answers that, for a minute at most."""
        until = time.monotonic() + 60
        while (rows := self.sql(statement, database="postgres")) != [[wanted]]:
            if time.monotonic() > until:
                raise AssertionError(f"{statement} is {rows} for a minute: {self.said()}")
            time.sleep(0.05)

    # --- within

    @property
    def _cluster(self):
        return self.folder / "cluster"

    def _make_folder(self):
        self.folder.parent.chmod(0o711)
        self.folder.mkdir()
        if self._nobody:
            shutil.chown(self.folder, "nobody", "nogroup")

    def _run(self, program, *words):
        done = subprocess.run([*self._inside, *self._nobody, self._programs / program, *words], cwd="/", capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise AssertionError(f"{program} failed: {done.stdout}{done.stderr}")

    def _remove_memory(self):
        """The few bytes of System V by which a server knows that another is at its cluster."""
        try:
            lines = (self._cluster / "postmaster.pid").read_text().splitlines()
        except OSError:
            return
        for line in lines:
            if memory := SYSTEM_MEMORY.match(line):
                subprocess.run(["ipcrm", "--shmem-id", memory[1]], capture_output=True)


def children_of(process):
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(") ")[2].split()[1])
        except OSError:
            continue
        if parent == process:
            found.append(int(entry.parent.name))
    return found

