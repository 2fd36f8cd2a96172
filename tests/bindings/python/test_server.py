"""The server's side: evaluation, directories, allowance, tokens, key files; held against the vectors where there are some."""

import hashlib
import json
import threading
import unittest

import blindbook
from blindbook import Allowance, AllowancePolicy, ApiMisuse, BadInput, Match, Need, PeerMisbehaved, Spent, Unavailable

from city import (DERIVATIONS, EPOCH, EPOCH_ID, NOW, SECRET_KEY, TEMPLATE, VECTORS, City, base64url, directory_of, ed25519,
                  listed, number)
from device import Device, digest_of
from test_client import TestCase

BOOK = tuple(number(index) for index in range(20))


class Evaluations(TestCase):
    def setUp(self):
        self.device = Device([listed(0)], BOOK)
        self.device.begin()
        self.device.drive(Need.ANSWER)
        self.device.save()
        self.request = self.device.client.request()
        self.server = self.device.server

    def test_a_request_costs_its_elements_and_has_the_digest_of_the_specification(self):
        with self.server.accept(self.request, NOW) as work:
            self.assertEqual((work.cost, work.digest), (64, digest_of(self.request)))

    def test_it_can_be_evaluated_in_slices(self):
        work = self.server.accept(self.request, NOW)
        self.assertEqual([work.step(30) for _ in range(4)], [(30, 64), (60, 64), (64, 64), (64, 64)])
        self.device.client.take_answer(work.answer(77))
        self.device.drive()
        self.assertEqual(self.device.client.result().allowance_left, 77)

    def test_an_answer_is_one_however_often_it_is_asked_for(self):
        work = self.server.accept(self.request, NOW)
        self.assertEqual(work.answer(5), work.answer(6))

    def test_a_request_is_refused_by_the_rule_it_breaks(self):
        self.refused(PeerMisbehaved, "evaluate.header", self.server.accept, b"", NOW)
        self.refused(PeerMisbehaved, "evaluate.length", self.server.accept, self.request[:-1], NOW)
        self.refused(PeerMisbehaved, "oprf.element", self.server.accept, self.request[:-32] + bytes(32), NOW)
        self.refused(Unavailable, "server.epoch", self.server.accept, self.request, EPOCH["not_after"] + 1)
        self.refused(Unavailable, "server.epoch", blindbook.Server().accept, self.request, NOW)

    def test_the_request_of_the_vectors_holds_the_identity_alone(self):
        body = bytes.fromhex(DERIVATIONS["request"]["body"])
        self.assertEqual(digest_of(body).hex(), DERIVATIONS["request"]["digest"])
        self.refused(PeerMisbehaved, "oprf.element", self.server.accept, body, NOW)

    def test_an_evaluation_outlives_its_closed_server(self):
        work = self.server.accept(self.request, NOW)
        self.server.close()
        self.refused(ApiMisuse, "python.closed", self.server.accept, self.request, NOW)
        self.device.client.take_answer(work.answer(1))

    def test_several_threads_evaluate_at_once(self):
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(self.server.accept(self.request, NOW).answer(9)))
                   for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(set(answers)), 4)  # the nonce of each proof is its own
        self.device.client.take_answer(answers[0])

    def test_threads_that_share_an_evaluation_wait_for_one_another(self):
        work = self.server.accept(self.request, NOW)
        threads = [threading.Thread(target=lambda: [work.step(1) for _ in range(16)]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(work.step(1), (64, 64))
        self.device.client.take_answer(work.answer(1))

    def test_a_closed_evaluation_is_misuse(self):
        work = self.server.accept(self.request, NOW)
        work.close()
        for use in (lambda: work.cost, lambda: work.digest, work.step, lambda: work.answer(1)):
            self.refused(ApiMisuse, "python.closed", use)


class Epochs(TestCase):
    def setUp(self):
        self.city = City()
        self.announcement = self.city.announce(directory_of([], 1, 0, ""))
        self.server = blindbook.Server()

    def add(self, operator_key=None, announcement=None, key=SECRET_KEY):
        return self.server.add_epoch(operator_key or self.city.operator_pub, announcement or self.announcement, key)

    def test_an_epoch_is_added_by_its_own_key_and_announcement(self):
        self.assertEqual(self.add(), EPOCH_ID)
        self.assertEqual(self.add(self.city.operator_pub + "\n"), EPOCH_ID)  # as it stands in operator.pub

    def test_and_by_nothing_else(self):
        self.refused(BadInput, "server.no-epoch", self.add, None, None, bytes([1]) + bytes(31))
        self.refused(BadInput, "oprf.secret-key", self.add, None, None, bytes(32))
        self.refused(BadInput, "oprf.secret-key", self.add, None, None, SECRET_KEY + b"\0")
        self.refused(BadInput, "operator.key", self.add, "nonsense")
        self.refused(PeerMisbehaved, "certificate.signature", self.add, City(2).operator_pub)
        self.refused(PeerMisbehaved, "announcement.signature", self.add, None, self.announcement + b" ")


class Directories(TestCase):
    def setUp(self):
        self.device = Device([listed(0)], BOOK)
        self.server = self.device.server

    def build(self, rows, *described):
        with blindbook.Directory(self.server, EPOCH_ID, *described) as directory:
            for row in rows:
                directory.add(*row)
            return directory.finish()

    def test_it_is_byte_for_byte_what_the_tool_of_the_vectors_builds(self):
        people = [listed(0), listed(1)]
        labels = ("@anna.beispiel:city.example", "@:city.example")
        rows = [(each["identifier"][len("tel:"):], label) for each, label in zip(people, labels)]
        file, root = self.build(reversed(rows), 4, 24, TEMPLATE)
        self.assertEqual(file, directory_of(people, 4, 24, TEMPLATE))
        self.assertEqual(root, hashlib.sha256(file).digest())
        self.assertEqual(self.build([("+33639980001", "zoë")], 1, 40)[0], directory_of([listed(2)], 1, 40, ""))
        self.assertEqual(self.build([(each["identifier"][len("tel:"):],) for each in people], 2)[0],
                         directory_of(people, 2, 0, ""))
        self.assertEqual(self.build([], 9)[0], directory_of([], 9, 0, ""))

    def test_a_client_finds_who_was_added(self):
        file, _ = self.build([(number(index), f"@person{index}:city.example") for index in range(0, 1000, 7)], 2, 24, TEMPLATE)
        self.device.publish(file, edition=2, entries=143, label_bytes=24, label_template=TEMPLATE)
        self.assertEqual(self.device.run().matches,
                         [Match(number(index), f"@person{index}:city.example") for index in (0, 7, 14)])

    def test_a_row_that_cannot_be_added_is_named_and_left_out(self):
        directory = blindbook.Directory(self.server, EPOCH_ID, 1, 24, TEMPLATE)
        self.refused(BadInput, "identifier.syntax", directory.add, "030 23125000", "@x:city.example")
        self.refused(BadInput, "label.template", directory.add, number(0), "@x:county.example")
        self.refused(BadInput, "label.template", directory.add, number(0))
        self.refused(BadInput, "label.syntax", directory.add, number(0), "@x\ny:city.example")
        self.refused(BadInput, "label.length", directory.add, number(0), "@12345678901234567890123:city.example")
        self.assertEqual(directory.finish()[0], directory_of([], 1, 24, TEMPLATE))

    def test_what_is_finished_stays(self):
        directory = blindbook.Directory(self.server, EPOCH_ID, 1)
        directory.add(number(0))
        first = directory.finish()
        self.refused(ApiMisuse, "run.order", directory.add, number(1))
        self.assertEqual(directory.finish(), first)

    def test_it_is_of_an_epoch_that_the_server_has(self):
        self.refused(ApiMisuse, "server.no-epoch", blindbook.Directory, self.server, bytes(16), 1)
        self.refused(BadInput, "label.template", blindbook.Directory, self.server, EPOCH_ID, 1, 24, "no place")

    def test_it_outlives_its_closed_server_and_not_itself(self):
        directory = blindbook.Directory(self.server, EPOCH_ID, 1)
        self.server.close()
        self.refused(ApiMisuse, "python.closed", blindbook.Directory, self.server, EPOCH_ID, 1)
        directory.add(number(0))
        directory.finish()
        directory.close()
        self.refused(ApiMisuse, "python.closed", directory.add, number(0))
        self.refused(ApiMisuse, "python.closed", directory.finish)

    def test_a_file_of_any_size_comes_whole(self):
        rows = [(f"+4930231250{index:04}",) for index in range(3000)]
        file, root = self.build(rows, 1)
        self.assertGreater(len(file), 16384)
        self.assertEqual(root, hashlib.sha256(file).digest())


class Allowances(TestCase):
    policy = AllowancePolicy(initial=100, capacity=200, refill_per_day=86_400)

    def test_it_is_spent_and_refilled(self):
        allowance, left = Allowance.of_new_account(self.policy, 1000).spend(self.policy, 64, 1000)
        self.assertEqual((left, allowance), (36, Allowance(36 * 86_400, 1000)))
        with self.assertRaises(Spent) as caught:
            allowance.spend(self.policy, 64, 1000)
        self.assertEqual((caught.exception.rule, caught.exception.retry_after), ("service.allowance", 28))
        self.assertEqual(allowance.spend(self.policy, 64, 1028)[1], 0)

    def test_what_it_will_never_cover_has_no_time(self):
        with self.assertRaises(Spent) as caught:
            Allowance.of_new_account(self.policy, 0).spend(self.policy, 201, 0)
        self.assertIsNone(caught.exception.retry_after)

    def test_the_policy_is_by_default_the_programs(self):
        self.assertEqual(Allowance.of_new_account(AllowancePolicy(), 0).spend(AllowancePolicy(), 8192, 0)[1], 0)


class AccessTokens(TestCase):
    vector = json.loads((VECTORS / "token.json").read_text())

    def setUp(self):
        self.key = bytes.fromhex(self.vector["secret_key_seed"])
        self.claims = self.vector["claims"]
        self.tokens = blindbook.Tokens(self.claims["aud"])

    def accept_the_issuer(self):
        self.tokens.add_issuer(self.claims["iss"], self.vector["header"]["kid"], bytes.fromhex(self.vector["public_key"]))

    def test_the_token_of_the_vectors_is_accepted(self):
        self.assertEqual(blindbook.token_public_key(self.key).hex(), self.vector["public_key"])
        self.refused(BadInput, "token.key", self.tokens.check, self.vector["token"], self.claims["iat"])
        self.accept_the_issuer()
        self.assertEqual(self.tokens.check(self.vector["token"], self.claims["iat"]), ("city", self.claims["sub"]))

    def test_at_its_time_for_its_audience_and_unaltered(self):
        self.accept_the_issuer()
        self.refused(BadInput, "token.expired", self.tokens.check, self.vector["token"], self.claims["exp"] + 61)
        self.refused(BadInput, "token.not-yet-valid", self.tokens.check, self.vector["token"], self.claims["iat"] - 61)
        self.refused(BadInput, "token.encoding", self.tokens.check, "a.b", self.claims["iat"])
        forged = self.vector["signed_text"] + "." + "A" * 86
        self.refused(BadInput, "token.signature", self.tokens.check, forged, self.claims["iat"])
        self.tokens = blindbook.Tokens("ff" * 16)
        self.accept_the_issuer()
        self.refused(BadInput, "token.audience", self.tokens.check, self.vector["token"], self.claims["iat"])

    def mint(self, **changed):
        said = {"issuer": "city", "kid": self.vector["header"]["kid"], "audience": self.claims["aud"], "account": "ännä",
                "issued_at": NOW, **changed}
        return blindbook.mint_token(self.key, **said)

    def test_what_is_minted_is_signed_as_the_specification_says(self):
        signed, _, signature = self.mint().rpartition(".")
        self.assertEqual(signature, base64url(ed25519.sign(self.key, signed.encode())))
        self.accept_the_issuer()
        self.assertEqual(self.tokens.check(self.mint(), NOW), ("city", "ännä"))
        self.assertEqual(self.tokens.check(self.mint(account="x" * 255), NOW), ("city", "x" * 255))

    def test_what_no_service_would_accept_is_not_minted(self):
        self.refused(BadInput, "token.lifetime", lambda: self.mint(life=90_000))
        self.refused(BadInput, "token.account", lambda: self.mint(account="x" * 256))
        self.refused(BadInput, "token.account", lambda: self.mint(account=""))

    def test_a_kid_is_one_issuers(self):
        self.accept_the_issuer()
        self.refused(ApiMisuse, "capi.kid", self.accept_the_issuer)

    def test_closed_tokens_are_misuse(self):
        self.tokens.close()
        self.refused(ApiMisuse, "python.closed", self.accept_the_issuer)
        self.refused(ApiMisuse, "python.closed", self.tokens.check, self.vector["token"], NOW)


class KeyFiles(TestCase):
    """docs/spec/state.md: an unsealed file is a header of 36 bytes, and the secret."""

    header = b"\xbbBOOKke1" + bytes([1, 4, 0]) + bytes(25)

    def test_an_unsealed_file_opens_to_its_secret(self):
        self.assertEqual(blindbook.open_key_file(self.header + bytes(range(32)), "token"), bytes(range(32)))

    def test_that_of_an_epoch_opens_to_what_a_server_takes(self):
        head = self.header[:9] + b"\1" + self.header[10:]
        life = EPOCH["not_before"].to_bytes(8, "big") + EPOCH["not_after"].to_bytes(8, "big")
        self.assertEqual(blindbook.open_key_file(head + b"\1" + life + SECRET_KEY, EPOCH_ID.hex()), SECRET_KEY)

    def test_a_file_that_does_not_open_says_why(self):
        self.refused(BadInput, "key.format", blindbook.open_key_file, b"no key file", "token")
        sealed = self.header[:10] + bytes([1, 4]) + (1).to_bytes(4, "big") * 2 + bytes(16) + bytes(12 + 32 + 16)
        self.refused(BadInput, "key.sealed", blindbook.open_key_file, sealed, "token")
        self.refused(BadInput, "key.passphrase", blindbook.open_key_file, sealed, "token", "wrong", bytes(32))


if __name__ == "__main__":
    unittest.main()
