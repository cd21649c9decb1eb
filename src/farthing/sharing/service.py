"""Run what a person lets institutions read: who asks, which accounts she picks, stopping it, and seeing who read what when."""

from __future__ import annotations

from typing import Any

from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.identity.authenticators import service as authenticators
from farthing.kernel.operation import operation
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS, ONESELF
from farthing.kit.actor import PUBLIC
from farthing.kit.ids import bare
from farthing.kit.inputs import Id, PageSize, Secret
from farthing.kit.words import Words
from farthing.parties.vouching import rules as vouching
from farthing.parties.vouching import service as partners
from farthing.sharing import notices_service as notices
from farthing.sharing import reading_service as reading
from farthing.sharing import rules, store
from farthing.sharing.model import (
    AgreeToShare,
    Answered,
    Asks,
    Choice,
    OwnSharing,
    OwnSharings,
    RefuseToShare,
    SharingAccess,
    SharingConsent,
    SharingRequest,
    SharingStopped,
    StopSharing,
)
from farthing.sharing.receipts import receipt_of
from farthing.sharing.templates import templates


@question("sharing.asks", permission=PUBLIC, whose=NOBODYS)
def asks(tx: Tx, client_id: Id, request_uri: Secret) -> Asks:
    """Who sent somebody here to read her accounts, and what it asks for, while that waits to be decided. Refuses
    ``sharing.request_gone``, ``parties.openid_client_unknown``."""
    request_id, secret = vouching.taken_apart(request_uri, rules.URI, "asked")
    request = store.request(tx, request_id) if request_id else None
    if request is None or not rules.is_open(request, secret, client_id, counting.wall(tx)):
        raise rules.REQUEST_GONE()
    partner, _, _ = partners.open_partner(tx, client_id)
    return Asks(
        request.id, partner.id, partner.name, partner.name_zh, partner.sector, request.redirect_uri, request.state,
    request.details )  # fmt: skip


@question("sharing.choices", permission="identity:self", whose=ONESELF)
def choices(tx: Tx, request_id: Id) -> list[Choice]:
    """One's accounts of the kinds that a request asks for, of which one picks. Refuses ``sharing.request_gone``."""
    request = store.request(tx, request_id)
    if request is None or tx.actor.party_id is None:
        raise rules.REQUEST_GONE()
    return _offered(tx, request)


def _offered(tx: Tx, request: SharingRequest) -> list[Choice]:
    found = reading.accounts_of(tx, str(tx.actor.party_id), request.details.kinds)
    return [each for each in found if not each.closed]


def _seen(command: AgreeToShare, done: Answered) -> dict[str, Any]:
    """What must have been seen: who reads what, what for, since when and until when, and where the answer goes."""
    asked = done.details
    return {
        "institution": done.institution, "template": asked.template, "kinds": list(asked.kinds), "from_on": asked.from_on,
        "until": asked.until, "redirect_uri": done.redirect_uri,
    }  # fmt: skip


@operation(
    "sharing.agree", title=Words("Let an institution read accounts", "同意机构读取账户"), permission="identity:self",
    whose=ONESELF, confirm=_seen, by_key=authenticators.customers_own_key,
)  # fmt: skip
def agree(tx: Tx, command: AgreeToShare) -> Answered:
    """Let an institution read these accounts, as its request says and for no longer, and give it a code.

    Refuses ``kernel.key_needed``, ``identity.sign_in_again``, ``parties.openid_session_needed``, ``sharing.request_gone``,
    ``sharing.nothing_picked``, ``sharing.account_not_offered``.
    """
    party_id = vouching.herself(tx.actor)
    request = _open(tx, command.request_id)
    if not command.accounts or len(set(command.accounts)) != len(command.accounts):
        raise rules.NOTHING_PICKED()
    offered = {each.ref for each in _offered(tx, request)}
    for each in command.accounts:
        if each not in offered:
            raise rules.ACCOUNT_NOT_OFFERED(account=repr(each[:60]))
    at, consent_id, secret = counting.wall(tx), tx.new_id("sharing"), tx.ids.token()
    decided = store.decide(tx, request.id, at, consent_id, vouching.hashed(secret), at + rules.CODE_LIVES)
    if decided is None:
        raise rules.REQUEST_GONE()
    notice = f"{rules.NOTICE}/{command.notice}"
    store.give(tx, SharingConsent(
        consent_id, party_id, request.relying_party_id, tx.actor.id, request.details, request.issuer, command.accounts, notice,
        at,
        tx.business_date,
    ))  # fmt: skip
    code = f"{rules.CODE}{bare(request.id)}_{secret}"
    return _answered(tx, request, consent_id, code)


