"""Own ``Losses``: what unequal loans may come to lose together, reckoned exactly in steps. Pure; nothing is drawn at random.

Defaults are independent within a kind of year that all loans share, as :mod:`farthing.funding.valuing.outcomes` has it for equal
loans. What each loses is rounded to whole steps, so that a portfolio of hundreds is reckoned in a moment.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from itertools import accumulate

from farthing.funding.valuing.curve import Curve
from farthing.funding.valuing.outcomes import FAN
from farthing.kit.errors import InvariantBroken

_DIGITS = 20
_STEP = Decimal("0.0001")
_NOTHING = Decimal("1e-12")
"""What is less likely than this is left out."""


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A loan as it was valued: the chance that it defaults in its ``life`` in an ordinary year, and what is lost then (minor
    units)."""

    life: Decimal
    loses: int


@dataclass(frozen=True, slots=True)
class Losses:
    """What loans may come to lose together, in minor units. ``fan``: of a hundred outcomes those at the places of ``FAN``, the
    least loss first; ``chances``: of each number of steps of ``step``, from none."""

    expected: int
    fan: tuple[int, ...]
    step: int
    chances: tuple[Decimal, ...]

    def place(self, lost: int) -> Decimal:
        """The chance that no more than this is lost, with half of what is just as likely: where it fell, from nought to one."""
        at = round(lost / self.step)
        below = sum(self.chances[:at], Decimal(0))
        here = self.chances[at] if at < len(self.chances) else Decimal(0)
        return (below + here / 2).quantize(_STEP)


def losses(loans: Sequence[AtRisk], curve: Curve, step: int) -> Losses:
    """All that these loans may lose together by a curve's kinds of year, in steps of so many minor units."""
    if step < 1:
        raise InvariantBroken(f"losses are reckoned in steps of {step}")
    with localcontext() as context:
        context.prec = _DIGITS
        kinds = ((1 - curve.bad_chance, Decimal(1)), (curve.bad_chance, curve.bad_times))
        by_kind = [(chance, _convolved(loans, times, step)) for chance, times in kinds]
        longest = max(len(found) for _, found in by_kind)
        chances = [
            sum((chance * found[at] for chance, found in by_kind if at < len(found)), Decimal(0))
            for at in range(longest)
        ]
        expected = sum(
            (chance * min(each.life * times, Decimal(1)) * each.loses for chance, times in kinds for each in loans),
            Decimal(0),
        )
        reached = list(accumulate(chances))
        fan = tuple(
            next((at for at, sum_of in enumerate(reached) if sum_of * 100 >= part), longest - 1) for part in FAN
        )
    return Losses(
        int(expected.to_integral_value(ROUND_HALF_EVEN)), tuple(at * step for at in fan), step, tuple(chances)
    )


def _convolved(loans: Sequence[AtRisk], times: Decimal, step: int) -> list[Decimal]:
    """The chance of each number of steps in a year of one kind."""
    found = [Decimal(1)]
    for each in loans:
        fails, steps = min(each.life * times, Decimal(1)), round(each.loses / step)
        if not steps or not fails:
            continue
        found += [Decimal(0)] * steps
        holds = 1 - fails
        found = [holds * here + (fails * found[at - steps] if at >= steps else 0) for at, here in enumerate(found)]
        while found[-1] < _NOTHING and len(found) > 1:
            found.pop()
    return found
