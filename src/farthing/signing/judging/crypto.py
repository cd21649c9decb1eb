"""Own the cryptography of judging: whether a key made a signature, and which digests and keys can be relied upon.

Weak algorithms are computed all the same, so that an old file is found intact, and named as weak. Never decides a verdict.
"""

from __future__ import annotations

import hashlib
from typing import Any

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

HASHES: dict[str, hashes.HashAlgorithm] = {
    "md5": hashes.MD5(),  # noqa: S303 - to find an old file intact, and say that it is weak
    "sha1": hashes.SHA1(),  # noqa: S303
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
    "sha3_256": hashes.SHA3_256(),
    "sha3_384": hashes.SHA3_384(),
    "sha3_512": hashes.SHA3_512(),
}
STRONG = frozenset({"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"})
RSA_BITS, CURVE_BITS = 2048, 224
"""Below these a key is weak (NIST SP 800-131A revision 2: 112 bits of strength)."""


class Unknown(Exception):
    """Something that is not read here, such as an algorithm: not checked, which is no word against the signature."""


def digest(name: str, data: bytes) -> bytes:
    """The digest of ``data``; :class:`Unknown` for an algorithm that is not read here."""
    if name not in HASHES:
        raise Unknown(name)
    return hashlib.new(name, data, usedforsecurity=False).digest()


def name_of(algorithm: Any) -> str:
    """A digest algorithm's name, or its number in dots."""
    return str(algorithm["algorithm"].native).lower().replace("-", "_")


def public_key(spki: bytes) -> Any:
    """A key (DER SubjectPublicKeyInfo); :class:`Unknown` where its kind is not read here."""
    try:
        return load_der_public_key(spki)
    except (ValueError, UnsupportedAlgorithm, TypeError) as error:
        raise Unknown("key") from error


def weak_key(key: Any) -> bool:
    """Whether a key is too short to be relied upon."""
    if isinstance(key, rsa.RSAPublicKey | dsa.DSAPublicKey):
        return key.key_size < RSA_BITS
    return isinstance(key, ec.EllipticCurvePublicKey) and key.key_size < CURVE_BITS


def verifies(key: Any, algorithm: algos.SignedDigestAlgorithm, named: str, signature: bytes, data: bytes) -> bool:
    """Whether ``key`` signed ``data``; ``named`` is the digest that stands beside a scheme that names none.

    A scheme that names another digest than the one beside it is no signature. :class:`Unknown` where it is not read here.
    """
    try:
        scheme = algorithm.signature_algo
    except ValueError as error:
        raise Unknown(algorithm["algorithm"].dotted) from error
    try:
        if scheme == "rsassa_pss":
            return _pss(key, algorithm, named, signature, data)
        own = _own_digest(algorithm)
        if own is not None and own != named:
            return False
        return _plain(key, scheme, named, signature, data)
    except InvalidSignature:
        return False
    except (UnsupportedAlgorithm, ValueError, TypeError) as error:
        raise Unknown(scheme) from error


def _own_digest(algorithm: algos.SignedDigestAlgorithm) -> str | None:
    try:
        return str(algorithm.hash_algo)
    except ValueError:
        return None


def _hash(name: str) -> hashes.HashAlgorithm:
    if name not in HASHES:
        raise Unknown(name)
    return HASHES[name]


def _plain(key: Any, scheme: str, named: str, signature: bytes, data: bytes) -> bool:
    if scheme == "rsassa_pkcs1v15" and isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), _hash(named))
    elif scheme == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(_hash(named)))
    elif scheme == "dsa" and isinstance(key, dsa.DSAPublicKey):
        key.verify(signature, data, _hash(named))
    elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey) and scheme in {"ed25519", "ed448"}:
        key.verify(signature, data)
    elif scheme in {"rsassa_pkcs1v15", "ecdsa", "dsa", "ed25519", "ed448"}:
        return False
    else:
        raise Unknown(scheme)
    return True


def _pss(key: Any, algorithm: algos.SignedDigestAlgorithm, named: str, signature: bytes, data: bytes) -> bool:
    parameters = algorithm["parameters"]
    inner = name_of(parameters["hash_algorithm"])
    mask = parameters["mask_gen_algorithm"]
    if inner != named or mask["algorithm"].native != "mgf1" or not isinstance(key, rsa.RSAPublicKey):
        return False
    salt = int(parameters["salt_length"].native)
    made = padding.PSS(padding.MGF1(_hash(name_of(mask["parameters"]))), salt)
    key.verify(signature, data, made, _hash(inner))
    return True


def verifies_digest(key: Any, signature: bytes, name: str, made: bytes) -> bool:
    """Whether an RSA key signed a digest that was made already (``adbe.x509.rsa_sha1``)."""
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(signature, made, padding.PKCS1v15(), Prehashed(_hash(name)))
    except InvalidSignature:
        return False
    return True


def issued(certificate: Any, issuer: Any) -> bool:
    """Whether one certificate (asn1crypto) was signed by the key of another; false where it cannot be told."""
    algorithm = certificate["signature_algorithm"]
    if algorithm.dump() != certificate["tbs_certificate"]["signature"].dump():
        return False
    return signed_by(certificate["tbs_certificate"].dump(), algorithm, certificate["signature_value"], issuer)


def signed_by(data: bytes, algorithm: Any, signature: Any, issuer: Any) -> bool:
    """Whether a certificate's key signed ``data``, the signature being a BIT STRING of whole bytes."""
    try:
        key = public_key(issuer.public_key.dump())
        own = _own_digest(algorithm) or ("sha512" if algorithm.signature_algo == "ed25519" else "")
        if algorithm.signature_algo == "rsassa_pss":
            own = name_of(algorithm["parameters"]["hash_algorithm"])
        whole = signature.contents[:1] == b"\x00"
        return whole and verifies(key, algorithm, own, signature.contents[1:], data)
    except (Unknown, ValueError, TypeError):
        return False
