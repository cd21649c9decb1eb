"""Sign by errand: the order is written in a transaction, authorities are asked with none open, and the answer is kept.

An authority that answers in ten seconds holds no lock meanwhile. A signer's own key lives for one signature; only its
certificate stays. Never signs a document whose digest the signer was not shown.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.x509.oid import NameOID

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, decode, operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import declined
from farthing.kit.ids import derived, prefixed
from farthing.kit.later import Later
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.rules import check_lapsed
from farthing.products import service as products
from farthing.products.agreement import AgreementForm
from farthing.signing import ca, contract, service, store
from farthing.signing.acts.model import Act, Made, Order, SignaturesMade
from farthing.signing.contract import Terms
from farthing.signing.forms.rules import check_roles, check_signer, role_of
from farthing.signing.keys import HeldKey, OneTimeKey, Vault
from farthing.signing.model import (
    PLATFORM,
    TIMESTAMP_FIELD,
    CertificateAuthority,
    Contract,
    Issued,
    KeyCustody,
    Kind,
    Signer,
    Subject,
    Timestamper,
)
from farthing.signing.renewal.rules import holds_until, renew_on

pdf: Any = Later("farthing.signing.pdf")

AWAITED = declined(
    "signing.authority_awaited",
    "It is not done yet: an authority has not answered, or its answer cannot be taken now ({problem}). It is asked again;"
    " look again in a moment.",
    "尚未办成：认证或时间戳机构还没有答复，或其答复目前无法处理（{problem}）。系统会再次请求；请稍后查看。",
)
SANDBOX_SEAL, SEAL = ("沙盒", "SANDBOX SEAL"), ("电子签章", "SEAL")


def prepare_contract(
    tx: Tx, subject: str, form: AgreementForm, terms: Terms, institution: Subject, version: str = ""
) -> Asked:
    """Draw a subject's contract under a business format and order its certification; every signature field exists from then on.

    The same terms again answer the same contract; refuses ``signing.contract_differs`` for other terms,
    ``signing.form_roles``. Another ``version`` is another contract of the subject: which one holds its owner says.
    """
    contract_id = contract_id_of(subject, version)
    rendered = contract.render(form.template, terms, plain_page=form.plain_page)
    roles = [box.role for box in rendered.boxes if box.role != PLATFORM]
    check_roles(form, roles)
    terms_digest = hashlib.sha256(rendered.terms).hexdigest()
    existing = store.contract(tx, contract_id)
    if existing is not None:
        if existing.terms_digest != terms_digest:
            raise service.DIFFERS(subject=existing.subject, contract_id=existing.id)
        return drawing(tx, contract_id)
    row = store.Row(
        contract_id, subject, form.template, rendered.terms, terms_digest, rendered.boxes, 0, form.product, form.version,
        tx.business_date,
    )  # fmt: skip
    products.keep_form(tx, form)
    if not store.add_contract(tx, row, contract.template_digest(form.template)):
        raise Collision("the contract is being drawn by somebody else")
    service.authorities(tx)
    text = base64.b64encode(rendered.pdf).decode()
    order = Order(contract_id, "", (Act(PLATFORM, institution, kept_seal=True),), text)
    return Asked(contract_id, (_write(tx, _drawing_id(contract_id), order, signatures_made),))


def contract_id_of(subject: str, version: str = "") -> str:
    """The id of a subject's contract, of that version where it may have several."""
    return prefixed("contract", derived(f"contract of {subject} {version}".rstrip()))


def drawing(tx: Tx, contract_id: str) -> Asked:
    """The contract that is being drawn, or is."""
    drawn = service.contract_view(tx, contract_id).revision > 0
    return Asked(contract_id, () if drawn else (_drawing_id(contract_id),))


def sign(tx: Tx, contract_id: str, signer: Signer) -> Asked:
    """Order a signature as one role, by a certificate of the signer's own whose key exists for this signature only.

    Signing twice answers the same. After the last role the document timestamp seals the whole file. Refuses
    ``signing.unknown_contract``, ``signing.not_your_turn``, ``signing.other_document``, ``signing.level_too_low``.
    """
    subject = Subject(signer.party_id, signer.name, signer.kind, signer.level)
    act = Act(signer.role, subject, kept_seal=False)
    return order_signatures(tx, contract_id, signer.document_digest, [act], signatures_made)


def seal(tx: Tx, contract_id: str, signers: Sequence[Signer], answered_by: Callable[..., Any]) -> Asked:
    """As :func:`sign`, by the kept seals of organisations (the institution, partner lenders), all in one order.

    They seal the document as it stands. ``answered_by`` is the operation that calls :func:`take`.
    """
    shown = service.contract_view(tx, contract_id).document_digest
    acts = [
        Act(each.role, Subject(each.party_id, each.name, Kind.ORGANISATION, each.level), kept_seal=True)
        for each in signers
    ]
    return order_signatures(tx, contract_id, shown, acts, answered_by)


