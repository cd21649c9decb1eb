"""Run signing: how far a contract is, its document, what checks it, and the built-in authorities.

Drawing, signing and sealing are in :mod:`farthing.signing.acts`. The built-in authorities' keys are made at first use,
one transaction for all.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from farthing.db.keyring.sealing import Gone
from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.kernel import sealed_anew
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, STAFF
from farthing.kit.actor import PUBLIC
from farthing.kit.errors import conflict, declined, not_found
from farthing.kit.inputs import Base64, Id, Line
from farthing.kit.later import Later
from farthing.kit.words import Words
from farthing.products import service as products
from farthing.products.agreement import AgreementForm
from farthing.signing import ca, sealed_store, store
from farthing.signing.forms.rules import check_effective
from farthing.signing.keys import ELSEWHERE, OFFLINE, Key, make_key
from farthing.signing.model import (
    PLATFORM,
    TIMESTAMP_FIELD,
    Certificates,
    Contract,
    DocumentStatus,
    Responder,
    Subject,
    Timestamper,
)
from farthing.signing.renewal import rules
from farthing.signing.revocation.responder import SandboxResponder, not_now
from farthing.signing.revocation.rules import REVOKED

inspection: Any = Later("farthing.signing.inspection")  # with their library a second; most processes sign nothing

UNKNOWN = not_found("signing.unknown_contract", "There is no contract {contract_id}.", "没有合同 {contract_id}。")
UNKNOWN_CERTIFICATE = not_found(
    "signing.unknown_certificate", "No certificate {certificate_id} was issued here.", "未签发过证书 {certificate_id}。"
)
ERASED = not_found(
    "signing.contract_erased",
    "Nobody can read contract {contract_id} any more: the data of somebody whom it names were erased once the law let them go."
    " Its digest stays in the log.",
    "合同 {contract_id} 已无法读取：其中一方的个人信息在法定保存期满后已删除；合同摘要仍保留在存证日志中。",
)
DIFFERS = conflict(
    "signing.contract_differs",
    "{subject} has a contract with other terms already ({contract_id}); a signed text is never replaced.",
    "{subject} 已有条款不同的合同（{contract_id}）；已出具的文本不得替换。",
)
OTHER_DOCUMENT = conflict(
    "signing.other_document",
    "The document shown had the digest {shown}; it is now {current}. Read the current one before signing.",
    "所示文件摘要为 {shown}，当前为 {current}；请阅读当前文件后再签署。",
)
NOT_YOUR_TURN = declined(
    "signing.not_your_turn",
    "{role} cannot sign contract {contract_id} now; it waits for {waiting_for}.",
    "合同 {contract_id} 现在不由 {role} 签署，等待 {waiting_for}。",
)
NOT_SEALED = declined(
    "signing.not_sealed",
    "Contract {contract_id} is not complete: it waits for {waiting_for}.",
    "合同 {contract_id} 尚未签署完毕，等待 {waiting_for}。",
)
NO_AUTHORITY = declined(
    "signing.no_authority",
    "This bank has no certificate authority, so nothing can be signed here until an adapter for a licensed one is there.",
    "本行未接入电子认证服务机构，接入之前无法签署。",
)
NO_TIMESTAMPER = declined(
    "signing.no_timestamper",
    "This bank has no time-stamping authority; name one in FARTHING_TSA_URL and FARTHING_TSA_CERTIFICATES.",
    "本行未接入时间戳服务机构；请设置 FARTHING_TSA_URL 与 FARTHING_TSA_CERTIFICATES。",
)

YEAR = timedelta(days=365)
RENEWED_WITH = {"root": ca.ISSUING_YEARS * YEAR, "issuing": YEAR, "tsa": 2 * YEAR, "ocsp": YEAR / 2}
"""How much of its life a built-in authority's certificate has left when the next one is made: a root's must not end before
what it certifies."""
SANDBOX = "sandbox"
"""The built-in authorities: their keys are the bank's own, so the peer is made over them."""


