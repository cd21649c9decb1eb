"""Sign by errand: the order is written in a transaction, authorities are asked with none open, and the answer is kept.

An authority that answers in ten seconds holds no lock meanwhile. A signer's own key lives for one signature; only its
certificate stays. Never signs a document whose digest the signer was not shown.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from cryptography import x509

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel import errands
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, operation
from farthing.kernel.whose import STAFF
from farthing.kit.errors import declined
from farthing.kit.ids import derived, prefixed
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.parties.lapsing import check_lapsed
from farthing.products import service as products
from farthing.products.agreement import AgreementForm
from farthing.signing import ca, contract, service, store
from farthing.signing.acts import making_service as making
from farthing.signing.acts.model import Act, Made, Order, SignaturesMade
from farthing.signing.contract import Terms
from farthing.signing.custody.rules import check_custody, custody_of
from farthing.signing.forms.rules import check_roles, check_signer, role_of
from farthing.signing.model import (
    PLATFORM,
    TIMESTAMP_FIELD,
    Contract,
    Kind,
    Signer,
    Subject,
)

AWAITED = declined(
    "signing.authority_awaited",
    "It is not done yet: an authority has not answered, or its answer cannot be taken now ({problem}). It is asked again;"
    " look again in a moment.",
    "尚未办成：认证或时间戳机构还没有答复，或其答复目前无法处理（{problem}）。系统会再次请求；请稍后查看。",
)


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
    if not store.add_contract(tx, row, rendered.terms, contract.template_digest(form.template)):
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
    subject = Subject(signer.party_id, signer.name, signer.kind, signer.level, custody_of(tx.actor))
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
    wanted = in_turn(tx, contract_id, shown, acts)
    if not wanted:
        return Asked(contract_id)
    roles = " ".join(act.role for act in wanted)
    errand_id = prefixed("signing", derived(f"{contract_id} {roles} {shown}"))
    return Asked(contract_id, (_write(tx, errand_id, Order(contract_id, shown, wanted), answered_by),))


def in_turn(tx: Tx, contract_id: str, shown: str, acts: Sequence[Act]) -> tuple[Act, ...]:
    """Those acts that are not done yet, if it is their turn and the right document, and their signers may sign so."""
    row = service.row_of(tx, contract_id, lock=True)
    revisions = store.revisions(tx, contract_id)
    done = {revision.field for revision in revisions}
    wanted = tuple(act for act in acts if act.role not in done)
    if not wanted:
        return ()
    waiting = service.waiting(row, revisions)
    if not revisions or waiting[: len(wanted)] != tuple(act.role for act in wanted):
        next_one = (", ".join(waiting) if revisions else PLATFORM) or Words("nobody", "任何人")
        raise service.NOT_YOUR_TURN(role=wanted[0].role, contract_id=contract_id, waiting_for=next_one)
    if shown != revisions[-1].digest:
        raise service.OTHER_DOCUMENT(shown=shown, current=revisions[-1].digest)
    for act in wanted:
        _check_signer(tx, row, act)
    service.authorities(tx)
    service.responder(tx)
    return wanted


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
        if not act.kept_seal:
            check_custody(form, who.custody)


def require_made(tx: Tx, asked: Asked) -> None:
    """Refuse ``signing.authority_awaited`` while an order is not carried out."""
    for errand_id in asked.errands:
        errand = errands.find(tx, errand_id)
        if errand is None or errand.state != "answered":
            raise AWAITED(problem=errand.problem if errand else "")


def only_looked_at(tx: Tx, asked: Asked) -> bool:
    """Whether nobody has carried an order yet: somebody is shown what approving it would come to."""
    found = [errands.find(tx, each) for each in asked.errands]
    return any(each is not None and each.state == "waiting" and not each.attempts for each in found)


@operation(
    "signing.signatures_made", title=Words("Signatures made", "签名完成"), permission=errands.ANSWER, whose=STAFF
)
def signatures_made(tx: Tx, command: SignaturesMade) -> Contract:
    """Keep what was signed. Refuses ``errands.answered``, ``signing.other_document``."""
    return take(tx, command)


def take(tx: Tx, command: SignaturesMade) -> Contract:
    """Keep the revisions that an order brought, once, if the document is still the one that was shown."""
    contract_id = errands.settle(tx, command.errand_id).subject
    if not command.made:
        return service.contract_view(tx, contract_id)
    row = service.row_of(tx, contract_id, lock=True)
    revisions = store.revisions(tx, contract_id)
    current = revisions[-1].digest if revisions else ""
    if command.shown != current:
        raise service.OTHER_DOCUMENT(shown=command.shown, current=current)
    shown, sealed = command.shown, command.made[-1].field == TIMESTAMP_FIELD
    for number, made in enumerate(command.made, start=len(revisions)):
        certificate_id = keep_certificate(tx, contract_id, made)
        revision = store.Revision(
            number, made.field, made.length, made.digest, certificate_id, made.party_id, tx.now
        )  # fmt: skip
        if not store.add_revision(tx, row, revision, base64.b64decode(made.added_base64)):
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
        held = {"custody": made.custody or "seal", **({"staff": made.staff} if made.staff else {})}
        evidence.append(tx, "signing.signed", {**told, **signed, **held, "sealed": bool(sealed_as)})


def keep_certificate(tx: Tx, contract_id: str, made: Made) -> str | None:
    """Keep the certificate of a signature, and the seal that was made on the way; answers its serial number."""
    if not made.certificate_base64 or made.party_id is None or made.kind is None:
        return None
    der = base64.b64decode(made.certificate_base64)
    certificate = x509.load_der_x509_certificate(der)
    serial = f"{certificate.serial_number:x}"
    if made.seal and not made.generation:
        return serial  # a seal that was kept before, its certificate with it
    subject = Subject(made.party_id, made.name, made.kind, made.level, made.custody)
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    about = None if made.seal else contract_id
    store.add_certificate(tx, serial, tx.ports.first("ca"), subject, about, der, starts, ends)
    if made.seal:
        key = base64.b64decode(made.wrapped_key_base64)
        store.add_key(tx, made.seal, store.KeptKey(made.generation, key, der, ends))
    return serial


@errands.sender("signing.order")
def _carry_out(desk: Desk, errand: Errand) -> SignaturesMade:
    return making.carry_out(desk, errand)


def _drawing_id(contract_id: str) -> str:
    return prefixed("signing", derived(f"drawing of {contract_id}"))


def _write(tx: Tx, errand_id: str, order: Order, answered_by: Callable[..., Any]) -> str:
    peer = tx.ports.first("tsa")
    return errands.write(tx, errand_id, "signing.order", peer, order.contract_id, order, answered_by)
