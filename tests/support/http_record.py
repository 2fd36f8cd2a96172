"""What crossed a connection of HTTP/1.1: its bytes as they came, and the messages that they are."""

import base64
import re

REQUEST, ANSWER = "request", "answer"


class Message:
    """One HTTP/1.1 message, as far as it has come."""

    def __init__(self, now):
        self.began = now
        self.head = b""
        self.body = b""
        self.complete = False
        self.fault = None  # what will strike it, once `seen`
        self.seen = False

    @property
    def start_line(self):
        return self.head.split(b"\r\n", 1)[0].decode("latin-1")

    @property
    def fields(self):
        """Name in lower case -> value."""
        lines = self.head.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def size(self):
        return len(self.head) + len(self.body)

    def as_json(self):
        return {"began": self.began, "start_line": self.start_line, "fields": self.fields, "complete": self.complete,
                "head_bytes": len(self.head), "body_bytes": len(self.body),
                "head": base64.b64encode(self.head).decode(), "body": base64.b64encode(self.body).decode()}


class MessageReader:
    """Cuts one direction of a connection into messages, as the bytes come."""

    def __init__(self):
        self.messages = []
        self.opaque = False  # this is no HTTP

    def feed(self, data, now):
        """Yields (message, piece) until `data` is used up; the message has taken the piece in already."""
        while data:
            if not self.messages or self.messages[-1].complete:
                self.opaque = self.opaque or not re.match(rb"[A-Z]", data)
                if self.opaque:
                    return
                self.messages.append(Message(now))
            message = self.messages[-1]
            used = self._take(message, data)
            yield message, data[:used]
            data = data[used:]

    def _take(self, message, data):
        used = 0
        end = message.head.find(b"\r\n\r\n")
        if end < 0:
            before = len(message.head)
            whole = message.head + data
            end = whole.find(b"\r\n\r\n")
            used = len(data) if end < 0 else end + 4 - before
            message.head += data[:used]
            if end < 0:
                return used
        # Neither side of blindbook uses another framing; an answer without a length goes on to the connection's end.
        length = message.fields.get("content-length")
        if length is None and not message.start_line.startswith("HTTP/"):
            length = "0"
        rest = len(data) - used
        piece = rest if length is None else min(rest, int(length) - len(message.body))
        message.body += data[used:used + piece]
        message.complete = length is not None and len(message.body) == int(length)
        return used + piece


class Connection:
    """One connection of a client, and what crossed it."""

    def __init__(self, number, now):
        self.number = number
        self.opened = now
        self.closed = None
        self.readers = {REQUEST: MessageReader(), ANSWER: MessageReader()}
        self.events = []  # (seconds since the proxy began, REQUEST or ANSWER, bytes)

    @property
    def exchanges(self):
        """(request, answer or None), in order."""
        answers = self.readers[ANSWER].messages
        return [(request, answers[i] if i < len(answers) else None)
                for i, request in enumerate(self.readers[REQUEST].messages)]

    def bytes(self, direction):
        return b"".join(data for _, way, data in self.events if way == direction)

    def as_json(self):
        return {"number": self.number, "opened": self.opened, "closed": self.closed,
                "bytes_sent": len(self.bytes(REQUEST)), "bytes_received": len(self.bytes(ANSWER)),
                "exchanges": [{"request": request.as_json(), "answer": answer and answer.as_json()}
                              for request, answer in self.exchanges],
                "events": [{"time": now, "direction": way, "bytes": len(data)} for now, way, data in self.events]}