@dataclass(frozen=True, slots=True)
class RevokeCertificate:
    """Report a key as compromised (Electronic Signature Law art. 15); ``certificate_id`` is its serial number."""

    certificate_id: Id
    reason: Line


@dataclass(frozen=True, slots=True)
class Revoked:
    """A certificate that is on the revocation list from now on."""

    certificate_id: str
    reason: str


@dataclass(frozen=True)
class Authorities:
    """The built-in CA and TSA (or the licensed TSA) as this transaction sees them."""

    ca: ca.SandboxAuthority
    tsa: Timestamper
    issuing: bytes


def contract_view(tx: Tx, contract_id: str) -> Contract:
    """A contract as it stands; refuses ``signing.unknown_contract``."""
    return view_of(tx, row_of(tx, contract_id))


def row_of(tx: Tx, contract_id: str, *, lock: bool = False) -> store.Row:
    """A contract as it is kept, locked until the end of the transaction if asked; refuses ``signing.unknown_contract``."""
    row = store.contract(tx, contract_id, lock=lock)
    if row is None:
        raise UNKNOWN(contract_id=contract_id)
    return row


def view_of(tx: Tx, row: store.Row) -> Contract:
    """As :func:`contract_view`, of one that was read."""
    revisions = store.revisions(tx, row.id)
    return Contract(
        id=row.id,
        subject=row.subject,
        template=row.template,
        terms_digest=row.terms_digest,
        document_digest=revisions[-1].digest if revisions else "",
        revision=len(revisions),
        waiting_for=waiting(row, revisions),
        sealed=any(revision.field == TIMESTAMP_FIELD for revision in revisions),
    )


def waiting(row: store.Row, revisions: list[store.Revision]) -> tuple[str, ...]:
    """Who has not signed yet, in their order."""
    done = {revision.field for revision in revisions}
    return tuple(box.role for box in row.boxes if box.role != PLATFORM and box.role not in done)


def require_effective(tx: Tx, contract_id: str) -> Contract:
    """The contract, if every party has signed, it is sealed, and it meets its business format.

    Refuses ``signing.not_sealed``, ``signing.not_effective``.
    """
    row = row_of(tx, contract_id)
    view = view_of(tx, row)
    if not view.sealed:
        raise NOT_SEALED(contract_id=contract_id, waiting_for=", ".join(view.waiting_for))
    form = form_of(tx, row)
    if form is not None:
        roles = [box.role for box in row.boxes if box.role != PLATFORM]
        check_effective(form, roles, store.signed(tx, contract_id))
    return view


def form_of_contract(tx: Tx, contract_id: str) -> AgreementForm | None:
    """As :func:`form_of`, by the contract's id; refuses ``signing.unknown_contract``."""
    return form_of(tx, row_of(tx, contract_id))


def form_of(tx: Tx, row: store.Row) -> AgreementForm | None:
    """The business format that a contract is pinned to; none for one that is older than formats are."""
    return products.agreement_form(tx, row.form, row.form_version) if row.form else None


def document(tx: Tx, contract_id: str) -> bytes:
    """The PDF as it stands now; refuses ``signing.unknown_contract``, ``signing.contract_erased``."""
    view = contract_view(tx, contract_id)
    return document_at(tx, contract_id, view.revision - 1)


def document_at(tx: Tx, contract_id: str, number: int) -> bytes:
    """The PDF as it stood at a revision; refuses ``signing.contract_erased``."""
    return _readable(contract_id, store.document(tx, contract_id, number))


def _readable(contract_id: str, content: bytes | Gone) -> bytes:
    if isinstance(content, Gone):
        raise ERASED(contract_id=contract_id)
    return content


def terms_json(tx: Tx, contract_id: str) -> bytes:
    """The canonical JSON of the terms, byte for byte as attached to the PDF; refuses ``signing.contract_erased``."""
    return _readable(contract_id, row_of(tx, contract_id).terms)


