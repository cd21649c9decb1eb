"""Own what a signature's container says (CMS, RFC 5652; RFC 3161 for tokens): whose it is, and whether it holds.

One signer, its certificate inside, attributes that name the digest and the certificate. Never follows a chain: see ``chains``.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509

from farthing.signing.judging import crypto
from farthing.signing.judging.encoding import SET, children, definite, tlv, value

Hashed = Callable[[str], bytes]
"""The digest of what was signed, by the algorithm's name."""


class False_(Exception):
    """A signature that does not hold; ``code`` is the reason's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Container:
    """A signature's container as it was read."""

    raw: bytes
    der: bytes
    """The same in DER's way, which for some makers is another."""
    data: cms.SignedData
    info: cms.SignerInfo
    certificate: x509.Certificate | None
    """The signer's; none where it does not lie in the container."""
    certificates: tuple[x509.Certificate, ...]
    attributes: bytes | None
    """The signed attributes as they are written, without their tag."""

    @property
    def signer(self) -> x509.Certificate:
        """The signer's certificate, of a container that was found to hold."""
        if self.certificate is None:
            raise ValueError("there is none")
        return self.certificate

    @property
    def is_token(self) -> bool:
        """Whether it is a time-stamp token."""
        return bool(self.data["encap_content_info"]["content_type"].native == "tst_info")

    @property
    def digest(self) -> str:
        """The digest its signer used."""
        return crypto.name_of(self.info["digest_algorithm"])

    @property
    def token(self) -> tsp.TSTInfo:
        """What a token says."""
        return self.data["encap_content_info"]["content"].parsed

    @property
    def named(self) -> bool:
        """Whether the signer's attributes name its certificate by a digest, so that no other can stand in its place."""
        return bool(_named(self.info))


def read(raw: bytes) -> Container:
    """A container whose bytes are ``raw`` alone; raises :class:`False_`."""
    try:
        written, end = definite(raw)
        if end != len(raw):
            raise False_("container_unreadable")
        content = cms.ContentInfo.load(written, strict=True)
        if content["content_type"].native != "signed_data":
            raise False_("container_unreadable")
        data = content["content"]
        infos = data["signer_infos"]
        if len(infos) != 1:
            raise False_("signers_not_one")
        info = infos[0]
        held = tuple(each.chosen for each in data["certificates"] if each.name == "certificate")
        found = [each for each in held if _is_signer(info["sid"], each)]
        return Container(raw, written, data, info, found[0] if found else None, held, _attributes(written))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise False_("container_unreadable") from error


def _attributes(written: bytes) -> bytes | None:
    signer = children(children(children(children(children(written)[1])[0])[-1])[0])
    return value(signer[3]) if signer[3][0] == 0xA0 else None


def _is_signer(sid: Any, certificate: x509.Certificate) -> bool:
    if sid.name == "issuer_and_serial_number":
        return bool(
            sid.chosen["serial_number"].native == certificate.serial_number
            and sid.chosen["issuer"].dump() == certificate.issuer.dump()
        )
    return bool(sid.chosen.native == certificate.key_identifier)


def holds(container: Container, hashed: Hashed, pdf_form: str) -> None:
    """Whether what was signed is what ``hashed`` tells, and by the certificate's key.

    Raises :class:`False_`, or ``crypto.Unknown`` where an algorithm is not read here.
    """
    try:
        _holds(container, hashed, pdf_form)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise False_("container_unreadable") from error


def _holds(container: Container, hashed: Hashed, pdf_form: str) -> None:
    info, digest = container.info, container.digest
    if digest not in crypto.HASHES:
        raise crypto.Unknown(digest)
    content_type, content = _content(container)
    if container.is_token:
        imprint = container.token["message_imprint"]
        made = hashed(crypto.name_of(imprint["hash_algorithm"]))
        if not hmac.compare_digest(made, imprint["hashed_message"].native):
            raise False_("digest_differs")
        expected = crypto.digest(digest, content)
    elif pdf_form == "adbe.pkcs7.sha1":
        if not hmac.compare_digest(content, hashed("sha1")):
            raise False_("digest_differs")
        expected = crypto.digest(digest, content)
    else:
        expected = hashed(digest)
        if content and not hmac.compare_digest(crypto.digest(digest, content), expected):
            raise False_("content_within")
    if not _signed(info, content_type, expected) or container.attributes is None:
        if container.is_token or pdf_form.startswith("ETSI."):
            raise False_("attributes_missing")
        over(container, content)
        return
    if container.certificate is None:
        raise crypto.Unknown("certificate_missing")
    _names_its_certificate(info, container.certificate)
    _protected(info)
    as_written = tlv(SET, container.attributes)
    _verify(container, (as_written, tlv(SET, *sorted(children(as_written)))))


