"""Ask for a proof and use it, once: called by the kernel for operations that are confirmed by a key, and by ``identity``,
which alone knows keys. Table ``challenge``, through ``store``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from farthing.db.tx import Row, Tx
from farthing.evidence.model import Personal
from farthing.kernel.proving import rules, store
from farthing.kit.actor import Actor

KEPT = timedelta(days=1)
"""How long a challenge is kept that nobody answered in time."""


@dataclass(frozen=True, slots=True)
class Challenge:
    """A challenge as it waits: what is to be signed, and until when."""

    id: str
    nonce: bytes
    challenge: bytes
    expires_at: datetime


def ask(tx: Tx, purpose: str, actor_id: str | None, about: str = "", transaction: str | None = None) -> Challenge:
    """Make a challenge: over the transaction that was shown, or plainly random where there is none."""
    at = store.wall(tx)
    store.forget(tx, at - KEPT)
    nonce = tx.ids.octets(rules.NONCE)
    signed = nonce if transaction is None else rules.challenge_of(nonce, transaction)
    made = Challenge(tx.new_id("challenge"), nonce, signed, at + rules.LIVES)
    store.insert(
        tx,
        {"id": made.id, "purpose": purpose, "actor_id": actor_id, "about": about, "nonce": nonce, "challenge": signed,
         "at": at, "expires_at": made.expires_at},
    )  # fmt: skip
    return made


def take(tx: Tx, actor: Actor, challenge_id: str) -> rules.Bound:
    """Use a confirmation for what is done in this transaction; refuses ``kernel.confirmation_not_good``."""
    row = store.take(tx, challenge_id, actor.id, store.wall(tx))
    if row is None:
        raise rules.NOT_GOOD()
    return rules.Bound(challenge_id, bytes(row["nonce"]), bytes(row["challenge"]), row["assertion"])


def find(tx: Tx, challenge_id: str) -> Row | None:
    """One challenge as it stands, for whoever compares its answer with no transaction open."""
    return store.find(tx, challenge_id)


def prove(tx: Tx, challenge_id: str, actor_id: str, assertion: dict[str, Any]) -> bool:
    """Keep the answer that was found to be right; false where no challenge waits for it."""
    return store.prove(tx, challenge_id, actor_id, assertion, store.wall(tx))


def spend(tx: Tx, challenge_id: str, purpose: str, actor_id: str | None) -> bool:
    """Use a challenge that confirms no operation; false where it was used, is too old, or is somebody else's."""
    return store.spend(tx, challenge_id, purpose, actor_id, store.wall(tx))


def void(tx: Tx, keys: list[str]) -> None:
    """Passkeys have ended: what they confirmed and nobody has used is good for nothing."""
    if keys:
        store.void(tx, keys, store.wall(tx))


def evidence(bound: rules.Bound, subject: str | None) -> dict[str, Any]:
    """What a checker needs to see that this was confirmed: the nonce, what was shown, and the assertion over both; what was
    shown is ``subject``'s, and stands in the log as a salted hash."""
    return {
        "challenge": bound.challenge_id, "nonce": bound.nonce, "transaction": Personal(bound.transaction, subject),
        "assertion": bound.assertion,
    }  # fmt: skip
