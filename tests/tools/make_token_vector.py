#!/usr/bin/env python3
"""Prints tests/vectors/token.json: an access token of docs/spec/token.md and everything it is made of.

Signed here by an Ed25519 of its own (RFC 8032 over the curve of ristretto255_reference.py), so that the product and
docs/spec can disagree. A test compares the committed file with the product; another runs this script and compares.
"""
import base64
import hashlib
import json

import ristretto255_reference as curve

BASE = (15112221349535400772501151409588531511454012693041857206046113283949847762202,
        46316835694926478169428394003475163141307993866256225615783033603165251855960)


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def compressed(point):
    x, y = point
    return (y | (x & 1) << 255).to_bytes(32, "little")


def secret_scalar(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little") & ~7 & ~(1 << 255) | 1 << 254
    return scalar, digest[32:]


def public_key(seed):
    return compressed(curve.multiply(secret_scalar(seed)[0], BASE))


def sign(seed, message):
    scalar, prefix = secret_scalar(seed)
    nonce = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % curve.L
    commitment = compressed(curve.multiply(nonce, BASE))
    challenge = int.from_bytes(hashlib.sha512(commitment + public_key(seed) + message).digest(), "little")
    return commitment + ((nonce + challenge * scalar) % curve.L).to_bytes(32, "little")


def main():
    # RFC 8032 section 7.1, test 1: an Ed25519 that fails this must not make vectors.
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
    assert sign(seed, b"").hex().startswith("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155")

    seed = hashlib.sha256(b"blindbook token vector").digest()
    key = public_key(seed)
    header = {"alg": "EdDSA", "kid": key[:8].hex(), "typ": "JWT"}
    claims = {"aud": "00112233445566778899aabbccddeeff", "exp": 1800000600, "iat": 1800000000, "iss": "city",
              "jti": base64url(bytes(range(12))), "scope": "evaluate", "sub": "9f86d081884c7d65"}
    texts = [json.dumps(part, separators=(",", ":")) for part in (header, claims)]
    signed = ".".join(base64url(text.encode()) for text in texts)
    signature = sign(seed, signed.encode())
    vector = {"secret_key_seed": seed.hex(), "public_key": key.hex(), "header": header, "claims": claims,
              "header_text": texts[0], "claims_text": texts[1], "signed_text": signed, "signature": signature.hex(),
              "token": signed + "." + base64url(signature)}
    print(json.dumps(vector, indent=2))


main()
