"""Run signatures whose key the server does not hold alone: one in the signer's browser, and one given at the counter.

A key of the browser is certified by errand after it has shown that it is at hand; the document is prepared with an empty place,
the browser makes what is to be signed anew and signs it, and the signature is verified before it is put there. A key that is lost
on the way is no harm: nothing is signed, and one asks again with another.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from farthing.db.tx import Tx
from farthing.identity.authenticators import rules as passkeys
from farthing.identity.authenticators import service as authenticators
from farthing.kernel import attendance, errands
from farthing.kernel.errands import Desk, Errand
from farthing.kernel.operation import Asked, decode, operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOT_THERE, STAFF, of
from farthing.kit.errors import conflict, not_found
from farthing.kit.ids import derived, prefixed
from farthing.kit.inputs import Id
from farthing.kit.later import Later
from farthing.kit.words import Words
from farthing.signing import service as signing
from farthing.signing import store as contracts
from farthing.signing.acts import making_service as making
from farthing.signing.acts import service as acts
from farthing.signing.acts.model import Order, SignaturesMade
from farthing.signing.agreements import service as agreements
from farthing.signing.agreements.turns import Turn
from farthing.signing.custody import rules, store, telling
from farthing.signing.custody.model import (
    AskCertificate,
    CustodyTold,
    Embedding,
    GiveSignature,
    PreparedTold,
    Preparing,
    SignAtCounter,
    SignaturePrepared,
)
from farthing.signing.model import Issued

external: Any = Later("farthing.signing.external_service")

UNKNOWN = not_found(
    "signing.unknown_prepared",
    "No document of this agreement waits for your signature under {prepared_id}; read it again and sign anew.",
    "本合同没有编号为 {prepared_id} 的待签文件；请重新阅读后再签署。",
)
TOO_LATE = conflict(
    "signing.prepared_too_old",
    "The document was prepared at {at}, more than {minutes} minutes ago; nothing was signed. Read it again and sign anew.",
    "该文件于 {at} 准备，已超过 {minutes} 分钟；尚未签署。请重新阅读后再签署。",
)

LIVES = timedelta(minutes=4)
"""How long a prepared document waits: its time of signing is written in it, and a time stamp may not lie far from that."""
KEPT = timedelta(days=1)


def prepared(tx: Tx, asked: Asked) -> PreparedTold:
    """What the browser signs, once an authority has certified its key; refuses ``signing.authority_awaited`` before."""
    acts.require_made(tx, asked)
    found = _prepared(tx, asked.subject)
    return PreparedTold(
        found.id, found.contract_id, found.shown, making.text(found.certificate), making.text(found.attributes),
        found.start_at, found.stop_at,
    )  # fmt: skip


@operation(
    "signing.ask_certificate", title=Words("Ask for a certificate of one's own key", "为本人密钥申请证书"),
    permission="signing:sign", whose=of("party_id"), conclude=prepared, by_key=authenticators.customers_key,
)  # fmt: skip
def ask_certificate(tx: Tx, command: AskCertificate) -> Asked:
    """Have a key that one's own browser has made certified for 24 hours, and the document prepared for its signature.

    Refuses what :func:`farthing.signing.agreements.service.sign` refuses, ``signing.key_unfit``,
    ``signing.key_not_possessed``, ``signing.signature_unfit``, ``signing.other_certificate``,
    ``signing.custody_not_admitted``, and ``kernel.key_needed`` of whoever has a passkey.
    """
    turn = agreements.turn_of(tx, command.agreement_id, command.party_id)
    said = (command.role, command.certificate)
    rules.check_profile(turn.role, turn.certificate, said, needed=True)
    return certify(tx, turn, command.document_digest, command.public_key, command.possession)


def certify(tx: Tx, turn: Turn, shown: str, public_key: str, possession: str) -> Asked:
    """Order the certificate of a browser's key and the document prepared for it, for whoever's turn it is.

    Refuses ``signing.key_unfit``, ``signing.signature_unfit``, ``signing.key_not_possessed``, ``signing.not_your_turn``,
    ``signing.other_document``, ``signing.custody_not_admitted``.
    """
    spki = passkeys.to_bytes(public_key)
    rules.check_possession(turn.agreement_id, shown, spki, passkeys.to_bytes(possession))
    act = turn.act(custody="browser")
    if turn.certificate == rules.SEAL or not acts.in_turn(tx, turn.agreement_id, shown, [act]):
        raise signing.NOT_YOUR_TURN(role=turn.role, contract_id=turn.agreement_id, waiting_for="-")
    store.forget(tx, tx.now - KEPT)
    errand_id = prefixed("signing", derived(f"{turn.agreement_id} {turn.role} {shown} {spki.hex()}"))
    order = Preparing(turn.agreement_id, shown, act, making.text(spki))
    errands.write(
        tx, errand_id, "signing.preparation", tx.ports.first("ca"), turn.agreement_id, order, signature_prepared
    )  # fmt: skip
    return Asked(errand_id, (errand_id,))


@errands.sender("signing.preparation")
def _prepare(desk: Desk, errand: Errand) -> SignaturePrepared:
    """Certify the key and prepare the document, with everything that vouches for the signature in it."""
    order: Preparing = decode(Preparing, errand.request)
    pen = desk.read(lambda tx: making.pen_of(tx, Order(order.contract_id, order.shown, (order.act,))))
    issued = pen.ca.issue(order.act.subject, base64.b64decode(order.public_key_base64), pen.at)
    signing_, stamp = making.signing_of(pen, order.act, external.Elsewhere(), issued)
    made = external.prepare(pen.before, signing_, stamp, pen.tsa)
    revision = making.revision(making.made_by(order.act, issued), pen.before, made.pdf)
    return SignaturePrepared(
        errand.id, order.shown, revision, making.text(issued.chain[0]), made.start, made.stop,
        making.text(made.attributes),
    )  # fmt: skip


@operation(
    "signing.signature_prepared", title=Words("A document waits for a signature", "文件待本人密钥签名"),
    permission=errands.ANSWER, whose=STAFF,
)  # fmt: skip
def signature_prepared(tx: Tx, command: SignaturePrepared) -> PreparedTold:
    """Keep what was prepared until it is signed. Refuses ``errands.answered``."""
    contract_id = errands.settle(tx, command.errand_id).subject
    acts.keep_certificate(tx, contract_id, command.signed)
    store.insert(tx, store.Row(
        command.errand_id, contract_id, command.signed.field, command.signed.party_id or "", command.shown,
        base64.b64decode(command.signed.certificate_base64), base64.b64decode(command.issuer_base64),
        base64.b64decode(command.signed.added_base64), command.start, command.stop,
        base64.b64decode(command.attributes_base64), tx.now,
    ))  # fmt: skip
    return prepared(tx, Asked(command.errand_id))


@question("signing.prepared_document", permission="signing:read", whose=of("party_id"))
def prepared_document(tx: Tx, party_id: Id, prepared_id: Id) -> bytes:
    """The whole document as it will be signed, the signature's place empty; refuses ``signing.unknown_prepared``."""
    found = _prepared(tx, prepared_id, party_id)
    return _before(tx, found) + found.increment


