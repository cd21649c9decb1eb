"""Own ``Outcomes``: what equal loans of a year may come to together, reckoned exactly. Pure; nothing is drawn at random.

Defaults are independent within a year, and all loans share the year. What a bad year does to them is therefore the part
of the risk that no number of loans takes away (``remains``); every screen that shows a fan says it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from itertools import accumulate, repeat
from operator import mul

from farthing.kit.errors import InvariantBroken

FAN = (5, 25, 50, 75, 95)
"""Of a hundred outcomes, ordered from the worst, the ones that a fan shows."""
MOST_LOANS = 1_000
_DIGITS = 60
_STEP = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Year:
    """A kind of year: how likely it is, and the part of all loans that default in it."""

    chance: Decimal
    default: Decimal


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is assumed of each loan: it earns ``annual`` in its year, or defaults, loses the part ``lost`` of what was lent and
    earns nothing. ``years`` are all the kinds of year there are; their chances sum to one."""

    annual: Decimal
    lost: Decimal
    years: tuple[Year, ...]

    def __post_init__(self) -> None:
        if sum(year.chance for year in self.years) != 1:
            raise InvariantBroken("the chances of all kinds of year do not sum to one")

    def expected(self, year: Year) -> Decimal:
        """What is expected of a year of one kind, as a part of what was lent."""
        return self.annual * (1 - year.default) - self.lost * year.default


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What a number of equal loans may come to after a year, as parts of what was lent, to six places.

    ``loss``: the chance that less comes back than was lent. ``fan``: the outcomes of ``FAN``, the worst first.
    ``remains``: the chance of a loss however many loans there are. ``worst_year``: what is expected of the worst kind of year.
    """

    loans: int
    expected: Decimal
    loss: Decimal
    fan: tuple[Decimal, ...]
    remains: Decimal
    worst_year: Decimal


def outcomes(loans: int, prospect: Prospect) -> Outcomes:
    """All that so many loans may come to, from 1 to ``MOST_LOANS`` of them."""
    if not 1 <= loans <= MOST_LOANS:
        raise InvariantBroken(f"{loans} loans: from 1 to {MOST_LOANS} are reckoned")
    with localcontext() as context:
        context.prec = _DIGITS
        chances = [sum(each) for each in zip(*(_weighed(loans, year) for year in prospect.years), strict=True)]
        results = [(prospect.annual * (loans - failed) - prospect.lost * failed) / loans for failed in range(loans + 1)]
        by_year = [prospect.expected(year) for year in prospect.years]
        return Outcomes(
            loans,
            _shown(sum(year.chance * each for year, each in zip(prospect.years, by_year, strict=True))),
            _shown(sum(chance for chance, result in zip(chances, results, strict=True) if result < 0)),
            tuple(_shown(each) for each in _fan(chances, results)),
            _shown(sum(year.chance for year, each in zip(prospect.years, by_year, strict=True) if each < 0)),
            _shown(min(by_year)),
        )


def _weighed(loans: int, year: Year) -> list[Decimal]:
    """The chance that so many loans default, from none to all, in a year of this kind, by the chance of that year."""
    fail, hold = _powers(year.default, loans), _powers(1 - year.default, loans)
    ways = accumulate(range(loans), lambda found, failed: found * (loans - failed) // (failed + 1), initial=1)
    return [year.chance * each * fail[failed] * hold[loans - failed] for failed, each in enumerate(ways)]


def _powers(base: Decimal, most: int) -> list[Decimal]:
    return list(accumulate(repeat(base, most), mul, initial=Decimal(1)))


def _fan(chances: Sequence[Decimal], results: Sequence[Decimal]) -> Iterable[Decimal]:
    """The outcomes below which ``FAN`` of a hundred lie; results fall as defaults rise."""
    reached = list(accumulate(reversed(chances)))
    worst_first = list(reversed(results))
    for percent in FAN:
        yield next(
            (result for result, sum_of in zip(worst_first, reached, strict=True) if sum_of * 100 >= percent), results[0]
        )


def _shown(part: Decimal | int) -> Decimal:
    return Decimal(part).quantize(_STEP, ROUND_HALF_EVEN)
