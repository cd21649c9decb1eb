"""Own how a value is sealed under somebody's own key: AES-256 or SM4, both in GCM. Pure but for nonces.

``mark | nonce (12) | ciphertext and tag``; the mark says which cipher, so that old values open after the policy chose another.
What a value is about is authenticated with it: a value that is moved to another row does not open there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from enum import Enum

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from farthing.kit.errors import InvariantBroken

KEY_BYTES = 32
_NONCE, _TAG = 12, 16
_AES, _SM4 = b"\x11", b"\x12"
_SM4_BYTES = 16
_SEVERAL, _OF_SM4 = b"farthing key of several\0", b"farthing key of sm4\0"
NEVER = b"\x10"
"""What stands where a value would be of somebody whose key is destroyed: it was not kept, not even sealed."""


class Gone(Enum):
    """What is answered instead of a value that cannot be opened any more."""

    ERASED = "its key is destroyed"


def seal(cipher: str, key: bytes, plain: bytes, about: bytes) -> bytes:
    """A value as it is kept; ``cipher``: ``AES`` or ``SM4``."""
    nonce = os.urandom(_NONCE)
    if cipher == "AES":
        return _AES + nonce + AESGCM(key).encrypt(nonce, plain, _AES + about)
    made = Cipher(SM4(_sm4(key)), modes.GCM(nonce)).encryptor()
    made.authenticate_additional_data(_SM4 + about)
    return _SM4 + nonce + made.update(plain) + made.finalize() + made.tag


def open_sealed(key: bytes, sealed: bytes, about: bytes) -> bytes:
    """The value of what is kept; a broken invariant where it was changed, or is about something else."""
    mark, nonce, body = sealed[:1], sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        if mark == _AES:
            return AESGCM(key).decrypt(nonce, body, mark + about)
        if mark == _SM4:
            opened = Cipher(SM4(_sm4(key)), modes.GCM(nonce, body[-_TAG:])).decryptor()
            opened.authenticate_additional_data(mark + about)
            return opened.update(body[:-_TAG]) + opened.finalize()
    except (InvalidTag, ValueError):
        pass
    raise InvariantBroken(
        f"a sealed value ({about.decode('utf-8', 'replace')}) was changed, or is about something else"
    )


def joint(keys: Sequence[bytes]) -> bytes:
    """The key of what is about several people: without any one of theirs nobody makes it again."""
    return keys[0] if len(keys) == 1 else hashlib.sha256(_SEVERAL + b"".join(sorted(keys))).digest()


def _sm4(key: bytes) -> bytes:
    return hashlib.sha256(_OF_SM4 + key).digest()[:_SM4_BYTES]
