"""What can happen to a message on its way: RecordingProxy makes it happen.

A fault is ACTION:DIRECTION:PATH:AFTER[:TIMES]. It strikes the first TIMES (1) messages of that DIRECTION (request or answer)
whose request path begins with PATH, when AFTER bytes of the message, head and body counted together, have gone on
(a number; `body+N`: the head and N bytes; or `end` for all of it). ACTION is

    cut       closes the service's side and ends the client's; what the client sends afterwards is read and recorded still
    hold      waits for release(), or for a line on standard input
    delay=S   waits S seconds, then goes on
    end       ends this direction, and lets the other go on: a half-closed connection
    corrupt   turns over the lowest bit of the next byte, then goes on
    double    sends what has gone on of the message once more, then goes on; with `end`, the whole message twice

So `hold:answer:/v1/evaluate:0` stops where the service has charged and the client knows of nothing yet, and
`cut:answer:/v1/announcement:end` is a service that closes a connection while it is idle.
"""

import threading

from http_record import ANSWER, REQUEST


class Fault:
    def __init__(self, action, direction, path, after, times=1, seconds=0.0):
        if action not in ("cut", "hold", "delay", "end", "corrupt", "double") or direction not in (REQUEST, ANSWER):
            raise ValueError(f"no such fault: {action}:{direction}")
        if action == "corrupt" and after is None:
            raise ValueError("behind the end there is no byte to corrupt")
        self.action, self.direction, self.path, self.after = action, direction, path, after
        self.in_body = str(after).startswith("body+")
        if self.in_body:
            self.after = int(after.removeprefix("body+"))
        self.seconds = seconds
        self._left = times
        self._lock = threading.Lock()
        self._held = threading.Event()
        self._released = threading.Event()

    @classmethod
    def parse(cls, text):
        action, direction, path, after, *times = text.split(":")
        action, _, seconds = action.partition("=")
        if not after.startswith("body+"):
            after = None if after == "end" else int(after)
        return cls(action, direction, path, after, int(times[0]) if times else 1, float(seconds or 0))

    def takes(self, direction, path):
        """Whether this message is one to strike; counts it if so."""
        with self._lock:
            if direction != self.direction or not path.startswith(self.path) or self._left == 0:
                return False
            self._left -= 1
            return True

    def wait_until_held(self, timeout=60):
        return self._held.wait(timeout)

    def release(self):
        """Lets go what is held, and what would be later."""
        self._released.set()

    def hold(self):
        self._held.set()
        self._released.wait()
