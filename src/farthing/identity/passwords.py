"""Own password hashing: argon2id with the parameters of RFC 9106 section 4, second recommendation (64 MiB).

A hash takes 64 MiB and a good part of a processor for a tenth of a second: it is never made with a transaction open,
and never more than a few at once (``Busy`` beyond them, so that log-ins cannot starve everything else). Never compares
a password itself; an unknown name is verified against ``DECOY`` so that it takes as long as a known.
"""

from __future__ import annotations

import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from farthing.identity.rules import LONGEST_PASSWORD
from farthing.kernel.lanes import Busy

AT_ONCE = max(1, (os.cpu_count() or 1) // 2)
"""Passwords hashed at one moment; each takes four threads for its time."""
MOST_WAITING = 8
"""Who may wait for a turn; the next is told to come back."""

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""For passwords that are 128 random bits and work once: nothing can be guessed, so nothing is to be slowed."""
DECOY = "$argon2id$v=19$m=65536,t=3,p=4$XGrtYHDRSL/1nkT8ghGXDQ$Scgx1cL8efSnZdYZoIe9GqKIuodrUu03Zui3ZNLswfs"
"""The hash of a random password that was thrown away. Written down, since making one costs every start half a second."""
_WORK = threading.BoundedSemaphore(AT_ONCE)
_PLACES = threading.BoundedSemaphore(AT_ONCE + MOST_WAITING)


@contextmanager
def _turn() -> Iterator[None]:
    if not _PLACES.acquire(blocking=False):
        raise Busy("too many passwords are being compared at this moment")
    try:
        with _WORK:
            yield
    finally:
        _PLACES.release()


def hash_password(password: str) -> str:
    """The argon2id hash of a password, salted. Slow: never with a transaction open."""
    with _turn():
        return _HASHER.hash(password)


def hash_random(password: str) -> str:
    """The hash of a password that a generator of 128 random bits made; quick."""
    return _QUICK.hash(password)


def fits(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed. Slow: never with a transaction open."""
    with _turn():
        if is_outdated(password_hash):
            _fits(DECOY, password)
        return _fits(password_hash, password)


def _fits(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except VerificationError:
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether a hash was made with weaker parameters than today's."""
    return _HASHER.check_needs_rehash(password_hash)


def normal(password: str) -> str:
    """A typed password in the form that is hashed; never refuses."""
    text = unicodedata.normalize("NFKC", password)[: 4 * LONGEST_PASSWORD]
    return text.encode("utf-8", "replace").decode()
