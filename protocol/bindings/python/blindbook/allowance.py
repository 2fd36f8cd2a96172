"""The allowance that stops enumeration, for those who keep the ledger: docs/spec/protocol.md."""

from __future__ import annotations

from ctypes import byref, c_uint32, c_uint64
from dataclasses import dataclass

from blindbook import _arguments as arguments
from blindbook._functions import Level, Policy
from blindbook._library import call
from blindbook.errors import Spent

_NEVER = (1 << 64) - 1


@dataclass(frozen=True)
class AllowancePolicy:
    """In evaluations: of a new account, at most, and by what it grows in a day."""

    initial: int = 8192
    capacity: int = 16384
    refill_per_day: int = 320

    def _of_library(self) -> Policy:
        return Policy(arguments.whole(self.initial, "initial", 32), arguments.whole(self.capacity, "capacity", 32),
                      arguments.whole(self.refill_per_day, "refill_per_day", 32))


@dataclass(frozen=True)
class Allowance:
    """What a ledger keeps of an account: `level` in 1/86400 of an evaluation, and when it was refilled, in Unix seconds."""

    level: int
    refilled_at: int

    @staticmethod
    def of_new_account(policy: AllowancePolicy, now: int) -> Allowance:
        """Of an account never seen before."""
        level = Level()
        call("bb_allowance_new", byref(policy._of_library()), arguments.whole(now, "the time", 64), byref(level))
        return Allowance(level.level, level.refilled_at)

    def spend(self, policy: AllowancePolicy, cost: int, now: int) -> tuple[Allowance, int]:
        """Refills to `now` and takes `cost` evaluations: the allowance afterwards, and the whole evaluations left. Spent
        "service.allowance", and nothing is taken, with the seconds until it would cover them in `retry_after`."""
        level = Level(arguments.whole(self.level, "the level", 64), arguments.whole(self.refilled_at, "refilled_at", 64))
        left, retry = c_uint32(), c_uint64()
        try:
            call("bb_allowance_spend", byref(policy._of_library()), byref(level), arguments.whole(cost, "the cost", 32),
                 arguments.whole(now, "the time", 64), byref(left), byref(retry))
        except Spent as error:
            error.retry_after = None if retry.value == _NEVER else retry.value
            raise
        return Allowance(level.level, level.refilled_at), left.value
