#!/usr/bin/env python3
"""The token service of a Matrix homeserver, against homeservers and clients that mean harm."""

import io
import json
import subprocess
import tempfile
import threading
import time
import unittest
from pathlib import Path

import blindbook
from blindbook.issuer import Issuer, make_issuer
from blindbook_synapse.tokens import MAX_BYTES, PATH, Homeserver, TokenService
from stub_homeserver import USERINFO, Homeserver as Stub

OPERATOR = "0123456789abcdef0123456789abcdef"
ANNA = "@anna:city.example"


def make_certificate(folder, name):
    """cert.pem and key.pem, signed by themselves."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=homeserver", "-addext", f"subjectAltName={name}", "-keyout", folder / "key.pem",
                    "-out", folder / "cert.pem"], check=True, stderr=subprocess.DEVNULL)


class TokenServiceTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "issuer"
        self.entry = make_issuer(self.file, "messenger", OPERATOR)
        self.stub = self.start(Stub("city.example"))
        self.service = TokenService(Homeserver(self.stub.url, "city.example", timeout=0.2), Issuer(self.file))
        self.verifier = blindbook.Tokens(OPERATOR)
        self.verifier.add_issuer("messenger", self.entry["kid"], bytes.fromhex(self.entry["public_key"]))

    def start(self, stub):
        self.addCleanup(stub.server_close)
        self.addCleanup(stub.shutdown)
        threading.Thread(target=stub.serve_forever, args=(0.01,), daemon=True).start()
        return stub

    def send(self, body, method="POST", path=PATH, **environment):
        """Status, error code and answer."""
        seen = []
        environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "CONTENT_LENGTH": str(len(body)),
                   "wsgi.input": io.BytesIO(body), **environment}
        answer = json.loads(b"".join(self.service(environ, lambda status, headers: seen.append((status, dict(headers))))))
        self.assertEqual(seen[0][1]["Cache-Control"], "no-store")
        return int(seen[0][0].split()[0]), answer.get("errcode"), answer

    def show(self, openid_token, server_name="city.example", **more):
        return self.send(json.dumps({"access_token": openid_token, "token_type": "Bearer", "expires_in": 3600,
                                     "matrix_server_name": server_name, **more}).encode())

    def refusal_of_answer(self, answer):
        """Status and error code when the homeserver answers like that."""
        self.stub.known["token"] = answer
        return self.show("token")[:2]

    def test_a_user_of_the_homeserver_gets_a_token_for_their_user_id(self):
        self.stub.known["token"] = ANNA
        status, _, answer = self.show("token")
        self.assertEqual(status, 200)
        self.assertEqual(answer["expires_in"], 600)
        self.assertEqual(self.verifier.check(answer["token"], int(time.time())), ("messenger", ANNA))

    def test_minting_is_not_limited_as_the_allowance_is_the_accounts(self):
        self.stub.known["token"] = ANNA
        first, second = (self.show("token")[2]["token"] for _ in range(2))
        self.assertNotEqual(first, second)
        self.assertEqual({self.verifier.check(one, int(time.time())) for one in (first, second)}, {("messenger", ANNA)})

    def test_an_openid_token_is_sent_whole_and_as_nothing_else(self):
        self.stub.known["a&b=c#d/../%41"] = ANNA
        self.assertEqual(self.show("a&b=c#d/../%41")[0], 200)

    def test_an_unknown_openid_token_gives_nothing(self):
        self.assertEqual(self.show("token")[:2], (401, "M_UNKNOWN_TOKEN"))

    def test_a_token_of_another_homeserver_is_shown_to_nobody(self):
        self.assertEqual(self.show("token", "elsewhere.example")[:2], (403, "M_FORBIDDEN"))
        self.assertEqual(self.stub.asked, [])

    def test_users_of_other_servers_get_nothing_whatever_the_homeserver_says(self):
        for user in ("@anna:elsewhere.example", "@anna:city.example:8448", "@anna:xcity.example", "@anna:city.example.evil",
                     "@anna:CITY.example", "@anna:evil:city.example"):
            with self.subTest(user):
                self.assertEqual(self.refusal_of_answer(user), (403, "M_FORBIDDEN"))

    def test_an_answer_that_names_no_user_gives_nothing(self):
        bodies = {
            "not JSON": b"<html>", "empty": b"", "cut short": b'{"sub": "@anna:city.exam', "no text": b"\xff\xfe\xfd",
            "a list": b'["@anna:city.example"]', "no member": b"{}", "a number": b'{"sub": 1}', "null": b'{"sub": null}',
            "a list inside": b'{"sub": ["@anna:city.example"]}', "deep": b"[" * MAX_BYTES,
            "no user id": b'{"sub": "anna:city.example"}', "no local part": b'{"sub": "@:city.example"}',
            "a line break": b'{"sub": "@an\\nna:city.example"}', "a line break behind": b'{"sub": "@anna:city.example\\n"}',
            "a null": b'{"sub": "@anna\\u0000:city.example"}', "half a character": b'{"sub": "@an\\ud800na:city.example"}',
            "too long a name": json.dumps({"sub": f"@{'a' * 243}:city.example"}).encode(),
            "too long": json.dumps({"sub": ANNA}).encode().ljust(MAX_BYTES + 1),
        }
        for what, body in bodies.items():
            with self.subTest(what):
                self.assertEqual(self.refusal_of_answer(lambda stub, body=body: stub.answer_bytes(200, body)),
                                 (502, "M_UNKNOWN"))
        longest = f"@{'a' * 241}:city.example"
        self.assertEqual(self.refusal_of_answer(longest), (200, None))
        self.assertEqual(self.refusal_of_answer(
            lambda stub: stub.answer_bytes(200, json.dumps({"sub": ANNA}).encode().ljust(MAX_BYTES))), (200, None))

    def test_a_redirect_is_not_followed(self):
        self.stub.known["other"] = ANNA
        for status in (301, 302, 303, 307, 308):
            with self.subTest(status):
                self.stub.asked.clear()
                location = ("Location", f"{self.stub.url}{USERINFO}?access_token=other")
                body = json.dumps({"sub": ANNA}).encode()
                self.assertEqual(self.refusal_of_answer(
                    lambda stub, status=status: stub.answer_bytes(status, body, [location])), (502, "M_UNKNOWN"))
                self.assertEqual(self.stub.asked, [f"{USERINFO}?access_token=token"])

    def test_other_statuses_give_nothing(self):
        for status in (201, 204, 400, 403, 404, 429, 500):
            with self.subTest(status):
                self.assertEqual(self.refusal_of_answer(lambda stub, status=status: stub.answer_bytes(
                    status, b"" if status == 204 else json.dumps({"sub": ANNA}).encode())), (502, "M_UNKNOWN"))

    def test_a_homeserver_that_does_not_answer_is_not_waited_for(self):
        ended = threading.Event()
        self.addCleanup(ended.set)
        self.assertEqual(self.refusal_of_answer(lambda stub: ended.wait()), (503, "M_UNKNOWN"))
        self.assertEqual(self.refusal_of_answer(lambda stub: stub.wfile.write(b"SSH-2.0\r\n\r\n")), (503, "M_UNKNOWN"))
        self.assertEqual(self.refusal_of_answer(lambda stub: None), (503, "M_UNKNOWN"))

        def half(stub):
            stub.send_response(200)
            stub.send_header("Content-Length", "100")
            stub.end_headers()
            ended.wait()

        self.assertEqual(self.refusal_of_answer(half), (503, "M_UNKNOWN"))

    def test_a_homeserver_that_answers_byte_by_byte_has_no_longer(self):
        ended = threading.Event()
        self.addCleanup(ended.set)

        def slowly(stub):
            body = json.dumps({"sub": ANNA}).encode().ljust(MAX_BYTES)
            stub.send_response(200)
            stub.send_header("Content-Length", str(len(body)))
            stub.end_headers()
            for byte in body:  # each within the timeout, and all of them in minutes
                stub.wfile.write(bytes([byte]))
                if ended.wait(0.1):
                    return

        def slow_head(stub):
            for byte in b"HTTP/1.1 200 OK\r\n" + b"X-Padding: x\r\n" * 90:
                stub.wfile.write(bytes([byte]))
                if ended.wait(0.1):
                    return

        for answer in (slowly, slow_head):
            with self.subTest(answer.__name__):
                self.assertEqual(self.refusal_of_answer(answer), (503, "M_UNKNOWN"))

    def test_several_homeservers_answer_for_their_own_users_alone(self):
        other = self.start(Stub("county.example"))
        service = TokenService([Homeserver(self.stub.url, "city.example", timeout=5), Homeserver(other.url, "county.example", timeout=5)],
                               Issuer(self.file))
        self.service = service
        self.stub.known["token"], other.known["token"] = ANNA, "@bert:county.example"
        for name, user in (("city.example", ANNA), ("county.example", "@bert:county.example")):
            answer = self.show("token", name)[2]
            self.assertEqual(self.verifier.check(answer["token"], int(time.time())), ("messenger", user))
        self.assertEqual([len(self.stub.asked), len(other.asked)], [1, 1])
        other.known["token"] = ANNA  # it cannot speak for the city
        self.assertEqual(self.show("token", "county.example")[:2], (403, "M_FORBIDDEN"))
        self.assertEqual(self.show("token", "elsewhere.example")[:2], (403, "M_FORBIDDEN"))

    def test_a_homeserver_is_named_once_and_at_least_one_is(self):
        twice = [Homeserver(self.stub.url, "city.example")] * 2
        for homeservers in (twice, []):
            with self.assertRaises(blindbook.BadInput):
                TokenService(homeservers, Issuer(self.file))

    def test_a_homeserver_elsewhere_is_asked_over_tls_alone(self):
        for url in ("http://matrix.city.example", "http://10.0.0.1:8008", "http://127.0.0.1.evil.example", "http://[2001:db8::1]:80",
                    "ftp://127.0.0.1", "127.0.0.1:8008", "https://", "https://anna@city.example", "https://city.example/?x=1"):
            with self.subTest(url), self.assertRaises(blindbook.BadInput):
                Homeserver(url, "city.example")
        for url in ("http://127.0.0.1:8008", "http://[::1]:8008", "http://localhost", "https://matrix.city.example/base"):
            Homeserver(url, "city.example")

    def test_a_certificate_is_checked_and_its_name(self):
        folder = self.file.parent
        make_certificate(folder, "IP:127.0.0.1")
        stub = self.start(Stub("city.example", folder))
        stub.known["token"] = ANNA

        def status(url, trust):
            self.service = TokenService(Homeserver(url, "city.example", timeout=5, trust=trust), Issuer(self.file))
            return self.show("token")[0]

        certificate = str(folder / "cert.pem")
        self.assertEqual(status(stub.url, certificate), 200)
        self.assertEqual(status(stub.url, None), 503)
        self.assertEqual(status(stub.url.replace("127.0.0.1", "localhost"), certificate), 503)
        self.assertEqual(len(stub.asked), 1)  # who is not the homeserver saw no OpenID token

    def test_what_no_homeserver_answered_to_request_token_is_refused(self):
        bodies = {"not JSON": b"access_token=token", "a list": b'["token"]', "a number": b'{"access_token": 1}',
                  "empty": b'{"access_token": "", "matrix_server_name": "city.example"}',
                  "no server": b'{"access_token": "token"}',
                  "a line break": b'{"access_token": "to\\r\\nken", "matrix_server_name": "city.example"}',
                  "half a character": b'{"access_token": "\\ud800", "matrix_server_name": "city.example"}',
                  "deep": b"[" * MAX_BYTES}
        for what, body in bodies.items():
            with self.subTest(what):
                self.assertEqual(self.send(body)[:2], (400, "M_BAD_JSON"))
        self.assertEqual(self.stub.asked, [])

    def test_no_more_is_read_than_a_request_may_have(self):
        for length in ("", "0", "-1", "4097", "99999999999999999999", "4_0", "\u0664", "+4", "nan"):
            with self.subTest(length):
                body = io.BytesIO(b"{}" * MAX_BYTES)
                self.assertEqual(self.send(b"", **{"CONTENT_LENGTH": length, "wsgi.input": body})[:2], (413, "M_TOO_LARGE"))
                self.assertEqual(body.tell(), 0)

    def test_there_is_one_path_and_one_method(self):
        self.assertEqual(self.send(b"", method="GET")[:2], (404, "M_UNRECOGNIZED"))
        self.assertEqual(self.send(b"{}", path=PATH + "/")[:2], (404, "M_UNRECOGNIZED"))


if __name__ == "__main__":
    unittest.main()