def status(tx: Tx, contract_id: str) -> DocumentStatus:
    """Check the document against the authorities' roots, signature by signature."""
    house = authorities(tx)
    found: DocumentStatus = inspection.inspect(document(tx, contract_id), [*house.ca.roots, *house.tsa.roots])
    return found


def certificates(tx: Tx, contract_id: str) -> Certificates:
    """What a checker needs beside the document, with revocation lists that speak of now."""
    house = authorities(tx)
    used = [revision.certificate_id for revision in store.revisions(tx, contract_id) if revision.certificate_id]
    issued = [_readable(contract_id, store.certificate_der(tx, each)) for each in dict.fromkeys(used)]
    return Certificates(
        roots=house.ca.roots,
        certificates=(house.issuing, *issued),
        revocation_lists=house.ca.revocation_lists(tx.now),
        tsa_chain=house.tsa.chain,
    )


@operation(
    "signing.revoke_certificate", title=Words("Revoke a certificate", "吊销证书"),
    permission="signing:revoke", whose=STAFF,
)  # fmt: skip
def revoke_certificate(tx: Tx, command: RevokeCertificate) -> Revoked:
    """Put a certificate on the revocation list; refuses ``signing.unknown_certificate``."""
    ends = store.certificate_end(tx, command.certificate_id)
    if ends is None:
        raise UNKNOWN_CERTIFICATE(certificate_id=command.certificate_id)
    reason, _ = store.add_revocation(tx, command.certificate_id, command.reason, ends)
    return Revoked(command.certificate_id, reason)


def check_not_revoked(tx: Tx, certificate: bytes) -> None:
    """Refuse ``signing.certificate_revoked`` where somebody reported a key before it signed."""
    serial = f"{x509.load_der_x509_certificate(certificate).serial_number:x}"
    at = store.revoked_at(tx, serial)
    if at is not None:
        raise REVOKED(certificate=serial, at=at)


def check_level(subject: Subject) -> None:
    """Refuse ``signing.level_too_low`` before anybody is asked for a certificate."""
    if subject.level < ca.MINIMUM_LEVEL:
        raise ca.LEVEL_TOO_LOW(party=subject.party_id, level=subject.level, needed=ca.MINIMUM_LEVEL)


def authorities(tx: Tx) -> Authorities:
    """The built-in authorities over their kept keys, which are made at first use, and the time-stamping authority.

    Who only reads must come after somebody who wrote. A licensed authority is not asked here: it is known by its chain.
    Refuses ``signing.no_authority``, ``signing.no_timestamper``.
    """
    if not tx.ports.names("ca"):
        raise NO_AUTHORITY()
    root = _root(tx)
    issuing = _issuing(tx, root)
    sandbox = tx.ports.peer("ca", SANDBOX)(root, issuing, store.revoked(tx, tx.now), tx.ids, _older_roots(tx))
    return Authorities(sandbox, timestamper(tx), issuing.der)


def responder(tx: Tx) -> Responder | None:
    """Who says whether a certificate was revoked: a licensed authority's, or the built-in one over its kept key, which is made at
    first use. None where the bank has none: then revocation lists speak alone."""
    if not tx.ports.names("ocsp") or not tx.ports.names("ca"):
        return None
    peer = tx.ports.peer("ocsp")
    if tx.ports.first("ocsp") != SANDBOX:
        return peer  # type: ignore[no-any-return]
    issuing = _issuing(tx, _root(tx))
    own = _authority(tx, "ocsp", lambda made: ca.make_responder(made, issuing, tx.now, tx.ids))
    return peer(own, issuing, store.revoked(tx, tx.now), lambda: tx.now)  # type: ignore[no-any-return]


@question("signing.ocsp", permission=PUBLIC, whose=NOBODYS)
def ocsp(tx: Tx, request_base64: Base64) -> bytes:
    """What the built-in authority says of a certificate (OCSP, RFC 6960): an answer (DER) to a request (DER, in base64)."""
    found = responder(tx) if store.newest_key(tx, "ocsp") is not None else None
    if not isinstance(found, SandboxResponder):
        return not_now()
    try:
        return found.answer(base64.b64decode(request_base64, validate=True))
    except ValueError:
        return found.answer(b"")


