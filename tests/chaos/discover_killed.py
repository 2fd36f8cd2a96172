#!/usr/bin/env python3
"""`discover` is killed, at each of its calls and while it waits for any byte: the next run opens the state, sends the same
request again, is charged once, and finds what an undisturbed run finds."""

import shutil

import scene
from recording_proxy import ANSWER, REQUEST, Fault, RecordingProxy


class DiscoverKilled(scene.Discovering):
    def begin_again(self, template=None):
        """Another account, and the state of the run before, if there was one."""
        self.take_another_account()
        shutil.rmtree(self.path / "client", ignore_errors=True)
        if template:
            shutil.copytree(self.path / template, self.path / "client")

    def words(self, proxy):
        return self.discover_words(f"http://127.0.0.1:{proxy.port}", "client/state")

    def proxy(self, *faults):
        return RecordingProxy("127.0.0.1", self.serve.port, faults)

    def undisturbed(self, template=None):
        self.begin_again(template)
        with self.proxy() as proxy:
            return self.good(*self.words(proxy)).json(), proxy

    def check_next_run(self, sent, wanted):
        """After a run that was killed and had sent `sent`."""
        with self.proxy() as proxy:
            next = self.good(*self.words(proxy)).json()
        self.assertEqual(next["matches"], wanted["matches"])
        again = scene.evaluate_requests(proxy)
        self.assertLessEqual(len(sent), 1)
        if sent and sent[0] not in again:
            self.assertEqual(next["evaluated"], 0, "what was sent is neither stored nor sent again")
        if next["disclosed"]["resumed"]:
            self.assertEqual(next["evaluated"], wanted["evaluated"])
            self.assertTrue(not sent or sent[0] == again[0], "another request was sent in place of the one that waits")
        bodies = set(sent + again)
        first = wanted["disclosed"]["batches"] * [wanted["disclosed"]["batch"]]
        self.assertIn(sorted(map(scene.batch_size_of, bodies)), (sorted(first), sorted([16, *first])))
        requests, levels = self.ledger()
        self.assertEqual({digest for account, digest in requests if account == self.account},
                         set(map(scene.digest_of, bodies)))
        self.assertEqual(self.allowance - levels[self.account], sum(map(scene.batch_size_of, bodies)))
        self.assertEqual(next["allowance_left"], levels[self.account])
        self.assert_no_leftovers("client")

    def kill_at_each_call(self, wanted, template=None):
        calls = []
        while call := self.kill_at_call("kill", len(calls) + 1, wanted, template):
            calls.append(call)
        self.assertGreater(len(calls), 30)
        for number, call in enumerate(calls, 1):
            if "write" in call:
                self.kill_at_call("tear", number, wanted, template)

    def kill_at_call(self, mode, number, wanted, template):
        """The call at which it was killed; None when it ended before."""
        self.begin_again(template)
        (self.path / "calls").unlink(missing_ok=True)
        with self.proxy() as proxy:
            run = self.blindbook(*self.words(proxy), environment=self.faults(f"{mode}:{number}", log="calls"))
        if run.code != scene.KILLED:
            self.assertEqual(run.code, 0, run)
            return None
        call = (self.path / "calls").read_text().splitlines()[-1]
        with self.subTest(mode=mode, call=call):
            self.check_next_run(scene.evaluate_requests(proxy), wanted)
        return call

    def test_at_each_call_of_a_first_run(self):
        wanted, _ = self.undisturbed()
        self.assertEqual((wanted["evaluated"], len(wanted["matches"])), (5, 5))
        self.kill_at_each_call(wanted)

    def test_at_each_call_of_a_run_that_meets_a_new_edition(self):
        self.undisturbed()
        shutil.copytree(self.path / "client", self.path / "template")
        self.serve.stop()
        self.publish()
        self.serve = scene.Serve(self)
        self.write_contacts(range(7))
        wanted, _ = self.undisturbed("template")
        self.assertEqual((wanted["evaluated"], len(wanted["matches"]), wanted["edition"]), (2, 7, 2))
        self.kill_at_each_call(wanted, "template")

    def test_while_it_waits_for_the_answer_it_is_charged_for(self):
        wanted, _ = self.undisturbed()
        self.kill_while_held(Fault("hold", ANSWER, "/v1/evaluate", 0), wanted, sent=1)

    def test_at_random_bytes_of_what_it_sends_and_receives(self):
        wanted, proxy = self.undisturbed()
        messages = [(direction, request.start_line.split()[1], message.size)
                    for connection in proxy.connections for request, answer in connection.exchanges
                    for direction, message in ((REQUEST, request), (ANSWER, answer))]
        self.assertEqual(len(messages), 6)
        for point in range(scene.POINTS):
            direction, path, size = self.random.choice(messages)
            after = self.random.randrange(size)
            with self.subTest(point=point, direction=direction, path=path, after=after):
                self.kill_while_held(Fault("hold", direction, path, after), wanted)

    def kill_while_held(self, fault, wanted, sent=None):
        self.begin_again()
        with self.proxy(fault) as proxy:
            process = self.start(*self.words(proxy))
            self.assertTrue(fault.wait_until_held())
            process.kill()
            self.assertEqual(self.finish(process).code, scene.KILLED)
            fault.release()
        requests = scene.evaluate_requests(proxy)
        if sent is not None:
            self.assertEqual(len(requests), sent)
        self.check_next_run(requests, wanted)


if __name__ == "__main__":
    scene.main()
