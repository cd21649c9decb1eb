"""Compare what devices answered with no transaction open: read challenge and key, verify, and let an operation say what came of
it, as :mod:`farthing.identity.entrance` does for passwords."""

from __future__ import annotations

from dataclasses import replace

from farthing.db.tx import Row, Tx
from farthing.identity.authenticators import rules, service, store
from farthing.identity.authenticators.model import (
    Assertion,
    Confirmed,
    Credential,
    Judged,
    KeepPasskey,
    MadePasskey,
    Passkey,
    Site,
)
from farthing.identity.model import LoggedIn, Place
from farthing.identity.rules import DOOR
from farthing.kernel.proving import service as proving
from farthing.kernel.run import Kernel
from farthing.kit import base64url
from farthing.kit.actor import Actor
from farthing.kit.errors import Refusal

NOTHING = ("not_good", "unknown")
"""Outcomes of answers to nothing that was asked, or by nobody's passkey: anybody sends many of them, and the log keeps none."""


def add(kernel: Kernel, site: Site, actor: Actor, made: MadePasskey) -> Passkey:
    """Keep a passkey that a device has just made.

    Refuses ``identity.challenge_not_good``, and what :func:`farthing.identity.authenticators.rules.made` refuses.
    """
    asked = kernel.read(lambda tx: proving.find(tx, made.challenge_id))
    if asked is None or asked["purpose"] != service.ADD or asked["actor_id"] != actor.id:
        raise rules.CHALLENGE_NOT_GOOD()
    credential, count = rules.made(site, bytes(asked["challenge"]), made.client_data, made.attestation)
    command = KeepPasskey(made.challenge_id, base64url.encode(bytes(credential)), count)
    kept: Passkey = kernel.run(service.keep_passkey, command, actor=_herself(actor))
    return kept


def sign_in(kernel: Kernel, site: Site, answer: Assertion, place: Place, device: str | None = None) -> LoggedIn:
    """Open a session by a passkey alone; refuses as the outcome is told."""
    judged = _judged(kernel, site, answer, service.SIGN_IN, None)
    if judged.outcome in NOTHING:
        raise refused(judged.outcome, site)
    command = replace(judged, device=device, device_name=place.device_name[:500])
    done: LoggedIn = kernel.run(service.passkey_log_in, command, actor=DOOR)
    if done.outcome != "ok":
        raise refused(done.why or "unknown", site)
    return done


def confirm(kernel: Kernel, site: Site, actor: Actor, answer: Assertion) -> str:
    """Take an assertion over what was shown; answers the challenge that the operation is then run under. The same answer once
    more is answered the same. Refuses as the outcome is told."""
    asked = kernel.read(lambda tx: proving.find(tx, answer.challenge_id))
    if asked is not None and asked["actor_id"] == actor.id and _same(asked, answer):
        return answer.challenge_id
    judged = _judged(kernel, site, answer, "confirm", actor)
    if judged.outcome in NOTHING:
        raise refused(judged.outcome, site)
    done: Confirmed = kernel.run(service.confirm, judged, actor=_herself(actor))
    if done.outcome != "ok":
        raise refused(done.outcome, site)
    return done.challenge_id


def refused(outcome: str, site: Site) -> Refusal:
    """An outcome as the refusal that tells it."""
    return rules.refusal_of(outcome, site)


def _same(asked: Row, answer: Assertion) -> bool:
    """Whether a challenge was answered before by this very assertion."""
    kept = asked["assertion"] or {}
    told = (kept.get("signature"), kept.get("client_data"), kept.get("authenticator_data"))
    return told == (answer.signature, answer.client_data, answer.authenticator_data)


def _judged(kernel: Kernel, site: Site, answer: Assertion, purpose: str, actor: Actor | None) -> Judged:
    key_id = rules.passkey_id(rules.to_bytes(answer.credential_id))

    def read(tx: Tx) -> tuple[Row | None, Credential | None]:
        return proving.find(tx, answer.challenge_id), store.find(tx, key_id)

    asked, key = kernel.read(read)
    nothing = Judged("ok", answer, key_id, "", 0, 0)
    if asked is None or asked["purpose"] != purpose or asked["actor_id"] != (actor.id if actor else None):
        return replace(nothing, outcome="not_good")
    if key is None or (actor is not None and not rules.is_ones_own(actor, key.actor_id, key.party_id)):
        return replace(nothing, outcome="unknown")
    outcome, count = rules.judge(site, bytes(asked["challenge"]), key.credential, key.sign_count, answer)
    if asked["spent_at"] is not None or asked["proved_at"] is not None:
        outcome = "not_good" if outcome in ("ok", "cloned") else outcome  # a replay is no clone
    return Judged(outcome, answer, key_id, base64url.encode(key.credential), count, key.sign_count)


def _herself(actor: Actor) -> Actor:
    """Whoever acts, with the one permission to say what came of a comparison that the door made for her."""
    return replace(actor, permissions=frozenset({"identity:attest_self"}))
