#!/usr/bin/env python3
"""Requests that are sent again, twice to nine times each, to two workers on one ledger and many at a time: each is charged once.

1,000 of them; 100,000 where there are 200 random points, or as many as BLINDBOOK_CHAOS_RETRIED says.
"""

import hashlib
import os
import queue
import socket
import threading
import time

import scene
from asking import ALLOWANCE, ANSWER_HEAD, ELEMENT, AskingCase

COUNT = int(os.environ.get("BLINDBOOK_CHAOS_RETRIED") or (100_000 if scene.POINTS >= 200 else 1_000))
SIZE = 16
# How often an account's requests are sent, 84 times in all: a worker lets an account ask 60 times an hour.
SENDS = [2] * 30 + [3] * 5 + [9]
THREADS = 16
CUT = 0.1  # of the sends whose answer nobody waits for


class Line:
    """A connection to a worker. http.client is ten times slower, and this is to keep two workers busy."""

    def __init__(self, port):
        self.port = port
        self.socket = None

    def send(self, token, body):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=120)
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(f"POST /v1/evaluate HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: "
                            f"application/octet-stream\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    def answer(self):
        """Status and body."""
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        fields = got[:end].decode().lower().split("\r\n")
        [length] = [int(line.split(":")[1]) for line in fields if line.startswith("content-length:")]
        while len(got) < end + 4 + length:
            got += self._more()
        if "connection: close" in fields:
            self.cut()
        return int(fields[0].split()[1]), got[end + 4:]

    def _more(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the worker hung up")
        return data

    def cut(self):
        if self.socket is not None:
            self.socket.close()
            self.socket = None


class Request:
    """One request, and what became of its sends."""

    def __init__(self, account, token, body):
        self.account, self.token, self.body = account, token, body
        self.digest = scene.digest_of(body)
        self.sent = self.answered = 0
        self.evaluated = None


class Retried(AskingCase):
    def setUp(self):
        super().setUp()
        self.lock = threading.Lock()
        self.faults = []

    def plan(self):
        """Sends, [(request, worker, whether to wait for the answer)], in the order in which they begin: those of one request
        follow one another, so that several are under way at the same time, or come long after."""
        sends, requests, accounts = [], [], 0
        while len(requests) < COUNT:
            accounts += 1
            account = f"account-{accounts}"
            token = self.messenger.token(account)
            of_account = []
            for times in self.random.sample(SENDS, min(len(SENDS), COUNT - len(requests))):
                request = Request(account, token, self.request_of(self.random, SIZE))
                requests.append(request)
                # The last one waits, so that everybody is answered at least once.
                of_account.append([(request, self.random.random() >= CUT or time == times - 1) for time in range(times)])
            at_once, later = of_account[::2], of_account[1::2]
            mixed = [send for group in at_once for send in group]
            for send in (send for group in later for send in group):
                mixed.insert(self.random.randrange(len(mixed) + 1), send)
            sends += [(request, number % 2, waits) for number, (request, waits) in enumerate(mixed)]
        return requests, sends

    def work(self, ports, sends):
        lines = [Line(port) for port in ports]
        try:
            while True:
                request, worker, waits = sends.get_nowait()
                self.send(lines[worker], request, waits)
        except queue.Empty:
            pass
        except Exception as error:  # shown at the end
            self.faults.append(repr(error))
        for line in lines:
            line.cut()

    def send(self, line, request, waits):
        line.send(request.token, request.body)
        with self.lock:
            request.sent += 1
        if not waits:
            line.cut()
            return
        status, answer = line.answer()
        if status != 200 or answer[5:21] != request.digest[:16]:
            self.faults.append(f"answered with {status}: {answer[:200]}")
            return
        evaluated = hashlib.sha256(answer[ANSWER_HEAD:ANSWER_HEAD + SIZE * ELEMENT]).digest()
        with self.lock:
            request.answered += 1
            if request.evaluated not in (None, evaluated):
                self.faults.append("the same request was evaluated differently")
            request.evaluated = evaluated

    def test_each_is_charged_once(self):
        requests, planned = self.plan()
        sends = queue.SimpleQueue()
        for send in planned:
            sends.put(send)
        workers = [scene.Serve(self), scene.Serve(self)]
        begun = time.monotonic()
        threads = [threading.Thread(target=self.work, args=([worker.port for worker in workers], sends)) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        took = time.monotonic() - begun
        self.assertEqual(self.faults[:10], [])
        self.check_that_nine_are_enough(workers, next(request for request in requests if request.sent == max(SENDS)))
        for worker in workers:
            worker.stop()
        self.check(requests)
        print(f"{len(requests)} requests sent {len(planned)} times, {sum(not waits for _, _, waits in planned)} of them cut off, "
              f"in {took:.0f} seconds", flush=True)

    def check_that_nine_are_enough(self, workers, request):
        """Sent until it is refused, it stays charged once."""
        line = Line(workers[0].port)
        while request.sent < 2 * max(SENDS):  # of those that were cut off not each may have been counted
            line.send(request.token, request.body)
            request.sent += 1
            status, answer = line.answer()
            if status != 200:
                break
        line.cut()
        self.assertEqual((status, b"retries" in answer), (429, True), answer)

    def check(self, requests):
        held = self.kept.holdings()
        self.assertEqual(held.requests.keys(), {(request.account, request.digest) for request in requests})
        charged = {}
        for request in requests:
            charged[request.account] = charged.get(request.account, 0) + SIZE
            again = held.requests[request.account, request.digest]
            self.assertGreaterEqual(again, request.answered - 1)
            self.assertLess(again, request.sent)
        self.assertEqual(held.spent, charged)
        self.assertEqual({account: ALLOWANCE - level for account, level in held.levels.items()}, charged)
        self.assertEqual(held.total, SIZE * len(requests))


if __name__ == "__main__":
    scene.main()
