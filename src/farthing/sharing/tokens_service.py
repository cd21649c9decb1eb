"""Run what an institution's program asks of the authorisation server: to push a request, tokens for a code or a refresh token, to
give one back, and how one stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from farthing.db.tx import Tx
from farthing.identity import counting
from farthing.identity import service as identity
from farthing.kernel.operation import operation
from farthing.kernel.whose import NOBODYS
from farthing.kit import strict_json
from farthing.kit.ids import bare
from farthing.kit.words import Words
from farthing.parties.vouching import rules as vouching
from farthing.sharing import clients_service as clients
from farthing.sharing import notices_service as notices
from farthing.sharing import proofs, rules, store
from farthing.sharing.model import (
    Given,
    Push,
    Pushed,
    Redeem,
    Revoke,
    Revoked,
    SharingConsent,
    SharingRequest,
    SharingToken,
)


def unfit(tx: Tx, assertion: str, issuer: str) -> None:
    """Refuse a program that proves itself nobody's before anything is written: anybody sends many of those."""
    clients.proved(tx, assertion, issuer, counting.wall(tx))


@operation(
    "sharing.push", title=Words("Push a request to read accounts", "推送账户读取请求"), permission="identity:attest",
    whose=NOBODYS,
)  # fmt: skip
def push(tx: Tx, command: Push) -> Pushed:
    """Keep what an institution asks to read, under an address that is good once. Precedence: the institution, the proof, the
    request.

    Refuses ``parties.openid_client_wrong``, ``sharing.proof_bad``, ``sharing.nonce_needed``, ``parties.openid_*``,
    ``sharing.details_bad``, ``sharing.not_registered``.
    """
    at = counting.wall(tx)
    partner = clients.once(tx, command.assertion, command.issuer, at)
    proof = clients.held(tx, command.proof, "POST", command.url, at) if command.proof else None
    said = strict_json.parse(command.said.encode())
    details, jkt = rules.wanted(said, partner, tx.business_date)
    if proof is not None and jkt and jkt != proof.jkt:
        raise proofs.BAD(problem=proofs.OTHER_KEY)  # both are named, so both are meant (openid/fapi#503)
    request_id, secret = tx.new_id("asked"), tx.ids.token()
    made = SharingRequest(
        request_id, partner.id, vouching.hashed(secret), said["redirect_uri"], said.get("state", ""), said["code_challenge"],
        proof.jkt if proof is not None else jkt or None, details, command.issuer, at, at + rules.REQUEST_LIVES,
    )  # fmt: skip
    store.push(tx, made, at - rules.KEPT)
    uri = f"{rules.URI}{bare(request_id)}_{secret}"
    return Pushed(request_id, partner.id, uri, int(rules.REQUEST_LIVES.total_seconds()))


@operation(
    "sharing.redeem",
    title=Words("Give an institution tokens", "向机构发放令牌"),
    permission="identity:attest",
    whose=NOBODYS,
)
def redeem(tx: Tx, command: Redeem) -> Given:
    """Give an institution an access token that is bound to its key, for a code once or for a refresh token, which stays (FAPI 2.0
    section 5.3.2.1: no rotation).

    Refuses ``parties.openid_client_wrong``, ``sharing.proof_bad``, ``sharing.nonce_needed``, ``parties.openid_grant_bad``,
    ``parties.openid_grant_type``.
    """
    at = counting.wall(tx)
    partner = clients.once(tx, command.assertion, command.issuer, at)
    proof = clients.held(tx, command.proof, "POST", command.url, at)
    if command.grant_type == "refresh_token":
        kept = _token(tx, command.refresh_token, rules.REFRESH, partner.id)
        if kept is None or kept.ended_at is not None:
            raise vouching.GRANT_BAD()
        return _given(tx, _running(tx, kept.consent_id), proof.jkt, at, "")
    if command.grant_type != "authorization_code":
        raise vouching.GRANT_TYPE()
    request_id, secret = vouching.taken_apart(command.code, rules.CODE, "asked")
    request = store.hold(tx, request_id) if request_id else None
    fits = request is not None and vouching.same(request.code_hash, secret) and request.relying_party_id == partner.id
    if request is None or not fits or request.consent_id is None:
        raise vouching.GRANT_BAD()
    if request.spent_at is not None:
        notices.end(tx, [request.consent_id], "code_twice", at)  # somebody has a copy (RFC 6749 section 4.1.2)
        return Given(vouching.GRANT_BAD.name, partner.id, request.consent_id)
    if not rules.is_good(request, command, partner.id, proof.jkt, at):
        raise vouching.GRANT_BAD()
    consent = _running(tx, request.consent_id)
    store.spend(tx, request.id, at)
    refresh = _made(tx, consent, "refresh", None, at)
    return _given(tx, consent, proof.jkt, at, refresh)