def order_signatures(
    tx: Tx, contract_id: str, shown: str, acts: Sequence[Act], answered_by: Callable[..., Any]
) -> Asked:
    """Write the order of those signatures that are not made yet, if it is their turn and the right document."""
    row = service.row_of(tx, contract_id, lock=True)
    revisions = store.revisions(tx, contract_id)
    done = {revision.field for revision in revisions}
    wanted = tuple(act for act in acts if act.role not in done)
    if not wanted:
        return Asked(contract_id)
    waiting = service.waiting(row, revisions)
    if not revisions or waiting[: len(wanted)] != tuple(act.role for act in wanted):
        next_one = (", ".join(waiting) if revisions else PLATFORM) or Words("nobody", "任何人")
        raise service.NOT_YOUR_TURN(role=wanted[0].role, contract_id=contract_id, waiting_for=next_one)
    if shown != revisions[-1].digest:
        raise service.OTHER_DOCUMENT(shown=shown, current=revisions[-1].digest)
    for act in wanted:
        _check_signer(tx, row, act)
    service.authorities(tx)
    roles = " ".join(act.role for act in wanted)
    errand_id = prefixed("signing", derived(f"{contract_id} {roles} {shown}"))
    return Asked(contract_id, (_write(tx, errand_id, Order(contract_id, shown, wanted), answered_by),))


def _check_signer(tx: Tx, row: store.Row, act: Act) -> None:
    """Refuse a signer whom the contract's form does not let sign, before anybody is asked for a certificate: whose level ended
    since the contract was drawn too."""
    form, who = service.form_of(tx, row), act.subject
    asked = role_of(form, act.role) if form is not None else None
    needed = max(ca.MINIMUM_LEVEL, asked.level_min if asked is not None else 0)
    known = parties.parties(tx, [who.party_id]).get(who.party_id) if who.level < needed else None
    if known is not None:
        check_lapsed(known, needed)
    service.check_level(who)
    if form is not None and row.drawn_on is not None:
        check_signer(form, act.role, who.party_id, who.kind, who.level, drawn_on=row.drawn_on, today=tx.business_date)


def require_made(tx: Tx, asked: Asked) -> None:
    """Refuse ``signing.authority_awaited`` while an order is not carried out."""
    for errand_id in asked.errands:
        errand = errands.find(tx, errand_id)
        if errand is None or errand.state != "answered":
            raise AWAITED(problem=errand.problem if errand else "")


@operation(
    "signing.signatures_made", title=Words("Signatures made", "签名完成"), permission=errands.ANSWER, whose=STAFF
)
def signatures_made(tx: Tx, command: SignaturesMade) -> Contract:
    """Keep what was signed. Refuses ``errands.answered``, ``signing.other_document``."""
    return take(tx, command)


def take(tx: Tx, command: SignaturesMade) -> Contract:
    """Keep the revisions that an order brought, once, if the document is still the one that was shown."""
    contract_id = errands.settle(tx, command.errand_id).subject
    row = service.row_of(tx, contract_id, lock=True)
    revisions = store.revisions(tx, contract_id)
    current = revisions[-1].digest if revisions else ""
    if command.shown != current:
        raise service.OTHER_DOCUMENT(shown=command.shown, current=current)
    shown, sealed = command.shown, command.made[-1].field == TIMESTAMP_FIELD
    for number, made in enumerate(command.made, start=len(revisions)):
        certificate_id = _keep_certificate(tx, contract_id, made)
        revision = store.Revision(
            number, made.field, made.length, made.digest, certificate_id, made.party_id, tx.now
        )  # fmt: skip
        if not store.add_revision(tx, contract_id, revision, base64.b64decode(made.added_base64)):
            raise Collision("the contract is being signed by somebody else")
        if made.renew_on is not None:
            store.renew_on(tx, contract_id, made.renew_on)
        last = sealed and made is command.made[-2]
        _leaf(tx, row, made, shown, certificate_id, command.made[-1].digest if last else "")
        shown = made.digest
    return service.contract_view(tx, contract_id)


def _leaf(tx: Tx, row: store.Row, made: Made, shown: str, certificate_id: str | None, sealed_as: str) -> None:
    """Record an act; the last party's names the document as it was sealed after it."""
    told = {"contract_id": row.id, "subject": row.subject, "contract_sha256": sealed_as or made.digest}
    if made.field == PLATFORM:
        evidence.append(tx, "signing.contract_prepared", {**told, "terms_sha256": row.terms_digest})
    elif certificate_id is not None:
        signed = {"role": made.field, "party_id": made.party_id, "shown_digest": shown, "certificate": certificate_id}
        evidence.append(tx, "signing.signed", {**told, **signed, "sealed": bool(sealed_as)})


def _keep_certificate(tx: Tx, contract_id: str, made: Made) -> str | None:
    if not made.certificate_base64 or made.party_id is None or made.kind is None:
        return None
    der = base64.b64decode(made.certificate_base64)
    certificate = x509.load_der_x509_certificate(der)
    serial = f"{certificate.serial_number:x}"
    if made.seal and not made.generation:
        return serial  # a seal that was kept before, its certificate with it
    subject = Subject(made.party_id, made.name, made.kind, made.level)
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    about = None if made.seal else contract_id
    store.add_certificate(tx, serial, tx.ports.first("ca"), subject, about, der, starts, ends)
    if made.seal:
        key = base64.b64decode(made.wrapped_key_base64)
        store.add_key(tx, made.seal, store.KeptKey(made.generation, key, der, ends))
    return serial


