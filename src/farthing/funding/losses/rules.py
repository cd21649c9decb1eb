"""Reckon what a lender's notes might lose by each month, by the valuations of their loans, and what they lost. Pure.

A loan may default in each period of its plan, by the yearly chance of its valuation, and loses then the part that the valuation
says of what the lender has out by the plan. What he bought counts from the day on which he had it, what he sold until then.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from farthing.funding.holdings.model import Market
from farthing.funding.losses.model import LossFan, LossPoint
from farthing.funding.shares import Note
from farthing.funding.valuing.curve import Curve
from farthing.funding.valuing.losses import AtRisk, Losses, losses
from farthing.funding.yearly.rules import covered_of, moved
from farthing.kit.calendar import month_end
from farthing.kit.money import Money
from farthing.lending.flows import Flow

_YEAR = Decimal(365)
MOST_POINTS, LEAST_POINTS = 12, 3
STEPS = 4
"""A loan of the usual size loses so many steps."""
MOST_STEPS = 1_500


@dataclass(frozen=True, slots=True)
class Stake:
    """What a lender has of a loan: ``default`` a year and ``lost`` of a default as it was valued; the ``plan``, each day with
    what falls due then of the whole principal; ``notes``: from which day on his note was of so much, nothing where he sold it."""

    default: Decimal
    lost: Decimal
    plan: tuple[tuple[date, int], ...]
    notes: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class Went:
    """What became of a lender's part of a loan, in minor units: ``lost`` by day (below nought what came in since), and what the
    protection fund paid."""

    lost: tuple[tuple[date, int], ...]
    covered: int
    given_up: bool


def notes_of(market: Market, party_id: str) -> tuple[tuple[date, int], ...]:
    """From which day on a party's note of a loan was of so much, the first day on which it had one at the front."""
    found = [
        (each.from_on, dict(zip(each.parties, each.weights, strict=True)).get(party_id, 0)) for each in market.editions
    ]
    return tuple(found[next((at for at, (_, minor) in enumerate(found) if minor), len(found)) :])


def at_risk(stake: Stake, upto: date) -> AtRisk | None:
    """What of a stake may have been lost by a day; none where nothing may."""
    if not stake.notes:
        return None
    first, alive, expected = stake.notes[0][0], Decimal(1), Decimal(0)
    since, ends = first, {on for on, _ in (*stake.plan, *stake.notes)} | {upto}
    for end in sorted(on for on in ends if first < on <= upto):
        after = (1 - stake.default) ** ((end - first).days / _YEAR)
        expected += (alive - after) * stake.lost * _out(stake, since)
        alive, since = after, end
    life = 1 - alive
    return AtRisk(life, round(expected / life)) if expected else None


def _out(stake: Stake, on: date) -> Decimal:
    """What a lender has out in the period that begins on a day, by the plan, in minor units."""
    from_on, minor = [each for each in stake.notes if each[0] <= on][-1]
    then, now = (sum(principal for due_on, principal in stake.plan if due_on > day) for day in (from_on, on))
    return Decimal(minor * now) / then if then else Decimal(0)


def went(notes: Sequence[Note], flows: Sequence[Flow], market: Market, party_id: str) -> Went:
    """What became of a party's part of a loan."""
    lost = list[tuple[date, int]]()
    for on, found in moved(notes, flows, market, party_id):
        minor = found["lost"] - (found["principal"] if found["recovered"] else 0)
        if minor:
            lost.append((on, minor))
    given_up = any(flow.kind == "given_up" for flow in flows)
    covered = covered_of(notes, flows, market, party_id) if market.covered is not None else 0
    return Went(tuple(lost), covered, given_up)


def days(first: date, last: date, today: date, most: int) -> list[date]:
    """The ends of months from the first day's to the last one's, at equal distances, ``most`` of them or one more; in the month
    of today it is today."""
    ends = [month_end(first)]
    while ends[-1] < max(last, today):
        ends.append(month_end(ends[-1] + timedelta(days=1)))
    every = -(-len(ends) // most)
    now = next(at for at, end in enumerate(ends) if end >= min(max(today, first), ends[-1]))
    ends[now] = today
    return ends[now % every :: every]


def told(
    party_id: str, stakes: Sequence[Stake], becames: Sequence[Went], curve: Curve, today: date, currency: str
) -> LossFan:  # fmt: skip
    """What all stakes of a lender might lose by each month, and lost."""

    def money(minor: int) -> Money:
        return Money(minor, currency)

    lost = sorted(each for became in becames for each in became.lost)
    covered = sum(became.covered for became in becames)
    given_up = sum(became.given_up for became in becames)
    if not stakes:
        return LossFan(party_id, 0, 0, money(0), money(0), money(covered), None, ())
    first = min(stake.notes[0][0] for stake in stakes)
    last = max(stake.plan[-1][0] for stake in stakes if stake.plan)
    points, now, place = list[LossPoint](), 0, None
    for on in days(first, last, today, max(LEAST_POINTS, min(MOST_POINTS, 3_600 // len(stakes)))):
        found, so_far = _losses(stakes, curve, on), sum(minor for day, minor in lost if day <= on)
        points.append(
            LossPoint(on, money(found.expected), tuple(map(money, found.fan)), money(so_far) if on <= today else None)
        )
        if on <= today:
            now, place = found.expected, found.place(so_far)
    whole = money(sum(minor for _, minor in lost))
    return LossFan(party_id, len(stakes), given_up, money(now), whole, money(covered), place, tuple(points))


def _losses(stakes: Iterable[Stake], curve: Curve, on: date) -> Losses:
    some = [found for stake in stakes if (found := at_risk(stake, on)) is not None]
    whole = sum(each.loses for each in some)
    return losses(some, curve, max(1, whole // max(1, min(STEPS * len(some), MOST_STEPS))))
