#!/usr/bin/env python3
"""A TCP proxy on loopback that records what crosses it, and can disturb it at an exact byte.

    recording_proxy.py --to HOST:PORT [--record FILE] [--fault FAULT ..]

prints `listening on http://127.0.0.1:PORT`, and a line `held PATH` whenever a fault holds a message. SIGTERM or
SIGINT ends it; then it writes the record. From Python:

    with RecordingProxy("127.0.0.1", port, [Fault.parse("cut:answer:/v1/evaluate:0")]) as proxy:
        ..  # proxy.port, proxy.connections, proxy.faults[0].wait_until_held(), proxy.faults[0].release()

What a FAULT is says network_fault.py.

What is recorded is what the client handed to the network and what was handed on to it: bytes before TLS where plain HTTP is
spoken. Bytes that are no HTTP/1.1 (TLS) are recorded as events and make no exchange.
"""
import argparse
import json
import signal
import socket
import sys
import threading
import time

import network_fault
from http_record import ANSWER, REQUEST, Connection
from network_fault import Fault

SLICE = 65536


class Wire:
    """The two sockets of one connection."""

    def __init__(self, client, service):
        self.source = {REQUEST: client, ANSWER: service}
        self.sink = {REQUEST: service, ANSWER: client}
        self.cut = False
        self.ended = set()  # directions in which nothing goes on any more

    def cut_off(self):
        self.cut = True
        service, client = self.sink[REQUEST], self.sink[ANSWER]
        quietly(lambda: service.shutdown(socket.SHUT_RDWR))
        # Half of it only: what the client goes on to send shall be recorded, not answered by a reset.
        quietly(lambda: client.shutdown(socket.SHUT_WR))


def quietly(act):
    try:
        return act()
    except OSError:
        return None


