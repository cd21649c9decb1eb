"""Own the pledge: money that somebody promises and that stays where it is until it is taken or given back. Pure.

What waits for an answer from outside (a pay-out by rail) or for others (a purchase by a group) reserves its amount by a
hold; then exactly one of two things becomes of it: it is settled, and moves, or it is released. One that has an end lapses
by itself. Every function answers one command for ``ledger.post``; nothing is kept here.

    held      SOURCE can spend ``amount`` less
    settled   SOURCE  amount
                  TARGET  -amount
    released  SOURCE can spend it again
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from farthing.kit.money import Money
from farthing.ledger.model import Hold, Posting, Release, Settle


@dataclass(frozen=True, slots=True)
class Pledge:
    """``amount`` of the account ``source`` is promised to ``target``; ``kind`` is what the entry will be when it moves.

    ``reference`` is the hold's own, and another than its settlement's. ``until``: the instant after which it binds nobody.
    """

    reference: str
    kind: str
    source: str
    target: str
    amount: Money
    memo: str = ""
    until: datetime | None = None


def held(pledge: Pledge, on: date) -> Hold:
    """Reserve the amount; refused by the ledger where it is not there."""
    postings = (Posting(pledge.source, pledge.amount), Posting(pledge.target, -pledge.amount))
    return Hold(pledge.reference, pledge.kind, on, postings, pledge.memo, expires_at=pledge.until)


def settled(reference: str, posted_as: str, on: date) -> Settle:
    """Move what was promised, as the entry ``posted_as``."""
    return Settle(posted_as, reference, on)


def released(reference: str, released_as: str | None = None) -> Release:
    """Give back what was promised; ``<reference>:release`` names it where nothing else does."""
    return Release(released_as or f"{reference}:release", reference)
