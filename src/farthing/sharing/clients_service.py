"""Run who an institution's program is, and which key it holds: an assertion signed by a registered key, and a DPoP proof. Both
come once. Of use inside operations; nothing here is one."""

from __future__ import annotations

from datetime import datetime

from farthing.db.tx import Tx
from farthing.identity import counting, jose
from farthing.kit.errors import Refusal
from farthing.parties.vouching import keys_service as keys
from farthing.parties.vouching import rules as vouching
from farthing.parties.vouching import service as partners
from farthing.parties.vouching.model import RelyingParty
from farthing.sharing import proofs


def proved(tx: Tx, assertion: str, issuer: str, at: datetime) -> RelyingParty:
    """The institution whose registered key signed an assertion for us alone (FAPI 2.0 section 5.3.2.1: the issuer is the only
    audience). Refuses ``parties.openid_client_wrong``."""
    try:
        partner, _, public_keys = partners.open_partner(tx, str(jose.unproved(assertion).get("iss", "")))
        claims = jose.verified(assertion, public_keys, jose.FINANCIAL)
    except (jose.Untrue, Refusal):
        raise vouching.CLIENT_WRONG() from None
    if not partner.reads or claims.get("aud") != issuer or not vouching.asserts(claims, partner.id, (issuer,), at):
        raise vouching.CLIENT_WRONG()
    return partner


def once(tx: Tx, assertion: str, issuer: str, at: datetime) -> RelyingParty:
    """The same, and never again by this assertion."""
    partner = proved(tx, assertion, issuer, at)
    if not partners.first_time(tx, partner.id, assertion):
        raise vouching.CLIENT_WRONG()
    return partner


def held(tx: Tx, proof: str, method: str, url: str, at: datetime, token: str = "") -> proofs.Proof:
    """The key that whoever sends this request holds. Refuses ``sharing.proof_bad``, ``sharing.nonce_needed``."""
    seed = keys.seed(tx)
    found = proofs.checked(proof, method, url, at, () if seed is None else proofs.nonces(seed, at), token)
    if not counting.within(tx, ("dpop", found.jkt, found.jti), proofs.KNOWN, 1):
        raise proofs.BAD(problem=proofs.TWICE)
    return found
