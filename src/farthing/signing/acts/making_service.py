"""Make what was ordered, with no transaction open: keys, certificates, signatures, time stamps, one revision after the other.

Everything that vouches for a signature is asked first: whoever does not answer, or answers what cannot be taken, stops the act.
"""

from __future__ import annotations

import base64
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from farthing.db.tx import Tx
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import decode
from farthing.kit.later import Later
from farthing.parties import service as parties
from farthing.signing import service, store
from farthing.signing.acts.model import Act, Made, Order, SignaturesMade
from farthing.signing.keys import HeldKey, OneTimeKey, Vault
from farthing.signing.model import (
    PLATFORM,
    TIMESTAMP_FIELD,
    CertificateAuthority,
    Issued,
    KeyCustody,
    Responder,
    Timestamper,
)
from farthing.signing.renewal.rules import holds_until, renew_on
from farthing.signing.revocation import rules as revocation

pdf: Any = Later("farthing.signing.pdf")

SANDBOX_SEAL, SEAL = ("沙盒", "SANDBOX SEAL"), ("电子签章", "SEAL")
_NONCE = 16


@dataclass(frozen=True)
class Pen:
    """What signing needs, read from the bank before authorities are asked."""

    row: store.Row
    before: bytes
    house: service.Authorities
    tsa: Timestamper
    responder: Responder | None
    vault: Vault
    at: datetime
    seals: dict[str, store.KeptKey | None]
    institution: str = ""
    """The party whose seal the bank may hold outside its database."""

    @property
    def ca(self) -> CertificateAuthority:
        """Who certifies signers."""
        return self.house.ca


def carry_out(desk: Desk, errand: Errand) -> SignaturesMade:
    """Sign and time-stamp, one revision after the other; the last party's signature is followed by the seal of all."""
    order: Order = decode(Order, errand.request)
    pen = desk.read(lambda tx: pen_of(tx, order))
    current, made = pen.before or base64.b64decode(order.text_base64), []
    kept = len(pen.before)
    for act in order.acts:
        after, one = _signed(pen, act, current, certify=not pen.before)
        made.append(revision(one, current[:kept], after))
        current, kept = after, len(after)
    made += desk.read(lambda tx: sealing(tx, pen, order, current)).made()
    return SignaturesMade(errand.id, order.shown, tuple(made))


def pen_of(tx: Tx, order: Order) -> Pen:
    """What an order needs; refuses ``signing.other_document`` where the document is not the one that was shown any more."""
    row = service.row_of(tx, order.contract_id)
    revisions = store.revisions(tx, order.contract_id)
    current = revisions[-1].digest if revisions else ""
    if current != order.shown:
        raise service.OTHER_DOCUMENT(shown=order.shown, current=current)
    before = service.document_at(tx, order.contract_id, revisions[-1].number) if revisions else b""
    house = service.authorities(tx)
    seals = {_seal_of(act): store.newest_key(tx, _seal_of(act)) for act in order.acts if act.kept_seal}
    responder = None if all(act.kept_seal for act in order.acts) else service.responder(tx)
    institution = parties.institution(tx).id if seals else ""
    return Pen(row, before, house, house.tsa, responder, tx.ports.peer("vault"), tx.now, seals, institution)


@dataclass(frozen=True)
class Sealing:
    """The time stamp over the whole file, where the last party has signed."""

    pen: Pen
    current: bytes
    due: bool
    answers: tuple[bytes, ...] = ()

    def made(self) -> list[Made]:
        """The revision that it is; none where somebody has yet to sign."""
        if not self.due:
            return []
        pen = self.pen
        lists = pen.ca.revocation_lists(pen.at)
        after = pdf.timestamp(self.current, pen.tsa, pen.ca.roots, lists, pen.at, self.answers)
        until = holds_until(pen.tsa.chain, [*lists, *pen.tsa.revocation_lists()])
        seal = Made(TIMESTAMP_FIELD, None, "", None, 0, 0, "", renew_on=renew_on(until))
        return [revision(seal, self.current, after)]


def sealing(tx: Tx, pen: Pen, order: Order, current: bytes, answers: Sequence[bytes] = ()) -> Sealing:
    """Whether an order's signatures are the last, and what follows them then."""
    done = {PLATFORM, *(each.field for each in store.revisions(tx, order.contract_id))}
    ordered = {act.role for act in order.acts}
    due = all(box.role in done or box.role in ordered for box in pen.row.boxes)
    return Sealing(pen, current, due, tuple(answers))


def _seal_of(act: Act) -> str:
    return PLATFORM if act.role == PLATFORM else f"seal:{act.subject.party_id}"


