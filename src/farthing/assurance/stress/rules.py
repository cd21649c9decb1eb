"""Decide what a book becomes under a scenario, month by month, and how much of a scenario breaks it. Pure.

Every step is balanced: what leaves one group of accounts is in another, so that assets are liabilities, capital and the result
at each
month's end. Loans go month by month: of each bucket of lateness a part is one bucket later (the rolls of the policy, times the
scenario's factor), the others pay what falls due. What defaults is set aside by the part that is lost, comes back by the rest
over a
year, and is written off then. Only our part of loans is looked at; no new loan is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from farthing.assurance.prudence.model import Book, Pool, Prudential
from farthing.assurance.prudence.reckoning import ALLOWANCE, by_class
from farthing.assurance.stress.model import Broken, Month, Scenario, Stressed
from farthing.kit.errors import InvariantBroken
from farthing.kit.money import Money
from farthing.products.prudence import BAD

LOANS, CASH, LOSSES = "assets:loans", "assets:cash", "expenses:credit-losses"
EARNED, PAID, FRAUD, COSTS = "income:interest", "expenses:interest", "expenses:losses", "expenses:running"
PARTNERS = "assets:settlement"
WORKOUT = 12
"""Months in which the rest of a default comes back; then what is left is written off."""
MOST_SCALE = 10
DAYS = (91, 121, 151, 181, 211, 241, 271, 301, 331, 361)
"""Days past due of a default after so many months."""


@dataclass
class _Pool:
    """A pool on its way: ``age`` months in default, ``back`` what comes back of it each month."""

    product: str
    bucket: int
    annual: Decimal
    loans: int
    own: int
    ahead: list[int]
    age: int = 0
    back: int = 0


@dataclass(frozen=True, slots=True)
class Law:
    """What of the policy a path goes by: the part of each bucket that is one later in a month, the class of days past due, and
    the
    least allowance, as parts of all loans and of the bad ones."""

    rolls: tuple[Fraction, ...]
    first_days: tuple[int, ...]
    grade: Callable[[int], int]
    of_loans: Fraction = Fraction(0)
    of_bad: Fraction = Fraction(0)


Judge = Callable[[Book], Prudential]


def scaled(scenario: Scenario, scale: Fraction) -> Scenario:
    """So much of a scenario: half of it, or twice; parts never pass the whole."""

    def parts(found: Mapping[str, Fraction]) -> dict[str, Fraction]:
        return {path: min(part * scale, Fraction(1)) for path, part in found.items()}

    return replace(
        scenario, default_factor=1 + (scenario.default_factor - 1) * scale, leaves=parts(scenario.leaves),
        leaves_monthly=parts(scenario.leaves_monthly), lost_at_once=int(scenario.lost_at_once * scale),
        partner_lost=min(scenario.partner_lost * scale, Fraction(1)),
        rate=scenario.rate * Decimal(scale.numerator) / Decimal(scale.denominator),
    )  # fmt: skip


def path(book: Book, scenario: Scenario, law: Law) -> list[Book]:
    """The book at the beginning, after what happens at once, and at the end of each month."""
    groups = dict(book.groups)
    _at_once(groups, scenario)
    started = replace(book, groups=_sorted(groups), dated=_left(book.dated, scenario.leaves.get("liabilities:savings")))
    found, pools = [book, started], _opened(book)
    for _ in range(scenario.months):
        _month(groups, pools, scenario, law)
        before = found[-1]
        if balanced(groups) != balanced(book.groups):
            raise InvariantBroken(f"a month of the scenario {scenario.name.en} does not balance")
        found.append(_closed(before, groups, pools, law, scenario))
    return found


def _at_once(groups: dict[str, int], scenario: Scenario) -> None:
    _move(groups, CASH, FRAUD, -scenario.lost_at_once)
    due = groups.get(PARTNERS, 0)
    _move(groups, PARTNERS, FRAUD, -int(due * scenario.partner_lost))
    for liability, part in scenario.leaves.items():
        _take(groups, liability, int(groups.get(liability, 0) * part))


def _month(groups: dict[str, int], pools: list[_Pool], scenario: Scenario, law: Law) -> None:
    for liability, part in scenario.leaves_monthly.items():
        _take(groups, liability, int(groups.get(liability, 0) * part))
    if scenario.earns:
        live = sum(int(pool.own * Fraction(pool.annual) / 12) for pool in pools if pool.bucket < len(law.rolls))
        _add(groups, CASH, live)
        _add(groups, EARNED, live)
        rate = Fraction(scenario.deposit_rate) + Fraction(scenario.rate) * scenario.passed_on
        paid = int(groups.get("liabilities:savings", 0) * max(rate, Fraction(0)) / 12)
        _move(groups, CASH, PAID, -paid)
    _move(groups, CASH, COSTS, -scenario.cost_monthly)
    pools[:] = _rolled(groups, pools, scenario, law)
    _provide(groups, pools, law)


def _provide(groups: dict[str, int], pools: Sequence[_Pool], law: Law) -> None:
    """Set aside what the regulator asks for at least, where less stands; what stands above it stays."""
    bad = sum(pool.own for pool in pools if law.grade(_days(pool, law)) >= BAD)
    least = max(-int(-law.of_loans * sum(pool.own for pool in pools) // 1), -int(-law.of_bad * bad // 1))
    more = max(least + groups.get(ALLOWANCE, 0), 0)
    _add(groups, ALLOWANCE, -more)
    _add(groups, LOSSES, more)


def _rolled(groups: dict[str, int], pools: Sequence[_Pool], scenario: Scenario, law: Law) -> list[_Pool]:
    """Every pool a month later: those that are late, those that paid, those in default."""
    default = len(law.rolls)
    found: dict[tuple[str, int, Decimal, int], _Pool] = {}
    for pool in pools:
        if pool.bucket >= default:
            _work_out(groups, pool)
            if pool.own:
                _merge(found, replace(pool, age=pool.age + 1))
            continue
        worse = min(law.rolls[pool.bucket] * scenario.default_factor, Fraction(1))
        late, stays = _split(pool, worse)
        late.bucket, late.ahead = late.bucket + 1, late.ahead[1:]
        if late.bucket == default and late.own:
            lost = int(late.own * scenario.lost)
            _add(groups, ALLOWANCE, -lost)
            _add(groups, LOSSES, lost)
            late.back = -(-(late.own - lost) // WORKOUT)
        due = stays.own - sum(stays.ahead[1:]) if pool.bucket else (stays.ahead[0] if stays.ahead else stays.own)
        _add(groups, CASH, due)
        _add(groups, LOANS, -due)
        stays.own, stays.ahead, stays.bucket = stays.own - due, stays.ahead[1:], 0
        for each in (late, stays):
            if each.own:
                _merge(found, each)
    return [found[key] for key in sorted(found)]


def _work_out(groups: dict[str, int], pool: _Pool) -> None:
    """What comes back of a default in a month; at the end of a year the rest is written off against what was set aside."""
    back = min(pool.back, pool.own)
    _add(groups, CASH, back)
    _add(groups, LOANS, -back)
    pool.own -= back
    if pool.age + 1 >= WORKOUT:
        aside = min(pool.own, max(-groups.get(ALLOWANCE, 0), 0))
        _add(groups, LOANS, -pool.own)
        _add(groups, ALLOWANCE, aside)
        _add(groups, LOSSES, pool.own - aside)
        pool.own = 0


def _split(pool: _Pool, part: Fraction) -> tuple[_Pool, _Pool]:
    """A part of a pool and the rest, to the minor unit: nothing is made or lost."""
    ahead = [int(minor * part) for minor in pool.ahead]
    late_now = pool.own - sum(pool.ahead)
    own = sum(ahead) + int(late_now * part)
    loans = int(pool.loans * part)
    one = replace(pool, own=own, ahead=ahead, loans=loans)
    rest = [minor - mine for minor, mine in zip(pool.ahead, ahead, strict=True)]
    return one, replace(pool, own=pool.own - own, ahead=rest, loans=pool.loans - loans)


def _merge(found: dict[tuple[str, int, Decimal, int], _Pool], pool: _Pool) -> None:
    key = (pool.product, pool.bucket, pool.annual, pool.age)
    there = found.get(key)
    if there is None:
        found[key] = replace(pool, ahead=list(pool.ahead))
        return
    longer = max(len(there.ahead), len(pool.ahead))
    sides = [[*each, *[0] * (longer - len(each))] for each in (there.ahead, pool.ahead)]
    there.ahead = [one + two for one, two in zip(*sides, strict=True)]
    there.own, there.loans, there.back = there.own + pool.own, there.loans + pool.loans, there.back + pool.back


def _opened(book: Book) -> list[_Pool]:
    found: dict[tuple[str, int, Decimal, int], _Pool] = {}
    for pool in book.pools:
        last = max((months for months, _ in pool.ahead), default=0)
        ahead = [0] * last
        for months, minor in pool.ahead:
            ahead[months - 1] += minor
        _merge(found, _Pool(pool.product, pool.bucket, pool.annual, pool.loans, pool.own, ahead))
    return [found[key] for key in sorted(found)]


def _closed(before: Book, groups: Mapping[str, int], pools: Sequence[_Pool], law: Law, scenario: Scenario) -> Book:
    """The book at a month's end: classes by days past due, and parts of what others hold as they were."""
    told = tuple(
        Pool(
            pool.product, law.grade(_days(pool, law)), pool.bucket, pool.annual, pool.loans, pool.own,
            tuple((place + 1, minor) for place, minor in enumerate(pool.ahead) if minor) if pool.bucket < len(law.rolls) else (),
        )
        for pool in pools
    )  # fmt: skip
    own = sum(pool.own for pool in told)
    over = sum(pool.own for pool in told if law.first_days[pool.bucket] > 30)
    left = _left(before.dated, scenario.leaves_monthly.get("liabilities:savings"))
    return replace(
        before, groups=_sorted(groups), pools=told, dated=left, outstanding=own, over_30=over,
        largest=min(before.largest, own),
    )  # fmt: skip


