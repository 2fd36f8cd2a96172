#!/usr/bin/env python3
"""What may not be written: the program says what and whose help it needs, ends with 1, and leaves everything as it was.

Root may write anywhere, so the program runs as another user where root runs the tests."""

import hashlib
import os
import shutil
import stat
import subprocess

import scene

NOBODY = 65534


class ReadOnly(scene.Case):
    def setUp(self):
        super().setUp()
        self.make_operator()
        self.write_contacts()
        self.token_file = self.token("alice")

    def assert_refused(self, run, *names):
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.out, "")
        self.assertRegex(run.err, r"(Read-only file system|Permission denied|readonly database)\n"
                                  r"blindbook: hint: let the user who runs this write there\n$")
        for name in names:
            self.assertIn(name, run.err)

    def everything(self):
        """Name, mode and content of all that lies there."""
        return {str(path): (stat.S_IMODE(path.stat().st_mode), path.is_file() and hashlib.sha256(path.read_bytes()).digest())
                for path in self.path.rglob("*") if "state-home" not in path.parts}

    def check_every_command(self, serve, run, data):
        """`run` runs the program where `data`, and all else but the folder of `serve`, cannot be written."""
        before = self.everything()
        publish = ("publish", "--data", data, "--subscribers", "subscribers.csv")
        self.assert_refused(run(*publish), f"{data}/publish.lock")
        self.assert_refused(run("serve", "--data", data, "--listen", "127.0.0.1:0"), f"{data}/blindbook.db")
        self.assert_refused(run("init", "--data", "closed/new", "--operator", "New", "--unsealed-key"), "closed/new")
        discover = ("discover", "--server", serve.url, "--operator-key", "operator.pub", "--token-file", self.token_file,
                    "--contacts", "contacts.vcf")
        self.assert_refused(run(*discover, "--state", "closed/state"), "closed/state.lock")
        self.assert_refused(run(*discover, "--state", "closed/client/state"), "closed/client")
        self.assertEqual(self.everything(), before)
        self.assertEqual(self.ledger()[0], set())
        # What writes nothing works.
        self.assertEqual(run(*discover, "--no-state").code, 0)
        self.assertEqual(run("token", "--data", data, "--account", "alice").code, 0)

    def open_to_all(self):
        """The same folder, as `data`, that another user may read and nobody may write."""
        shutil.copy(self.path / "operator/public/operator.pub", self.path / "operator.pub")
        shutil.copytree(self.path / "operator", self.path / "data")
        (self.path / "data/publish.lock").unlink()
        (self.path / "closed").mkdir()

    def test_a_file_system_that_is_read_only(self):
        self.open_to_all()
        serve = scene.Serve(self)
        self.check_every_command(serve, lambda *words: self.blindbook(*words, environment=self.faults("read-only:1")), "data")
        serve.stop()

    def test_folders_that_another_user_may_only_read(self):
        self.open_to_all()
        serve = scene.Serve(self)
        as_user = {}
        program = self.program
        if os.getuid() == 0:
            # Key files are their owner's alone, so the folders become that user's; the program is brought to where it
            # can be run from.
            as_user = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
            program = shutil.copy(self.program, self.path / "blindbook")
            os.chmod(self.path, 0o755)
            for path in (self.path / "data").rglob("*"):
                os.chown(path, NOBODY, NOBODY)
            for path in (self.path / "data", self.path / "closed", self.path / self.token_file):
                os.chown(path, NOBODY, NOBODY)
        for path in (self.path / "data", self.path / "closed", *(self.path / "data").rglob("*")):
            os.chmod(path, 0o500 if path.is_dir() else 0o400)

        def run(*words):
            ended = subprocess.run([program, *words], cwd=self.path, env=self.environment, stdin=subprocess.DEVNULL,
                                   capture_output=True, text=True, **as_user)
            return scene.Run(words, ended.returncode, ended.stdout, ended.stderr)
        self.addCleanup(lambda: [os.chmod(path, 0o700) for path in (self.path / "data", self.path / "closed",
                                                                   *(self.path / "data").rglob("*"))])
        self.check_every_command(serve, run, "data")
        serve.stop()


if __name__ == "__main__":
    scene.main()
