"""Answer how fairly the marketplace treats its lenders, for everybody."""

from __future__ import annotations

from farthing.db.tx import Tx
from farthing.funding.fairness import rules, store
from farthing.funding.fairness.model import Evenness, MarketFairness
from farthing.funding.valuing import curve
from farthing.kernel.question import question
from farthing.kernel.whose import NOBODYS
from farthing.kit.actor import PUBLIC


@question("market.fairness", permission=PUBLIC, whose=NOBODYS)
def fairness(tx: Tx) -> MarketFairness:
    """How evenly batches gave, how long money waited, who is spread, and what was written off against what was expected.

    Of the last 36 months. It names nobody.
    """
    today = tx.business_date
    since = rules.since(today)
    even, waited = store.evenness(tx, since), store.waited(tx, since)
    evenness = Evenness(even["batches"], rules.four(even["gini_mean"]), rules.four(even["gini_most"]), even["envied"])
    known = curve.shipped()
    grades = [each.grade for each in known.grades]
    return MarketFairness(
        since, today, evenness, rules.drag(waited["waited"], waited["lent"], waited["offered"], tx.home),
        rules.spread(*store.spread(tx, rules.SPREAD_FROM)),
        rules.graded(grades, store.graded(tx, since, today, known), since, today),
    )  # fmt: skip
