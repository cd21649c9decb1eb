"""Own the table of suites of algorithms: ``p256``, ``ed25519``, ``sm2``; each signs, verifies, hashes and seals by its own.

``sm2`` is the national one: SM2 (GB/T 32918), SM3 (GB/T 32905) and SM4 in GCM (GB/T 32907, RFC 8998). The table is frozen; which
suite is used for what is the policy's, and what a suite cannot do is refused when the bank opens. Never makes up a suite from
what a signature says of itself: who checks knows the suite of the key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers import algorithms

from farthing.kit.keys.libcrypto import Sm2Key, Sm2Public
from farthing.kit.keys.model import SUITE_CANNOT, UNKNOWN_SUITE
from farthing.kit.words import Words


class Use(StrEnum):
    """What a suite is chosen for."""

    DOCUMENTS = "documents"
    CERTIFICATES = "certificates"
    LOG = "log"
    ENVELOPES = "envelopes"


SAID = {
    Use.DOCUMENTS: Words("signatures in PDF", "PDF 文件签名"),
    Use.CERTIFICATES: Words("certificates", "证书"),
    Use.LOG: Words("the signature of the evidence log", "存证日志签名"),
    Use.ENVELOPES: Words("envelopes", "加密封装"),
}


@dataclass(frozen=True, eq=False)
class Suite:
    """One suite: how its public keys are written, how a signature is checked, what it hashes and seals by."""

    name: str
    prefix: bytes
    """What stands before a raw public key in its DER SubjectPublicKeyInfo (RFC 5480, RFC 8410, GM/T 0015)."""
    public_bytes: int
    uses: frozenset[Use]
    hash: hashes.HashAlgorithm
    cipher: type[algorithms.AES | algorithms.SM4]
    cipher_bytes: int
    verified: Callable[[bytes, bytes, bytes], bool]
    """Whether a signature, over data, is that of a public key (its SubjectPublicKeyInfo, the signature, the data)."""

    def spki(self, public: bytes) -> bytes:
        """A raw public key as DER SubjectPublicKeyInfo; ``ValueError`` where its length is another's."""
        if len(public) != self.public_bytes:
            raise ValueError(f"a public key of {self.name} has {self.public_bytes} bytes")
        return self.prefix + public

    def raw(self, spki: bytes) -> bytes:
        """The raw public key of a DER SubjectPublicKeyInfo; ``ValueError`` where it is another suite's."""
        public = spki[len(self.prefix) :]
        if not spki.startswith(self.prefix) or len(public) != self.public_bytes:
            raise ValueError(f"it is no public key of {self.name}")
        return public

    def digest(self, data: bytes) -> bytes:
        """The suite's hash of data, 32 bytes."""
        made = hashes.Hash(self.hash)
        made.update(data)
        return made.finalize()

    def verify(self, public: bytes, signature: bytes, data: bytes) -> bool:
        """Whether a signature over data is that of a raw public key; a key that is none verifies nothing."""
        try:
            return self.verified(self.spki(public), signature, data)
        except ValueError:
            return False

    @property
    def available(self) -> bool:
        """Whether this machine can; refuses ``keys.no_library`` where it cannot."""
        return self.name != "sm2" or bool(Sm2Key.make().spki)


def _p256(spki: bytes, signature: bytes, data: bytes) -> bool:
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), spki[len(_P256_PREFIX) :])
    try:
        key.verify(signature, data, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def _ed25519(spki: bytes, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(spki[len(_ED25519_PREFIX) :]).verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _sm2(spki: bytes, signature: bytes, data: bytes) -> bool:
    return Sm2Public(spki).verify(signature, data)


_P256_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
_SM2_PREFIX = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
_ED25519_PREFIX = bytes.fromhex("302a300506032b6570032100")

_TABLE = (
    Suite("p256", _P256_PREFIX, 65, frozenset(Use), hashes.SHA256(), algorithms.AES, 32, _p256),
    Suite("ed25519", _ED25519_PREFIX, 32, frozenset({Use.LOG}), hashes.SHA256(), algorithms.AES, 32, _ed25519),
    Suite("sm2", _SM2_PREFIX, 65, frozenset(Use) - {Use.DOCUMENTS}, hashes.SM3(), algorithms.SM4, 16, _sm2),
)
SUITES: Mapping[str, Suite] = MappingProxyType({each.name: each for each in _TABLE})
"""By name. Ed25519 is called invalid by common viewers of PDF and certifies nobody here; no viewer, and not the openssl program
either, checks SM2 in a PDF, so that SM2 signs what our checker and openssl check, and no document."""


def suite(name: str) -> Suite:
    """A suite by its name; refuses ``keys.unknown_suite``."""
    if name not in SUITES:
        raise UNKNOWN_SUITE(suite=name, known=", ".join(SUITES))
    return SUITES[name]


def suite_for(name: str, use: Use) -> Suite:
    """A suite for a use, on this machine; refuses ``keys.unknown_suite``, ``keys.suite_cannot``, ``keys.no_library``."""
    found = suite(name)
    if use not in found.uses:
        able = ", ".join(each.name for each in SUITES.values() if use in each.uses)
        raise SUITE_CANNOT(suite=name, use=SAID[use], able=able)
    _ = found.available
    return found
