"""Own what a holder is told of a holding. Pure."""

from __future__ import annotations

from farthing.kit.money import Money
from farthing.products.fund import FundTerms
from farthing.savings.fund.commands import HoldingView
from farthing.savings.fund.model import Fund, Holder
from farthing.savings.fund.shares import available, less, plus, worth


def holding_view(terms: FundTerms, fund: Fund, now: Holder) -> HoldingView:
    """A holding that was brought to the fund's index. Money in + income = money out + value, exactly."""
    value = plus(worth(now.holding), now.confirmed.decimal())
    total = plus(less(value, now.paid_in.decimal()), now.paid_out.decimal())
    return HoldingView(
        fund=fund.id, party_id=now.party_id, index_on=fund.index.on, units=now.holding.units,
        unpaid=now.holding.unpaid, value=value,
        income_yesterday=now.income_last if now.income_on == fund.index.on else less(total, total),
        income_total=total, available=max(available(now), Money.zero(fund.currency)), buying=now.buying,
        confirmed=now.confirmed, redeeming=now.redeeming, paid_in=now.paid_in, paid_out=now.paid_out,
        insured=terms.insured,
    )  # fmt: skip
