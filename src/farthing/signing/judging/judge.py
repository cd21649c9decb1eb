"""Own the verdict on a signed PDF under the sealed rule, whoever made the file (decision 0091).

*Sealed*: every signature holds; the last signature or document time stamp covers every byte of the file but its own
hexadecimal; nothing in that hexadecimal is vouched for by nobody; revisions between signatures added only what the earlier
ones allow; no signature field waits. Never raises for a damaged file, and never says one boolean.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from asn1crypto import core, x509
from pyhanko.pdf_utils import generic

from farthing.signing.judging import fields as signing_fields
from farthing.signing.judging import lint, revisions
from farthing.signing.judging.chains import Pool
from farthing.signing.judging.fields import Unreadable
from farthing.signing.judging.loose import loose
from farthing.signing.judging.model import Judgement, Kind, Reason, Revocation, SignatureJudged, Verdict
from farthing.signing.judging.reading import at as value_at
from farthing.signing.judging.reading import followed, listed
from farthing.signing.judging.reasons import worst
from farthing.signing.judging.signature import Found, find, judged

MOST_CERTIFICATES = 2_000


def judge(pdf: bytes, roots: Sequence[bytes], at: datetime) -> Judgement:
    """Judge one file by roots (DER certificates) that the reader trusts; ``at`` stands in where a file names no time."""
    empty = Judgement(Verdict.NONE, len(pdf), hashlib.sha256(pdf).hexdigest(), (), (), (), ())
    try:
        return _judge(empty, pdf, roots, at)
    except Unreadable as error:
        return _unread(empty, pdf, error.code, at)
    except (RecursionError, MemoryError):
        return _unread(empty, pdf, "too_deep", at)
    except Exception:  # a file made to break its reader may raise anything, and that is a finding
        return _unread(empty, pdf, "not_read", at)


def _unread(empty: Judgement, pdf: bytes, code: str, at: datetime) -> Judgement:
    """A file whose objects cannot be read: its signatures are looked for in its bytes, and it is never sealed."""
    unread = Reason(code if b"%PDF-" in pdf[:1024] else "not_a_pdf")
    mentioned = signing_fields.mentions(pdf)
    if not mentioned:
        return replace(empty, reasons=(unread, Reason("no_signature")))
    held = signing_fields.raw_fields(pdf)
    found = sorted((find(pdf, each) for each in held), key=lambda each: each.end)
    reasons = [unread, *([] if held else [Reason("byte_range_malformed")])]
    if found and found[-1].intact and found[-1].end < len(pdf):
        reasons.append(_after(pdf, found[-1], None))
    reasons += [reason for each in found for reason in each.reasons]
    pool = Pool((), tuple(one for each in found if each.container for one in each.container.certificates), (), ())
    told = tuple(judged(each, pool, len(pdf), at) for each in found)
    return replace(empty, verdict=worst(reasons), reasons=tuple(dict.fromkeys(reasons)), signatures=told)


def _judge(empty: Judgement, pdf: bytes, roots: Sequence[bytes], at: datetime) -> Judgement:
    reader = signing_fields.opened(pdf)
    fields = signing_fields.fields(reader)
    held = [each for each in fields if each.signature is not None]
    if len(held) > signing_fields.MOST_SIGNATURES:
        raise Unreadable("too_deep")
    found = sorted((find(pdf, each) for each in held), key=lambda each: each.end)
    warnings = tuple(lint.warnings(reader, pdf))
    reasons, noted = _hidden(reader, pdf, found)
    if not found:
        verdict = Verdict.CHANGED if reasons else Verdict.NONE
        return replace(empty, verdict=verdict, reasons=(*reasons, Reason("no_signature")), warnings=warnings)
    pool = _pool(reader, found, roots)
    reasons += [*_whole(pdf, found, pool), *_two_tables(reader)]
    for each in found:
        if each.intact:
            later = revisions.since(reader, each.field, each.end == len(pdf))
            each.reasons += later.wrong
            noted += later.known
            if each is found[-1] and each.end < len(pdf):
                reasons.append(_after(pdf, each, later.proofs))
    reasons += [Reason("field_empty", each.name) for each in fields if each.signature is None]
    told = tuple(judged(each, pool, len(pdf), at) for each in found)
    all_reasons = tuple(dict.fromkeys((*reasons, *(reason for each in found for reason in each.reasons))))
    verdict = worst(all_reasons)
    return replace(
        empty,
        verdict=verdict,
        reasons=all_reasons or (Reason("all_hold"),),
        signatures=told,
        not_checked=(*_not_checked(told, roots), *dict.fromkeys(noted)),
        warnings=warnings,
    )


def _whole(pdf: bytes, found: Sequence[Found], pool: Pool) -> list[Reason]:
    """What keeps the file as a whole from being sealed."""
    reasons = []
    if not pdf.startswith(b"%PDF-"):
        reasons.append(Reason("header_displaced"))
    offsets = [each.field.offset for each in found if each.field.offset is not None]
    gaps = [each.placed.gap for each in found if each.placed is not None]
    if len(set(offsets)) != len(offsets) or len(set(gaps)) != len(gaps):
        reasons.append(Reason("signature_shared"))
    last = found[-1]
    if last.placed is None:
        return reasons
    if last.end < len(pdf):
        if not last.intact:
            reasons.append(_after(pdf, last, None))
    elif last.intact and last.container is not None and loose(last.container, pool.all):
        last.against("container_loose")
    return reasons


def _after(pdf: bytes, last: Found, proofs: int | None) -> Reason:
    """What it means that bytes follow the last that is covered: a revision of proofs alone changes nothing that is seen."""
    tail = pdf[last.end :]
    whole = tail.rstrip(b"\r\n").endswith(b"%%EOF") and tail.count(b"%%EOF") == proofs
    return Reason("proofs_after" if proofs and whole else "bytes_after", last.field.name, (("bytes", str(len(tail))),))


def _hidden(reader: Any, pdf: bytes, found: Sequence[Found]) -> tuple[list[Reason], list[Reason]]:
    """Signatures that lie in the file and that its form does not name: taken out, or never shown."""
    spans = [
        (each.field.offset, pdf.find(b"endobj", each.field.offset)) for each in found if each.field.offset is not None
    ]
    others = [at for at in signing_fields.mentions(pdf) if not any(start <= at < end for start, end in spans)]
    if not others:
        return [], []
    places = _places(reader)
    starts = [start for start, _, _ in places]
    reasons: list[Reason] = []
    noted: list[Reason] = []
    rights = _usage_rights(reader)
    for at in others:
        index = bisect_right(starts, at) - 1
        if index < 0 or pdf.find(b"endobj", starts[index], at) >= 0:
            continue
        _, reference, revision = places[index]
        held = reader.get_object(reference, revision)
        if isinstance(held, generic.StreamObject) or not isinstance(held, generic.DictionaryObject):
            continue
        if (reference.idnum, reference.generation) in rights:
            noted.append(Reason("usage_rights"))
        elif "/ByteRange" in held or "/Contents" in held:
            reasons.append(Reason("signature_removed"))
    return list(dict.fromkeys(reasons)), list(dict.fromkeys(noted))


def _places(reader: Any) -> list[tuple[int, Any, int]]:
    """Where each object of each revision begins."""
    found = []
    for revision in range(reader.xrefs.total_revisions):
        for reference in reader.xrefs.explicit_refs_in_revision(revision):
            place = reader.xrefs.get_historical_ref(reference, revision)
            if isinstance(place, int):
                found.append((place, reference, revision))
    return sorted(found, key=lambda each: each[0])


def _two_tables(reader: Any) -> list[Reason]:
    """Objects that a table and the stream beside it (``XRefStm``) place differently: readers differ in which of the two they ask
    first. A table that calls free what only the stream tells is the convention of office programs, and no difference."""
    count = 0
    for section in reader.xrefs._xref_sections:
        table = section.xref_data
        if table.hybrid is None:
            continue
        beside = table.hybrid.xref_data
        for number, place in table.standard_xrefs.items():
            count += number in beside.xrefs_in_objstm or beside.standard_xrefs.get(number, place) != place
    return [Reason("tables_differ", "", (("count", str(count)),))] if count else []


def _usage_rights(reader: Any) -> set[tuple[int, int]]:
    permissions = value_at(reader.root, "/Perms")
    if not isinstance(permissions, generic.DictionaryObject):
        return set()
    held = (permissions.raw_get(key) for key in ("/UR3", "/UR") if key in permissions)
    return {(each.idnum, each.generation) for each in held if isinstance(each, generic.IndirectObject)}


def _pool(reader: Any, found: Sequence[Found], roots: Sequence[bytes]) -> Pool:
    """What lies in the file and can help: certificates and revocation data of the containers and of the DSS."""
    certificates = {}
    lists: dict[bytes, bool] = {}
    answers: dict[bytes, bool] = {}
    for each in found:
        for held in (each.container, *each.tokens):
            if held is not None:
                certificates.update({one.dump(): one for one in held.certificates})
                _revocation_within(held, lists, answers)
        if each.certificate is not None:
            certificates.setdefault(each.certificate.dump(), each.certificate)
    store = value_at(reader.root, "/DSS")
    if isinstance(store, generic.DictionaryObject):
        for der in _streams(store, "/Certs"):
            one = _certificate(der)
            if one is not None:
                certificates.setdefault(der, one)
        lists.update(dict.fromkeys(_streams(store, "/CRLs"), True))
        answers.update(dict.fromkeys(_streams(store, "/OCSPs"), True))
    kept = tuple(certificates.values())[:MOST_CERTIFICATES]
    given = tuple(x509.Certificate.load(der) for der in roots)
    return Pool(given, kept, tuple(lists)[:MOST_CERTIFICATES], tuple(answers)[:MOST_CERTIFICATES])


def _streams(store: Any, key: str) -> list[bytes]:
    found = []
    for raw in listed(store, key):
        stream = followed(raw)
        if isinstance(stream, generic.StreamObject):
            found.append(lint.unpacked(stream))
    return found


def _certificate(der: bytes) -> x509.Certificate | None:
    try:
        found = x509.Certificate.load(der, strict=True)
        _ = (found.subject, found.issuer, found.public_key, found.native)
    except (ValueError, TypeError, KeyError):
        return None
    return found


def _revocation_within(held: Any, lists: dict[bytes, bool], answers: dict[bytes, bool]) -> None:
    """Lists beside the certificates of a container, and Adobe's archive among its signed attributes."""
    try:
        beside = held.data["crls"]
        if not isinstance(beside, core.Void):
            lists.update({each.chosen.dump(): True for each in beside if each.name == "certificate_list"})
        if isinstance(held.info["signed_attrs"], core.Void):
            return
        for attribute in held.info["signed_attrs"]:
            if attribute["type"].native == "adobe_revocation_info_archival":
                archive = attribute["values"][0]
                lists.update({each.dump(): True for each in archive["crl"] or ()})
                answers.update({each.dump(): True for each in archive["ocsp"] or ()})
    except (ValueError, TypeError, KeyError):
        return


def _not_checked(told: Sequence[SignatureJudged], roots: Sequence[bytes]) -> list[Reason]:
    """What this judgement says nothing about."""
    left = [] if roots else [Reason("roots_not_given")]
    for each in told:
        if each.stamp is None and each.kind is not Kind.TIMESTAMP and each.intact:
            left.append(Reason("time_not_proved", each.field))
        if each.standing.revocation in {Revocation.NO_DATA, Revocation.NOT_CHECKED} and each.intact:
            left.append(Reason("revocation_not_told", each.field))
        if each.standing.revocation is Revocation.OLDER:
            left.append(Reason("revocation_older", each.field))
    return [*left, Reason("identity"), Reason("appearance")]
