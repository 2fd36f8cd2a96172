"""What is handed in is checked before the library sees it: ctypes would cut numbers, and read beyond bytes that are short."""

import unittest
from unittest import mock

import blindbook
from blindbook import Allowance, AllowancePolicy, BadInput, _library

from city import EPOCH_ID, NOW, SECRET_KEY, City
from device import KEY, Device
from test_client import TestCase

WRONG_TEXTS = (None, b"bytes", 5)
WRONG_BYTES = (None, "text", 5, [1, 2])
WRONG_NUMBERS = (None, "5", 1.5, b"5")


class Arguments(TestCase):
    def setUp(self):
        self.device = Device()
        self.client, self.server = self.device.client, self.device.server
        self.tokens = blindbook.Tokens(self.device.city.id)
        self.directory = blindbook.Directory(self.server, EPOCH_ID, 1)
        self.policy = AllowancePolicy()
        self.allowance = Allowance(0, 0)
        self.minted = {"issuer": "i", "kid": "k", "audience": "a", "account": "x", "issued_at": NOW, "life": 60}

    def mint(self, **changed):
        return blindbook.mint_token(KEY, **{**self.minted, **changed})

    def texts(self):
        """Calls that take a text."""
        city = self.device.city
        return [lambda it: blindbook.Client(it, KEY), self.client.add, self.client.add_number, lambda it: self.client.begin(it, NOW),
                lambda it: self.server.add_epoch(it, self.device.announcement, SECRET_KEY),
                lambda it: blindbook.Directory(self.server, EPOCH_ID, 1, 24, it), self.directory.add,
                blindbook.Tokens, lambda it: self.tokens.add_issuer(it, "k", city.root_key),
                lambda it: self.tokens.add_issuer("i", it, city.root_key), lambda it: self.tokens.check(it, NOW),
                lambda it: blindbook.open_key_file(b"", it),
                *(lambda it, member=member: self.mint(**{member: it}) for member in ("issuer", "kid", "audience", "account"))]

    def optional_texts(self):
        return [lambda it: self.directory.add("+493023125000", it), lambda it: self.client.add_number("030", it), lambda it: blindbook.open_key_file(b"", "token", it, KEY)]

    def all_bytes(self):
        """Calls that take bytes of any size."""
        return [lambda it: blindbook.Client(self.device.city.invitation, KEY, it), self.client.take_announcement,
                self.client.take_answer, self.client.feed_directory,
                lambda it: self.server.add_epoch(self.device.city.operator_pub, it, SECRET_KEY),
                lambda it: self.server.add_epoch(self.device.city.operator_pub, self.device.announcement, it),
                lambda it: self.server.accept(it, NOW), lambda it: blindbook.open_key_file(it, "token")]

    def sized_bytes(self):
        """Calls that take bytes of one size, which no argument tells the library."""
        return [lambda it: blindbook.Client(self.device.city.invitation, it),
                lambda it: blindbook.Directory(self.server, it, 1), lambda it: self.tokens.add_issuer("i", "k", it),
                lambda it: blindbook.mint_token(it, **self.minted), blindbook.token_public_key,
                lambda it: blindbook.open_key_file(b"", "token", "passphrase", it or b"")]

    def numbers(self):
        """Calls that take a number, and its bits."""
        return [(lambda it: self.client.begin(self.device.token, it), 64), (self.client.step, 32),
                (self.client.take_refusal, 31), (lambda it: self.server.accept(b"", it), 64),
                (lambda it: blindbook.Directory(self.server, EPOCH_ID, it), 32),
                (lambda it: blindbook.Directory(self.server, EPOCH_ID, 1, it), 16),
                (lambda it: self.tokens.check(self.device.token, it), 64),
                (lambda it: self.mint(issued_at=it), 64), (lambda it: self.mint(life=it), 64),
                (lambda it: Allowance.of_new_account(self.policy, it), 64),
                (lambda it: Allowance.of_new_account(AllowancePolicy(initial=it), NOW), 32),
                (lambda it: Allowance.of_new_account(AllowancePolicy(capacity=it), NOW), 32),
                (lambda it: Allowance.of_new_account(AllowancePolicy(refill_per_day=it), NOW), 32),
                (lambda it: self.allowance.spend(self.policy, it, NOW), 32),
                (lambda it: self.allowance.spend(self.policy, 1, it), 64),
                (lambda it: Allowance(it, 0).spend(self.policy, 1, NOW), 64),
                (lambda it: Allowance(0, it).spend(self.policy, 1, NOW), 64)]

    def assert_never_called(self, kinds, calls, wrong_values, rule=None):
        for index, call in enumerate(calls):
            for wrong in wrong_values:
                with self.subTest(call=index, value=wrong), \
                        mock.patch.object(_library, "_status", side_effect=AssertionError("the library was called")), \
                        self.assertRaises(kinds) as caught:
                    call(wrong)
                if rule is not None:
                    self.assertEqual(caught.exception.rule, rule)

    def test_what_is_no_text_is_a_type_error(self):
        self.assert_never_called(TypeError, self.texts(), WRONG_TEXTS)
        self.assert_never_called(TypeError, self.optional_texts(), (b"bytes", 5))

    def test_what_are_no_bytes_is_a_type_error(self):
        self.assert_never_called(TypeError, self.all_bytes(), WRONG_BYTES)
        self.assert_never_called(TypeError, self.sized_bytes()[:-1], WRONG_BYTES)

    def test_what_is_no_number_is_a_type_error(self):
        self.assert_never_called(TypeError, [call for call, _ in self.numbers()], WRONG_NUMBERS)

    def test_a_null_or_half_a_pair_in_a_text_is_bad_input(self):
        self.assert_never_called(BadInput, self.texts() + self.optional_texts(), ("+4930\0", "\ud800"), "python.text")

    def test_bytes_of_another_size_are_bad_input(self):
        self.assert_never_called(BadInput, self.sized_bytes(), (b"", b"x" * 15, b"x" * 33), "python.size")

    def test_a_number_out_of_range_is_bad_input(self):
        for call, bits in self.numbers():
            self.assert_never_called(BadInput, [call], (-1, 1 << bits), "python.range")

    def test_what_there_is_room_for_crosses_unharmed(self):
        key, city = bytes(range(32)), City()
        wide = blindbook.Client(city.invitation, memoryview(key))
        self.assertEqual(blindbook.Client(city.invitation, key, wide.state()).need, blindbook.Need.NOTHING)
        self.assertEqual(Allowance.of_new_account(AllowancePolicy((1 << 32) - 1, (1 << 32) - 1, 0), (1 << 36) - 1),
                         Allowance(((1 << 32) - 1) * 86_400, (1 << 36) - 1))


class ShortBuffers(TestCase):
    def test_a_buffer_that_is_short_is_asked_for_again(self):
        device = Device(numbers=tuple(f"+49302312{index:04}" for index in range(300)))
        device.begin()
        device.drive(blindbook.Need.ANSWER)
        device.save()
        pointer = device.client._held().value
        for name in ("bb_client_request", "bb_client_service_url"):
            whole = _library.bytes_from(name, pointer, room=1 << 20)
            for room in (0, 1, len(whole) - 1, len(whole)):
                self.assertEqual(_library.bytes_from(name, pointer, room=room), whole)

    def test_so_are_two_buffers_of_which_one_is_short(self):
        key = bytes(32)
        tokens = blindbook.Tokens("aud")
        tokens.add_issuer("i" * 40, "k", blindbook.token_public_key(key))
        token = blindbook.mint_token(key, issuer="i" * 40, kid="k", audience="aud", account="a" * 255, issued_at=NOW)
        for room in (0, 1, 41, 100, 255, 256, 1024):
            got = _library.texts_from("bb_tokens_check", tokens._held().value, token.encode(), NOW, room=room)
            self.assertEqual(got, ("i" * 40, "a" * 255))


if __name__ == "__main__":
    unittest.main()
