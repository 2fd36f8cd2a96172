"""Machines in network namespaces, joined by switches, and cables between them that can be pulled out: a partition in which
packets vanish, as between real machines. Needs a network namespace of its own to be run in: enter() goes there.
"""

import itertools
import os
import subprocess
import sys

NOT_POSSIBLE = 77
INSIDE = "BLINDBOOK_INSIDE_NAMESPACE"


def enter():
    """Runs this program again in a namespace and ends with what that ends with; returns there. Where the system gives none it
    says so, and ends with 77."""
    if os.environ.get(INSIDE):
        ip("link", "set", "lo", "up")
        return
    probe = subprocess.run(["unshare", "--net", "ip", "link", "add", "probe", "type", "bridge"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"NOT RUN: this system gives no network namespace with a bridge: {probe.stderr.strip()}")
        sys.exit(NOT_POSSIBLE)
    sys.exit(subprocess.run(["unshare", "--net", sys.executable, *sys.argv], env={**os.environ, INSIDE: "1"}).returncode)


def ip(*words, inside=()):
    subprocess.run([*inside, "ip", *words], check=True)


class Switch:
    """A network 10.N.0.0/24, in which this program has the address 10.N.0.254."""

    def __init__(self, number):
        self.number = number
        self.name = f"switch{number}"
        ip("link", "add", self.name, "type", "bridge")
        ip("address", "add", f"10.{number}.0.254/24", "dev", self.name)
        ip("link", "set", self.name, "up")


class Machine:
    """A namespace; `inside` are the words before a command that runs there."""

    numbers = itertools.count(1)  # the system takes its time to forget a cable

    def __init__(self, case):
        self.number = next(Machine.numbers)
        self._idle = subprocess.Popen(["unshare", "--net", "sh", "-c", "echo; exec sleep infinity"], stdout=subprocess.PIPE)
        case.addCleanup(self._end)
        self._idle.stdout.readline()  # now it has one
        self.inside = ("nsenter", f"--net=/proc/{self._idle.pid}/ns/net")
        ip("link", "set", "lo", "up", inside=self.inside)

    def join(self, switch):
        """The address that it gets there."""
        address = f"10.{switch.number}.0.{self.number}"
        cable, end = self._cable(switch), f"net{switch.number}"
        ip("link", "add", cable, "type", "veth", "peer", "name", end, "netns", str(self._idle.pid))
        ip("address", "add", f"{address}/24", "dev", end, inside=self.inside)
        ip("link", "set", end, "up", inside=self.inside)
        ip("link", "set", cable, "master", switch.name, "up")
        return address

    def pull_out(self, switch):
        """What it sends vanishes, and nothing comes."""
        ip("link", "set", self._cable(switch), "down")

    def plug_in(self, switch):
        ip("link", "set", self._cable(switch), "up")

    def _cable(self, switch):
        return f"cable{switch.number}-{self.number}"

    def _end(self):
        self._idle.kill()
        self._idle.wait()
        self._idle.stdout.close()
