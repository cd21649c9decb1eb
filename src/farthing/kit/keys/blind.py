"""Own the blind signature of a ballot's token: RSABSSA-SHA384-PSS of RFC 9474, on whole numbers.

The roll's officer signs what she cannot read (``blind_sign``); the voter takes the blinding off (``finalize``), and what is
left is an ordinary RSA-PSS signature that anybody verifies with any library. So who was given a token and which token
was cast cannot be joined, even by who holds the key, the roll, the box and the log. Tokens are 32 random bytes, hence the
deterministic preparation of section 4.1 is enough (section 5: messages of high entropy).

Never signs twice for one person: the roll sees to that. A key serves one ballot and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha384
from secrets import randbelow, token_bytes

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from farthing.kit.errors import InvariantBroken, malformed

HASH_BYTES = 48
SALT_BYTES = 48
KEY_BITS = 3072
"""Of a ballot's key: 128 bits of security, as SHA-384's collisions leave more."""

NOT_BLINDED = malformed(
    "keys.not_blinded",
    "What is to be signed must be {expected} bytes below the key's modulus; blind the token with this ballot's key.",
    "待签名内容应为 {expected} 字节且小于密钥模数；请用本次投票的密钥重新盲化选票凭证。",
)
NOT_SIGNED = malformed(
    "keys.token_not_signed",
    "The token does not carry this ballot's signature; cast the token that the roll signed.",
    "该选票凭证没有本次投票的有效签名；请使用名册签发的凭证。",
)


@dataclass(frozen=True, slots=True)
class Blinded:
    """A token on its way to the roll: ``message`` goes there, ``inverse`` never leaves its voter."""

    message: bytes
    inverse: int


def _coprime(one: int, other: int) -> bool:
    """Whether two numbers share no factor, by Euclid's steps: what floats live in is imported nowhere here."""
    while other:
        one, other = other, one % other
    return one == 1


def new_key() -> rsa.RSAPrivateKey:
    """A key for one ballot."""
    return rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)


def size(key: rsa.RSAPublicKey) -> int:
    """Bytes of a signature by a key."""
    return (key.key_size + 7) // 8


def encode(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE of RFC 8017 section 9.1.1 with SHA-384 and MGF1, ``bits`` being the modulus' length less one."""
    length = (bits + 7) // 8
    if length < HASH_BYTES + len(salt) + 2:
        raise InvariantBroken(f"a modulus of {bits + 1} bits is too short for SHA-384")
    hashed = sha384(bytes(8) + sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - HASH_BYTES - 2) + b"\x01" + salt
    masked = bytearray(one ^ other for one, other in zip(block, _mask(hashed, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + hashed + b"\xbc"


def _mask(seed: bytes, length: int) -> bytes:
    """MGF1 of RFC 8017 appendix B.2.1."""
    count = -(-length // HASH_BYTES)
    return b"".join(sha384(seed + number.to_bytes(4, "big")).digest() for number in range(count))[:length]


def blind(
    key: rsa.RSAPublicKey,
    message: bytes,
    *,
    salt: bytes | None = None,
    draw: Callable[[int], int] = randbelow,
) -> Blinded:
    """Blind a token for a ballot's key (RFC 9474 section 4.2). ``salt`` and ``draw`` are given by tests alone."""
    numbers = key.public_numbers()
    encoded = encode(message, key.key_size - 1, token_bytes(SALT_BYTES) if salt is None else salt)
    number = int.from_bytes(encoded, "big")
    if not _coprime(number, numbers.n):
        raise InvariantBroken("a message that shares a factor with the modulus")
    factor = draw(numbers.n)
    while factor == 0 or not _coprime(factor, numbers.n):
        factor = draw(numbers.n)
    blinded = number * pow(factor, numbers.e, numbers.n) % numbers.n
    return Blinded(blinded.to_bytes(size(key), "big"), pow(factor, -1, numbers.n))


def blind_sign(key: rsa.RSAPrivateKey, message: bytes) -> bytes:
    """Sign what cannot be read (RFC 9474 section 4.3), and check the result before it leaves: a fault would give the key away.

    The number that is raised is multiplied by a random one first, so time tells nothing of the key.
    Refuses ``keys.not_blinded``.
    """
    secret = key.private_numbers()
    modulus, exponent = secret.public_numbers.n, secret.public_numbers.e
    number = int.from_bytes(message, "big")
    if len(message) != size(key.public_key()) or not 0 < number < modulus:
        raise NOT_BLINDED(expected=size(key.public_key()))
    factor = 0
    while not _coprime(factor, modulus):
        factor = randbelow(modulus)
    hidden = pow(number * pow(factor, exponent, modulus) % modulus, secret.d, modulus)
    signed = hidden * pow(factor, -1, modulus) % modulus
    if pow(signed, exponent, modulus) != number:
        raise InvariantBroken("a blind signature that does not verify")
    return signed.to_bytes(len(message), "big")


def finalize(
    key: rsa.RSAPublicKey, message: bytes, blind_signature: bytes, blinded: Blinded, salt_bytes: int = SALT_BYTES
) -> bytes:
    """Take the blinding off (RFC 9474 section 4.4); refuses ``keys.token_not_signed`` where the roll signed badly."""
    modulus = key.public_numbers().n
    if len(blind_signature) != size(key):
        raise NOT_SIGNED()
    signature = (int.from_bytes(blind_signature, "big") * blinded.inverse % modulus).to_bytes(size(key), "big")
    check(key, message, signature, salt_bytes)
    return signature


def check(key: rsa.RSAPublicKey, message: bytes, signature: bytes, salt_bytes: int = SALT_BYTES) -> None:
    """Refuse ``keys.token_not_signed`` unless this is the key's signature of a token, by the library's RSA-PSS."""
    way = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=salt_bytes)
    try:
        key.verify(signature, message, way, hashes.SHA384())
    except InvalidSignature:
        raise NOT_SIGNED() from None
