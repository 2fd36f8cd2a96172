#!/usr/bin/env python3
"""`epoch rotate`, `epoch rotate --emergency`, `epoch end` and `erase` are killed, at calls drawn at random: whole editions of one
announcement stand and are served, and the next publication goes on from there."""

import hashlib
import shutil

import scene

ERASED = "+493023125007"


class EpochKilled(scene.Case):
    def setUp(self):
        super().setUp()
        self.write_subscribers(20)
        self.good("init", "--data", "operator", "--operator", "City of Example", "--unsealed-key", "--root-key-out", "root.key")
        self.publish()
        (self.path / "number").write_text(ERASED + "\n")

    def keep_as_template(self):
        shutil.move(self.path / "operator", self.path / "template")

    def begin_again(self):
        shutil.rmtree(self.path / "operator", ignore_errors=True)
        shutil.copytree(self.path / "template", self.path / "operator")

    def whole_edition(self, file, read_directory):
        """As every announced epoch: the next one may have no edition yet."""
        announcement = scene.announced(file.read_bytes())
        for epoch in announcement["epochs"]:
            if epoch["edition"] != 0:
                directory = read_directory(epoch["id"], epoch["edition"])
                self.assertEqual((len(directory), hashlib.sha256(directory).hexdigest()), (epoch["size"], epoch["root"]))
        return announcement

    def run_killed(self, words, number, stdin):
        with open(self.path / "number") as text:
            return self.blindbook(*words, environment=self.faults(f"kill:{number}"), stdin=text if stdin else scene.subprocess.DEVNULL)

    def check_what_it_left(self):
        self.check_log()
        before = self.public()
        serve = scene.Serve(self)
        status, object = scene.fetch(serve.port, "/v1/announcement")
        self.assertEqual((status, scene.announced(object)["seq"]), (200, before["seq"]))
        for epoch in before["epochs"]:
            if epoch["edition"] != 0:
                status, directory = scene.fetch(serve.port, f"/v1/directory/{epoch['id']}/{epoch['edition']}")
                self.assertEqual((status, hashlib.sha256(directory).hexdigest()), (200, epoch["root"]))
        serve.stop()
        self.publish()
        self.check_log()
        after = self.public()
        self.assertGreater(after["seq"], before["seq"])
        self.assert_no_leftovers("operator")
        # What lies there is what clients are told of, and each key is of an epoch that they are told of.
        told = {epoch["id"] for epoch in after["epochs"]}
        for folder in ("public/directory", "public/patch", "cache", "erased"):
            self.assertLessEqual({path.stem for path in (self.path / "operator" / folder).glob("*")}, told, folder)
        keys = {path.name[:32] for path in (self.path / "operator/keys").glob("*.key") if len(path.name) >= 36}
        self.assertEqual(keys, told)
        return after

    def kill_at_random_calls(self, *words, stdin=False, check=None):
        self.keep_as_template()
        self.begin_again()
        with open(self.path / "number") as text:
            log = self.path / "calls"
            self.good(*words, environment=self.faults("kill:1000000000", log="calls"), stdin=text if stdin else scene.subprocess.DEVNULL)
        calls = log.read_text().splitlines()
        self.assertGreater(len(calls), 5)
        for point in range(scene.POINTS):
            number = self.random.randrange(1, len(calls) + 1)
            with self.subTest(point=point, call=number, name=calls[number - 1]):
                self.begin_again()
                run = self.run_killed(words, number, stdin)
                self.assertEqual(run.code, scene.KILLED, run)
                after = self.check_what_it_left()
                if check:
                    check(after)

    def test_emergency_rotation(self):
        self.kill_at_random_calls("epoch", "rotate", "--emergency", "--data", "operator", "--subscribers", "subscribers.csv")

    def test_announcing_the_next_epoch(self):
        self.kill_at_random_calls("epoch", "announce", "--data", "operator")

    def test_ending_an_epoch_before_its_time(self):
        self.good("epoch", "announce", "--data", "operator")
        next_epoch = self.public()["epochs"][-1]["id"]
        self.kill_at_random_calls("epoch", "end", "--epoch", next_epoch, "--data", "operator")

    def test_erasing_a_number(self):
        def whole_or_without(after):
            # Once more, it is out: a crash may not have kept it in for good, nor lost others with it.
            with open(self.path / "number") as text:
                self.good("erase", "--data", "operator", stdin=text)
            self.assertEqual([epoch["entries"] for epoch in self.public()["epochs"]], [19])
        self.kill_at_random_calls("erase", "--data", "operator", stdin=True, check=whole_or_without)


if __name__ == "__main__":
    scene.main()
