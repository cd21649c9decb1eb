"""Refuse a member of staff who would decide a matter of her own: she is a customer of this bank as others are.

Four eyes are two persons neither of whom gains: who made a draft is looked at as who agrees to it.
"""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.identity import phones as identities
from farthing.kit.errors import forbidden
from farthing.parties import service as parties

OWN_MATTER = forbidden(
    "parties.own_matter",
    "This is about a customer who is {actor}, or who drafted it; only colleagues may decide it.",
    "此事项涉及的客户就是 {actor} 本人或经办人本人；须由其他员工办理和复核。",
)


def not_own(tx: Tx, *party_ids: str) -> None:
    """Refuse ``parties.own_matter`` where the actor, or who drafted what the actor agrees to, is one of these customers."""
    if tx.actor.person_id is None and tx.actor.asked_by is None:
        return
    for known in parties.kept(tx, party_ids):
        if identities.is_oneself(tx, known.number):
            raise OWN_MATTER(actor=tx.actor.id)
