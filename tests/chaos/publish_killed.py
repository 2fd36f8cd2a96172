#!/usr/bin/env python3
"""`publish` is killed, at each of its calls and at random moments: one whole edition stands and is served, and the next
publication goes on from there."""

import os
import shutil
import subprocess
import threading
import time

import scene


class Reader:
    """Fetches what is announced, again and again, and looks whether it is one edition."""

    def __init__(self, serve):
        self.serve, self.faults, self.editions, self.ends = serve, [], set(), threading.Event()
        self.thread = threading.Thread(target=self.read)
        self.thread.start()

    def read(self):
        try:
            self.editions.add(served_edition(self.serve))
            while not self.ends.wait(0.01):  # leaves the others some of the processor
                self.editions.add(served_edition(self.serve))
        except Exception as error:  # shown by finish()
            self.faults.append(repr(error))

    def finish(self):
        self.ends.set()
        self.thread.join()


def served_edition(serve):
    """The edition that clients get. A client may meet a switch between its two requests, and asks again at most 3
    times."""
    for _ in range(4):
        status, object = scene.fetch(serve.port, "/v1/announcement")
        assert status == 200, status
        [epoch] = scene.announced(object)["epochs"]
        status, directory = scene.fetch(serve.port, f"/v1/directory/{epoch['id']}/{epoch['edition']}")
        if status == 200:
            assert scene.hashlib.sha256(directory).hexdigest() == epoch["root"], "not the announced directory"
            return epoch["edition"]
        assert status in (404, 410), status
    raise AssertionError("the edition went away 4 times")


class PublishKilled(scene.Case):
    def check_what_it_left(self):
        """One whole edition, or none where none was before; the service starts with it, and the next publication has no
        trouble."""
        logged = self.check_log()
        before = self.public()
        if before:
            serve = scene.Serve(self)
            self.assertEqual(served_edition(serve), before["epochs"][0]["edition"])
            serve.stop()
        self.publish()
        self.assertEqual(self.check_log(), logged + 1)
        after = self.public()
        self.assertEqual(after["seq"], logged + 1)
        if before:
            self.assertGreater(after["epochs"][0]["edition"], before["epochs"][0]["edition"])
        self.assert_no_leftovers("operator")
        directories = list((self.path / "operator/public/directory").rglob("*.bbd"))
        self.assertEqual([file.stem for file in directories], [str(after["epochs"][0]["edition"])])

    def kill_at_each_call(self, template, **where):
        """Publishes in copies of `template`, each killed at another call; `where` is more of the environment."""
        def begin_again():
            shutil.rmtree(self.path / "operator", ignore_errors=True)
            shutil.copytree(self.path / template, self.path / "operator")
        begin_again()
        calls = self.calls_of("kill", *self.publication, **where)
        self.assertGreater(len(calls), 10)
        for mode in ("kill", "tear"):
            for number, (name, object) in enumerate(calls, 1):
                if mode == "tear" and "write" not in name:
                    continue
                with self.subTest(mode=mode, call=number, name=name, object=object):
                    begin_again()
                    run = self.blindbook(*self.publication, environment={**self.faults(f"{mode}:{number}"), **where})
                    self.assertEqual(run.code, scene.KILLED, run)
                    self.check_what_it_left()

    def test_at_each_call_of_a_later_publication(self):
        self.make_operator()
        os.rename(self.path / "operator", self.path / "template")
        self.kill_at_each_call("template")

    def test_at_each_call_where_every_file_has_a_name(self):
        self.make_operator()
        os.rename(self.path / "operator", self.path / "template")
        self.kill_at_each_call("template", CALL_FAULTS_NAMED="1")

    def test_at_each_call_of_the_first_publication(self):
        self.make_operator()
        self.good("init", "--data", "template", "--operator", "City of Example", "--unsealed-key",
                  "--root-key-out", "template.key")
        self.kill_at_each_call("template")

    def test_at_each_call_where_the_public_folder_was_lost(self):
        self.make_operator()
        os.rename(self.path / "operator", self.path / "template")
        shutil.rmtree(self.path / "template/public")
        self.kill_at_each_call("template")

    def test_at_random_moments_while_clients_fetch(self):
        with open(self.path / "subscribers.csv", "w") as list:
            subprocess.run([os.environ["MAKE_SUBSCRIBERS"], "8000"], stdout=list, check=True)
        self.make_operator()
        begin = time.monotonic()
        self.publish()
        whole = time.monotonic() - begin
        self.write_contacts()
        serve = scene.Serve(self)
        for point in range(scene.POINTS):
            moment = self.random.uniform(0, whole * 1.1)
            if point % 40 == 0:  # a service takes 60 requests an hour from an account
                token = self.token(f"alice-{point}")
            with self.subTest(point=point, moment=moment):
                reader = Reader(serve)
                try:
                    process = self.start(*self.publication)
                    time.sleep(moment)
                    process.kill()
                    self.finish(process)
                    self.public()
                    self.check_log()
                finally:
                    reader.finish()
                self.assertEqual(reader.faults, [])
                run = self.good("discover", "--server", serve.url, "--operator-key", "operator/public/operator.pub",
                                "--token-file", token, "--contacts", "contacts.vcf", "--format", "json")
                self.assertIn(run.json()["chain"], ("first", "same", "next", "logged"))
        serve.stop()
        self.check_what_it_left()


if __name__ == "__main__":
    scene.main()