def not_revoked(pen: Pen, issued: Issued) -> tuple[bytes, ...]:
    """What the authority's responder answers now of a certificate for one signature; nothing where the bank has no responder.

    Refuses ``signing.certificate_revoked``, ``signing.revocation_unfit``, ``signing.revocation_unavailable``.
    """
    if pen.responder is None:
        return ()
    nonce, issuer = os.urandom(_NONCE), issued.chain[0]
    answer = pen.responder.answer(revocation.request_of(issued.certificate, issuer, nonce))
    return (revocation.check(answer, issued.certificate, issuer, nonce, pen.at),)


def signing_of(pen: Pen, act: Act, custody: KeyCustody, issued: Issued, *, certify: bool = False) -> tuple[Any, bytes]:
    """How a field is signed, and what is seen in its box."""
    box = next((box for box in pen.row.boxes if box.role == act.role), pen.row.boxes[0])
    seal = SANDBOX_SEAL if pen.ca.name == service.SANDBOX else SEAL
    stamp = pdf.stamp_page(box, act.subject.name, act.subject.kind, seal, _lines(pen.at, issued), pen.at)
    lists, answers = pen.ca.revocation_lists(pen.at), () if act.kept_seal else not_revoked(pen, issued)
    signing = pdf.Signing(
        act.role, custody, issued, lists, pen.ca.roots, pen.at, certify, answers, _witnessed(act.staff)
    )  # fmt: skip
    return signing, stamp


def _witnessed(staff: Sequence[str]) -> str:
    """What the signature itself says of a signing at the counter: it is under the signature, as the text is."""
    if not staff:
        return ""
    en = f"Shown and read out at the counter before {', '.join(staff)}."
    zh = f"已在柜台出示并宣读，见证人：{'、'.join(staff)}。"
    return " ".join((en, zh))


def _signed(pen: Pen, act: Act, current: bytes, *, certify: bool) -> tuple[bytes, Made]:
    """The longer file with one more signature, and what is to be kept of it but its bytes."""
    custody, issued, made = _custody(pen, act)
    signing, stamp = signing_of(pen, act, custody, issued, certify=certify)
    if certify:
        return pdf.add_fields_and_certify(current, pen.row.boxes, signing, stamp, pen.tsa), made
    return pdf.sign(current, signing, stamp, pen.tsa), made


def _custody(pen: Pen, act: Act) -> tuple[KeyCustody, Issued, Made]:
    """The key and certificate of a signature: a kept seal while its certificate lasts, else one that is made now."""
    subject, seal = act.subject, _seal_of(act) if act.kept_seal else ""
    kept = pen.seals.get(seal)
    wrapped, generation = b"", 0
    custody: KeyCustody
    placed = pen.vault.institution if subject.party_id == pen.institution else None
    if kept is not None and kept.not_after > pen.at and pen.vault.holds(kept.key, placed):
        custody = placed or HeldKey(pen.vault.unwrap(kept.key))
        issued = Issued(kept.certificate, (pen.house.issuing, *pen.ca.roots))
    elif seal:
        custody, wrapped = (placed, placed.kept) if placed else pen.vault.made()
        issued = pen.ca.issue(subject, custody.public_key, pen.at)
        generation = (kept.generation if kept else 0) + 1
    else:
        one_time = OneTimeKey()
        issued = pen.ca.issue(subject, one_time.public_key, pen.at)
        custody = one_time
    return (
        custody,
        issued,
        replace(made_by(act, issued), seal=seal, generation=generation, wrapped_key_base64=text(wrapped)),
    )


def made_by(act: Act, issued: Issued) -> Made:
    """What is kept of a signature whose bytes are not there yet."""
    who = act.subject
    return Made(
        act.role, who.party_id, who.name, who.kind, who.level, 0, "", text(issued.certificate), custody=who.custody,
        staff=act.staff,
    )  # fmt: skip


def revision(made: Made, before: bytes, after: bytes) -> Made:
    """What was made, with the bytes that it added."""
    digest = hashlib.sha256(after).hexdigest()
    return replace(made, length=len(after), digest=digest, added_base64=text(after[len(before) :]))


def text(content: bytes) -> str:
    """Bytes as JSON carries them."""
    return base64.b64encode(content).decode()


def _lines(at: datetime, issued: Issued) -> list[tuple[str, str, str]]:
    """What a stamp says; the issuer is the one that the certificate names."""
    certificate = x509.load_der_x509_certificate(issued.certificate)
    names = certificate.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
    issuer = str(names[0].value) if names else certificate.issuer.rfc4514_string()
    return [
        ("签署时间", "Signed", f"{at:%Y-%m-%d %H:%M:%S} UTC"),
        ("证书序号", "Certificate", f"{certificate.serial_number:x}"[:20]),
        ("颁发者", "Issuer", issuer),
    ]
