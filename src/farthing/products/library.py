"""Own finding savings products, rate boards and policies by name among TOML texts.

Never reaches outside the folders it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from farthing.kit.errors import Code, not_found
from farthing.kit.shipped import DATA
from farthing.kit.tables import parse
from farthing.products import reading
from farthing.products.deposit import Terms
from farthing.products.deposit_file import decode_terms
from farthing.products.fund import FundTerms
from farthing.products.fund_file import decode_fund
from farthing.products.policy import Policy, SavingsPolicy
from farthing.products.policy_file import decode, decode_policy
from farthing.products.rates import RateBoard, decode_board

UNKNOWN_PRODUCT = not_found(
    "savings.unknown_product",
    "There is no savings product {name}; known are {known}.",
    "没有储蓄产品 {name}；现有：{known}。",
)
UNKNOWN_BOARD = not_found(
    "savings.unknown_rate_board",
    "There is no rate board {name}; known are {known}.",
    "没有利率表 {name}；现有：{known}。",
)
UNKNOWN_POLICY = not_found(
    "savings.unknown_policy",
    "There is no savings policy {name}; known are {known}.",
    "没有储蓄政策 {name}；现有：{known}。",
)
ROOT = DATA
YUAN = "CNY"
"""What a board that names no currency pays in."""


@dataclass(frozen=True)
class Library:
    """Texts of files by name: products (``savings-demand``, also ``demand``), boards and policies."""

    products: Mapping[str, str]
    boards: Mapping[str, str]
    policies: Mapping[str, str]

    def terms(self, name: str) -> Terms:
        """The terms of a named product."""
        full = name if name in self.products else f"savings-{name}"
        return decode_terms(full, _parsed(full, self.products, UNKNOWN_PRODUCT))

    def fund(self, name: str) -> FundTerms:
        """The terms of a named pooled fund."""
        full = name if name in self.products else f"savings-{name}"
        return decode_fund(full, _parsed(full, self.products, UNKNOWN_PRODUCT))

    def kinds(self, kind: str) -> tuple[str, ...]:
        """Names of the products of a kind (``deposit`` or ``fund``), in order."""
        return tuple(
            name for name in sorted(self.products) if _parsed(name, self.products, UNKNOWN_PRODUCT).get("kind") == kind
        )

    def board(self, name: str) -> RateBoard:
        """A named rate board."""
        return decode_board(name, _parsed(name, self.boards, UNKNOWN_BOARD))

    def newest_board(self, currency: str) -> RateBoard:
        """The board of a currency whose newest edition came last: what is paid today."""
        known = [self.board(name) for name in sorted(self.boards)]
        found = [each for each in known if (each.currency or YUAN) == currency]
        if not found:
            raise UNKNOWN_BOARD(name=currency, known=", ".join(sorted(self.boards)))
        return max(found, key=lambda each: each.editions[-1].effective_on)

    def policy(self, name: str) -> SavingsPolicy:
        """A named policy pack."""
        pack = _parsed(name, self.policies, UNKNOWN_POLICY)
        return decode_policy(name, reading.savings(name, pack).take("savings"))

    def law(self, name: str) -> Policy:
        """All of a named policy pack, the limits of loans too."""
        return decode(name, _parsed(name, self.policies, UNKNOWN_POLICY))


def _parsed(name: str, texts: Mapping[str, str], unknown: Code) -> Mapping[str, Any]:
    if name not in texts:
        raise unknown(name=name, known=", ".join(sorted(texts)))
    return parse(name, texts[name], reading.as_savings).values


def read_library(root: Path) -> Library:
    """Read ``products/savings-*.toml`` (deposits), ``products/rates-*.toml`` and ``policies/*.toml``."""

    def texts(folder: str, pattern: str, named: Callable[[str], str]) -> dict[str, str]:
        return {named(path.stem): path.read_text(encoding="utf-8") for path in sorted((root / folder).glob(pattern))}

    return Library(
        texts("products", "savings-*.toml", str),
        texts("products", "rates-*.toml", lambda stem: stem.removeprefix("rates-")),
        texts("policies", "*.toml", str),
    )


@cache
def own_library() -> Library:
    """The products, boards and policies that ship with Farthing."""
    return read_library(ROOT)
