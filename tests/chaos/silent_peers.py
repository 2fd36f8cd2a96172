#!/usr/bin/env python3
"""Who is asked is there and does not answer, or answers without end, or under a certificate that has expired: the service, and
the homeserver that the token service of a messenger asks. It ends by itself, is charged once in all, and keeps nobody else
waiting.

The second table of docs/reliability.md is what this prints: fault_table.py says how.
"""

import json
import os
import queue
import socketserver
import subprocess
import sys
import threading
import urllib.error
import urllib.request

import fault_table
import scene
from recording_proxy import ANSWER, Fault, RecordingProxy

sys.path.insert(0, str(scene.ROOT / "tests/bindings/synapse"))
from stub_homeserver import Homeserver  # noqa: E402  (it needs that path)

MESSAGES = (("announcement", "/v1/announcement"), ("directory", "/v1/directory"), ("evaluate answer", "/v1/evaluate"))
ANNA = "@anna:{}"
AUTHORITY = """
[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


def make_certificate(folder, begin, end):
    """cert.pem and key.pem for 127.0.0.1, signed by themselves, valid between these times."""
    folder.mkdir()
    (folder / "authority").write_text(AUTHORITY)
    (folder / "index").touch()
    (folder / "serial").write_text("01\n")

    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)
    openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "request.pem")
    openssl("ca", "-config", "authority", "-batch", "-notext", "-selfsign", "-keyfile", "key.pem", "-in", "request.pem",
            "-startdate", begin, "-enddate", end, "-out", "cert.pem")
    (folder / "key.pem").chmod(0o600)
    return folder


class EndlessService(socketserver.BaseRequestHandler):
    """Answers 200, and then for ever."""

    def handle(self):
        self.request.recv(65536)
        try:
            self.request.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
            while True:
                self.request.sendall(bytes(65536))
        except OSError:
            pass  # nobody listens any more


def never(ended):
    return lambda handler: ended.wait()


def byte_by_byte(ended):
    def answer(handler):
        body = json.dumps({"sub": ANNA}).encode().ljust(1000)
        handler.send_response(200)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        for byte in body:
            handler.wfile.write(bytes([byte]))
            if ended.wait(1):
                return
    return answer


def without_end(ended):
    def answer(handler):
        handler.send_response(200)
        handler.end_headers()
        while not ended.is_set():
            handler.wfile.write(b" " * 65536)
    return answer


class Waiting:
    """What `act` returns, in a thread of its own."""

    def __init__(self, act):
        self._result = queue.Queue()
        self._thread = threading.Thread(target=lambda: self._result.put(act()), daemon=True)
        self._thread.start()

    def waits(self):
        return self._thread.is_alive()

    def result(self):
        return self._result.get(timeout=300)


class SilentPeers(fault_table.FaultTable):
    columns = ("fault", "what comes of it", "charged when it ended")

    def setUp(self):
        super().setUp()
        self.ended = threading.Event()
        self.addCleanup(self.ended.set)
        self.expired = make_certificate(self.path / "expired", "20200101000000Z", "20200201000000Z")
        self.valid = make_certificate(self.path / "valid", "20200101000000Z", "20990101000000Z")

    def rows(self):
        # All wait at the same time, for as long as they have patience.
        silent = [self.begin_silence(message, path) for message, path in MESSAGES]
        of_tokens = self.rows_of_homeservers()
        yield from (self.end_silence(*one) for one in silent)
        yield self.row_of_endless_service()
        yield self.row_of_expired_service()
        yield from of_tokens

    # --- the service

    def discover(self, url, *more, wait=True):
        self.take_another_account()
        words = (*self.discover_words(url, f"{self.account}/state"), *more)
        return self.blindbook(*words) if wait else (words, self.start(*words))

    def undisturbed(self):
        run = self.discover(self.serve.url)
        self.assertEqual(run.code, 0, run)
        return run.json()

    def begin_silence(self, message, path):
        fault = Fault("hold", ANSWER, path, 0, times=99)
        proxy = RecordingProxy("127.0.0.1", self.serve.port, [fault])
        self.addCleanup(proxy.close)
        words, process = self.discover(f"http://127.0.0.1:{proxy.port}", wait=False)
        return message, fault, self.account, words, process

    def end_silence(self, message, fault, account, words, process):
        self.assertTrue(fault.wait_until_held())
        run = self.finish(process)
        wanted = self.undisturbed()
        outcome, charged = self.outcome(run, wanted), self.charged(account)
        self.assertIn(charged, (0, wanted["disclosed"]["batch"]))
        fault.release()
        again = self.good(*words).json()
        self.assertEqual(again["matches"], wanted["matches"])
        once = wanted["disclosed"]["batch"]
        # A run that has nothing to ask asks 16 that are nobody's.
        self.assertIn(self.charged(account), (once, once + 16), "not charged once for both runs together")
        return f"the {message} never comes", outcome, "one batch" if charged else "nothing"

    def row_of_endless_service(self):
        service = socketserver.ThreadingTCPServer(("127.0.0.1", 0), EndlessService)
        service.daemon_threads = True
        self.addCleanup(service.server_close)
        self.addCleanup(service.shutdown)
        threading.Thread(target=service.serve_forever, args=(0.05,), daemon=True).start()
        run = self.discover(f"http://127.0.0.1:{service.server_address[1]}")
        return "the announcement has no end", self.outcome(run, None), "nothing"

    def row_of_expired_service(self):
        def over_tls(folder):
            serve = scene.Serve(self, words=("--tls-cert", folder / "cert.pem", "--tls-key", folder / "key.pem"))
            run = self.discover(serve.url, "--ca-file", folder / "cert.pem")
            serve.stop()
            return run
        self.assertEqual(self.outcome(over_tls(self.valid), self.undisturbed()), "finds all")
        run = over_tls(self.expired)
        self.assertEqual(self.charged(self.account), 0)
        return "the certificate of the service has expired", self.outcome(run, None), "nothing"

    # --- homeservers

    def start_homeserver(self, name, answer=None, certified=None):
        """One that answers in that way, or well."""
        stub = Homeserver(f"{name}.example", certified)
        stub.known["token"] = answer or ANNA.format(stub.name)
        self.addCleanup(stub.server_close)
        self.addCleanup(stub.shutdown)
        threading.Thread(target=stub.serve_forever, args=(0.05,), daemon=True).start()
        return stub

    def start_token_service(self, homeservers):
        """Its URL."""
        bindings = scene.ROOT / "protocol/bindings"
        environment = {**self.environment, "PYTHONPATH": f"{bindings}/python:{bindings}/synapse", "PYTHONDONTWRITEBYTECODE": "1",
                       "BLINDBOOK_LIBRARY": os.environ["BLINDBOOK_LIBRARY"]}
        fingerprint = self.blindbook("status", "--data", "operator", "--format", "json").json()["fingerprint"]
        subprocess.run([sys.executable, "-m", "blindbook.issuer", "--operator-id", fingerprint, "--name", "messenger", "issuer"],
                       cwd=self.path, env=environment, check=True, stdout=subprocess.DEVNULL)
        trusted = self.path / "trusted.pem"
        trusted.write_text("".join((folder / "cert.pem").read_text() for folder in (self.valid, self.expired)))
        process = subprocess.Popen(
            [sys.executable, "-m", "blindbook_synapse", "--issuer", "issuer", "--port", "0", "--ca-file", trusted,
             *(word for one in homeservers for word in ("--homeserver", one.url, "--server-name", one.name))],
            cwd=self.path, env=environment, stdout=subprocess.PIPE, text=True)
        self.processes.append(process)
        return process.stdout.readline().split()[-1] + "/_blindbook/token"

    def rows_of_homeservers(self):
        well = self.start_homeserver("well"), self.start_homeserver("tls", certified=self.valid)
        bad = (("never answers", self.start_homeserver("silent", never(self.ended))),
               ("answers a byte a second", self.start_homeserver("slow", byte_by_byte(self.ended))),
               ("answers without end", self.start_homeserver("endless", without_end(self.ended))),
               ("has a certificate that expired", self.start_homeserver("expired", certified=self.expired)))
        url = self.start_token_service([*well, *(one for _, one in bad)])

        def ask(homeserver):
            body = json.dumps({"access_token": "token", "matrix_server_name": homeserver.name}).encode()
            try:
                with urllib.request.urlopen(urllib.request.Request(url, body), timeout=120) as answer:
                    return answer.status, json.load(answer)
            except urllib.error.HTTPError as error:
                return error.code, json.load(error)

        answers = [(fault, Waiting(lambda one=one: ask(one))) for fault, one in bad]
        for homeserver in well:
            status, answer = ask(homeserver)
            self.assertEqual(status, 200, answer)
        self.assertTrue(all(answer.waits() for _, answer in answers[:2]), "the others were kept waiting")
        rows = []
        for fault, answer in answers:
            status, body = answer.result()
            rows.append((f"a homeserver {fault}", f"{status} `{body['errcode']}`: {body['error']}", "nothing"))
        return rows

    def test_every_silence_has_the_outcome_that_the_documents_say(self):
        self.compare_with_the_documents()


if __name__ == "__main__":
    fault_table.main()
