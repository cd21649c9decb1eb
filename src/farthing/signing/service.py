"""Run signing: draw a contract, take each party's signature in its turn, seal the document, hand out what checks it.

The built-in authorities' keys are made at first use, one transaction for all. A signer's own key lives for one
signature; only its certificate stays. Never signs a document whose digest the signer was not shown.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kernel.operation import operation
from farthing.kit.errors import conflict, declined, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.later import Later
from farthing.signing import ca, contract, store
from farthing.signing.keys import HeldKey, Key, OneTimeKey, make_key, public_bytes
from farthing.signing.model import (
    PLATFORM,
    TIMESTAMP_FIELD,
    Certificates,
    Contract,
    DocumentStatus,
    Issued,
    KeyCustody,
    Kind,
    Signer,
    Subject,
    Timestamper,
)
from farthing.signing.terms import LoanTerms

pdf: Any = Later("farthing.signing.pdf")
inspection: Any = Later("farthing.signing.inspection")  # with their library a second; most processes sign nothing

UNKNOWN = not_found("signing.unknown_contract", "There is no contract {contract_id}.", "没有合同 {contract_id}。")
UNKNOWN_CERTIFICATE = not_found(
    "signing.unknown_certificate", "No certificate {certificate_id} was issued here.", "未签发过证书 {certificate_id}。"
)
DIFFERS = conflict(
    "signing.contract_differs",
    "{subject} has a contract with other terms already ({contract_id}); a signed text is never replaced.",
    "{subject} 已有条款不同的合同({contract_id});已出具的文本不得替换。",
)
OTHER_DOCUMENT = conflict(
    "signing.other_document",
    "The document shown had the digest {shown}; it is now {current}. Read the current one before signing.",
    "所示文件摘要为 {shown},当前为 {current};请阅读当前文件后再签署。",
)
NOT_YOUR_TURN = declined(
    "signing.not_your_turn",
    "{role} cannot sign contract {contract_id} now; it waits for {waiting_for}.",
    "合同 {contract_id} 现在不由 {role} 签署,等待 {waiting_for}。",
)
NOT_SEALED = declined(
    "signing.not_sealed",
    "Contract {contract_id} is not complete: it waits for {waiting_for}.",
    "合同 {contract_id} 尚未签署完毕,等待 {waiting_for}。",
)

SANDBOX = "sandbox"
"""The built-in authorities: their keys are the bank's own, so the peer is made over them."""
SANDBOX_SEAL = ("沙盒", "SANDBOX SEAL")


