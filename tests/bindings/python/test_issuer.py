"""Issuers of access tokens: made once, for their owner alone, and believed by the operator who was told of them."""

import contextlib
import io
import json
import os
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

import blindbook
from blindbook import issuer
from blindbook.issuer import Issuer, make_issuer

OPERATOR = "0123456789abcdef0123456789abcdef"


class Issuers(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = Path(folder.name) / "issuer"

    def refused(self, text):
        with self.assertRaises(blindbook.BadInput) as raised:
            Issuer(self.file)
        self.assertEqual(raised.exception.rule, "python.issuer")
        self.assertIn(text, str(raised.exception))

    def test_its_file_is_for_its_owner_and_is_never_written_over(self):
        make_issuer(self.file, "messenger", OPERATOR)
        self.assertEqual(self.file.stat().st_mode & 0o777, 0o600)
        before = self.file.read_bytes()
        with self.assertRaises(FileExistsError):
            make_issuer(self.file, "messenger", OPERATOR)
        self.assertEqual(self.file.read_bytes(), before)

    def test_a_key_that_everybody_may_read_is_not_used(self):
        make_issuer(self.file, "messenger", OPERATOR)
        os.chmod(self.file, 0o604)
        self.refused("everybody")

    def test_what_is_no_issuer_is_not_used(self):
        self.refused("cannot be read")
        for text in ("", "[]", "{}", '{"name": "messenger", "operator_id": "00", "key": "no hex"}',
                     '{"name": "messenger", "operator_id": "00", "key": "00"}'):
            with self.subTest(text):
                self.file.write_text(text)
                self.file.chmod(0o600)
                self.refused("holds no issuer")

    def test_an_operator_who_was_told_of_it_believes_its_tokens(self):
        entry = self.made_by_command()
        self.assertEqual(entry["alg"], "EdDSA")
        tokens = blindbook.Tokens(OPERATOR)
        tokens.add_issuer(entry["name"], entry["kid"], bytes.fromhex(entry["public_key"]))
        token = Issuer(self.file).token("@anna:city.example")
        self.assertEqual(tokens.check(token, int(time.time())), ("messenger", "@anna:city.example"))
        with self.assertRaises(blindbook.BadInput):
            Issuer(self.file).token("")

    def made_by_command(self, operator_id=OPERATOR, name="messenger"):
        printed = io.StringIO()
        words = ["blindbook.issuer", "--operator-id", operator_id, "--name", name, str(self.file)]
        with mock.patch("sys.argv", words), contextlib.redirect_stdout(printed):
            issuer.main()
        return json.loads(printed.getvalue())

    def test_it_is_not_made_for_what_is_no_operator_or_has_no_name(self):
        for operator_id, name in ((OPERATOR[:-1], "messenger"), ("City of Example", "messenger"), (OPERATOR, ""),
                                  (OPERATOR, "n" * 256)):
            with self.subTest(operator_id + name), contextlib.redirect_stderr(io.StringIO()):
                with self.assertRaises(SystemExit) as ended:
                    self.made_by_command(operator_id, name)
                self.assertEqual(ended.exception.code, 2)
                self.assertFalse(self.file.exists())


if __name__ == "__main__":
    unittest.main()
