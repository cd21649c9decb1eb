"""Own elliptic-curve keys: making, loading, wrapping for the store, and the one-time key of a signer.

P-256 because common viewers refuse Ed25519 in PDFs. Key objects stay loaded (re-loading costs more than signing).
Never writes a signer's key anywhere: it is created, signs once, and is forgotten with its object.
"""

from __future__ import annotations

import contextlib
import hashlib
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from farthing.kit.errors import InvariantBroken
from farthing.kit.keys.envelopes import Envelopes, NotOurs, is_envelope
from farthing.kit.keys.model import KeyHandle
from farthing.kit.keys.places import key_at
from farthing.kit.keys.suites import SUITES, Use, suite_for

Key = ec.EllipticCurvePrivateKey

PLAIN, ELSEWHERE, OFFLINE = b"\x00", b"\x03", b"\x04"
"""How what is kept begins that is not sealed: in plain; a seal whose key is not here, of which the public key is kept; and a root
whose key was taken out, of which the revocation list is kept."""
KEYS, SECRETS = b"signing key", b"secret"
"""What is sealed: neither is read as the other."""
_BEFORE_ENVELOPES = {KEYS: None, SECRETS: SECRETS}
"""What was authenticated with a value before envelopes named their suite and key: ``01``, a nonce of 12 bytes, AES-256-GCM."""


CURVES: dict[str, ec.EllipticCurve] = {"P-256": ec.SECP256R1(), "P-384": ec.SECP384R1(), "P-521": ec.SECP521R1()}
HASHES: dict[int, hashes.HashAlgorithm] = {256: hashes.SHA256(), 384: hashes.SHA384(), 521: hashes.SHA512()}
"""The digest that a curve is used with, by the curve's bits (FIPS 186-5: of no less strength)."""


def make_key(curve: str = "P-256") -> Key:
    """A fresh key from the operating system's randomness; well under 0.1 ms on P-256."""
    return ec.generate_private_key(CURVES[curve])


def public_bytes(key: Key) -> bytes:
    """DER SubjectPublicKeyInfo."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def ecdsa(key: Key, data: bytes) -> bytes:
    """ECDSA over ``data``, DER, with the digest of the key's curve: SHA-256 on P-256."""
    return key.sign(data, ec.ECDSA(HASHES[key.curve.key_size]))


