"""Own the envelope in which a value is kept: it names its suite and its key, so that old ones open after either has changed.

``02 | length and name of the suite | id of the key (8 bytes) | nonce (12) | ciphertext and tag``; what stands before the nonce,
and what the value is about, are authenticated with it. AES-256 or SM4, both in GCM. A key is made from a deployment's secret by
the suite's own hash. Never says what was wrong with an envelope that does not open, but whose key it names.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from farthing.kit.keys.model import NO_LIBRARY
from farthing.kit.keys.suites import SUITES, Suite, Use, suite_for

MARK = b"\x02"
_KEY_ID, _NONCE, _TAG = 8, 12, 16
_KEYS, _IDS = b"farthing envelope key\0", b"farthing envelope key id\0"


class NotOurs(Exception):
    """An envelope that none of these secrets opens, or that is none or was changed."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A suite's key from a secret, and the id by which envelopes name it."""

    suite: Suite
    octets: bytes
    ident: bytes

    @property
    def head(self) -> bytes:
        """What an envelope of this key begins with."""
        name = self.suite.name.encode()
        return MARK + bytes([len(name)]) + name + self.ident


class Envelopes:
    """Seals by one suite under one secret; opens what any suite sealed under it or under a secret before it."""

    def __init__(self, secret: str, suite: str, before: tuple[str, ...] = ()) -> None:
        """Refuses ``keys.unknown_suite``, ``keys.suite_cannot``, ``keys.no_library``: here, and not when a value is sealed."""
        self._now = _key(suite_for(suite, Use.ENVELOPES), secret)
        self._secrets = (secret, *before)
        try:
            self.seal(b"", b"")
        except UnsupportedAlgorithm:
            raise NO_LIBRARY(needs=f"{self._now.suite.cipher.__name__}-GCM") from None

    def seal(self, plain: bytes, about: bytes) -> bytes:
        """A value as it is kept; ``about`` must be the same to open it."""
        nonce = os.urandom(_NONCE)
        head = self._now.head
        made = Cipher(self._now.suite.cipher(self._now.octets), modes.GCM(nonce)).encryptor()
        made.authenticate_additional_data(head + about)
        return head + nonce + made.update(plain) + made.finalize() + made.tag

    def open(self, sealed: bytes, about: bytes) -> bytes:
        """The value of an envelope; raises :class:`NotOurs`."""
        named = sealed[2 : 2 + sealed[1]].decode("latin-1") if len(sealed) > 1 else ""
        if named not in SUITES or not is_envelope(sealed):
            raise NotOurs("it is no envelope of a known suite")
        keys = [_key(SUITES[named], secret) for secret in self._secrets]
        key = next((each for each in keys if sealed.startswith(each.head)), None)
        if key is None:
            raise NotOurs("it names a key that is not there")
        rest = sealed[len(key.head) :]
        nonce, body, tag = rest[:_NONCE], rest[_NONCE:-_TAG], rest[-_TAG:]
        try:
            opened = Cipher(key.suite.cipher(key.octets), modes.GCM(nonce, tag)).decryptor()
            opened.authenticate_additional_data(key.head + about)
            return opened.update(body) + opened.finalize()
        except (InvalidTag, ValueError):
            raise NotOurs("it was changed, or is about something else") from None

    @property
    def head(self) -> bytes:
        """What every envelope begins with that is sealed now."""
        return self._now.head


def is_envelope(sealed: bytes) -> bool:
    """Whether bytes begin as an envelope does."""
    return sealed.startswith(MARK)


@lru_cache(maxsize=64)
def _key(suite: Suite, secret: str) -> _Key:
    octets = suite.digest(_KEYS + suite.name.encode() + b"\0" + secret.encode())[: suite.cipher_bytes]
    return _Key(suite, octets, suite.digest(_IDS + octets)[:_KEY_ID])
