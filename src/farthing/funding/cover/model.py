"""Own ``CoverClaim``: what of a loan its partner claimed of a cover, and what the cover paid. It pays as far as it has money.

Table: ``funding_cover_claim``. A cover's money lies on ``liabilities:escrow:cover:<programme>``, client money like any escrow;
of one that this bank gives itself the same stands on ``assets:cover:<programme>``, so that it is a loss of ours when it is paid
out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from farthing.kit.inputs import Line, Slug
from farthing.kit.money import Money
from farthing.kit.words import Words

Why = Literal["past_due", "given_up"]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What entries ask of a claim: where its cover lies (``path``), what it ``paid`` in minor units, after which flow of the
    loan; and where the same stands of a cover that is ours (``own``, else nothing)."""

    path: str
    own: str
    paid: int
    after: int


@dataclass(frozen=True, slots=True)
class CoverClaim:
    """A claim of a partner: what of its part of a loan was left when it was so late as agreed, or was given up; once a loan.
    The cover is of ``programme`` and given by ``giver``, this bank where nobody is named."""

    loan_id: str
    partner: str
    programme: str
    giver: str
    why: Why
    claimed: Money
    paid: Money
    after: int
    paid_on: date


@dataclass(frozen=True, slots=True)
class LossCover:
    """A cover today. ``lent``: what the partner lent under it; ``most``: the part of that which the cover answers for;
    ``paid_in`` less ``returned``: what its giver put there; ``paid``: on ``claims`` for ``claimed`` in all; ``back``: what came
    in of those loans for it afterwards. ``left``: what it may still pay, of which ``balance`` is there. ``ended``: the
    programme is. ``giver_name``: what its giver is called, nothing of a cover of ours."""

    programme: str
    partner: str
    giver: str
    licence: str
    part: Decimal
    days: int
    refills: bool
    ended: bool
    lent: Money
    most: Money
    balance: Money
    paid_in: Money
    returned: Money
    claims: int
    claimed: Money
    paid: Money
    back: Money
    left: Money
    level: str
    giver_name: Words | None


@dataclass(frozen=True, slots=True)
class PayCover:
    """Put money into the cover of a programme: by rail from its giver's account, or of ours where this bank gives it."""

    programme: Slug
    amount: Money


@dataclass(frozen=True, slots=True)
class ReturnCover:
    """Give back to a cover's giver what it need not answer for; ``giver``: a former one, where the programme has another by
    now."""

    programme: Slug
    amount: Money
    giver: Line = ""


@dataclass(frozen=True, slots=True)
class CoverMoved:
    """What was put into a cover or given back: at once, or ``asked`` of a rail that has yet to answer."""

    programme: str
    amount: Money
    asked: bool
