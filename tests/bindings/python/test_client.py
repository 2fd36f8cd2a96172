"""The client against a service in the same process, and against the vectors."""

import json
import unittest

import blindbook
from blindbook import ApiMisuse, BadInput, Match, Need, PeerMisbehaved, Refusal, Spent, Unavailable

from city import EPOCH_ID, NOW, TEMPLATE, VECTORS, City, listed, number
from device import KEY, Device, token_for

BOOK = tuple(number(index) for index in range(20))
ANNA = "@anna.beispiel:city.example"


class TestCase(unittest.TestCase):
    def refused(self, fault, rule, call, *arguments):
        with self.assertRaises(blindbook.Error) as caught:
            call(*arguments)
        self.assertEqual((type(caught.exception), caught.exception.rule), (fault, rule))


class Runs(TestCase):
    def setUp(self):
        # The vectors list 000 with a label and 001 with an empty one.
        self.device = Device([listed(0), listed(1)], BOOK, 24, TEMPLATE)

    def test_contacts_of_the_vectors_are_found_with_their_labels(self):
        result = self.device.run()
        self.assertEqual(result.matches, [Match(number(0), ANNA), Match(number(1), "@:city.example")])
        self.assertEqual((result.evaluated, result.not_looked_up, result.unopened_labels, result.partial), (20, 0, 0, False))
        self.assertEqual((result.allowance_left, result.edition, result.epoch), (5000, 1, EPOCH_ID))
        self.assertEqual(result.head, self.device.city.head)

    def test_a_label_is_whatever_utf_8_it_is(self):
        device = Device([listed(2)], ("+33639980001",), 40)
        self.assertEqual(device.run().matches, [Match("+33639980001", "zoë")])

    def test_a_directory_without_labels_gives_none(self):
        self.assertEqual(Device([listed(0)], BOOK).run().matches, [Match(number(0), None)])

    def test_a_second_run_asks_for_no_number_again(self):
        self.device.run()
        self.device.save()
        self.device.open()
        result = self.device.run()
        self.assertEqual((len(result.matches), result.evaluated), (2, 0))

    def test_a_client_that_was_cut_off_sends_the_same_request(self):
        self.device.begin()
        self.device.drive(Need.ANSWER)
        self.device.save()
        sent = self.device.client.request()
        self.device.open()
        self.device.begin()
        self.device.drive(Need.ANSWER)
        self.device.save()
        self.assertEqual(self.device.client.request(), sent)
        self.assertEqual(self.device.client.request(), sent)

    def test_progress_is_counted_to_the_end(self):
        self.device.begin()
        self.device.drive(Need.STEP)
        seen = []
        while self.device.client.need == Need.STEP:
            seen.append(self.device.client.step(10))
        self.assertEqual(seen, [(min(10 * i, 64), 64) for i in range(1, 8)])

    def test_a_directory_can_come_in_pieces_and_be_read_anew(self):
        self.device.begin()
        self.device.drive(Need.DIRECTORY)
        self.assertEqual(self.device.client.directory_path, f"/v1/directory/{EPOCH_ID.hex()}/1")
        self.device.client.feed_directory(self.device.file[:30])
        self.device.client.restart_directory()
        for at in range(len(self.device.file)):
            self.device.client.feed_directory(memoryview(self.device.file)[at : at + 1])
        self.device.client.finish_directory()
        self.assertEqual(len(self.device.client.result().matches), 2)

    def test_a_directory_that_has_gone_makes_it_ask_for_the_announcement(self):
        self.device.begin()
        self.device.drive(Need.DIRECTORY)
        self.device.client.directory_gone()
        self.assertEqual(self.device.client.need, Need.ANNOUNCEMENT)
        self.device.drive()
        self.assertEqual(len(self.device.client.result().matches), 2)

    def test_refusals_that_a_run_can_live_with(self):
        self.device.begin()
        self.device.drive(Need.ANSWER)
        self.device.client.take_refusal(Refusal.EPOCH_GONE)
        self.assertEqual(self.device.client.need, Need.ANNOUNCEMENT)
        self.device.drive(Need.ANSWER)
        self.refused(Spent, "service.allowance", self.device.client.take_refusal, Refusal.ALLOWANCE_SPENT)

    def test_the_service_is_where_the_invitation_says(self):
        self.assertEqual(self.device.client.service_url, "https://city.example")
        elsewhere = self.device.city.invitation.replace("city.example", "city.example:8443")
        self.assertEqual(blindbook.Client(elsewhere, KEY).service_url, "https://city.example:8443")


