"""Own the envelope in which a number goes to its network: readable by the network's own key alone, for one question. Pure but
for the one-time key.

X25519, HKDF-SHA256 and AES-256-GCM; the question's id is authenticated with it, so that an envelope says nothing elsewhere.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_KEY_BYTES, _NONCE_BYTES = 32, 12
_LABEL = b"farthing card number\0"


def seal(number: str, about: str, public: bytes) -> str:
    """A number for whoever holds the key to ``public`` (raw X25519), as text."""
    once = X25519PrivateKey.generate()
    ours, nonce = once.public_key().public_bytes_raw(), os.urandom(_NONCE_BYTES)
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(public)), ours, public)
    return base64.b64encode(ours + nonce + AESGCM(key).encrypt(nonce, number.encode(), about.encode())).decode()


def opened(sealed: str, about: str, private: X25519PrivateKey) -> str | None:
    """The number in an envelope; none where it is another question's, or no envelope."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        theirs, nonce, body = raw[:_KEY_BYTES], raw[_KEY_BYTES:][:_NONCE_BYTES], raw[_KEY_BYTES + _NONCE_BYTES :]
        shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
        key = _key(shared, theirs, private.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, body, about.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def _key(shared: bytes, ours: bytes, theirs: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, _LABEL + ours + theirs).derive(shared)


class Sealer:
    """The port ``sealer``: seals numbers to a network's public key, in this process."""

    def __init__(self, public: bytes) -> None:
        self._public = public

    def seal(self, number: str, about: str) -> str:
        """A number as only the network reads it, for one question."""
        return seal(number, about, self._public)
