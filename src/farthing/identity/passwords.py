"""Own password hashing: argon2id with the parameters of RFC 9106 section 4, second recommendation (64 MiB).

Never compares a password itself; an unknown name is verified against ``DECOY`` so that it takes as long as a known.
"""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
DECOY = "$argon2id$v=19$m=65536,t=3,p=4$XGrtYHDRSL/1nkT8ghGXDQ$Scgx1cL8efSnZdYZoIe9GqKIuodrUu03Zui3ZNLswfs"
"""The hash of a random password that was thrown away. Written down, since making one costs every start half a second."""


def hash_password(password: str) -> str:
    """The argon2id hash of a password, salted."""
    return _HASHER.hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return _HASHER.verify(password_hash, password)
    except VerificationError:
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)