class Faults(TestCase):
    def setUp(self):
        self.device = Device([listed(0)], BOOK)
        self.client = self.device.client

    def test_bad_input_is_named_and_changes_nothing(self):
        self.refused(BadInput, "identifier.syntax", self.client.add, "030 23125000")
        self.refused(BadInput, "token.encoding", self.client.begin, "no token", NOW)
        self.refused(BadInput, "invitation.syntax", blindbook.Client, "https://city.example", KEY)
        self.assertEqual(len(self.device.run().matches), 1)

    def test_bad_input_is_a_value_error(self):
        with self.assertRaises(ValueError):
            self.client.add("030 23125000")

    def test_a_captive_portal_is_nobodys_fault(self):
        self.device.begin()
        self.refused(Unavailable, "announcement.not-an-envelope", self.client.take_announcement, b"<html>")
        self.assertEqual(self.client.need, Need.NOTHING)

    def test_a_forged_announcement_is_the_peers_fault(self):
        self.device.begin()
        forged = bytearray(self.device.announcement)
        forged[20] ^= 1
        self.refused(PeerMisbehaved, "announcement.signature", self.client.take_announcement, forged)

    def test_the_announcement_of_another_operator_is_the_peers_fault(self):
        self.device.begin()
        other = City(2).announce(self.device.file, entries=1)
        self.refused(PeerMisbehaved, "certificate.signature", self.client.take_announcement, other)

    def test_evidence_of_a_fork_can_be_had(self):
        self.device.run()
        self.assertEqual(self.client.evidence, b"")
        twin = City().announce(self.device.file, entries=1, edition=2)
        self.device.begin()
        self.refused(PeerMisbehaved, "history.fork", self.client.take_announcement, twin)
        self.assertIn(twin, self.client.evidence)
        self.assertIn(self.device.announcement, self.client.evidence)

    def test_the_answer_to_another_request_is_the_peers_fault(self):
        other = Device([listed(0)], BOOK)
        for device in (self.device, other):
            device.begin()
            device.drive(Need.ANSWER)
            device.save()
        answer = other.answer(other.client.request())
        self.refused(PeerMisbehaved, "answer.echo", self.client.take_answer, answer)

    def test_an_answer_under_another_proof_is_the_peers_fault(self):
        self.device.begin()
        self.device.drive(Need.ANSWER)
        self.device.save()
        first, second = (self.device.answer(self.client.request()) for _ in range(2))
        self.assertNotEqual(first, second)  # the nonce of a proof is fresh
        self.refused(PeerMisbehaved, "oprf.proof", self.client.take_answer, first[:-32] + second[-32:])

    def test_a_request_cannot_be_had_before_the_state_that_holds_it(self):
        self.device.begin()
        self.device.drive(Need.ANSWER)
        self.assertTrue(self.client.state_changed)
        self.refused(ApiMisuse, "capi.unsaved", self.client.request)
        self.device.save()
        self.assertFalse(self.client.state_changed)
        self.assertGreater(len(self.client.request()), 64 * 32)

    def test_a_step_that_the_run_does_not_wait_for_is_misuse(self):
        client = self.client

        def wrong(*steps):
            for step, *arguments in steps:
                self.refused(ApiMisuse, "run.order", step, *arguments)

        later = [(client.step,), (client.request,), (client.take_answer, b"x"), (client.take_refusal, Refusal.EPOCH_GONE),
                 (lambda: client.directory_path,), (client.restart_directory,), (client.feed_directory, b"x"),
                 (client.finish_directory,), (client.directory_gone,), (client.result,)]
        wrong((client.take_announcement, b"x"), *later)
        self.device.begin()
        wrong((client.add, number(900)), (client.add_number, "030 23125000", "DE"), *later)
        self.device.drive()
        self.assertEqual(len(client.result().matches), 1)

    def test_a_refusal_that_there_is_not_is_misuse(self):
        self.device.begin()
        self.device.drive(Need.ANSWER)
        self.refused(ApiMisuse, "capi.refusal", self.client.take_refusal, 9)


