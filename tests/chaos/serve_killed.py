#!/usr/bin/env python3
"""`serve` is killed at each of its calls while it charges, and while it ends: what was answered is charged, what is sent
again is charged once, and nothing else is."""

import scene
from asking import AskingCase


class ServeKilled(AskingCase):
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
