"""Decide whether the bank may lend so much more: capital, one borrower, and borrowers who answer for each other. Pure.

Net capital is what the owners paid in and what was earned since, less what was lost: equity and the result. Our part of a
loan counts alone, in the loan's currency; capital in another currency covers nothing. Shares are exact and are compared
before they are rounded for people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from farthing.kit.errors import Code, declined
from farthing.kit.money import Money
from farthing.kit.rates import percent, percent_of
from farthing.ledger.overview.model import Group, Limit
from farthing.products.balance_limits import CapitalRatio, Leverage
from farthing.products.policy import Policy, Ratio

CAPITAL_RATIO = declined(
    "lending.capital_ratio",
    "Lending {amount} would leave net capital of {figure} of weighted assets, now {now}, and the least is "
    "{limit}; lend less, or pay in capital. The rule: {article}.",
    "放款 {amount} 后，资本充足率为 {figure}（现为 {now}），低于下限 {limit}；请减少金额或补充资本。依据：{article_zh}。",
)
LEVERAGE = declined(
    "lending.leverage",
    "Lending {amount} would leave net capital of {figure} of all assets, now {now}, and the least is {limit}; "
    "lend less, or pay in capital. The rule: {article}.",
    "放款 {amount} 后，杠杆率为 {figure}（现为 {now}），低于下限 {limit}；请减少金额或补充资本。依据：{article_zh}。",
)
ONE_BORROWER = declined(
    "lending.one_borrower",
    "Lending {amount} would bring what this borrower owes the bank to {figure} of net capital, now {now}, and "
    "the most is {limit}; ask for less. The rule: {article}.",
    "放款 {amount} 后，该借款人欠本行贷款达资本净额的 {figure}（现为 {now}），超过上限 {limit}；请减少金额。依据：{article_zh}。",
)
CONNECTED_BORROWERS = declined(
    "lending.connected_borrowers",
    "Lending {amount} would bring what borrowers who answer for each other owe the bank to {figure} of net "
    "capital, now {now}, and the most is {limit}; ask for less. The rule: {article}.",
    "放款 {amount} 后，互相担责的关联借款人合计欠本行贷款达资本净额的 {figure}（现为 {now}），超过上限 {limit}；"
    "请减少金额。依据：{article_zh}。",
)


@dataclass(frozen=True, slots=True)
class Books:
    """What the groups of accounts come to in one currency: ``net_capital``, and ``assets`` by group, in minor units."""

    net_capital: int
    assets: Mapping[str, int]

    def weighted(self, limit: CapitalRatio) -> Fraction:
        """All assets, each by its weight."""
        return sum((weight_of(limit, path) * minor for path, minor in self.assets.items()), Fraction(0))

    def counted(self, limit: Leverage) -> int:
        """All assets but those that stand apart."""
        return sum(minor for path, minor in self.assets.items() if path not in limit.apart)


@dataclass(frozen=True, slots=True)
class Owing:
    """What is owed to the own book in one currency, in minor units, by one borrower and by all who answer for each other with
    it, itself included."""

    borrower: int
    connected: int


def books_of(groups: Iterable[Group], currency: str) -> Books:
    """Net capital and assets from what the groups of accounts come to now."""
    capital, assets = 0, {}
    for each in groups:
        root = each.path.partition(":")[0]
        if each.currency != currency:
            continue
        if root == "assets":
            assets[each.path] = each.total
        elif root != "liabilities":
            capital += -each.total if root == "expenses" else each.total
    return Books(capital, assets)


def weight_of(limit: CapitalRatio, path: str) -> Fraction:
    """By how much an account counts: by its group's weight, in full where none is given."""
    return Fraction(limit.weights.get(":".join(path.split(":")[:2]), Decimal(1)))


def check(policy: Policy, books: Books, owing: Owing, lent: Money, claim: str) -> None:
    """Refuse a loan of which our part is ``lent``, booked on ``claim``: ``lending.capital_ratio``, ``lending.leverage``,
    ``lending.one_borrower``, ``lending.connected_borrowers``, in this order. Where nothing is ours nothing is bound.
    """
    if not lent:
        return
    capital = books.net_capital
    if policy.capital_ratio_min is not None:
        weighted, more = (
            books.weighted(policy.capital_ratio_min),
            weight_of(policy.capital_ratio_min, claim) * lent.minor,
        )
        _at_least(CAPITAL_RATIO, policy.capital_ratio_min, capital, weighted, weighted + more, lent)
    if policy.leverage_min is not None:
        assets = Fraction(books.counted(policy.leverage_min))
        _at_least(LEVERAGE, policy.leverage_min, capital, assets, assets + lent.minor, lent)
    _at_most(ONE_BORROWER, policy.one_borrower_max, capital, owing.borrower, lent)
    if owing.connected > owing.borrower or policy.one_borrower_max is None:
        _at_most(CONNECTED_BORROWERS, policy.connected_borrowers_max, capital, owing.connected, lent)


def _at_least(
    code: Code, limit: CapitalRatio | Leverage, capital: int, before: Fraction, after: Fraction, lent: Money
) -> None:  # fmt: skip
    if capital < Fraction(limit.value) * after:
        raise code(
            amount=str(lent), figure=percent_of(capital, after), now=percent_of(capital, before),
            limit=percent(limit.value, least=0), article=limit.article.en, article_zh=limit.article.zh,
        )  # fmt: skip


def _at_most(code: Code, limit: Ratio | None, capital: int, owed: int, lent: Money) -> None:
    if limit is not None and owed + lent.minor > limit.value * capital:
        raise code(
            amount=str(lent), figure=percent_of(owed + lent.minor, capital), now=percent_of(owed, capital),
            limit=percent(limit.value, least=0), article=limit.article.en, article_zh=limit.article.zh,
        )  # fmt: skip


def used(policy: Policy, books: Books, currency: str, largest: Owing) -> list[Limit]:
    """How much of each limit is used: of the least capital, what the assets ask for up to the capital that is there; of the most
    that is owed, what the largest owe up to what they may. ``largest``: the borrower, and the connected ones, who owe most."""
    found, capital = [], books.net_capital
    needs: Sequence[tuple[str, CapitalRatio | Leverage | None]] = (
        ("capital_ratio_min", policy.capital_ratio_min), ("leverage_min", policy.leverage_min),
    )  # fmt: skip
    for name, least in needs:
        if least is not None:
            asked = books.weighted(least) if isinstance(least, CapitalRatio) else Fraction(books.counted(least))
            found.append(Limit(name, least.article.en, currency, capital, -int(-Fraction(least.value) * asked // 1)))
    most = (
        ("one_borrower_max", policy.one_borrower_max, largest.borrower),
        ("connected_borrowers_max", policy.connected_borrowers_max, largest.connected),
    )
    for name, limit, owed in most:
        if limit is not None:
            found.append(Limit(name, limit.article.en, currency, max(int(limit.value * capital), 0), owed))
    return found
