"""Run what an agreement does beside binding its parties, in the transaction in which it takes effect or ends: a power of attorney
lets its helper act, or not any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from farthing.db.tx import Tx
from farthing.kernel import noticing
from farthing.kernel.acting import powers_service as powers
from farthing.kernel.acting import service as acting
from farthing.kernel.acting.service import power_id_of
from farthing.kit.words import Words
from farthing.parties import service as parties
from farthing.signing.contests import service as contests

FORM = "power-of-attorney"
"""The form whose agreements give powers."""


@acting.contest_check
def is_contested(tx: Tx, agreement_id: str) -> bool:
    """Whether a party contests the agreement that gave a power: nothing is done under it until that is decided."""
    return contests.is_contested(tx, agreement_id)


def seals_itself(tx: Tx, agreement_id: str) -> bool:
    """Whether the bank seals an agreement by itself once the others have signed: a power within the published list, not ended."""
    power = powers.find(tx, power_id_of(agreement_id))
    return power is not None and power.ended_on is None


def took_effect(tx: Tx, agreement_id: str) -> None:
    """An agreement is in force: the power that it gives begins, and both are told."""
    power = powers.hold(tx, power_id_of(agreement_id))
    if power is None or not powers.begin(tx, power):
        return
    known = parties.parties(tx, [power.principal, power.helper])
    principal, helper = known[power.principal], known[power.helper]
    said = Words(
        f"{helper.name} may act for {principal.name} at this bank until {power.until}. Either of you ends it at once under Me.",
        f"{helper.name} 可在本行代 {principal.name} 办理业务，有效期至 {power.until}。双方均可在“我的”中随时终止。",
    )
    noticing.tell_all(tx, [(each.id, each.phone, said) for each in (principal, helper)])


def over(tx: Tx, agreement_ids: Sequence[str]) -> dict[str, date]:
    """Of these agreements those whose power was ended by itself, and when: they are in force no longer. One statement or none."""
    given = {power_id_of(each): each for each in agreement_ids}
    found = powers.found(tx, list(given)) if given else {}
    return {given[name]: power.ended_on for name, power in found.items() if power.ended_on is not None}


def ended(tx: Tx, agreement_id: str) -> None:
    """An agreement was stepped back from, or does not bind: so does its power end."""
    power = powers.hold(tx, power_id_of(agreement_id))
    if power is not None:
        powers.end(tx, power)
