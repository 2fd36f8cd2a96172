"""ES256 (RFC 7518 section 3.4) in plain Python integers, with the deterministic nonces of RFC 6979: slow, not constant-time, and
sharing nothing with the product. For vectors and tests."""

import hashlib
import hmac

P = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
BASE = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
        0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def add(one, other):
    if one is None or other is None:
        return one or other
    (x1, y1), (x2, y2) = one, other
    if x1 == x2 and (y1 + y2) % P == 0:
        return None
    slope = (3 * x1 * x1 - 3) * pow(2 * y1, -1, P) if one == other else (y2 - y1) * pow(x2 - x1, -1, P)
    x = (slope * slope - x1 - x2) % P
    return x, (slope * (x1 - x) - y1) % P


def multiply(k, point):
    out = None
    while k:
        if k & 1:
            out = add(out, point)
        point, k = add(point, point), k >> 1
    return out


def coordinates(point):
    return point[0].to_bytes(32, "big") + point[1].to_bytes(32, "big")


def public_key(secret):
    """x || y of the secret scalar's public key."""
    return coordinates(multiply(secret, BASE))


def nonces(secret, digest):
    """RFC 6979 section 3.2, with SHA-256."""
    v, k = b"\1" * 32, bytes(32)
    seed = secret.to_bytes(32, "big") + (int.from_bytes(digest, "big") % N).to_bytes(32, "big")
    for byte in b"\0\1":
        k = hmac.digest(k, v + bytes([byte]) + seed, "sha256")
        v = hmac.digest(k, v, "sha256")
    while True:
        v = hmac.digest(k, v, "sha256")
        nonce = int.from_bytes(v, "big")
        if 0 < nonce < N:
            yield nonce
        k = hmac.digest(k, v + b"\0", "sha256")
        v = hmac.digest(k, v, "sha256")


def sign(secret, message):
    """r || s."""
    digest = hashlib.sha256(message).digest()
    for nonce in nonces(secret, digest):
        r = multiply(nonce, BASE)[0] % N
        s = pow(nonce, -1, N) * (int.from_bytes(digest, "big") + r * secret) % N
        if r and s:
            return r.to_bytes(32, "big") + s.to_bytes(32, "big")
