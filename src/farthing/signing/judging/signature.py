"""Own the judging of one signature of a file: where it stands, whether it holds, who signed, when, and what that is worth.

Never looks at what came after it in the file: see ``revisions``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made_by
from datetime import UTC, datetime
from typing import Any

from asn1crypto import core, x509
from pyhanko.pdf_utils import generic

from farthing.signing.judging import chains, container, crypto
from farthing.signing.judging.chains import Pool
from farthing.signing.judging.container import Container, False_
from farthing.signing.judging.fields import Field
from farthing.signing.judging.model import Kind, Path, Reason, SignatureJudged, StampJudged, Standing, Trusted
from farthing.signing.judging.placing import Misplaced, Placed, place
from farthing.signing.judging.reading import at as value_at
from farthing.signing.judging.reading import followed, listed, raws

TOKEN = "ETSI.RFC3161"  # noqa: S105 - the name of a form
BARE = "adbe.x509.rsa_sha1"
FORMS = frozenset({"adbe.pkcs7.detached", "adbe.pkcs7.sha1", "ETSI.CAdES.detached", TOKEN, BARE})


@dataclass
class Found:
    """A signature while it is judged: what was read of it, and the reasons against it."""

    field: Field
    kind: Kind = Kind.APPROVAL
    form: str = ""
    placed: Placed | None = None
    container: Container | None = None
    certificate: x509.Certificate | None = None
    tokens: list[Container] = made_by(default_factory=list)
    intact: bool | None = False
    digest: str = ""
    algorithm: str = ""
    reasons: list[Reason] = made_by(default_factory=list)

    def against(self, code: str, **facts: str) -> None:
        """Add a reason about this signature, once."""
        reason = Reason(code, self.field.name, tuple(facts.items()))
        if reason not in self.reasons:
            self.reasons.append(reason)

    @property
    def end(self) -> int:
        """Where its coverage ends; 0 where it covers nothing that could be told."""
        return 0 if self.placed is None else self.placed.end


def find(pdf: bytes, held: Field) -> Found:
    """Read and verify one signature; whatever it lacks is a reason, never an exception."""
    found = Found(held)
    signature = held.signature
    assert signature is not None
    found.form = _text(signature, "/SubFilter").lstrip("/")
    stamp = found.form == TOKEN or _text(signature, "/Type") == "/DocTimeStamp"
    found.kind = Kind.TIMESTAMP if stamp else Kind.CERTIFICATION if _certifies(signature) else Kind.APPROVAL
    try:
        found.placed = _placed(pdf, held)
        for odd in found.placed.odd:
            found.against(odd)
        if found.form == BARE:
            _bare(pdf, found)
        else:
            _contained(pdf, found)
        found.intact = True
    except (Misplaced, False_) as error:
        found.against(error.code)
    except crypto.Unknown as error:
        found.intact = None
        found.against("certificate_missing" if str(error) == "certificate_missing" else "algorithm_not_read")
    except Exception:  # a signature made to break its reader
        found.against("container_unreadable")
    if found.intact and found.form not in FORMS:
        found.against("form_not_read", form=found.form or "-")
    return found


def _text(held: Any, key: str) -> str:
    value = value_at(held, key)
    return str(value) if isinstance(value, str) else ""


def _certifies(signature: Any) -> bool:
    return any(value_at(followed(raw), "/TransformMethod") == "/DocMDP" for raw in listed(signature, "/Reference"))


def _placed(pdf: bytes, held: Field) -> Placed:
    signature = held.signature
    given = value_at(signature, "/ByteRange") if signature is not None and "/ByteRange" in signature else None
    if not isinstance(given, generic.ArrayObject):
        raise Misplaced("byte_range_malformed")
    assert signature is not None
    numbers = [int(each) if type(each) is generic.NumberObject else None for each in raws(given)]
    if "/Contents" not in signature:
        raise Misplaced("contents_empty")
    contents = signature.raw_get("/Contents", decrypt=generic.EncryptedObjAccess.RAW)
    if not isinstance(contents, generic.TextStringObject | generic.ByteStringObject):
        raise Misplaced("contents_empty")
    placed = place(pdf, numbers, bytes(contents.original_bytes))
    _in_its_dictionary(pdf, held.offset, placed)
    return placed


def _in_its_dictionary(pdf: bytes, offset: int | None, placed: Placed) -> None:
    """The gap must lie in the very dictionary that names it, and that must be covered: not in another one's."""
    if offset is None:
        raise Misplaced("contents_elsewhere")
    if not placed.start <= offset < placed.gap[0] or pdf.find(b"endobj", offset, placed.gap[0]) >= 0:
        raise Misplaced("contents_elsewhere")
    written = pdf[offset : placed.gap[0]] + pdf[placed.gap[1] : pdf.find(b"endobj", placed.gap[1])]
    if written.count(b"/ByteRange") != 1:
        raise Misplaced("byte_range_malformed")


def _contained(pdf: bytes, found: Found) -> None:
    assert found.placed is not None
    placed = found.placed
    held = container.read(placed.raw)
    found.container, found.certificate = held, held.certificate
    found.digest = held.digest
    found.algorithm = _algorithm(held)
    if held.is_token != (found.kind is Kind.TIMESTAMP):
        raise False_("container_unreadable")
    hashed = _hasher(pdf, placed)
    if held.is_token:
        found.digest = crypto.name_of(held.token["message_imprint"]["hash_algorithm"])
    _over_content(pdf, found, hashed)
    _weak(found, found.digest, held)
    for raw in container.tokens(held):
        _token(found, raw, held.info["signature"].native)