@dataclass(frozen=True, slots=True)
class RevokeCertificate:
    """Report a key as compromised (Electronic Signature Law art. 15); ``certificate_id`` is its serial number."""

    certificate_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that is on the revocation list from now on."""

    certificate_id: str
    reason: str


@dataclass(frozen=True)
class _Authorities:
    """The built-in CA and TSA (or the licensed TSA) as this transaction sees them."""

    ca: ca.SandboxAuthority
    tsa: Timestamper
    issuing: bytes


def prepare_contract(
    tx: Tx, subject: str, template: str, terms: LoanTerms, institution: Subject, version: str = ""
) -> Contract:
    """Draw a subject's contract and certify its text; every signature field exists from now on.

    The same terms again answer the same contract; refuses ``signing.contract_differs`` for other terms. Another
    ``version`` is another contract of the subject: which one holds its owner says.
    """
    contract_id = prefixed("contract", derived(f"contract of {subject} {version}".rstrip()))
    existing = store.contract(tx, contract_id)
    if existing is not None:
        return _same(existing, terms, contract_view(tx, contract_id))
    rendered = contract.render(template, terms)
    terms_digest = hashlib.sha256(rendered.terms).hexdigest()
    row = store.Row(contract_id, subject, template, rendered.terms, terms_digest, rendered.boxes, 0)
    if not store.add_contract(tx, row, contract.template_digest(template)):
        raise Collision("the contract is being drawn by somebody else")
    authorities = _authorities(tx)
    custody, issued = _seal(tx, authorities, "platform", institution)
    signing = _signing(tx, authorities, PLATFORM, custody, issued, certify=True)
    box = next((box for box in rendered.boxes if box.role == PLATFORM), rendered.boxes[0])
    stamp = pdf.stamp_page(box, institution.name, institution.kind, SANDBOX_SEAL, _lines(tx, issued), tx.now)
    certified = pdf.add_fields_and_certify(rendered.pdf, rendered.boxes, signing, stamp, authorities.tsa)
    _append(tx, row, PLATFORM, b"", certified, issued, institution.party_id)
    view = contract_view(tx, contract_id)
    evidence.append(
        tx,
        "signing.contract_prepared",
        {
            "contract_id": contract_id,
            "subject": subject,
            "terms_sha256": terms_digest,
            "contract_sha256": view.document_digest,
        },
    )
    return view


def _same(existing: store.Row, terms: LoanTerms, view: Contract) -> Contract:
    drawn = contract.render(existing.template, terms)
    if hashlib.sha256(drawn.terms).hexdigest() != existing.terms_digest:
        raise DIFFERS(subject=existing.subject, contract_id=existing.id)
    return view


def sign(tx: Tx, contract_id: str, signer: Signer) -> Contract:
    """Sign as one role, by a certificate of the signer's own whose key exists for this signature only.

    Signing twice answers the same. After the last role the document timestamp seals the whole file. Refuses
    ``signing.unknown_contract``, ``signing.not_your_turn``, ``signing.other_document``, ``signing.level_too_low``.
    """
    subject = Subject(signer.party_id, signer.name, signer.kind, signer.level)
    return _sign(tx, contract_id, signer, subject, kept_seal=False)


def seal(tx: Tx, contract_id: str, signer: Signer) -> Contract:
    """As :func:`sign`, by the kept seal of an organisation (the institution, or a partner lender)."""
    subject = Subject(signer.party_id, signer.name, Kind.ORGANISATION, signer.level)
    return _sign(tx, contract_id, signer, subject, kept_seal=True)


def _sign(tx: Tx, contract_id: str, signer: Signer, subject: Subject, *, kept_seal: bool) -> Contract:
    row = store.contract(tx, contract_id, lock=True)
    if row is None:
        raise UNKNOWN(contract_id=contract_id)
    revisions = store.revisions(tx, contract_id)
    if signer.role in {revision.field for revision in revisions}:
        return contract_view(tx, contract_id)
    waiting = _waiting(row, revisions)
    if not waiting or waiting[0] != signer.role:
        raise NOT_YOUR_TURN(role=signer.role, contract_id=contract_id, waiting_for=", ".join(waiting) or "nobody")
    current = revisions[-1]
    if signer.document_digest != current.digest:
        raise OTHER_DOCUMENT(shown=signer.document_digest, current=current.digest)
    authorities = _authorities(tx)
    if kept_seal:
        custody, issued = _seal(tx, authorities, f"seal:{subject.party_id}", subject)
    else:
        custody, issued = _one_time(tx, authorities, contract_id, subject)
    before = store.document(tx, contract_id, current.number)
    box = next(box for box in row.boxes if box.role == signer.role)
    stamp = pdf.stamp_page(box, subject.name, subject.kind, SANDBOX_SEAL, _lines(tx, issued), tx.now)
    signing = _signing(tx, authorities, signer.role, custody, issued)
    after = pdf.sign(before, signing, stamp, authorities.tsa)
    _append(tx, row, signer.role, before, after, issued, subject.party_id)
    if len(waiting) == 1:
        _timestamp(tx, row, after, authorities)
    view = contract_view(tx, contract_id)
    evidence.append(
        tx,
        "signing.signed",
        {
            "contract_id": contract_id,
            "subject": row.subject,
            "role": signer.role,
            "party_id": signer.party_id,
            "shown_digest": signer.document_digest,
            "certificate": _serial(issued),
            "contract_sha256": view.document_digest,
            "sealed": view.sealed,
        },
    )
    return view


def _timestamp(tx: Tx, row: store.Row, before: bytes, authorities: _Authorities) -> None:
    lists = authorities.ca.revocation_lists(tx.now)
    after = pdf.timestamp(before, authorities.tsa, authorities.ca.roots, lists, tx.now)
    _append(tx, row, TIMESTAMP_FIELD, before, after, None, None)


def _append(
    tx: Tx, row: store.Row, field: str, before: bytes, after: bytes, issued: Issued | None, party_id: str | None
) -> None:
    """Keep a revision as the bytes it added."""
    number = len(store.revisions(tx, row.id))
    revision = store.Revision(
        number=number,
        field=field,
        length=len(after),
        digest=hashlib.sha256(after).hexdigest(),
        certificate_id=_serial(issued) if issued else None,
        party_id=party_id,
        made_at=tx.now,
    )
    if not store.add_revision(tx, row.id, revision, after[len(before) :]):
        raise Collision("the contract is being signed by somebody else")


def contract_view(tx: Tx, contract_id: str) -> Contract:
    """A contract as it stands; refuses ``signing.unknown_contract``."""
    row = store.contract(tx, contract_id)
    if row is None:
        raise UNKNOWN(contract_id=contract_id)
    revisions = store.revisions(tx, contract_id)
    return Contract(
        id=row.id,
        subject=row.subject,
        template=row.template,
        terms_digest=row.terms_digest,
        document_digest=revisions[-1].digest if revisions else "",
        revision=len(revisions),
        waiting_for=_waiting(row, revisions),
        sealed=any(revision.field == TIMESTAMP_FIELD for revision in revisions),
    )


def _waiting(row: store.Row, revisions: list[store.Revision]) -> tuple[str, ...]:
    done = {revision.field for revision in revisions}
    return tuple(box.role for box in row.boxes if box.role != PLATFORM and box.role not in done)


def require_sealed(tx: Tx, contract_id: str) -> Contract:
    """The contract, if every party has signed and it is sealed; refuses ``signing.not_sealed``."""
    view = contract_view(tx, contract_id)
    if not view.sealed:
        raise NOT_SEALED(contract_id=contract_id, waiting_for=", ".join(view.waiting_for))
    return view


def document(tx: Tx, contract_id: str) -> bytes:
    """The PDF as it stands now; refuses ``signing.unknown_contract``."""
    view = contract_view(tx, contract_id)
    return store.document(tx, contract_id, view.revision - 1)


def terms_json(tx: Tx, contract_id: str) -> bytes:
    """The canonical JSON of the terms, byte for byte as attached to the PDF."""
    row = store.contract(tx, contract_id)
    if row is None:
        raise UNKNOWN(contract_id=contract_id)
    return row.terms


def status(tx: Tx, contract_id: str) -> DocumentStatus:
    """Check the document against the authorities' roots, signature by signature."""
    authorities = _authorities(tx)
    found: DocumentStatus = inspection.inspect(
        document(tx, contract_id), [*authorities.ca.roots, *authorities.tsa.roots]
    )
    return found


