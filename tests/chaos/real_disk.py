#!/usr/bin/env python3
"""A real disk that is full, a few hundred kilobytes of memory, in place of calls that fail: publish keeps the edition,
serve charges nothing, discover sends nothing, and all go on once there is room.

Needs a mount namespace: root's, or one that the system lets a user make. Ends with 77, saying so, where there is none."""

import os
import subprocess
import sys

import scene

NOT_POSSIBLE = 77
ALLOWANCE = 1000
INSIDE = "BLINDBOOK_CHAOS_INSIDE"


class RealDisk(scene.Case):
    def setUp(self):
        super().setUp()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=640k,mode=700", "blindbook-chaos", self.path], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.path])

    def fill(self):
        """Until not a byte more has room."""
        with open(self.path / "filler", "ab", buffering=0) as filler:
            for size in (4096, 1):
                try:
                    while True:
                        filler.write(bytes(size))
                except OSError:
                    pass

    def make_room(self):
        (self.path / "filler").unlink()

    def assert_refused(self, run):
        self.assertEqual(run.code, 1, run)
        self.assertRegex(run.err, "(No space left on device|disk is full)\nblindbook: hint: make room on that disk, ")

    def test_all_stop_and_all_go_on(self):
        self.make_operator(initial=ALLOWANCE)
        self.write_contacts()
        token = self.token("alice")
        (self.path / "client").mkdir()
        serve = scene.Serve(self)
        discover = ("discover", "--server", serve.url, "--operator-key", "operator/public/operator.pub",
                    "--token-file", token, "--contacts", "contacts.vcf", "--format", "json")
        self.fill()
        self.assert_refused(self.blindbook(*self.publication))
        self.assert_refused(self.blindbook(*discover, "--state", "client/state"))
        self.assert_refused(self.blindbook("init", "--data", "another", "--operator", "Another", "--unsealed-key"))
        self.assertFalse((self.path / "another").exists())
        self.assertEqual((self.check_log(), self.public()["seq"]), (1, 1))
        # Without state nothing of the client needs the disk, and so the service is asked, whose ledger does.
        run = self.blindbook(*discover, "--no-state")
        self.assertEqual(run.code, 1, run)
        self.assertIn("the service is busy", run.err)

        self.make_room()
        self.assertEqual(self.ledger()[0], set())
        self.assert_no_leftovers("operator", "client")
        found = self.good(*discover, "--state", "client/state").json()
        self.assertEqual((len(found["matches"]), found["allowance_left"]), (5, ALLOWANCE - 64))
        self.publish()
        self.assertEqual((self.check_log(), self.public()["seq"]), (2, 2))
        serve.stop()


def main():
    if os.environ.get(INSIDE):
        return scene.main()
    namespace = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]
    probe = subprocess.run([*namespace, "mount", "-t", "tmpfs", "probe", "/mnt"], capture_output=True, text=True)
    if probe.returncode != 0:
        print(f"NOT RUN: this system gives no mount namespace: {probe.stderr.strip()}")
        return NOT_POSSIBLE
    return subprocess.run([*namespace, sys.executable, __file__], env={**os.environ, INSIDE: "1"}).returncode


if __name__ == "__main__":
    sys.exit(main())
