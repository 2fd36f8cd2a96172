#!/usr/bin/env python3
"""Writes tests/vectors/directory: directories, patches between them, and files that a reader must reject.

Shares no code with the library: the format is spelled out here a second time, bit by bit, so that the two can
disagree. Deterministic; run it again and `git diff` is empty. Usage: make_directory_vectors.py tests/vectors/directory
"""
import hashlib
import hmac
import json
import pathlib
import struct
import sys

MAGIC = b"\xbbBOOKdi1"
EPOCH = bytes(range(0xA0, 0xB0))
SUITES = {1: hashlib.sha512, 2: hashlib.sha256}


def extract(digest, salt, ikm):
    return hmac.new(salt, ikm, digest).digest()


def expand(digest, prk, info, size):
    out, block, counter = b"", b"", 1
    while len(out) < size:
        block = hmac.new(prk, block + info + bytes([counter]), digest).digest()
        out, counter = out + block, counter + 1
    return out[:size]


def derive(suite, prf_output):
    context = bytes([suite]) + EPOCH
    prk = extract(SUITES[suite], b"blindbook-v1", prf_output)
    siv = expand(SUITES[suite], prk, b"label-siv\0" + context, 32)
    enc = expand(SUITES[suite], prk, b"label-enc\0" + context, 32)
    return siv, enc, expand(SUITES[suite], prk, b"handle\0" + context, 16)


def seal_plaintext(suite, prf_output, plaintext):
    k_siv, k_enc, _ = derive(suite, prf_output)
    siv = hmac.new(k_siv, plaintext, hashlib.sha256).digest()[:8]
    stream = expand(hashlib.sha256, k_enc, b"label-stream\0" + siv, len(plaintext))
    return siv + bytes(a ^ b for a, b in zip(plaintext, stream))


def seal(suite, prf_output, label, label_bytes):
    text = label.encode()
    assert len(text) + 2 <= label_bytes
    return seal_plaintext(suite, prf_output, (struct.pack(">H", len(text)) + text).ljust(label_bytes, b"\0"))


def gaps_of(tags):
    return [b - a for a, b in zip([0] + tags[:-1], tags)]


def body_bits(gaps, k):
    return sum((gap >> k) + 1 + k for gap in gaps)


def best_rice(gaps):
    return min(range(57), key=lambda k: (body_bits(gaps, k), k)) if gaps else 0


def body(gaps, k):
    bits = "".join("0" * (gap >> k) + "1" + (format(gap % (1 << k), f"0{k}b") if k else "") for gap in gaps)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i:i + 8], 2) for i in range(0, len(bits), 8))


def header(d, **changed):
    f = {"magic": MAGIC, "epoch": EPOCH, "version": 1, "w": 56, "rice": 0, "entries": 0, **d, **changed}
    template = f["label_template"].encode()
    return (f["magic"] + bytes([f["version"], f["suite"]]) + f["epoch"] + struct.pack(">I", f["edition"])
            + bytes([f["w"], f["rice"]]) + struct.pack(">QHB", f["entries"], f["label_bytes"], len(template)) + template)


def directory(d, rows, k=None):
    """The file of `rows`, pairs of tag and sealed label; with another Rice parameter than the right one if asked."""
    rows = sorted(rows)
    gaps = gaps_of([tag for tag, _ in rows])
    k = best_rice(gaps) if k is None else k
    return header(d, rice=k, entries=len(rows)) + body(gaps, k) + b"".join(sealed for _, sealed in rows)


def write(folder, name, data):
    (folder / f"{name}.json").write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def write_directory(folder, name, comment, suite, edition, label_bytes, template, subscribers):
    d = {"suite": suite, "edition": edition, "label_bytes": label_bytes, "label_template": template}
    rows, listed = [], []
    for prf_output, label in subscribers:
        row = {"prf_output": prf_output.hex(), "tag": prf_output[:7].hex()}
        sealed = b""
        if label_bytes:
            before, after = template.split("{}") if template else ("", "")
            assert label.startswith(before) and label.endswith(after)
            sealed = seal(suite, prf_output, label[len(before):len(label) - len(after)], label_bytes)
            k_siv, k_enc, handle = derive(suite, prf_output)
            row |= {"label": label, "k_siv": k_siv.hex(), "k_enc": k_enc.hex(), "handle": handle.hex(),
                    "sealed": sealed.hex()}
        rows.append((int.from_bytes(prf_output[:7], "big"), sealed))
        listed.append(row)
    file = directory(d, rows)
    gaps = gaps_of(sorted(tag for tag, _ in rows))
    (folder / f"{name}.bbd").write_bytes(file)
    write(folder, name, {"comment": comment, "epoch_id": EPOCH.hex(), **d, "rice": best_rice(gaps),
                         "body_bits": body_bits(gaps, best_rice(gaps)), "root": hashlib.sha256(file).hexdigest(),
                         "rows": listed})


def prf(suite, text):
    return SUITES[suite](b"directory vector " + text.encode()).digest()


