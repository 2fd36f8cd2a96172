"""A slow ristretto255 (RFC 9496) and RFC 9497 VOPRF in plain Python, written from the RFCs alone.

It shares no code with the product and makes no attempt at constant time: its one use is to make test vectors that the
product is then held against.
"""
import hashlib

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = (-121665 * pow(121666, P - 2, P)) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)


def is_negative(x):
    return x % P & 1


def absolute(x):
    x %= P
    return P - x if x & 1 else x


def sqrt_ratio(u, v):
    """(was_square, r) of RFC 9496 section 4.2."""
    r = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    check = v * r * r % P
    u %= P
    correct = check == u
    flipped = check == -u % P
    flipped_i = check == -u * SQRT_M1 % P
    if flipped or flipped_i:
        r = r * SQRT_M1 % P
    return correct or flipped, absolute(r)


INVSQRT_A_MINUS_D = sqrt_ratio(1, (-1 - D) % P)[1]
SQRT_AD_MINUS_ONE = sqrt_ratio((-D - 1) % P, 1)[1]
# RFC 9496 section 4.1 prescribes the odd root.
if SQRT_AD_MINUS_ONE != 25063068953384623474111414158702152701244531502492656460079210482610430750235:
    SQRT_AD_MINUS_ONE = P - SQRT_AD_MINUS_ONE
ONE_MINUS_D_SQ = (1 - D * D) % P
D_MINUS_ONE_SQ = (D - 1) * (D - 1) % P


def add(a, b):
    """Affine addition on -x^2 + y^2 = 1 + d x^2 y^2."""
    (x1, y1), (x2, y2) = a, b
    t = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + y1 * x2) * pow(1 + t, P - 2, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - t, P - 2, P) % P
    return x, y


def multiply(k, point):
    result = (0, 1)
    while k:
        if k & 1:
            result = add(result, point)
        point = add(point, point)
        k >>= 1
    return result


def encode(point):
    x0, y0 = point
    t0 = x0 * y0 % P
    u1 = (1 + y0) * (1 - y0) % P
    u2 = t0  # X0 * Y0
    inv = sqrt_ratio(1, u1 * u2 * u2)[1]
    den1, den2 = inv * u1 % P, inv * u2 % P
    z_inv = den1 * den2 * t0 % P
    if is_negative(t0 * z_inv):
        x, y = y0 * SQRT_M1 % P, x0 * SQRT_M1 % P
        den = den1 * INVSQRT_A_MINUS_D % P
    else:
        x, y, den = x0, y0, den2
    if is_negative(x * z_inv):
        y = -y % P
    return absolute(den * (1 - y)).to_bytes(32, "little")


def map_to_point(t):
    r = SQRT_M1 * t * t % P
    u = (r + 1) * ONE_MINUS_D_SQ % P
    v = (-1 - r * D) * (r + D) % P
    was_square, s = sqrt_ratio(u, v)
    if not was_square:
        s, c = -absolute(s * t) % P, r
    else:
        c = -1 % P
    n = (c * (r - 1) * D_MINUS_ONE_SQ - v) % P
    w0, w1 = 2 * s * v % P, n * SQRT_AD_MINUS_ONE % P
    w2, w3 = (1 - s * s) % P, (1 + s * s) % P
    return w0 * pow(w1, P - 2, P) % P, w2 * pow(w3, P - 2, P) % P


def expand_message_xmd(message, dst, size):
    """RFC 9380 section 5.3.1 with SHA-512."""
    blocks = -(-size // 64)
    dst_prime = dst + bytes([len(dst)])
    b0 = hashlib.sha512(bytes(128) + message + size.to_bytes(2, "big") + b"\0" + dst_prime).digest()
    b = hashlib.sha512(b0 + b"\1" + dst_prime).digest()
    out = b
    for i in range(2, blocks + 1):
        b = hashlib.sha512(bytes(x ^ y for x, y in zip(b0, b)) + bytes([i]) + dst_prime).digest()
        out += b
    return out[:size]


CONTEXT = b"OPRFV1-" + bytes([1]) + b"-ristretto255-SHA512"


def hash_to_group(message):
    uniform = expand_message_xmd(message, b"HashToGroup-" + CONTEXT, 64)
    halves = [int.from_bytes(uniform[i:i + 32], "little") % 2**255 for i in (0, 32)]
    return add(map_to_point(halves[0] % P), map_to_point(halves[1] % P))


def hash_to_scalar(message, dst):
    return int.from_bytes(expand_message_xmd(message, dst, 64), "little") % L


def derive_key_pair(seed, info):
    """RFC 9497 section 3.2.1, VOPRF mode: (secret scalar, encoded public key)."""
    for counter in range(256):
        framed = seed + len(info).to_bytes(2, "big") + info + bytes([counter])
        secret = hash_to_scalar(framed, b"DeriveKeyPair" + CONTEXT)
        if secret:
            # The base point of edwards25519, of which ristretto255's generator is the class.
            base_y = 4 * pow(5, P - 2, P) % P
            base_x = sqrt_ratio(base_y * base_y - 1, D * base_y * base_y + 1)[1]
            return secret, encode(multiply(secret, (base_x, base_y)))
    raise ValueError("no key")


def prf(secret, message):
    """Finalize(Evaluate(..)) of RFC 9497, VOPRF mode: 64 bytes."""
    element = encode(multiply(secret, hash_to_group(message)))
    framed = len(message).to_bytes(2, "big") + message + len(element).to_bytes(2, "big") + element
    return hashlib.sha512(framed + b"Finalize").digest()
