"""Own the one search for a rate: the discount at which money out and money back are worth the same. Pure, exact decimals.

Every law's rate is asked of this search. Its unknown is the logarithm of what one becomes in a period, so that no rate from
-100 % up is out of reach and nothing divides by zero; a bracket holds the root from the first step to the last, so that it
cannot run away. The root is closed in from both sides before it is answered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Decimal, localcontext
from fractions import Fraction
from itertools import pairwise

from farthing.kit.errors import InvariantBroken

PRECISION = 40
CLOSE = Decimal("1e-25")
"""How near the two sides of the last bracket stand, relative to the root where it is more than one."""
_FARTHEST = Decimal(2**17)
_STEPS = 400
_GRID = tuple(
    [Decimal(number) / 4 for number in range(-32, -8)]
    + [Decimal(number) / 32 for number in range(-64, 96)]
    + [Decimal(number) / 4 for number in range(12, 97)]
)
"""Where other roots are looked for, as logarithms of what one becomes: from -99.97 % to 2.6e12 %, by about 3 % where rates are
usual."""


@dataclass(frozen=True, slots=True)
class Timed:
    """An amount and when it is paid: ``whole`` periods, compounded, and ``part`` of one, at simple interest.

    ``minor`` is above zero for money to the borrower and below for money back. ``part`` is of Regulation Z alone (Appendix J
    (b)(6)); other laws compound fractions too and leave it zero.
    """

    whole: Fraction
    part: Fraction
    minor: int


@dataclass(frozen=True, slots=True)
class Found:
    """The logarithm of what one becomes in a period, and whether it is proven that no other will do.

    ``others``: further roots that a search found.
    """

    force: Decimal
    proven: bool
    others: tuple[Decimal, ...] = ()

    def growth(self, periods: int = 1) -> Decimal:
        """The rate over so many periods, compounded, as a part of one."""
        return grown(self.force, periods)


@contextmanager
def exactly() -> Iterator[None]:
    """Decimals of forty digits and of any size."""
    with localcontext(prec=PRECISION, Emax=MAX_EMAX, Emin=MIN_EMIN):
        yield


def grown(force: Decimal, periods: int = 1) -> Decimal:
    """``exp(force x periods) - 1``."""
    with exactly():
        return (force * periods).exp() - 1


def solve(flows: Sequence[Timed]) -> Found | None:
    """The rate at which the flows, in the order of their times, are worth nothing; None where there is none.

    The first must be money to the borrower: dear money is then worth more than all that is paid back.
    """
    if not flows or flows[0].minor <= 0:
        raise InvariantBroken("a credit begins with money to the borrower")
    with exactly():
        worth = _worth(flows)
        bracket = _bracket(worth)
        if bracket is not None:
            force = _closed_in(worth, *bracket)
            if _always_owed(flows, force):
                return Found(force, proven=True)
        roots = [_closed_in(worth, *each) for each in _crossings(worth)]
        if bracket is None and not roots:
            return None
        force = roots[0] if bracket is None else force
        return Found(force, False, tuple(each for each in roots if abs(each - force) > Decimal("1e-9")))


Worth = Callable[[Decimal], tuple[Decimal, Decimal]]


def _worth(flows: Sequence[Timed]) -> Worth:
    """What the flows are worth at a rate, and how fast that changes; one power for each gap that occurs."""
    steps = [
        (_decimal(each.whole - before), _decimal(each.whole), _decimal(each.part), each.minor)
        for before, each in zip([Fraction(0), *(each.whole for each in flows)], flows, strict=False)
    ]

    def worth(force: Decimal) -> tuple[Decimal, Decimal]:
        growth = force.exp()
        rate, factors = growth - 1, {}
        discount, value, slope = Decimal(1), Decimal(0), Decimal(0)
        for gap, whole, part, minor in steps:
            if gap:
                if gap not in factors:
                    factors[gap] = (-force * gap).exp()
                discount *= factors[gap]
            worth_now, late = minor * discount, whole
            if part:
                worth_now /= 1 + part * rate
                late += part * growth / (1 + part * rate)
            value += worth_now
            slope -= late * worth_now
        return value, slope

    return worth


def _decimal(part: Fraction) -> Decimal:
    return Decimal(part.numerator) / Decimal(part.denominator)


def _bracket(worth: Worth) -> tuple[Decimal, Decimal] | None:
    """Two rates between which the root lies, the nearest to no cost at all; the same twice where that is the root."""
    near = Decimal(0)
    value = worth(near)[0]
    if not value:
        return near, near
    step = Decimal("0.125") if value < 0 else Decimal("-0.125")
    while abs(step) <= _FARTHEST:
        if (worth(step)[0] > 0) != (value > 0):
            return (near, step) if step > 0 else (step, near)
        near, step = step, step * 2
    return None


def _closed_in(worth: Worth, low: Decimal, high: Decimal) -> Decimal:
    """The root in a bracket: by the slope as long as each step is at most half the one before it, else by halves, until it
    stands between two rates that are as near as ``CLOSE``."""
    rises = worth(high)[0] > 0
    force, last = (low + high) / 2, high - low
    for _ in range(_STEPS):
        near = CLOSE * max(Decimal(1), abs(force))
        if high - low <= near:
            return force
        value, slope = worth(force)
        if not value:
            return force
        below = (value > 0) != rises
        low, high = (force, high) if below else (low, force)
        step = -value / slope if slope else high - low
        if abs(step) <= near / 4 < last:  # as good as there: one rate beyond it closes the bracket
            force, last = force + (near / 2 if below else -near / 2), near / 4
        elif low < force + step < high and abs(step) <= last / 2:
            force, last = force + step, abs(step)
        else:
            force, last = (low + high) / 2, (high - low) / 2
    raise InvariantBroken(f"no rate within {_STEPS} steps")


def _always_owed(flows: Sequence[Timed], force: Decimal) -> bool:
    """Whether the borrower owes, or nobody does, after every flow: then no second rate can be.

    With S(k) the present value, at the root r, of the first k flows, the worth at a rate i is the sum of S(k) x (q(k) - q(k+1)),
    where q is the discount at i over the discount at r. q falls from flow to flow where i is above r and rises where it is
    below; so where no S(k) is below zero the worth is nought at r and nowhere else.
    """
    rate = force.exp() - 1
    owed, large = Decimal(0), Decimal(sum(abs(each.minor) for each in flows))
    for each in flows:
        discount = (-force * _decimal(each.whole)).exp() / (1 + _decimal(each.part) * rate)
        owed += each.minor * discount
        if owed < -large * CLOSE * 1000 * max(Decimal(1), discount):
            return False
    return True


def _crossings(worth: Worth) -> list[tuple[Decimal, Decimal]]:
    """Neighbours on the grid between which the worth changes its sign."""
    signs = [(each, worth(each)[0] > 0) for each in _GRID]
    return [(low, high) for (low, above), (high, over) in pairwise(signs) if above != over]
