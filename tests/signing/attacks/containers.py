"""What is done to the container of a signature: built by hand, so that any part can be another, missing, or twice."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from asn1crypto import algos, cms, core, tsp, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from farthing.signing.judging.encoding import tlv
from tests.evidence.authority import Holder, _asn1
from tests.signing.attacks.writing import Object, body, signatures, update
from tests.signing.victims import Victim, form

ROOM = 16_000
_HASHES = {"md5": hashes.MD5(), "sha1": hashes.SHA1(), "sha256": hashes.SHA256(), "sha512": hashes.SHA512()}


@dataclass(frozen=True)
class Made:
    """How a signature is made: every part that a test may want otherwise."""

    digest: str = "sha256"
    named_digest: str = ""
    attributes: bool = True
    named: bool = True
    content_type: str = "data"
    infos: int = 1
    certificates: tuple[x509.Certificate, ...] | None = None
    root: bool = True
    other_digest: bytes = b""
    content: bytes | None = None
    signed_with: Any = None
    version: str = "v1"
    unsigned: tuple[Any, ...] = ()
    twice: bool = False
    scheme: str = ""
    form: str = "adbe.pkcs7.detached"
    start: int = 0
    gap_before: int = 0
    gap_after: int = 0
    short: int = 0
    between: bytes = b""
    after_container: bytes = b""
    trailer: bytes = b""
    wrap: Callable[[bytes], bytes] | None = None


def sign(victim: Victim, made: Made, holder: Holder | None = None, pdf: bytes | None = None) -> bytes:
    """The form with one signature, its own writer's: dictionary, range and container as ``made`` says."""
    holder = holder or victim.holder
    pdf = form() if pdf is None else pdf
    head, tail, gap = _prepared(pdf, made)
    cut = head[made.start : len(head) - made.gap_before] + tail[made.gap_after : len(tail) - made.short]
    raw = container(victim, holder, made, cut) + made.after_container
    raw = made.wrap(raw) if made.wrap else raw
    assert len(raw) * 2 <= gap - 2, (len(raw), gap)
    return head + b"<" + raw.hex().encode().ljust(gap - 2, b"0") + b">" + made.between + tail


def _prepared(pdf: bytes, made: Made) -> tuple[bytes, bytes, int]:
    """The file around the gap, in an update that adds the signature and its field."""
    hole, gap = b"<" + b"0" * (ROOM - 2) + b">", ROOM
    signature = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /%s /ByteRange [%s] /Contents %s /M (D:20261130120000Z) >>" % (
        made.form.encode(), b" " * 60, hole + made.between,
    )  # fmt: skip
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Hand) /Rect [0 0 0 0] /F 132 /P 3 0 R /V 50 0 R >>"
    out = update(
        pdf, Object(50, signature), Object(51, field),
        Object(6, body(pdf, 6).replace(b"/Fields [", b"/SigFlags 3 /Fields [51 0 R ")),
        Object(3, body(pdf, 3).replace(b"/Annots [", b"/Annots [51 0 R ")),
        trailer=made.trailer,
    )  # fmt: skip
    at = out.index(hole)
    first, second = at - made.gap_before, at + gap + len(made.between) + made.gap_after
    numbers = b"%d %d %d %d" % (made.start, first - made.start, second, len(out) - second - made.short)
    out = out.replace(b"[" + b" " * 60 + b"]", b"[" + numbers.ljust(60) + b"]")
    return out[:at], out[at + gap + len(made.between) :], gap


def container(victim: Victim, holder: Holder, made: Made, covered: bytes) -> bytes:
    """A SignedData over the bytes."""
    certificate = _asn1(holder.certificate)
    name = made.named_digest or made.digest
    content = made.content
    signed = hashlib.new(made.digest, covered if content is None else content).digest()
    attributes = cms.CMSAttributes(
        [
            cms.CMSAttribute({"type": "content_type", "values": [made.content_type]}),
            cms.CMSAttribute({"type": "message_digest", "values": [made.other_digest or signed]}),
            *([cms.CMSAttribute({"type": "message_digest", "values": [signed]})] if made.twice else []),
            *([_names(certificate)] if made.named else []),
        ]
    )
    data = attributes.dump() if made.attributes else covered
    key = made.signed_with or holder.key
    signature, scheme = _signature(key, made.digest, data)
    info: dict[str, Any] = {
        "version": "v1",
        "sid": cms.IssuerAndSerialNumber({"issuer": certificate.issuer, "serial_number": certificate.serial_number}),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": name}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": made.scheme or scheme}),
        "signature": signature,
    }
    if made.attributes:
        info["signed_attrs"] = cms.CMSAttributes.load(attributes.dump())
    if made.unsigned:
        info["unsigned_attrs"] = cms.CMSAttributes(list(made.unsigned))
    held = (certificate, *((_asn1(victim.authority.root),) if made.root else ()))
    encapsulated: dict[str, Any] = {"content_type": "data"}
    if content is not None:
        encapsulated["content"] = core.OctetString(content)
    data_ = cms.SignedData(
        {
            "version": made.version,
            "digest_algorithms": [algos.DigestAlgorithm({"algorithm": name})],
            "encap_content_info": encapsulated,
            "certificates": list(held if made.certificates is None else made.certificates),
            "signer_infos": [cms.SignerInfo(info) for _ in range(made.infos)],
        }
    )
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": data_}).dump())


