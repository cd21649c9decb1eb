"""Decide what of bills and receipts is counted, over which days, and which figures come of it. Pure.

What a source does not cover is missing, never zero. Bills are counted over the days that they cover, and of receipts the same
days; receipts are counted alone where they speak for themselves (:func:`farthing.credit.receipts.speak_alone`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from farthing.credit import receipts as took
from farthing.credit import wallet as own
from farthing.credit.bureau.model import BureauReport, Tradeline
from farthing.credit.catalogue.bureau_file import bureau_features
from farthing.credit.catalogue.read import catalogue
from farthing.credit.catalogue.repaid_here import Paid, repaid_features
from farthing.credit.features import Feature, Flow, flow_of, person_features, shop_features
from farthing.credit.grades import grade_of
from farthing.credit.model import Consent, Kind
from farthing.credit.movements import Movement
from farthing.credit.owing.model import Commitment
from farthing.credit.receipts import Counted, Receipts
from farthing.credit.rules import PURPOSE, STALE_DAYS
from farthing.credit.wallet import Wallet, WalletCounted
from farthing.kit.calendar import full_months
from farthing.kit.money import Money

Imports = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Sources:
    """What is counted: receipts or none, whether without the bills, and the days."""

    receipts: Receipts | None
    alone: bool
    since: date
    until: date
    wallet: Wallet | None = None
    wallet_alone: bool = False

    @property
    def wallet_counted(self) -> WalletCounted | None:
        """What of the party's own wallet is counted, as the decision keeps it; none where nothing moved on these days."""
        if self.wallet is None or not self.wallet.between(self.since, self.until):
            return None
        return own.counted(self.wallet, self.since, self.until, alone=self.wallet_alone)

    @property
    def counted(self) -> Counted | None:
        """What of the receipts is counted, as the decision keeps it; none where nothing was taken on these days."""
        if self.receipts is None or not self.receipts.between(self.since, self.until):
            return None
        return took.counted(self.receipts, self.since, self.until, alone=self.alone)

    def movements(self) -> tuple[Movement, ...]:
        """The receipts of these days as movements."""
        if self.receipts is None:
            return ()
        return took.movements_of(self.receipts.between(self.since, self.until), self.receipts.currency)

    def flow(self, of_bills: Sequence[Movement], currency: str) -> Flow:
        """All that is counted, month by month."""
        return flow_of([*(() if self.alone else of_bills), *self.movements()], self.since, self.until, currency)

    def last(self, imports: Imports) -> date | None:
        """The last day of which anything counted tells."""
        days = [] if self.alone else [row["last_on"] for row in imports if row["last_on"] is not None]
        if self.receipts is not None:
            days += [each.on for each in self.receipts.between(self.since, self.until)[-1:]]
        if self.wallet is not None:
            days += [each.occurred_at.date() for each in self.wallet.between(self.since, self.until)[-1:]]
        return max(days, default=None)


def sources(imports: Imports, receipts: Receipts | None, today: date, wallet: Wallet | None = None) -> Sources:
    """Which sources are counted, and over which days. A person's own wallet counts beside bills on the days that these
    cover, and alone where there are none."""
    if wallet is not None:
        if not imports:
            return Sources(None, False, wallet.since, wallet.until, wallet, True)
        return Sources(None, False, *period(imports, today), wallet)
    if not imports and receipts is not None:
        return Sources(receipts, True, receipts.since, receipts.until)
    since, until = period(imports, today)
    if receipts is not None:
        fresh = (today - until).days <= STALE_DAYS
        months = full_months(since, until + timedelta(days=1)) if fresh else 0
        if took.speak_alone(receipts, months, grade_of(imports, ()) in ("vouched", "pulled")):
            return Sources(receipts, True, receipts.since, receipts.until)
    return Sources(receipts, False, since, until)


def period(imports: Imports, today: date) -> tuple[date, date]:
    """From the first to the last day that the bills together cover, by their preambles or their rows."""
    starts = [row["since_on"] or row["first_on"] for row in imports]
    ends = [row["until_on"] or row["last_on"] for row in imports]
    known_starts = [day for day in starts if isinstance(day, date)]
    known_ends = [day for day in ends if isinstance(day, date)]
    until = min(max(known_ends, default=today), today)
    return min(known_starts, default=until), until


def strays(row: Mapping[str, Any]) -> bool:
    """Whether a bill holds payments from before or after the period that its preamble states."""
    if None in (row["since_on"], row["until_on"], row["first_on"], row["last_on"]):
        return False
    return bool(row["first_on"] < row["since_on"] or row["last_on"] > row["until_on"])


def figures(subject: str, flow: Flow, costs_told: bool) -> tuple[Feature, ...]:
    """Every figure that a scorecard of a subject may ask for."""
    persons = person_features(flow)
    if subject != "shop":
        return persons
    return (*shop_features(flow, costs_told), *(item for item in persons if item.name == "income_level"))


def kinds_allowed(consents: Iterable[Consent], on: date) -> frozenset[Kind]:
    """The kinds of data that may be used for a loan application on a day."""
    return frozenset(
        kind for each in consents if each.purpose == PURPOSE and each.state(on) == "active" for kind in each.kinds
    )


def allowed(features: Sequence[Feature], kinds: Collection[Kind]) -> tuple[Feature, ...]:
    """Features, those missing that need a consent in writing which is not there (Credit Reporting Regulation art. 14 (2))."""
    if "income_and_assets" in kinds:
        return tuple(features)
    declared = catalogue()
    return tuple(replace(each, value=None, amount=None) if declared[each.name].written else each for each in features)


def of_file(
    report: BureauReport, here: Sequence[Commitment], on: date, income: Money, paid: Sequence[Paid] | None = None
) -> tuple[Feature, ...]:
    """What the bureau's file and repayment here tell; without an income what is measured by it is missing. ``paid``: the
    instalments of loans here, where they are known; several that are paid on one day are one payment."""
    usual = income if income.minor > 0 else None
    days = None if paid is None else sorted({each.paid_on for each in paid if each.paid_on is not None})
    return (*bureau_features(report, on, usual, days), *repaid_features(here, on, paid))


def disputed_line(line: Tradeline) -> Tradeline:
    """A line without its lateness, which may not count against anybody while it is disputed."""
    months = None if line.months is None else tuple(replace(each, days_past_due=0) for each in line.months)
    return replace(line, days_past_due=0, worst_days_past_due=0, months=months)


def level(subject: str, features: tuple[Feature, ...]) -> tuple[Money, Money]:
    """Monthly income and what is left over of it; of a shop, what its receipts leave after stock and rent."""
    amounts = {item.name: item.amount for item in features if item.amount is not None}
    if subject == "shop":
        return amounts["margin"], amounts["margin"]
    return amounts["income_level"], amounts["left_over_share"]