def write_directories(folder):
    write_directory(folder, "empty", "no subscriber: no body, Rice parameter 0", 1, 1, 24, "@{}:city.example", [])
    write_directory(folder, "one-entry", "one tag without labels, P-256", 2, 7, 0, "", [(prf(2, "only"), None)])

    edges = [bytes(7) + prf(1, "zero")[7:], bytes(7) + prf(1, "zero again")[7:], b"\xff" * 7 + prf(1, "last")[7:]]
    write_directory(folder, "tags-only", "130 tags, among them 0 twice and 2^56 - 1", 1, 2, 0, "",
                    [(p, None) for p in edges + [prf(1, f"tag {i}") for i in range(127)]])

    people = [(prf(1, f"person {i}"), f"@person{i}:city.example") for i in range(64)]
    collision = [(people[3][0][:7] + prf(1, f"collision {i}")[7:], f"@other{i}:city.example") for i in range(2)]
    special = [(prf(1, "empty"), "@:city.example"), (prf(1, "longest"), "@" + "x" * 22 + ":city.example"),
               (prf(1, "umlaut"), "@jörg:city.example"), (prf(1, "emoji"), "@\U0001F4D6:city.example")]
    twice = [people[5], people[5]]
    write_directory(folder, "labels", "72 rows: a tag of three rows, one row that stands there three times", 1, 3, 24,
                    "@{}:city.example", people + collision + special + twice)

    write_directory(folder, "labels-p256", "P-256: SHA-256 in HKDF; no template; a label stream of two blocks", 2, 4,
                    40, "", [(prf(2, f"person {i}"), f"xmpp:person{i}@chat.example") for i in range(5)])


def patch(d, leavers, joins, **changed):
    """The file of a patch: `leavers` are ranks, `joins` pairs of tag and sealed label."""
    f = {"magic": b"\xbbBOOKpa1", "version": 1, **d, **changed}
    joins = sorted(joins)
    risen = gaps_of([rank - i for i, rank in enumerate(leavers)])
    gaps = gaps_of([tag for tag, _ in joins])
    leaver_rice, join_rice = f.get("leaver_rice", best_rice(risen)), f.get("join_rice", best_rice(gaps))
    left, joined = body(risen, leaver_rice), body(gaps, join_rice)
    return (f["magic"] + bytes([f["version"], f["suite"]]) + EPOCH + struct.pack(">IIH", f["from"], f["to"],
            f["label_bytes"]) + struct.pack(">QBQQB", f.get("leavers", len(leavers)), leaver_rice,
            f.get("leaver_bytes", len(left)), f.get("joins", len(joins)), join_rice)
            + left + joined + b"".join(sealed for _, sealed in joins))


def write_patch(folder, name, comment, label_bytes, before, after):
    """A patch from `before` to `after`, lists of PRF outputs and labels, and what it leads from and to."""
    d = {"suite": 1, "label_bytes": label_bytes, "label_template": ""}

    def rows(people):
        return sorted((int.from_bytes(p[:7], "big"), seal(1, p, label, label_bytes) if label_bytes else b"")
                      for p, label in people)

    old, new = rows(before), rows(after)
    rest, leavers = list(new), []
    for rank, row in enumerate(old):
        if row in rest:
            rest.remove(row)
        else:
            leavers.append(rank)
    file = patch({**d, "from": 3, "to": 8}, leavers, rest)
    (folder / f"{name}.bbp").write_bytes(file)
    (folder / f"{name}-from.bbd").write_bytes(directory({**d, "edition": 3}, old))
    to = directory({**d, "edition": 8}, new)
    write(folder, name, {"comment": comment, "epoch_id": EPOCH.hex(), **d, "from": 3, "to": 8, "leavers": leavers,
                         "joins": [{"tag": f"{tag:014x}", "sealed": sealed.hex()} for tag, sealed in rest],
                         "sha256": hashlib.sha256(file).hexdigest(), "root": hashlib.sha256(to).hexdigest()})


def write_patches(folder):
    people = [(prf(1, f"person {i}"), f"@person{i}") for i in range(40)]
    twice = [people[7], people[7]]
    write_patch(folder, "patch-tags", "ten leave, first and last among them, and ten join; one of two equal rows leaves", 0,
                people + twice, people[5:35] + [(prf(1, f"new {i}"), "") for i in range(10)] + twice[:1])
    relabelled = [(people[3][0], "@another")]
    write_patch(folder, "patch-labels", "one leaves, two join, one has another label", 24, people[:20],
                people[:3] + relabelled + people[5:20] + people[30:32])
    write_patch(folder, "patch-nothing", "nobody leaves or joins", 0, people[:2], people[:2])
    write_patch(folder, "patch-emptied", "all leave", 0, people[:9], [])