def _days(pool: _Pool, law: Law) -> int:
    return DAYS[min(pool.age, len(DAYS) - 1)] if pool.bucket == len(law.rolls) else law.first_days[pool.bucket]


def _left(dated: tuple[int, ...] | None, part: Fraction | None) -> tuple[int, ...] | None:
    return dated if dated is None or part is None else tuple(minor - int(minor * part) for minor in dated)


def _sorted(groups: Mapping[str, int]) -> dict[str, int]:
    return {path: minor for path, minor in sorted(groups.items()) if minor}


def _add(groups: dict[str, int], path: str, minor: int) -> None:
    groups[path] = groups.get(path, 0) + minor


def _move(groups: dict[str, int], asset: str, expense: str, minor: int) -> None:
    """What leaves an asset is an expense."""
    _add(groups, asset, minor)
    _add(groups, expense, -minor)


def _take(groups: dict[str, int], liability: str, minor: int) -> None:
    """What is taken out leaves cash and is owed no more."""
    _add(groups, liability, -minor)
    _add(groups, CASH, -minor)


def balanced(groups: Mapping[str, int]) -> int:
    """Assets less liabilities, capital and the result: nought of books that balance."""
    signs = {"assets": 1, "expenses": 1, "liabilities": -1, "equity": -1, "income": -1}
    return sum(signs[path.partition(":")[0]] * minor for path, minor in groups.items())