def _issuing(tx: Tx, root: ca.Authority) -> ca.Authority:
    """The authority that certifies signers and seals."""
    return _authority(tx, "issuing", lambda made: ca.make_issuing(made, root, tx.now, tx.ids))


def timestamper(tx: Tx) -> Timestamper:
    """The time-stamping authority: a licensed one, or the built-in one over its kept key, which is made at first use.

    Refuses ``signing.no_timestamper``.
    """
    if not tx.ports.names("tsa"):
        raise NO_TIMESTAMPER()
    peer = tx.ports.peer("tsa")
    if tx.ports.first("tsa") != SANDBOX:
        return peer  # type: ignore[no-any-return]
    root = _root(tx)
    authority = _authority(tx, "tsa", lambda made: ca.make_tsa(made, root, tx.now, tx.ids))
    return peer(authority, root.der, lambda: tx.now, tx.ids)  # type: ignore[no-any-return]


def _older_roots(tx: Tx) -> list[ca.Authority]:
    """Roots before the newest one that have not run out; none for thirty years but the one."""
    return [opened(tx, kept) for kept in store.keys(tx, "root")[1:] if kept.not_after > tx.now]


def _root(tx: Tx) -> ca.Authority:
    """The root of the built-in authorities."""
    return _authority(tx, "root", lambda made: ca.make_root(made, tx.now, tx.ids))


def _authority(tx: Tx, role: str, certify: Callable[[Key], x509.Certificate]) -> ca.Authority:
    """A built-in authority, made at first use, and anew before what it signs would outlive it."""
    kept = store.newest_key(tx, role)
    if kept is None or kept.not_after < tx.now + RENEWED_WITH[role]:
        generation = 1 if kept is None else kept.generation + 1
        key = make_key(rules.curve_of(tx.now.date()) if role == "tsa" else "P-256")
        made = certify(key)
        der = made.public_bytes(Encoding.DER)
        wrapped = tx.ports.peer("vault").wrap(key)
        store.add_key(tx, role, store.KeptKey(generation, wrapped, der, made.not_valid_after_utc))
        kept = store.newest_key(tx, role)
        if kept is None or kept.certificate != der:
            raise Collision(f"the key of {role} is being made by somebody else")
    return opened(tx, kept)


def opened(tx: Tx, kept: store.KeptKey) -> ca.Authority:
    """An authority of what is kept of it; a root whose key was taken out has none."""
    certificate = x509.load_der_x509_certificate(kept.certificate)
    if kept.key.startswith(OFFLINE):
        return ca.Authority(None, certificate, kept.key[len(OFFLINE) :])
    return ca.Authority(tx.ports.peer("vault").unwrap(kept.key), certificate)


def newest_keys(tx: Tx) -> list[tuple[str, bytes, bytes, datetime]]:
    """The newest kept key of every role: the role, the key as it is sealed, its certificate (DER), until when it holds."""
    return store.newest_keys(tx)


def seal_anew(tx: Tx, limit: int) -> int:
    """Seal some kept keys as the vault seals now, that were sealed otherwise; answers how many."""
    about = {"key": tx.ports.peer("vault").KEYS}
    return sealed_anew.seal_anew(tx, store.OTHERWISE, store.ANEW, about, limit, elsewhere=[ELSEWHERE, OFFLINE])


def seal_plain(tx: Tx, limit: int) -> int:
    """Seal some contracts and certificates that lie in plain, as all did before; answers how many."""
    return sealed_store.seal_plain(tx, limit)


def forget(tx: Tx, party_id: str) -> None:
    """Renew no time stamp any more over contracts of somebody who is erased: with the key they go dark by themselves."""
    store.forget(tx, party_id)


def last_signed(tx: Tx, party_id: str) -> datetime | None:
    """When somebody signed a contract last: from then on the others may need it for as long as the law keeps it."""
    return store.last_signed(tx, party_id)
