#!/usr/bin/env python3
"""make_token_vector.py [ES256]: prints tests/vectors/token.json, or token_es256.json: an access token of docs/spec/token.md and
everything it is made of.

Signed here by an Ed25519 and an ES256 of its own (ed25519_reference.py, p256_reference.py), so that the product and
docs/spec can disagree. A test compares the committed files with the product; another runs this script and compares.
"""
import base64
import hashlib
import json
import sys

import ed25519_reference
import p256_reference


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def main(algorithm):
    secret = hashlib.sha256(b"blindbook token vector").digest()
    if algorithm == "ES256":
        scalar = int.from_bytes(secret, "big")
        key, signed_by = p256_reference.public_key(scalar), lambda text: p256_reference.sign(scalar, text)
    else:
        key, signed_by = ed25519_reference.public_key(secret), lambda text: ed25519_reference.sign(secret, text)
    header = {"alg": algorithm, "kid": key[:8].hex(), "typ": "JWT"}
    claims = {"aud": "00112233445566778899aabbccddeeff", "exp": 1800000600, "iat": 1800000000, "iss": "city",
              "jti": base64url(bytes(range(12))), "scope": "evaluate", "sub": "9f86d081884c7d65"}
    texts = [json.dumps(part, separators=(",", ":")) for part in (header, claims)]
    signed = ".".join(base64url(text.encode()) for text in texts)
    signature = signed_by(signed.encode())
    secret_name = "secret_key_seed" if algorithm == "EdDSA" else "secret_scalar"
    vector = {secret_name: secret.hex(), "public_key": key.hex(), "header": header, "claims": claims,
              "header_text": texts[0], "claims_text": texts[1], "signed_text": signed, "signature": signature.hex(),
              "token": signed + "." + base64url(signature)}
    print(json.dumps(vector, indent=2))


main(sys.argv[1] if len(sys.argv) > 1 else "EdDSA")
