"""Decide the ladder of a currency, and whether lending more leaves enough that comes in by the time it may be asked back. Pure.

By contract what is owed on demand may be asked back today. A limit says which part of it stays by behaviour (``stays``).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR
from fractions import Fraction
from itertools import accumulate

from farthing.kit.errors import declined
from farthing.kit.money import Money
from farthing.kit.rates import percent, percent_of
from farthing.ledger.overview.model import Group, Limit
from farthing.lending.maturity.model import DATED, RUNGS, Dated, Ladder, Rung
from farthing.products.balance_limits import LADDER_DAYS, Liquidity
from farthing.products.policy import Policy

READY = ("assets:cash", "assets:liquidity", "assets:placed")
"""Groups of accounts that are there at once; what lenders' loans were paid out of them is as long as their escrow owes it."""
ON_DEMAND = (
    "liabilities:wallets", "liabilities:escrow", "liabilities:savings", "liabilities:in-transit", "liabilities:suspense",
)  # fmt: skip
"""Groups that may be asked back: of savings, but what has a day."""
APART = ("assets:fund", "liabilities:fund")
"""What pooled funds own and owe: their holders' alone."""

LIQUIDITY_RATIO = declined(
    "lending.liquidity_ratio",
    "Lending {amount} would leave what comes in within {days} days at {figure} of what may be asked back by "
    "then, now {now}, and the least is {limit}; lend less, or keep more ready. The rule: {article}.",
    "放款 {amount} 后，{days} 天内流动性资产为流动性负债的 {figure}（现为 {now}），低于下限 {limit}；请减少金额或增加备付。"
    "依据：{article_zh}。",
)
MATURITY_GAP = declined(
    "lending.maturity_gap",
    "Lending {amount} would bring what comes in within {days} days, less what is asked back by then, to "
    "{figure} of what comes in, now {now}, and the least is {limit}; lend less, or for a shorter time. "
    "The rule: {article}.",
    "放款 {amount} 后，{days} 天内流动性缺口率为 {figure}（现为 {now}），低于下限 {limit}；请减少金额或缩短期限。"
    "依据：{article_zh}。",
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where the bank stands in one currency, in minor units: ``ready`` money, what is owed ``on_demand``, and what is dated."""

    ready: int
    on_demand: int
    dated: Dated

    def within(self, limit: Liquidity) -> tuple[int, Fraction]:
        """What comes in within a limit's days, and what goes out: of what is owed on demand, the part that does not stay."""
        rungs = LADDER_DAYS.index(limit.days) + 1
        leaves = self.on_demand * (1 - Fraction(limit.stays))
        return self.ready + sum(self.dated.loans[:rungs]), leaves + sum(self.dated.deposits[:rungs])


def position(groups: Iterable[Group], dated: Dated, currency: str, undrawn: int = 0) -> Position:
    """From what the groups of accounts come to, and what is dated: of savings the rest is owed on demand, and with it what is
    agreed of loans and ``undrawn``, which no account holds."""
    sums = {each.path: each.total for each in groups if each.currency == currency}
    on_demand = sum(sums.get(path, 0) for path in ON_DEMAND) - sum(dated.deposits)
    return Position(sum(sums.get(path, 0) for path in READY), max(on_demand, 0) + undrawn, dated)


def ladder(groups: Iterable[Group], dated: Dated, currency: str, undrawn: int = 0) -> list[tuple[int, int]]:
    """What comes in and goes out on each of ``RUNGS``; what the books hold beyond the others has no day. ``undrawn`` is off the
    books, and owed on demand."""
    here = [each for each in groups if each.currency == currency and each.path not in APART]
    stands = position(here, dated, currency, undrawn)
    assets, owed = (
        sum(each.total for each in here if each.path.startswith(f"{root}:")) for root in ("assets", "liabilities")
    )
    pairs = [(stands.ready, stands.on_demand), *zip(dated.loans, dated.deposits, strict=True)]
    came, went = (sum(side) for side in zip(*pairs, strict=True))
    return [*pairs, (assets - came, owed + undrawn - went)]


def told(month: date, currency: str, pairs: Mapping[str, tuple[int, int]]) -> Ladder:
    """A ladder for people: each rung with its gap, and the gap up to it."""
    found = [pairs.get(name, (0, 0)) for name in RUNGS]
    gaps = [came - went for came, went in found]
    money = [
        Rung(name, *(Money(minor, currency) for minor in (came, went, gap, so_far)))
        for name, (came, went), gap, so_far in zip(RUNGS, found, gaps, accumulate(gaps), strict=True)
    ]
    return Ladder(month, currency, tuple(money))


def dated_of(pairs: Mapping[str, tuple[int, int]]) -> Dated:
    """What is dated of a ladder that was kept."""
    found = [pairs.get(name, (0, 0)) for name in DATED]
    return Dated([came for came, _ in found], [went for _, went in found])


def check(
    policy: Policy, before: Position, lent: Money, comes_back: Mapping[int, int], promised: int = 0
) -> None:  # fmt: skip
    """Refuse ``lending.liquidity_ratio`` or ``lending.maturity_gap`` for a loan of which our part is ``lent``: the whole of it
    leaves, and ``comes_back`` says how much of it returns within so many days, in minor units. ``promised``: how much
    more is owed on demand by what is agreed beside it, or less by what of that is now lent."""
    for code, limit, share in (
        (LIQUIDITY_RATIO, policy.liquidity_ratio_min, _ratio), (MATURITY_GAP, policy.maturity_gap_min, _gap),
    ):  # fmt: skip
        if not lent or limit is None:
            continue
        came, went = before.within(limit)
        leaves = lent.minor + promised * (1 - Fraction(limit.stays))
        now, after = share(came, went), share(came + comes_back[limit.days], went + leaves)
        part, whole = after
        if whole <= 0 or part < Fraction(limit.value) * whole:
            raise code(
                amount=str(lent), days=limit.days, figure=percent_of(*after), now=percent_of(*now),
                limit=percent(limit.value, least=0), article=limit.article.en, article_zh=limit.article.zh,
            )  # fmt: skip


def _ratio(came: int, went: Fraction) -> tuple[Fraction, Fraction]:
    return Fraction(came), went


def _gap(came: int, went: Fraction) -> tuple[Fraction, Fraction]:
    return came - went, Fraction(came)


def used(policy: Policy, stands: Position, currency: str) -> list[Limit]:
    """How much of each limit is used: what may be asked back, up to what comes in bears."""
    found = []
    for name, limit in (
        ("liquidity_ratio_min", policy.liquidity_ratio_min),
        ("maturity_gap_min", policy.maturity_gap_min),
    ):
        if limit is None:
            continue
        came, went = stands.within(limit)
        bears = came * (1 - limit.value) if name == "maturity_gap_min" else came / limit.value
        found.append(
            Limit(name, limit.article.en, currency, int(bears.to_integral_value(ROUND_FLOOR)), -int(-went // 1))
        )
    return found