def write_rejected(folder):
    tags = [int.from_bytes(prf(1, f"declined {i}")[:7], "big") for i in range(9)]
    d = {"suite": 1, "edition": 5, "label_bytes": 0, "label_template": ""}
    rows = [(tag, b"") for tag in tags]
    gaps = gaps_of(sorted(tags))
    good = directory(d, rows)
    right = best_rice(gaps)
    head = {**d, "rice": right, "entries": 9}
    codes = body(gaps, right)
    assert -body_bits(gaps, right) % 8 > 1, "the vectors need padding of two bits"
    cases = []

    def case(name, rule, file, entries=9, **announced):
        cases.append({"name": name, "rule": rule, "announced": {**d, **announced, "entries": entries},
                      "file": file.hex()})

    case("other magic", "directory.header", header(head, magic=b"\xbbBOOKpa1") + codes)
    case("version 2", "directory.header", header(head, version=2) + codes)
    case("suite 3", "directory.header", header(head, suite=3) + codes, suite=3)
    case("edition 0", "directory.header", header(head, edition=0) + codes, edition=0)
    case("tag width 57", "directory.header", header(head, w=57) + codes)
    case("rice 56", "directory.header", header(head, rice=56) + body(gaps, 56))
    case("label size 1", "directory.header", header(head, label_bytes=1) + codes + bytes(81), label_bytes=1)
    case("label size 513", "directory.header", header(head, label_bytes=513) + codes + bytes(9 * 521), label_bytes=513)
    case("template without a place", "directory.header", header(head, label_template="@") + codes, label_template="@")
    case("empty with rice 1", "directory.header", header(head, rice=1, entries=0), 0)
    case("cut in the header", "directory.size", good[:20])
    case("entries 2^60 of 1 bit", "directory.size", header(head, rice=0, entries=1 << 60) + codes, 1 << 60)
    case("entries 2^60 with labels", "directory.size",
         header(head, entries=1 << 60, label_bytes=24) + codes, 1 << 60, label_bytes=24)
    case("an entry without a body", "directory.size", header(head, rice=0, entries=1), 1)
    case("empty with a body", "directory.size", header(head, rice=0, entries=0) + b"\0", 0)
    case("one entry more", "directory.size", header(head, entries=10) + codes, 10)
    case("one entry less", "directory.body", header(head, entries=8) + codes, 8)
    case("a body byte more", "directory.body", good + b"\0")
    case("a body byte less", "directory.body", good[:-1])
    case("rice one too small", "directory.body", directory(d, rows, right - 1))
    case("rice one too large", "directory.body", directory(d, rows, right + 1))
    case("rice far too large", "directory.body", directory(d, rows, 55))
    case("last padding bit set", "directory.body", good[:-1] + bytes([good[-1] | 1]))
    case("first padding bit set", "directory.body", good[:-1] + bytes([good[-1] | 1 << (-body_bits(gaps, right) % 8 - 1)]))
    case("tag of 2^56", "directory.body", header(head, rice=55, entries=1) + body([1 << 56], 55), 1)
    case("tags that add up to 2^56", "directory.body", header(head, rice=55, entries=2) + body([(1 << 56) - 1, 1], 55), 2)
    case("a quotient of 4096 under rice 55", "directory.body", header(head, rice=55, entries=1) + body([1 << 67], 55), 1)
    case("only zero bits", "directory.body", header(head, rice=0, entries=1) + bytes(64), 1)
    write(folder, "rejected", {"comment": "files that a reader refuses, and the rule that does", "epoch_id": EPOCH.hex(),
                               "cases": cases})


def write_unopenable(folder):
    """Rows sealed with the right keys whose plaintext is no label: only who holds the PRF output can make them."""
    prf_output = prf(1, "unopenable")
    cases = []
    for name, plaintext in {
        "padding": b"\0\x03abc" + bytes(10) + b"\x01",
        "length": b"\0\x0f" + b"a" * 14,
        "control": b"\0\x03a\x07b" + bytes(11),
        "c1 control": b"\0\x04a\xc2\x9bb" + bytes(10),
        "bidi": b"\0\x05a\xe2\x80\xaeb" + bytes(9),
        "line separator": b"\0\x05a\xe2\x80\xa8b" + bytes(9),
        "not utf-8": b"\0\x03a\xffb" + bytes(11),
        "surrogate": b"\0\x03\xed\xa0\x80" + bytes(11),
        "overlong": b"\0\x02\xc0\x80" + bytes(12),
    }.items():
        assert len(plaintext) == 16
        cases.append({"name": name, "sealed": seal_plaintext(1, prf_output, plaintext).hex()})
    write(folder, "unopenable", {"comment": "rows of L = 16 with a right synthetic IV and no label inside",
                                 "epoch_id": EPOCH.hex(), "suite": 1, "label_bytes": 16,
                                 "prf_output": prf_output.hex(),
                                 "good": seal_plaintext(1, prf_output, b"\0\x03abc" + bytes(11)).hex(),
                                 "cases": cases})


if __name__ == "__main__":
    target = pathlib.Path(sys.argv[1])
    write_directories(target)
    write_patches(target)
    write_rejected(target)
    write_unopenable(target)
