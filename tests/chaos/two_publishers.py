#!/usr/bin/env python3
"""Two publish at once: the second says that another is at it and ends with 2, and the first finishes."""

import subprocess

import scene


class TwoPublishers(scene.Case):
    def begin_to_publish(self):
        """A publication that holds on, for the end of its list has not come."""
        process = self.start("publish", "--data", "operator", "--subscribers", "-", stdin=subprocess.PIPE)
        rows = (self.path / "subscribers.csv").read_text().splitlines()
        # More than a pipe holds: once all is written, some of it is read, and so the publication is under way.
        process.stdin.write("".join(f"{row},{'-' * 10_000}\n" for row in rows))
        process.stdin.flush()
        return process

    def assert_locked(self):
        run = self.blindbook(*self.publication)
        self.assertEqual((run.code, run.out, run.err), (2, "", "blindbook: error: another publication is running\n"))
        self.assertEqual(self.public()["seq"], 1)

    def test_the_second_one_says_so_and_the_first_one_finishes(self):
        self.make_operator()
        first = self.begin_to_publish()
        self.assert_locked()
        ended = self.finish(first)
        self.assertEqual(ended.code, 0, ended)
        self.assertEqual(self.check_log(), 2)
        self.assertEqual((self.public()["seq"], self.public()["epochs"][0]["entries"]), (2, 20))
        self.publish()
        self.assertEqual(self.check_log(), 3)

    def test_one_that_was_killed_locks_nobody_out(self):
        self.make_operator()
        first = self.begin_to_publish()
        self.assert_locked()
        first.kill()
        self.assertEqual(self.finish(first).code, scene.KILLED)
        self.publish()
        self.assertEqual(self.check_log(), 2)


if __name__ == "__main__":
    scene.main()
