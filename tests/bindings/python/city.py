"""An operator without a program, written from docs/spec/announcement.md: signs, publishes, and holds one epoch of
tests/vectors/derivations.json, whose key everybody knows."""

from __future__ import annotations

import base64
import hashlib
import json
import struct
import sys
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(TESTS / "tools"))

import ed25519_reference as ed25519  # noqa: E402
import make_directory_vectors as directories  # noqa: E402

VECTORS = TESTS / "vectors"
DERIVATIONS = json.loads((VECTORS / "derivations.json").read_text())
EPOCH = DERIVATIONS["epoch"]
EPOCH_ID = bytes.fromhex(EPOCH["epoch_id"])
SECRET_KEY = bytes.fromhex(EPOCH["secret_key"])
NOW = EPOCH["not_before"] + 3600
DAY = 86_400
TEMPLATE = "@{}:city.example"


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(index: int) -> str:
    """Of the range that is kept for fiction."""
    return f"+493023125{index:03}"


def listed(index: int) -> dict[str, Any]:
    """A subscriber of the vectors, with what the directory must hold of it."""
    return dict(DERIVATIONS["labels"][index])


def directory_of(subscribers: list[dict[str, Any]], edition: int, label_bytes: int, template: str) -> bytes:
    """The file as the tool builds it that made the vectors."""
    head = {"epoch": EPOCH_ID, "suite": 1, "edition": edition, "label_bytes": label_bytes, "label_template": template}
    rows = [(int(each["tag"], 16), bytes.fromhex(each["sealed"]) if label_bytes else b"") for each in subscribers]
    return bytes(directories.directory(head, rows))


class City:
    def __init__(self, seed: int = 1) -> None:
        self.root = bytes([seed]) * 32
        self.announcer = bytes([seed + 100]) * 32
        self.root_key = ed25519.public_key(self.root)
        self.operator_pub = base64url(self.root_key)
        self.invitation = f"blindbook://city.example/#{self.operator_pub}"
        self.id = hashlib.sha256(b"blindbook-v1 root\0" + self.root_key).digest()[:16].hex()
        self.seq = 0
        self.head = bytes(32)
        body = (b"\xbbBOOKce1" + struct.pack(">BQ", 1, 1) + ed25519.public_key(self.announcer)
                + struct.pack(">QQ", NOW - DAY, NOW + 300 * DAY))
        self.certificate = body + ed25519.sign(self.root, b"blindbook-v1 certificate\0" + body)

    def announce(self, file: bytes, **described: Any) -> bytes:
        """The next announcement of the chain; `described` are members of the epoch, edition and entries among them."""
        self.seq += 1
        epoch = {"id": EPOCH["epoch_id"], "suite": 1, "pk": EPOCH["public_key"], "not_before": EPOCH["not_before"],
                 "not_after": EPOCH["not_after"], "edition": 1, "root": hashlib.sha256(file).hexdigest(), "size": len(file),
                 "entries": 0, "label_mode": "none", "label_bytes": 0, "label_template": "", "patches": [], **described}
        epoch["label_mode"] = "embedded" if epoch["label_bytes"] else "none"
        said = json.dumps({
            "schema": "blindbook.announcement/1", "operator": EPOCH["operator"], "certificate": base64url(self.certificate),
            "seq": self.seq, "issued_at": NOW, "valid_until": NOW + 7 * DAY, "next_publication": NOW + DAY,
            "previous_head": self.head.hex(), "epochs": [epoch], "batch_sizes": [16, 64, 256, 1024, 2048, 4096],
            "tag_bits": 56, "allowance": {"initial": 8192, "capacity": 16384, "refill_per_day": 320}, "profile": "e164/1",
        }).encode()
        signature = ed25519.sign(self.announcer, b"blindbook-v1 announcement\0" + said)
        announced = b"\xbbBOOKan1" + signature + said
        self.head = hashlib.sha256(b"blindbook-v1 log\0" + self.head + hashlib.sha256(announced).digest()).digest()
        return announced