def _drawing_id(contract_id: str) -> str:
    return prefixed("signing", derived(f"drawing of {contract_id}"))


def _write(tx: Tx, errand_id: str, order: Order, answered_by: Callable[..., Any]) -> str:
    peer = tx.ports.first("tsa")
    return errands.write(tx, errand_id, "signing.order", peer, order.contract_id, order, answered_by)


@dataclass(frozen=True)
class _Pen:
    """What signing needs, read from the bank before authorities are asked."""

    row: store.Row
    before: bytes
    house: service.Authorities
    tsa: Timestamper
    vault: Vault
    at: datetime
    seals: dict[str, store.KeptKey | None]
    institution: str
    """The party whose seal the bank may hold outside its database."""

    @property
    def ca(self) -> CertificateAuthority:
        """Who certifies signers."""
        return self.house.ca


@errands.sender("signing.order")
def _carry_out(desk: Desk, errand: Errand) -> SignaturesMade:
    """Sign and time-stamp, one revision after the other; the last party's signature is followed by the seal of all."""
    order: Order = decode(Order, errand.request)
    pen = desk.read(lambda tx: _pen(tx, order))
    current, made = pen.before or base64.b64decode(order.text_base64), []
    kept = len(pen.before)
    for act in order.acts:
        after, one = _signed(pen, act, current, certify=not pen.before)
        made.append(_revision(one, current[:kept], after))
        current, kept = after, len(after)
    done = {PLATFORM, *(revision.field for revision in desk.read(lambda tx: store.revisions(tx, order.contract_id)))}
    if all(box.role in done or box.role in {act.role for act in order.acts} for box in pen.row.boxes):
        lists = pen.ca.revocation_lists(pen.at)
        after = pdf.timestamp(current, pen.tsa, pen.ca.roots, lists, pen.at)
        until = holds_until(pen.tsa.chain, [*lists, *pen.tsa.revocation_lists()])
        seal = Made(TIMESTAMP_FIELD, None, "", None, 0, 0, "", renew_on=renew_on(until))
        made.append(_revision(seal, current, after))
    return SignaturesMade(errand.id, order.shown, tuple(made))


def _pen(tx: Tx, order: Order) -> _Pen:
    row = service.row_of(tx, order.contract_id)
    revisions = store.revisions(tx, order.contract_id)
    current = revisions[-1].digest if revisions else ""
    if current != order.shown:
        raise service.OTHER_DOCUMENT(shown=order.shown, current=current)
    before = store.document(tx, order.contract_id, revisions[-1].number) if revisions else b""
    house = service.authorities(tx)
    seals = {_seal_of(act): store.newest_key(tx, _seal_of(act)) for act in order.acts if act.kept_seal}
    institution = parties.institution(tx).id if seals else ""
    return _Pen(row, before, house, house.tsa, tx.ports.peer("vault"), tx.now, seals, institution)


def _seal_of(act: Act) -> str:
    return PLATFORM if act.role == PLATFORM else f"seal:{act.subject.party_id}"


def _signed(pen: _Pen, act: Act, current: bytes, *, certify: bool) -> tuple[bytes, Made]:
    """The longer file with one more signature, and what is to be kept of it but its bytes."""
    subject = act.subject
    custody, issued, made = _custody(pen, act)
    box = next((box for box in pen.row.boxes if box.role == act.role), pen.row.boxes[0])
    seal = SANDBOX_SEAL if pen.ca.name == service.SANDBOX else SEAL
    stamp = pdf.stamp_page(box, subject.name, subject.kind, seal, _lines(pen.at, issued), pen.at)
    lists = pen.ca.revocation_lists(pen.at)
    signing = pdf.Signing(act.role, custody, issued, lists, pen.ca.roots, pen.at, certify)
    if certify:
        return pdf.add_fields_and_certify(current, pen.row.boxes, signing, stamp, pen.tsa), made
    return pdf.sign(current, signing, stamp, pen.tsa), made


def _custody(pen: _Pen, act: Act) -> tuple[KeyCustody, Issued, Made]:
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
    made = Made(
        act.role, subject.party_id, subject.name, subject.kind, subject.level, 0, "", _text(issued.certificate), seal,
        generation, _text(wrapped),
    )  # fmt: skip
    return custody, issued, made


def _revision(made: Made, before: bytes, after: bytes) -> Made:
    return Made(
        made.field, made.party_id, made.name, made.kind, made.level, len(after), hashlib.sha256(after).hexdigest(),
        made.certificate_base64, made.seal, made.generation, made.wrapped_key_base64, made.renew_on,
        _text(after[len(before) :]),
    )  # fmt: skip


def _text(content: bytes) -> str:
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
