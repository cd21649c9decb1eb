"""Own elliptic-curve keys: making, loading, wrapping for the store, and the one-time key of a signer.

P-256 because common viewers refuse Ed25519 in PDFs. Key objects stay loaded (re-loading costs more than signing).
Never writes a signer's key anywhere: it is created, signs once, and is forgotten with its object.
"""

from __future__ import annotations

import hashlib
import os
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

Key = ec.EllipticCurvePrivateKey

_PLAIN, _WRAPPED = b"\x00", b"\x01"
_NONCE_BYTES = 12
SECRETS = b"secret"
"""What sets a sealed secret apart from a wrapped key: neither is read as the other."""


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


def wrap(key: Key, secret: str | None) -> bytes:
    """A key as the store keeps it: AES-256-GCM under the deployment's secret, or plain where it has none."""
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    if secret is None:
        return _PLAIN + plain
    nonce = os.urandom(_NONCE_BYTES)
    return _WRAPPED + nonce + AESGCM(_wrapping_key(secret)).encrypt(nonce, plain, None)


@lru_cache(maxsize=64)
def unwrap(kept: bytes, secret: str | None) -> Key:
    """A stored key, loaded once and kept."""
    kind, body = kept[:1], kept[1:]
    if kind == _WRAPPED:
        if secret is None:
            raise InvariantBroken("a stored signing key is wrapped and FARTHING_SECRET is not set")
        try:
            body = AESGCM(_wrapping_key(secret)).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], None)
        except InvalidTag:
            raise InvariantBroken("FARTHING_SECRET is not the one the signing keys were wrapped under") from None
    key = load_der_private_key(body, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise InvariantBroken("a stored signing key is not an elliptic-curve key")
    return key


def _wrapping_key(secret: str) -> bytes:
    """The secret is key material, not a password, so one hash is enough; the label separates it from other uses."""
    return hashlib.sha256(b"farthing signing keys\0" + secret.encode()).digest()


class Vault:
    """The port ``vault``: wraps the keys that the bank keeps, under the deployment's secret if it has one."""

    def __init__(self, secret: str | None) -> None:
        self._secret = secret

    def wrap(self, key: Key) -> bytes:
        """A key as the store keeps it."""
        return wrap(key, self._secret)

    def seal(self, plain: bytes) -> bytes:
        """A secret of the bank's own that is no signing key, as its store keeps it."""
        if self._secret is None:
            return _PLAIN + plain
        nonce = os.urandom(_NONCE_BYTES)
        return _WRAPPED + nonce + AESGCM(_wrapping_key(self._secret)).encrypt(nonce, plain, SECRETS)

    def unseal(self, kept: bytes) -> bytes:
        """A secret that was sealed; broken where ``FARTHING_SECRET`` is not the one it was sealed under."""
        kind, body = kept[:1], kept[1:]
        if kind == _PLAIN:
            return body
        if self._secret is None:
            raise InvariantBroken("a stored secret is sealed and FARTHING_SECRET is not set")
        try:
            return AESGCM(_wrapping_key(self._secret)).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], SECRETS)
        except InvalidTag:
            raise InvariantBroken("FARTHING_SECRET is not the one that secrets were sealed under") from None

    def unwrap(self, kept: bytes) -> Key:
        """A stored key; broken where the secret is not the one it was wrapped under."""
        return unwrap(kept, self._secret)


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
