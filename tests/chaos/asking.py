"""What the drivers share that ask a service by hand: requests as a real client makes them, clients that send each again
until it is answered, and what the ledger may hold of them.
"""

import http.client
import json
import sys
import threading
import time

import scene
from ledgers import chosen_ledger
from recording_proxy import REQUEST, Fault, RecordingProxy

sys.dont_write_bytecode = True  # beside the sources of a package
sys.path.insert(0, str(scene.ROOT / "protocol/bindings/python"))
import blindbook  # noqa: E402  (it needs that path)
from blindbook.issuer import make_issuer  # noqa: E402

ALLOWANCE = 4_000_000
ELEMENT = 32
HEAD = 24  # of a request: magic, version, suite, epoch, count
ANSWER_HEAD = 25
PROOF = 64


class Client:
    """An account that asks and, where there was no answer, asks the same again."""

    def __init__(self, account, token, make_request):
        self.account, self.token, self.make_request = account, token, make_request
        self.answered = {}  # (account, digest) -> batch size
        self.unanswered = None
        self.faults = []
        self.at_answer = lambda: None
        self._connection = None

    def key(self, body):
        return self.account, scene.digest_of(body)

    def waiting(self):
        return {self.key(self.unanswered): scene.batch_size_of(self.unanswered)} if self.unanswered else {}

    def ask(self, port, requests):
        """Asks what waits, and `requests` times more; stops when the service has gone."""
        for _ in range(requests + (self.unanswered is not None)):
            if not self.try_at(("127.0.0.1", port)):
                break
        self.hang_up()

    def ask_among(self, workers, first, sends, ended, pause=0.005, timeout=60):
        """Sends to one of `workers`, first to that, and `pause` after each failure to the next, until it did so `sends` times or
        has `ended`. Workers may be put in others' places meanwhile."""
        at = first
        while sends > 0 and not ended.is_set():
            worker = workers[at % len(workers)]
            answered = self.try_at((worker.address, worker.port), timeout)
            sends -= answered or worker.process.poll() is None  # it may have taken what it did not answer
            if not answered:
                at += 1
                time.sleep(pause)
        self.hang_up()

    def ask_until_answered(self, workers, pause=0.1):
        """Sends what waits, if anything does, for a minute at most, first to one of `workers` and then to another."""
        until = time.monotonic() + 60
        at = 0
        while self.unanswered and time.monotonic() < until:
            worker = workers[at % len(workers)]
            if not self.try_at((worker.address, worker.port)):
                at += 1
                time.sleep(pause)
        self.hang_up()

    def try_at(self, address, timeout=60):
        """Whether what waits, or else something new, was answered there."""
        self.unanswered = self.unanswered or self.make_request()
        try:
            if self._connection is None or (self._connection.host, self._connection.port) != address:
                self.hang_up()
                self._connection = http.client.HTTPConnection(*address, timeout=timeout)
            self._connection.request("POST", "/v1/evaluate", self.unanswered,
                                     {"Content-Type": "application/octet-stream", "Authorization": f"Bearer {self.token}"})
            answer = self._connection.getresponse()
            return self.take(answer.status, answer.read())
        except (OSError, http.client.HTTPException):
            self.hang_up()  # killed or cut off; what waits is asked again
            return False

    def hang_up(self):
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def take(self, status, answer):
        if status == 503:  # charged nothing, or cannot tell
            return False
        key, size = self.key(self.unanswered), scene.batch_size_of(self.unanswered)
        if status != 200 or answer[5:21] != key[1][:16] or len(answer) != ANSWER_HEAD + ELEMENT * size + PROOF:
            self.faults.append(f"answered with {status}: {answer[:200]}")
        self.answered[key] = size
        self.unanswered = None
        self.at_answer()
        return True


class Messenger:
    """An issuer that the operator knows. It makes a token in no time, where a run of `blindbook token` takes its own."""

    def __init__(self, case):
        self._operator = case.blindbook("status", "--data", "operator", "--format", "json").json()["fingerprint"]
        self._entry = make_issuer(case.path / "messenger.issuer", "messenger", self._operator)
        self._key = bytes.fromhex(json.loads((case.path / "messenger.issuer").read_text())["key"])
        file = case.path / "operator/config.json"
        config = json.loads(file.read_text())
        config["issuers"].append(self._entry)
        file.write_text(json.dumps(config))

    def token(self, account):
        return blindbook.mint_token(self._key, issuer="messenger", kid=self._entry["kid"], audience=self._operator,
                                    account=account, issued_at=int(time.time()), life=86400)


