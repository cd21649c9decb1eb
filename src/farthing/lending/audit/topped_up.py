"""Decide whether the two loans of a top-up say the same of it: what the new one paid off, and what paid the old one. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from farthing.lending.life import Life
from farthing.lending.model import LoanEvent
from farthing.lending.top_ups.model import PAYS_OFF, TOPPED_UP_BY


def others_of(page: Sequence[Life]) -> list[str]:
    """The loans on the other side of the top-ups of these."""
    named = [life.loan.replaces for life in page if life.loan.replaces is not None]
    return sorted({*named, *(each.about[TOPPED_UP_BY] for life in page for each in _paid(life))})


def mispaired(life: Life, others: Mapping[str, Life]) -> list[str]:
    """Where a loan, and the one that it replaced or that replaced it, do not agree on day and amount. ``others``: by id."""
    return [*_new(life, others), *(found for each in _paid(life) for found in _old(life, each, others))]


def _new(life: Life, others: Mapping[str, Life]) -> list[str]:
    """Of a loan that was paid out to replace another: that it paid it off, that day, with what it says."""
    replaces, kept = life.loan.replaces, next((each.about.get(PAYS_OFF) for each in life.events), None)
    if life.loan.disbursed_on is None or (replaces is None and kept is None):
        return []
    if replaces is None or kept is None or kept["loan"] != replaces:
        return [f"replaces {replaces}, and its payment out says that it paid off {kept and kept['loan']}"]
    other = others.get(replaces)
    paid = [each for each in _paid(other) if each.about[TOPPED_UP_BY] == life.loan.id] if other else []
    said = [(each.on, each.amount.minor) for each in paid]
    if said == [(life.events[0].on, kept["minor"])]:
        return []
    return [
        f"paid {kept['minor']} minor units to loan {replaces} on {life.events[0].on}, which says that it was paid"
        f" {', '.join(f'{minor} on {on}' for on, minor in said) or 'nothing'} of it"
    ]


def _old(life: Life, paid: LoanEvent, others: Mapping[str, Life]) -> list[str]:
    """Of a loan that was paid off by another: that the other says so, and that this one was nobody else's."""
    by = paid.about[TOPPED_UP_BY]
    other = others.get(by)
    if other is not None and other.loan.replaces == life.loan.id and other.loan.party_id == life.loan.party_id:
        return (
            []
            if other.loan.disbursed_on == paid.on
            else [f"was paid off by {by} on {paid.on}, not when it was paid out"]
        )
    return [
        f"was paid off out of {by}, which replaces {other.loan.replaces if other else 'nothing, for there is none'}"
    ]


def _paid(life: Life) -> list[LoanEvent]:
    return [each for each in life.events if TOPPED_UP_BY in each.about]
