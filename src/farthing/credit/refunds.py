"""Own which purchase a refund gives back, across bills and order numbers. Pure.

A refund's own numbers tell best; where they point nowhere, the merchant does, with the amount, the order of time and
what was bought. Each purchase can be given back once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from farthing.credit.bills.model import Transaction

LONGEST = timedelta(days=190)
"""Half a year of returns and a little."""
_CLOCKS_DIFFER = timedelta(minutes=2)


@dataclass(slots=True)
class _Bought:
    """A purchase and what is left of it to give back: beyond what its own row says, and what its own row says."""

    item: Transaction
    digest: str
    left: int
    said: int

    def covers(self, minor: int) -> bool:
        return minor <= self.left or minor <= self.said


def given_back(items: Iterable[Transaction], disputed: Collection[str] = ()) -> dict[str, int]:
    """Minor units that refund rows give back, by the purchase's digest.

    A purchase whose own row says what came back (WeChat's state, Alipay's web export) is not made smaller twice; a
    closed order that was paid takes its refund with it.
    """
    back: dict[str, int] = defaultdict(int)
    for refund, bought in _found(items, disputed):
        _give(bought, refund.amount.minor, back)
    return dict(back)


def paired(items: Iterable[Transaction]) -> dict[str, str]:
    """The digest of each refund whose purchase is there -> that of its purchase."""
    found = {}
    for refund, bought in _found(items, ()):
        _give(bought, refund.amount.minor, defaultdict(int))
        found[refund.digest] = bought.digest
    return found


def _found(items: Iterable[Transaction], disputed: Collection[str]) -> Iterator[tuple[Transaction, _Bought]]:
    """Refunds with their purchases; whoever takes one gives it back before the next is looked for."""
    listed = sorted(items, key=lambda item: item.occurred_at)
    refunds = [item for item in listed if item.outcome == "refund" and item.direction != "out"]
    if not refunds:
        return
    finder = _Finder(item for item in listed if _may_be_given_back(item))
    # Those whose numbers tell go first, so that no other refund takes their purchase.
    later = []
    for refund in refunds:
        if disputed and refund.digest in disputed:
            continue
        bought = finder.by_number(refund)
        if bought is None:
            later.append(refund)
        else:
            yield refund, bought
    for refund in later:
        bought = finder.by_merchant(refund)
        if bought is not None:
            yield refund, bought


def _may_be_given_back(item: Transaction) -> bool:
    if item.outcome == "settled":
        return item.direction == "out"
    # An order that was closed after it was paid names how it was paid.
    return item.outcome == "closed" and item.direction != "in" and bool(item.method)


def _give(bought: _Bought, minor: int, back: dict[str, int]) -> None:
    if minor <= bought.said:
        bought.said -= minor
        return
    part = min(minor, bought.left)
    bought.left -= part
    if bought.item.outcome == "settled":
        back[bought.digest] += part


class _Finder:
    """Purchases by order number, by the merchant's number, by merchant and by what was bought."""

    def __init__(self, items: Iterable[Transaction]) -> None:
        self.orders: dict[tuple[str, str], list[_Bought]] = defaultdict(list)
        self.merchant_orders: dict[tuple[str, str], list[_Bought]] = defaultdict(list)
        self.merchants: dict[tuple[str, str], list[_Bought]] = defaultdict(list)
        self.goods: dict[tuple[str, str, int], list[_Bought]] = defaultdict(list)
        for item in items:
            minor = item.amount.minor - item.refunded.minor
            bought = _Bought(item, item.digest, minor, item.refunded.minor)
            if item.order_id:
                self.orders[item.provider, item.order_id].append(bought)
            if item.merchant_order_id:
                self.merchant_orders[item.provider, item.merchant_order_id].append(bought)
            if item.counterparty:
                self.merchants[item.provider, _name(item.counterparty)].append(bought)
            if item.description:
                self.goods[item.provider, _goods(item.description), item.amount.minor].append(bought)

    def by_number(self, refund: Transaction) -> _Bought | None:
        """The purchase that the refund's own numbers point to."""
        for order_id in (refund.refund_of or "", *_heads(refund.order_id)):
            found = self._best(self.orders.get((refund.provider, order_id), ()) if order_id else (), refund)
            if found:
                return found
        for number in _heads(refund.merchant_order_id):
            found = self._best(self.merchant_orders.get((refund.provider, number), ()), refund)
            if found:
                return found
        return None

    def by_merchant(self, refund: Transaction) -> _Bought | None:
        """The purchase that merchant, amount, time and goods point to."""
        merchant = self.merchants.get((refund.provider, _name(refund.counterparty)), ()) if refund.counterparty else ()
        found = self._best(merchant, refund)
        if found or not refund.description:
            return found
        return self._best(
            self.goods.get((refund.provider, _goods(refund.description), refund.amount.minor), ()), refund
        )

    def _best(self, candidates: Iterable[_Bought], refund: Transaction) -> _Bought | None:
        minor, when = refund.amount.minor, refund.occurred_at
        fitting = (
            bought
            for bought in candidates
            if bought.covers(minor)
            and bought.item.occurred_at <= when + _CLOCKS_DIFFER
            and when - bought.item.occurred_at <= LONGEST
            and (bought.item.outcome == "settled" or bought.left == minor)
        )
        return min(fitting, key=_nearness(refund), default=None)


def _nearness(refund: Transaction) -> Callable[[_Bought], tuple[bool, bool, timedelta]]:
    """Least for the whole amount, then for the same goods, then for the latest purchase."""
    goods, minor = _goods(refund.description), refund.amount.minor

    def key(bought: _Bought) -> tuple[bool, bool, timedelta]:
        whole = minor in (bought.left, bought.said)
        return not whole, _goods(bought.item.description) != goods, abs(refund.occurred_at - bought.item.occurred_at)

    return key


def _heads(number: str) -> Iterator[str]:
    """A number and what stands before its last few separators: a refund's is often the purchase's with a tail."""
    head = number[:160]
    for _ in range(5):
        if head:
            yield head
        cut = max(head.rfind("_"), head.rfind("*"))
        if cut <= 0:
            return
        head = head[:cut]


def _name(counterparty: str) -> str:
    return "".join(counterparty.split()).casefold()


def _goods(description: str) -> str:
    text = description.strip()
    for word in ("退款-", "退款:", "退款：", "退款"):
        text = text.removeprefix(word)
    return text.removesuffix("退款").strip()
