"""Own ``Exposure``: what a person owes and asked for elsewhere, in bands, as one decision is told. Pure.

It comes from a shelf that knows no names (:mod:`farthing.exchange`). ``none`` is "no record", which is never nought; ``withheld``
would describe one single other lender. Never an amount, never a lender.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from farthing.kit.inputs import Word


@dataclass(frozen=True, slots=True)
class Exposure:
    """What other lenders entered about a person, in bands.

    ``band``: what is owed in all (``none``, ``0``, ``<50k``, ``50-200k``, ``>200k``, by the currency's table). ``lenders``,
    ``asked_*``: distinct lenders with a balance, and distinct lenders that asked in so many days (``0``, ``1``, ``2-3``, ``4+``);
    those that are no banks apart. ``dpd``: the worst band of days past due (``none``, ``0``, ``1-30``, ``31-60``, ``61-90``,
    ``>90``, ``withheld``, ``disputed``). ``as_of``: the first day of the edition that was answered from.
    """

    band: Word
    lenders: Word
    dpd: Word
    asked_7: Word
    asked_30: Word
    asked_90: Word
    asked_nonbank_30: Word
    as_of: date