def _names(certificate: x509.Certificate) -> cms.CMSAttribute:
    made = tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(certificate.dump()).digest()})
    return cms.CMSAttribute({"type": "signing_certificate_v2", "values": [{"certs": [made]}]})


def _signature(key: Any, digest: str, data: bytes) -> tuple[bytes, str]:
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(_HASHES[digest])), f"{digest}_ecdsa"
    return key.sign(data, padding.PKCS1v15(), _HASHES[digest]), f"{digest}_rsa"


def _same_key_other_name(victim: Victim, holder: Holder) -> x509.Certificate:
    """The signer's key in a certificate that the attacker made, for a better name."""
    authority = victim.attacker
    made = authority._certificate("The Governor", "Anybody", holder.key.public_key(), days=9)
    return _asn1(made)


def edited(pdf: bytes, change: Callable[[cms.ContentInfo], Any]) -> bytes:
    """The last signature's container after ``change``, in the same gap."""
    first, second = signatures(pdf)[-1].gap
    raw = bytes.fromhex(pdf[first + 1 : second - 1].decode())
    content = cms.ContentInfo.load(raw)
    answered = change(content)
    new = answered if isinstance(answered, bytes) else content.dump(force=True)
    return (
        pdf[: first + 1] + new.hex().encode().ljust(second - first - 2, b"0")[: second - first - 2] + pdf[second - 1 :]
    )


def made(victim: Victim) -> dict[str, bytes]:
    plain, found = Made(), {}
    other = victim.authority.issue("Another signer")
    governor = _same_key_other_name(victim, victim.holder)
    small = rsa.generate_private_key(65537, 1024)
    weak = Holder(victim.authority._certificate("Weak", "Test root", small.public_key(), days=9), small)
    root = _asn1(victim.authority.root)
    variants: dict[str, Made] = {
        "cms_digest_sha1": replace(plain, digest="sha1"),
        "cms_digest_named_other": replace(plain, named_digest="sha512"),
        "cms_digest_named_weaker": replace(plain, named_digest="sha1"),
        "cms_scheme_named_other": replace(plain, scheme="sha512_ecdsa"),
        "cms_scheme_named_rsa": replace(plain, scheme="sha256_rsa"),
        "cms_two_signers": replace(plain, infos=2),
        "cms_no_signers": replace(plain, infos=0),
        "cms_no_certificates": replace(plain, certificates=()),
        "cms_other_certificate": replace(plain, certificates=(_asn1(other.certificate), root)),
        "cms_certificate_of_same_key": replace(plain, certificates=(governor, root)),
        "cms_other_key": replace(plain, signed_with=other.key),
        "cms_other_digest": replace(plain, other_digest=b"\x11" * 32),
        "cms_digest_twice": replace(plain, twice=True, other_digest=b"\x11" * 32),
        "cms_content_type_other": replace(plain, content_type="signed_data"),
        "cms_content_within": replace(plain, content=b"%PDF-1.7 another file"),
        "cms_version_other": replace(plain, version="v3"),
        "cms_trailing_bytes": replace(plain, after_container=b"\x04\x04evil"),
        "cms_pades_without_attributes": replace(plain, attributes=False, form="ETSI.CAdES.detached"),
        "cms_form_unknown": replace(plain, form="Own.form"),
        "cms_form_stamp": replace(plain, form="ETSI.RFC3161"),
        "made_start_not_zero": replace(plain, start=9),
        "made_gap_wide_before": replace(plain, gap_before=30),
        "made_gap_wide_after": replace(plain, gap_after=30),
        "made_gap_holds_object": replace(plain, between=b" /X (4 0 obj << >> endobj) "),
        "made_gap_holds_blanks": replace(plain, between=b"     "),
        "made_short_of_end": replace(plain, short=6),
        "cms_unsigned_attribute": replace(
            plain, unsigned=(_time(victim),)
        ),
        "cms_certificate_from_elsewhere": replace(
            plain, certificates=(_asn1(victim.holder.certificate), root, _unissued(victim))
        ),
    }  # fmt: skip
    for name, each in variants.items():
        found[name] = sign(victim, each)
    found["cms_key_weak"] = sign(victim, plain, weak)
    large = rsa.generate_private_key(65537, 2048)
    strong = Holder(victim.authority._certificate("Strong", "Test root", large.public_key(), days=9), large)
    found["cms_digest_md5"] = sign(victim, replace(plain, digest="md5"), strong)
    signed = victim.signed
    found["cms_edited_attributes_gone"] = edited(signed, _no_attributes)
    found["cms_edited_digest_swapped"] = edited(signed, _swapped)
    found["cms_edited_signer_twice"] = edited(signed, _doubled)
    found["cms_edited_signature_of_another"] = edited(signed, _borrowed(victim.sign(form(), "Other")))
    found["cms_edited_container_of_another"] = edited(signed, lambda _: _raw(victim.sign(form(), "Other")))
    found["cms_edited_long_length"] = edited(signed, lambda each: _long(each.dump()))
    found["cms_edited_indefinite_length"] = edited(signed, lambda each: b"\x30\x80" + each.contents + b"\x00\x01")
    found["cms_padding_pkcs1_garbage"] = _garbage(victim)
    return found