@operation(
    "signing.give_signature", title=Words("Hand in a signature of one's own key", "提交本人密钥的签名"),
    permission="signing:sign", whose=of("party_id"), conclude=agreements.drawn,
)  # fmt: skip
def give_signature(tx: Tx, command: GiveSignature) -> Asked:
    """Hand in what one's browser signed; it is verified here, time-stamped by errand, and put in its place.

    Refuses ``signing.unknown_prepared``, ``signing.signature_unfit``, ``signing.signature_differs``,
    ``signing.certificate_revoked``, ``signing.prepared_too_old``, ``signing.other_document``, ``signing.not_your_turn``.
    """
    turn = agreements.turn_of(tx, command.agreement_id, command.party_id)
    return take(tx, turn, command.prepared_id, command.signature, agreements.agreement_signed)


def take(tx: Tx, turn: Turn, prepared_id: str, given: str, answered_by: Callable[..., Any]) -> Asked:
    """Verify what a browser signed and order it stamped and put in its place; ``answered_by`` keeps it. Refuses as
    :func:`give_signature` does."""
    found = _prepared(tx, prepared_id, turn.subject.party_id)
    if found.contract_id != turn.agreement_id or found.role != turn.role:
        raise UNKNOWN(prepared_id=prepared_id)
    signature = rules.as_der(passkeys.to_bytes(given))
    external.check(found.attributes, found.certificate, signature)
    signing.check_not_revoked(tx, found.certificate)
    act = turn.act(custody="browser")
    if not acts.in_turn(tx, found.contract_id, found.shown, [act]):
        return Asked(found.contract_id)
    _check_age(tx, found)
    errand_id = prefixed("signing", derived(f"signature of {found.id}"))
    order = Embedding(found.id, making.text(signature), act)
    errands.write(
        tx, errand_id, "signing.embedding", tx.ports.first("tsa"), found.contract_id, order, answered_by
    )  # fmt: skip
    return Asked(found.contract_id, (errand_id,))


