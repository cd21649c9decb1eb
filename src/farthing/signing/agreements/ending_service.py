"""Run when agreements take effect, and the end of those on which nobody counts any more.

Stepping back and contests are :mod:`farthing.signing.agreements.service`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from farthing.db.server import Collision
from farthing.db.tx import Tx
from farthing.evidence import service as evidence
from farthing.kit.errors import Refusal
from farthing.parties import service as parties
from farthing.signing import service as signing
from farthing.signing.agreements import effects_service as effects
from farthing.signing.agreements import store
from farthing.signing.contests import service as contests
from farthing.signing.forms.rules import NOT_EFFECTIVE


def give_up(tx: Tx, agreement_id: str) -> None:
    """End an agreement on which nobody counts any more, so that it takes no effect later; one that ended stays as it is.

    For whoever had it drawn, in the transaction that gives back what was set aside for it.
    """
    found = store.find(tx, [agreement_id]).get(agreement_id)
    if found is None or found.ended_on is not None:
        return
    if not store.end(tx, found, parties.institution(tx).id):
        raise Collision("the agreement took effect or ended meanwhile")
    effects.ended(tx, found.id)
    evidence.append(tx, "signing.agreement_given_up", {"contract_id": found.id, "on": str(tx.business_date)})


def ended(tx: Tx, ids: Sequence[str]) -> set[str]:
    """Those of some agreements that ended."""
    return {each.id for each in store.find(tx, ids).values() if each.ended_on is not None}


def take_effect(tx: Tx, agreement_id: str) -> None:
    """Put a complete agreement in force, if it meets its form and nobody contests it."""
    if not contests.is_contested(tx, agreement_id) and _meets(tx, agreement_id) and store.take_effect(tx, agreement_id):
        evidence.append(tx, "signing.agreement_in_force", {"contract_id": agreement_id, "on": str(tx.business_date)})
        effects.took_effect(tx, agreement_id)


def _meets(tx: Tx, agreement_id: str) -> bool:
    try:
        signing.require_effective(tx, agreement_id)
    except Refusal as refusal:
        if refusal.code != NOT_EFFECTIVE.name:
            raise
        return False
    return True
