#!/usr/bin/env python3
"""Two workers on one ledger are killed at random moments, together or one after the other, while many ask both, and some
the same of both: what was answered is charged, each request once, and nothing else is."""

import threading
import time

import scene
from asking import AskingCase, Load

SENDS = 24  # of a client at each point: the service lets an account ask 60 times an hour, and twins are one


class WorkersKilled(AskingCase):
    def test_at_random_moments_while_many_ask_both(self):
        clients = [self.client("alice"), self.client("bert"), *self.twins("carla"), *self.twins("dora")]
        begin_at = dict(zip(clients, (0, 1, 0, 1, 1, 0)))  # each of twins at another worker
        kills = lost = 0
        for point in range(scene.POINTS):
            # After so many answers, and anywhere in what comes next.
            answers, more = self.random.randrange(80), self.random.choice((0, 0, self.random.randrange(20)))
            moments = [self.random.uniform(0, 0.02), self.random.choice((0, self.random.uniform(0, 0.02)))]
            starts_again = self.random.random() < 0.3
            with self.subTest(point=point, answers=answers, more=more, moments=moments, starts_again=starts_again):
                workers, ended = [scene.Serve(self), scene.Serve(self)], threading.Event()
                load = Load([[client] for client in clients], lambda client: client.ask_among(workers, begin_at[client], SENDS, ended))
                try:
                    load.wait_for(answers)
                    time.sleep(moments[0])
                    first = self.random.randrange(2)
                    workers[first].kill()
                    kills += 1
                    if starts_again:
                        workers[first] = scene.Serve(self)
                    load.wait_for(more)
                    time.sleep(moments[1])
                finally:
                    for worker in workers:
                        if worker.process.poll() is None:
                            worker.kill()
                            kills += 1
                    ended.set()
                    load.finish()
                lost += sum(client.unanswered is not None for client in clients)
                self.check_after_the_kill(clients)
        distinct = {key for client in clients for key in client.answered}
        print(f"{kills} kills; {len(distinct)} requests answered, {lost} cut off and sent again", flush=True)
        self.check_at_the_end(clients)


if __name__ == "__main__":
    scene.main()