@operation(
    "sharing.revoke", title=Words("Give a token back", "机构退回令牌"), permission="identity:attest", whose=NOBODYS
)
def revoke(tx: Tx, command: Revoke) -> Revoked:
    """End an access token, or with a refresh token the consent. Refuses ``parties.openid_client_wrong``."""
    at = counting.wall(tx)
    partner = clients.once(tx, command.assertion, command.issuer, at)
    for prefix in (rules.ACCESS, rules.REFRESH):
        kept = _token(tx, command.token, prefix, partner.id)
        if kept is not None and kept.kind == "access":
            store.end_token(tx, kept.id, at)
            return Revoked(partner.id)
        if kept is not None:
            ended = notices.end(tx, [kept.consent_id], "institution", at)
            return Revoked(partner.id, kept.consent_id if ended else "")
    return Revoked(partner.id)


def introspected(tx: Tx, assertion: str, issuer: str, token: str) -> dict[str, Any]:
    """How a token stands (RFC 7662), as the institution that it was given to may ask, after it ended too: since when, and why.
    Refuses ``parties.openid_client_wrong``."""
    at = counting.wall(tx)
    partner = clients.proved(tx, assertion, issuer, at)
    kept = _token(tx, token, rules.ACCESS, partner.id) or _token(tx, token, rules.REFRESH, partner.id)
    consent = None if kept is None else store.consent(tx, kept.consent_id)
    if kept is None or consent is None:
        return {"active": False}
    state = consent.state(tx.business_date)
    lives = kept.ended_at is None and (kept.expires_at is None or kept.expires_at > at)
    ended = {} if consent.ended_at is None else {
        "consent_ended_at": int(consent.ended_at.timestamp()), "consent_ended_why": consent.ended_why
    }  # fmt: skip
    if not lives or state != "running" or not identity.is_open(tx, consent.actor_id):
        return {"active": False, "consent_id": consent.id, "consent_state": state, **ended}
    bound = {} if kept.jkt is None else {"cnf": {"jkt": kept.jkt}}
    expires = {} if kept.expires_at is None else {"exp": int(kept.expires_at.timestamp())}
    return {
        "active": True, "client_id": partner.id, "iss": issuer,
        "token_type": "DPoP" if kept.kind == "access" else "refresh_token",
        **expires, **bound, "consent_id": consent.id, "consent_state": state, "authorization_details": [rules.granted(consent)],
    }  # fmt: skip


def _token(tx: Tx, text: str, prefix: str, client_id: str) -> SharingToken | None:
    """The token that is named, where it is this institution's."""
    token_id, secret = vouching.taken_apart(text, prefix, "token")
    kept = store.token(tx, token_id) if token_id else None
    fits = kept is not None and kept.relying_party_id == client_id and vouching.same(kept.hash, secret)
    return kept if fits and kept is not None and prefix.startswith(kept.kind) else None


def _running(tx: Tx, consent_id: str) -> SharingConsent:
    """The consent, where it runs and the login by which it was given is open yet. Refuses ``parties.openid_grant_bad``."""
    consent = store.consent(tx, consent_id)
    if consent is None or consent.state(tx.business_date) != "running" or not identity.is_open(tx, consent.actor_id):
        raise vouching.GRANT_BAD()
    return consent


def _given(tx: Tx, consent: SharingConsent, jkt: str, at: datetime, refresh: str) -> Given:
    access, seconds = _made(tx, consent, "access", jkt, at), int(rules.TOKEN_LIVES.total_seconds())
    return Given(None, consent.relying_party_id, consent.id, access, refresh, seconds, rules.granted(consent))


def _made(tx: Tx, consent: SharingConsent, kind: Any, jkt: str | None, at: datetime) -> str:
    token_id, secret = tx.new_id("token"), tx.ids.token()
    ends = at + rules.TOKEN_LIVES if kind == "access" else None
    store.add_token(
        tx, SharingToken(token_id, consent.id, consent.relying_party_id, kind, vouching.hashed(secret), jkt, at, ends)
    )
    return f"{kind}_{bare(token_id)}_{secret}"
