#!/usr/bin/env python3
"""search_secrets.py --epoch-key FILE --subscribers CSV --words FILE [--skip-tags GLOB] PATH..

Searches every file under each PATH for what no file of a service or of the wire may hold: every number of the list (as
people write it, as E.164, packed, as an integer, hashed), everything the epoch key makes of it (hashed and evaluated
elements, PRF outputs, tags; as raw bytes, hex, base64 and integers), every label, and every line of --words. Names each
finding by file and kind, never by value, and ends with 1 if there is one.

--epoch-key is a key file that is not sealed, of an operator made for this. Files that match --skip-tags may hold tags
in the clear: the directory is made of them. --self-test plants each thing that is searched for in a file, one after the
other, and ends with 1 unless every one of them is found.
"""
import argparse
import base64
import csv
import fnmatch
import hashlib
import os
import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tools"))
import ristretto255_reference as group  # noqa: E402  (it is no package)

TAG_BYTES = 7
COUNTRY = "49"


def encodings(kind, raw):
    """`raw` as bytes, hex and base64. What it is is in `kind`."""
    yield kind, raw
    yield kind + ", reversed", raw[::-1]
    for text in (raw.hex(), raw.hex().upper()):
        yield kind + ", hex", text.encode()
    # The last characters depend on what follows, so they are left out.
    whole = len(raw) // 3 * 4
    for text in (base64.b64encode(raw), base64.urlsafe_b64encode(raw)):
        yield kind + ", base64", text[:whole]


def needles_of_number(digits):
    """`digits`: E.164 without the plus."""
    national = digits.removeprefix(COUNTRY)
    area, subscriber = national[:2], national[2:]
    spellings = {digits, "0" + national, subscriber, f"0{area} {subscriber}", f"0{area}/{subscriber}"}
    for at in (4, 5):
        spellings |= {subscriber[:at] + gap + subscriber[at:] for gap in (" ", "-")}
    for spelling in sorted(spellings):
        yield "number", spelling.encode()
        yield "number, UTF-16", spelling.encode("utf-16-le")
    yield "number, packed", bytes.fromhex(digits.rjust(len(digits) + len(digits) % 2, "0"))
    for order in ("big", "little"):
        yield "number, integer", int(digits).to_bytes(8, order)
    yield "number, hex integer", b"%x" % int(digits)
    for text in (digits, "+" + digits, "tel:+" + digits, "0" + national):
        for name in ("md5", "sha1", "sha256", "sha512"):
            yield from encodings(f"number, {name}", hashlib.new(name, text.encode()).digest()[:16])


def evaluated(secret, digits):
    """(hashed element, evaluated element, PRF output) of a number, as RFC 9497 derives them."""
    identifier = ("tel:+" + digits).encode()
    point = group.hash_to_group(identifier)
    element = group.encode(group.multiply(secret, point))
    framed = len(identifier).to_bytes(2, "big") + identifier + len(element).to_bytes(2, "big") + element
    return group.encode(point), element, hashlib.sha512(framed + b"Finalize").digest()


def needles_of_tag(tag):
    yield from encodings("tag", tag)
    for order in ("big", "little"):
        yield "tag, decimal", str(int.from_bytes(tag, order)).encode()
        yield "tag, hex integer", b"%x" % int.from_bytes(tag, order)


def read_secret(path):
    """The scalar of a key file that is not sealed: its last 32 bytes, little-endian."""
    return int.from_bytes(pathlib.Path(path).read_bytes()[-32:], "little")


def files_under(paths):
    for path in map(pathlib.Path, paths):
        yield from sorted(file for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file())


def search(paths, needles, tag_needles, skip_tags):
    findings = []
    for file in files_under(paths):
        content = file.read_bytes()
        wanted = needles + ([] if skip_tags and fnmatch.fnmatch(file.name, skip_tags) else tag_needles)
        findings += [f"{file}: {kind}" for kind, needle in wanted if needle in content]
    return sorted(set(findings))


def self_test(needles, tag_needles):
    missed = []
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "below", "planted")
        file.parent.mkdir()
        for kind, needle in needles + tag_needles:
            # Among random bytes, which hold nothing of interest.
            file.write_bytes(os.urandom(500) + needle + os.urandom(500))
            if not any(finding.endswith(": " + kind) for finding in search([folder], needles, tag_needles, None)):
                missed.append(f"not found although planted: {kind}")
        file.write_bytes(os.urandom(5000))
        missed += [f"found although not planted: {finding}" for finding in search([folder], needles, tag_needles, None)]
    return missed


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--epoch-key", required=True)
    parser.add_argument("--subscribers", required=True)
    parser.add_argument("--words", required=True)
    parser.add_argument("--skip-tags")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("paths", nargs="*")
    arguments = parser.parse_args()

    secret = read_secret(arguments.epoch_key)
    needles, tag_needles = [], []
    with open(arguments.subscribers, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            digits = row["number"].removeprefix("+")
            needles += needles_of_number(digits)
            hashed, element, output = evaluated(secret, digits)
            needles += [*encodings("hashed element", hashed), *encodings("evaluated element", element),
                        *encodings("PRF output", output[:32])]
            tag_needles += needles_of_tag(output[:TAG_BYTES])
            if row["label"]:
                needles.append(("label", row["label"].encode()))
    with open(arguments.words, encoding="utf-8") as file:
        needles += [("word", line.strip().encode()) for line in file if line.strip()]

    findings = self_test(needles, tag_needles) if arguments.self_test else \
        search(arguments.paths, needles, tag_needles, arguments.skip_tags)
    if not arguments.self_test and not any(files_under(arguments.paths)):
        findings.append("there was nothing to search")
    print("\n".join(findings))
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
