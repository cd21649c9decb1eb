"""Own the question what of the last container nobody vouches for: it lies in the gap, and no byte range covers it.

A container is written again from what was verified: the parts that are signed, certificates whose issuer signed them, tokens
that hold. Where that is not what stands in the file, byte for byte, something there could have been changed or added unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from asn1crypto import algos, core, x509

from farthing.signing.judging import crypto
from farthing.signing.judging.container import Container, False_, read, tokens
from farthing.signing.judging.encoding import INTEGER, NULL, OCTETS, OID, SEQUENCE, SET, tlv

_SIGNED_DATA = tlv(OID, bytes.fromhex("2a864886f70d010702"))
_TOKEN = tlv(OID, bytes.fromhex("2a864886f70d010910020e"))
_DATA, _LONGEST_DIGEST = "data", 64


def loose(container: Container, pool: Sequence[x509.Certificate]) -> bool:
    """Whether the container holds anything that neither its signature nor that of an issuer fixes."""
    try:
        in_der = container.der == container.raw or container.raw[1:2] == b"\x80"
        return not in_der or container.der not in _written(container, pool)
    except (ValueError, TypeError, KeyError, AttributeError, IndexError, False_, crypto.Unknown):
        return True


def _written(container: Container, pool: Sequence[x509.Certificate]) -> list[bytes]:
    """Every encoding of it that says the same: a digest's parameters may stand there or not, RSA has two names."""
    info, encapsulated = container.info, _encapsulated(container)
    found = []
    for digest in _parameters(info["digest_algorithm"]["algorithm"]):
        head = tlv(INTEGER, bytes([_version(container)])), tlv(SET, digest), encapsulated
        for scheme in _schemes(container):
            signer = tlv(SEQUENCE, *_signer(container, digest, scheme, pool))
            parts = [*head, *_certificates(container, pool), tlv(SET, signer)]
            found.append(tlv(SEQUENCE, _SIGNED_DATA, tlv(0xA0, tlv(SEQUENCE, *parts))))
    return found


def _encapsulated(container: Container) -> bytes:
    """What is signed in the container itself: a token's statement, a digest, or nothing but its kind."""
    held = container.data["encap_content_info"]
    content = bytes(held["content"]) if held["content"].native is not None else None
    if content and held["content_type"].native == _DATA and len(content) > _LONGEST_DIGEST:
        raise ValueError("a copy of what is signed beside it")
    parts = [] if content is None else [tlv(0xA0, tlv(OCTETS, content))]
    return tlv(SEQUENCE, held["content_type"].dump(), *parts)


def _version(container: Container) -> int:
    """RFC 5652 section 5.1, of containers without other certificates."""
    plain = container.data["encap_content_info"]["content_type"].native == _DATA
    return 1 if plain and container.info["sid"].name == "issuer_and_serial_number" else 3


def _parameters(algorithm: core.ObjectIdentifier) -> tuple[bytes, bytes]:
    return tlv(SEQUENCE, algorithm.dump()), tlv(SEQUENCE, algorithm.dump(), NULL)


def _schemes(container: Container) -> list[bytes]:
    """The encodings of the signature's algorithm that its key and digest allow."""
    key, digest = container.signer.public_key.algorithm, container.digest
    given: algos.SignedDigestAlgorithm = container.info["signature_algorithm"]
    if key == "rsa" and given["algorithm"].native == "rsassa_pss":
        return _pss(given)
    if key == "rsa":
        names = [algos.SignedDigestAlgorithmId(f"{digest}_rsa"), algos.SignedDigestAlgorithmId("rsassa_pkcs1v15")]
        return [written for name in names for written in _parameters(name)]
    if key == "ec":
        return list(_parameters(algos.SignedDigestAlgorithmId(f"{digest}_ecdsa")))
    return [tlv(SEQUENCE, given["algorithm"].dump())]


def _pss(given: algos.SignedDigestAlgorithm) -> list[bytes]:
    """RSASSA-PSS with its parameters, each of which the verification used (RFC 4055 section 3.1)."""
    parameters = given["parameters"]
    digest = parameters["hash_algorithm"]["algorithm"]
    salt = parameters["salt_length"].native
    found = []
    for each in _parameters(digest):
        mask = tlv(SEQUENCE, parameters["mask_gen_algorithm"]["algorithm"].dump(), each)
        inner = tlv(SEQUENCE, tlv(0xA0, each), tlv(0xA1, mask), tlv(0xA2, core.Integer(salt).dump()))
        found.append(tlv(SEQUENCE, given["algorithm"].dump(), inner))
    return found


def _signer(container: Container, digest: bytes, scheme: bytes, pool: Sequence[x509.Certificate]) -> list[bytes]:
    info, certificate = container.info, container.signer
    if info["sid"].name == "issuer_and_serial_number":
        serial = certificate["tbs_certificate"]["serial_number"].dump()
        version, sid = 1, tlv(SEQUENCE, certificate.issuer.dump(), serial)
    else:
        version, sid = 3, tlv(0x80, certificate.key_identifier)
    parts = [tlv(INTEGER, bytes([version])), sid, digest]
    if container.attributes is not None:
        parts.append(tlv(0xA0, container.attributes))
    parts += [scheme, tlv(0x04, info["signature"].native)]
    held = tokens(container)
    if held:
        inner = [read(each) for each in held]
        if any(loose(each, pool) for each in inner):
            raise ValueError("a token holds more than is vouched for")
        parts.append(tlv(0xA1, tlv(SEQUENCE, _TOKEN, tlv(SET, *(each.der for each in inner)))))
    return parts


def _certificates(container: Container, pool: Sequence[x509.Certificate]) -> list[bytes]:
    """The certificates, each on the signer's way or signed by an issuer that is there; revocation lists likewise."""
    chain = _chain(container, pool)
    written = []
    for each in container.certificates:
        if each.dump() not in chain and not any(crypto.issued(each, one) for one in pool):
            raise ValueError("a certificate that nobody vouches for")
        written.append(each.dump())
    parts = [tlv(0xA0, *written)] if written else []
    lists = container.data["crls"]
    if not isinstance(lists, core.Void) and len(lists):
        if not all(_listed(each.chosen, pool) for each in lists):
            raise ValueError("a revocation list that nobody vouches for")
        parts.append(tlv(0xA1, *(each.chosen.dump() for each in lists)))
    return parts


def _chain(container: Container, pool: Sequence[x509.Certificate]) -> dict[bytes, bool]:
    """The certificates on the way from the signer's upwards.

    The signer's is fixed by its digest among the signed attributes or by its issuer's signature. One above it is fixed by its
    own issuer's, and where that is not there by its key and name, which the certificate beneath it needs.
    """
    found: dict[bytes, bool] = {}
    waiting = [container.signer]
    while waiting:
        here = waiting.pop()
        above = [each for each in pool if each.subject.dump() == here.issuer.dump() and crypto.issued(here, each)]
        if here is container.signer and not above and not container.named:
            return {}
        found[here.dump()] = True
        waiting += [each for each in above if each.dump() not in found]
    return found


def _listed(crl: Any, pool: Sequence[x509.Certificate]) -> bool:
    algorithm = crl["signature_algorithm"]
    if algorithm.dump() != crl["tbs_cert_list"]["signature"].dump():
        return False
    data, signature = crl["tbs_cert_list"].dump(), crl["signature"]
    return any(
        each.subject.dump() == crl.issuer.dump() and crypto.signed_by(data, algorithm, signature, each) for each in pool
    )
