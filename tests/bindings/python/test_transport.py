"""HTTP as the package speaks it, against servers that answer what they should not, or not at all."""

import socket
import threading
import unittest
from contextlib import contextmanager, suppress
from unittest import mock

import blindbook
from blindbook import BadInput, Http, Match, PeerMisbehaved, Spent, Unavailable
from blindbook import transport as transport_module

from city import NOW, listed, number
from device import Device
from test_client import TestCase

BOOK = tuple(number(index) for index in range(20))


@contextmanager
def answering(*answers):
    """A server that gives each connection the next of `answers`, whatever it asks; yields its address and the requests."""
    listener = socket.create_server(("127.0.0.1", 0))
    heard = []

    def serve():
        for answer in answers:
            with listener.accept()[0] as connection:
                request = b""
                while b"\r\n\r\n" not in request:
                    request += connection.recv(65536)
                head, _, body = request.partition(b"\r\n\r\n")
                size = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
                while len(body) < size:
                    body += connection.recv(65536)
                heard.append((head.decode(), body))
                connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", heard
    finally:
        thread.join()
        listener.close()


def http(status, body=b"", length=None):
    return b"HTTP/1.1 %d x\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body) if length is None else length, body)


class Exchanges(TestCase):
    def get(self, answer):
        out = bytearray()
        with answering(answer) as (url, _):
            return Http(url).get("/x", out.extend), bytes(out)

    def test_a_200_goes_to_the_sink_and_nothing_else_does(self):
        body = bytes(200_000)
        self.assertEqual(self.get(http(200, body)), (200, body))
        self.assertEqual(self.get(http(404, b"gone")), (404, b""))
        self.assertEqual(self.get(b"HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"), (302, b""))

    def test_a_body_without_a_length_ends_with_its_connection(self):
        self.assertEqual(self.get(b"HTTP/1.1 200 x\r\nConnection: close\r\n\r\nabc"), (200, b"abc"))

    def test_an_answer_that_is_cut_off_is_nobodys_fault(self):
        self.refused(Unavailable, "http.truncated", self.get, http(200, b"abc", length=10))
        self.refused(Unavailable, "http.truncated", self.get,
                     b"HTTP/1.1 200 x\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nabc")
        self.refused(Unavailable, "http.truncated", self.get, b"")

    def test_what_is_not_http_is_nobodys_fault(self):
        self.refused(Unavailable, "http.answer", self.get, b"SSH-2.0-OpenSSH\r\n\r\n")

    def test_no_answer_in_time(self):
        with socket.create_server(("127.0.0.1", 0)) as silent:
            address = f"http://127.0.0.1:{silent.getsockname()[1]}"
            self.refused(Unavailable, "http.timeout", Http(address, timeout=0.05).get, "/x", bytes)

    def test_no_connection(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        self.refused(Unavailable, "http.connect", Http(f"http://127.0.0.1:{port}").get, "/x", bytes)

    def test_a_server_that_speaks_no_tls(self):
        with answering_raw(b"HTTP/1.1 400 x\r\n\r\n") as port:
            self.refused(Unavailable, "http.tls", Http(f"https://127.0.0.1:{port}").get, "/x", bytes)

    def test_what_the_sink_raises_comes_through(self):
        def sink(_):
            raise BadInput("test.sink", "no")
        with answering(http(200, b"abc")) as (url, _):
            self.refused(BadInput, "test.sink", Http(url).get, "/x", sink)

    def test_a_post_carries_token_and_type(self):
        with answering(http(200, b"answer"), http(429, b"problem")) as (url, heard):
            self.assertEqual(Http(url).post("/v1/evaluate", b"body", "a.b.c"), (200, b"answer"))
            self.assertEqual(Http(url).post("/v1/evaluate", b"body", "a.b.c"), (429, b"problem"))
        head, body = heard[0]
        self.assertEqual((head.split("\r\n")[0], body), ("POST /v1/evaluate HTTP/1.1", b"body"))
        self.assertIn("\r\nAuthorization: Bearer a.b.c", head)
        self.assertIn("\r\nContent-Type: application/octet-stream", head)

    def test_an_answer_has_an_end(self):
        with mock.patch.object(transport_module, "_MAX_ANSWER", 10), answering(http(200, bytes(11))) as (url, _):
            self.refused(Unavailable, "http.too-long", Http(url).post, "/x", b"", "token")


@contextmanager
def answering_raw(answer):
    """Answers before it was asked, as a server of another protocol does."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener.accept()[0] as connection, suppress(ConnectionError):
            connection.sendall(answer)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join()
        listener.close()


class Addresses(TestCase):
    def test_what_is_no_address_is_bad_input(self):
        for url in ("city.example", "ftp://city.example", "https://", "https://city.example/path"):
            self.refused(BadInput, "http.url", Http, url)

    def test_plain_http_stays_on_this_machine(self):
        self.refused(BadInput, "usage.insecure-http", Http, "http://city.example")
        Http("http://city.example", insecure_http=True)
        for host in ("127.0.0.1:8080", "[::1]:8080", "localhost"):
            Http(f"http://{host}")


class InMemory:
    """A Transport over a device's service."""

    def __init__(self, device):
        self.device = device
        self.asked = []
        self.refusal = (200, b"")
        self.directory_status = 200

    def get(self, path, sink):
        self.asked.append(path)
        if path == "/v1/announcement":
            sink(self.device.announcement)
            return 200
        if self.directory_status == 200:
            sink(self.device.file)
        status, self.directory_status = self.directory_status, 200
        return status

    def post(self, path, body, token):
        self.asked.append(path)
        (status, problem), self.refusal = self.refusal, (200, b"")
        return (200, self.device.answer(body)) if status == 200 else (status, problem)


class Discoveries(TestCase):
    def setUp(self):
        self.device = Device([listed(0)], BOOK)
        self.transport = InMemory(self.device)
        self.saved = []

    def discover(self, **more):
        return blindbook.discover(self.device.client, self.device.token, self.transport, self.saved.append, now=NOW, **more)

    def refuse(self, status, body=b""):
        self.transport.refusal = (status, body)

    def test_a_run_is_driven_to_its_matches(self):
        told = []
        result = self.discover(progress=lambda done, total: told.append((done, total)))
        self.assertEqual(result.matches, [Match(number(0), None)])
        self.assertEqual(told[-1], (64, 64))
        self.assertEqual(self.transport.asked, ["/v1/announcement", "/v1/evaluate", self.device_path()])
        self.assertFalse(self.device.client.state_changed)

    def device_path(self):
        return f"/v1/directory/{self.device.epoch.hex()}/1"

    def test_the_state_is_saved_before_the_request_is_sent_and_at_the_end(self):
        order = []
        post = self.transport.post
        self.transport.post = lambda *arguments: order.append("sent") or post(*arguments)
        blindbook.discover(self.device.client, self.device.token, self.transport, lambda _: order.append("saved"), now=NOW)
        self.assertEqual(order, ["saved", "sent", "saved"])

    def test_what_cannot_be_saved_is_not_sent(self):
        def full(_):
            raise OSError("no space")
        with self.assertRaises(OSError):
            blindbook.discover(self.device.client, self.device.token, self.transport, full, now=NOW)
        self.assertNotIn("/v1/evaluate", self.transport.asked)

    def test_refusals_of_the_service_are_told_apart(self):
        for status, body, kind, rule in [(401, b"", BadInput, "service.token"), (503, b"", Unavailable, "service.busy"),
                                         (429, b'{"type":"urn:blindbook:problem:rate"}', Unavailable, "service.rate"),
                                         (429, b"no problem", Unavailable, "service.rate"),
                                         (429, b"[1]", Unavailable, "service.rate"),
                                         (500, b"", Unavailable, "service.status"),
                                         (429, b'{"type":"urn:blindbook:problem:allowance"}', Spent, "service.allowance")]:
            self.refuse(status, body)
            self.refused(kind, rule, self.discover)
        self.assertEqual(len(self.discover().matches), 1)

    def test_an_epoch_or_a_directory_that_has_gone_is_asked_for_again(self):
        self.refuse(410)
        self.assertEqual(len(self.discover().matches), 1)
        self.transport.directory_status = 404
        self.assertEqual(len(self.discover().matches), 1)
        self.transport.directory_status = 500
        self.refused(Unavailable, "service.status", self.discover)

    def test_an_endless_announcement_has_an_end(self):
        def endless(path, sink):
            while True:
                sink(bytes(65536))
        self.transport.get = endless
        self.refused(Unavailable, "http.too-long", self.discover)

    def test_a_state_with_an_answer_is_saved_though_the_directory_fails(self):
        self.device.file = self.device.file[:-1] + b"\xff"
        self.refused(PeerMisbehaved, "directory.body", self.discover)
        self.assertEqual(len(self.saved), 2)


if __name__ == "__main__":
    unittest.main()