def stressed(book: Book, scenario: Scenario, law: Law, judge: Judge) -> Stressed:
    """The whole path with its lights, and the first rule that binds and turns red, or ``ready`` where money runs out."""
    months, breaks, when = [], "", None
    before = after = judge(book)
    for number, each in enumerate(path(book, scenario, law)[1:]):
        after = judge(each)
        told = _told(number, each, after)
        months.append(told)
        binding = {figure.rule for figure in after.figures if figure.binds}
        stops = next((name for name in told.red if name in binding), "ready" if told.ready.minor < 0 else "")
        if stops and when is None:
            breaks, when = stops, number
    return Stressed(scenario.name, tuple(months), before, after, breaks, when)


def _told(number: int, book: Book, found: Prudential) -> Month:
    def money(minor: int) -> Money:
        return Money(minor, book.currency)

    lights = {light: tuple(each.rule for each in found.figures if each.light == light) for light in ("red", "amber")}
    ready = book.sum_of(CASH, "assets:liquidity", "assets:placed")
    bad = sum(by_class(book)[BAD:])
    return Month(number, money(book.own), money(bad), money(ready), money(book.capital), lights["red"], lights["amber"])


def broken(book: Book, scenario: Scenario, law: Law, judge: Judge) -> Broken:
    """The least multiple of a scenario that breaks the bank, by halving; a bank that is broken before anything happens:
    nought."""

    def breaks(hundredths: int) -> Stressed:
        return stressed(book, scaled(scenario, Fraction(hundredths, 100)), law, judge)

    low, high = 0, MOST_SCALE * 100
    worst = breaks(high)
    if not worst.breaks:
        return Broken(scenario.name, None, "", None)
    if breaks(0).breaks:
        high, worst = 0, breaks(0)
    while high - low > 1:
        middle = (low + high) // 2
        found = breaks(middle)
        low, high = (low, middle) if found.breaks else (middle, high)
        worst = found if found.breaks else worst
    return Broken(scenario.name, Decimal(high).scaleb(-2), worst.breaks, worst.breaks_month)