class RecordingProxy:
    def __init__(self, host, port, faults=(), tell=lambda line: None):
        self.faults = list(faults)
        self.connections = []
        self._service = (host, port)
        self._tell = tell
        self._began = time.monotonic()
        self._lock = threading.Lock()
        self._threads = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._acceptor = threading.Thread(target=self._accept, daemon=True)
        self._acceptor.start()

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()

    def close(self, patience=5):
        """Takes no more connections, and waits for those that are open to end."""
        quietly(lambda: self._listener.shutdown(socket.SHUT_RDWR))
        self._listener.close()
        for fault in self.faults:
            fault.release()
        until = time.monotonic() + patience
        self._acceptor.join(patience)  # it may be starting a thread for what it accepted last
        for thread in self._threads:
            thread.join(max(0, until - time.monotonic()))

    def record(self):
        with self._lock:
            return {"connections": [connection.as_json() for connection in self.connections]}

    def _now(self):
        return time.monotonic() - self._began

    def _accept(self):
        while True:
            accepted = quietly(self._listener.accept)
            if accepted is None:
                return
            with self._lock:
                connection = Connection(len(self.connections) + 1, self._now())
                self.connections.append(connection)
            thread = threading.Thread(target=self._carry, args=(connection, accepted[0]), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _carry(self, connection, client):
        service = socket.socket()
        for end in (client, service):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire = Wire(client, service)
        try:
            service.connect(self._service)
        except OSError:
            wire.cut_off()
        back = threading.Thread(target=self._pump, args=(connection, wire, ANSWER), daemon=True)
        back.start()
        self._pump(connection, wire, REQUEST)
        back.join()
        service.close()
        client.close()
        connection.closed = self._now()

    def _pump(self, connection, wire, direction):
        while data := quietly(lambda: wire.source[direction].recv(SLICE)):
            if direction == REQUEST:
                self._note(connection, direction, data)
            elif wire.cut:
                break
            reader = connection.readers[direction]
            used = 0
            for message, piece in self._feed(connection, reader, data):
                used += len(piece)
                self._pass_message(connection, wire, direction, message, piece)
            if used < len(data):
                self._pass(connection, wire, direction, data[used:])
        quietly(lambda: wire.sink[direction].shutdown(socket.SHUT_WR))

    def _feed(self, connection, reader, data):
        pieces = reader.feed(data, self._now())
        while True:
            with self._lock:
                piece = next(pieces, None)
            if piece is None:
                return
            yield piece

    def _pass_message(self, connection, wire, direction, message, piece):
        fault, at = self._strike(connection, direction, message, len(piece))
        if fault is not None:
            # Before the last byte goes on, lest an answer to it slip through.
            wire.cut = wire.cut or fault.action == "cut"
            self._deliver(connection, wire, direction, piece[:at])
            piece = piece[at:]
            if fault.action == "delay":
                time.sleep(fault.seconds)
            elif fault.action == "corrupt":
                self._deliver(connection, wire, direction, bytes([piece[0] ^ 1]))
                piece = piece[1:]
            elif fault.action == "double":
                self._deliver(connection, wire, direction, (message.head + message.body)[:message.size - len(piece)])
            elif fault.action == "end":
                wire.ended.add(direction)
                quietly(lambda: wire.sink[direction].shutdown(socket.SHUT_WR))
            elif fault.action == "hold":
                self._tell("held " + self._path(connection, direction, message))
                fault.hold()
            else:
                wire.cut_off()
                if direction == ANSWER:
                    self._take_back(message, len(piece))
        self._pass(connection, wire, direction, piece)

    def _strike(self, connection, direction, message, size):
        """The fault that strikes within the last `size` bytes of `message`, and after how many of them; or (None, 0)."""
        # A request's path is known with its first line.
        if not message.seen and (direction == ANSWER or b"\r\n" in message.head):
            message.seen = True
            path = self._path(connection, direction, message)
            message.fault = next((fault for fault in self.faults if fault.takes(direction, path)), None)
        if message.fault is None:
            return None, 0
        end = message.size if message.complete else None
        wanted = end if message.fault.after is None else message.fault.after
        if message.fault.in_body:
            wanted = wanted + len(message.head) if message.head.endswith(b"\r\n\r\n") else None
        begin = message.size - size
        if wanted is None or not begin <= wanted <= message.size or (wanted == message.size and wanted != end):
            return None, 0
        fault, message.fault = message.fault, None
        return fault, wanted - begin

    def _path(self, connection, direction, message):
        if direction == ANSWER:
            requests = connection.readers[REQUEST].messages
            message = requests[min(len(connection.readers[ANSWER].messages), len(requests)) - 1]
        return (message.start_line.split(" ") + [""])[1]

    def _take_back(self, message, size):
        """The last `size` bytes of an answer never reach the client, so they are no part of what it received."""
        with self._lock:
            whole = (message.head + message.body)[:message.size - size]
            message.head, message.body = whole[:len(message.head)], whole[len(message.head):]
            message.complete = message.complete and size == 0

    def _note(self, connection, direction, data):
        with self._lock:
            connection.events.append((self._now(), direction, data))

    def _pass(self, connection, wire, direction, data):
        if not wire.cut and direction not in wire.ended:
            self._deliver(connection, wire, direction, data)

    def _deliver(self, connection, wire, direction, data):
        if not data:
            return
        if direction == ANSWER:
            self._note(connection, direction, data)
        quietly(lambda: wire.sink[direction].sendall(data))


def main():
    parser = argparse.ArgumentParser(description=f"{__doc__}\n{network_fault.__doc__}",
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", required=True, metavar="HOST:PORT")
    parser.add_argument("--record", metavar="FILE")
    parser.add_argument("--fault", action="append", default=[], type=Fault.parse)
    arguments = parser.parse_args()
    host, _, port = arguments.to.rpartition(":")
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *ignored: ended.set())
    proxy = RecordingProxy(host, int(port), arguments.fault, lambda line: print(line, flush=True))
    print(f"listening on http://127.0.0.1:{proxy.port}", flush=True)

    def release_by_line():
        for _ in sys.stdin:
            for fault in proxy.faults:
                fault.release()

    threading.Thread(target=release_by_line, daemon=True).start()
    ended.wait()
    proxy.close()
    if arguments.record:
        with open(arguments.record, "w", encoding="utf-8") as file:
            json.dump(proxy.record(), file)


if __name__ == "__main__":
    main()
