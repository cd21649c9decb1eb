"""Run the verification of pooled funds, fund by fund and a page of holders at a time. Never writes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from farthing.db.tx import Tx
from farthing.kit.errors import UNREADABLE
from farthing.kit.findings import Audit, Finding, silent
from farthing.kit.money import Money
from farthing.ledger import service as ledger
from farthing.savings.audit import fund as rules
from farthing.savings.fund import assets_store as assets
from farthing.savings.fund import founding_service as funds
from farthing.savings.fund import holders_store as holders
from farthing.savings.fund import store
from farthing.savings.fund.entries import Paths
from farthing.savings.fund.model import Fund

Progress = Callable[[str, int, int], None]
PAGE = 5000
"""Holders whose orders are in memory at one time."""


@dataclass(frozen=True, slots=True)
class FundAudit(Audit):
    """What a verification of funds counted and found."""

    funds: int
    days: int
    holders: int
    orders: int


def verify_fund(tx: Tx, progress: Progress = silent) -> FundAudit:
    """Derive every holding, index row, total and balance of every fund again; name what disagrees.

    ``tx`` should see one state throughout (``kernel.read(..., snapshot=True)``) where others write meanwhile.
    """
    found = store.funds(tx)
    counts = [0, 0, 0]
    findings: list[Finding] = []
    for number, fund in enumerate(found):
        progress(fund.id, number, len(found))
        try:
            for count, problem in _verify(tx, fund):
                counts = [one + more for one, more in zip(counts, count, strict=True)]
                findings += problem
        except UNREADABLE as broken:
            findings.append(Finding("fund", fund.id, f"cannot be derived to its end: {broken!r}"))
    progress("done", len(found), len(found))
    days, owners, orders = counts
    return FundAudit(len(found), days, owners, orders, findings=tuple(findings))


def _verify(tx: Tx, fund: Fund) -> Iterator[tuple[tuple[int, int, int], list[Finding]]]:
    """Problems of a fund piece by piece, each with how many days, holders and orders it looked at."""
    terms, at = funds.terms_of(tx, fund), funds.paths_of(tx, fund)
    days = store.days(tx, fund.id, date.min, date.max)
    held = assets.assets_on(tx, fund.id, date.min)
    yield (len(days), 0, 0), rules.check_days(terms, fund, days, held, holders.applied(tx, fund.id))
    if not days:
        return
    balances = _balances(tx, at)
    rows, sums, after = rules.rows_of(days), rules.no_sums(fund.currency), ""
    nothing, nobody = Money.zero(fund.currency), rules.no_sums(fund.currency)
    while page := holders.holders_in(tx, fund.id, after, PAGE):
        orders = holders.orders_of(tx, [holder.id for holder in page])
        for holder in page:
            account = balances.get(at.units(holder.party_id), nothing)
            own = orders[holder.id]
            try:
                problems, more = rules.check_holder(terms, fund, rows, holder, own, account)
            except UNREADABLE as broken:
                problems, more = [Finding("fund_holding", holder.id, f"cannot be derived: {broken!r}")], nobody
            sums = sums + more
            yield (0, 1, len(own)), problems
        after = page[-1].id
    yield (0, 0, 0), rules.check_books(at, fund, sums, held, balances)


def _balances(tx: Tx, at: Paths) -> dict[str, Money]:
    """What the fund's accounts say on their own side, by path."""
    found: dict[str, Money] = {}
    for prefix in (at.owed, at.owned, at.advances):
        after = ""
        while page := ledger.balances(tx, prefix, after=after):
            found.update({each.path: each.owed() for each in page})
            after = page[-1].path
    return found