@operation(
    "sharing.refuse",
    title=Words("Let an institution read nothing", "拒绝机构读取账户"),
    permission="identity:self",
    whose=ONESELF,
)
def refuse(tx: Tx, command: RefuseToShare) -> Answered:
    """Use a request up without agreeing. Refuses ``parties.openid_session_needed``, ``sharing.request_gone``."""
    vouching.herself(tx.actor)
    request = _open(tx, command.request_id)
    if store.decide(tx, request.id, counting.wall(tx)) is None:
        raise rules.REQUEST_GONE()
    return _answered(tx, request)


def _answered(tx: Tx, request: SharingRequest, consent_id: str = "", code: str = "") -> Answered:
    partner, _ = partners.named(tx, request.relying_party_id)
    return Answered(
        request.id,
        request.redirect_uri,
        request.state,
        f"{partner.name} / {partner.name_zh}",
        request.details,
        consent_id,
        code,
    )


def _open(tx: Tx, request_id: str) -> SharingRequest:
    request = store.request(tx, request_id)
    if request is None or request.decided_at is not None or request.expires_at <= counting.wall(tx):
        raise rules.REQUEST_GONE()
    partners.open_partner(tx, request.relying_party_id)
    return request


@operation(
    "sharing.stop",
    title=Words("Stop an institution from reading", "停止机构读取账户"),
    permission="identity:self",
    whose=ONESELF,
)
def stop(tx: Tx, command: StopSharing) -> SharingStopped:
    """Let an institution read nothing more: its tokens die now, and it is told. Refuses ``parties.openid_session_needed``,
    ``sharing.consent_unknown``, ``sharing.ended_before``."""
    party_id = tx.actor.party_id
    if party_id is None:
        raise vouching.NOT_SIGNED_IN_HERE()
    consent = _hers(tx, party_id, command.consent_id)
    if consent.ended_at is not None:
        raise rules.ALREADY_ENDED()
    return SharingStopped(consent.id, notices.end(tx, [consent.id], "person", counting.wall(tx)))


@question("sharing.own", permission="identity:self", whose=ONESELF)
def own(tx: Tx, limit: PageSize = 50) -> OwnSharings:
    """What one lets institutions read, and what each read when, the newest first."""
    party_id = tx.actor.party_id
    if party_id is None:
        return OwnSharings((), ())
    known = {each.ref: each for each in reading.accounts_of(tx, party_id, tuple(rules.OF))}
    consents = store.consents(tx, party_id)
    read = store.read(tx, party_id, limit)
    called = {
        each: partners.named(tx, each)[0]
        for each in sorted(
            {*(consent.relying_party_id for consent in consents), *(row["relying_party_id"] for row in read)}
        )
    }
    told = []
    for each in consents:
        partner, details = called[each.relying_party_id], each.details
        accounts = tuple(known.get(ref) or reading.gone(ref) for ref in each.accounts)
        told.append(OwnSharing(
            each.id, partner.name, partner.name_zh, partner.sector, details.template, details.kinds, accounts, details.from_on,
            details.until, each.given_at, each.state(tx.business_date), each.ended_at, each.ended_why,
        ))  # fmt: skip
    accesses = (
        SharingAccess(
            row["id"], row["consent_id"], row["relying_party_id"], called[row["relying_party_id"]].name,
            called[row["relying_party_id"]].name_zh, row["kind"], tuple(row["accounts"]), row["rows"], row["from_on"],
            row["to_on"], row["at"],
        )
        for row in read
    )  # fmt: skip
    return OwnSharings(tuple(told), tuple(accesses))


@question("sharing.receipt", permission="identity:self", whose=ONESELF)
def receipt(tx: Tx, consent_id: Id) -> dict[str, Any]:
    """The receipt of a consent of one's own, in the shape of ISO/IEC TS 27560. Refuses ``sharing.consent_unknown``."""
    consent = _hers(tx, tx.actor.party_id or "", consent_id)
    partner, _ = partners.named(tx, consent.relying_party_id)
    return receipt_of(consent, partner, templates().get(consent.details.template), tx.business_date)


def _hers(tx: Tx, party_id: str, consent_id: str) -> SharingConsent:
    consent = store.consent(tx, consent_id)
    if consent is None or consent.party_id != party_id:
        raise rules.CONSENT_UNKNOWN(consent_id=repr(consent_id[:60]))
    return consent


def forget(tx: Tx, party_id: str) -> None:
    """Somebody is erased: no institution reads anything more of her."""
    running = [each.id for each in store.consents(tx, party_id) if each.ended_at is None]
    notices.end(tx, running, "erased", counting.wall(tx))