def certificates(tx: Tx, contract_id: str) -> Certificates:
    """What a checker needs beside the document, with revocation lists that speak of now."""
    authorities = _authorities(tx)
    used = [revision.certificate_id for revision in store.revisions(tx, contract_id) if revision.certificate_id]
    issued = [store.certificate_der(tx, certificate_id) for certificate_id in dict.fromkeys(used)]
    return Certificates(
        roots=authorities.ca.roots,
        certificates=(authorities.issuing, *issued),
        revocation_lists=authorities.ca.revocation_lists(tx.now),
        tsa_chain=authorities.tsa.chain,
    )


def timestamper(tx: Tx) -> Timestamper:
    """The time-stamping authority in use; the sandbox's is also the evidence log's."""
    return _authorities(tx).tsa


@operation("signing.revoke_certificate", permission="signing:revoke")
def revoke_certificate(tx: Tx, command: RevokeCertificate) -> Revoked:
    """Put a certificate on the revocation list; refuses ``signing.unknown_certificate``."""
    ends = store.certificate_end(tx, command.certificate_id)
    if ends is None:
        raise UNKNOWN_CERTIFICATE(certificate_id=command.certificate_id)
    reason, _ = store.add_revocation(tx, command.certificate_id, command.reason, ends)
    return Revoked(command.certificate_id, reason)


def _authorities(tx: Tx) -> _Authorities:
    root_key, root_der = _kept(tx, "root", lambda key: ca.make_root(key, tx.now, tx.ids))
    root = ca.Authority(root_key, x509.load_der_x509_certificate(root_der))
    issuing_key, issuing_der = _kept(tx, "issuing", lambda key: ca.make_issuing(key, root, tx.now, tx.ids))
    issuing = ca.Authority(issuing_key, x509.load_der_x509_certificate(issuing_der))
    sandbox = tx.ports.peer("ca", SANDBOX)(root, issuing, store.revoked(tx, tx.now), tx.ids)
    return _Authorities(sandbox, _tsa(tx, root, root_der), issuing_der)