def _time(victim: Victim) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": "signing_time", "values": [cms.Time({"utc_time": victim.authority.now})]})


def _unissued(victim: Victim) -> x509.Certificate:
    """A certificate whose issuer is not in the file: any byte of it could be another."""
    return _asn1(victim.attacker.issue("Decoration").certificate)


def _raw(pdf: bytes) -> bytes:
    first, second = signatures(pdf)[-1].gap
    return cms.ContentInfo.load(bytes.fromhex(pdf[first + 1 : second - 1].decode())).dump()


def _no_attributes(content: cms.ContentInfo) -> bytes:
    info = content["content"]["signer_infos"][0]
    parts = [info[key].dump() for key in ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")]
    data = content["content"]
    outer = [data[key].dump() for key in ("version", "digest_algorithms", "encap_content_info", "certificates")]
    signed = tlv(0x30, *outer, tlv(0x31, tlv(0x30, *parts)))
    return tlv(0x30, content["content_type"].dump(), tlv(0xA0, signed))


def _swapped(content: cms.ContentInfo) -> bytes:
    return content.dump().replace(bytes.fromhex("608648016503040201"), bytes.fromhex("608648016503040203"))


def _doubled(content: cms.ContentInfo) -> bytes:
    data = content["content"]
    info = data["signer_infos"][0].dump()
    outer = [data[key].dump() for key in ("version", "digest_algorithms", "encap_content_info", "certificates")]
    return tlv(0x30, content["content_type"].dump(), tlv(0xA0, tlv(0x30, *outer, tlv(0x31, info, info))))


def _borrowed(other: bytes) -> Callable[[cms.ContentInfo], bytes]:
    def change(content: cms.ContentInfo) -> bytes:
        theirs = cms.ContentInfo.load(_raw(other))["content"]["signer_infos"][0]["signature"].native
        mine = content["content"]["signer_infos"][0]["signature"].native
        return (
            content.dump().replace(mine, theirs)
            if len(mine) == len(theirs)
            else content.dump().replace(mine, mine[::-1])
        )

    return change


def _long(raw: bytes) -> bytes:
    """The same with a length in more bytes than it needs."""
    content = cms.ContentInfo.load(raw).contents
    return b"\x30\x84" + len(content).to_bytes(4, "big") + content


def _garbage(victim: Victim) -> bytes:
    """An RSA signature whose padding is what a careless reader takes (Bleichenbacher 2006): here simply a wrong number."""
    key = rsa.generate_private_key(65537, 2048)
    holder = Holder(victim.authority._certificate("Padding", "Test root", key.public_key(), days=9), key)
    pdf = sign(victim, Made(), holder)
    numbers = key.private_numbers()
    n, d = numbers.public_numbers.n, numbers.d

    def change(content: cms.ContentInfo) -> bytes:
        info = content["content"]["signer_infos"][0]
        made = hashlib.sha256(cms.CMSAttributes.load(info["signed_attrs"].untag().dump()).dump()).digest()
        block = bytes.fromhex("0001ffffffffffffffff00") + bytes.fromhex("3031300d060960864801650304020105000420") + made
        block = block.ljust(256, b"\x00")
        forged = pow(int.from_bytes(block, "big"), d, n).to_bytes(256, "big")
        return content.dump().replace(info["signature"].native, forged)

    return edited(pdf, change)
