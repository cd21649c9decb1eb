"""Own the envelope in which a number goes to its network: readable by the network's own key alone, for one question. Pure but
for the one-time key.

X25519, HKDF-SHA256 and AES-256-GCM; or, to a network whose key is of SM2, a key of SM4 encrypted by it (GB/T 32918.4) and SM4 in
GCM. The question's id is authenticated with it, so that an envelope says nothing elsewhere.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from farthing.kit.keys.libcrypto import Sm2Key, Sm2Public
from farthing.kit.keys.suites import SUITES

NATIONAL = SUITES["sm2"]
_KEY_BYTES, _NONCE_BYTES = 32, 12
_SM4_BYTES, _TAG_BYTES, _LENGTH_BYTES = 16, 16, 2
_LABEL = b"farthing card number\0"


def seal(number: str, about: str, public: bytes) -> str:
    """A number for whoever holds the key to ``public`` (raw X25519, or a point of SM2), as text."""
    if len(public) == NATIONAL.public_bytes:
        return base64.b64encode(_sealed_by_sm4(number.encode(), about.encode(), public)).decode()
    once = X25519PrivateKey.generate()
    ours, nonce = once.public_key().public_bytes_raw(), os.urandom(_NONCE_BYTES)
    key = _key(once.exchange(X25519PublicKey.from_public_bytes(public)), ours, public)
    return base64.b64encode(ours + nonce + AESGCM(key).encrypt(nonce, number.encode(), about.encode())).decode()


def opened(sealed: str, about: str, private: X25519PrivateKey | Sm2Key) -> str | None:
    """The number in an envelope; none where it is another question's, or no envelope."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        if isinstance(private, Sm2Key):
            return _opened_by_sm4(raw, about.encode(), private).decode()
        theirs, nonce, body = raw[:_KEY_BYTES], raw[_KEY_BYTES:][:_NONCE_BYTES], raw[_KEY_BYTES + _NONCE_BYTES :]
        shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
        key = _key(shared, theirs, private.public_key().public_bytes_raw())
        return AESGCM(key).decrypt(nonce, body, about.encode()).decode()
    except (InvalidTag, ValueError):
        return None


def _sealed_by_sm4(number: bytes, about: bytes, public: bytes) -> bytes:
    key, nonce = os.urandom(_SM4_BYTES), os.urandom(_NONCE_BYTES)
    wrapped = Sm2Public(NATIONAL.spki(public)).encrypt(key)
    made = Cipher(SM4(key), GCM(nonce)).encryptor()
    made.authenticate_additional_data(_LABEL + about)
    body = made.update(number) + made.finalize()
    return len(wrapped).to_bytes(_LENGTH_BYTES, "big") + wrapped + nonce + body + made.tag


def _opened_by_sm4(raw: bytes, about: bytes, private: Sm2Key) -> bytes:
    end = _LENGTH_BYTES + int.from_bytes(raw[:_LENGTH_BYTES], "big")
    key, rest = private.decrypt(raw[_LENGTH_BYTES:end]), raw[end:]
    if key is None:
        raise InvalidTag
    nonce, body, tag = rest[:_NONCE_BYTES], rest[_NONCE_BYTES:-_TAG_BYTES], rest[-_TAG_BYTES:]
    found = Cipher(SM4(key), GCM(nonce, tag)).decryptor()
    found.authenticate_additional_data(_LABEL + about)
    return found.update(body) + found.finalize()


def _key(shared: bytes, ours: bytes, theirs: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, _LABEL + ours + theirs).derive(shared)


class Sealer:
    """The port ``sealer``: seals numbers to a network's public key, in this process."""

    def __init__(self, public: bytes) -> None:
        """``public``: raw X25519, or a point of SM2; refuses ``keys.no_library`` where this machine has no SM2."""
        if len(public) == NATIONAL.public_bytes:
            Sm2Public(NATIONAL.spki(public))
        self._public = public

    def seal(self, number: str, about: str) -> str:
        """A number as only the network reads it, for one question."""
        return seal(number, about, self._public)
