#!/usr/bin/env python3
"""`serve` is killed while it charges: what was answered is charged, what is sent again is charged once, and nothing else
is."""

import http.client
import threading
import time

import scene
from recording_proxy import REQUEST, Fault, RecordingProxy

ALLOWANCE = 4_000_000
ELEMENT = 32
HEAD = 24  # of a request: magic, version, suite, epoch, count


class Client:
    """An account that asks and, where there was no answer, asks the same again."""

    def __init__(self, account, token, make_request):
        self.account, self.token, self.make_request = account, token, make_request
        self.answered = {}  # (account, digest) -> batch size
        self.unanswered = None
        self.faults = []
        self.at_answer = lambda: None

    def key(self, body):
        return self.account, scene.digest_of(body)

    def waiting(self):
        return {self.key(self.unanswered): scene.batch_size_of(self.unanswered)} if self.unanswered else {}

    def ask(self, port, requests):
        """Asks what waits, and `requests` times more; stops when the service has gone."""
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        try:
            for _ in range(requests + (self.unanswered is not None)):
                self.unanswered = self.unanswered or self.make_request()
                connection.request("POST", "/v1/evaluate", self.unanswered,
                                   {"Content-Type": "application/octet-stream", "Authorization": f"Bearer {self.token}"})
                answer = connection.getresponse()
                body = answer.read()
                self.take(answer.status, body)
        except (OSError, http.client.HTTPException):
            pass  # killed; what waits is asked again
        finally:
            connection.close()

    def take(self, status, answer):
        key, size = self.key(self.unanswered), scene.batch_size_of(self.unanswered)
        if status != 200 or answer[5:21] != key[1][:16] or len(answer) != 25 + ELEMENT * size + 64:
            self.faults.append(f"answered with {status}: {answer[:200]}")
        self.answered[key] = size
        self.unanswered = None
        self.at_answer()


class ServeKilled(scene.Case):
    def setUp(self):
        super().setUp()
        self.make_operator(initial=ALLOWANCE)
        self.capture()

    def capture(self):
        """A request as a real client makes it, whose elements make any number of others."""
        self.write_contacts()
        token = self.token("captured")
        serve = scene.Serve(self)
        with RecordingProxy("127.0.0.1", serve.port, [Fault("cut", REQUEST, "/v1/evaluate", 0)]) as proxy:
            run = self.blindbook("discover", "--server", f"http://127.0.0.1:{proxy.port}", "--operator-key",
                                 "operator/public/operator.pub", "--token-file", token, "--contacts", "contacts.vcf")
            self.assertEqual(run.code, 1, run)
        serve.stop()
        [body] = scene.evaluate_requests(proxy)
        self.assertEqual(self.ledger()[0], set())
        self.head, elements = body[:HEAD - 2], body[HEAD:]
        self.elements = [elements[at:at + ELEMENT] for at in range(0, len(elements), ELEMENT)]
        self.assertEqual(len(self.elements), 64)

    def client(self, account, token=None):
        choice = scene.random.Random(self.random.random())

        def make_request():
            count = choice.choice((16, 64))
            return self.head + count.to_bytes(2, "big") + b"".join(choice.sample(self.elements, count))
        return Client(account, token or (self.path / self.token(account)).read_text().strip(), make_request)

    def check_after_the_kill(self, clients):
        """Charged is what was answered, perhaps what waits, and nothing else; and charged is what was taken."""
        answered, waiting = {}, {}
        for client in clients:
            self.assertEqual(client.faults, [])
            answered.update(client.answered)
            waiting.update(client.waiting())
        requests, _ = self.ledger()
        self.assertLessEqual(answered.keys(), requests)
        self.assertLessEqual(requests, answered.keys() | waiting.keys())
        self.assert_charged(ALLOWANCE, {key: size for key, size in {**answered, **waiting}.items() if key in requests})

    def check_at_the_end(self, clients):
        """Once everybody has an answer, exactly these are charged."""
        serve = scene.Serve(self)
        for client in clients:
            client.ask(serve.port, 0)
        serve.stop()
        self.assertEqual([client.unanswered for client in clients], [None] * len(clients))
        self.check_after_the_kill(clients)

    def test_at_random_moments_while_many_ask(self):
        clients = [self.client("alice"), self.client("bert"), self.client("carla")]
        clients.append(self.client("carla", clients[-1].token))  # two at a time on one account
        lost = 0
        for point in range(scene.POINTS):
            # After so many answers, and anywhere in what comes next.
            answers, moment = self.random.randrange(60), self.random.uniform(0, 0.02)
            with self.subTest(point=point, answers=answers, moment=moment):
                serve = scene.Serve(self)
                enough = threading.Semaphore(0)
                for client in clients:
                    client.at_answer = enough.release
                # No account asks more often than the service lets it.
                threads = [threading.Thread(target=client.ask, args=(serve.port, 25)) for client in clients]
                for thread in threads:
                    thread.start()
                for _ in range(answers):
                    enough.acquire()
                time.sleep(moment)
                serve.kill()
                for thread in threads:
                    thread.join()
                lost += sum(client.unanswered is not None for client in clients)
                self.check_after_the_kill(clients)
        print(f"{sum(len(client.answered) for client in clients)} requests answered, {lost} cut off")
        self.check_at_the_end(clients)

    def kill_at_each_call(self, act):
        """Lets the service charge once; then `act(serve, client)`, killed at another call each time."""
        for mode in ("kill", "tear"):
            number, ended = 0, False
            while not ended:
                number += 1
                client = self.client(f"{mode}-{number}")
                armed, calls = self.path / "armed", self.path / "calls"
                calls.unlink(missing_ok=True)
                serve = scene.Serve(self, environment=self.faults(f"{mode}:{number}", log="calls", only_while="armed"))
                client.ask(serve.port, 1)
                self.assertEqual(len(client.answered), 1)
                armed.touch()
                act(serve, client)
                ended = serve.process.poll() is None or serve.process.wait() == 0
                serve.kill()
                armed.unlink()
                with self.subTest(mode=mode, call=calls.read_text().splitlines()[-1]):
                    self.clients.append(client)
                    self.check_after_the_kill(self.clients)
                    self.check_at_the_end(self.clients)
            self.assertGreater(number, 5)

    def test_at_each_call_of_a_charge(self):
        self.clients = []

        def ask_again(serve, client):
            client.ask(serve.port, 1)
            if client.unanswered:
                serve.process.wait()
        self.kill_at_each_call(ask_again)

    def test_at_each_call_of_its_end(self):
        self.clients = []

        def end(serve, client):
            serve.process.terminate()
            serve.process.wait()
        self.kill_at_each_call(end)


if __name__ == "__main__":
    scene.main()