def _content(container: Container) -> tuple[str, bytes]:
    encapsulated = container.data["encap_content_info"]
    content = encapsulated["content"]
    held = b"" if isinstance(content, core.Void) or content.native is None else bytes(content.contents)
    if isinstance(content, core.ParsableOctetString | core.OctetString) and held:
        held = bytes(content)
    return str(encapsulated["content_type"].native), held


def over(container: Container, content: bytes) -> None:
    """A signature without attributes is over the content itself (RFC 5652 section 5.4); raises as :func:`holds`."""
    if not content:
        raise False_("attributes_missing")
    _verify(container, (content,))


def _signed(info: cms.SignerInfo, content_type: str, expected: bytes) -> bool:
    """Whether there are signed attributes, which then must name the content's kind and digest once each."""
    attributes = info["signed_attrs"]
    if isinstance(attributes, core.Void) or not len(attributes):
        return False
    if _only(attributes, "message_digest") != expected:
        raise False_("digest_differs")
    if _only(attributes, "content_type") != content_type:
        raise False_("attributes_false")
    return True


def _only(attributes: Any, name: str) -> Any:
    found = [each["values"] for each in attributes if each["type"].native == name]
    if len(found) != 1 or len(found[0]) != 1:
        raise False_("attributes_false")
    return found[0][0].native


def _named(info: cms.SignerInfo) -> list[tuple[str, bytes]]:
    found = []
    if isinstance(info["signed_attrs"], core.Void):
        return []
    for attribute in info["signed_attrs"]:
        kind = attribute["type"].native
        if kind == "signing_certificate_v2":
            first = attribute["values"][0]["certs"][0]
            found.append((crypto.name_of(first["hash_algorithm"]), first["cert_hash"].native))
        elif kind == "signing_certificate":
            found.append(("sha1", attribute["values"][0]["certs"][0]["cert_hash"].native))
    return found


def _names_its_certificate(info: cms.SignerInfo, certificate: x509.Certificate) -> None:
    for name, made in _named(info):
        if not hmac.compare_digest(crypto.digest(name, certificate.dump()), made):
            raise False_("certificate_not_named")


def _protected(info: cms.SignerInfo) -> None:
    """RFC 6211: the algorithms that the attributes name are the ones that stand outside them."""
    for attribute in info["signed_attrs"]:
        if attribute["type"].native == "cms_algorithm_protection":
            said = attribute["values"][0]
            if said["digest_algorithm"]["algorithm"].dotted != info["digest_algorithm"]["algorithm"].dotted:
                raise False_("attributes_false")
            other = said["signature_algorithm"]
            if isinstance(other, core.Void) or other.native is None:
                continue
            if other["algorithm"].dotted != info["signature_algorithm"]["algorithm"].dotted:
                raise False_("attributes_false")


def _verify(container: Container, candidates: tuple[bytes, ...]) -> None:
    info = container.info
    if container.certificate is None:
        raise crypto.Unknown("certificate_missing")
    key = crypto.public_key(container.certificate.public_key.dump())
    algorithm: algos.SignedDigestAlgorithm = info["signature_algorithm"]
    for data in dict.fromkeys(candidates):
        if crypto.verifies(key, algorithm, container.digest, info["signature"].native, data):
            return
    raise False_("signature_false")


def tokens(container: Container) -> tuple[bytes, ...]:
    """The time-stamp tokens over its signature."""
    found: list[bytes] = []
    try:
        attributes = container.info["unsigned_attrs"]
        if isinstance(attributes, core.Void):
            return ()
        for attribute in attributes:
            if attribute["type"].native == "signature_time_stamp_token":
                found += [each.dump() for each in attribute["values"]]
    except (ValueError, TypeError, KeyError) as error:
        raise False_("container_unreadable") from error
    return tuple(found)


def stamped_at(token: Container) -> datetime:
    """The instant that a token vouches for."""
    at: datetime = token.token["gen_time"].native
    return at


def claimed_at(container: Container) -> datetime | None:
    """When the signer's attributes say that it signed."""
    if isinstance(container.info["signed_attrs"], core.Void):
        return None
    for attribute in container.info["signed_attrs"]:
        if attribute["type"].native == "signing_time":
            at: datetime = attribute["values"][0].native
            return at
    return None
