#!/usr/bin/env python3
"""Prints tests/vectors/token.json: an access token of docs/spec/token.md and everything it is made of.

Signed here by an Ed25519 of its own (ed25519_reference.py), so that the product and
docs/spec can disagree. A test compares the committed file with the product; another runs this script and compares.
"""
import base64
import hashlib
import json

from ed25519_reference import public_key, sign


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def main():
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
