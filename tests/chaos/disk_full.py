#!/usr/bin/env python3
"""The disk is full, from each call on that needs space: the program says so and ends with 1, nothing is half written,
nothing is charged that is not kept, and all goes on once there is room."""

import os
import shutil

import scene
from recording_proxy import RecordingProxy

ALLOWANCE = 1000


class DiskFull(scene.Case):
    def assert_refused(self, run):
        self.assertEqual(run.code, 1, run)
        self.assertEqual(run.out, "")
        # SQLite does not tell of each call that failed why.
        self.assertRegex(run.err, "(No space left on device|database or disk is full)\n"
                                  "blindbook: hint: make room on that disk, then do the same again\n$|"
                                  "blindbook: error: .*(database|blindbook.db).*\nblindbook: hint: is there room on that disk, .*\n$")

    def full_from_each_call(self, begin_again, words, check):
        """Runs `words` with less and less room to begin with, until there is enough."""
        number, refused = 0, 0
        while True:
            number += 1
            begin_again()
            (self.path / "calls").unlink(missing_ok=True)
            run = self.blindbook(*words(), environment=self.faults(f"full:{number}", log="calls"))
            calls = (self.path / "calls").read_text().splitlines()
            if len(calls) < number:
                self.assertEqual(run.code, 0, run)
                return refused
            with self.subTest(call=calls[number - 1]):
                refused += check(run)

    def test_init_removes_what_it_made(self):
        words = ("init", "--data", "operator", "--operator", "City of Example", "--unsealed-key", "--slot-dir", "slots",
                 "--root-key-out", "root.key")

        def begin_again():
            for folder in ("operator", "slots"):
                shutil.rmtree(self.path / folder, ignore_errors=True)
            (self.path / "root.key").unlink(missing_ok=True)

        def check(run):
            self.assert_refused(run)
            self.assertEqual([path.name for path in self.path.iterdir()], ["calls"])
            return 1
        self.assertGreater(self.full_from_each_call(begin_again, lambda: words, check), 20)

    def test_publish_leaves_one_whole_edition(self):
        self.make_operator()
        os.rename(self.path / "operator", self.path / "template")

        def begin_again():
            shutil.rmtree(self.path / "operator", ignore_errors=True)
            shutil.copytree(self.path / "template", self.path / "operator")

        def check(run):
            self.assert_refused(run)
            self.public()
            logged = self.check_log()
            self.assert_no_leftovers("operator")
            self.publish()
            self.assertEqual(self.check_log(), logged + 1)
            self.assertEqual(self.public()["seq"], logged + 1)
            return 1
        self.assertGreater(self.full_from_each_call(begin_again, lambda: self.publication, check), 8)

    def test_discover_sends_nothing_that_it_could_not_keep(self):
        self.make_operator(initial=ALLOWANCE)
        self.write_contacts()
        serve = scene.Serve(self)
        accounts = iter(range(1000))
        proxies = []

        def begin_again():
            shutil.rmtree(self.path / "client", ignore_errors=True)
            self.account = f"account-{next(accounts)}"
            self.token_file = self.token(self.account)

        def words():
            proxies.append(RecordingProxy("127.0.0.1", serve.port))
            return ("discover", "--server", f"http://127.0.0.1:{proxies[-1].port}", "--operator-key",
                    "operator/public/operator.pub", "--token-file", self.token_file, "--contacts", "contacts.vcf",
                    "--state", "client/state", "--format", "json")

        def check(run):
            proxies[-1].close()
            sent = scene.evaluate_requests(proxies[-1])
            self.assert_no_leftovers("client")
            if run.code == 0:
                self.assertEqual(len(run.json()["matches"]), 5)
                self.assertIn("blindbook: the directory was not kept for the next run: ", run.err)
            else:
                self.assert_refused(run)
            next = self.good(*words()).json()
            proxies[-1].close()
            again = scene.evaluate_requests(proxies[-1])
            self.assertEqual(len(next["matches"]), 5)
            # What was sent before was either stored with its answer or waits, to be sent again.
            self.assertTrue(not sent or sent[0] == again[0] or next["evaluated"] == 0)
            bodies = set(sent + again)
            self.assertEqual(ALLOWANCE - self.ledger()[1][self.account], sum(map(scene.batch_size_of, bodies)))
            return run.code
        self.assertGreater(self.full_from_each_call(begin_again, words, check), 8)
        begin_again()
        run = self.good(*[word if word != "--state" else "--no-state" for word in words() if word != "client/state"],
                        environment=self.faults("full:1"))
        self.assertEqual(len(run.json()["matches"]), 5)
        for proxy in proxies:
            proxy.close()
        serve.stop()

    def test_serve_charges_nothing_while_it_lasts_and_recovers(self):
        self.make_operator(initial=ALLOWANCE)
        self.write_contacts()
        full, calls = self.path / "full", self.path / "calls"
        number = 0
        while True:
            number += 1
            account = f"account-{number}"
            token_file = self.token(account)
            calls.unlink(missing_ok=True)
            serve = scene.Serve(self, environment=self.faults(f"full:{number}", log="calls", only_while="full"))
            words = ("discover", "--server", serve.url, "--operator-key", "operator/public/operator.pub",
                     "--token-file", token_file, "--contacts", "contacts.vcf", "--state", f"client-{number}/state",
                     "--format", "json")
            (self.path / f"client-{number}").mkdir()
            full.touch()
            run = self.blindbook(*words)
            full.unlink()
            made = calls.read_text().splitlines()
            if len(made) < number:
                self.assertEqual(run.code, 0, run)
                serve.stop()
                break
            with self.subTest(call=made[number - 1]):
                if run.code == 0:  # the disk filled when the charge was durable
                    self.assertEqual(self.ledger()[1][account], ALLOWANCE - 64)
                else:
                    self.assertEqual(run.code, 1, run)
                    self.assertIn("blindbook: error: the service ", run.err)
                    # Written and not made durable: it may be charged, as after a crash, but once.
                    if "fdatasync" not in made[number - 1]:
                        self.assertNotIn(account, self.ledger()[1])
                    self.assertIn('"rule":"ledger.storage"', serve.said())
                    next = self.good(*words).json()
                    self.assertEqual((next["disclosed"]["resumed"], len(next["matches"])), ([64], 5))
                    self.assertEqual(self.ledger()[1][account], ALLOWANCE - 64 - 16)
                serve.stop()
        self.assertGreater(number, 2)

    def test_output_that_nobody_takes_is_an_error_and_undoes_nothing(self):
        self.make_operator(initial=ALLOWANCE)
        self.write_contacts()
        serve = scene.Serve(self)
        discover = ("discover", "--server", serve.url, "--operator-key", "operator/public/operator.pub", "--token-file",
                    self.token("alice"), "--contacts", "contacts.vcf", "--format", "json")
        for words in (self.publication, discover, ("token", "--data", "operator", "--account", "alice"),
                      ("init", "--data", "another", "--operator", "Another", "--unsealed-key", "--root-key-out", "another.key")):
            with open("/dev/full", "w") as nowhere, self.subTest(words=words[0]):
                run = self.blindbook(*words, stdout=nowhere)
                self.assertEqual(run.code, 1, run)
                self.assertIn("blindbook: error: standard output did not take everything\nblindbook: hint: ", run.err)
        self.assertEqual(self.check_log(), 2)
        self.assertTrue((self.path / "another/config.json").exists())
        # What was paid for is kept: the numbers are known, and another batch of dummies is all it costs to ask again.
        next = self.good(*discover).json()
        self.assertEqual((next["evaluated"], len(next["matches"]), next["allowance_left"]), (0, 5, ALLOWANCE - 64 - 16))
        serve.stop()


if __name__ == "__main__":
    scene.main()