class AskingCase(scene.Case):
    """An operator, the ledger that the environment chooses, and clients."""

    def setUp(self):
        super().setUp()
        self.make_operator(initial=ALLOWANCE)
        self.messenger = Messenger(self)
        self.capture()
        self.kept = self.make_ledger()
        if words := self.kept.words():
            scene.Serve(self, words=words).stop()  # the services after it have the same ledger

    def make_ledger(self):
        return chosen_ledger(self)

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

    def request_of(self, choice, count):
        """One of `count` elements, by that random choice."""
        return self.head + count.to_bytes(2, "big") + b"".join(choice.sample(self.elements, count))

    def client(self, account, token=None, seed=None):
        """Clients of one seed send the same requests, one after the other."""
        choice = scene.random.Random(seed or self.random.random())
        return Client(account, token or self.messenger.token(account),
                      lambda: self.request_of(choice, choice.choice((16, 64))))

    def twins(self, account):
        """Two clients of one account that send the same requests."""
        first = self.client(account, seed=(seed := self.random.random()))
        return first, self.client(account, first.token, seed)

    def chains(self, name, length):
        """Six chains of so many clients each, of whom four are twins in two pairs; at an even place those that begin at the first
        worker."""
        alone = [[self.client(f"{name}-{chain}-{n}") for n in range(length)] for chain in range(2)]
        pairs = [list(zip(*(self.twins(f"{name}-{chain}-{n}") for n in range(length)))) for chain in range(2, 4)]
        return [*alone, *(chain for pair in pairs for chain in pair)]

    def check_after_the_kill(self, clients):
        """Charged is what was answered, perhaps what waits, and nothing else; and charged is what was taken."""
        answered, waiting = {}, {}
        for client in clients:
            self.assertEqual(client.faults, [])
            answered.update(client.answered)
            waiting.update(client.waiting())
        held = self.kept.holdings()
        self.assertLessEqual(answered.keys(), held.requests.keys(), "what was answered is not charged")
        self.assertLessEqual(held.requests.keys(), answered.keys() | waiting.keys(), "what nobody sent is charged")
        charged = {}
        for account, digest in held.requests:
            charged[account] = charged.get(account, 0) + {**waiting, **answered}[account, digest]
        self.assertEqual({account: ALLOWANCE - level for account, level in held.levels.items()}, charged)
        self.assertEqual(held.spent, charged)
        self.assertEqual(held.total, sum(charged.values()))
        return held

    def check_at_the_end(self, clients):
        serve = scene.Serve(self)
        for client in clients:
            client.ask(serve.port, 0)
        serve.stop()
        self.check_everybody_answered(clients)

    def check_everybody_answered(self, clients):
        """Once everybody has an answer, exactly these are charged."""
        self.assertEqual([client.unanswered for client in clients], [None] * len(clients))
        held = self.check_after_the_kill(clients)
        self.assertEqual(held.requests.keys(), {key for client in clients for key in client.answered})


class Load:
    """Threads in which clients ask, and a count of their answers."""

    def __init__(self, chains, ask):
        """`ask(client)` is called for the clients of a chain one after the other, in a thread of each chain."""
        self._answers = threading.Semaphore(0)
        for client in (client for chain in chains for client in chain):
            client.at_answer = self._answers.release
        self._threads = [threading.Thread(target=lambda chain=chain: [ask(client) for client in chain]) for chain in chains]
        for thread in self._threads:
            thread.start()

    def wait_for(self, answers, patience=120):
        """Until there were so many more answers than those waited for before."""
        until = time.monotonic() + patience
        for _ in range(answers):
            if not self._answers.acquire(timeout=max(0, until - time.monotonic())):
                raise AssertionError(f"the answers do not come within {patience} seconds")

    def wait_for_new(self, answers):
        """Until so many were answered from now on."""
        while self._answers.acquire(blocking=False):
            pass
        self.wait_for(answers)

    def finish(self):
        for thread in self._threads:
            thread.join()
