"""Time stamps that are another's: of another file, of another signature, over another digest, or by nobody who may."""

from __future__ import annotations

import hashlib

from asn1crypto import cms

from farthing.signing.judging.encoding import tlv
from tests.signing.attacks.containers import _raw, edited
from tests.signing.attacks.writing import Object, body, signatures, update
from tests.signing.victims import Victim, form


def made(victim: Victim) -> dict[str, bytes]:
    authority, sealed = victim.authority, victim.sealed
    another = victim.stamp(victim.sign(form(), "Other"))
    stamped = victim.sign(form(), "Signature1", stamped=True)
    found = {
        "stamp_of_another_file": edited(sealed, lambda _: _raw(another)),
        "stamp_of_other_digest": edited(sealed, lambda _: authority.stamp(hashlib.sha256(b"another").digest())),
        "stamp_is_a_signature": edited(sealed, lambda _: _raw(victim.signed)),
        "stamp_of_sha1": _sha1(victim),
        "stamp_of_another_signature": edited(stamped, _swapped(victim)),
        "stamp_over_covered_bytes_not_signature": edited(stamped, _over_text(victim, stamped)),
        "stamp_twice_in_one_place": edited(sealed, lambda each: each.dump() + each.dump()[:8]),
        "stamp_bytes_turned": _turned(sealed),
        "stamp_field_shares_signature": _shared(victim),
    }
    return found


def _with_token(content: cms.ContentInfo, token: bytes) -> bytes:
    """The container with another token among what is not signed."""
    data = content["content"]
    info = data["signer_infos"][0]
    keys = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
    oid = cms.CMSAttributeType("signature_time_stamp_token").dump()
    parts = [*(info[key].dump() for key in keys), tlv(0xA1, tlv(0x30, oid, tlv(0x31, token)))]
    outer = [data[key].dump() for key in ("version", "digest_algorithms", "encap_content_info", "certificates")]
    return tlv(0x30, content["content_type"].dump(), tlv(0xA0, tlv(0x30, *outer, tlv(0x31, tlv(0x30, *parts)))))


def _swapped(victim: Victim):  # type: ignore[no-untyped-def]
    other = cms.ContentInfo.load(_raw(victim.sign(form(), "Other", stamped=True)))
    theirs = other["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0].dump()
    return lambda content: _with_token(content, theirs)


def _over_text(victim: Victim, pdf: bytes):  # type: ignore[no-untyped-def]
    first, second = signatures(pdf)[-1].gap
    token = victim.authority.stamp(hashlib.sha256(pdf[:first] + pdf[second:]).digest())
    return lambda content: _with_token(content, token)


def _sha1(victim: Victim) -> bytes:
    """A token over SHA-1 of the file: what collides can be exchanged."""
    sealed = victim.sealed
    first, second = signatures(sealed)[-1].gap
    made = hashlib.sha1(sealed[:first] + sealed[second:]).digest()
    stamper = victim.authority._stamper
    _, request = stamper.request_cms(made, "sha1")
    token = stamper.request_tsa_response(request)["time_stamp_token"].dump()
    return edited(sealed, lambda _: bytes(token))


def _turned(pdf: bytes) -> bytes:
    first, second = signatures(pdf)[-1].gap
    inner = pdf[first + 1 : second - 1].rstrip(b"0")
    return pdf[: first + 1] + inner[::-1].ljust(second - first - 2, b"0") + pdf[second - 1 :]


def _shared(victim: Victim) -> bytes:
    """Two fields that show one signature, so that one person seems to be two."""
    signed = victim.signed
    last = signatures(signed)[-1].object
    field = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Second) /Rect [0 0 0 0] /F 132 /P 3 0 R /V %d 0 R >>" % last
    return update(
        signed, Object(70, field), Object(6, body(signed, 6).replace(b"/Fields [", b"/Fields [70 0 R ")),
    )  # fmt: skip
