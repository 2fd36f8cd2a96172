#!/usr/bin/env python3
"""Prints tests/vectors/derivations.json: every derivation of docs/spec/derivations.md with its intermediate values.

Computed here by an implementation of its own (ristretto255_reference.py and Python's hashlib), so that the product and
docs/spec can disagree. A test compares the committed file with the product; another runs this script and compares.
"""
import hashlib
import hmac
import json

import ristretto255_reference as group

SUITE = 1


def hkdf_extract(hash_name, salt, material):
    return hmac.new(salt, material, hash_name).digest()


def hkdf_expand(hash_name, prk, info, size):
    out, block = b"", b""
    for i in range(1, 256):
        if len(out) >= size:
            break
        block = hmac.new(prk, block + info + bytes([i]), hash_name).digest()
        out += block
    return out[:size]


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def framed(data):
    return len(data).to_bytes(2, "big") + data


def u64(value):
    return value.to_bytes(8, "big")


def epoch_vector(operator, seed, not_before, not_after):
    name = operator.encode()
    info = b"blindbook-v1 epoch key\0" + framed(name) + u64(not_before)
    secret, public = group.derive_key_pair(seed, info)
    preimage = b"blindbook-v1 epoch\0" + bytes([SUITE]) + framed(name) + public + u64(not_before) + u64(not_after)
    return secret, {
        "operator": operator,
        "seed": seed.hex(),
        "not_before": not_before,
        "not_after": not_after,
        "key_info": info.hex(),
        "secret_key": secret.to_bytes(32, "little").hex(),
        "public_key": public.hex(),
        "epoch_id_preimage": preimage.hex(),
        "epoch_id": sha256(preimage)[:16].hex(),
    }


def label_vector(secret, epoch_id, identifier, label, label_bytes):
    out = group.prf(secret, identifier.encode())
    context = bytes([SUITE]) + epoch_id
    prk = hkdf_extract("sha512", b"blindbook-v1", out)
    k_siv = hkdf_expand("sha512", prk, b"label-siv\0" + context, 32)
    k_enc = hkdf_expand("sha512", prk, b"label-enc\0" + context, 32)
    handle = hkdf_expand("sha512", prk, b"handle\0" + context, 16)
    padded = framed(label.encode()).ljust(label_bytes, b"\0")
    siv = hmac.new(k_siv, padded, "sha256").digest()[:8]
    stream = hkdf_expand("sha256", k_enc, b"label-stream\0" + siv, label_bytes)
    sealed = siv + bytes(a ^ b for a, b in zip(padded, stream))
    return {
        "identifier": identifier,
        "output": out.hex(),
        "tag": out[:7].hex(),
        "prk": prk.hex(),
        "k_siv": k_siv.hex(),
        "k_enc": k_enc.hex(),
        "handle": handle.hex(),
        "label": label,
        "label_bytes": label_bytes,
        "padded": padded.hex(),
        "siv": siv.hex(),
        "stream": stream.hex(),
        "sealed": sealed.hex(),
    }


def main():
    root_key = bytes(range(32))
    secret, epoch = epoch_vector("Stadt Beispiel", bytes(range(100, 132)), 1_800_000_000, 1_808_380_800)
    epoch_id = bytes.fromhex(epoch["epoch_id"])
    labels = [
        label_vector(secret, epoch_id, "tel:+493023125000", "anna.beispiel", 24),
        label_vector(secret, epoch_id, "tel:+493023125001", "", 24),
        label_vector(secret, epoch_id, "tel:+33639980001", "zoë", 40),
    ]
    body = b"\xbbEQ1" + bytes([1, SUITE]) + epoch_id + (16).to_bytes(2, "big") + bytes(16 * 32)
    objects = [b"first object", b"second object"]
    head = bytes(32)
    heads = []
    for item in objects:
        head = sha256(b"blindbook-v1 log\0", head, sha256(item))
        heads.append(head.hex())
    print(json.dumps({
        "root": {"key": root_key.hex(), "fingerprint": sha256(b"blindbook-v1 root\0", root_key)[:16].hex()},
        "epoch": epoch,
        "labels": labels,
        "request": {"body": body.hex(), "digest": sha256(b"blindbook-v1 evaluate\0", body).hex()},
        "log": {"objects": [item.hex() for item in objects], "heads": heads},
    }, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    main()
