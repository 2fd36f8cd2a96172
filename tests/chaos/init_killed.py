#!/usr/bin/env python3
"""`init` is killed at each of its calls: the next one says what is there and how to go on, and what it says works."""

import re
import shutil

import scene


class InitKilled(scene.Case):
    def init(self, *protection, root_key="root.key", environment=None):
        return self.blindbook("init", "--data", "operator", "--operator", "City of Example", "--slot-dir", "slots",
                              "--root-key-out", root_key, *protection, environment=environment)

    def begin_again(self):
        for name in ("operator", "slots"):
            shutil.rmtree(self.path / name, ignore_errors=True)
        for key in self.path.glob("*.key"):
            key.unlink()

    def calls(self, *protection, **where):
        log = self.path / "calls"
        log.unlink(missing_ok=True)
        self.begin_again()
        run = self.init(*protection, environment={**self.faults("kill:1000000000", log="calls"), **where})
        self.assertEqual(run.code, 0, run)
        return log.read_text().splitlines()

    def kill(self, mode, number, *protection, **where):
        self.begin_again()
        run = self.init(*protection, environment={**self.faults(f"{mode}:{number}"), **where})
        self.assertEqual(run.code, scene.KILLED, run)
        self.go_on(*protection)

    def go_on(self, *protection):
        """Does what it is told until there is an operator's folder."""
        root_key = "root.key"
        whole = (self.path / "operator/config.json").exists()
        for _ in range(3):
            run = self.init(*protection, root_key=root_key)
            if run.code == 0 or whole:
                break
            self.assertEqual(run.code, 2, run)
            if "hint: name a new file for the root key" in run.err:
                self.assertTrue((self.path / root_key).exists())
                root_key = "another.key"
                continue
            self.assertIn("operator is what a run that was cut off has left of it", run.err)
            [folder] = re.findall(r"hint: nothing was published with it: remove (\S+) and do the same again", run.err)
            self.assertEqual(folder, "operator")
            shutil.rmtree(self.path / folder)
        if whole:  # killed when everything was done
            self.assertEqual(run.code, 2, run)
        else:
            self.assertEqual(run.code, 0, run)
        self.assert_no_leftovers("operator")

    def use(self, *protection):
        self.write_subscribers(20)
        self.good(*self.publication, *protection)
        self.assertEqual(self.check_log(), 1)
        self.public()

    def test_at_each_call(self):
        calls = self.calls("--unsealed-key")
        self.assertGreater(len(calls), 30)
        for number, call in enumerate(calls, 1):
            for mode in ("kill", "tear") if "write" in call else ("kill",):
                with self.subTest(mode=mode, call=call):
                    self.kill(mode, number, "--unsealed-key")
        self.use()

    def test_at_random_calls_where_keys_are_sealed(self):
        # Not at each: every run pays for scrypt.
        (self.path / "passphrase").touch(mode=0o600)
        (self.path / "passphrase").write_text("correct horse battery staple\n")
        calls = self.calls("--passphrase-file", "passphrase", CALL_FAULTS_NAMED="1")
        for number in self.random.sample(range(1, len(calls) + 1), min(len(calls), scene.POINTS // 3)):
            with self.subTest(call=calls[number - 1]):
                self.kill("kill", number, "--passphrase-file", "passphrase", CALL_FAULTS_NAMED="1")
                self.use("--passphrase-file", "passphrase")


if __name__ == "__main__":
    scene.main()