def _hasher(pdf: bytes, placed: Placed) -> Callable[[str], bytes]:
    def hashed(name: str) -> bytes:
        if name not in crypto.HASHES:
            raise crypto.Unknown(name)
        return placed.hashed(pdf, name)

    return hashed


def _over_content(pdf: bytes, found: Found, hashed: Callable[[str], bytes]) -> None:
    """A signature with attributes is over them; one without is over the file's bytes themselves."""
    held, placed = found.container, found.placed
    assert held is not None and placed is not None
    bare = isinstance(held.info["signed_attrs"], core.Void) or not len(held.info["signed_attrs"])
    if bare and found.form == "adbe.pkcs7.detached" and not held.is_token:
        container.over(held, placed.covered(pdf))
    else:
        container.holds(held, hashed, found.form)


def _algorithm(held: Container) -> str:
    if held.certificate is None:
        return ""
    key = held.certificate.public_key
    if key.algorithm == "ec":
        return f"ec {key.curve[1]}"
    return f"rsa {key.bit_size}" if key.algorithm == "rsa" else str(key.algorithm)


def _weak(found: Found, digest: str, held: Container) -> None:
    if digest not in crypto.STRONG or held.digest not in crypto.STRONG:
        found.against("digest_weak", digest=digest)
    if held.certificate is not None and crypto.weak_key(crypto.public_key(held.certificate.public_key.dump())):
        found.against("key_weak")


def _token(found: Found, raw: bytes, signature: bytes) -> None:
    """A time stamp over the signature: of this one, and no other."""
    try:
        token = container.read(raw)
        if not token.is_token:
            raise False_("stamp_false")
        container.holds(token, lambda name: crypto.digest(name, signature), TOKEN)
    except False_ as error:
        raise False_("stamp_false") from error
    except crypto.Unknown:
        found.against("stamp_not_read")
        return
    found.tokens.append(token)


def _bare(pdf: bytes, found: Found) -> None:
    """A signature without a container: PKCS #1 in an octet string, its certificate in the dictionary."""
    assert found.placed is not None and found.field.signature is not None
    given = value_at(found.field.signature, "/Cert")
    first = followed(given.raw_get(0)) if isinstance(given, generic.ArrayObject) and len(given) else given
    if not isinstance(first, generic.TextStringObject | generic.ByteStringObject):
        raise False_("certificate_missing")
    found.certificate = x509.Certificate.load(bytes(first.original_bytes))
    found.digest, found.algorithm = "sha1", found.certificate.public_key.algorithm
    signature = core.OctetString.load(found.placed.raw).native
    key = crypto.public_key(found.certificate.public_key.dump())
    for name in ("sha1", "sha256", "sha384", "sha512", "md5"):
        if crypto.verifies_digest(key, signature, name, found.placed.hashed(pdf, name)):
            found.digest = name
            break
    else:
        raise False_("signature_false")
    found.against("form_bare")
    if found.digest not in crypto.STRONG:
        found.against("digest_weak", digest=found.digest)


def judged(found: Found, pool: Pool, length: int, at: datetime) -> SignatureJudged:
    """One signature as it is told, its certificates judged at the time that a stamp vouches for, else that is claimed."""
    stamp = None
    claimed = _claimed(found)
    if found.kind is Kind.TIMESTAMP and found.container is not None and found.intact:
        stamp = _stamp(found.container, pool)
    elif found.tokens:
        stamp = min((_stamp(each, pool) for each in found.tokens), key=lambda each: each.at)
    moment = stamp.at if stamp is not None else claimed or at
    certificate = found.certificate
    if certificate is None:
        standing = Standing()
    elif found.kind is Kind.TIMESTAMP and stamp is not None:
        standing = stamp.standing
    else:
        standing = chains.standing(certificate, pool, moment)
    return SignatureJudged(
        field=found.field.name,
        kind=found.kind,
        form=found.form,
        signer="" if certificate is None else chains.name(certificate.subject),
        issuer="" if certificate is None else chains.name(certificate.issuer),
        certificate="" if certificate is None else hashlib.sha256(certificate.dump()).hexdigest(),
        digest=found.digest,
        algorithm=found.algorithm,
        intact=found.intact,
        covers=found.end,
        whole_file=found.end == length and found.placed is not None and found.placed.start == 0,
        claimed_at=claimed,
        stamp=stamp,
        standing=standing,
        reasons=tuple(found.reasons),
    )


def _stamp(token: Container, pool: Pool) -> StampJudged:
    at = container.stamped_at(token)
    found = chains.standing(token.signer, pool, at)
    usage = token.signer.extended_key_usage_value
    if usage is None or "time_stamping" not in usage.native:
        trusted = Trusted.NO if found.trusted is not Trusted.NOT_CHECKED else found.trusted
        found = Standing(Path.INVALID, found.revocation, found.period, trusted, found.root)
    return StampJudged(at, chains.name(token.signer.subject), intact=True, standing=found)


def _claimed(found: Found) -> datetime | None:
    try:
        said = None if found.container is None else container.claimed_at(found.container)
        if said is None and found.field.signature is not None and found.kind is not Kind.TIMESTAMP:
            text = _text(found.field.signature, "/M")
            said = generic.parse_pdf_date(text, strict=False) if text else None
    except Exception:  # a date that is none
        return None
    return said if said is None or said.tzinfo is not None else said.replace(tzinfo=UTC)