class Vault:
    """The port ``vault``: seals the keys and secrets that the bank keeps, under the deployment's secret if it has one.

    What is sealed now is an envelope of the suite that the policy chose. What was sealed before, by another suite, under the
    secret before this one, or as it was done before envelopes named either, opens still.
    """

    KEYS, SECRETS = KEYS, SECRETS

    def __init__(
        self, secret: str | None, suite: str = "p256", before: str | None = None, seal: str | None = None
    ) -> None:  # fmt: skip
        """``seal``: where the institution's own seal lies, a file or a token; without it, it is kept here.

        Refuses ``keys.suite_cannot``, ``keys.no_library``: at the opening of the bank, and not when something is sealed.
        """
        self._secrets = tuple(each for each in (secret, before) if each is not None)
        self._opens = Envelopes(self._secrets[0], suite, self._secrets[1:]) if self._secrets else None
        self._seals = self._opens if secret is not None else None
        self.institution = PlacedKey(seal) if seal else None
        self._loaded = lru_cache(maxsize=64)(self._load)

    @property
    def head(self) -> bytes:
        """How everything begins that is sealed as it would be now."""
        return PLAIN if self._seals is None else self._seals.head

    def wrap(self, key: Key) -> bytes:
        """A key as the store keeps it."""
        return self._sealed(key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()), KEYS)

    def seal(self, plain: bytes) -> bytes:
        """A secret of the bank's own that is no signing key, as its store keeps it."""
        return self._sealed(plain, SECRETS)

    def unwrap(self, kept: bytes) -> Key:
        """A stored key, loaded once and kept; broken where the secret is not the one it was wrapped under."""
        return self._loaded(kept)

    def unseal(self, kept: bytes) -> bytes:
        """A secret that was sealed; broken where ``FARTHING_SECRET`` is not the one it was sealed under."""
        return self._opened(kept, SECRETS)

    def again(self, kept: bytes, about: bytes) -> bytes:
        """What is kept, of :data:`KEYS` or :data:`SECRETS`, as it would be sealed now."""
        return self._sealed(self._opened(kept, about), about)

    def made(self) -> tuple[HeldKey, bytes]:
        """A new key of the bank's own, and as the store keeps it."""
        key = make_key()
        return HeldKey(key), self.wrap(key)

    def holds(self, kept: bytes, placed: PlacedKey | None) -> bool:
        """Whether a kept seal is the one to sign by: that which lies elsewhere, or one that is here where none does."""
        return kept == placed.kept if placed else not kept.startswith(ELSEWHERE)

    def _load(self, kept: bytes) -> Key:
        key = load_der_private_key(self._opened(kept, KEYS), None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise InvariantBroken("a stored signing key is not an elliptic-curve key")
        return key

    def _sealed(self, plain: bytes, about: bytes) -> bytes:
        return PLAIN + plain if self._seals is None else self._seals.seal(plain, about)

    def _opened(self, kept: bytes, about: bytes) -> bytes:
        if kept.startswith(PLAIN):
            return kept[1:]
        if self._opens is None:
            raise InvariantBroken(f"a stored {about.decode()} is sealed and FARTHING_SECRET is not set")
        try:
            if is_envelope(kept):
                return self._opens.open(kept, about)
        except NotOurs:
            raise _other_secret(about) from None
        for secret in self._secrets:
            with contextlib.suppress(InvalidTag):
                return AESGCM(_wrapping_key(secret)).decrypt(kept[1:13], kept[13:], _BEFORE_ENVELOPES[about])
        raise _other_secret(about)


def _other_secret(about: bytes) -> InvariantBroken:
    return InvariantBroken(f"FARTHING_SECRET is not the one that a stored {about.decode()} was sealed under")


def _wrapping_key(secret: str) -> bytes:
    """The key of what was sealed before envelopes named their key."""
    return hashlib.sha256(b"farthing signing keys\0" + secret.encode()).digest()


class PlacedKey:
    """``KeyCustody`` for the institution's seal where it lies in a file or a token: looked for when it is first asked to sign,
    and again as long as it was not found. Refuses what its place does, and a key that common viewers of PDF do not check."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._found: KeyHandle | None = None

    @property
    def handle(self) -> KeyHandle:
        """The key; refuses ``keys.no_token``, ``keys.pin_wrong``, ``keys.unreadable``, ``keys.suite_cannot``."""
        if self._found is None:
            found = key_at(self._place)
            suite_for(found.algorithm, Use.DOCUMENTS)
            self._found = found
        return self._found

    @property
    def public_key(self) -> bytes:
        """DER SubjectPublicKeyInfo."""
        return SUITES[self.handle.algorithm].spki(self.handle.public)

    @property
    def kept(self) -> bytes:
        """What is kept of it beside its certificate."""
        return ELSEWHERE + self.handle.public

    def sign(self, data: bytes) -> bytes:
        """Sign; as often as asked."""
        return self.handle.sign(data)


class OneTimeKey:
    """``KeyCustody`` for one signing on the server: the key is made here, signs once, and the object lets it go.

    Python cannot promise that no copy stays in memory; a key in the signer's own browser or card stands behind the
    same port (Electronic Signature Law art. 13: exclusive to the signer, controlled by the signer alone).
    """

    def __init__(self) -> None:
        key = make_key()
        self._key: Key | None = key
        self._public = public_bytes(key)

    @property
    def public_key(self) -> bytes:
        """DER SubjectPublicKeyInfo; stays known after the key is gone."""
        return self._public

    @property
    def destroyed(self) -> bool:
        """Whether the key is gone."""
        return self._key is None

    def sign(self, data: bytes) -> bytes:
        """Sign once; a second call is a broken promise of ours."""
        if self._key is None:
            raise InvariantBroken("a one-time key was asked to sign twice")
        key, self._key = self._key, None
        return ecdsa(key, data)


class HeldKey:
    """``KeyCustody`` for a key the institution keeps: its seal, the platform's certification."""

    def __init__(self, key: Key) -> None:
        self._key = key

    @property
    def public_key(self) -> bytes:
        """DER SubjectPublicKeyInfo."""
        return public_bytes(self._key)

    def sign(self, data: bytes) -> bytes:
        """Sign; as often as asked."""
        return ecdsa(self._key, data)