def _tsa(tx: Tx, root: ca.Authority, root_der: bytes) -> Timestamper:
    peer = tx.ports.peer("tsa")
    if tx.ports.first("tsa") != SANDBOX:
        return peer  # type: ignore[no-any-return]
    key, der = _kept(tx, "tsa", lambda made: ca.make_tsa(made, root, tx.now, tx.ids))
    authority = ca.Authority(key, x509.load_der_x509_certificate(der))
    return peer(authority, root_der, lambda: tx.now, tx.ids)  # type: ignore[no-any-return]


def _kept(tx: Tx, role: str, certify: object) -> tuple[Key, bytes]:
    """A kept authority key and its certificate, made at first use."""
    kept = store.newest_key(tx, role)
    if kept is None:
        key = make_key()
        made: x509.Certificate = certify(key)  # type: ignore[operator]
        der = made.public_bytes(Encoding.DER)
        store.add_key(tx, role, store.KeptKey(1, tx.ports.peer("vault").wrap(key), der, made.not_valid_after_utc))
        kept = store.newest_key(tx, role)
        if kept is None or kept.certificate != der:
            raise Collision(f"the key of {role} is being made by somebody else")
    return tx.ports.peer("vault").unwrap(kept.key), kept.certificate


def _seal(tx: Tx, authorities: _Authorities, role: str, subject: Subject) -> tuple[KeyCustody, Issued]:
    """A kept seal and its certificate; a new generation is made before the old certificate ends."""
    kept = store.newest_key(tx, role)
    if kept is None or kept.not_after <= tx.now:
        key = make_key()
        issued = authorities.ca.issue(subject, public_bytes(key), tx.now)
        certificate = _record(tx, authorities, issued, subject, None)
        generation = kept.generation + 1 if kept else 1
        wrapped = tx.ports.peer("vault").wrap(key)
        store.add_key(tx, role, store.KeptKey(generation, wrapped, issued.certificate, certificate.not_valid_after_utc))
        kept = store.newest_key(tx, role)
        if kept is None or kept.certificate != issued.certificate:
            raise Collision(f"the seal {role} is being made by somebody else")
    chain = (authorities.issuing, *authorities.ca.roots)
    return HeldKey(tx.ports.peer("vault").unwrap(kept.key)), Issued(kept.certificate, chain)


def _one_time(tx: Tx, authorities: _Authorities, contract_id: str, subject: Subject) -> tuple[KeyCustody, Issued]:
    custody = OneTimeKey()
    issued = authorities.ca.issue(subject, custody.public_key, tx.now)
    _record(tx, authorities, issued, subject, contract_id)
    return custody, issued


def _record(
    tx: Tx, authorities: _Authorities, issued: Issued, subject: Subject, contract_id: str | None
) -> x509.Certificate:
    certificate = x509.load_der_x509_certificate(issued.certificate)
    store.add_certificate(
        tx,
        _serial(issued),
        authorities.ca.name,
        subject,
        contract_id,
        issued.certificate,
        certificate.not_valid_before_utc,
        certificate.not_valid_after_utc,
    )
    return certificate


def _signing(
    tx: Tx, authorities: _Authorities, field: str, custody: KeyCustody, issued: Issued, *, certify: bool = False
) -> Any:
    lists = authorities.ca.revocation_lists(tx.now)
    return pdf.Signing(field, custody, issued, lists, authorities.ca.roots, tx.now, certify)


def _serial(issued: Issued) -> str:
    return f"{x509.load_der_x509_certificate(issued.certificate).serial_number:x}"


def _lines(tx: Tx, issued: Issued) -> list[tuple[str, str, str]]:
    return [
        ("签署时间", "Signed", f"{tx.now:%Y-%m-%d %H:%M:%S} UTC"),
        ("证书序号", "Certificate", _serial(issued)[:20]),
        ("颁发者", "Issuer", "Farthing sandbox Issuing CA"),
    ]
