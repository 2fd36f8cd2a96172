"""A person's device and a service, in one process: what Client asks for, Server answers."""

from __future__ import annotations

import hashlib
from typing import Any, Optional

import blindbook
from blindbook import Need

from city import NOW, SECRET_KEY, City, directory_of

KEY = bytes([7]) * 32


def token_for(city: City, account: str = "anna", issued_at: int = NOW) -> str:
    return blindbook.mint_token(bytes([9]) * 32, issuer="city", kid="k1", audience=city.id, account=account,
                                issued_at=issued_at)


class Device:
    """`subscribers` are of the vectors; what they are published under, is announced."""

    def __init__(self, subscribers: Optional[list[dict[str, Any]]] = None, numbers: tuple[str, ...] = (), label_bytes: int = 0,
                 template: str = "", city: Optional[City] = None) -> None:
        self.city = city or City()
        self.numbers = numbers
        self.saved = b""
        self.publish(directory_of(subscribers or [], 1, label_bytes, template), entries=len(subscribers or []),
                     label_bytes=label_bytes, label_template=template)
        self.server = blindbook.Server()
        self.epoch = self.server.add_epoch(self.city.operator_pub, self.announcement, SECRET_KEY)
        self.token = token_for(self.city)
        self.open()

    def publish(self, file: bytes, **described: Any) -> None:
        self.file = file
        self.announcement = self.city.announce(file, **described)

    def open(self) -> None:
        """As after a restart: from what was saved."""
        self.client = blindbook.Client(self.city.invitation, KEY, self.saved)
        for number in self.numbers:
            self.client.add(number)

    def begin(self) -> None:
        self.client.begin(self.token, NOW)

    def save(self) -> None:
        self.saved = self.client.state()

    def answer(self, request: bytes) -> bytes:
        return self.server.accept(request, NOW).answer(5000)

    def step(self) -> None:
        need = self.client.need
        if need == Need.ANNOUNCEMENT:
            self.client.take_announcement(self.announcement)
        elif need == Need.STEP:
            self.client.step(10)
        elif need == Need.ANSWER:
            self.save()
            self.client.take_answer(self.answer(self.client.request()))
        else:
            self.client.feed_directory(self.file)
            self.client.finish_directory()

    def drive(self, until: Need = Need.NOTHING) -> None:
        while self.client.need not in (until, Need.NOTHING):
            self.step()

    def run(self) -> blindbook.Result:
        self.begin()
        self.drive()
        return self.client.result()


def digest_of(request: bytes) -> bytes:
    return hashlib.sha256(b"blindbook-v1 evaluate\0" + request).digest()
