#!/usr/bin/env python3
"""Kills and interrupts `blindbook bench`, and goes on with what it left.

Whatever happens, no party outlives the program, the old result stands until the new one is whole, and the resumed grid has
each run once.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM = os.environ["BLINDBOOK"]
PROTOCOLS = ["naive", "sha256", "blindbook-scalar51"]
SUBSCRIBERS, CONTACTS, ROUNDS = [200, 300], [8, 16], 60
GRID = ["--protocols", ",".join(PROTOCOLS), "--subscribers", ",".join(map(str, SUBSCRIBERS)),
        "--contacts", ",".join(map(str, CONTACTS)), "--rounds", str(ROUNDS)]
EXPECTED = sorted((p, n, c, r) for p in PROTOCOLS for n in SUBSCRIBERS for c in CONTACTS for r in range(ROUNDS + 1))
OLD = '{"an": "older result"}\n'


def start(words):
    return subprocess.Popen([PROGRAM, "bench", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True)


def wait_for_lines(journal, count, process):
    """Until the journal has so many lines; a process that ends before is a failure."""
    watched = os.pidfd_open(process.pid)
    try:
        while not journal.exists() or journal.read_bytes().count(b"\n") < count:
            if select.select([watched], [], [], 0.01)[0]:
                sys.exit(f"it ended before {count} lines: {process.communicate()}")
    finally:
        os.close(watched)


def parties_of(process):
    """Descriptors of the processes that it started, and their numbers."""
    numbers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return {int(number): os.pidfd_open(int(number)) for number in numbers}


def expect_end(parties, what):
    for number, descriptor in parties.items():
        if not select.select([descriptor], [], [], 30)[0]:
            sys.exit(f"{what}: the party {number} outlives the program")
        os.close(descriptor)


def check(condition, what):
    if not condition:
        sys.exit(f"FAILED: {what}")


def runs_of(result):
    return sorted((r["protocol"], r["subscribers"], r["contacts"], r["round"]) for r in result["runs"])


def main():
    with tempfile.TemporaryDirectory() as folder:
        output, journal = Path(folder, "result.json"), Path(folder, "result.json.journal")
        output.write_text(OLD)
        kept = 0
        # Killed within the first size, then within the second, each time in the middle of a line as far as can be told.
        for lines, words in ((10, [*GRID, "--format", "json"]), (400, ["--resume", "--format", "json"])):
            process = start([*words, "--output", str(output)])
            wait_for_lines(journal, lines, process)
            parties = parties_of(process)
            check(len(parties) == 2 * len(PROTOCOLS), f"{len(parties)} parties")
            process.kill()
            process.communicate()
            expect_end(parties, "after a kill")
            check(output.read_text() == OLD, "a kill left the old result as it was")
            check(not list(Path(folder).glob("*.tmp*")), "nothing else is left behind")
            now = journal.read_bytes().count(b"\n")
            check(now >= lines and now > kept, "the journal only grows")
            kept = now
            with journal.open("a") as file:
                file.write('{"run":{"protocol":"sha2')

        # Interrupted, it says how to go on. Nobody else writes its journal meanwhile.
        process = start(["--resume", "--output", str(output), "--format", "json"])
        wait_for_lines(journal, kept + 5, process)
        second = start(["--resume", "--output", str(output)])
        _, err = second.communicate()
        check(second.returncode == 2 and "a comparison that is running writes" in err, f"two at once: {err}")
        parties = parties_of(process)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
        expect_end(parties, "after Ctrl-C")
        check(process.returncode == 1, f"it ended with {process.returncode}: {err}")
        check("a signal ended the comparison" in err and f"bench --resume --output {output} --format json goes on with it" in err, err)
        check(out == "" and output.read_text() == OLD, "an interrupted comparison has no result")

        process = start(["--resume", "--output", str(output), "--format", "json"])
        out, err = process.communicate()
        check(process.returncode == 0, f"it ended with {process.returncode}: {err}")
        result = json.loads(output.read_text())
        check(runs_of(result) == EXPECTED, "each run is there, once")
        check(all(r["warm_up"] == (r["round"] == 0) for r in result["runs"]), "the warm-up is one round")
        check(not journal.exists(), "a result has no journal")
        check(sorted(os.listdir(folder)) == ["result.json"], "nothing is left behind")
        times = [once["at"] for once in result["environment"]["resumed"]]
        check(len(times) == 3 and times == sorted(times), f"it says when it was gone on with: {times}")
        # Those of a size that was finished before are not set up again.
        setups = [s for s in result["setups"] if s["subscribers"] == SUBSCRIBERS[0]]
        check(len(PROTOCOLS) <= len(setups) <= 2 * len(PROTOCOLS), f"{len(setups)} setups")


def interrupt_attack():
    """The attack of a report is interrupted like all else, and no page is half a page."""
    with tempfile.TemporaryDirectory() as folder:
        output, page = Path(folder, "result.json"), Path(folder, "page.html")
        process = start(["--protocols", "naive", "--subscribers", "10", "--contacts", "4", "--rounds", "1", "--output", str(output),
                         "--report", str(page)])
        while "trying the attack" not in (line := process.stderr.readline()):
            check(line, "it ended before the attack")
        process.send_signal(signal.SIGINT)
        _, err = process.communicate()
        check(process.returncode == 1 and f"--resume --output {output} --report {page} goes on with it" in err, err)
        check(os.listdir(folder) == ["result.json.journal"], f"it left {os.listdir(folder)}")


main()
interrupt_attack()