class States(TestCase):
    def setUp(self):
        self.device = Device([listed(0)], BOOK)
        self.device.run()
        self.device.save()

    def test_a_state_opens_with_its_own_key_alone(self):
        self.refused(BadInput, "state.key", blindbook.Client, self.device.city.invitation, bytes(32), self.device.saved)

    def test_a_state_is_of_one_operator(self):
        self.refused(BadInput, "state.operator", blindbook.Client, City(2).invitation, KEY, self.device.saved)

    def test_a_state_that_was_altered_does_not_open(self):
        altered = self.device.saved[:-1] + bytes([self.device.saved[-1] ^ 1])
        self.refused(BadInput, "state.key", blindbook.Client, self.device.city.invitation, KEY, altered)
        self.refused(BadInput, "state.format", blindbook.Client, self.device.city.invitation, KEY, b"no state")

    def test_a_state_may_lie_in_a_bytearray(self):
        self.device.saved = bytearray(self.device.saved)
        self.device.open()
        self.assertEqual(self.device.run().evaluated, 0)

    def test_keys_are_fresh(self):
        self.assertEqual(len(blindbook.new_key()), 32)
        self.assertNotEqual(blindbook.new_key(), blindbook.new_key())


class RejectedDirectories(TestCase):
    """tests/vectors/directory/rejected.json, each file announced by an operator who means it."""

    # What these announce, no announcement may: it is refused before a directory is asked for.
    BEFORE = {"suite 3", "edition 0", "label size 1", "label size 513"}

    def test_each_is_refused_by_its_rule(self):
        vector = json.loads((VECTORS / "directory" / "rejected.json").read_text())
        device = Device([listed(0)], BOOK)
        device.run()
        device.save()  # so that no case need evaluate again
        saved, city, refused_before = device.saved, device.city, set()
        for case in vector["cases"]:
            with self.subTest(case["name"]):
                device.city, device.saved = City(), saved
                device.city.seq, device.city.head = city.seq, city.head
                file = bytes.fromhex(case["file"]).replace(bytes.fromhex(vector["epoch_id"]), EPOCH_ID)
                device.publish(file, **{"edition": 5, **case["announced"]})
                device.open()
                device.begin()
                try:
                    device.drive(Need.DIRECTORY)
                except blindbook.Error:
                    refused_before.add(case["name"])
                    continue
                self.assertEqual(device.client.need, Need.DIRECTORY)
                # Without its magic it may be a page of something in between.
                expected = ((Unavailable, "service.not-an-answer") if case["name"] == "other magic"
                            else (PeerMisbehaved, case["rule"]))
                self.refused(*expected, device.step)
        self.assertEqual(refused_before, self.BEFORE)


class Closed(TestCase):
    def test_a_closed_client_is_misuse_and_no_crash(self):
        device = Device([listed(0)], BOOK)
        device.begin()
        with device.client as client:
            self.assertEqual(client.need, Need.ANNOUNCEMENT)
        client.close()
        for use in (lambda: client.need, lambda: client.state_changed, lambda: client.evidence, lambda: client.service_url,
                    lambda: client.directory_path, client.state, client.request, client.result, client.step,
                    client.finish_directory, client.directory_gone, client.restart_directory,
                    lambda: client.add(number(1)), lambda: client.add_number("030 23125000", "DE"), lambda: client.begin(token_for(device.city), NOW),
                    lambda: client.take_announcement(b""), lambda: client.take_answer(b""),
                    lambda: client.feed_directory(b""), lambda: client.take_refusal(Refusal.EPOCH_GONE)):
            self.refused(ApiMisuse, "python.closed", use)


if __name__ == "__main__":
    unittest.main()
