"""Run what a person agrees to and a partner's program then gets: a consent and a code, tokens for the code, claims for a token.

What a code comes to is an outcome and no refusal, since a code that comes a second time ends what it gave the first time.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from farthing.db.tx import Tx
from farthing.identity import counting, jose
from farthing.identity import service as identity
from farthing.kernel.operation import operation
from farthing.kernel.whose import NOBODYS, ONESELF
from farthing.kit.errors import Refusal
from farthing.kit.ids import bare, derived, prefixed
from farthing.kit.words import Words
from farthing.parties import store as parties
from farthing.parties.service import party
from farthing.parties.vouching import keys_service as keys
from farthing.parties.vouching import rules, store
from farthing.parties.vouching.model import (
    Agreed,
    AgreeToTell,
    Grant,
    RedeemCode,
    Redeemed,
    RelyingParty,
    TellClaims,
    Told,
)
from farthing.parties.vouching.service import first_time, open_partner

CODE, TOKEN = "code_", "token_"
KEPT = timedelta(days=1)
"""How long a code is remembered after its minute, so that one that comes twice is known."""


@operation(
    "parties.agree_to_tell", title=Words("Let a partner know who one is", "同意向合作方提供身份信息"),
    permission="identity:self", whose=ONESELF,
)  # fmt: skip
def agree_to_tell(tx: Tx, command: AgreeToTell) -> Agreed:
    """Agree that a partner is told exactly these claims, and give it a code. Another agreement to the same partner takes the
    place of the one before.

    Refuses ``parties.openid_session_needed``, ``parties.openid_client_unknown``, ``parties.openid_redirect_unknown``,
    ``parties.openid_claim_not_asked``, ``parties.openid_consent_required``.
    """
    party_id, proved = tx.actor.party_id, tx.actor.proved
    if party_id is None or proved is None or tx.actor.is_program:
        raise rules.NOT_SIGNED_IN_HERE()
    partner, _, _ = open_partner(tx, command.relying_party_id)
    rules.check_address(command.redirect_uri, partner.redirect_uris, partner.name)
    for claim in command.claims:
        if claim not in partner.claims:
            raise rules.CLAIM_NOT_ASKED(name=partner.name, claim=repr(claim))
    at = counting.wall(tx)
    consent_id = _consent(tx, party_id, partner, command, at)
    grant_id, secret = tx.new_id("grant"), tx.ids.token()
    made = Grant(
        grant_id, consent_id, partner.id, tx.actor.id, party_id, command.claims, rules.hashed(secret), command.redirect_uri,
        command.nonce, command.code_challenge, proved.how, proved.at, at + rules.CODE_LIVES, None, None, None, None,
    )  # fmt: skip
    store.grant(tx, made, at - KEPT)
    return Agreed(consent_id, command.claims, f"{CODE}{bare(grant_id)}_{secret}")


def _consent(tx: Tx, party_id: str, partner: RelyingParty, command: AgreeToTell, at: datetime) -> str:
    """The consent that holds all of it: the one in force where it says the same, else a new one in its place."""
    there, wanted = store.in_force(tx, party_id, partner.id), set(command.claims)
    for consent_id, claims in there:
        if wanted <= set(claims) if command.silent else wanted == set(claims):
            return consent_id
    if command.silent:
        raise rules.CONSENT_REQUIRED()
    store.withdraw(tx, party_id, [consent_id for consent_id, _ in there], at)
    made = tx.new_id("consent")
    store.give(tx, made, party_id, partner.id, command.claims, at)
    return made


def unfit(tx: Tx, command: RedeemCode) -> str | None:
    """What is wrong with what a program brings that proves itself nobody's, or a code that nobody gave: anybody sends many of
    those, and the log keeps none."""
    if _proved(tx, command, counting.wall(tx)) is None:
        return rules.CLIENT_WRONG.name
    grant_id, secret = rules.taken_apart(command.code, CODE)
    grant = store.find_grant(tx, grant_id) if grant_id else None
    return None if grant is not None and rules.same(grant.code_hash, secret) else rules.GRANT_BAD.name


@operation(
    "parties.redeem_code", title=Words("Give a partner tokens for a code", "合作方以授权码换取令牌"),
    permission="identity:attest", whose=NOBODYS,
)  # fmt: skip
def redeem_code(tx: Tx, command: RedeemCode) -> Redeemed:
    """Give a partner who proved itself an id token and an access token for a code, once; precedence: the partner, the code."""
    at = counting.wall(tx)
    partner = _proved(tx, command, at)
    if partner is None or not _first(tx, partner, command):
        return Redeemed(rules.CLIENT_WRONG.name)
    grant_id, secret = rules.taken_apart(command.code, CODE)
    grant = store.hold_grant(tx, grant_id) if grant_id else None
    if grant is None or not rules.same(grant.code_hash, secret):
        return Redeemed(rules.GRANT_BAD.name, partner.id)
    if grant.spent_at is not None:
        store.end_grant(
            tx, grant.id, at
        )  # somebody has a copy: what the code gave is good no longer (RFC 6749 section 4.1.2)
        return Redeemed(rules.GRANT_BAD.name, partner.id)
    if not rules.is_good(grant, command, partner.id, at) or not _still_agreed(tx, grant):
        return Redeemed(rules.GRANT_BAD.name, partner.id)
    token = tx.ids.token()
    store.spend(tx, grant.id, at, rules.hashed(token), at + rules.TOKEN_LIVES)
    access_token = f"{TOKEN}{bare(grant.id)}_{token}"
    claims = rules.id_claims(grant, command.issuer, _subject(tx, grant, partner), access_token, at)
    store.tell(tx, tx.new_id("telling"), grant.party_id, partner.id, (), at)
    seconds = int(rules.TOKEN_LIVES.total_seconds())
    return Redeemed(None, partner.id, grant.consent_id, keys.signed(tx, claims, at), access_token, seconds)


@operation(
    "parties.tell_claims", title=Words("Tell a partner what was agreed to", "向合作方提供经同意的身份信息"),
    permission="identity:attest", whose=NOBODYS,
)  # fmt: skip
def tell_claims(tx: Tx, command: TellClaims) -> Told:
    """Tell a partner what a person agreed to, and note that it was told. Refuses ``parties.openid_token_bad``."""
    at = counting.wall(tx)
    grant_id, secret = rules.taken_apart(command.token, TOKEN)
    grant = store.find_grant(tx, grant_id) if grant_id else None
    lives = grant is not None and grant.token_expires_at is not None and grant.token_expires_at > at
    if grant is None or not lives or grant.ended_at is not None or not rules.same(grant.token_hash, secret):
        raise rules.TOKEN_BAD()
    try:
        partner, _, _ = open_partner(tx, grant.relying_party_id)
    except Refusal:
        raise rules.TOKEN_BAD() from None
    if not _still_agreed(tx, grant):
        raise rules.TOKEN_BAD()
    person = party(tx, grant.party_id)
    checked = max((each.checked_at for each in parties.verifications(tx, person.id) if each.matched), default=None)
    said = rules.told_of(person, grant.claims, checked, tx.business_date)
    store.tell(tx, tx.new_id("telling"), person.id, partner.id, grant.claims, at)
    return Told(grant.consent_id, partner.id, grant.claims, {"sub": _subject(tx, grant, partner), **said})


def _proved(tx: Tx, command: RedeemCode, at: datetime) -> RelyingParty | None:
    """The partner whose program this is, once it proved that in the way it is registered for; none else."""
    try:
        named = command.client_id or str(jose.unproved(command.assertion).get("iss", ""))
        partner, secret_hash, public_keys = open_partner(tx, named)
        if partner.authentication == rules.SECRET_BASIC:
            return partner if not command.assertion and rules.same(secret_hash, command.client_secret) else None
        if command.client_secret or not command.assertion:
            return None
        claims = jose.verified(command.assertion, public_keys)
    except (jose.Untrue, Refusal):
        return None
    heard = (command.issuer, rules.metadata(command.issuer)["token_endpoint"])
    return partner if rules.asserts(claims, partner.id, heard, at) else None


def _first(tx: Tx, partner: RelyingParty, command: RedeemCode) -> bool:
    """Whether a proved assertion comes for the first time; a secret may come again."""
    return not command.assertion or first_time(tx, partner.id, command.assertion)


def _still_agreed(tx: Tx, grant: Grant) -> bool:
    """Whether the consent stands, and the login by which it was given is open yet."""
    return store.stands(tx, grant.consent_id) and identity.is_open(tx, grant.actor_id)


def _subject(tx: Tx, grant: Grant, partner: RelyingParty) -> str:
    """The name by which this partner knows the person; another one's partner knows her by another."""
    subject_id = prefixed("subject", derived(f"{partner.sector}\n{grant.party_id}"))
    return store.subject_of(tx, subject_id) or store.subject(
        tx, subject_id, grant.party_id, partner.sector, tx.ids.token()
    )
