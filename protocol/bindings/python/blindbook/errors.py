"""What goes wrong, by whose fault it is: branch on the class and on nothing finer."""

from __future__ import annotations

from typing import Optional


class Error(Exception):
    """Nothing happened. `rule` is a stable name, listed in docs/spec/errors.md; `hint` is what the user can do, or empty."""

    def __init__(self, rule: str, message: str, hint: str = "") -> None:
        super().__init__(message if not hint else f"{message} ({hint})")
        self.rule = rule
        self.message = message
        self.hint = hint


class PeerMisbehaved(Error):
    """The other side broke the protocol: tell the user, and do not try again."""


class BadInput(Error, ValueError):
    """What this side's user handed in cannot be used."""


class ApiMisuse(Error):
    """The calling program broke a rule of this package."""


class Unavailable(Error):
    """Nobody's fault: network, clock or memory were not as needed. Trying again may help."""


class Spent(Error):
    """The account's allowance does not cover the request."""

    #: Seconds until it would, where Allowance.spend() knows; None where it never will.
    retry_after: Optional[int] = None
