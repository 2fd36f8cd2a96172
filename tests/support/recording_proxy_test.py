#!/usr/bin/env python3
"""recording_proxy.py against a service and a client that know each byte they sent."""
import http.client
import http.server
import socket
import threading
import unittest

from recording_proxy import ANSWER, REQUEST, Fault, RecordingProxy

BODY = bytes(range(256)) * 1000


class Service(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    arrived = []

    def do_POST(self):
        self.arrived.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *ignored):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *ignored):
        pass  # its client was cut off


def read_all(client):
    out = b""
    while data := client.recv(65536):
        out += data
    return out


class RecordingProxyTest(unittest.TestCase):
    def setUp(self):
        Service.arrived = []
        self.service = Server(("127.0.0.1", 0), Service)
        threading.Thread(target=self.service.serve_forever, args=(0.01,), daemon=True).start()

    def tearDown(self):
        self.service.shutdown()
        self.service.server_close()

    def proxy(self, *faults):
        return RecordingProxy("127.0.0.1", self.service.server_port, [Fault.parse(fault) for fault in faults])

    def ask(self, connection, body):
        connection.request("POST", "/path", body)
        return connection.getresponse().read()

    def test_each_message_is_recorded_whole_and_on_its_connection(self):
        with self.proxy() as proxy:
            for _ in range(2):
                client = http.client.HTTPConnection("127.0.0.1", proxy.port)
                self.assertEqual(self.ask(client, b"one"), BODY)
                self.assertEqual(self.ask(client, BODY), BODY)
                client.close()
        self.assertEqual([connection.number for connection in proxy.connections], [1, 2])
        for connection in proxy.connections:
            self.assertEqual([(request.start_line, request.body, answer.body) for request, answer in connection.exchanges],
                             [("POST /path HTTP/1.1", b"one", BODY), ("POST /path HTTP/1.1", BODY, BODY)])
            for direction, side in ((REQUEST, 0), (ANSWER, 1)):
                self.assertEqual(connection.bytes(direction),
                                 b"".join(exchange[side].head + exchange[side].body for exchange in connection.exchanges))
        self.assertEqual([entry["bytes_received"] for entry in proxy.record()["connections"]],
                         [len(connection.bytes(ANSWER)) for connection in proxy.connections])

    def test_an_answer_is_cut_at_the_very_byte(self):
        for after in (0, 1, 50, 1000):
            with self.proxy(f"cut:answer:/path:{after}") as proxy:
                with socket.create_connection(("127.0.0.1", proxy.port)) as client:
                    client.sendall(b"POST /path HTTP/1.1\r\nContent-Length: 3\r\n\r\none")
                    self.assertEqual(len(read_all(client)), after)
            self.assertEqual(len(proxy.connections[0].bytes(ANSWER)), after)
            [(request, answer)] = proxy.connections[0].exchanges
            self.assertTrue(request.complete)
            self.assertEqual(answer.size, after)
            self.assertFalse(answer.complete)

    def test_a_request_that_is_cut_does_not_arrive_but_is_recorded(self):
        with self.proxy("cut:request:/path:200000") as proxy:
            client = http.client.HTTPConnection("127.0.0.1", proxy.port)
            with self.assertRaises(Exception):
                self.ask(client, BODY)
            client.close()
        self.assertNotIn(BODY, Service.arrived)
        self.assertEqual(proxy.connections[0].exchanges[0][0].body, BODY)

    def test_a_connection_cut_when_idle_still_records_the_next_request(self):
        with self.proxy("cut:answer:/path:end") as proxy:
            client = http.client.HTTPConnection("127.0.0.1", proxy.port)
            self.assertEqual(self.ask(client, b"one"), BODY)
            client.auto_open = False
            with self.assertRaises(Exception):
                self.ask(client, b"two")
            client.close()
        self.assertEqual([(request.body, answer and answer.complete) for request, answer in proxy.connections[0].exchanges],
                         [(b"one", True), (b"two", None)])
        self.assertEqual(Service.arrived, [b"one"])

    def test_a_message_is_held_until_it_is_released(self):
        with self.proxy("hold:answer:/path:0") as proxy:
            client = http.client.HTTPConnection("127.0.0.1", proxy.port)
            got = []
            asking = threading.Thread(target=lambda: got.append(self.ask(client, b"one")))
            asking.start()
            self.assertTrue(proxy.faults[0].wait_until_held())
            self.assertEqual((Service.arrived, got, proxy.connections[0].bytes(ANSWER)), ([b"one"], [], b""))
            proxy.faults[0].release()
            asking.join()
            self.assertEqual(got, [BODY])
            client.close()

    def test_one_bit_of_one_byte_is_turned_over(self):
        with self.proxy("corrupt:request:/path:body+5") as proxy:
            client = http.client.HTTPConnection("127.0.0.1", proxy.port)
            self.assertEqual(self.ask(client, BODY), BODY)
            client.close()
        [arrived] = Service.arrived
        self.assertEqual(len(arrived), len(BODY))
        self.assertEqual([(at, a ^ b) for at, (a, b) in enumerate(zip(arrived, BODY)) if a != b], [(5, 1)])
        with self.assertRaises(ValueError):
            Fault.parse("corrupt:request:/path:end")

    def test_a_request_arrives_twice_and_is_answered_twice(self):
        with self.proxy("double:request:/path:end") as proxy:
            with socket.create_connection(("127.0.0.1", proxy.port)) as client:
                client.sendall(b"POST /path HTTP/1.1\r\nContent-Length: 3\r\n\r\none")
                client.shutdown(socket.SHUT_WR)
                self.assertEqual(read_all(client).count(BODY), 2)
        self.assertEqual(Service.arrived, [b"one", b"one"])

    def test_half_of_a_connection_ends_while_the_other_goes_on(self):
        with self.proxy("end:request:/path:end") as proxy:
            client = http.client.HTTPConnection("127.0.0.1", proxy.port)
            self.assertEqual(self.ask(client, b"one"), BODY)
            client.close()
        with self.proxy("end:answer:/path:100") as proxy:
            with socket.create_connection(("127.0.0.1", proxy.port)) as client:
                client.sendall(b"POST /path HTTP/1.1\r\nContent-Length: 3\r\n\r\none")
                self.assertEqual(len(read_all(client)), 100)
        self.assertEqual(Service.arrived, [b"one", b"one"])

    def test_a_fault_strikes_as_often_as_it_says(self):
        with self.proxy("cut:request:/path:0:2") as proxy:
            for round_number in range(3):
                client = http.client.HTTPConnection("127.0.0.1", proxy.port)
                if round_number < 2:
                    with self.assertRaises(Exception):
                        self.ask(client, b"one")
                else:
                    self.assertEqual(self.ask(client, b"one"), BODY)
                client.close()
        self.assertEqual(len(Service.arrived), 1)

    def test_a_service_that_is_gone_is_an_empty_answer(self):
        self.service.server_close()
        with self.proxy() as proxy:
            client = http.client.HTTPConnection("127.0.0.1", proxy.port)
            with self.assertRaises(Exception):
                self.ask(client, b"one")
            client.close()
        self.assertEqual([(request.body, answer) for request, answer in proxy.connections[0].exchanges], [(b"one", None)])

    def test_what_is_no_http_is_carried_and_counted(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            def echo():
                peer, _ = listener.accept()
                peer.sendall(peer.recv(100)[::-1])
                peer.close()
            threading.Thread(target=echo, daemon=True).start()
            with RecordingProxy("127.0.0.1", listener.getsockname()[1]) as proxy:
                with socket.create_connection(("127.0.0.1", proxy.port)) as client:
                    client.sendall(b"\x16\x03\x01hello")
                    self.assertEqual(client.recv(100), b"olleh\x01\x03\x16")
            self.assertEqual(proxy.connections[0].exchanges, [])
            self.assertEqual(proxy.connections[0].bytes(ANSWER), b"olleh\x01\x03\x16")


if __name__ == "__main__":
    unittest.main()