@errands.sender("signing.embedding")
def _embed(desk: Desk, errand: Errand) -> SignaturesMade:
    """Ask once more whether the certificate was revoked, stamp the signature and put it in its place.

    What comes too late, because an authority was silent so long, signs nothing and says so.
    """
    order: Embedding = decode(Embedding, errand.request)
    found, before, now, current = desk.read(lambda tx: _read(tx, order))
    if now > found.made_at + LIVES or current != found.shown:
        return SignaturesMade(errand.id, found.shown, ())
    made_for = Order(found.contract_id, found.shown, (order.act,))
    pen = desk.read(lambda tx: making.pen_of(tx, made_for))
    issued = Issued(found.certificate, (found.issuer, *pen.ca.roots))
    answers = making.not_revoked(pen, issued)
    waiting = external.Prepared(before + found.increment, found.start_at, found.stop_at, found.attributes)
    after = external.embed(waiting, issued, base64.b64decode(order.signature_base64), pen.tsa, pen.at)
    made = [making.revision(making.made_by(order.act, issued), before, after)]
    made += desk.read(lambda tx: making.sealing(tx, pen, made_for, after, answers)).made()
    return SignaturesMade(errand.id, found.shown, tuple(made))


@operation(
    "signing.sign_at_counter", title=Words("Sign for somebody at the counter", "柜台见证签署"), permission="signing:draw",
    four_eyes=True, whose=STAFF, conclude=agreements.drawn,
)  # fmt: skip
def sign_at_counter(tx: Tx, command: SignAtCounter) -> Asked:
    """Sign as a party at the counter: one of the staff has shown and read out the document, a second was there and approves.

    Both are named in the signature and in the log. Refuses ``kernel.customer_not_there`` unless the party was proved to be there
    before one of the two, and what :func:`farthing.signing.agreements.service.sign` refuses.
    """
    turn = agreements.turn_of(tx, command.agreement_id, command.party_id)
    staff = tuple(dict.fromkeys(each for each in (tx.actor.asked_by, tx.actor.id) if each))
    if not any(attendance.in_force(tx, each, command.party_id) for each in staff):
        raise NOT_THERE(actor=tx.actor.id)
    act = turn.act(custody="counter", staff=staff)
    return acts.order_signatures(tx, turn.agreement_id, command.document_digest, [act], agreements.agreement_signed)


def told(tx: Tx, contract_id: str) -> list[CustodyTold]:
    """Of each signature of a contract who held its key, in terms of article 13 of the Electronic Signature Law."""
    found = []
    for each in contracts.signed(tx, contract_id):
        held = telling.TOLD.get("seal" if each.seal else each.custody, telling.UNKNOWN)
        name = "seal" if each.seal else each.custody
        found.append(CustodyTold(each.role, name, held.exclusive, held.controlled, held.limit))
    return found


def _prepared(tx: Tx, prepared_id: str, party_id: str | None = None) -> store.Row:
    found = store.find(tx, prepared_id) if prepared_id.isprintable() else None
    if found is None or party_id not in (None, found.party_id):
        raise UNKNOWN(prepared_id=prepared_id[:64])
    return found


def _check_age(tx: Tx, found: store.Row) -> None:
    if tx.now > found.made_at + LIVES:
        raise TOO_LATE(at=found.made_at, minutes=int(LIVES.total_seconds() // 60))


def _before(tx: Tx, found: store.Row) -> bytes:
    """The document that the signer read; refuses ``signing.other_document`` where another revision came after it."""
    revisions = contracts.revisions(tx, found.contract_id)
    if not revisions or revisions[-1].digest != found.shown:
        raise signing.OTHER_DOCUMENT(shown=found.shown, current=revisions[-1].digest if revisions else "")
    return signing.document_at(tx, found.contract_id, revisions[-1].number)


def _read(tx: Tx, order: Embedding) -> tuple[store.Row, bytes, Any, str]:
    found = _prepared(tx, order.prepared_id)
    revisions = contracts.revisions(tx, found.contract_id)
    return found, signing.document_at(tx, found.contract_id, revisions[-1].number), tx.now, revisions[-1].digest
